"""``moa forms packet``: make the blank packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.form_library import open_library
from assistant.cli.options import OUTPUT_FILE, forms_option, today_option
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.services.application.packets import make_packet

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from assistant.answers import Model


@click.command("packet")
@click.option("--model", "models", type=click.Choice(["JEM", "TFM", "TTFM", "WSO"]), multiple=True, required=True)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the packet here.")
@forms_option
@today_option
def packet(models: tuple[Model, ...], out: Path, forms_dir: Path | None, today: date) -> None:
    """Make the blank packet: the official forms unfilled, their signature pages, a worksheet, where to sign."""
    write_atomically(out, make_packet(models, open_library(forms_dir), today=today))
    notice(f"{out} is written. Nothing in it is filled in.")
