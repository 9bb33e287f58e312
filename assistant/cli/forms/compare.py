"""``moa forms compare``: say which blanks are new, gone, moved or resized from edition OLD to NEW."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.form_library import open_library
from assistant.cli.options import forms_option, json_option
from assistant.cli.output import counted, print_differences, print_json
from assistant.editions.catalog import get_edition
from assistant.mapping.compare import compare_editions

if TYPE_CHECKING:
    from pathlib import Path


@click.command("compare")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@forms_option
@json_option
def compare(old: str, new: str, forms_dir: Path | None, *, as_json: bool) -> None:
    """Say which blanks are new, gone, moved or resized from edition OLD to NEW ("moa-tfm/2025-02-12")."""
    templates = {form.edition.name: form.template for form in open_library(forms_dir).on_hand()}
    changes = compare_editions(get_edition(old), get_edition(new), templates.get(old), templates.get(new))
    if as_json:
        print_json([difference.to_document() for difference in changes])
        return
    print_differences(changes)
    click.echo(f"{counted(len(changes), 'difference')}." if changes else "No blank differs.")
