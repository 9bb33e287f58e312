"""Read the blanks of pages that are pictures ourselves: each by its place on the print that the picture shows.

Pages with real text are read from it, not here. What the file's own recognized text says is one voice among three
(``scans.witnesses``). What is not sure is never a blocker; what is unsure is shown to a person, never asserted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from assistant.editions.catalog import get_edition
from assistant.program.states_and_counties import county_names, fold, state_code, states
from assistant.program.words import words
from assistant.reading.agreement import PagePlace, ReadLine, SlotReading
from assistant.reading.around_words import read_around
from assistant.reading.filling import INLINE_SLOTS
from assistant.reading.map_spots import blanks_of
from assistant.reading.slots import CONTACTS, expected, label_of, slot_of
from assistant.scans.page_geometry import printed_pages
from assistant.scans.recognizers import why_nothing_is_read
from assistant.scans.witnesses import letters_of, resemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPdf
    from assistant.reading.agreement import FoundSource, Sureness
    from assistant.scans.page_geometry import BlankBox, PrintedPage
    from assistant.scans.page_reading import PrintMatch, ReadBlank, ReadLineOfPrint

FINE_DPI = 300
LOOKED_AT = frozenset({"lea_signature", "ice_signature"})
"""Blanks that hold a signature: looked at for ink, not read."""
CONTACT_ABOVE, CONTACT_BELOW = 15.0, 10.0
"""Points: people write on the line above the first line of a contact, and below the last."""
CONTACT_RIGHT = 545.0
FOOTER = 735.0
"""Points from the top: what stands lower repeats the agency's name."""
PEN_REACH = 9.0
"""Points above and below its line that a date written by hand may stand."""
NAMES = frozenset({"agency", "agency_again", "agency_enters", "appendix_b", "lea_agency", "represents"})
"""Blanks in which the same name may stand."""
TYPED_ABOVE = frozenset({"lea_name", "lea_title", "lea_agency"})
ABOVE_LINE = 11.0
"""Points above the box of such a blank, to the line of the one before."""
BY_PEN = frozenset({"lea_date", "ice_date"})
"""Blanks that are mostly written by hand: what is read there is never called sure."""
_SURENESS: Mapping[str, Sureness] = MappingProxyType({"sure": "sure", "likely": "likely", "unsure": "unknown"})
_RANK: tuple[Sureness, ...] = ("unknown", "likely", "sure")
_POSSESSIVES = frozenset({"sheriffs", "constables", "marshals"})
LONG_WORD = 5
"""Letters: shorter words are near many others."""
NEARLY = 80
"""Likeness in percent from which an unknown word may be a common one misread."""
_FORM_WORDS = re.compile(r"\b(?:the office|hereinafter|pursuant|in the implementation|for the lea)\b", re.IGNORECASE)
_DOUBTFUL_STROKES = re.compile(r"^[a-z](?!\S*@)|\w s(?=\s|$)|\b(?=[Il1]*l)[Il1]{2,4}\b")
"""No capital at the start, as where a word of the form reaches in; a lost apostrophe; "l", "I" or "1": "Unit Il"."""
_PLAIN_WORD = re.compile(r"[\d#&/().,-]+|[A-Z]\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecognition:
    """What was read in pictures: the slots, which page of which edition each page shows, and why nothing was read."""

    readings: Mapping[str, SlotReading]
    aligned_pages: Mapping[int, PrintMatch]
    why_nothing: str = ""


NOTHING = OwnRecognition(readings=MappingProxyType({}), aligned_pages=MappingProxyType({}))


def recognize_pages(
    viewed: ViewedPdf, numbers: Sequence[int], editions: Iterable[str], layer: Mapping[str, SlotReading]
) -> OwnRecognition:
    """Return what stands in the blanks of some pages (from 1), read from their pictures.

    ``editions`` are the prints that may be shown; ``layer`` is what the file's own text says.
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
    for number, page in aligned_pages.items():
        slots = slots_on(page.guess.page)
        if not slots.keys() - {"footer"}:
            continue
        fine = viewed.draw_plain_page(number, FINE_DPI)
        if fine is None:
            break
        for slot, read in _read_page(np.asarray(fine), page, slots, layer).items():
            if slot not in by_slot or _RANK.index(read.sureness) > _RANK.index(by_slot[slot].sureness):
                by_slot[slot] = read
    settled = raise_repeated(settle_by_others(by_slot))
    for slot, read in read_around(viewed, *_laid_out_anew(numbers, names, aligned_pages, settled, layer)).items():
        if slot not in settled or (settled[slot].unsure_place and not settled[slot].read):
            settled[slot] = read
    return OwnRecognition(readings=MappingProxyType(settled), aligned_pages=MappingProxyType(aligned_pages))


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
            block=slot in CONTACTS or len(slots[slot]) > 1,
            letters=slot not in LOOKED_AT,
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
            if read_blank(picture, page, tall, letters=False, block=True).is_empty is not True:
                read = replace(read, is_empty=None)
        by_slot[slot] = replace(_as_found(slot, page, read, box), place=_place_of(box, page, picture))
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


def _as_line(line: ReadLineOfPrint, height: float) -> ReadLine:
    return ReadLine(
        text=line.value.text,
        base=height - line.box[3],
        start=line.box[0],
        recognized=_SURENESS[line.value.certainty],
        height=line.size,
    )


def is_known(text: str) -> bool:
    """Say whether each word of a value is one of a list: a place, a title, an office, a number. None is changed."""
    text_words = text.replace("/", " ").split()
    if not any(c.isalpha() for c in text):
        return bool(re.fullmatch(r"[\d() .,#/x-]{5,}", text))
    return all(_is_known_word(word) for word in text_words)


def _is_known_word(word: str) -> bool:
    if _PLAIN_WORD.fullmatch(word):
        return True
    plain = fold(word)
    if not plain:
        return True
    if any(part not in _common_words() and part not in words("places") for part in plain.split()):
        return plain.replace(" ", "") in county_names() or state_code(word.strip(",.")) is not None
    return True


def may_be_misread(text: str) -> bool:
    """Say whether a word of a value is nearly a common word, lost its apostrophe, or is one of the form's own.

    Both recognizers can do that. The writer may have misspelt it as well; either way a person has to look.
    """
    text_words = [fold(word) for word in text.split()]
    if _FORM_WORDS.search(text) or _DOUBTFUL_STROKES.search(text):
        return True
    if any(word in _POSSESSIVES for word in re.findall(r"[a-z]+s(?= )", text.casefold())):
        return True
    common = _common_words()
    return any(
        len(word) >= LONG_WORD
        and word not in common
        and process.extractOne(word, common, scorer=fuzz.ratio, score_cutoff=NEARLY) is not None
        for word in text_words
    )


@cache
def _common_words() -> frozenset[str]:
    """Return the words of titles, offices, ranks and States."""
    state_words = {word for name in states().values() for word in fold(name).split()}
    return words("titles") | words("offices") | words("ranks") | state_words


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
