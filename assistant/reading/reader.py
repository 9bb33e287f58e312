"""Read a finished agreement whole: which form it is, which pages, and what stands in each slot."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.editions.catalog import all_editions, former_prints, get_edition
from assistant.pdf.viewer.loose_widgets import read_loose_widgets
from assistant.pdf.viewer.viewed_pdf import LEAST_SHEET, MOST_SHEET, ViewedPdf
from assistant.reading import known_pages, label_spots, shapes
from assistant.reading.active import strange_actions
from assistant.reading.agreement import PageMatch, ReadAgreement, SlotReading
from assistant.reading.answers_of import answers_from
from assistant.reading.block import signature_spots
from assistant.reading.by_map import spots_by_map, with_paths
from assistant.reading.filling import read_slot, signing_of, stamp_moved
from assistant.reading.handwriting import wavers_like_a_pen
from assistant.reading.map_spots import PageBlanks
from assistant.reading.old_block import unlabelled_block
from assistant.reading.outside import hidden_lines, named_agencies
from assistant.reading.own_recognition import (
    edition_of_pictures,
    joined_with_layer,
    pages_with_blanks,
    recognize_pages,
)
from assistant.reading.printed import altered, blank_form
from assistant.reading.printed_revision import printed_revision, spelled_revision
from assistant.reading.slots import expected, label_of, nearest_edition
from assistant.reading.split_layers import is_split, joined_pieces
from assistant.reading.tokens import SHIFTED_WORDS, find_phrase, tokens_of
from assistant.reading.whole_page import page_spots

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from assistant.answers import Model
    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.loose_widgets import LooseWidget
    from assistant.reading.label_spots import LabelSpot
    from assistant.reading.own_recognition import OwnRecognition
    from assistant.reading.shapes import PageAlignment
    from assistant.reading.tokens import Token
    from assistant.scans.page_reading import PrintMatch

TITLES: dict[str, Model] = {
    "tribaltaskforcemodel": "TTFM",
    "taskforcemodel": "TFM",
    "jailenforcementmodel": "JEM",
    "warrantserviceofficer": "WSO",
}
MOA_LIKE = 0.35
"""A file less like every known form than this is no agreement of this program."""
MOA_LIKE_TITLED = 0.3
MOA_LIKE_RECOGNISED = 0.15
WORD_FOR_WORD = 0.9
"""A typed page as like one of a known print as this has its words, whatever revision it says."""
SURELY_FORMER = 0.015
"""A former print is recognized where a file is more like it by so much: made-up stand-ins were by 0.035 or more."""
MIN_PAGES = 5
"""An agreement may lie in so many pages that cannot be read; the shortest form has ten."""
FEW_ON_A_SCAN = 40
"""Fewer words on a picture were typed over it, and do not tell what the picture shows."""
FIGURES_DPI, LEAST_FIGURES_DPI = 200, 115
"""Pixels to an inch at which a date's figures are looked at, and that the scan has at least for it."""
ABOVE_DATE, BELOW_DATE = 6.0, 4.0
"""Points around a date's blank that its figures reach."""
CLEAR = 0.05
LIKE_A_FORM = 0.2
"""A page so much like one of a form's may be that of another print of it."""
DRAFT = "draftnotreadytobesigned"
"""This program's mark of a draft (library), as the words of a page are put together."""
PLAIN = frozenset({"field", "note", "text"})
"""What is typed, shows on paper, and is in letters that can be read."""
X_RUN = re.compile(r"(?<![A-Za-z])[Xx]{4,}(?![A-Za-z])")


def read_agreement(
    data: bytes, blanks: Mapping[str, bytes] = MappingProxyType({}), *, only_signing: bool = False
) -> ReadAgreement:
    """Return what stands in a finished agreement; ``blanks`` are the blank forms available, by the edition's name.

    ``only_signing``: where pages are pictures, only those that may be the signing page are recognized, which is most of
    the time of a scan.

    Raises:
        PdfError: a file cannot be opened.
    """
    with ViewedPdf(data) as viewed:
        loose = read_loose_widgets(data, viewed.pages)
        reader = _Reader(viewed, blanks, loose, only_signing=only_signing)
        return replace(reader.read(), active=strange_actions(data))


