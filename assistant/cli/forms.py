"""``moa forms``: keep, inspect, check, label and map blank official forms."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.differences import print_differences, say_what_changed
from assistant.cli.forms_said import how_to_correct, said_of
from assistant.cli.forms_shown import form_line, print_editions
from assistant.cli.options import (
    ANSWERS_FILE,
    INPUT_FILE,
    OUTPUT_FILE,
    IsoDate,
    forms_option,
    json_option,
    refuse_same,
    today_option,
)
from assistant.cli.output import counted, notice, print_json, printable
from assistant.disk import put_all, write_atomically
from assistant.errors import FillError, InputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from assistant.answers import Model

FOLDER = click.Path(exists=True, file_okay=False, path_type=pathlib.Path)
OUTPUT_DIR = click.Path(file_okay=False, path_type=pathlib.Path)


@click.group()
def forms() -> None:
    """Keep, inspect, check and map blank official forms."""


@forms.command()
@click.argument("file", type=INPUT_FILE)
@json_option
def inspect(file: Path, *, as_json: bool) -> None:
    """Say what a PDF is: its edition, its fields, and what in it goes wrong easily."""
    from assistant.editions.recognition import inspect_guarded  # noqa: PLC0415 - `moa forms --help` needs none of it

    found = inspect_guarded(file.read_bytes())
    if as_json:
        print_json(found)
        return
    click.echo(printable(form_line(found)))
    click.echo(f"  {counted(found['pages'], 'page')}, {found['bytes']:,} bytes, SHA-256 {found['sha256']}")
    for field in found["fields"]:
        side = {"agency": "agency", "ice": "ICE", None: "?"}[field["side"]]
        click.echo(printable(f"  p. {field['page']:<3} {field['type']:<4} {side:<7} {field['name']}"))
    for trap in found["traps"]:
        where = f"p. {trap['page']}, " if trap["page"] else ""
        click.echo(printable(f"  ! {where}{trap['field'] or 'the file'}: {trap['message']}"))


@forms.command()
@click.argument("file", type=INPUT_FILE)
def add(file: Path) -> None:
    """Keep a blank official form for use."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import keep  # noqa: PLC0415 - as above

    with session() as opened:
        kept = keep(opened, file.read_bytes(), now=datetime.now(UTC))
        opened.commit()  # before it is said: whoever reads may close the pipe
        click.echo(f"{kept.edition} is kept, id {kept.sha256[:12]}.")
        say_what_changed(opened, kept.edition, kept.data)


@forms.command(name="list")
@json_option
def list_forms(*, as_json: bool) -> None:
    """Show the kept forms, and the editions that are known without one."""
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.editions.recognition import inspect_guarded  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import data_of, kept  # noqa: PLC0415 - as above

    with session() as opened:
        found = [inspect_guarded(data_of(opened, form.sha256)) | {"id": form.sha256} for form in kept(opened)]
    for document in found:
        del document["fields"]
    if as_json:
        print_json(found)
        return
    for document in found:
        click.echo(printable(f"{document['id'][:12]}  {form_line(document)}"))
    print_editions({document["edition"] for document in found})


@forms.command()
@click.argument("form_id", metavar="ID")
def remove(form_id: str) -> None:
    """Take out a kept form; ID is its SHA-256 or the first digits of it."""
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import remove as take_out  # noqa: PLC0415 - as above

    with session() as opened:
        form = take_out(opened, form_id)
        opened.commit()  # as above
        click.echo(f"{form.edition}, id {form.sha256[:12]}, is taken out.")


@forms.command()
@json_option
def check(*, as_json: bool) -> int:
    """Hold every field map against the kept form it was written for."""
    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.edition_drafts import left_out  # noqa: PLC0415 - as above
    from assistant.services.form_maps.forms import check_maps  # noqa: PLC0415 - as above

    with session() as opened:
        results = check_maps(opened)
    results += [{"edition": file, "ok": False, "message": why} for file, why in left_out()]
    if as_json:
        print_json(results)
    else:
        for result in results:
            click.echo(printable(f"{result['edition']}: {result['message']}"))
    return 1 if any(result["ok"] is False for result in results) else 0


@forms.command()
@click.argument("file", type=INPUT_FILE)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="OUT.pdf", help="Write the copy here.")
def label(file: Path, out: Path) -> None:
    """Make a copy in which every field shows its own name."""
    from assistant.services.form_maps.edition_drafts import label_form  # noqa: PLC0415 - as above

    refuse_same(out, file)
    try:
        labelled, count = label_form(file.read_bytes())
    except FillError as error:
        raise InputError(f"The fields cannot be labelled: {error}") from error
    if not count:
        raise InputError("The PDF has no fields that could be labelled; give one with fields.")
    write_atomically(out, labelled)
    click.echo(printable(f"{out} shows {count} field names."))


