"""From a place on a page to what stands in it: typed, recognised, ink that nobody can read here, or nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.pdf.form.font import core_font
from assistant.pdf.form.layout import TextBox, fit
from assistant.reading.agreement import FoundSource, ReadLine, Signing, SlotReading
from assistant.reading.handwriting import BY_PEN, PRINTED, share_on_line
from assistant.reading.looks import FAINT, LEAST_CONTRAST, contrast_in, ink_height, ink_in, is_blank_in
from assistant.reading.slots import CONTACTS, label_of
from assistant.reading.tokens import MAX_BASE_OFFSET_PT, lines_of, text_of_tokens
from assistant.reading.written_dates import SIGNED_BY, STAMP, find_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PIL.Image import Image

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.marks import PageMark
    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.label_spots import LabelSpot
    from assistant.reading.looks import Ink
    from assistant.reading.tokens import Token

ORDER: tuple[FoundSource, ...] = ("field", "note", "text", "recognised")
SMALL_TEXT_PT = 5.0
LEAST_LETTER = 3.0
"""Points: letters drawn smaller than this leave too little ink to look for."""
LEAST_WIDTH, WIDE_LETTER = 1.0, 0.7
"""Points, and times the size: no letter is narrower than the one, few are wider than the other."""
AT_EDGE = 0.5
"""Times the size: a text that its box cuts off comes so near to the edge, unless it ends between two words."""
TALL = 1.35
"""Times the size: no line of letters is higher, from its lowest to its highest."""
SHAPE_MARGIN_PT = 3.0
"""Points above a blank that are white too where a scanned one is surely empty."""
INLINE_SLOTS = frozenset({"agency", "agency_again", "agency_enters", "represents", "opla", "appendix_b"})
EDGE = 1.5
"""Points: so near to its edge a field may draw a border."""
PALER = 50
LONG_WORD, FEWEST_LONG = 4, 2
"""Letters, and so many words of as many letters: their width tells at what size they are drawn."""
MIN_TEXT_PT = 2.0
"""Points: what claims to be smaller is measured in another way, and says nothing."""
BY_HAND = re.compile(
    r"hand|script|brush|signature|cursive|sign|bradley|lucida\s?call|mistral|segoe\s?print", re.IGNORECASE
)


_APART = re.compile(r"\b([A-Z]) ?(['\u2019\u02bc]) ?(?=[A-Z][a-z])")
"""A name that programs take for several words: "O ’ Brien"."""


def read_slot(
    spot: LabelSpot,
    edition: Edition | None,
    picture: Callable[[], Image | None],
    *,
    clear: bool,
    known_page: bool = True,
) -> SlotReading:
    """Return what stands in a spot; the picture is asked for only where it has to be looked at.

    ``clear``: no picture lies on the page, so that every letter of its text is drawn by itself.
    ``known_page``: the page is surely one of this very edition's, so that its blanks are where they are expected.
    """
    label = label_of(spot.slot, edition)
    shown_lines, hidden = shown_lines_of(spot, picture)
    tokens = [token for line in shown_lines for token in line.tokens]
    inner = spot.slot not in CONTACTS
    lines = [_line(line, ends=not inner or line is shown_lines[-1]) for line in shown_lines]
    boxes = spot.boxes or tuple(_box_of(t) for t in spot.tokens)
    reading = SlotReading(
        slot=spot.slot,
        page=spot.page,
        label=label,
        source="unseen",
        box=boxes[0] if boxes else None,
        hidden=hidden,
        unsure_place=spot.unsure_side and not known_page,
    )
    if any(t.source == "coded" and not _is_line(t, tokens, picture) for t in spot.tokens):
        return reading
    if lines:
        source = next(s for s in ORDER if any(t.source == s for t in tokens))
        if source == "recognised" and not _readable(" ".join(line.text for line in lines)):
            return replace(reading, source="ink")
        image = picture() if source != "field" else None
        ink = ink_in(image, [_box_of(t) for t in tokens]) if image else None
        faint = image is not None and ink is not None and _faint(image, ink, spot)
        if image and source == "text" and clear:
            lines = [
                replace(line, clipped=was.cut or _ends_unseen(image, was.tokens, spot.printed))
                for line, was in zip(lines, shown_lines, strict=True)
            ]
        if source in {"field", "text"}:
            lines = [_correct_clipping(line, was.tokens, picture) for line, was in zip(lines, shown_lines, strict=True)]
        fonts = frozenset(t.font for t in tokens if t.font)
        reading = replace(reading, source=source, lines=tuple(lines), faint=faint, fonts=fonts)
        return _judge_by_letters(reading, tokens, image) if source == "recognised" and image else reading
    image = picture() if boxes else None
    if image is None:
        return reading
    ink = ink_in(image, boxes)
    if ink.is_absent:
        # Where the printed words themselves are not seen, the picture is not where the text says.
        label_is_missing = any(not ink_in(image, [_box_of(word)]).is_present for word in spot.printed)
        unsure_place = not known_page or not _is_in_place(image, spot)
        return replace(reading, source="unseen" if label_is_missing else "nothing", unsure_place=unsure_place)
    return replace(
        reading, source="ink" if ink.is_present else "unseen", faint=ink.is_present and _faint(image, ink, spot)
    )


def _judge_by_letters(reading: SlotReading, tokens: Sequence[Token], image: Image) -> SlotReading:
    """Return a recognized line of the signature block with whether its picture shows print or writing by hand."""
    if not reading.slot.startswith("lea_"):
        return reading
    boxes = [(t.x0 - 2, t.base - 0.45 * t.size - 1, t.x1 + 2, t.base + 1.15 * t.size + 2) for t in tokens]
    whole = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    share = share_on_line(image, whole)
    garbled = reading.slot == "lea_date" and find_date(reading.text) is None
    if share is None:
        # Figures that hang together, and that no program could read: a signature runs over them.
        return replace(reading, by_hand=garbled and not reading.faint)
    by_hand = share < (PRINTED if garbled else BY_PEN)
    return replace(reading, by_hand=by_hand, printed=share >= PRINTED)


@dataclass(frozen=True, slots=True)
class _ShownLine:
    """The tokens of a line that show on paper; whether its end is cut off, and whether another text lies beneath."""

    tokens: list[Token]
    cut: bool
    doubtful: bool


def shown_lines_of(spot: LabelSpot, picture: Callable[[], Image | None]) -> tuple[list[_ShownLine], bool]:
    """Return the lines of a spot that show on paper, and whether there are other words that do not."""
    beneath = [t for t in spot.tokens if t.source == "hidden" and len(t.key) > 1]
    lines = kept_lines([t for t in spot.tokens if t.source not in {"hidden", "coded"}])
    image = picture() if any(t.source != "recognised" for line in lines for t in line) else None
    shown_lines = []
    for line in lines:
        visible = [t for t in line if image is None or _leaves_ink(image, t)]
        invisible = [t for t in line if t not in visible]
        cut = bool(invisible and visible) and line[: len(visible)] == visible
        if not cut:
            beneath += [t for t in invisible if len(t.key) > 1]
        if visible:
            level = any(abs(t.base - visible[0].base) < MAX_BASE_OFFSET_PT for t in beneath)
            shown_lines.append(
                _ShownLine(visible, cut, cut or level or spot.overrun or any(t.doubtful for t in visible))
            )
    return shown_lines, bool(beneath)


def _leaves_ink(picture: Image, token: Token) -> bool:
    """Say whether something is drawn where a token stands that tells itself from its ground; True where unclear."""
    unclear = token.source == "recognised" or token.size < SMALL_TEXT_PT or not token.key
    if unclear or (token.mark is not None and not token.mark.has_appearance):
        return True
    if token.mark is not None:
        x0, y0, x1, y1 = token.mark.rect
        box = (x0 + EDGE, y0 + EDGE, x1 - EDGE, y1 - EDGE)
    else:
        box = (token.x0, token.base, token.x1, token.base + 0.7 * token.size)
    return contrast_in(picture, box) >= LEAST_CONTRAST


def kept_lines(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the lines of a spot's tokens, without specks: what a program recognised, and signs at a line's ends.

    A letter alone is an initial where it stands among words, and a speck where nothing else stands on its line.
    """
    lines = []
    for line in lines_of(tokens):
        words = any(t.source != "recognised" or len(t.key) > 1 for t in line)
        trimmed = [
            t
            for t in line
            if t.source != "recognised" or len(t.key) != 1 or t.key.isdigit() or (words and _is_initial(t))
        ]
        while trimmed and not trimmed[0].mark and not _has_word(trimmed[0]):
            trimmed = trimmed[1:]
        while trimmed and not trimmed[-1].mark and not _has_word(trimmed[-1]):
            trimmed = trimmed[:-1]
        if any(t.mark or len(t.key) > 1 or t.key.isdigit() for t in trimmed) and text_of_tokens(trimmed):
            lines.append(trimmed)
    return lines


