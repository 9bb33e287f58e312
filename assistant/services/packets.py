"""The blank packet: what to read, collect and sign, before anything is typed in.

Opens no database; the official forms go in as they are, to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import Answers
from assistant.bundle import packed
from assistant.documents.signing_instructions import signing_instructions
from assistant.documents.wording import models_in_order
from assistant.documents.worksheet import worksheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Model
    from assistant.library import FormLibrary

_README = """287(g) blank packet
===================

Nothing in it is filled in, and nothing in it is to be sent.

{forms}
worksheet.pdf               what to have at hand before you start, to be filled by hand
signing-instructions.pdf    who will sign where, and what stays blank

Start the application with `moa serve`: it fills the official forms from your answers.
"""


def make_packet(models: Sequence[Model], library: FormLibrary, *, today: date) -> bytes:
    """Return the ZIP of the blank packet for these models; the same bytes for the same forms and day."""
    chosen = models_in_order(models)
    letter = library.letter()
    forms = [*([letter] if letter else []), *(library.choose(model) for model in chosen)]
    answers = Answers(models=chosen)
    files: dict[str, bytes] = {}
    lines = []
    for form in forms:
        code = str(form.edition.model)
        name = f"blank-moa-{code.lower()}.pdf" if form.edition.model else f"blank-{form.edition.form_id}.pdf"
        if form.data is None:
            lines.append(f"{f'({code})':<27} no official form is on hand: get it from ICE's 287(g) page")
            continue
        files[name] = form.data
        lines.append(f"{name:<27} the official form, revised {form.edition.dated}, to be read whole; unchanged")
    files["worksheet.pdf"] = worksheet(forms, today=today)
    files["signing-instructions.pdf"] = signing_instructions(answers, forms, today=today, draft=True)
    files["README.txt"] = _README.format(forms="\n".join(lines)).encode()
    return packed(f"287g-blank-packet-{today.isoformat()}", files, today)
