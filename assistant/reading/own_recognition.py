"""Read the blanks of pages that are pictures ourselves: each by its place on the print that the picture shows.

Pages with real text are read from it, not here. What the file's own recognized text says is one voice among three
(``scans.witnesses``). What is not sure is never a blocker; what is unsure is shown to a person, never asserted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from assistant.editions.catalog import get_edition
from assistant.reading.agreement import PagePlace, ReadLine, SlotReading
from assistant.reading.around_words import read_around
from assistant.reading.filling import INLINE_SLOTS
from assistant.reading.map_spots import blanks_of
from assistant.reading.printed_revision import revision_in
from assistant.reading.slots import CONTACTS, expected, label_of, nearest_edition, slot_of
from assistant.reading.word_lists import is_known, may_be_misread
from assistant.reading.written_dates import SIGNED_BY, STAMP, find_date
from assistant.scans.page_geometry import printed_pages
from assistant.scans.recognizers import why_nothing_is_read
from assistant.scans.witnesses import letters_of, resemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPdf
    from assistant.reading.agreement import FoundSource, Sureness
    from assistant.scans.page_geometry import BlankBox, PrintedPage
    from assistant.scans.page_reading import PrintMatch, ReadBlank, ReadLineOfPrint

FINE_DPI = 300
LOOKED_AT = frozenset({"lea_signature", "ice_signature"})
"""Blanks that hold a signature: what is read there is reported only where surely typed, or an electronic stamp's."""
TYPED_ON_LINE = re.compile(r"(?:[A-Z][A-Za-z.'’-]* ){1,3}[A-Z][A-Za-z.'’-]+")
"""A name typed where the signature belongs."""
CONTACT_ABOVE, CONTACT_BELOW = 15.0, 10.0
"""Points: people write on the line above the first line of a contact, and below the last."""
CONTACT_RIGHT = 545.0
ASCENT, DESCENT = 0.74, 0.21
"""Of the size of print in letters like Helvetica's: how high capitals stand, and how far some letters hang."""
HANGING = frozenset("gjpqy,;()[]@/Q")
FOOTER = 735.0
"""Points from the top: what stands lower repeats the agency's name."""
PEN_REACH = 9.0
"""Points above and below its line that a date written by hand may stand."""
NAMES = frozenset({"agency", "agency_again", "agency_enters", "appendix_b", "lea_agency", "represents"})
"""Blanks in which the same name may stand."""
TYPED_ABOVE = frozenset({"lea_name", "lea_title", "lea_agency"})
ABOVE_LINE = 11.0
"""Points above the box of such a blank, to the line of the one before."""
REVISION_LINES = ((440.0, 753.0, 565.0, 772.0), (440.0, 736.0, 565.0, 754.0))
"""Where the prints have "Revised" and a date, in points from the upper left corner."""
ENOUGH_ALIKE = 2
"""Pages that have to agree on a revision date."""
BY_PEN = frozenset({"lea_date", "ice_date"})
"""Blanks that are mostly written by hand: what is read there is never called sure."""
_SURENESS: Mapping[str, Sureness] = MappingProxyType({"sure": "sure", "likely": "likely", "unsure": "unknown"})
_RANK: tuple[Sureness, ...] = ("unknown", "likely", "sure")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecognition:
    """What was read in pictures: the slots, which page of which edition each page shows, and why nothing was read."""

    readings: Mapping[str, SlotReading]
    aligned_pages: Mapping[int, PrintMatch]
    why_nothing: str = ""
    revision: str | None = None
    """The revision date, ISO, that two pages have at their foot; None where it was not looked for, or not read."""

    @property
    def edition(self) -> str:
        """Return the name of the print that most of the pages show, "" where none shows any."""
        counted = Counter(page.guess.page.edition for page in self.aligned_pages.values())
        return counted.most_common(1)[0][0] if counted else ""


NOTHING = OwnRecognition(readings=MappingProxyType({}), aligned_pages=MappingProxyType({}))


