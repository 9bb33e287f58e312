"""Sheets of paper as a PDF: text, rules and boxes at a place, tagged in reading order.

Points, from the lower left. The same calls give the same bytes. Knows nothing of what a document says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.file import TaggedFile
from assistant.documents.fonts import Face, faces, printable
from assistant.documents.structure import Element

if TYPE_CHECKING:
    from datetime import date

    from assistant.documents.blocks import Picture
    from assistant.geometry import Rect

DARK_RED = "0.55 0 0"
DARK_BLUE = "0 0.25 0.5"
GREY = "0.35"
_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def _escaped(text: str) -> str:
    r"""Return a text for a PDF string in parentheses: a backslash before ``\``, ``(`` and ``)``."""
    # Most texts hold none of the three, and a look takes a twentieth of the time of ``translate``.
    return text.translate(_ESCAPES) if "(" in text or ")" in text or "\\" in text else text


class Paper:
    """A PDF in the making."""

    def __init__(self, *, title: str, author: str, day: date, size: tuple[float, float], place: str) -> None:
        """Begin without a page; ``place`` is named when a letter cannot be drawn."""
        self.width, self.height = size
        self.place = place
        self.root = Element("Document", None)
        self.codes: list[list[str]] = []
        self.marks: list[list[Element]] = []  # by page: the element of each marked content
        self.faces = faces()
        self.file = TaggedFile(title=printable(title, place), author=printable(author, place), day=day, size=size)
        self._names: dict[str, str] = {}

    @property
    def pages(self) -> int:
        """Return how many pages there are so far."""
        return len(self.codes)

    def new_page(self) -> None:
        """Begin a page; what is drawn next stands on it."""
        self.codes.append([])
        self.marks.append([])

    def turn_to(self, page: int) -> PaperSheet:
        """Return a page to draw on (counted from 0)."""
        return PaperSheet(self, page)

    def show(self, text: str, face: Face, size: float) -> str:
        """Return the operators that show a text whose letters the face has."""
        if face.font is None:
            codes = _escaped(text.encode("cp1252").decode("latin-1"))
            return f"{self._name(face)} {size:g} Tf ({codes}) Tj"
        if text.isascii():
            return f"{self._name(face)} {size:g} Tf ({_escaped(text)}) Tj"
        operators = []
        for subset, raw in face.font.splitString(text, self.file.objects):
            name = face.font.getSubsetInternalName(subset, self.file.objects)
            operators.append(f"{name} {size:g} Tf ({_escaped(raw.decode('latin-1'))}) Tj")
        return " ".join(operators)

    def _name(self, face: Face) -> str:
        """Return what the face is called on the pages; with Arimo, the subset that holds the ASCII letters."""
        if face.name not in self._names:
            objects = self.file.objects
            if face.font is None:
                self._names[face.name] = objects.getInternalFontName(face.name)
            else:
                face.font.splitString(" ", objects)
                self._names[face.name] = face.font.getSubsetInternalName(0, objects)
        return self._names[face.name]

    def finish(self) -> bytes:
        """Return the PDF."""
        return self.file.write(["\n".join(code) for code in self.codes], self.root, self.marks)


class PaperSheet:
    """One page to draw on."""

    __slots__ = ("_code", "_marks", "_paper", "number")

    def __init__(self, paper: Paper, number: int) -> None:
        """Turn to a page of the paper."""
        self._paper = paper
        self.number = number
        self._code = paper.codes[number]
        self._marks = paper.marks[number]

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        element: Element | None = None,
        ink: str = "",
    ) -> None:
        """Draw a text on its baseline, as part of an element, or as decoration without one."""
        if not text:
            return
        face = self._paper.faces.pick(bold=bold)
        operators = self._paper.show(printable(text, self._paper.place), face, size)
        if element is None:
            start = "/Artifact BMC"
        else:
            mark = len(self._marks)
            self._marks.append(element)
            element.kids.append((self.number, mark))
            start = f"/{element.tag} <</MCID {mark}>> BDC"
        if ink:
            operator = "rg" if " " in ink else "g"
            operators = f"{ink} {operator} {operators} 0 g"
        self._code.append(f"{start} BT 1 0 0 1 {x:.2f} {y:.2f} Tm {operators} ET EMC")

    def picture(self, box: Rect, picture: Picture, element: Element) -> None:
        """Draw a picture into a box (x0, y0, x1, y1); the element becomes its figure (ISO 32000-1, 14.8.5.4)."""
        name = self._paper.file.add_picture(picture.pixels, picture.size)
        x0, y0, x1, y1 = box
        mark = len(self._marks)
        self._marks.append(element)
        element.kids.append((self.number, mark))
        alt = printable(picture.alt, self._paper.place).encode("utf-16-be").hex()
        place = f"/A <</O/Layout/Placement/Block/BBox [{x0:.1f} {y0:.1f} {x1:.1f} {y1:.1f}]>>"
        element.attributes = f"{place}/Alt <FEFF{alt}>"
        self._code.append(
            f"/Figure <</MCID {mark}>> BDC q {x1 - x0:.2f} 0 0 {y1 - y0:.2f} {x0:.2f} {y0:.2f} cm /{name} Do Q EMC"
        )

    def line(self, x0: float, y0: float, x1: float, y1: float, *, thick: float = 0.5, ink: str = GREY) -> None:
        """Draw a rule."""
        self._code.append(f"/Artifact BMC {ink} G {thick:g} w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S EMC")

    def box(self, x: float, y: float, width: float, height: float, *, thick: float = 0.8, ink: str = "0") -> None:
        """Draw the outline of a box; ``ink`` is grey or red, green, blue (0 to 1)."""
        operator = "RG" if " " in ink else "G"
        self._code.append(
            f"/Artifact BMC {ink} {operator} {thick:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S EMC"
        )

    def shade(self, x: float, y: float, width: float, height: float, *, grey: float = 0.92) -> None:
        """Fill a box with light grey."""
        self._code.append(f"/Artifact BMC {grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f 0 g EMC")