def _is_initial(token: Token) -> bool:
    """Say whether a letter that a program recognised is one that people write alone: "Q.", "B", "O’"."""
    return bool(re.fullmatch(r"[A-Z](?:[.,]|['\u2019\u02bc])?,?", token.text))


def _has_word(token: Token) -> bool:
    return bool(token.key) or any(c in "()[]&“”\"'" for c in token.text)


def _is_line(coded: Token, visible: Sequence[Token], picture: Callable[[], Image | None]) -> bool:
    """Say whether letters that cannot be read are a line to write on: one letter over and over, and no ink above it.

    Where something was written over the line, that is the ink.
    """
    if len(set(coded.text)) > 1:
        return False
    level = [t for t in visible if abs(t.base - coded.base) < max(t.size, SMALL_TEXT_PT)]
    if len(coded.text) == 1 or any(t.x0 < coded.x1 and t.x1 > coded.x0 for t in level):
        return True
    image = picture()
    box = (coded.x0, coded.base + 1, coded.x1, coded.base + 0.7 * coded.size)
    return image is not None and contrast_in(image, box) < LEAST_CONTRAST


def _faint(picture: Image, ink: Ink, spot: LabelSpot) -> bool:
    """Say whether something is lighter than can be read well, and lighter than what is printed beside it."""
    if ink.darkest <= FAINT or not ink.pale:
        return False
    return all(ink_in(picture, [_box_of(word)]).darkest < ink.darkest - PALER for word in spot.printed)


