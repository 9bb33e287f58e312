"""The proof: what was read back out of every filled official form, so that nobody has to take our word for it.

Says only what ``pdf.proof`` found; a form that did not read back as it was meant never gets as far as this page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.fonts import marked
from assistant.documents.setting import to_pdf
from assistant.documents.wording import agency_name, banner, counted, file_of, page_runs
from assistant.editions.formats import long_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from assistant.answers import Answers
    from assistant.editions.form_plan import FilledForm
    from assistant.pdf.filling.proof import ProofRow

PLACE = "06-proof.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFact:
    """Who approved exactly what a bundle is made of, when, and the SHA-256 of what was approved."""

    name: str
    at: datetime
    sha256: str


def proof_pdf(
    answers: Answers,
    filled: Sequence[FilledForm],
    *,
    today: date,
    draft: bool,
    approval: ApprovalFact | None = None,
) -> bytes:
    """Return the proof as a PDF.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_proof(answers, filled, today=today, draft=draft, approval=approval))


def compose_proof(
    answers: Answers,
    filled: Sequence[FilledForm],
    *,
    today: date,
    draft: bool,
    approval: ApprovalFact | None = None,
) -> PaperDocument:
    """Return what the proof says; ``approval`` is that of exactly these answers and forms, None where there is none."""
    name = agency_name(answers)
    blocks: list[Block] = [
        PaperHeading(text=f"Proof of the filled forms – {name}", level=1),
        Paragraph(text=f"As of {long_date(today)}. {_HOW if filled else _NOTHING}"),
    ]
    if approval is not None and not draft:
        blocks += _approval_blocks(approval)
    for form in filled:
        blocks += _form_blocks(form, draft=draft)
    if filled:
        blocks.append(Paragraph(text=_CHECK, small=True))
    return PaperDocument(
        title=f"Proof of the filled forms – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=draft),
        text_size=9,
        place=PLACE,
    )


_HOW = (
    "This program opened every filled form again. It read the letters on the pages and compared them with the "
    "intended text. It also compared the file’s bytes with the official file."
)
_NOTHING = "No official form had been added, so none was filled and there is nothing to prove."
_CHECK = (
    "You can check this yourself. Each filled form begins with the bytes of the official file. The table above "
    "says how many. Hash them with SHA-256; manifest.json has the same numbers. What follows is only what was "
    "filled in. This page shows what is printed in the blanks. It does not show that an answer is true."
)


def _approval_blocks(approval: ApprovalFact) -> list[Block]:
    at = approval.at.astimezone(UTC)
    return [
        PaperHeading(text="Approval"),
        Paragraph(
            text=f"{approval.name} approved these answers and forms on {long_date(at.date())}, at {at:%H:%M} UTC. "
            f"SHA-256 of what was approved: {approval.sha256}. Any change of an answer or a form gives another one."
        ),
    ]


def _form_blocks(filled: FilledForm, *, draft: bool) -> list[Block]:
    edition, proof = filled.form.edition, filled.proof
    labels = {entry.blank: entry.label for entry in edition.entries}
    fields = not any(entry.places for entry in edition.entries)
    columns = [
        TableColumn(title="Page", share=0.75),
        TableColumn(title="Blank", share=3.1, header=True),
        *([TableColumn(title="Form field", share=1.9)] if fields else []),
        TableColumn(title="Text read back", share=3.3),
        TableColumn(title="Size, pt", share=0.65),
    ]
    rows = []
    for group in _together(proof.rows):
        row = group[0]
        name = [_short(row.blank)] if fields else []
        pages, sizes = page_runs(sorted({row.page for row in group})), _sizes([row.size for row in group])
        drawn_text = " ".join(row.drawn_text.split())
        # A form's own font can have a letter that ours lack.
        rows.append(
            (pages, labels.get(row.blank, row.blank), *name, marked(drawn_text) if draft else drawn_text, sizes)
        )
    ices = [blank for blank in edition.left_blank if blank.side == "ice"]
    return [
        PaperHeading(text=f"{edition.title} – {file_of(edition)}"),
        Paragraph(
            text=f"{counted(len(proof.rows), 'place', 'places')} read back, all as intended. Official file unchanged: "
            f"the first {proof.official_bytes:,} bytes hash to {filled.form.sha256}. Edition {edition.name}: "
            f"{counted(proof.changed_objects, 'object', 'objects')} of the file updated, only where filling is "
            f"allowed, and {proof.new_objects} added. {_ice_side(len(ices))}",
            with_next=True,
        ),
        Table(columns=tuple(columns), rows=tuple(rows), small=True),
    ]


def _ice_side(blanks: int) -> str:
    """Say what was seen on ICE's side; a form whose map knows no blank of ICE's promises nothing."""
    if not blanks:
        return "The form’s map has no blanks for ICE."
    return f"Nothing was written on ICE’s side ({counted(blanks, 'blank', 'blanks')})."


def _together(rows: Sequence[ProofRow]) -> list[list[ProofRow]]:
    """Return the rows by page; a text that stands alike in many places, as a footer does, makes one group."""
    groups: dict[tuple[str, str], list[ProofRow]] = {}
    for row in rows:
        groups.setdefault((row.blank, row.drawn_text), []).append(row)
    return sorted(groups.values(), key=lambda group: min(row.page for row in group))


def _sizes(sizes: Sequence[float]) -> str:
    """Return "8.4" or "8.4–13.1" (pt)."""
    ends = dict.fromkeys(f"{size:.1f}".removesuffix(".0") for size in (min(sizes), max(sizes)))
    return "–".join(ends)


CELL_LETTERS = 30
"""Letters that two lines of the cell hold."""


def _short(name: str) -> str:
    """Return a field's name, its middle left out where it is a whole sentence."""
    return name if len(name) <= CELL_LETTERS else f"{name[:20]}… {name[-8:]}"
