"""Which page of the issued file a page of the signed copy is, and what differs: pages of both at hand, one at a time.

What is found is plain numbers and words, to be judged by ``verdict``; nothing is called the same or altered here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, TypedDict, cast

from assistant.reading.known_pages import MIN_WORDS
from assistant.reading.tokens import tokens_of
from assistant.verifying import alignment, pictures
from assistant.verifying.sheet import NO_BLANKS, PER_POINT, IssuedPage, sheet_of
from assistant.verifying.texts import differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PIL import Image

    from assistant.pdf.viewer.viewed_pdf import ViewedPage, ViewedPdf
    from assistant.reading.tokens import Token
    from assistant.verifying.sheet import Blanks

SURE, SAME_PAGE = 0.75, 0.35
"""What the windows of a page are like, by the middle one: surely this page, and still this page, badly scanned.
Windows of other pages are like 0.1 to 0.3; under noise that a person can still read through, 0.4."""
AS_DRAWN = 0.97
"""What the windows of a file are like that was never printed."""
SAMPLE = 24
CANDIDATES, ROUGHLY, DOUBT = 3, 0.7, 0.1
"""So many pages are looked at closely, and only where rows and columns are so much alike; a page upside down too where
it is nearly as like."""
CHANGED = 0.76
"""A window less like than this was changed: see docs/decisions, and tests/finished/measure_verify.py."""
LITTLE_INK = 150
"""Pixels of ink on an empty page: specks."""
MARGIN = 50
"""Pixels at the edge of the paper where scanners leave shadows, and people their initials."""
MOST_TOLD = 12


class ComparedPage(TypedDict):
    """``Compared`` as a JSON object."""

    number: int
    page: int | None
    empty: bool
    middle: float
    clearest: float
    similarity: float
    turn: int
    changed: list[str]
    cut: list[str]
    added: list[str]
    dirty: bool
    margin: bool
    lost_words: list[str]
    gained: list[str]
    text: bool
    ink: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageComparison:
    """A page of the signed copy beside the page of the issued file that it is, None where it is none of them."""

    number: int
    page: int | None = None
    empty: bool = False
    middle: float = 0.0
    """The likeness of its windows: the middle one, 0 to 1."""
    clearest: float = 0.0
    """The likeness that one window in ten exceeds."""
    similarity: float = 0.0
    """The mean likeness of its windows, 0 to 1."""
    turn: int = 0
    """By how many degrees it is shown turned to the right, against the issued page."""
    changed: tuple[str, ...] = ()
    """Words of the issued page at which the pictures differ, from the top."""
    cut: tuple[str, ...] = ()
    """Words of the issued page that lie beyond the edge of the scanned one."""
    added: tuple[str, ...] = ()
    """Where something stands that the issued page has not: "3.2 in from the top"."""
    dirty: bool = False
    """Whether specks all over it leave open what was added."""
    margin: bool = False
    """Whether something stands at the edge of the paper."""
    missing_words: tuple[str, ...] = ()
    extra_words: tuple[str, ...] = ()
    text: bool = False
    """Whether both pages have real text, so that words were compared too."""
    ink: Mapping[str, int] = field(default_factory=dict)
    """Pixels of ink added in each blank of the signing block."""

    def to_document(self) -> ComparedPage:
        """Return it as a JSON object."""
        return cast("ComparedPage", asdict(self))

    @classmethod
    def from_document(cls, document: ComparedPage) -> PageComparison:
        """Return it from a JSON object."""
        fields: dict[str, Any] = {
            k: tuple(value) if isinstance(value, list) else value for k, value in document.items()
        }
        return cls(**fields)


class Comparing:
    """The issued file, with its pages drawn as they are asked for."""

    def __init__(self, issued: ViewedPdf, blanks: Mapping[int, Blanks]) -> None:
        """Keep the file, and the blanks by page."""
        self._issued, self._blanks = issued, blanks
        self._sheets: dict[int, IssuedPage] = {}

    @property
    def pages(self) -> range:
        """Return the numbers of its pages."""
        return range(1, self._issued.page_count + 1)

    def sheet(self, number: int) -> IssuedPage:
        """Return one of its pages."""
        if number not in self._sheets:
            self._sheets[number] = sheet_of(self._issued, number, self._blanks.get(number, NO_BLANKS))
        return self._sheets[number]

    def compare(self, signed: ViewedPdf, numbers: Sequence[int]) -> Iterator[PageComparison]:
        """Yield what is found of pages of a signed copy."""
        ahead = 0
        for number in numbers:
            comparison = self.compare_one(signed, number, expected=number + ahead)
            ahead = comparison.page - number if comparison.page else ahead
            yield comparison

    def compare_one(self, signed: ViewedPdf, number: int, *, expected: int) -> PageComparison:
        """Return what is found of one page, which is likely the issued file's page ``expected``."""
        page = signed.page(number)
        dark = alignment.darkness(signed.draw_page(number, alignment.DPI))
        if sum(dark.histogram()[128:]) < LITTLE_INK:
            return PageComparison(number=number, empty=True)
        tokens = tokens_of(page)
        best: _Match | None = None
        levels: list[alignment.Level] = []
        for candidate in self._candidates(dark, levels, expected):
            match = self._match(dark, levels, candidate)
            if match and (best is None or match.middle > best.middle):
                best = match
            if best and best.middle >= SURE:
                break
        if best is None or best.middle < SAME_PAGE:
            return PageComparison(number=number, middle=round(best.middle, 3) if best else 0.0)
        return _describe_match(number, best, page, tokens)

    def _candidates(self, dark: Image.Image, levels: list[alignment.Level], expected: int) -> Iterator[int]:
        """Yield the pages that this one may be, the likeliest first; ``levels`` is filled when it is needed."""
        if expected in self.pages:
            yield expected
        levels += [] if levels else alignment.levels(dark)
        rough = {
            n: max(alignment.align_coarse(level, *self.sheet(n).strips).likeness for level in levels)
            for n in self.pages
            if n != expected
        }
        likely = [n for n in sorted(rough, key=rough.__getitem__, reverse=True) if rough[n] >= ROUGHLY]
        yield from likely[:CANDIDATES]

    def _match(self, dark: Image.Image, levels: list[alignment.Level], candidate: int) -> _Match | None:
        sheet = self.sheet(candidate)
        if not sheet.windows:
            return None
        if dark.size == sheet.dark.size:
            # A file that was never printed lies as it did.
            upright_match = _matched(sheet, dark, turn=0, size=dark.size, least=AS_DRAWN)
            if upright_match.middle >= AS_DRAWN:
                return upright_match
        levels += [] if levels else alignment.levels(dark)
        rough = [(alignment.align_coarse(level, *sheet.strips), level) for level in levels]
        rough.sort(key=lambda item: item[0].likeness, reverse=True)
        best: _Match | None = None
        for rough_alignment, level in rough:
            if best and (best.middle >= SURE or rough_alignment.likeness < rough[0][0].likeness - DOUBT):
                break
            plane, over = alignment.align_fine(level, rough_alignment, sheet.dark)
            match = _matched(sheet, over, turn=level.turn, plane=plane, size=level.picture.size)
            if best is None or match.middle > best.middle:
                best = match
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    sheet: IssuedPage
    over: Image.Image
    turn: int
    plane: alignment.Plane
    """Where the sheet's pixels lie in the page's own picture, and how large that is."""
    size: tuple[int, int]
    likes: tuple[float, ...]
    """How like the windows of the sheet are; a sample of them where it tells that this is another page."""
    middle: float