def _line(shown_line: _ShownLine, *, ends: bool) -> ReadLine:
    tokens = shown_line.tokens
    mark = next((t.mark for t in tokens if t.mark is not None and t.mark.is_field), None)
    sizes: Counter[float] = Counter()
    for token in tokens:
        if token.size > MIN_TEXT_PT and token.source != "recognised":
            sizes[token.size] += len(token.text)
    # The size of most letters: "26th" has two small ones, and nobody calls it tiny.
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    text = text_of_tokens(tokens, ends=ends)
    if any(t.source == "recognised" for t in tokens):
        text = _APART.sub(r"\1\2", text)
    return ReadLine(
        text=text,
        size=size,
        clipped=shown_line.cut or (mark is not None and is_cut(mark)),
        mark=mark,
        base=tokens[0].base,
        start=tokens[0].x0,
        drawn_size=_drawn_size(tokens),
        doubtful=shown_line.doubtful,
    )


def _drawn_size(tokens: Sequence[Token]) -> float:
    """Return the size that the width of recognized words tells, in points; 0 where too few are long enough."""
    font = core_font()
    long = [t for t in tokens if t.source == "recognised" and len(t.key) >= LONG_WORD and font.can_write(t.text)]
    sizes = sorted((t.x1 - t.x0) / max(font.width(t.text), 0.1) for t in long)
    return sizes[len(sizes) // 2] if len(sizes) >= FEWEST_LONG else 0.0


def is_cut(mark: PageMark) -> bool:
    """Say whether a field's value is wider than its box at the size it has."""
    if mark.multiline:
        return False
    font = core_font()
    text = " ".join(mark.text.split())
    plain = text if font.can_write(text) else "".join(c if font.can_write(c) else "n" for c in text)
    width, height = mark.rect[2] - mark.rect[0], mark.rect[3] - mark.rect[1]
    if mark.fixed:
        # What the appearance was drawn at counts, where a filler drew it smaller to make it fit.
        size = min(mark.fixed, mark.size or mark.fixed)
        return font.width(plain) * size > width - 3.5
    if mark.size:
        return font.width(plain) * mark.size > width
    return fit(TextBox(width, height), plain, font.width).clipped


def _ends_unseen(picture: Image, tokens: Sequence[Token], printed: Sequence[Token]) -> bool:
    """Say whether the end of a text is in the file but not on the paper, as where a narrow field became flat.

    Not one pixel of its last letter may be dark: a thin letter has few of them. Where the form's own words stand over
    the end, the part before them is looked at, if it is wide enough for a letter.
    """
    last = tokens[-1]
    if last.mark is not None or not last.text[-1:].isalnum() or last.size < LEAST_LETTER:
        return False
    over = [t.x0 for t in (*printed, *tokens) if last.x0 < t.x0 < last.x1 and t is not last]
    start, end = (last.x0, min(over) - 1) if over else last.last
    if end - start < (WIDE_LETTER * last.size if over else LEAST_WIDTH):
        return False
    whole = ink_in(picture, [_box_of(token) for token in tokens])
    box = (start, last.base + 0.1 * last.size, end, last.base + 0.6 * last.size)
    return whole.is_present and is_blank_in(picture, box) is True


def _is_in_place(picture: Image, spot: LabelSpot) -> bool:
    """Say whether a recognised label stands in the picture where the text layer has it, and its line is white above.

    A scanner's words may lie some points beside those of the picture, and then the white beside a label says nothing.
    """
    words = [word for word in spot.printed if word.source == "recognised"]
    above = [(x0, y0, x1, y1 + SHAPE_MARGIN_PT) for x0, y0, x1, y1 in spot.boxes]
    if not words:
        return True
    if not ink_in(picture, above).is_absent:
        return False
    # In running text the line above is too near to tell.
    return spot.slot in INLINE_SLOTS or all(
        ink_in(picture, [(word.x0, word.base + 0.95 * word.size, word.x1, word.base + 1.3 * word.size)]).is_absent
        for word in words
    )


def _correct_clipping(line: ReadLine, tokens: Sequence[Token], picture: Callable[[], Image | None]) -> ReadLine:
    """Return a line without the size and the cut that its file claims and its picture contradicts.

    A font may be drawn larger than its size says, and a narrow one fits a box that is too small for Helvetica.
    """
    mark = line.mark
    if mark is not None and not mark.has_appearance:
        return line
    if line.clipped and mark is not None and is_cut(mark):
        image = picture()
        _, y0, x1, y1 = mark.rect
        edge = (x1 - EDGE - AT_EDGE * (line.size or SMALL_TEXT_PT), y0 + EDGE, x1 - EDGE, y1 - EDGE)
        if image is not None and is_blank_in(image, edge) is True:
            line = replace(line, clipped=False, doubtful=False)
    if MIN_TEXT_PT < line.size < SMALL_TEXT_PT and (image := picture()) is not None and _is_taller(image, line, tokens):
        line = replace(line, size=0.0)
    return line


def _is_taller(picture: Image, line: ReadLine, tokens: Sequence[Token]) -> bool:
    """Say whether letters are drawn higher than letters of their size are."""
    if line.mark is not None:
        x0, y0, x1, y1 = line.mark.rect
        return ink_height(picture, (x0 + EDGE, y0 + EDGE, x1 - EDGE, y1 - EDGE)) > TALL * line.size + 1
    own = [t for t in tokens if abs(t.size - line.size) < 1]
    # Single words may stand under others of the form.
    taller = [
        t for t in own if is_blank_in(picture, (t.x0, t.base + line.size, t.x1, t.base + TALL * line.size)) is False
    ]
    return 2 * len(taller) > len(own)


def _box_of(token: Token) -> Rect:
    return token.x0, token.base - 0.2 * token.size, token.x1, token.base + 0.75 * max(token.size, 6)


def _readable(text: str) -> bool:
    """Say whether a program's reading of a picture is words or numbers, and not what a pen stroke looks like."""
    plain = [c for c in text if not c.isspace()]
    good = sum(c.isalnum() for c in plain)
    return bool(plain) and good / len(plain) >= 0.7 and bool(re.search(r"[A-Za-z]{3,}|\d[\d/.-]{3,}", text))


def stamp_moved(spot: LabelSpot, spots: Sequence[LabelSpot]) -> LabelSpot:
    """Return a row of the signature block without, or with, the words of an electronic signature drawn across it."""
    side, _, row = spot.slot.partition("_")
    if side not in {"lea", "ice"}:
        return spot
    beside = [t for other in spots if other.slot.startswith(f"{side}_") for t in other.tokens]
    stamp = _stamp_tokens(beside)
    if not stamp:
        return spot
    if row == "signature":
        others = [t for t in spot.tokens if id(t) not in {id(s) for s in stamp}]
        return replace(spot, tokens=(*others, *stamp))
    return replace(spot, tokens=tuple(t for t in spot.tokens if id(t) not in {id(s) for s in stamp}))


def _stamp_tokens(tokens: Sequence[Token]) -> list[Token]:
    """Return the words that an electronic signature's appearance drew, where it became part of the page."""
    head = next((t for t in tokens if t.mark is None and t.key in {"digitally", "docusigned", "electronically"}), None)
    if head is None:
        return []
    near = [t for t in tokens if t.mark is None and abs(t.base - head.base) < 32]  # points: a stamp's height
    return [t for t in near if t.size <= 1.2 * head.size or STAMP.search(t.text)]


def signing_of(readings: Mapping[str, SlotReading], pages: Sequence[ViewedPage], spots: Sequence[LabelSpot]) -> Signing:
    """Return whether the agency has signed, and what its electronic signature shows."""
    spot = next((s for s in spots if s.slot == "lea_signature"), None)
    item = readings.get("lea_signature")
    if item is None:
        return Signing(signed=None)
    signature_text = item.text if SIGNED_BY.search(item.text) or STAMP.search(item.text) else ""
    if spot is None:
        signed = {"ink": True, "recognised": True, "nothing": False}.get(item.source)
        return Signing(signed=signed, signature_text=signature_text, electronic=bool(signature_text))
    page = pages[spot.page - 1]
    picture = any(_near(rect, box) for rect in page.pictures for box in spot.boxes)
    for mark in page.marks:
        if mark.kind == "Sig" and mark.signed and any(_near(mark.rect, box) for box in spot.boxes):
            return Signing(signed=True, signature_text=mark.text, electronic=True)
    if item.read:
        return Signing(signed=True, signature_text=signature_text, electronic=bool(signature_text), picture=picture)
    return Signing(signed={"ink": True, "nothing": False}.get(item.source), picture=picture)


def _near(rect: Rect, box: Rect) -> bool:
    middle = (rect[0] + rect[2]) / 2
    return box[0] - 20 <= middle <= box[2] + 20 and rect[1] - 6 <= box[3] and rect[3] + 6 >= box[1]
