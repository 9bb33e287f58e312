"""``moa forms map``: propose a field map for an unknown form."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import click

from assistant.answers import parse
from assistant.cli.form_library import open_library
from assistant.cli.options import ANSWERS_FILE, INPUT_FILE, IsoDate, forms_option, json_option, today_option
from assistant.cli.output import notice, print_json, printable
from assistant.disk import put_all
from assistant.editions.catalog import LETTER, is_built_in
from assistant.errors import InputError
from assistant.mapping.blanks import SIDEWAYS
from assistant.mapping.confirm import DeclaredIdentity
from assistant.services.form_maps.edition_drafts import MAP, TRIAL, draft_files, fill_trial, propose_draft

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


OUTPUT_DIR = click.Path(file_okay=False, path_type=pathlib.Path)


@click.command("map")
@click.argument("file", type=INPUT_FILE)
@click.option("--out", type=OUTPUT_DIR, required=True, metavar="DIR", help="Write the draft's folder into DIR.")
@click.option("--try", "answers_file", type=ANSWERS_FILE, metavar="ANSWERS.json", help="Also fill a marked trial copy.")
@click.option("--form", "form", type=click.Choice(["JEM", "TFM", "TTFM", "WSO", "letter"]), help="Which form it is.")
@click.option("--revision", type=IsoDate(), metavar="DATE", help="The revision date printed on its first page.")
@click.option("--published", type=IsoDate(), metavar="DATE", help="No date is printed: the day ICE published it.")
@click.option("--title", default="", metavar="TEXT", help="What the edition is called.")
@click.option("--words", default="", metavar="TEXT", help="Words printed on its first page that identify it.")
@click.option("--force", is_flag=True, help="Write over a map in DIR even if it was corrected.")
@forms_option
@today_option
@json_option
def propose(
    file: Path,
    out: Path,
    answers_file: Path | None,
    forms_dir: Path | None,
    *,
    as_json: bool,
    force: bool,
    **options: Any,
) -> None:
    """Propose a field map for an unknown form: a draft folder, with pictures, to look through and to register."""
    data = file.read_bytes()
    answers = parse(answers_file.read_bytes()) if answers_file else None
    library = open_library(forms_dir)
    proposal = propose_draft(data, library, identity_from_options(**options))
    draft = proposal.draft
    if known_edition := proposal.known_edition:
        use = proposal.unfit or "`moa forms add` adds it."
        notice(f"This program already knows this form: it is {known_edition}. {use}{how_to_correct(known_edition)}")
    if proposal.filled:
        raise InputError(proposal.filled)
    files = draft_files(draft, data)
    if answers:
        files[TRIAL] = fill_trial(draft, data, answers)
    folder = out / draft.edition.form_id / draft.edition.edition_id
    there = folder / MAP
    if there.exists() and there.read_bytes() != files[MAP] and not force:
        raise InputError(f"{there} was corrected. Give another folder with --out, or use --force to write over it.")
    put_all({folder / name: content for name, content in files.items()})
    document = draft.to_document()
    document["folder"] = str(folder)
    if as_json:
        print_json(document)
        return
    for row in document["blanks"]:
        what = row.get("path") or row["reason"]
        click.echo(printable(f"{row['number']:>3}  p. {row['page']:<3} {row['sureness']:<8} {row['label']}: {what}"))
    for page in draft.sideways:
        click.echo(SIDEWAYS.format(page=page))
    if not document["agreement"]:
        click.echo("The PDF does not look like a 287(g) form. Say which form it is with --form to get more proposals.")
    order = "Compare it with the pictures, then run: moa forms register." if draft.rows else "No blank was found in it."
    click.echo(printable(f"The draft is in {folder}. {order}"))


def how_to_correct(edition_name: str) -> str:
    """Return what to do where the map of a known edition is wrong: only one that was registered here can be."""
    return (
        ""
        if is_built_in(edition_name)
        else f" `moa forms unregister {edition_name}` unregisters it, so that you can correct its map."
    )


def identity_from_options(
    *, form: str | None, revision: date | None, published: date | None, title: str, words: str, today: date
) -> DeclaredIdentity | None:
    """Return what the options say of a form, None where they say nothing.

    Raises:
        UsageError: both a printed and a published date are given.
    """
    if revision and published:
        raise click.UsageError(
            "Give --revision or --published, but not both: the form either has a printed date or it does not."
        )
    if not any((form, revision, published, title, words)):
        return None
    form_id = "" if form is None else LETTER if form == "letter" else f"moa-{form.lower()}"
    return DeclaredIdentity(
        form_id=form_id, day=revision or published, printed=not published, title=title, words=words, on=today
    )
