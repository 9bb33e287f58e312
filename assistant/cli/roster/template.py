"""``moa roster template``: write the empty roster: column names, choices, one row of examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import OUTPUT_FILE
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.roster import make_template

if TYPE_CHECKING:
    from pathlib import Path


@click.command("template")
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.xlsx", help="Where to write it.")
def template_command(out: Path) -> None:
    """Write the empty roster: column names, choices and one example row."""
    write_atomically(out, make_template())
    notice(f"Wrote {out}.")
