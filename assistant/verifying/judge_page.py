"""What differs on a page that was aligned with the issued one: words, single signs, added ink; and what a pen wrote.

Whether a page can be judged at all comes first; a page that was scanned too badly is unreadable, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.alignment import ALIGN_DPI, Box
from assistant.scans.one_thread import cv2
from assistant.verifying.added_ink import (
    MOST_SPECKS,
    NOTES_BY_KIND,
    TRACE,
    AddedInk,
    find_added,
    mask_added_ink,
    mask_pen,
    measure_paper,
    remove_specks,
)
from assistant.verifying.comparison import PageDifference
from assistant.verifying.parts import lay_part
from assistant.verifying.quoting import (
    READ_DPI,
    ReadWord,
    fold_word,
    looks_alike,
    read_line,
    scale_box,
    words_in,
)
from assistant.verifying.signs import Exchange, find_exchanges, font_key, lay_moved_signs
from assistant.verifying.stamps import FAIR_READING, is_month_and_figures, is_stamp, level_part, read_framed
from assistant.verifying.words import LEAST_INK, WordRemainders, average_remainder, measure_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assistant.scans.alignment import Alignment
    from assistant.scans.matching import PictureMatch
    from assistant.scans.paper import Darkness, InkPicture
    from assistant.verifying.issued_page import IssuedPage, PrintedWord
    from assistant.verifying.page_model import PageModel
    from assistant.verifying.signs import GlyphAtlas

LEAST_LIKENESS = 0.75
"""A page whose middle word is less alike was scanned too badly to tell what was changed."""
MOST_BLUR = 2.5
LEAST_CONTRAST = 0.3
LEAST_FOUND = 0.6
"""In one part of the page: fewer pieces of print found again, and that part cannot be judged."""
SURE_READING, LET_GO_READING = 60.0, 85.0
"""Tesseract's confidence from which a reading is quoted, and from which it lets a doubt go."""
LIES_ELSEWHERE = 0.6
"""A word so little alike that is read as issued lies beside its place."""
SURE_EXCHANGE = 0.85
"""From this t on a reading does not let an exchanged sign go."""
ALIKE_WORD = 0.82
"""A word so much alike, with no sign exchanged and little missing, is the same."""
MOVED, LEAST_MOVED = 75, 40
"""Pixels around its place in which a word that is not there is looked for, and how wide it is at least."""
LIKE_NEARBY = 0.55
"""Ink so much alike is read: it may be that word."""
LINE = 26
"""Pixels: how high a line of 12 points is."""
COVERING = 1.25
"""Times the height of a word: added ink that is higher covers words."""
BESIDE_WORD = 6
"""Pixels around a changed word within which added ink belongs to it."""
TILTED = 2.5
"""Degrees from which large added ink is no typed line and may be a stamp."""
BESIDE_STAMP = 60
"""Pixels around a stamp in which ink may be a piece of it that printed words cut off."""
PIECES_OF_STAMPS = frozenset({"struck", "written"})
"""What such a piece looks like: a stroke, or ink that is no word."""
MOST_BESIDE_STROKE = 0.04
"""The part of a word's box, its stroke left out, that a stroke through it covers at most."""
MOST_JUDGED = 40
"""So many suspicious words of a page are looked at one by one."""
PAPER_EDGE = 3
"""Pixels: ink that is no word and begins so near the edge of the page is no writing."""
FINER = READ_DPI // ALIGN_DPI
STRUCK = 0.85
"""A stroke through so much of a word strikes it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found on a page; see ``PageComparison`` for what each means."""

    unreadable: str = ""
    differences: tuple[PageDifference, ...] = ()
    notes: tuple[str, ...] = ()
    ink: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedPage:
    """An issued page, and a scan aligned with it."""

    issued: IssuedPage
    match: PictureMatch
    alignment: Alignment
    model: PageModel
    """The page as this scanner would show it, and the scan."""
    picture: InkPicture
    """The scanned picture."""

    @property
    def likeness(self) -> float:
        """Return how alike its words are: the middle one; 1 where there are none."""
        return float(np.median(np.clip(self.model.likeness, 0, 1))) if len(self.model.likeness) else 1.0


