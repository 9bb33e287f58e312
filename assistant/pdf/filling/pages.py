"""Write on the pages themselves: what stands on a flat form's lines, and a mark at the head of every page.

Of a page only /Contents and /Resources change: one content stream is appended, one or two fonts are added. Where the
page's own content leaves a matrix or a clip behind, its state is saved before it and restored after it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.cache import IdentityCache
from assistant.errors import FillError, PdfError
from assistant.pdf.filling.graphics_state import SAVE, unbalanced_saves
from assistant.pdf.filling.update import EMBEDDED, Update
from assistant.pdf.form import embedded_font
from assistant.pdf.form.font import core_font
from assistant.pdf.form.layout import PAD, TextBox, fit, placed
from assistant.pdf.objects.syntax import Ref, Stream, write_number, write_object, write_stream, write_string
from assistant.text import drawn_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.geometry import Rect
    from assistant.pdf.form.fields import Page
    from assistant.pdf.form.font import SimpleFont

PLAIN = b"0 Tr 0 Tc 0 Tw 100 Tz 0 Ts"
"""Text as it is without settings (9.3): a page may leave invisible text set, or wide spaces, for what follows."""
CORE = b"H287"
"""The resource name of the core font that is added to flat pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatText:
    """A text for a line of a flat page: x0, baseline y, x1 (pt); ``page`` counts from 0, ``size`` is the largest."""

    blank: str
    page: int
    line: tuple[float, float, float]
    size: float
    text: str

    @property
    def box(self) -> TextBox:
        """Return the box to write in; its lower left corner lies a quarter of the size below the line's start."""
        x0, _, x1 = self.line
        return TextBox(x1 - x0 + 2 * PAD, 1.2 * self.size, cap=self.size, base=0.25 * self.size)

    @property
    def rect(self) -> Rect:
        """Return the box on the page."""
        x0, y, x1 = self.line
        return x0 - PAD, y - 0.25 * self.size, x1 + PAD, y + 0.95 * self.size


class PageUpdate(Update):
    """An update that writes on pages."""

    @cached_property
    def flat_font(self) -> SimpleFont | None:
        """Return the font that texts are drawn with; None is the embedded one."""
        return embedded_font.flat_font()

    def texts_in_embedded_font(self, flat_texts: Sequence[FlatText]) -> list[tuple[str, str]]:
        """Return the texts (blank, text) that need the embedded font."""
        texts = [(item.blank, drawn_form(item.text)) for item in flat_texts]
        return [(blank, text) for blank, text in texts if not (self.flat_font and self.flat_font.can_write(text))]

    def show(self, text: str, font: SimpleFont | None) -> bytes:
        """Return a text as a string in a content stream; without a font of the form's, for the embedded one."""
        return write_string((font or self.letters).encode(text))

    def write_pages(self, flat_texts: Sequence[FlatText], mark: str) -> None:
        """Add texts to the pages they name, and a mark to every page."""
        core = 0
        if mark or self.flat_font:
            core = self.new()
            font = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
            self.add_object(core, write_object(font))
        by_page: dict[int, list[FlatText]] = {}
        for item in flat_texts:
            by_page.setdefault(item.page, []).append(item)
        for n, page in enumerate(self.template.pages):
            if n in by_page or mark:
                content = b"".join(self._draw_flat_text(item) for item in by_page.get(n, ())) + (
                    _draw_mark(page, mark) if mark else b""
                )
                self._append(page, content, core)

    def _draw_flat_text(self, item: FlatText) -> bytes:
        """Return the operators that draw a text on a line of a page, as large as its box allows."""
        text = drawn_form(item.text)
        x0, y0 = item.rect[:2]
        box = item.box
        font = self.flat_font if self.flat_font and self.flat_font.can_write(text) else None
        width = font.width if font else self.letters.width
        fitted = fit(box, text, width)
        if fitted.clipped:
            raise FillError(item.blank, "the text does not fit. Choose a shorter wording.")
        pieces = [
            b"1 0 0 1 %.3f %.3f Tm %s Tj" % (x0 + x, y0 + y, self.show(piece, font))
            for x, y, piece in placed(box, text, fitted.size, width)
        ]
        return b"BT %s 0 g /%s %s Tf %s ET\n" % (
            PLAIN,
            CORE if font else EMBEDDED,
            write_number(round(fitted.size, 3)),
            b" ".join(pieces),
        )

    def _append(self, page: Page, content: bytes, core: int) -> None:
        before = page.dictionary.get("Contents")
        contents = self.document.get(before)
        parts = list(contents) if isinstance(contents, list) else [before] if before is not None else []
        left = self._count_unbalanced_saves(page, parts)
        if left:
            first = self.new()
            self.add_object(first, write_stream({}, SAVE))
            parts = [Ref(first), *parts]
        stream = self.new()
        self.add_object(stream, write_stream({}, b"\n" + b"Q " * left + b"q\n" + content + b"Q\n"))
        fonts = dict(self.document.dictionary(page.resources.get("Font")))
        if core:
            fonts[CORE.decode("ascii")] = Ref(core)
        if self.subset:
            fonts[EMBEDDED.decode("ascii")] = Ref(self.font_number)
        changed = {**page.dictionary, "Contents": [*parts, Ref(stream)], "Resources": {**page.resources, "Font": fonts}}
        self.add_object(page.ref.number, write_object(changed))

    def _count_unbalanced_saves(self, page: Page, parts: Sequence[Any]) -> int:
        """Return how many states to restore before something is appended to a page; looked up once for each form."""
        saves_by_page = _states.get_or_make(self.template, None, dict)
        if page.ref.number not in saves_by_page:
            streams = [self.document.get(part) for part in parts]
            saves_by_page[page.ref.number] = 0
            # Where a page cannot be unpacked here, the proof says whether what is appended stands right.
            with suppress(PdfError):
                content = b"\n".join([self.document.decoded(s) for s in streams if isinstance(s, Stream)])
                saves_by_page[page.ref.number] = unbalanced_saves(content) or 0
        return saves_by_page[page.ref.number]