def recognize_pages(
    viewed: ViewedPdf,
    numbers: Sequence[int],
    editions: Iterable[str],
    layer: Mapping[str, SlotReading],
    revisions: Sequence[str] = (),
) -> OwnRecognition:
    """Return what stands in the blanks of some pages (from 1), read from their pictures.

    ``editions`` are the prints that may be shown; ``layer`` is what the file's own text says; ``revisions`` are the
    dates (ISO) one of which is looked for at the foot of the pages, none where it is known.
    """
    if not numbers:
        return NOTHING
    if why := why_nothing_is_read():
        return replace(NOTHING, why_nothing=why)
    from assistant.scans.page_reading import align_pages  # noqa: PLC0415 - it loads OpenCV

    names = _without_shared_fields([name for name in editions if name in printed_pages()])

    def draw(number: int, dpi: int) -> np.ndarray | None:
        picture = viewed.draw_plain_page(number, dpi)
        return None if picture is None else np.asarray(picture)

    aligned_pages = align_pages(numbers, draw, names)
    by_slot: dict[str, SlotReading] = {}
    counted: Counter[str] = Counter()
    for number, page in aligned_pages.items():
        slots = slots_on(page.guess.page)
        if not slots.keys() - {"footer"}:
            continue
        fine = viewed.draw_plain_page(number, FINE_DPI)
        if fine is None:
            break
        if revisions and max(counted.values(), default=0) < ENOUGH_ALIKE:
            counted.update(_read_revision(np.asarray(fine), page, revisions))
        for slot, read in _read_page(np.asarray(fine), page, slots, layer).items():
            if slot not in by_slot or _RANK.index(read.sureness) > _RANK.index(by_slot[slot].sureness):
                by_slot[slot] = read
    settled = raise_repeated(settle_by_others(by_slot))
    for slot, read in read_around(viewed, *_laid_out_anew(numbers, names, aligned_pages, settled, layer)).items():
        if slot not in settled or (settled[slot].unsure_place and not settled[slot].read):
            settled[slot] = read
    revision, votes = counted.most_common(1)[0] if counted else (None, 0)
    return OwnRecognition(
        readings=MappingProxyType(settled),
        aligned_pages=MappingProxyType(aligned_pages),
        revision=revision if 2 * votes > counted.total() and votes >= ENOUGH_ALIKE else None,
    )


def edition_of_pictures(own: OwnRecognition, edition: Edition | None) -> Edition:
    """Return the edition that pictures of pages show, by their revision date where it was read.

    A former print that was identified by its words stays.
    """
    if edition is not None and edition.former:
        return edition
    majority = get_edition(own.edition)
    if own.revision in {None, majority.revision} or majority.model is None:
        return majority
    return nearest_edition(majority.model, own.revision, has_fields=False) or majority


def _read_revision(fine: np.ndarray, page: PrintMatch, revisions: Sequence[str]) -> Iterator[str]:
    """Yield the revision date at the foot of a page, of those that it may be."""
    from assistant.scans.page_reading import read_strip, turned_picture  # noqa: PLC0415 - it loads OpenCV

    picture = turned_picture(fine, page)
    lines = (read_strip(picture, page, box) for box in REVISION_LINES)
    yield from [revision for line in lines if (revision := revision_in(line, revisions))][:1]


def _laid_out_anew(
    numbers: Sequence[int],
    names: Sequence[str],
    aligned_pages: Mapping[int, PrintMatch],
    by_slot: Mapping[str, SlotReading],
    layer: Mapping[str, SlotReading],
) -> tuple[list[int], Edition | None]:
    """Return the pages on which a blank in a sentence may stand elsewhere than on any print, and what names the blanks.

    Those are the pages on which the file's own text has such a blank; of pages without text, those like no print.
    """
    if not aligned_pages and not (layer and names):
        return [], None
    edition = get_edition(next((page.guess.page.edition for page in aligned_pages.values()), names[0]))
    lacking = {
        slot
        for slot in INLINE_SLOTS & expected(edition)
        if slot not in by_slot or (by_slot[slot].unsure_place and not by_slot[slot].read)
    }
    told_by_layer = {item.page for slot, item in layer.items() if slot in lacking and item.page in numbers}
    placed = {item.page for item in by_slot.values() if not item.unsure_place}
    others = [number for number in numbers if number not in aligned_pages]
    pages = sorted(told_by_layer - placed) or [number for number in others if number not in placed]
    return pages if lacking else [], edition