class _Reader:
    def __init__(
        self,
        viewed: ViewedPdf,
        blanks: Mapping[str, bytes],
        loose: Mapping[int, Sequence[LooseWidget]] = MappingProxyType({}),
        *,
        only_signing: bool = False,
    ) -> None:
        self.viewed, self.blanks, self.loose = viewed, blanks, loose
        self._only_signing = only_signing
        stored = known_pages.known_pages()
        self.forms = stored | {
            name: blank_form(data).words_by_page for name, data in blanks.items() if name not in stored
        }
        read = [tokens_of(page) for page in viewed.pages]
        self.tokens = [joined_pieces(tokens) if is_split(tokens) else tokens for tokens in read]
        garbled = [page for page, tokens in zip(viewed.pages, self.tokens, strict=True) if self._is_garbled(tokens)]
        for page in garbled:
            shifted = tokens_of(page, shifted=True)
            # What cannot be read is no text: as words it would stand in blanks and on no page of the form.
            readable = not self._is_garbled(shifted)
            self.tokens[page.number - 1] = shifted if readable else [t for t in shifted if t.mark]
        self.garbled = frozenset(p.number for p in garbled if self._has_marks_only(p.number))
        self.words = [known_pages.counted(t.key for t in tokens if t.mark is None) for tokens in self.tokens]

    def _is_garbled(self, tokens: Sequence[Token]) -> bool:
        return known_pages.is_garbled((t.key for t in tokens if not t.mark and t.key not in SHIFTED_WORDS), self.forms)

    def _has_marks_only(self, number: int) -> bool:
        return all(token.mark for token in self.tokens[number - 1])

    def read(self) -> ReadAgreement:
        viewed = self.viewed
        near, likeness = known_pages.closest(self.words, self.forms)
        titled = self._titled()
        scanned = any(page.scanned for page in viewed.pages)
        # A title alone makes no agreement: a letter or a list that speaks of one has it too.
        enough = MOA_LIKE_RECOGNISED if scanned else MOA_LIKE_TITLED if titled else MOA_LIKE
        like_an_moa = likeness >= enough or (titled is not None and scanned)
        model = titled or (_model_of(near) if likeness >= MOA_LIKE else None)
        revision = printed_revision(self.tokens, model)
        edition = self._edition_of(model, revision) if model else None
        alignments = self._align_pages(edition)
        if alignments and edition is None:
            edition = get_edition(alignments[0].edition)
            model = edition.model
        # Pages that lie on a form's as pictures outweigh a few words that somebody typed over them.
        like_an_moa = like_an_moa or len(alignments) >= shapes.TOLD_BY
        unknown_paper = not like_an_moa and self._may_be_an_moa()
        blank = blank_form(self.blanks[edition.name]) if edition and edition.name in self.blanks else None
        pages = blank.words_by_page if blank else self._pages_for(edition, near)
        matches = known_pages.match_pages(viewed.pages, self.words, pages, self.garbled)
        matches = [_apply_alignment(match, alignments) for match in matches]
        missing = known_pages.missing_pages(matches, self.words, pages) if pages and likeness >= MOA_LIKE else ()
        exact = edition is not None and edition.revision == revision
        spots = self._spots(model, edition)
        if edition and exact:
            spots = spots_by_map(edition, self._sheets(edition, matches), spots)
        spots = [stamp_moved(spot, spots) for spot in spots]
        placed = frozenset(match.number for match in matches if _is_known_page(match, exact=exact))
        readings = shapes.read_empty_slots(alignments, edition) | {
            spot.slot: self._read_slot(spot, edition, placed) for spot in spots
        }
        own = self._recognized(model, revision, readings, matches)
        readings = joined_with_layer(own.readings, readings)
        if len(own.aligned_pages) >= shapes.TOLD_BY:
            like_an_moa, unknown_paper = True, False
            if revision is None:
                edition = edition_of_pictures(own, edition)
                model, revision = edition.model, own.revision
        if dated := readings.get("lea_date"):
            readings["lea_date"] = self._told_by_hand(dated)
        matches = [_as_recognized(match, own.aligned_pages) for match in matches]
        if edition and exact:
            readings = {slot: with_paths(item, edition) for slot, item in readings.items()}
        printed_placeholders, strange = self._rows_of_x(matches, pages, exact=exact)
        changes = altered(blank, viewed.pages, self.tokens, matches) if blank and exact else None
        whole: Counter[str] = sum(self.words, known_pages.counted(()))
        return ReadAgreement(
            model=model,
            edition=edition,
            revision=revision,
            missing=missing,
            like_an_moa=like_an_moa or unknown_paper,
            unknown_paper=unknown_paper,
            why_not_recognized=own.why_nothing,
            more_pages=self._is_cut_short(),
            loose_pages=tuple(n for n, widgets in self.loose.items() if any(widget.filled for widget in widgets)),
            exact=exact,
            compared=changes is not None,
            altered=changes or (),
            pages=tuple(matches),
            readings=MappingProxyType(readings),
            footers=self._footers(edition),
            signing=signing_of(readings, viewed.pages, spots),
            answers=answers_from(readings, model),
            marks=MappingProxyType({page.number: page.marks for page in viewed.pages if page.marks}),
            strange=strange,
            printed_placeholders=printed_placeholders,
            named_agencies=tuple(self._outside(matches, spots, named_agencies)),
            hidden_texts=tuple(self._outside(matches, spots, hidden_lines)),
            drafts=tuple(
                page.number
                for page, tokens in zip(viewed.pages, self.tokens, strict=True)
                if DRAFT in "".join(token.key for token in tokens if token.source not in {"hidden", "coded"})
            ),
            encrypted=viewed.encrypted,
            info=MappingProxyType(viewed.info),
            exact_pages=len(pages.pages) if pages and edition and edition.name in self.forms else 0,
            spread=_spread(pages, whole) if pages else 0.0,
        )

    def _edition_of(self, model: Model, revision: str | None) -> Edition | None:
        spelled = spelled_revision(self.tokens, model, revision) if revision else ""
        has_fields = any(mark.is_field for page in self.viewed.pages for mark in page.marks)
        dated = nearest_edition(model, revision, spelled=spelled, has_fields=has_fields)
        return dated if revision else self._former_print(model) or dated

    def _former_print(self, model: Model) -> Edition | None:
        """Return the print without a date whose words these are, where they are no dated edition's for sure."""
        former = {edition.name: edition for edition in former_prints() if edition.model == model}
        dated = [name for name in self.forms if _model_of(name) == model and name not in former]
        name, likeness = known_pages.closest(self.words, {name: self.forms[name] for name in former})
        _, other = known_pages.closest(self.words, {name: self.forms[name] for name in dated})
        return former[name] if likeness >= MOA_LIKE and likeness - other >= SURELY_FORMER else None

    def _may_be_an_moa(self) -> bool:
        """Say whether an agreement may stand on the pages that nobody can read here, whatever the others say."""
        untold = [
            page.number
            for page, bag in zip(self.viewed.pages, self.words, strict=True)
            if page.number in self.garbled or bag.total() < (FEW_ON_A_SCAN if page.scanned else known_pages.MIN_WORDS)
        ]
        return len(untold) >= min(MIN_PAGES, (len(self.viewed.pages) + 1) / 2) or self._is_cut_short()

    def _is_cut_short(self) -> bool:
        return self.viewed.page_count > len(self.viewed.pages)

    def _pages_for(self, edition: Edition | None, near: str) -> known_pages.KnownPages | None:
        if edition is None:
            return self.forms.get(near)
        if edition.name in self.forms:
            return self.forms[edition.name]
        same = [name for name in self.forms if name.startswith(f"{edition.form_id}/")]
        return self.forms[near if near in same else same[0]] if same else None

    def _titled(self) -> Model | None:
        """Return the model named in the title of the first page that has one."""
        for tokens in self.tokens[:4]:
            head = "".join(token.key for token in tokens[:40])
            if "memorandum" in head or "agreement" in head:
                model = next((model for words, model in TITLES.items() if words in head), None)
                if model:
                    return model
        return None

    def _spots(self, model: Model | None, edition: Edition | None) -> list[LabelSpot]:
        if model is None or edition is None:
            return []
        best: dict[str, LabelSpot] = {}
        block: list[LabelSpot] = []
        for page, tokens in zip(self.viewed.pages, self.tokens, strict=True):
            for spot in page_spots(page, tokens, model):
                best.setdefault(spot.slot, spot)
            rows = signature_spots(page, tokens) or unlabelled_block(page, tokens)
            if len(rows) > len(block) or (len(rows) == len(block) and block and _more_like(tokens)):
                block = rows
        expected_slots = expected(edition)
        both = {spot.slot for spot in block}
        # Prints differ in the lines of the signature block: what is labelled on the paper is there.
        best |= {spot.slot: spot for spot in block if spot.slot in both}
        return [spot for slot, spot in best.items() if slot in expected_slots or slot in both]

    def _sheets(self, edition: Edition, matches: Sequence[PageMatch]) -> list[PageBlanks]:
        """Return the pages with their numbers in the edition's form; where its pages are not known, in their order."""
        whole = edition.recognise is not None and edition.recognise.pages == len(self.viewed.pages)
        return [
            PageBlanks(
                page=page,
                tokens=tokens,
                form_page=match.form_page if edition.name in self.forms else page.number if whole else None,
            )
            for page, tokens, match in zip(self.viewed.pages, self.tokens, matches, strict=True)
        ]

    def _align_pages(self, edition: Edition | None) -> list[PageAlignment]:
        """Return the pages without text, aligned with the form's where they fit."""
        bare = [
            page
            for page, bag in zip(self.viewed.pages, self.words, strict=True)
            if (page.scanned and bag.total() < known_pages.MIN_WORDS) or page.number in self.garbled
        ]
        stored = shapes.known_shapes()
        names = [edition.name] if edition and edition.name in stored else [] if edition else list(stored)
        return shapes.align_pages(self.viewed, bare, names) if bare and names else []

    def _recognized(
        self,
        model: Model | None,
        revision: str | None,
        readings: Mapping[str, SlotReading],
        matches: Sequence[PageMatch],
    ) -> OwnRecognition:
        """Return what is read in the pages that are pictures, whatever text lies beneath them."""
        editions = [one for one in all_editions() if model is None or one.model == model]
        names = [one.name for one in editions]
        blanks = pages_with_blanks(names)
        if self._only_signing:
            blanks &= {one.signing_page for one in editions}
        numbers = [
            match.number
            for match in matches
            if (match.scanned or match.number in self.garbled)
            and (match.form_page is None or match.form_page in blanks)
        ]
        revisions = sorted({one.revision for one in editions if one.revision_text})
        return recognize_pages(self.viewed, numbers, names, readings, () if revision else revisions)

    def _told_by_hand(self, dated: SlotReading) -> SlotReading:
        """Return a date recognized in a picture with whether a pen wrote it; what can be read may be written."""
        page = self.viewed.pages[dated.page - 1]
        if dated.source != "recognised" or dated.by_hand or not page.scanned or page.sideways or dated.box is None:
            return dated
        if self.viewed.measure_scan_dpi(page.number) < LEAST_FIGURES_DPI:
            return dated
        picture = self.viewed.draw_plain_page(page.number, FIGURES_DPI)
        if picture is None:
            return dated
        scale = FIGURES_DPI / 72
        box = dated.box
        if dated.place and dated.place.turn:
            return dated
        if dated.place:
            x0, top, x1, bottom = dated.place.box
            wide, high = picture.width / scale, picture.height / scale
            box = (x0 * wide, (1 - bottom) * high, x1 * wide, (1 - top) * high)
        elif page.skew:
            picture = picture.rotate(-math.degrees(page.skew), center=(0, picture.height), fillcolor=255)
        around = (box[0], box[1] - BELOW_DATE, box[2], box[3] + ABOVE_DATE)
        figures = not any(letter.isalpha() for letter in dated.text)
        return replace(dated, by_hand=wavers_like_a_pen(picture, around, scale, only_figures=figures))

    def _read_slot(self, spot: LabelSpot, edition: Edition | None, placed: Container[int] = frozenset()) -> SlotReading:
        page = self.viewed.pages[spot.page - 1]
        if any(_meet(widget.rect, box) for widget in self.loose.get(spot.page, ()) for box in spot.boxes):
            # What stands in such a field shows in one reader and not in the next: neither text nor emptiness.
            label = label_of(spot.slot, edition)
            return SlotReading(slot=spot.slot, page=spot.page, label=label, source="unseen", box=spot.boxes[0])
        reading = read_slot(
            spot,
            edition,
            lambda: self.viewed.picture(page),
            clear=page.covered < CLEAR,
            known_page=spot.page in placed,
        )
        if LEAST_SHEET <= max(page.width, page.height) <= MOST_SHEET:
            return reading
        # How large a sheet of another size is printed nobody knows, nor how large its letters are then.
        return replace(reading, lines=tuple(replace(line, size=0.0, drawn_size=0.0) for line in reading.lines))

    def _footers(self, edition: Edition | None) -> tuple[SlotReading, ...]:
        if edition is None:
            return ()
        spots = [
            label_spots.footer_spot(page, tokens) for page, tokens in zip(self.viewed.pages, self.tokens, strict=True)
        ]
        return tuple(self._read_slot(spot, edition) for spot in spots if spot)

    def _outside(
        self,
        matches: Sequence[PageMatch],
        spots: Sequence[LabelSpot],
        find: Callable[[Sequence[Token], Sequence[LabelSpot]], Iterable[str]],
    ) -> Iterator[tuple[int, str]]:
        """Yield (page, text) for what is found outside the blanks of the pages that are the form's, or much like it."""
        pages = {match.number for match in matches if match.form_page or match.likeness > LIKE_A_FORM}
        for page, tokens in zip(self.viewed.pages, self.tokens, strict=True):
            if page.number in pages:
                new_readings = find(tokens, [spot for spot in spots if spot.page == page.number])
                yield from ((page.number, text) for text in dict.fromkeys(new_readings))

    def _rows_of_x(
        self, matches: Sequence[PageMatch], pages: known_pages.KnownPages | None, *, exact: bool
    ) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
        """Return (page, X) of the rows of X that the form itself prints, and of those that somebody left.

        The form's are as many as it has on that page; of a print that is not known for sure, as any known print has.
        """
        printed: list[tuple[int, str]] = []
        left: list[tuple[int, str]] = []
        prints = [pages] if exact and pages else list(self.forms.values())
        for match in matches:
            if match.form_page is None:
                continue
            on_form = Counter[str]()
            for blank_print in prints:
                words = blank_print.pages
                on_form |= words[match.form_page - 1] if match.form_page <= len(words) else Counter()
            for token in self.tokens[match.number - 1]:
                row = X_RUN.search(token.text) if token.source in PLAIN else None
                if row and token.source == "text" and on_form[word := known_pages.digest(token.key)]:
                    on_form[word] -= 1
                    printed.append((match.number, row[0]))
                elif row:
                    left.append((match.number, row[0]))
        return tuple(printed), tuple(left)


