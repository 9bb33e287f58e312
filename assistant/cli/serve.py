"""``moa serve``: the wizard behind waitress, for the person at this machine alone, or shared by people who sign in.

Knows sockets and the server, nothing of pages.
"""

from __future__ import annotations

import errno
import ipaddress
import secrets
import signal
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant.cli.output import notice
from assistant.cli.user.link_words import address_of_server
from assistant.config import load
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.config import Config

FINISHING = "Stopping, once the requests that have come are answered. To stop at once, press Ctrl+C again."
TOKEN_BYTES = 16
"""128 bits: nobody guesses the token, and a person can still copy the address by hand."""


@click.command()
@click.option("--host", metavar="H", help="Listen on this address.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), metavar="P", help="Listen on this port.  [default: 8287]")
def serve(host: str | None, port: int | None) -> None:
    """Start the wizard and print the address to open. Stop it with Ctrl+C."""
    config = load()
    config = replace(config, host=host or config.host, port=config.port if port is None else port)
    addresses = safe_addresses(config)
    config.make_folders()
    listening = listen(config, addresses)
    try:
        _answer(config, listening)
    finally:
        for one in listening:
            one.close()


def safe_addresses(config: Config) -> list[str]:
    """Return the IPv4 addresses that the host's name stands for.

    No IPv6: werkzeug cannot hold an address with colons against the trusted hosts, and would refuse every request.

    Raises:
        InputError: the name is unknown; or, without sign-in or without TLS, an address can be reached from outside or
            others are served through a proxy.
    """
    if config.mode == "single" and (config.behind_tls or config.proxy_hops):
        named = "ASSISTANT_BEHIND_TLS" if config.behind_tls else "ASSISTANT_PROXY_HOPS"
        raise InputError(f"Single mode has no sign-in, so it cannot be used through a proxy: leave {named} out.")
    if config.proxy_hops and not config.behind_tls:
        raise InputError("Passwords would cross the network unprotected: set ASSISTANT_BEHIND_TLS, or no proxy.")
    try:
        infos = socket.getaddrinfo(config.host, config.port, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError(f"The host {config.host} has no IPv4 address here: choose 127.0.0.1.") from None
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in infos))
    if config.behind_tls or all(ipaddress.ip_address(address).is_loopback for address in addresses):
        return addresses
    if config.mode == "single":
        raise InputError(
            f"{config.host} can be reached from other machines, and single mode has no sign-in: choose 127.0.0.1."
        )
    raise InputError(
        f"{config.host} can be reached from other machines, and passwords would cross the network unprotected: choose "
        "127.0.0.1, or put a proxy that speaks TLS in front and set ASSISTANT_BEHIND_TLS."
    )


def listen(config: Config, addresses: list[str]) -> list[socket.socket]:
    """Return sockets that hold the port on every address.

    Raises:
        InputError: the port is taken, or this user may not have it.
    """
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sockets.append(one)
            if sys.platform == "win32":
                # Without this, Windows lets a second program share the port.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                # Without it the port stays closed for a minute after the last run.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # The second address of one name takes the port that the first was given for port 0.
            one.bind((address, config.port or (sockets[0].getsockname()[1] if len(sockets) > 1 else 0)))
            one.listen(128)
    except OSError as error:
        for one in sockets:
            one.close()
        raise InputError(_why_not(error, config)) from None
    return sockets


def _why_not(error: OSError, config: Config) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {config.port} is in use: stop the program that uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {config.port} is not open to this user: choose one above 1023 with --port."
    return f"{config.host} is not an address of this machine: choose 127.0.0.1."


def _answer(config: Config, listening: list[socket.socket]) -> None:
    # Loaded once the port is ours, so that a port in use is reported at once.
    from assistant.cli.passphrase import open_keys  # noqa: PLC0415 - as below
    from assistant.cli.wizard_server import make_server  # noqa: PLC0415 - it loads the pages, which takes a second

    keyring = open_keys(config)
    # Where people sign in, the address needs no token.
    token = secrets.token_urlsafe(TOKEN_BYTES) if config.start_token and config.mode == "single" else ""
    server = make_server(config, listening, token=token, keyring=keyring)
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: server.stop())
    port = listening[0].getsockname()[1]
    address = address_of_server(replace(config, port=port))
    click.echo(f"Open {address}{f'/start/{token}' if token else ''}")
    sys.stdout.flush()
    server.run(on_wait=lambda: notice(FINISHING))
    notice("Stopped. Everything that was saved is safe.")