def judge_page(aligned: AlignedPage, atlas: GlyphAtlas, draw_fine: Callable[[], InkPicture]) -> Judged:
    """Return what differs on a page that was aligned with the issued one.

    Args:
        aligned: the page as issued, with the scan aligned to it.
        atlas: the pictures of the signs of the issued file.
        draw_fine: returns the scanned picture as finely as it was scanned; called where something has to be read.
    """
    return _PageJudge(aligned, atlas, draw_fine).judge()


class _PageJudge:
    def __init__(self, aligned: AlignedPage, atlas: GlyphAtlas, draw_fine: Callable[[], InkPicture]) -> None:
        self._issued, self._alignment, self._model, self._atlas = (
            aligned.issued,
            aligned.alignment,
            aligned.model,
            atlas,
        )
        self._picture, self._draw_fine = aligned.picture, draw_fine
        self._mask, self._specks = remove_specks(mask_added_ink(aligned.model))
        self._stamps: list[Box] = []
        self._explained: list[Box] = []
        """Where ink was added because a word is another one or lies elsewhere."""

    @cached_property
    def _fine(self) -> InkPicture:
        return self._draw_fine()

    def _draw_part(self, left: int, top: int, right: int, bottom: int) -> Darkness:
        """Return a part of the scan as it lies over the page, at ``READ_DPI``."""
        high, wide = self._issued.dark.shape
        box = (left, top, min(right, FINER * wide), min(bottom, FINER * high))
        return lay_part(self._alignment.page_map, self._fine, box, READ_DPI)

    @cached_property
    def _remainders(self) -> WordRemainders:
        return measure_words(self._model, self._issued.words)

    @cached_property
    def _heaps(self) -> list[AddedInk]:
        return list(find_added(self._mask, self._issued.left_out))

    def judge(self) -> Judged:
        ink = self._measure_blanks()
        reason = self._find_reason_unreadable()
        if reason:
            return Judged(unreadable=reason, ink=ink)
        notes: list[str] = []
        covered: list[tuple[Box, bool]] = []
        large = [
            (heap.box, difference)
            for heap in self._heaps
            if self._covers(heap)
            for difference in self._judge_heap(heap, notes, covered)
        ]
        words = list(self._judge_words(covered))
        small = [
            (heap.box, difference)
            for heap in self._heaps
            if not self._covers(heap) and not any(_touches(heap.box, box) for box in self._explained)
            for difference in self._judge_heap(heap, notes, [])
        ]
        like_stamps = [heap.box for heap in self._heaps if heap.is_framed or abs(heap.angle) > TILTED]
        rest = [
            difference
            for box, difference in (*words, *large, *small)
            if not (difference.kind in PIECES_OF_STAMPS and self._is_beside(box, self._stamps))
            # A stamp that cannot be read is reported as a stamp; the lines of its frame strike nothing out.
            and not (difference.kind == "struck" and self._is_beside(box, like_stamps))
        ]
        return Judged(differences=tuple(rest), notes=tuple(dict.fromkeys(notes)), ink=ink)

    def _covers(self, heap: AddedInk) -> bool:
        """Say whether added ink is so high, or no writing at all, that it covers words rather than stands in a line."""
        line = float(np.median([word.box.bottom - word.box.top for word in self._issued.words] or [LINE]))
        return heap.kind != "writing" or heap.is_framed or heap.box.bottom - heap.box.top > COVERING * line

    def _find_reason_unreadable(self) -> str:
        model, words = self._model, self._issued.words
        if not words:
            return ""
        beyond = self._alignment.page_map.find_beyond(
            self._picture.size, np.array([word.box.middle for word in words]) / ALIGN_DPI
        )
        if beyond.any():
            return "is cut off at an edge of the paper"
        if model.contrast < LEAST_CONTRAST:
            return "is too pale"
        if model.blur >= MOST_BLUR:
            return "is out of focus"
        if self._specks > MOST_SPECKS:
            return "has specks all over"
        if float(np.median(model.likeness)) < LEAST_LIKENESS:
            return "is too coarse or too faint"
        if self._alignment.find_worst_part() < LEAST_FOUND:
            return "has a part that is in the shadow, bent or cut off"
        return ""

    # The words.

    def _judge_words(self, covered: Sequence[tuple[Box, bool]]) -> Iterator[tuple[Box, PageDifference]]:
        words, remainders = self._issued.words, self._remainders
        exchanges: dict[int, list[Exchange]] = {}
        for exchange in find_exchanges(self._model, words, self._atlas):
            exchanges.setdefault(exchange.word, []).append(exchange)
        suspicious = [n for n in range(len(words)) if n in exchanges or remainders.suspicion(n)]
        suspicious.sort(key=lambda n: (n not in exchanges, remainders.suspicion(n) != "strong"))
        for n in sorted(suspicious[:MOST_JUDGED]):
            over = [is_note for box, is_note in covered if _touches(box, words[n].box)]
            if any(over):
                continue
            difference = self._judge_word(n, exchanges.get(n, []), is_covered=bool(over))
            if difference or self._model.likeness[n] < LIES_ELSEWHERE:
                # The ink beside it belongs to what stands there now, or to the word itself, moved.
                self._explained.append(_widen(words[n].box, BESIDE_WORD))
            if difference:
                yield words[n].box, difference

    def _judge_word(self, n: int, exchanges: Sequence[Exchange], *, is_covered: bool) -> PageDifference | None:
        word = self._issued.words[n]
        place, issued = word.box.top / ALIGN_DPI, word.text if word.quotable else ""
        if self._remainders.ink[n] < LEAST_INK and not is_covered:
            if self._is_found_nearby(word):
                return None
            return PageDifference(kind="gone", issued=issued, place=place)
        if not exchanges and self._is_explained_by_moves(n):
            return None
        in_frame = any(heap.is_framed and _touches(heap.box, word.box) for heap in self._heaps)
        if not in_frame and self._is_struck(word):
            return PageDifference(kind="struck", issued=issued, place=place)
        read, confidence = self._read_word(n)
        # What covers a word is described once, for all that it covers, but for a word that is surely another.
        # What a stamp leaves of a word is read as a part of it, and its strokes make one letter look like another.
        is_part = fold_word(read) in fold_word(word.text)
        if is_covered and not (len(exchanges) > 1 and confidence >= LET_GO_READING and not is_part):
            # A stamp adds ink and takes none away.
            is_under_stamp = any(_touches(stamp, word.box) for stamp in self._stamps)
            is_suspicious = is_under_stamp and self._remainders.lacks_ink(n)
            return PageDifference(kind="coarse", issued=issued, place=place) if is_suspicious else None
        if self._is_let_go(n, exchanges, read, confidence):
            return None
        if exchanges and fold_word(word.text) != fold_word(read):
            changed = word.text
            for exchange in exchanges:
                changed = changed[: exchange.at] + exchange.sign_read + changed[exchange.at + 1 :]
            is_sure = confidence >= SURE_READING and bool(read)
            return PageDifference(kind="word", issued=issued, read=read if is_sure else changed, place=place)
        is_sure = confidence >= SURE_READING and bool(read) and not exchanges
        if is_sure and self._remainders.suspicion(n) == "strong":
            return PageDifference(kind="word", issued=issued, read=read, place=place)
        return PageDifference(kind="coarse", issued=issued, place=place)

    def _is_let_go(self, n: int, exchanges: Sequence[Exchange], read: str, confidence: float) -> bool:
        """Say whether a suspicious word is the same after all: by its reading, or because little is wrong with it."""
        word, likeness = self._issued.words[n], float(self._model.likeness[n])
        if not exchanges:
            if looks_alike(word.text, read) and confidence >= SURE_READING:
                return True
            # Specks in a word: what changes a letter changes more.
            return self._remainders.suspicion(n) != "strong" and likeness >= ALIKE_WORD
        is_read = fold_word(word.text) == fold_word(read) and confidence >= LET_GO_READING
        return is_read and (likeness < LIES_ELSEWHERE or max(e.t for e in exchanges) < SURE_EXCHANGE)

    def _is_found_nearby(self, word: PrintedWord) -> bool:
        """Say whether a word stands a little beside its place, in ink that the issued page has not there.

        Far from other print, as at the foot of a nearly empty page, no print says how the paper bends.
        """
        model, box = self._model, word.box
        if box.right - box.left < LEAST_MOVED:
            return False
        around = _widen(box, MOVED)
        high, wide = model.scan.shape
        around = Box(max(0, around.left), max(0, around.top), min(wide, around.right), min(high, around.bottom))
        added = np.maximum(around.cut(model.remainder), 0)
        likes = cv2.matchTemplate(added, box.cut(model.expected), cv2.TM_CCOEFF_NORMED)
        if not np.isfinite(likes).all() or likes.max() < LIKE_NEARBY:
            return False
        _, _, _, (x, y) = cv2.minMaxLoc(likes)
        x, y = around.left + x, around.top + y
        there = Box(x, y, x + box.right - box.left, y + box.bottom - box.top)
        left, top, right, bottom = scale_box(there, 4)
        words_read = read_line(self._draw_part(left, top, right, bottom), model.contrast)
        is_found = looks_alike(word.text, "".join(one.text for one in words_read))
        if is_found:
            self._explained.append(_widen(there, BESIDE_WORD))
        return is_found

    def _is_explained_by_moves(self, n: int) -> bool:
        """Say whether a printer that set the letters of a word elsewhere explains what is missing and added."""
        word, model = self._issued.words[n], self._model
        if not word.quotable:
            return False
        glyphs = self._atlas.of_font(font_key(word.signs[0]), model)
        if any(font_key(sign) != font_key(word.signs[0]) or sign.text not in glyphs for sign in word.signs):
            return False
        moved = lay_moved_signs(model, word, glyphs)
        rest = average_remainder(word.box.cut(model.scan) - moved, model.contrast)
        return self._remainders.is_below_weak(-float(rest.min()), float(rest.max()))

    def _is_struck(self, word: PrintedWord) -> bool:
        """Say whether one stroke runs through most of a word where the issued page has none."""
        model, box = self._model, word.box
        high = box.bottom - box.top
        rows = slice(round(0.25 * high), round(0.75 * high))
        floor, contrast = float(model.tone[0]), max(model.contrast, 0.2)
        dark = box.cut(model.scan)[rows] > floor + 0.4 * contrast
        own = box.cut(model.expected)[rows] > floor + 0.4 * contrast
        if dark.shape[1] < 12:
            return False
        # A pen is not level to the pixel: three rows together.
        thick = dark[:-2] | dark[1:-1] | dark[2:]
        usual = own[:-2] | own[1:-1] | own[2:]
        shares, before = thick.mean(axis=1), usual.mean(axis=1)
        strokes = np.flatnonzero((shares > STRUCK) & (before < shares - 0.2))
        if not len(strokes):
            return False
        # A stamp or a signature over a word leaves ink all over it, a stroke through it only there.
        added = box.cut(self._mask).astype(np.float32)
        at = rows.start + int(strokes.mean()) + 1
        added[max(0, at - 5) : at + 6] = 0
        return float(added.mean()) < MOST_BESIDE_STROKE

    # Reading.

    def _read_word(self, n: int) -> tuple[str, float]:
        """Return what is read in place of a word, with its neighbors on the line in view, and the confidence."""
        words = self._issued.words
        box = words[n].box
        line = [w.box for w in words[max(0, n - 1) : n + 2] if abs(w.box.bottom - box.bottom) < 6]
        line = [b for b in line if -90 < b.left - box.right < 60 or -90 < box.left - b.right < 60 or b == box]
        left, top, right, bottom = scale_box(box, 2)
        row_left = scale_box(min(line, key=lambda b: b.left), 4)[0]
        row_right = scale_box(max(line, key=lambda b: b.right), 4)[2]
        read_words = words_in(
            read_line(self._draw_part(row_left, top, row_right, bottom), self._model.contrast),
            left - row_left,
            right - row_left,
        )
        return " ".join(word.text for word in read_words), min((word.confidence for word in read_words), default=0.0)

    def _read_ink(self, heap: AddedInk) -> list[ReadWord]:
        """Return what is read of added ink, with the issued ink taken out."""
        left, top, right, bottom = scale_box(heap.box, 8)
        part = self._draw_part(left, top, right, bottom)
        own = self._model.expected > self._model.tone[0] + TRACE * max(self._model.contrast, 0.2)
        rows = np.arange(top, top + part.shape[0]) // FINER
        columns = np.arange(left, left + part.shape[1]) // FINER
        without_own = np.where(own[np.ix_(rows, columns)], np.float32(0), part)
        tall = (heap.box.bottom - heap.box.top) > 0.35 * ALIGN_DPI
        if heap.is_framed:
            return read_framed(without_own, part, heap.angle, self._model.contrast, many_lines=tall)
        return read_line(level_part(without_own, heap.angle), self._model.contrast, many_lines=tall)

    # What was added.

    def _judge_heap(
        self, heap: AddedInk, notes: list[str], covered: list[tuple[Box, bool]]
    ) -> Iterator[PageDifference]:
        """Yield what added ink means; a note where it alters nothing, and where it covers words."""
        if heap.kind != "writing":
            notes.append(NOTES_BY_KIND[heap.kind])
            covered.append((heap.box, heap.kind != "margin"))
            return
        words = [word for word in self._read_ink(heap) if word.confidence >= FAIR_READING]
        texts = [word.text for word in words]
        if is_stamp(texts, is_framed=heap.is_framed):
            notes.append(f"a stamp that says “{' '.join(texts)}”")
            covered.append((heap.box, False))
            self._stamps.append(heap.box)
            return
        covered.append((heap.box, False))
        difference = self._describe_writing(heap, words)
        if difference:
            yield difference

    def _describe_writing(self, heap: AddedInk, words: Sequence[ReadWord]) -> PageDifference | None:
        place = heap.box.top / ALIGN_DPI
        letters = [word for word in words if len(fold_word(word.text)) > 1 and word.confidence >= SURE_READING]
        # In a frame, part of a stamp's date is easily read as a word; without one, large figures may be a stamp's.
        is_date = self._covers(heap) and is_month_and_figures([word.text for word in letters])
        if len(letters) > 2 * heap.is_framed and not is_date:
            return PageDifference(kind="added", read=" ".join(word.text for word in words), place=place)
        high, wide = self._model.scan.shape
        if min(heap.box.left, heap.box.top, wide - heap.box.right, high - heap.box.bottom) <= PAPER_EDGE:
            return None  # the edge of the paper, or its shadow
        near = [word for word in self._issued.words if _touches(heap.box, word.box)]
        across, down = heap.box.right - heap.box.left, heap.box.bottom - heap.box.top
        if max(across, down) < 0.1 * ALIGN_DPI:
            return None  # a speck, smaller than a word
        issued = near[0].text if near and near[0].quotable else ""
        return PageDifference(kind="written", issued=issued, place=place)

    def _is_beside(self, box: Box, stamps: Sequence[Box]) -> bool:
        """Say whether something lies so near a stamp, or on a piece beside one, that ink there may be its own."""
        around = [_widen(stamp, BESIDE_STAMP) for stamp in stamps]
        pieces = [heap.box for heap in self._heaps if any(_touches(heap.box, near) for near in around)]
        return any(_touches(box, place) for place in (*around, *pieces))

    # The blanks of the signing block.

    def _measure_blanks(self) -> dict[str, int]:
        model = self._model
        slots = self._issued.blanks.slots
        if not slots:
            return {}
        own = (model.expected > model.tone[0] + TRACE * max(model.contrast, 0.2)).astype(np.uint8)
        paper = measure_paper(model.scan, own, self._mask)
        pixels_by_slot = {}
        for slot, rect in slots.items():
            box = self._issued.box(rect)
            if box.right - box.left < 2 or box.bottom - box.top < 2:
                continue
            pen, _ = remove_specks(mask_pen(model, box, paper))
            pixels_by_slot[slot] = int(pen.sum())
        return pixels_by_slot


def _widen(box: Box, around: int) -> Box:
    return Box(box.left - around, box.top - around, box.right + around, box.bottom + around)


def _touches(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