def _without_shared_fields(names: Sequence[str]) -> list[str]:
    """Return the prints without those in which one field stands in several blanks, where a flat print is the same.

    On paper they look alike, and only the flat print's map says which blank is which.
    """

    def shares(name: str) -> bool:
        return any(
            len({blank.key for blank in blanks}) < len(blanks)
            for page in printed_pages()[name]
            if (blanks := [blank for blank in page.blanks if blank.box[1] <= FOOTER])
        )

    twins = [(name, other) for name in names for other in names if other.partition(".")[0] == name and other != name]
    return [name for name in names if not any(name == one and shares(one) for one, _ in twins)]


def pages_with_blanks(editions: Iterable[str]) -> frozenset[int]:
    """Return the numbers of the printed pages on which any of these editions has a blank that is read."""
    pages = (page for name in editions for page in printed_pages().get(name, ()))
    return frozenset(page.number for page in pages if slots_on(page).keys() - {"footer"})


def slots_on(printed: PrintedPage) -> dict[str, list[BlankBox]]:
    """Return the blanks of a printed page by slot, the lines of one blank together, from the top."""
    edition = get_edition(printed.edition)
    names = {}
    for blank in blanks_of(edition):
        names[blank.blank, "ice" if blank.side == "ice" else "agency"] = slot_of(blank)
    by_slot: dict[str, list[BlankBox]] = {}
    for box in sorted(printed.blanks, key=lambda blank: blank.box[1]):
        slot = names.get((box.key, box.side))
        # A field that is repeated in the footers is the slot's own in the text alone.
        if slot and (slot == "footer") == (box.box[1] > FOOTER):
            by_slot.setdefault(slot, [])
            # A field that stands in several places holds one text: its first place is read.
            if all(box.key != other.key for other in by_slot[slot]):
                by_slot[slot].append(box)
    return by_slot


def _read_page(
    fine: np.ndarray, page: PrintMatch, slots: Mapping[str, Sequence[BlankBox]], layer: Mapping[str, SlotReading]
) -> dict[str, SlotReading]:
    from assistant.scans.page_reading import read_blank, turned_picture  # noqa: PLC0415 - as above

    picture = turned_picture(fine, page)
    boxes = {slot: _whole_box(slot, blanks) for slot, blanks in slots.items()}
    by_slot = {}
    for slot, box in boxes.items():
        if slot == "footer":
            continue
        was = layer.get(slot)
        earlier_text = was.text if was and was.read and was.page == page.number else ""
        others = [other for name, other in boxes.items() if name != slot]
        read = read_blank(
            picture,
            page,
            box,
            layer=earlier_text,
            block=slot in CONTACTS or len(slots[slot]) > 1 or slot == "lea_signature",
            letters=slot != "ice_signature",
            others=others,
            is_known=is_known,
            may_be_misread=may_be_misread,
        )
        if slot in TYPED_ABOVE and not read.lines and read.is_empty is not False:
            # A program that moves what it types puts it higher, under the line above.
            higher = (box[0], box[1] - ABOVE_LINE, box[2], box[3])
            above = read_blank(
                picture,
                page,
                higher,
                layer=earlier_text,
                others=others,
                is_known=is_known,
                may_be_misread=may_be_misread,
            )
            read = above if above.lines else read
        if slot in BY_PEN and read.is_empty:
            # A date may stand over its line, or under the stroke of the signature.
            tall = (box[0], box[1] - PEN_REACH, box[2], box[3] + PEN_REACH)
            around = read_blank(picture, page, tall, block=True, is_known=is_known, may_be_misread=may_be_misread)
            if around.is_empty is not True:
                by_pen = [line for line in around.lines if line.value.by_hand]
                read = replace(read, is_empty=None, lines=tuple(by_pen[:1]))
        reading = _as_signed(slot, page, read, box) if slot == "lea_signature" else _as_found(slot, page, read, box)
        by_slot[slot] = replace(reading, place=_place_of(box, page, picture))
    return by_slot


