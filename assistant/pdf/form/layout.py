"""Where a text stands in its box and how large: one set of rules for fields and for flat places.

Auto-sized text follows what Acrobat does (measured on 57 appearances of real forms, within 1 %):
size = min(0.741 · (H - 2), (W - 4) / width at 1 pt), from 4 pt up; x = 2; baseline = H/2 - 0.371 · size.
Lengths are points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from assistant.pdf.form.clusters import clusters, max_marks

if TYPE_CHECKING:
    from collections.abc import Callable

SMALLEST_AUTO = 4.0
"""Acrobat's floor: below it auto-sized text is cut."""
SMALLEST_FIXED = 7.0
"""A fixed size is drawn smaller down to this, never below."""
LARGEST_MULTILINE = 12.0
UNBROKEN = 7.0
"""Points down to which an e-mail address in a box of several lines stays whole; smaller it would be hard to read."""
ADDRESS_PIECE = re.compile(r"\.?[^@.]*@|\.?[^@.]+|\.")
"""What an e-mail address may be broken into: each piece ends with the @, or begins with a dot."""
LINE = 1.15
"""Line height of multiline text, in em."""
PAD = 2.0
"""Between the text and the side of a box without a border, or with one of a point."""
DEEP, HIGH = 0.212, 0.729
"""How far letters reach under the baseline and over it, in em."""
LINE_REACH_EM = DEEP + 0.371
"""How far they reach down from the middle of a box, where a single line stands in it."""
MARKED = 0.22
"""How much farther each mark of a letter reaches that Unicode has no composed form for."""


@dataclass(frozen=True, slots=True)
class TextBox:
    """A place to write: its size as the reader sees it, and the rules of the field."""

    width: float
    height: float
    size: float = 0.0
    """The fixed size; 0 means auto-sized."""
    align: int = 0
    """0 left, 1 centred, 2 right (/Q)."""
    multiline: bool = False
    comb: int = 0
    """The number of cells, 0 for none."""
    limit: int = 0
    """The most letters it takes (/MaxLen), 0 for no limit; a letter with its accents is one."""
    cap: float = 0.0
    """The largest size of an auto-sized text, 0 for none (flat places have one)."""
    base: float | None = None
    """The baseline, where it does not follow from the height (flat places)."""
    edge: float = 1.0
    """What a border takes of each side, at least a point."""
    frame: float = 0.0
    """What a border that is drawn takes of each side: letters are cut there."""

    # Worked out once: a form is filled many times.
    pad: float = field(init=False, repr=False, compare=False)
    """What is kept free at each side."""
    room: float = field(init=False, repr=False, compare=False)
    """What is left between them."""
    plain: bool = field(init=False, repr=False, compare=False)
    """Whether it takes one line, and any number of letters."""
    best_size: float = field(init=False, repr=False, compare=False)
    """The largest size that any text can have here."""
    tallest: float = field(init=False, repr=False, compare=False)
    """The largest size at which letters stay inside the box, up and down."""
    largest: float = field(init=False, repr=False, compare=False)
    """The size of a text that is short enough."""
    smallest: float = field(init=False, repr=False, compare=False)
    """The size below which nothing is drawn."""
    low: bool = field(init=False, repr=False, compare=False)
    """Whether even that overflows the box, up or down."""
    easy: float = field(init=False, repr=False, compare=False)
    """How wide a text may be (at 1 pt) to stand here on one line, from the left, in the largest size; -1 for none.

    None where a fixed size has to be drawn smaller, whatever the text.
    """

    def __post_init__(self) -> None:
        """Work out what follows from the rest."""
        best = self.size or self.cap or 0.741 * (self.height - 2 * self.edge)
        if self.multiline and not self.size:
            best = LARGEST_MULTILINE
        inside = max(0.0, self.height - 2 * self.frame)
        tallest = best if self.base is not None else inside / (2 * LINE_REACH_EM)
        smallest = min(SMALLEST_FIXED, self.size) if self.size else SMALLEST_AUTO
        object.__setattr__(self, "smallest", smallest)
        object.__setattr__(self, "low", self.base is None and HIGH * smallest > inside)
        object.__setattr__(self, "pad", PAD * self.edge)
        object.__setattr__(self, "room", self.width - 2 * PAD * self.edge)
        object.__setattr__(self, "plain", not (self.multiline or self.comb or self.limit))
        object.__setattr__(self, "best_size", best)
        object.__setattr__(self, "tallest", tallest)
        object.__setattr__(self, "largest", max(smallest, min(best, tallest)))
        straight = self.plain and not self.align and not self.low and self.largest >= self.size
        object.__setattr__(self, "easy", self.room / best if straight and best >= smallest else -1.0)

    def baseline(self, size: float) -> float:
        """Return where the baseline of a single line lies over the lower edge."""
        return self.height / 2 - 0.371 * size if self.base is None else self.base


