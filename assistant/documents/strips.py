"""Strips: the smallest things on a page that never break, such as a line of text or a row of a table.

Knows how text is broken into lines and how high things are; knows nothing of what the text means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from assistant.cache import cached_text
from assistant.documents.fonts import Face, faces, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.documents.paper import PaperSheet
    from assistant.documents.structure import Element

LEADING = 1.3  # line height over text size
BASELINE = 0.95  # from the top of a line down to its baseline, over text size
_PARTS = re.compile(r"[^-–—/@.]*[-–—/@.]+|[^-–—/@.]+")  # of a name, an e-mail address: a line may end after the sign

# Given the sheet and the y of the strip's top edge (pt), draw it.
Draw = Callable[["PaperSheet", float], None]


class Strip(NamedTuple):
    """One unbreakable part; ``with_next``: not the last on a page; ``space``: left out at the head of a page."""

    height: float
    draw: Draw | None = None
    with_next: bool = False
    header: Strip | None = None  # drawn again when this strip begins a page

    @property
    def space(self) -> bool:
        """Say whether the strip is only space."""
        return self.draw is None


def space(height: float, *, with_next: bool = False) -> Strip:
    """Return empty space, pt."""
    return Strip(height=height, with_next=with_next)


@cached_text(8192, personal=True)
def wrap(text: str, width: float, size: float, *, bold: bool = False, place: str = "") -> tuple[str, ...]:
    """Return the text as lines no wider than ``width``; a wider word breaks at a hyphen, else between letters."""
    face = faces().pick(bold=bold)
    text = printable(text, place)
    if face.width(text, size) <= width:
        return (text,)
    return tuple(_broken(text, width, size, face))


def _broken(text: str, width: float, size: float, face: Face) -> Iterator[str]:
    line, used = "", 0.0
    blank = face.width(" ", size)
    for whole in text.split():
        for word, wide in _pieces(whole, width, size, face):
            if line and used + blank + wide > width:
                yield line
                line, used = word, wide
            else:
                used += (blank if line else 0) + wide
                line = f"{line} {word}" if line else word
    yield line


def _pieces(word: str, width: float, size: float, face: Face) -> Iterable[tuple[str, float]]:
    """Yield a word in pieces no wider than ``width``, each as long as it can be: no two of them fit on one line."""
    wide = face.width(word, size)
    if wide <= width:
        yield word, wide
        return
    piece, used = "", 0.0
    for part in _parts(word, width, size, face):
        step = face.width(part, size) if len(part) > 1 else _letter_width(part, size, face.name)
        if piece and used + step > width:
            yield piece, used
            piece, used = "", 0.0
        piece += part
        used += step
    yield piece, used


def _parts(word: str, width: float, size: float, face: Face) -> Iterator[str]:
    """Yield what a word may be broken into: its parts up to a hyphen, and the letters of a part that is too wide."""
    for part in _PARTS.findall(word):
        if face.width(part, size) <= width:
            yield part
        else:
            yield from part


@cached_text(4096)
def _letter_width(letter: str, size: float, name: str) -> float:
    both = faces()
    return (both.regular if both.regular.name == name else both.bold).width(letter, size)


def lines(
    texts: Iterable[str],
    *,
    x: float,
    size: float,
    element: Element,
    bold: bool = False,
    whole: bool = False,
    first: Draw | None = None,
) -> Iterator[Strip]:
    """Yield one strip for each line; no page begins or ends with a single line of several.

    ``whole`` keeps all lines together and with what follows; ``first`` draws something beside the first line.
    """
    texts = list(texts)
    last = len(texts) - 1
    for number, text in enumerate(texts):

        def draw(sheet: PaperSheet, top: float, text: str = text, number: int = number) -> None:
            if first is not None and number == 0:
                first(sheet, top)
            sheet.text(x, top - BASELINE * size, text, size, bold=bold, element=element)

        keep = whole or (last > 0 and number in {0, last - 1})
        yield Strip(height=LEADING * size, draw=draw, with_next=keep)