def _place_of(box: Rect, page: PrintMatch, picture: np.ndarray) -> PagePlace:
    """Return where a box of the print (points, from the upper left corner) is in the picture of the page."""
    (right, down), _ = page.alignment.near(box)
    corners = np.array([[x + right, y + down, 1.0] for x in (box[0], box[2]) for y in (box[1], box[3])])
    at = corners @ page.alignment.matrix.T
    at = at[:, :2] / at[:, 2:] * (FINE_DPI / page.alignment.dpi) / (picture.shape[1], picture.shape[0])
    (x0, y0), (x1, y1) = at.min(axis=0), at.max(axis=0)
    return PagePlace(turn=page.guess.turn, box=(float(x0), float(y0), float(x1), float(y1)))


def _whole_box(slot: str, blanks: Sequence[BlankBox]) -> Rect:
    boxes = [blank.box for blank in blanks]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    if slot in CONTACTS:
        box = (box[0], box[1] - CONTACT_ABOVE, max(box[2], CONTACT_RIGHT), box[3] + CONTACT_BELOW)
    return box


def _as_found(slot: str, page: PrintMatch, read: ReadBlank, box: Rect) -> SlotReading:
    edition = get_edition(page.guess.page.edition)
    height = page.guess.page.height
    base = SlotReading(
        slot=slot,
        page=page.number,
        label=label_of(slot, edition),
        source="unseen",
        box=(box[0], height - box[3], box[2], height - box[1]),
        by_shape=True,
        unsure_place=not read.in_place,
        faint=read.faint,
    )
    if slot in LOOKED_AT or not read.lines:
        source: FoundSource = "nothing" if read.is_empty else "unseen" if read.is_empty is None else "ink"
        return replace(base, source=source)
    texts = [line for line in read.lines if line.value.text]
    by_hand = any(line.value.by_hand for line in read.lines)
    ranks = [_RANK.index(_SURENESS[line.value.certainty]) for line in texts] or [0]
    least = _RANK[min(ranks)]
    if (slot in BY_PEN and least == "sure") or (slot in CONTACTS and any(ranks)):
        # Of a contact each line has its own sureness.
        least = "likely"
    lines = tuple(_as_line(line, height) for line in texts)
    if slot not in CONTACTS and (least == "unknown" or by_hand):
        guess = " ".join(line.text for line in lines)
        candidates = texts[0].value.others if len(texts) == 1 and not by_hand else ()
        return replace(
            base,
            source="ink" if by_hand else "unseen",
            guess=guess,
            by_hand=by_hand,
            candidates=(guess, *candidates),
            lines_in_doubt=lines,
        )
    if not lines:
        return replace(base, source="ink", by_hand=by_hand)
    return replace(base, source="recognised", lines=lines, recognized=least, by_hand=by_hand)


def _as_signed(slot: str, page: PrintMatch, read: ReadBlank, box: Rect) -> SlotReading:
    """Return what stands where the agency signs: ink, unless it is surely typed, or an electronic signature's stamp."""
    as_ink = _as_found(slot, page, read, box)
    height = page.guess.page.height
    if as_ink.source != "ink":
        return as_ink
    clear = [line for line in read.lines if line.value.text and line.value.certainty != "unsure"]
    text = " ".join(line.value.text for line in clear)
    is_stamp = bool(SIGNED_BY.search(text) or STAMP.search(text))
    is_sure = len(read.lines) == 1 and [line.value.certainty for line in clear] == ["sure"]
    is_typed = is_sure and bool(TYPED_ON_LINE.fullmatch(text) or find_date(text))
    if not is_stamp and not is_typed:
        return as_ink
    # The offset from Greenwich behind the time, on a line of its own, is small and seldom sure.
    at = min(n for n, line in enumerate(read.lines) if line in clear)
    lines = tuple(_as_line(line, height) for line in read.lines[at:] if line.value.text)
    return replace(as_ink, source="recognised", lines=lines, recognized="likely", printed=is_typed)


