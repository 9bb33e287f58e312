"""Signing instructions: who signs where, what stays blank and why, how to scan and send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.signature_pages import PLACE as SIGNATURE_PAGES
from assistant.documents.signature_pages import has_signature_page
from assistant.documents.signing_picture import signing_picture
from assistant.documents.wording import (
    LETTER_FILE,
    agency_name,
    banner,
    counted,
    file_of,
    model_name,
    models_in_order,
    revision_of,
    text_or_mark,
)
from assistant.editions.formats import join_with_and, long_date
from assistant.errors import PdfError
from assistant.pdf.form.template import compile_template
from assistant.program import recipient_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition, LeftBlank

PLACE = "05-signing-instructions.pdf"
WARN_MB, STOP_MB = 15, 20  # of one message, as it leaves
SIGNED_FILE = "Do not print and scan a form signed in its signature field: send the signed file itself"
OWN_LETTER = f"The letter of interest ({LETTER_FILE}): sign and date it at the end, on paper."
ON_PAPER = (
    "On paper: sign in black or blue ink so that the scan shows it, and write that day’s date by hand on the date line."
)
PAGE_ALONE = (
    f"{SIGNATURE_PAGES} has only the signature page of each MOA, to print and sign by hand. Put it in place of "
    "the same page, because you send the whole agreement with the signed page in it."
)
BY_FIELD = (
    "Or in the form’s signature field, if it has one: first enter that day’s date in the form, then sign in the "
    "signature field. Change nothing after that, because any change breaks the signature. Do not print and scan "
    "it."
)


class Form(Protocol):
    """An available form; ``data`` is None where only its entry sheet can be made."""

    @property
    def edition(self) -> Edition:
        """Return its edition."""

    @property
    def data(self) -> bytes | None:
        """Return the blank official form."""


def signing_instructions(answers: Answers, forms: Sequence[Form], *, today: date, draft: bool) -> bytes:
    """Return the instructions as a PDF for the signatory's desk.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_instructions(answers, forms, today=today, draft=draft))


def compose_instructions(answers: Answers, forms: Sequence[Form], *, today: date, draft: bool) -> PaperDocument:
    """Return what the instructions say."""
    name = agency_name(answers)
    who = text_or_mark(answers.signatory.full_name, "signatory’s name")
    title = text_or_mark(answers.signatory.title, "signatory’s title")
    blocks: list[Block] = [
        PaperHeading(text=f"Signing instructions – {name}", level=1),
        Paragraph(text=f"As of {long_date(today)}. This person signs for the agency: {who}, {title}.", bold=True),
        PaperHeading(text="What to sign"),
        Items(
            items=(
                *([] if any(form.edition.is_letter for form in forms) else [OWN_LETTER]),
                *(_what_to_sign(form) for form in forms),
            )
        ),
        PaperHeading(text="How to sign"),
        Items(
            items=(
                (
                    "Only the person named above signs, and only on the agency’s side. If someone else has to "
                    "sign, change the application and make the bundle again."
                ),
                ON_PAPER,
                *([PAGE_ALONE] if any(has_signature_page(form.edition, form.data) for form in forms) else []),
                *([BY_FIELD] if any(map(has_signature_field, forms)) else []),
                "Do not change, cross out or add anything else. If something is wrong, make the bundle again.",
            ),
            numbered=True,
        ),
    ]
    for form in forms:
        blocks += form_blocks(form, answers)
    blocks += [*scanning(electronic=any(map(has_signature_field, forms))), *_sending(), *afterwards()]
    return PaperDocument(
        title=f"Signing instructions – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=draft),
        place=PLACE,
    )


def _what_to_sign(form: Form) -> str:
    edition = form.edition
    page = f" on page {edition.signing_page}" if edition.signing_page else ""
    if form.data is None:
        return (
            f"{edition.title}: there is no official form in this bundle. Get it from ICE’s 287(g) page, write in "
            f"it what 02-entry-sheet-{(edition.model or 'form').lower()}.pdf lists, then sign it{page}. Do not "
            "sign or send the entry sheet."
        )
    pages = f", {counted(edition.pages, 'page', 'pages')}" if edition.pages else ""
    title = f"{edition.title}, ICE’s form" if edition.is_letter else edition.title
    how = "on paper or in its signature field" if has_signature_field(form) else "on paper"
    return f"{title} ({file_of(edition)}, {revision_of(edition)}{pages}): sign{page}, {how}."


def has_signature_field(form: Form) -> bool:
    """Say whether the agency can sign a form in a field of it; every other form is signed on paper."""
    if form.data is None:
        return False
    try:
        fields = compile_template(form.data).fields
    except PdfError:
        return False
    ours = [blank.blank for blank in form.edition.left_blank if blank.side == "agency"]
    return any(name in fields and fields[name].kind == "Sig" for name in ours)


