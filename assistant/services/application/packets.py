"""The blank packet: what to read, collect and sign, before anything is typed in.

Opens no database; the official forms go in as they are, to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.bundle.bundle import packed
from assistant.documents.signature_pages import blank_signature_pages
from assistant.documents.signing_ahead import signing_ahead
from assistant.documents.wording import blank_file_of, models_in_order
from assistant.documents.worksheet import worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Model
    from assistant.editions.library import FormLibrary

PAGES = "signature-pages.pdf"
_README = """287(g) blank packet
===================

Nothing in this packet is filled in. Do not send any of it.

{forms}
worksheet.pdf               what you need before you start, to fill in by hand
signing-instructions.pdf    what to sign and where, and what stays blank

Start the application with `moa serve`: it fills the official forms from your answers.
"""


def make_packet(models: Sequence[Model], library: FormLibrary, *, today: date) -> bytes:
    """Return the ZIP of the blank packet for these models; the same bytes for the same forms and day."""
    models_to_print = models_in_order(models)
    letter = library.letter()
    forms = [*([letter] if letter else []), *(library.choose(model) for model in models_to_print)]
    files: dict[str, bytes] = {}
    lines = []
    for form in forms:
        name = blank_file_of(form.edition)
        if form.data is None:
            lines.append(f"{f'({form.edition.model})':<27} no blank form has been added: get it from ICE's 287(g) page")
            continue
        files[name] = form.data
        lines.append(f"{name:<27} the official form, revised {form.edition.revision_label}, unchanged; read all of it")
    if pages := blank_signature_pages(forms, day=today):
        files[PAGES] = pages
        lines.append(f"{PAGES:<27} only the signature page of each form, blank: to look at, not to sign")
    files["worksheet.pdf"] = worksheet(forms, today=today)
    files["signing-instructions.pdf"] = signing_ahead(models_to_print, forms, today=today)
    files["README.txt"] = _README.format(forms="\n".join(lines)).encode()
    return packed(f"287g-blank-packet-{today.isoformat()}", files, today)
