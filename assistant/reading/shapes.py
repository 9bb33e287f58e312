"""Pages that are pictures without any text: recognized by how their ink lies, row by row and column by column.

``data/shapes.json`` holds for each page of the known forms how dark each strip of 2 pt is, from the top and from the
left, and where its blanks and their printed labels stand. A scan is aligned with it by scale and shift. Only emptiness
and the presence of a signature are found this way; what stands in a blank is not read here.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from assistant.pdf.viewer.viewed_pdf import SCALE
from assistant.reading.agreement import SlotReading
from assistant.reading.looks import ink_in
from assistant.reading.slots import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPage, ViewedPdf
    from assistant.reading.agreement import FoundSource

STRIP = 2
"""Points."""
PAPER = 792.0
"""The height of a letter page, in points; the forms are on no other."""
SCALES = (0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04)
MAX_SHIFT_PX = 24
"""Strips by which a scan may be shifted."""
LIKE = 0.8
ANGLES = tuple(n / 5 for n in range(-8, 9))
"""Degrees by which a scan may be skewed."""
TOLD_BY = 2
"""So many pages tell form and scale."""
SAME_FORM = 0.1
NEIGHBOURS = 2
"""A page of a scan is looked for so many pages before and behind its own number."""


@dataclass(frozen=True, slots=True)
class KnownShape:
    """One page of a known form: its strips, and the boxes of its slots and of their labels."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    slots: Mapping[str, tuple[Rect, ...]]
    labels: Mapping[str, tuple[Rect, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAlignment:
    """A scan aligned with a page of a form (``form_page`` from 1): x and y of the form, shifted, times ``scale``."""

    number: int
    edition: str
    form_page: int
    likeness: float
    turned: int
    scale: float
    across: int
    down: int
    picture: Image.Image

    def boxes(self, boxes: Iterable[Rect]) -> list[Rect]:
        """Return boxes of the form's page as they lie on the scan."""
        result = []
        for x0, y0, x1, y1 in boxes:
            left, right = ((x + STRIP * self.across) * self.scale for x in (x0, x1))
            top, bottom = ((PAPER - y + STRIP * self.down) * self.scale for y in (y1, y0))
            high = self.picture.height / SCALE
            result.append((left, high - bottom, right, high - top))
        return result


@cache
def known_shapes() -> dict[str, tuple[KnownShape, ...]]:
    """Return what is stored, by the edition's name."""
    text = resources.files("assistant.reading").joinpath("data/shapes.json").read_text("utf-8")
    return {
        name: tuple(
            KnownShape(
                tuple(int(c, 16) for c in page["rows"]),
                tuple(int(c, 16) for c in page["columns"]),
                {slot: tuple(map(tuple, boxes)) for slot, boxes in page["slots"].items()},
                {slot: tuple(map(tuple, boxes)) for slot, boxes in page["labels"].items()},
            )
            for page in pages
        )
        for name, pages in json.loads(text).items()
    }


def align_pages(viewed: ViewedPdf, pages: Sequence[ViewedPage], editions: Iterable[str]) -> list[PageAlignment]:
    """Return the pages aligned with pages of these editions: all of one edition, the one that fits best."""
    by_edition: dict[str, list[PageAlignment]] = {}
    names, scales = list(editions), list(SCALES)
    for page in pages:
        picture = viewed.picture(page)
        if picture is None:
            break
        for alignment in _best(levelled(picture), page, names, scales):
            by_edition.setdefault(alignment.edition, []).append(alignment)
        ranked = sorted(by_edition.values(), key=_sum, reverse=True)
        if ranked and len(ranked[0]) >= TOLD_BY:
            # The same scanner, and the same form: what fitted the first pages fits the others.
            near = ranked[0][0].scale
            scales = [scale for scale in SCALES if abs(scale - near) < 0.03]  # the next ones
            names = [alignment[0].edition for alignment in ranked if _sum(alignment) > _sum(ranked[0]) - SAME_FORM]
    return max(by_edition.values(), key=_sum, default=[])


def _sum(alignments: Sequence[PageAlignment]) -> float:
    return sum(item.likeness for item in alignments)


def _best(
    picture: Image.Image, page: ViewedPage, editions: Sequence[str], scales: Sequence[float]
) -> list[PageAlignment]:
    """Return for each edition how the page lies best on one of its pages near the same number, if well enough."""
    rows, columns = strips(picture)
    best: dict[str, PageAlignment] = {}
    for turn in (90, 270) if _busy(columns) > _busy(rows) else (0, 180):
        if best:
            break
        turned = picture.rotate(-turn, expand=True) if turn else picture
        rows, columns = strips(turned)
        for name in editions:
            first = max(0, page.number - 1 - NEIGHBOURS)
            for n, shape in enumerate(known_shapes()[name][first : page.number + NEIGHBOURS], start=first):
                likeness, scale, down = _align_rows(rows, shape.rows, scales)
                if likeness < LIKE or (name in best and likeness <= best[name].likeness):
                    continue
                right, over = _shifted(_scaled(columns, scale), shape.columns, range(-MAX_SHIFT_PX, MAX_SHIFT_PX))
                if right >= LIKE:
                    best[name] = PageAlignment(
                        number=page.number,
                        edition=name,
                        form_page=n + 1,
                        likeness=round(likeness, 3),
                        turned=turn,
                        scale=scale,
                        across=over,
                        down=down,
                        picture=turned,
                    )
    return list(best.values())


def levelled(picture: Image.Image) -> Image.Image:
    """Return a picture turned by the small angle at which its lines lie level."""
    small = _ink(picture).resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)

    def level(angle: float) -> float:
        turned = small.rotate(angle, fillcolor=0)
        rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
        return _jumps(rows)

    angle = max(ANGLES, key=level)
    return picture.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=255) if angle else picture