@forms.command(name="map")
@click.argument("file", type=INPUT_FILE)
@click.option("--out", type=OUTPUT_DIR, required=True, metavar="DIR", help="Write the draft's folder into DIR.")
@click.option("--try", "answers_file", type=ANSWERS_FILE, metavar="ANSWERS.json", help="Fill a marked trial copy too.")
@click.option("--form", "form", type=click.Choice(["JEM", "TFM", "TTFM", "WSO", "letter"]), help="Which form it is.")
@click.option("--revision", type=IsoDate(), metavar="DATE", help="The revision date printed on its first page.")
@click.option("--published", type=IsoDate(), metavar="DATE", help="No date is printed: the day ICE published it.")
@click.option("--title", default="", metavar="TEXT", help="What the edition is called.")
@click.option("--words", default="", metavar="TEXT", help="Printed on its first page: what it is known by.")
@click.option("--force", is_flag=True, help="Write over a map in DIR that was corrected since.")
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
    **said: Any,
) -> None:
    """Propose a field map for an unknown form: a draft folder, with pictures, to look through and to register."""
    from assistant.answers import parse  # noqa: PLC0415 - as above
    from assistant.cli.application import open_library  # noqa: PLC0415 - as above
    from assistant.mapping.blanks import SIDEWAYS  # noqa: PLC0415 - as above
    from assistant.services.form_maps.edition_drafts import (  # noqa: PLC0415 - as above
        MAP,
        TRIAL,
        draft_files,
        fill_trial,
        propose_draft,
    )

    data = file.read_bytes()
    answers = parse(answers_file.read_bytes()) if answers_file else None
    library = open_library(forms_dir)
    proposal = propose_draft(data, library, said_of(**said))
    draft = proposal.draft
    if known := proposal.known:
        use = proposal.unfit or "`moa forms add` keeps it for use."
        notice(f"This form is known already: it is {known}. {use}{how_to_correct(known)}")
    if proposal.filled:
        raise InputError(proposal.filled)
    files = draft_files(draft, data)
    if answers:
        files[TRIAL] = fill_trial(draft, data, answers)
    folder = out / draft.edition.form_id / draft.edition.edition_id
    there = folder / MAP
    if there.exists() and there.read_bytes() != files[MAP] and not force:
        raise InputError(f"{there} was corrected since; give another folder with --out, or --force to write over it.")
    put_all({folder / name: content for name, content in files.items()})
    document = draft.to_document() | {"folder": str(folder)}
    if as_json:
        print_json(document)
        return
    for row in document["blanks"]:
        what = row.get("path") or row["reason"]
        click.echo(printable(f"{row['number']:>3}  p. {row['page']:<3} {row['sureness']:<8} {row['label']}: {what}"))
    for page in draft.sideways:
        click.echo(SIDEWAYS.format(page=page))
    if not document["agreement"]:
        click.echo(
            "The PDF does not show itself to be a 287(g) form; say with --form which it is to have more proposed."
        )
    order = "Hold it against the pictures, then: moa forms register." if draft.rows else "No blank was found in it."
    click.echo(printable(f"The draft is in {folder}. {order}"))


@forms.command()
@click.argument("folder", type=FOLDER)
@click.argument("file", type=INPUT_FILE)
def register(folder: Path, file: Path) -> None:
    """Take a draft that you have looked through in among the known editions, and keep its form FILE."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.register_edition import register_form  # noqa: PLC0415 - as above

    with session() as opened:
        data = file.read_bytes()
        edition = register_form(opened, folder, data, now=datetime.now(UTC))
        opened.commit()  # as above
        click.echo(f"{edition.name} is registered, and its form is kept.")
        say_what_changed(opened, edition.name, data)


@forms.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@forms_option
@json_option
def compare(old: str, new: str, forms_dir: Path | None, *, as_json: bool) -> None:
    """Say which blanks are new, gone, moved or resized from edition OLD to NEW ("moa-tfm/2025-02-12")."""
    from assistant.cli.application import open_library  # noqa: PLC0415 - as above
    from assistant.editions.catalog import get_edition  # noqa: PLC0415 - as above
    from assistant.mapping.compare import compare_editions  # noqa: PLC0415 - as above

    templates = {form.edition.name: form.template for form in open_library(forms_dir).on_hand()}
    found = compare_editions(get_edition(old), get_edition(new), templates.get(old), templates.get(new))
    if as_json:
        print_json([difference.to_document() for difference in found])
        return
    print_differences(found)
    click.echo(f"{len(found)} differences." if found else "No blank differs.")


@forms.command()
@click.option("--model", "models", type=click.Choice(["JEM", "TFM", "TTFM", "WSO"]), multiple=True, required=True)
@click.option("--out", type=OUTPUT_FILE, required=True, metavar="FILE.zip", help="Write the packet here.")
@forms_option
@today_option
def packet(models: tuple[Model, ...], out: Path, forms_dir: Path | None, today: date) -> None:
    """Make the blank packet: the official forms unfilled, their signature pages, a worksheet, where to sign."""
    from assistant.cli.application import open_library  # noqa: PLC0415 - as above
    from assistant.services.application.packets import make_packet  # noqa: PLC0415 - as above

    write_atomically(out, make_packet(models, open_library(forms_dir), today=today))
    notice(f"{out} is written. Nothing in it is filled in.")


@forms.command()
@click.argument("name", metavar="FORM/EDITION")
def unregister(name: str) -> None:
    """Take back an edition that was registered here, to correct its map; refused while applications stay with it."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from assistant.cli.database import session  # noqa: PLC0415 - as above
    from assistant.services.form_maps.unregister_edition import unregister_edition  # noqa: PLC0415 - as above
    from assistant.services.installation.agencies import local_agency  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    with session() as opened:
        taken = unregister_edition(opened, local_agency(opened, now=now).id, name, now=now)
        opened.commit()  # as above
        click.echo(printable(f"{name} is taken back. Its map and its blank forms lie in {taken.folder}."))
        if taken.draft is not None:
            click.echo("A draft of the map can be corrected in the wizard, under Official forms, draft maps.")