def form_blocks(form: Form, answers: Answers) -> list[Block]:
    """Return what the instructions say about one form: a picture of where to sign, and what stays blank and why."""
    edition = form.edition
    blocks: list[Block] = [PaperHeading(text=f"{edition.title}, {revision_of(edition)}")]
    picture = signing_picture(edition, form.data) if form.data is not None else None
    if picture is not None:
        caption = f"Page {edition.signing_page}, shown without your text. Sign and date only where it says so:"
        blocks += [Paragraph(text=caption, with_next=True), picture]
    if edition.is_letter and answers.models:
        model_names = join_with_and(model_name(model) for model in models_in_order(answers.models))
        blocks.append(
            Paragraph(text=f"The agency asks for: {model_names}. If the form has a box for each, check these by hand.")
        )
    by_hand = [blank for blank in edition.left_blank if blank.side == "agency" and blank.on_paper]
    theirs = [blank for blank in edition.left_blank if blank.side == "ice"]
    if not any(blank.page for blank in edition.left_blank):
        blocks.append(
            Paragraph(
                text="The blanks of this form are not known page by page. Sign and date where the form says “For the "
                "LEA” or names your agency. Leave everything under “For ICE”, “For DHS” or ICE’s name empty."
            )
        )
    if by_hand:
        blocks += [
            Paragraph(text="Blank for you to fill on the day of signing:", with_next=True),
            _blanks(by_hand, "How", answers, field=has_signature_field(form)),
        ]
    if theirs:
        blocks += [
            Paragraph(text="Leave blank, because ICE fills it in:", with_next=True),
            _blanks(theirs, "Why", answers),
        ]
    return blocks


def why_blank(blank: LeftBlank, answers: Answers) -> str:
    """Return why a blank stays empty, and for ICE's office what will stand there."""
    if blank.side == "agency" or blank.reason.replace("’", "'") != "ICE's":
        return blank.reason
    if "field office" in blank.label.lower():
        office = answers.ice.field_office
        return f"ICE fills this in: its field office director’s title{f' ({office})' if office else ''}"
    return "ICE fills this in"


def _blanks(blanks: Sequence[LeftBlank], last: str, answers: Answers, *, field: bool = False) -> Table:
    """Return the blanks with their reasons; with a signature ``field`` the date may be typed."""
    columns = (
        TableColumn(title="Page", share=0.6),
        TableColumn(title="Blank", share=3, header=True),
        TableColumn(title=last, share=4),
    )
    date_hint = "the day of signing: by hand on paper; typed before you sign in the signature field"
    rows = [
        (
            str(blank.page or ""),
            blank.label or blank.blank,
            date_hint if field and blank.label.startswith("date") else why_blank(blank, answers),
        )
        for blank in blanks
    ]
    first = 0 if any(blank.page for blank in blanks) else 1
    return Table(columns=columns[first:], rows=tuple(row[first:] for row in _together(rows)), small=True)


def _together(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the rows (page, blank, reason), with blanks of one page, heading and reason in one row."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for page, label, why in rows:
        blank, under, heading = label.partition(", under ")
        groups.setdefault((page, f"{under}{heading}", why), []).append(blank)
    return [(page, f"{'; '.join(labels)}{heading}", why) for (page, heading, why), labels in groups.items()]


def scanning(*, electronic: bool) -> list[Block]:
    """Return how to scan what was signed; ``electronic``: a form can be signed in a field of it instead."""
    return [
        PaperHeading(text="Scan"),
        Items(
            items=(
                "Scan every page of what was signed on paper, even unsigned pages, in order and right side up.",
                "Use 300 dpi, black and white or gray. Do not use text recognition (OCR), and do not edit the scan.",
                "Make one PDF for the letter and one PDF for each MOA.",
                f"Keep the message under {WARN_MB} MB, never over {STOP_MB} MB. If it is larger, use black and white.",
                *([f"{SIGNED_FILE}."] if electronic else []),
            ),
            numbered=True,
        ),
    ]


def _sending() -> list[Block]:
    return [
        PaperHeading(text="Send"),
        Items(
            items=(
                (
                    "Open email.eml, attach the signed letter and every signed MOA, and send it to "
                    f"{recipient_address()}. ICE’s page asks for the signed letter of interest and the signed MOA."
                ),
                "Do not attach the roster, the checklist, these instructions, a signature page alone or answers.json.",
                "Keep the sent message and the signed copies.",
            ),
            numbered=True,
        ),
    ]


def afterwards() -> list[Block]:
    """Return what happens after the agreements were sent."""
    return [
        PaperHeading(text="What happens next"),
        Items(
            items=(
                (
                    f"ICE’s page says that questions sent to {recipient_address()} are answered within one business "
                    "day. It does not say how long the agreement itself takes."
                ),
                "ICE signs the MOA and sends it back. Until then there is no agreement.",
                "ICE then asks for the nominations. Keep the roster up to date.",
            )
        ),
    ]
