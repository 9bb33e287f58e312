"""``moa batch export``: make one bundle for each answers file (*.json) in DIR."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.faults import record
from assistant.cli.form_library import open_library
from assistant.cli.options import forms_option, json_option, today_option
from assistant.cli.output import print_json, printable
from assistant.editions.library import FormLibrary
from assistant.services.installation.batch import answers_files, export_file, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.services.installation.batch import Outcome


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

ENDED = (
    "Something outside this program ended one of its processes, perhaps because memory ran out. Run the command "
    "again to continue."
)

_LIBRARY: list[FormLibrary] = []
"""In a process of the pool: the forms, read once."""


@click.command("export")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Write the bundles here, each named after its answers file.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many to make at once; by default one for each core."
)
@click.option(
    "--queue",
    "by_workers",
    is_flag=True,
    help="Let the workers of the queue make them, from the forms that are added to this installation.",
)
@click.option("--draft", is_flag=True, help="Export even if there is a blocker; every page is marked as a draft.")
@json_option
@today_option
@forms_option
def export(
    folder: Path,
    out: Path,
    jobs: int | None,
    today: date,
    forms_dir: Path | None,
    *,
    by_workers: bool,
    draft: bool,
    as_json: bool,
) -> int:
    """Make one bundle for each answers file (*.json) in DIR.

    What cannot be made is reported, and the others go on. Run again, it keeps what it made the same day from the same
    answers and forms. With --queue as many workers as run make them (moa worker); each is written here as it comes.
    """
    if by_workers and (jobs or forms_dir):
        raise click.UsageError("With --queue, workers decide how many are made at once, with the forms that are added")
    files = answers_files(folder)
    if not files:
        raise click.UsageError(f"There is no answers file (*.json) in {folder}")
    out.mkdir(parents=True, exist_ok=True)
    if by_workers:
        from assistant.cli.batch.queue import export_through_queue  # noqa: PLC0415 - it needs a database

        coming = export_through_queue(files, out, today=today, draft=draft)
    else:
        coming = _outcomes(files, out, open_library(forms_dir), jobs or os.cpu_count() or 1, (today, draft))
    outcomes = []
    # Only a terminal shows the bar; the results alone go to standard output.
    with click.progressbar(length=len(files), label="Bundles", file=sys.stderr) as bar:
        for outcome in coming:
            outcomes.append(outcome)
            bar.update(1)
    outcomes.sort(key=lambda outcome: outcome.file)
    if as_json:
        print_json([outcome.to_document() for outcome in outcomes])
    else:
        _print(outcomes)
    return 0 if all(outcome.status in {"made", "kept"} for outcome in outcomes) else 1


def _outcomes(
    files: Sequence[Path], out: Path, library: FormLibrary, jobs: int, how: tuple[date, bool]
) -> Iterator[Outcome]:
    """Yield what became of each file, as they are done."""
    if min(jobs, len(files)) == 1:
        _LIBRARY[:] = [library]
        yield from (_export(file, out, how) for file in files)
        return
    # Processes of their own: pdfium and our own code hold Python's lock. Spawned: nothing half-open comes along.
    forms_on_file = [form.data for form in library.on_hand() if form.data is not None]
    pool = ProcessPoolExecutor(min(jobs, len(files)), get_context("spawn"), _start, (forms_on_file,))
    try:
        waiting = {pool.submit(_export, file, out, how): file for file in files}
        for future in as_completed(waiting):
            file = waiting.pop(future)
            try:
                yield future.result()
            except BrokenExecutor:
                yield failed(file, out, ENDED)
    finally:
        pool.shutdown(cancel_futures=True)


def _start(forms_on_file: Sequence[bytes]) -> None:
    """Make a process of the pool ready."""
    # Whoever stops the run stops the process above, which ends these.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _LIBRARY[:] = [FormLibrary(forms_on_file)]


def _export(file: Path, out: Path, how: tuple[date, bool]) -> Outcome:
    today, draft = how
    try:
        return export_file(file, out, _LIBRARY[0], today=today, draft=draft)
    except Exception as error:  # noqa: BLE001 - a fault of ours with one file must not keep the others from being made
        return failed(file, out, record(error))


def _print(outcomes: Sequence[Outcome]) -> None:
    """Print what was not made, and how many there are of each."""
    for outcome in outcomes:
        if outcome.status in {"blocked", "failed"}:
            click.echo(printable(f"{outcome.file}: {outcome.why}"))
            for code, where in outcome.blockers:
                click.echo(printable(f"    {code}  {where}"))
    counted = {status: sum(outcome.status == status for outcome in outcomes) for status in ("made", "kept", "blocked")}
    rest = len(outcomes) - sum(counted.values())
    click.echo(
        f"{counted['made']} made, {counted['kept']} kept as they were, {counted['blocked']} blocked, {rest} failed, "
        f"of {len(outcomes)}. Nothing has been sent."
    )
