"""From the pictures of a file's pages to what stands in the blanks of the print that they show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.scans.blank_crops import cut_blank, cut_strip
from assistant.scans.page_geometry import printed_pages
from assistant.scans.prints import SCALES, PageGuess, guess_pages, ink_of
from assistant.scans.recognizers import LineReading, enlarge, pp_ocr, soften_edges, tesseract
from assistant.scans.witnesses import Witnesses, join
from assistant.scans.word_alignment import align_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assistant.geometry import Rect
    from assistant.scans.blank_crops import BlankCrop, TextLine
    from assistant.scans.witnesses import JoinedValue
    from assistant.scans.word_alignment import PrintAlignment

    Draw = Callable[[int, int], np.ndarray | None]
    """Gives a page (its number, from 1) as a grey picture at so many dots to an inch of a letter page."""

LIKE = 0.27
"""A picture less like every page than this is tried no further."""
SURELY_LIKE, AGREES_WELL = 0.38, 0.7
"""A picture less like a page than the one is that page only where its words agree as well as the other."""
FEWEST_OTHERS, TRIES = 3, 4
"""So many pages of a file tell how the others lie; so many printed pages are tried for each of these."""
SAME_SCALE = 0.03
AGREES = 0.5
"""A page whose words agree less with the print's shows another print, or none."""
NEAR_AGREES = 0.5
"""Around a blank: below it nothing that is read there may be sure, since the page has another layout."""
EMPTY_SHARE, INK_SHARE = 0.0015, 0.006
"""Of a blank's pixels: with fewer dark ones it is empty, with more it is not."""
FAINT = 0.45
"""Of 1: print no darker than this is hard to read."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintMatch:
    """A page of the file aligned with a print."""

    number: int
    guess: PageGuess
    alignment: PrintAlignment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadLineOfPrint:
    """One line of what stands in a blank; ``box`` is its place on the print, from the upper left corner."""

    value: JoinedValue
    box: Rect
    size: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadBlank:
    """What stands in a blank. ``is_empty`` is None where that is unknown."""

    lines: tuple[ReadLineOfPrint, ...]
    is_empty: bool | None
    faint: bool
    in_place: bool
    """Whether the print around the blank lies where it should."""
    crop: BlankCrop


def align_pages(numbers: Iterable[int], draw: Draw, editions: Sequence[str]) -> dict[int, PrintMatch]:
    """Return the pages (from 1) that show a page of these editions, each aligned with the print it shows best.

    The same scanner and the same form: what fitted the first pages is tried first on the others.
    """
    guesses: dict[int, list[PageGuess]] = {}
    inks: dict[int, np.ndarray] = {}
    scales: Sequence[float] = SCALES
    turns: Sequence[int] = (0, 180, 90, 270)
    for number in numbers:
        grey = draw(number, 100)
        if grey is None:
            break
        inks[number] = ink_of(grey)
        page_guesses = guess_pages(inks[number], editions, scales=scales, turns=turns)
        if (not page_guesses or page_guesses[0].likeness < LIKE + 0.1) and len(scales) < len(SCALES):
            page_guesses = guess_pages(inks[number], editions)
        if page_guesses and page_guesses[0].likeness >= LIKE:
            guesses[number] = page_guesses
            near = page_guesses[0].scale
            scales = [scale for scale in SCALES if abs(scale - near) < SAME_SCALE]
    pages = {}
    print_order = rank_prints(guesses)
    for number, page_guesses in guesses.items():
        page = _align_best(number, inks[number], page_guesses, print_order)
        if page is not None:
            pages[number] = page
    for number in inks.keys() - pages.keys():
        page = _align_like_others(number, inks[number], list(pages.values()))
        if page is not None:
            pages[number] = page
    return dict(sorted(pages.items()))


def _align_like_others(number: int, ink: np.ndarray, others: Sequence[PrintMatch]) -> PrintMatch | None:
    """Return a page that alone resembles none, aligned with the print as the file's other pages lie on it.

    Pages with close lines are hard to recognize in a small picture; the words themselves then have to agree well.
    """
    if len(others) < FEWEST_OTHERS:
        return None
    by_place: dict[tuple[str, int], int] = {}
    for other in others:
        place = (other.guess.page.edition, other.guess.turn)
        by_place[place] = by_place.get(place, 0) + 1
    edition, turn = max(by_place, key=lambda place: by_place[place])
    alike = [one.guess for one in others if (one.guess.page.edition, one.guess.turn) == (edition, turn)]
    behind = round(float(np.median([one.guess.page.number - one.number for one in others])))
    used = {one.guess.page.number for one in others if one.guess.page.edition == edition}
    free = [page for page in printed_pages()[edition] if page.number not in used]
    turned = np.ascontiguousarray(np.rot90(ink, turn // 90)) if turn else ink
    for page in sorted(free, key=lambda page: abs(page.number - number - behind))[:TRIES]:
        guess = PageGuess(
            page=page,
            turn=turn,
            likeness=0.0,
            scale=float(np.median([one.scale for one in alike])),
            across=float(np.median([one.across for one in alike])),
            down=float(np.median([one.down for one in alike])),
        )
        alignment = align_page(turned, guess)
        if alignment is not None and alignment.agreement >= AGREES_WELL:
            return PrintMatch(number=number, guess=guess, alignment=alignment)
    return None


def rank_prints(guesses: dict[int, list[PageGuess]]) -> list[str]:
    """Return the editions, the one that fits the pages best on the whole first."""
    sums: dict[str, float] = {}
    for page_guesses in guesses.values():
        best: dict[str, float] = {}
        for guess in page_guesses:
            best[guess.page.edition] = max(best.get(guess.page.edition, 0.0), guess.likeness)
        for edition, likeness in best.items():
            sums[edition] = sums.get(edition, 0.0) + likeness
    return sorted(sums, key=lambda edition: -sums[edition])


def _align_best(number: int, ink: np.ndarray, guesses: list[PageGuess], order: list[str]) -> PrintMatch | None:
    """Return the page aligned with the best guess, that of the file's own print first."""
    likeliest = guesses[0].likeness
    candidates = [guess for guess in guesses if guess.likeness >= likeliest - 0.12]
    candidates.sort(key=lambda guess: (order.index(guess.page.edition), -guess.likeness))
    best: PrintMatch | None = None
    for guess in candidates[:3]:
        turned = np.ascontiguousarray(np.rot90(ink, guess.turn // 90)) if guess.turn else ink
        alignment = align_page(turned, guess)
        if alignment is None:
            continue
        page = PrintMatch(number=number, guess=guess, alignment=alignment)
        if best is None or alignment.agreement > best.alignment.agreement + 0.05:
            best = page
        if alignment.agreement >= 0.8:
            break
    if best is None:
        return None
    least = AGREES if best.guess.likeness >= SURELY_LIKE else AGREES_WELL
    return best if best.alignment.agreement >= least else None


def turned_picture(grey: np.ndarray, page: PrintMatch) -> np.ndarray:
    """Return a page's picture as its print is read."""
    return np.ascontiguousarray(np.rot90(grey, page.guess.turn // 90)) if page.guess.turn else grey


def read_strip(picture: np.ndarray, page: PrintMatch, box: Rect) -> str:
    """Return the printed line in a box of the print, as Tesseract alone reads it, nothing of the form taken off."""
    first = tesseract()
    return first.read_line(cut_strip(picture, page.alignment, box)).text if first else ""


def read_blank(
    picture: np.ndarray,
    page: PrintMatch,
    box: Rect,
    *,
    layer: str = "",
    block: bool = False,
    letters: bool = True,
    others: Sequence[Rect] = (),
    is_known: Callable[[str], bool] = lambda _: False,
    may_be_misread: Callable[[str], bool] = lambda _: False,
) -> ReadBlank:
    """Return what stands in a blank of the page; ``picture`` is upright, at 300 dpi (``turned_picture``).

    ``letters``: whether it is to be read, and not only looked at for ink, as a signature is.
    """
    crop = cut_blank(picture, page.alignment, box, block=block, others=others)
    in_place = crop.agreement >= NEAR_AGREES and crop.is_whole
    faint = bool(crop.lines) and crop.darkest < FAINT
    is_clear = not crop.lines and crop.ink <= EMPTY_SHARE and not crop.is_marked
    empty = True if in_place and is_clear else None
    if crop.lines and crop.ink >= INK_SHARE:
        empty = False
    lines = []
    if letters:
        for n, line in enumerate(crop.lines):
            # The layer's text is one; it speaks for a line only where there is one.
            layer_text = layer if len(crop.lines) == 1 else ""
            value = read_line(
                line, layer=layer_text, in_place=in_place, faint=faint, is_known=is_known, may_be_misread=may_be_misread
            )
            if value.text or value.by_hand:
                lines.append(ReadLineOfPrint(value=value, box=line.box, size=line.height))
                empty = False if n == 0 or value.text else empty
    return ReadBlank(lines=tuple(lines), is_empty=empty, faint=faint, in_place=in_place, crop=crop)


def read_line(
    line: TextLine,
    *,
    layer: str,
    in_place: bool,
    faint: bool,
    is_known: Callable[[str], bool],
    may_be_misread: Callable[[str], bool],
) -> JoinedValue:
    """Return what both recognizers read in a line of writing, joined."""
    first, second = tesseract(), pp_ocr()
    nothing = LineReading("", 0.0)
    witnesses = Witnesses(
        first=first.read_line(line.picture) if first else nothing,
        second=second.read_line(line.picture) if second else nothing,
        layer=layer,
        capped="place" if not in_place else "cut" if line.cut else "",
        faint=faint,
    )
    if first and second and not witnesses.agree:
        # Another size and softer edges are read otherwise: letters on which both then agree were doubtful, not lost.
        shown_otherwise = [enlarge(line.picture), soften_edges(line.picture)]
        witnesses = replace(
            witnesses,
            first_again=tuple(first.read_line(picture) for picture in shown_otherwise),
            second_again=tuple(second.read_line(picture) for picture in shown_otherwise),
        )
    return join(witnesses, is_known, may_be_misread)
