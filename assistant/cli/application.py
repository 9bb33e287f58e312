"""``moa application``: review answers, export the bundle, read answers back out of a filled form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant.cli.options import (
    ANSWERS_FILE,
    INPUT_FILE,
    OUTPUT_FILE,
    forms_option,
    json_option,
    refuse_same,
    today_option,
)
from assistant.cli.output import counted, notice, print_findings, print_json, printable
from assistant.disk import write_atomically

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from assistant.answers import Model
    from assistant.editions.library import FormLibrary
    from assistant.rules import Review


@click.group()
def application() -> None:
    """Review answers and export the bundle."""


@application.command()
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@json_option
@today_option
@forms_option
def review(answers_file: Path, today: date, forms_dir: Path | None, *, as_json: bool) -> int:
    """Print the checklist: every finding, what to do, and its source."""
    from assistant.answers import parse  # noqa: PLC0415 - `moa application --help` needs none of it
    from assistant.services.application.review import chosen_forms  # noqa: PLC0415 - as above
    from assistant.services.application.review import review as make_review  # noqa: PLC0415 - as above

    answers, library = parse(answers_file.read_bytes()), open_library(forms_dir)
    chosen_forms(answers, library)  # answers that name an edition nobody knows cannot be used
    found = with_commands(make_review(answers, library, today=today))
    if as_json:
        print_json(found.to_document())
    else:
        print_review(found)
    return 0 if found.ready else 1


@application.command()
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the bundle here.")
@click.option("--draft", is_flag=True, help="Export although a blocker stands; every page is marked as a draft.")
@today_option
@forms_option
def export(answers_file: Path, out: Path, today: date, forms_dir: Path | None, *, draft: bool) -> int:
    """Make the bundle: filled forms, letter, roster, checklist, e-mail draft, manifest."""
    from assistant.answers import parse  # noqa: PLC0415 - as above
    from assistant.services.application.make_bundle import make  # noqa: PLC0415 - as above

    refuse_same(out, answers_file)
    made = make(parse(answers_file.read_bytes()), open_library(forms_dir), today=today, draft=draft)
    write_atomically(out, made.data)
    sheets = [model for model, form in made.forms.items() if form.data is None]
    if sheets:
        notice(f"No official form is on hand for {', '.join(sheets)}: an entry sheet stands in its place.")
    notice(f"{out} is written: {len(made.data):,} bytes. Nothing has been sent.")
    return 0 if made.review.ready else 1


@application.command()
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option(
    "--signed", type=INPUT_FILE, required=True, multiple=True, metavar="FILE.pdf", help="A signed copy; once for each."
)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the package here.")
@json_option
@today_option
@forms_option
def package(
    answers_file: Path, signed: tuple[Path, ...], out: Path, today: date, forms_dir: Path | None, *, as_json: bool
) -> int:
    """Make the sending package: the signed copies, and the e-mail draft that carries them.

    Each copy is read, and what is wrong or missing is said. Exit status 1 where something blocks, or where
    copies could not be judged ("ready" is null then); look at them, and at every page, before you send. Nothing is
    written where the message would be too heavy.
    """
    from assistant.answers import parse  # noqa: PLC0415 - as above
    from assistant.services.agreements.signed_copies import package as make_package  # noqa: PLC0415 - as above

    refuse_same(out, answers_file, *signed)
    names = [file.name for file in signed]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.UsageError(f"Two files are called {twice}; give each signed copy once, under a name of its own")
    held = {file.name: file.read_bytes() for file in signed}
    made = make_package(parse(answers_file.read_bytes()), held, today=today, library=open_library(forms_dir))
    write_atomically(out, made.data)
    if as_json:
        print_json(made.to_document())
    else:
        for copy in made.copies:
            click.echo(printable(f"{copy.name}: {copy.given}, {counted(copy.pages, 'page')}"))
        print_review(with_commands(made.review), what="sending")
        if made.ready is None:
            click.echo("Some copies could not be judged. Open them and look at every page before you send them.")
    notice(f"{out} is written: {len(made.data):,} bytes. Nothing has been sent.")
    return 0 if made.ready else 1


@application.command()
@click.argument("file", metavar="FILLED.pdf", type=click.Path(exists=True, dir_okay=False))
@json_option
def read(file: str, *, as_json: bool) -> None:
    """Read answers back out of a filled official form, as far as it goes."""
    from pathlib import Path  # noqa: PLC0415 - as above

    from assistant.errors import UnknownFormError  # noqa: PLC0415 - as above
    from assistant.pdf.sandbox import run_in_sandbox  # noqa: PLC0415 - as above
    from assistant.services.agreements.read_agreement import READ  # noqa: PLC0415 - as above

    found = run_in_sandbox(READ, Path(file).read_bytes())
    if found["edition"] is None:
        raise UnknownFormError("This PDF is no agreement that is known here; give a filled official form.")
    if as_json:
        print_json(found)
        return
    click.echo(found["edition"])
    for value in found["values"]:
        click.echo(printable(f"  p. {value['page']:<3} {value['path']:<42} {value['text']}  ({value['sureness']})"))


@application.command()
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option("--model", type=click.Choice(["JEM", "TFM", "TTFM", "WSO"]), required=True, help="Whose form.")
@click.option("--to", metavar="EDITION", help="The edition, such as 2025-03-07; without it the pin is taken out.")
@click.option("--out", type=OUTPUT_FILE, metavar="FILE.json", help="Write the moved answers here.")
@forms_option
@json_option
def move(
    answers_file: Path, model: Model, to: str | None, out: Path | None, forms_dir: Path | None, *, as_json: bool
) -> None:
    """Say what would print differently on another edition of a form, and with --out move the answers to it."""
    from assistant.answers import dump, parse  # noqa: PLC0415 - as above
    from assistant.services.application.editions import differences  # noqa: PLC0415 - as above
    from assistant.services.application.editions import move as move_to  # noqa: PLC0415 - as above

    answers = parse(answers_file.read_bytes())
    found = differences(answers, open_library(forms_dir), model, to)
    if out:
        write_atomically(out, dump(move_to(answers, model, to)).encode())
    if as_json:
        print_json([difference.to_document() for difference in found])
        return
    for difference in found:
        click.echo(printable(f"{difference.kind:<5} {difference.label}"))
        click.echo(printable(f"      {difference.was} -> {difference.now}"))
    click.echo(f"{len(found)} blanks print differently." if found else "Nothing prints differently.")
    if out:
        notice(f"{out} is written.")


def open_library(forms_dir: Path | None) -> FormLibrary:
    """Return the forms of a folder, or those that are kept."""
    from assistant.editions.library import FormLibrary  # noqa: PLC0415 - as above

    if forms_dir is not None:
        library = FormLibrary.from_directory(forms_dir)
        for name, why in library.passed_over.items():
            notice(printable(f"{name} is passed over. {why}"))
        return library
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import library as kept_library  # noqa: PLC0415 - as above

    with session() as opened:
        return kept_library(opened)


def with_commands(found: Review) -> Review:
    """Return a review that says what to do at the command line, for who has no page with a link to it."""
    return replace(found, findings=tuple(finding.with_command() for finding in found.findings))


def print_review(found: Review, *, what: str = "the export") -> None:
    """Print a review for a person: blockers first, each finding with what to do and its source."""
    print_findings([finding.to_document() for finding in found.findings])
    counts = ", ".join(counted(number, severity) for severity, number in found.counts.items())
    ready = f"Nothing blocks {what}." if found.ready else f"Fix the blockers before {what}."
    click.echo(f"{counts}. {ready}")
