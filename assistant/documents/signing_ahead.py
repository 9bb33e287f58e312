"""Signing instructions of the blank packet: where to sign, explained before anything is filled in.

Names only what lies in the packet; the instructions of a bundle (``signing_instructions``) name what lies there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import Answers
from assistant.documents.blocks import Items, PaperDocument, PaperHeading, Paragraph
from assistant.documents.setting import to_pdf
from assistant.documents.signing_instructions import (
    BY_FIELD,
    ON_PAPER,
    afterwards,
    form_blocks,
    has_signature_field,
    scanning,
)
from assistant.documents.wording import blank_file_of, counted, revision_of
from assistant.editions.formats import long_date
from assistant.program import recipient_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Model
    from assistant.documents.blocks import Block
    from assistant.documents.signing_instructions import Form

PLACE = "signing-instructions.pdf"
TITLE = "Signing instructions for a 287(g) application"
BANNER = "Blank packet – nothing is filled in; do not sign anything in it"
_OWN_LETTER = "The letter of interest: the program writes it from your answers. Sign and date it at the end, on paper."


def signing_ahead(models: Sequence[Model], forms: Sequence[Form], *, today: date) -> bytes:
    """Return the instructions as a PDF.

    Raises:
        FillError: a letter of a form's title cannot be printed.
    """
    return to_pdf(compose_ahead(models, forms, today=today))


def compose_ahead(models: Sequence[Model], forms: Sequence[Form], *, today: date) -> PaperDocument:
    """Return what the instructions say."""
    by_field = any(map(has_signature_field, forms))
    blocks: list[Block] = [
        PaperHeading(text=TITLE, level=1),
        Paragraph(
            text=f"As of {long_date(today)}. These papers show where to sign. You sign the forms that the program "
            "fills from your answers.",
            bold=True,
        ),
        PaperHeading(text="What to sign"),
        Items(
            items=(
                *([] if any(form.edition.is_letter for form in forms) else [_OWN_LETTER]),
                *map(_what_to_sign, forms),
            )
        ),
        PaperHeading(text="How to sign"),
        Items(
            items=(
                "Only the signatory named in the application signs, and only on the agency’s side.",
                ON_PAPER,
                *([BY_FIELD] if by_field else []),
                (
                    "Do not change, cross out or add anything else. If something is wrong, correct the answers "
                    "and have the program fill the form again."
                ),
            ),
            numbered=True,
        ),
    ]
    for form in forms:
        blocks += form_blocks(form, Answers(models=tuple(models)))
    blocks += [
        *scanning(electronic=by_field),
        PaperHeading(text="Send"),
        Items(
            items=(
                (
                    f"E-mail the signed letter and every signed MOA to {recipient_address()}. "
                    "ICE’s page asks for the signed letter of interest and the signed MOA."
                ),
                "Do not attach the blank forms, the worksheet or these instructions.",
                "Keep the sent message and the signed copies.",
            ),
            numbered=True,
        ),
        *afterwards(),
    ]
    return PaperDocument(title=TITLE, agency="", day=today, blocks=tuple(blocks), banner=BANNER, place=PLACE)


def _what_to_sign(form: Form) -> str:
    edition = form.edition
    page = f" on page {edition.signing_page}" if edition.signing_page else ""
    if form.data is None:
        return (
            f"{edition.title}: there is no official form in this packet. Get it from ICE’s 287(g) page and add it "
            f"to the program, which then fills it for you. Sign it{page}."
        )
    pages = f", {counted(edition.pages, 'page', 'pages')}" if edition.pages else ""
    how = "on paper or in its signature field" if has_signature_field(form) else "on paper"
    return f"{edition.title} (blank: {blank_file_of(edition)}, {revision_of(edition)}{pages}): signed{page}, {how}."