def strips(picture: Image.Image) -> tuple[list[int], list[int]]:
    """Return how dark the strips of a picture are, from the top and from the left: 0 to 15."""
    ink = _ink(picture)
    high, wide = (round(length / SCALE / STRIP) for length in (picture.height, picture.width))
    rows = ink.resize((1, high), Image.Resampling.BOX).tobytes()
    columns = ink.resize((wide, 1), Image.Resampling.BOX).tobytes()
    return [min(15, value // 4) for value in rows], [min(15, value // 4) for value in columns]


def empty(alignment: PageAlignment, shape: KnownShape, slot: str) -> bool | None:
    """Say whether a slot of a laid page is surely empty, or surely not; None where its label is not in its place."""
    labels = alignment.boxes(shape.labels[slot])
    if not labels or not all(ink_in(alignment.picture, [box]).is_present for box in labels):
        return None
    ink = ink_in(alignment.picture, alignment.boxes(shape.slots[slot]))
    return True if ink.is_absent else False if ink.is_present else None


def _ink(picture: Image.Image) -> Image.Image:
    histogram = picture.histogram()
    paper = max(range(128, 256), key=histogram.__getitem__)
    return picture.point([255 if grey < paper - 70 else 0 for grey in range(256)])


def _jumps(strip: bytes | Sequence[int]) -> int:
    """Return the sum of the squared differences between neighbors."""
    values = np.array(list(strip), np.int64)
    steps = values[1:] - values[:-1]
    return int(steps @ steps)


def _busy(strip: Sequence[int]) -> float:
    return _jumps(strip) / max(len(strip), 1)


def _scaled(strip: Sequence[int], scale: float) -> list[int]:
    line = Image.frombytes("L", (len(strip), 1), bytes(16 * value for value in strip))
    return list(line.resize((max(1, round(len(strip) / scale)), 1), Image.Resampling.BILINEAR).tobytes())


def _align_rows(rows: Sequence[int], form_rows: Sequence[int], scales: Sequence[float]) -> tuple[float, float, int]:
    """Return likeness, scale and shift at which rows lie best on a known page: first roughly, then to the strip."""
    rough = []
    coarse = _halved(form_rows)
    for scale in scales:
        likeness, down = _shifted(_halved(_scaled(rows, scale)), coarse, range(-MAX_SHIFT_PX // 2, MAX_SHIFT_PX // 2))
        rough.append((likeness, scale, 2 * down))
    best = (-1.0, 1.0, 0)
    for roughly, scale, near in sorted(rough, reverse=True)[:2]:
        if roughly > LIKE - 0.2:
            likeness, down = _shifted(_scaled(rows, scale), form_rows, range(near - 3, near + 4))
            best = max(best, (likeness, scale, down))
    return best


def _halved(strip: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(strip[::2], strip[1::2], strict=False)]


def _shifted(strip: Sequence[int], form_strip: Sequence[int], shifts: range) -> tuple[float, int]:
    """Return the best correlation of two strips over some shifts, and the shift."""
    margin, count = MAX_SHIFT_PX + 4, len(form_strip)
    padded = np.pad(np.array(strip, float), (margin, margin + max(0, count - len(strip))))
    # Whole numbers far below 2**53: the sums are exact in any order.
    parts = np.lib.stride_tricks.sliding_window_view(padded, count)[margin + shifts.start : margin + shifts.stop]
    form = np.array(form_strip, float)
    norm = math.sqrt(form @ form - form.sum() ** 2 / count) or 1.0
    totals = parts.sum(1)
    spread = np.sqrt(np.maximum((parts * parts).sum(1) - totals * totals / count, 1e-9))
    likeness = (parts @ form - form.mean() * totals) / norm / spread
    # Of equal ones the last, as of pairs the largest.
    best = len(likeness) - 1 - int(likeness[::-1].argmax())
    return float(likeness[best]), shifts[best]


def read_empty_slots(alignments: Sequence[PageAlignment], edition: Edition | None) -> dict[str, SlotReading]:
    """Return the slots of pages without text: empty, or unknown; of a signature, whether there is one."""
    readings: dict[str, SlotReading] = {}
    for item in alignments:
        shape = known_shapes()[item.edition][item.form_page - 1]
        for slot in shape.slots:
            is_empty = empty(item, shape, slot)
            source: FoundSource = "nothing" if is_empty else "unseen"
            if is_empty is False and slot == "lea_signature":
                source = "ink"
            readings[slot] = SlotReading(
                slot=slot, page=item.number, label=label_of(slot, edition), source=source, by_shape=True
            )
    return readings