def _matched(
    sheet: IssuedPage,
    over: Image.Image,
    *,
    turn: int,
    size: tuple[int, int],
    plane: alignment.Plane = alignment.AS_IT_IS,
    least: float = SAME_PAGE,
) -> _Match:
    soft = pictures.softened(over)
    windows = sheet.windows
    sample = windows[:: max(1, len(windows) // SAMPLE)]
    likenesses = [pictures.likeness(sheet.soft, soft, window.box) for window in sample]
    if median(like or 0.0 for like in likenesses) > least:
        likenesses = [pictures.likeness(sheet.soft, soft, window.box) for window in windows]
    # Where the issued page has no ink there is nothing to compare: white letters, a word under a field.
    likes = tuple(1.0 if like is None else like for like in likenesses)
    return _Match(sheet=sheet, over=over, turn=turn, plane=plane, size=size, likes=likes, middle=median(likes))


def _describe_match(number: int, match: _Match, page: ViewedPage, tokens: Sequence[Token]) -> PageComparison:
    sheet = match.sheet
    unlike = [w for w, like in zip(sheet.windows, match.likes, strict=True) if like < CHANGED]
    cut = [w.text for w in unlike if _beyond(match, w.box)]
    changed = [w.text for w in unlike if not _beyond(match, w.box)]
    blanks = sheet.blanks
    whole = pictures.added(sheet.dark, match.over, ())
    specks = pictures.dirt(whole)
    ink = {slot: pictures.ink_in(whole, sheet.box(rect), specks) for slot, rect in blanks.slots.items()}
    stamps = [m.rect for m in page.marks if m.kind == "Sig" and m.signed] if "lea_signature" in ink else []
    for rect in (*blanks.left_out, *stamps):
        whole.paste(0, sheet.box(rect))
    heaps = list(pictures.heaps(whole, specks)) if specks <= pictures.DIRTY else []
    inner = (MARGIN, MARGIN, sheet.dark.width - MARGIN, sheet.dark.height - MARGIN)
    added = sorted(box[1] for box in heaps if _within(box, inner))
    text = not page.scanned and len(tokens) >= MIN_WORDS and len(sheet.tokens) >= MIN_WORDS
    missing_words, gained = differences(sheet.tokens, tokens, blanks.left_out) if text else ([], [])
    return PageComparison(
        number=number,
        page=sheet.page.number,
        middle=round(match.middle, 3),
        clearest=round(sorted(match.likes)[-1 - len(match.likes) // 10], 3),
        similarity=round(max(0.0, sum(match.likes) / len(match.likes)), 3),
        turn=(match.turn + sheet.page.sideways) % 360,
        changed=tuple(dict.fromkeys(changed))[:MOST_TOLD],
        cut=tuple(dict.fromkeys(cut))[:MOST_TOLD],
        added=tuple(dict.fromkeys(f"{top / PER_POINT / 72:.1f}" for top in added))[:MOST_TOLD],
        dirty=specks > pictures.DIRTY,
        margin=len(added) < len(heaps),
        text=text,
        missing_words=tuple(missing_words)[:MOST_TOLD],
        extra_words=tuple(gained)[:MOST_TOLD],
        ink=ink,
    )


def _within(box: pictures.PixelBox, outer: pictures.PixelBox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _beyond(match: _Match, box: pictures.PixelBox) -> bool:
    """Say whether a box of the sheet reaches over the edge of the scanned paper."""
    corners = [match.plane.at(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return any(not (0 <= x <= match.size[0] and 0 <= y <= match.size[1]) for x, y in corners)
