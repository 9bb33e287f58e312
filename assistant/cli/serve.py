"""``moa serve``: the wizard behind waitress, for the person at this machine alone: there is no sign-in yet.

Knows sockets and the server, nothing of pages.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import ipaddress
import os
import select
import signal
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import click

from assistant.cli.output import notice
from assistant.config import load
from assistant.errors import InputError

if TYPE_CHECKING:
    from types import FrameType

    from assistant.config import Config

BODY_LIMIT_PER_UPLOAD = 10
"""Times the largest upload: what waitress accepts, on disk and not in memory, so that the program's own page can say
that a file is too large. A browser shows no answer that comes while it is still sending."""

MOST_CHILDREN = 4
"""Child processes that read PDFs at a time; no more than there are processors."""
PLACES = 8
"""Requests that have a child or wait for one; the next is told that the computer is busy."""
WAIT_SECONDS = 60.0
CONNECTIONS = 400
"""Connections held at a time; many are only half a request, and cost a file each."""
SILENT_SECONDS, LOOK_SECONDS = 30, 5
"""A connection on which nothing came or went for so long is closed; how often that is looked at."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names of glibc's settings (malloc.h)."""
LARGE_BLOCK = 262_144  # bytes


class Server(Protocol):
    """What waitress makes: it answers requests until it is stopped."""

    def run(self) -> None:
        """Answer requests."""

    def close(self) -> None:
        """Close the sockets."""


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
        InputError: the name is unknown, an address can be reached from outside, or others are served through a proxy.
    """
    if config.behind_tls or config.proxy_hops:
        named = "ASSISTANT_BEHIND_TLS" if config.behind_tls else "ASSISTANT_PROXY_HOPS"
        raise InputError(f"The wizard has no sign-in yet, so it cannot be used through a proxy: leave {named} out.")
    try:
        infos = socket.getaddrinfo(config.host, config.port, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError(f"The host {config.host} has no IPv4 address here: choose 127.0.0.1.") from None
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in infos))
    if not all(ipaddress.ip_address(address).is_loopback for address in addresses):
        raise InputError(
            f"{config.host} can be reached from other machines, and the wizard has no sign-in yet: choose 127.0.0.1."
        )
    return addresses


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
            if os.name == "nt":
                # Windows lets a second program share a port unless it is told not to.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
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
    server = make_server(config, listening)
    signal.signal(signal.SIGTERM, _stop)
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, _stop)
    port = listening[0].getsockname()[1]
    click.echo(f"Open http://{config.host}:{port}")
    sys.stdout.flush()
    # waitress takes Ctrl+C and _stop as the order to finish what it is at and return.
    server.run()
    notice("Stopped. Everything that was saved is safe.")


def make_server(config: Config, listening: list[socket.socket]) -> Server:
    """Return the server on these sockets, ready to run.

    Whoever waits for a child process that reads a PDF has a thread of the ``PLACES``, so that the threads of the
    setting are always there for everybody else.
    """
    from waitress.server import create_server  # noqa: PLC0415  # loaded once the port is ours: one that is taken is told at once

    from assistant.app import create_app  # noqa: PLC0415  # the same
    from assistant.cli.timed_channel import TimedChannel  # noqa: PLC0415  # the same
    from assistant.pdf.sandbox import limit_queue  # noqa: PLC0415  # the same

    _bound_arenas()
    running = min(MOST_CHILDREN, os.cpu_count() or 1)
    limit_queue(running=running, waiting=PLACES - running, wait_seconds=WAIT_SECONDS)
    dispatchers: dict[int, Any] = {}
    server: Server = create_server(
        create_app(config),
        map=dispatchers,
        sockets=listening,
        threads=config.threads + PLACES,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=LOOK_SECONDS,
        # select() stops at file 1,024; poll() does not.
        asyncore_use_poll=hasattr(select, "poll"),
        max_request_body_size=BODY_LIMIT_PER_UPLOAD * config.upload_max_bytes,
        clear_untrusted_proxy_headers=config.proxy_hops == 0,
        ident=None,
    )
    for one in dispatchers.values():
        if hasattr(one, "channel_class"):  # one for each socket; the other wakes the loop
            one.channel_class = TimedChannel
    return server


def _bound_arenas() -> None:
    """Let all threads share two heaps, where glibc would keep one for each, and give large blocks back at once.

    Bundles and pictures of some megabytes are made in every thread; what each heap has left over is never given back.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library has no such settings
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 2)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
        library.mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK)


def _stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001  # a signal's signature
    raise SystemExit(0)
