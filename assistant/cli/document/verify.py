"""``moa document verify``: say whether a signed or scanned copy is the document that was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.options import INPUT_FILE, json_option
from assistant.cli.output import counted, print_counts, print_findings, print_json, printable
from assistant.services.after_export.copy_files import DroppedFile
from assistant.services.after_export.loose_pages import gather_copy
from assistant.services.agreements import verify_signed_copy

if TYPE_CHECKING:
    from pathlib import Path


@click.command("verify")
@click.argument("signed", metavar="SIGNED.pdf|PICTURES...", type=INPUT_FILE, nargs=-1, required=True)
@click.option("--against", "issued", metavar="ISSUED.pdf", type=INPUT_FILE, required=True, help="The file as issued.")
@json_option
def verify(signed: tuple[Path, ...], issued: Path, *, as_json: bool) -> int:
    """Say whether a signed or scanned copy matches the document that was issued.

    Pictures of pages (JPEG, PNG, TIFF) and several scans are put together in the order of the pages that they show.

    Looks at pages, order, rotation, text, signature and date, and at ICE's side. What cannot be decided is called
    unclear or unreadable; a person looks at every page, and confirms.
    """
    original = issued.read_bytes()
    first = signed[0].read_bytes()
    if len(signed) == 1 and (first.startswith(b"%PDF-") or signed[0].suffix.lower() == ".pdf"):
        data, name = first, signed[0].name
    else:
        copy = gather_copy([DroppedFile(name=file.name, data=file.read_bytes()) for file in signed], original)
        data, name = copy.data, copy.name
    comparison = verify_signed_copy.verify(data, original, signed_name=name, issued_name=issued.name)
    if as_json:
        print_json(comparison)
        return 0 if comparison["ready"] else 1
    alike = (
        "Every page is like the issued one" if comparison["same_document"] else "Not confirmed as the issued document"
    )
    click.echo(
        f"{alike}: {counted(len(comparison['pages']), 'page')} issued, {comparison['signed_pages']} in the signed copy."
    )
    for page in comparison["pages"]:
        like = "" if page["similarity"] is None else f", likeness {page['similarity']:.3f}"
        where = f"p. {page['page']}" if page["page"] else f"signed copy, p. {page['signed_page']}"
        turned = f", turned by {page['rotation']} degrees" if page["rotation"] else ""
        click.echo(f"  {where}: {page['verdict']}{like}{turned}")
    empty = {True: "yes", False: "no", None: "unclear"}[comparison["ice_side_empty"]]
    click.echo(f"Signature: {comparison['signature']}. Date: {comparison['date']}. ICE's side empty: {empty}.")
    print_findings(comparison["findings"])
    for sentence in comparison["limits"]:
        click.echo(printable(sentence))
    print_counts(comparison["counts"])
    return 0 if comparison["ready"] else 1
