"""``moa application take-back``: merge the part that a colleague sent back into an answers file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

from assistant.answers import MAX_NOMINEES, dump, parse
from assistant.cli.options import ANSWERS_FILE, INPUT_FILE, OUTPUT_FILE, refuse_same
from assistant.cli.output import counted, notice, printable
from assistant.disk import write_atomically
from assistant.errors import InputError
from assistant.services.application.changes import compare
from assistant.services.application.nominees import new_ids
from assistant.services.application.part_merge import apply_mine, match_ids, merge_part
from assistant.services.application.parts import load_part
from assistant.storage.sealed_file import LARGEST_FILE, NOT_OURS, open_with_code

if TYPE_CHECKING:
    from pathlib import Path


@click.command("take-back")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.argument("file", metavar="FILE.moapart", type=INPUT_FILE)
@click.option("--code", prompt="Code", metavar="CODE", help="The code of the file; asked for where it is left out.")
@click.option("--keep", type=click.Choice(["mine", "file"]), help="Which answer to keep where both were changed.")
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.json", help="Write the merged answers here.")
def take_back(answers_file: Path, file: Path, code: str, keep: Literal["mine", "file"] | None, out: Path) -> int:
    """Merge the file that a colleague sent back into an answers file, answer by answer.

    Where both sides changed an answer, each such answer is printed, nothing is written, and the exit status is 1,
    unless --keep says which one to keep.
    """
    refuse_same(out, answers_file, file)
    if file.stat().st_size > LARGEST_FILE:
        raise InputError(NOT_OURS)
    answers = parse(answers_file.read_bytes())
    handed = load_part(open_with_code(file.read_bytes(), code))
    used_ids = [*handed.base.people, *handed.mine.people]
    ids = match_ids(handed, answers, new_ids(min(len(answers.nominees), MAX_NOMINEES), used_ids))
    merge = merge_part(handed, answers, ids)
    for conflict in merge.conflicts:
        values = [json.dumps(value, ensure_ascii=False) for value in (conflict.theirs, conflict.mine)]
        who = f" ({conflict.person})" if conflict.person else ""
        click.echo(printable(f"{conflict.key}{who}: yours {values[0]}, in the file {values[1]}"))
    if merge.conflicts and keep is None:
        number = counted(len(merge.conflicts), "answer")
        notice(f"{number} changed on both sides. Nothing is written. Run it again with --keep mine or --keep file.")
        return 1
    merged, merged_ids = merge.answers, list(merge.ids)
    if keep == "file":
        merged, merged_ids = apply_mine(merged, merged_ids, {one.key: one.mine for one in merge.conflicts})
    changes = compare(answers, ids, merged, merged_ids)
    write_atomically(out, dump(merged).encode())
    notice(f"{out} is written: {counted(len(changes), 'change')}.")
    return 0