_states: IdentityCache[dict[int, int]] = IdentityCache(1)


MARK_SIZE, BELOW_EDGE = 11.0, 22.0
"""Points: how large the mark at the head of a page is, and how far its baseline lies below the edge."""


def _mark_place(page: Page, text: str) -> tuple[float, float]:
    """Return where a mark begins on a page as it is shown, from its left edge, and how wide it is."""
    x0, y0, x1, y1 = page.box
    across = y1 - y0 if page.rotate in {90, 270} else x1 - x0
    width = core_font().width(text) * MARK_SIZE
    return (across - width) / 2, width


def _as_shown(page: Page) -> tuple[float, float, float, float, float, float]:
    """Return the matrix from a page as it is shown, its upper left corner the origin and up positive, to its own."""
    x0, y0, x1, y1 = page.box
    return {
        0: (1, 0, 0, 1, x0, y1),
        90: (0, 1, -1, 0, x0, y0),
        180: (-1, 0, 0, -1, x1, y0),
        270: (0, -1, 1, 0, x1, y1),
    }[page.rotate]


def mark_box(page: Page, text: str) -> Rect:
    """Return the box on a page (points) that a mark at its head stands in."""
    a, b, c, d, e, f = _as_shown(page)
    left, width = _mark_place(page, text)
    corners = [
        (a * x + c * y + e, b * x + d * y + f)
        for x in (left, left + width)
        for y in (-BELOW_EDGE - 0.25 * MARK_SIZE, -BELOW_EDGE + MARK_SIZE)
    ]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)


def _draw_mark(page: Page, text: str) -> bytes:
    """Return the operators that write a mark at the head of a page as it is shown, whatever its turn."""
    left, _ = _mark_place(page, text)
    cm = b" ".join(write_number(float(n)) for n in _as_shown(page))
    return b"/Artifact BMC q %s cm BT %s 0.7 0 0 rg /%s %s Tf %.2f %.2f Td %s Tj ET Q EMC\n" % (
        *(cm, PLAIN, CORE, write_number(MARK_SIZE), left, -BELOW_EDGE),
        write_string(core_font().encode(text)),
    )
