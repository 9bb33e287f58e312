"""``moa application hand-over``: a part of the answers as a sealed file for a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import click

from assistant.answers import parse
from assistant.cli.options import ANSWERS_FILE, OUTPUT_FILE, refuse_same
from assistant.cli.output import notice
from assistant.disk import write_atomically
from assistant.services.application.nominees import new_ids
from assistant.services.application.parts import PARTS, WHOLE, HandedPart, context_of, dump_part, state_of
from assistant.storage.sealed_file import new_code, seal_with_code

if TYPE_CHECKING:
    from pathlib import Path


@click.command("hand-over")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--step", type=click.Choice(list(PARTS)), default=WHOLE, help="The part; by default all of it.")
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.moapart", help="Write the sealed file here.")
def hand_over(answers_file: Path, step: str, out: Path) -> None:
    """Seal one step, or all of it, for a colleague's installation, and print the code once.

    The colleague opens the file on the page "Open a file from a colleague" with the code, which is stored nowhere.
    `moa application take-back` merges the file that comes back.
    """
    refuse_same(out, answers_file)
    answers = parse(answers_file.read_bytes())
    state = state_of(step, answers, new_ids(len(answers.nominees)))
    handed = HandedPart(
        part=step, origin=uuid4().hex, returned=False, context=context_of(answers), base=state, mine=state
    )
    code = new_code()
    write_atomically(out, seal_with_code(dump_part(handed), code))
    click.echo(code)
    notice(f"{out} is written. The code above opens it, and is stored nowhere. Tell it to your colleague by phone.")