def _as_recognized(match: PageMatch, aligned_pages: Mapping[int, PrintMatch]) -> PageMatch:
    """Return a page's match with what its picture shows where its words identified no page."""
    page = aligned_pages.get(match.number)
    if page is None or match.form_page is not None:
        return match
    guess = page.guess
    likeness = round(guess.likeness, 3)
    return replace(match, form_page=guess.page.number, likeness=likeness, shown_turned=bool(guess.turn))


def _is_known_page(match: PageMatch, *, exact: bool) -> bool:
    """Say whether the blanks of a page are where a known print has them: it is that print, or typed word for word."""
    return match.form_page is not None and (exact or (not match.scanned and match.likeness >= WORD_FOR_WORD))


def _meet(one: Rect, other: Rect) -> bool:
    """Say whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _apply_alignment(match: PageMatch, alignments: Sequence[PageAlignment]) -> PageMatch:
    """Return a page's match with what its ink tells: which page it is, and whether it lies on its side."""
    item = next((item for item in alignments if item.number == match.number), None)
    if item is None:
        return match
    return replace(match, form_page=item.form_page, likeness=item.likeness, shown_turned=bool(item.turned))


def _more_like(tokens: Sequence[Token]) -> bool:
    return find_phrase(tokens, ("by", "signing", "this", "moa")) is not None


def _model_of(name: str) -> Model | None:
    return next((edition.model for edition in (*all_editions(), *former_prints()) if edition.name == name), None)


def _spread(pages: known_pages.KnownPages, whole: Counter[str]) -> float:
    parts = [pages.spread(whole, n) for n in range(len(pages.pages))]
    return sum(parts) / len(parts)
