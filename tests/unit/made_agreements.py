"""Made-up agreements, drawn up in the ways such forms are: with fields, underscores, drawn lines, boxes.

The words are invented; none of them is ICE's.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Literal

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.editions.catalog import Entry
from assistant.mapping.drafts import draft_edition
from assistant.pdf.form.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.mapping.drafts import DraftRow

Kind = Literal["fields", "underscores", "drawn", "boxes"]
FONT, SIZE = "Times-Roman", 11
OURS, THEIRS = 72, 330
PROSE = (
    "The purpose of this collaboration is to enhance the safety and security of communities by focusing",
    "resources on identifying and processing for removal removable aliens. Nothing in this Agreement shall be",
    "construed as altering the authority of either party under law.",
)
BY_SIGNING = "By signing this MOA, each party represents it is fully authorized to enter into this MOA."


class Paper:
    """Pages that are written on from top to bottom."""

    def __init__(
        self,
        kind: Kind,
        *,
        names: bool = True,
        title: Sequence[str] = ("MEMORANDUM OF AGREEMENT", "287(g) Task Force Model"),
    ) -> None:
        self._out = BytesIO()
        self._canvas = Canvas(self._out, pagesize=(612, 792), invariant=True)
        self._kind, self._names, self._count = kind, names, 0
        self.y = 740.0
        for line in title:
            self.line(line)

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> float:
        """Write a text, and return where it ends."""
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, y, text)
        return x + stringWidth(text, FONT, size)

    def line(self, text: str, step: float = 16) -> None:
        """Write a line of text."""
        self.text(OURS, self.y, text)
        self.y -= step

    def blank(self, x: float, y: float, x1: float, name: str = "", hint: str = "") -> None:
        """Leave a place to write, in the way of this paper."""
        self._count += 1
        if self._kind == "fields":
            made = (name, hint) if self._names else (f"Text{self._count}", None)
            self._canvas.acroForm.textfield(
                name=made[0],
                tooltip=made[1],
                x=round(x),
                y=round(y) - 3,
                width=round(x1 - x),
                height=15,
                borderWidth=0,
                fontSize=11,
            )
        elif self._kind == "underscores":
            self.text(x, y, "_" * int((x1 - x) / stringWidth("_", FONT, SIZE)))
        elif self._kind == "drawn":
            self._canvas.line(x, y - 2, x1, y - 2)
        else:
            self._canvas.rect(x, y - 5, x1 - x, 17)

    def cell(self, x: float, y: float, width: float, text: str = "") -> None:
        """Draw a cell of a table, 20 pt high."""
        self._canvas.rect(x, y, width, 20)
        self.text(x + 4, y + 6, text, 10)

    def turn(self) -> None:
        """End the page."""
        self.text(430, 30, "Revised 09/15/2025", 9)
        self._canvas.showPage()
        self.y = 740.0

    def data(self) -> bytes:
        """End the paper, and return it as a PDF."""
        self.turn()
        self._canvas.save()
        return self._out.getvalue()


def signature_block(
    paper: Paper, labels: Sequence[str], ours: str = "For the LEA:", theirs: str = "For ICE:", *, captions: bool = False
) -> None:
    """Draw the block that both sides sign, its labels before the blanks or as captions below them."""
    for text in (*PROSE, BY_SIGNING):
        paper.line(text)
    paper.y -= 10
    paper.text(OURS, paper.y, ours)
    paper.text(THEIRS, paper.y, theirs, 8)
    for label in labels:
        paper.y -= 40 if captions else 28
        for x, whose in ((OURS, "LEA"), (THEIRS, "ICE")):
            start = x if captions else paper.text(x, paper.y, f"{label}: ")
            paper.blank(start, paper.y, x + 215, f"{whose} {label}", f"{whose} {label.lower()}")
            if captions:
                paper.text(x, paper.y - 14, label, 8)
    paper.turn()


def contacts(
    paper: Paper, labels: Sequence[str], ours: str = "For the LEA:", *, public: bool = False, called: str = "POC"
) -> None:
    """Draw an appendix with the contacts of both sides, a label on each line."""
    paper.line("APPENDIX C" if public else "APPENDIX A")
    paper.line("PUBLIC INFORMATION POINTS OF CONTACT" if public else "POINTS OF CONTACT", 30)
    for text in PROSE:
        paper.line(text)
    for party, before in ((ours, called), ("For ICE:", f"ICE {called}")):
        paper.y -= 10
        paper.line(party, 20)
        for label in labels:
            start = paper.text(OURS + 18, paper.y, f"{label}: ") if label else OURS + 18.0
            paper.blank(start, paper.y, 360, f"{before} {label}", f"{before} {label.lower()}")
            paper.y -= 20
    paper.turn()


def proposed(data: bytes) -> list[DraftRow]:
    """Return what is proposed for a form where no edition is known; the footers left out."""
    rows = draft_edition(compile_template(data), ()).rows
    return [row for row in rows if row.blank.blank != "agency, footers"]


def filled(rows: Sequence[DraftRow]) -> list[str]:
    """Return the answers that are proposed, in reading order."""
    return [row.blank.path for row in rows if isinstance(row.blank, Entry)]