class Fit(NamedTuple):
    """How a text stands in a box: the size it gets, and whether something of it would be lost."""

    size: float
    clipped: bool
    best_size: float
    missing: str = ""
    """Letters that no font here can write correctly."""


def fit(box: TextBox, text: str, width: Callable[[str], float]) -> Fit:
    """Return how a text fits; ``width`` gives a text's width at 1 pt in the font that will write it."""
    best = box.best_size
    if not text:
        return Fit(best, clipped=False, best_size=best)
    if box.multiline:
        fitted = _fit_lines(box, text, width)
    elif box.comb:
        cells = clusters(text)
        room = 0.9 * box.width / box.comb / max(0.001, *map(width, cells))
        fitted = fit_line(box, text, room if len(cells) <= box.comb else 0.0)
    else:
        fitted = fit_line(box, text, box.room / (width(text) or 0.001))
    if box.limit and len(clusters(text)) > box.limit:
        return Fit(fitted.size, clipped=True, best_size=best)
    return fitted


def fit_line(box: TextBox, text: str, room: float) -> Fit:
    """Return how a line fits that can be ``room`` pt large from side to side."""
    best, smallest = box.best_size, box.smallest
    size = min(room, best)
    tallest = box.tallest
    if not text.isascii() and box.base is None and (most := max_marks(text)):
        tallest *= LINE_REACH_EM / (LINE_REACH_EM + MARKED * most)
        size = min(size, tallest)
    cut = size < smallest or box.low
    size = min(size, tallest)
    return Fit(max(size, smallest), cut, best)


def lines_of(box: TextBox, text: str, size: float, width: Callable[[str], float]) -> list[str]:
    """Return a multiline text as it breaks at this size: at spaces, and at line ends of its own.

    An e-mail address wider than the box breaks behind its "@" or before a dot: it cannot be worded shorter.
    """
    room = box.room / size
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width(longer) > room:
                lines.append(line)
                line = word
            else:
                line = longer
            *whole, line = _address_lines(line, room, width)
            lines += whole
        lines.append(line)
    return lines


def _address_lines(line: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Return a line of one e-mail address in pieces that fit, as far as it can be broken; any other line whole."""
    if "@" not in line or " " in line or width(line) <= room:
        return [line]
    lines = [""]
    for piece in ADDRESS_PIECE.findall(line):
        if lines[-1] and width(lines[-1] + piece) > room:
            lines.append(piece)
        else:
            lines[-1] += piece
    return lines


def _fit_lines(box: TextBox, text: str, width: Callable[[str], float]) -> Fit:
    best, smallest = box.best_size, box.smallest
    size = None
    if "@" in text:
        # An address is broken only where it would have to be smaller than this to stay whole.
        size = _largest_size(box, text, width, least=max(UNBROKEN, smallest), unbroken=True)
    size = size or _largest_size(box, text, width, least=smallest)
    return Fit(size or smallest, clipped=not size, best_size=best)


def _largest_size(
    box: TextBox, text: str, width: Callable[[str], float], *, least: float, unbroken: bool = False
) -> float | None:
    """Return the largest size down to ``least`` at which all lines fit, None where they never do."""
    up, across = box.height - 2 * box.pad, box.room
    words = text.split() if unbroken else []
    size = box.best_size
    while size >= least:
        lines = lines_of(box, text, size, width)
        if len(lines) * LINE * size <= up and max(map(width, [*lines, *words])) * size <= across:
            return size
        if size == least:
            break
        size = max(least, size - 0.5)
    return None


def placed(box: TextBox, text: str, size: float, width: Callable[[str], float]) -> list[tuple[float, float, str]]:
    """Return the pieces to draw: (x, baseline y, text), from the box's lower left corner."""
    base = box.baseline(size)
    if box.multiline:
        top = box.height - box.pad - 0.93 * size
        lines = lines_of(box, text, size, width)
        return [(start_of(box, width(line) * size), top - n * LINE * size, line) for n, line in enumerate(lines)]
    if box.comb:
        cell = box.width / box.comb
        cells = clusters(text)
        first = (0, (box.comb - len(cells)) // 2, box.comb - len(cells))[box.align]
        return [(n * cell + (cell - width(c) * size) / 2, base, c) for n, c in enumerate(cells, first)]
    return [(start_of(box, width(text) * size), base, text)]


def start_of(box: TextBox, width: float) -> float:
    """Return where a line starts that is this wide, by the box's alignment."""
    if not box.align:
        return box.pad
    left = box.width - width
    return max(left / 2 if box.align == 1 else left - box.pad, box.pad)
