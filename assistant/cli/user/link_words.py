"""The address of a one-time link, as a command prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assistant.config import Config

LOOPBACK = ("127.", "localhost")


def address_of_server(config: Config) -> str:
    """Return where people open the wizard: through the proxy under its own name, else at this computer."""
    names = [name for name in config.trusted_hosts if not name.startswith(LOOPBACK)]
    return f"https://{names[0]}" if config.behind_tls and names else f"http://{config.host}:{config.port}"


def address_of_link(config: Config, token: str) -> str:
    """Return the whole address of a one-time link."""
    return f"{address_of_server(config)}/set-up/{token}"


def print_link(address: str) -> None:
    """Print a link and what holds of it; nothing for ""."""
    if address:
        click.echo(f"Open {address}")
        click.echo("The link works once, for 30 minutes. Hand it to the person yourself; no mail is sent.")