def _size_of_print(line: ReadLineOfPrint) -> float:
    """Return the points that the height of a line's ink tells, 0 where it was not surely read."""
    if line.value.certainty != "sure":
        return 0.0
    hangs = any(c in HANGING for c in line.value.text)
    return line.size / (ASCENT + DESCENT * hangs)


def _as_line(line: ReadLineOfPrint, height: float) -> ReadLine:
    return ReadLine(
        drawn_size=_size_of_print(line),
        text=line.value.text,
        base=height - line.box[3],
        start=line.box[0],
        recognized=_SURENESS[line.value.certainty],
        height=line.size,
    )


def settle_by_others(by_slot: Mapping[str, SlotReading]) -> dict[str, SlotReading]:
    """Return the slots; an unsure one is likely where a recognizer read in it what another blank holds for sure."""
    texts = {letters_of(item.text) for slot, item in by_slot.items() if slot in NAMES and item.sureness == "sure"}
    settled = dict(by_slot)
    for slot, item in by_slot.items():
        text = next((text for text in item.candidates if letters_of(text) in texts), "")
        if slot in NAMES and text and item.lines_in_doubt and not item.unsure_place:
            line = replace(item.lines_in_doubt[0], text=text, recognized="likely")
            settled[slot] = replace(
                item,
                source="recognised",
                lines=(line,),
                recognized="likely",
                guess="",
                candidates=(),
                lines_in_doubt=(),
            )
    return settled


def raise_repeated(by_slot: Mapping[str, SlotReading]) -> dict[str, SlotReading]:
    """Return the slots, a likely value made sure where another blank holds it letter for letter; no letter changes."""
    blanks_by_letters: dict[str, set[str]] = {}
    for slot, item in by_slot.items():
        if slot not in BY_PEN | CONTACTS.keys() and item.source == "recognised" and item.recognized != "unknown":
            blanks_by_letters.setdefault(letters_of(item.text), set()).add(slot)
    raised = dict(by_slot)
    for letters, slots in blanks_by_letters.items():
        if len(slots) > 1 and "@" not in letters:
            texts_alike = {by_slot[slot].text.casefold() for slot in slots}
            for slot in slots if len(texts_alike) == 1 else ():
                raised[slot] = replace(by_slot[slot], recognized="sure")
    return raised


def joined_with_layer(own: Mapping[str, SlotReading], layer: Mapping[str, SlotReading]) -> dict[str, SlotReading]:
    """Return what stands in the slots: the own reading where it is sure or likely, else what the file's text says.

    Own ink overrules the layer: a layer's letters in a blank without ink are garbage. What was typed is not read again.
    """
    joined = dict(layer)
    for slot, item in own.items():
        was = layer.get(slot)
        if was is None or was.source in {"unseen", "nothing", "ink"}:
            # Emptiness, or ink, that the text's own places showed is surer than what the print's places show.
            stays = was is not None and was.source != "unseen" and not item.read
            joined[slot] = replace(was, guess=item.guess, by_hand=item.by_hand) if was and stays else item
        elif was.source == "recognised" and was.page == item.page:
            joined[slot] = _of_both(item, was)
    return joined


def _of_both(item: SlotReading, was: SlotReading) -> SlotReading:
    """Return what stands in a slot of which the file's recognized text speaks as well as the own reading."""
    if item.by_hand and (resemble(was.text, item.text) or resemble(was.text, item.guess)):
        # Small print is read poorly too, but no two programs make much the same letters out of a hand's.
        item = replace(item, by_hand=False)
    if any(line.recognized != "unknown" for line in item.lines):
        return replace(item, hidden=was.hidden, by_shape=was.by_shape, unsure_place=was.unsure_place)
    if item.source == "nothing" and not item.unsure_place:
        return item
    # Two recognizers read something else here, or not the same: the layer's text is no more than a guess.
    return replace(was, guess=item.guess, by_hand=item.by_hand, doubted=bool(item.guess or item.lines))
