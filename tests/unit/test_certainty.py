"""A finding blocks only where its reading is certain, and a file of which too little was read is not judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.reading import ReadAgreement, SlotReading, known_pages
from assistant.reading.agreement import ReadLine, Signing
from assistant.reading.block import signature_spots
from assistant.reading.tokens import SHIFT, Token, tokens_of
from assistant.rules.agreement import _unseen as unseen_places
from assistant.rules.agreement import with_judgement
from assistant.rules.agreement.certainty import cap_severity, is_surely_signed, why_not_judged
from assistant.rules.agreement.lists import party_of, run_list_rules
from assistant.scans.recognizers import HOW_TO_GET
from tests.unit.test_finished_lists import DAYS, line
from tests.unit.test_finished_lists import TODAY as LIST_DAY
from tests.unit.test_finished_rules import codes, document, found
from tests.unit.test_reading import page, word


def doubtful(slot: str, text: str) -> SlotReading:
    return replace(found(slot), lines=(ReadLine(text=text, size=10.0, doubtful=True),))


WOULD_BLOCK = [
    ("agency", "", "answer-missing"),
    ("agency_again", "", "abbrev-blank"),
    ("appendix_b", "", "appb-blank"),
    ("contact", "", "poc-a-blank"),
    ("public", "", "pubinfo-blank"),
    ("lea_title", "", "title-blank"),
    ("lea_date", "", "date-blank"),
    ("lea_date", "02/30/2025", "date-invalid"),
    ("opla", "ADDRESS", "placeholder-left"),
    ("lea_title", "Acting Director", "title-shared-with-ice"),
    ("appendix_b", "Maple County Sheriff", "other-agency-data"),
    ("represents", "Pine County, Florida", "other-agency-data"),
]


@pytest.mark.parametrize(("slot", "text", "code"), WOULD_BLOCK)
def test_a_blank_that_may_stand_elsewhere_only_warns(slot: str, text: str, code: str) -> None:
    item = found(slot, text) if text else found(slot, source="nothing")
    agency = found("agency", "Pine County Sheriff, GA") if slot == "represents" else document().readings["agency"]
    others = [] if slot == "agency" else [agency]
    assert codes(item, *others)[code] == "blocker"
    assert codes(replace(item, unsure_place=True), *others)[code] == "warning"


@pytest.mark.parametrize(("slot", "text", "code"), [row for row in WOULD_BLOCK if row[1]])
def test_a_text_that_need_not_be_the_one_on_paper_only_warns(slot: str, text: str, code: str) -> None:
    agency = found("agency", "Pine County Sheriff, GA") if slot == "represents" else document().readings["agency"]
    assert codes(doubtful(slot, text), agency)[code] == "warning"


def test_what_newer_prints_have_in_their_text_is_a_placeholder_only_where_it_was_typed() -> None:
    assert codes(found("agency_enters", "LEA"))["placeholder-left"] == "blocker"
    assert "placeholder-left" not in codes(found("agency_enters", "LEA", source="recognised"))
    assert codes(found("agency_enters", "XXXXXXX", source="recognised"))["placeholder-left"] == "warning"


def test_a_date_before_the_revision_blocks_only_where_the_revision_is_known() -> None:
    early = found("lea_date", "01/05/2025")
    assert codes(early)["date-invalid"] == "blocker"
    assert codes(early, exact=False)["date-invalid"] == "warning"
    assert codes(found("lea_date", "02/30/2025"), exact=False)["date-invalid"] == "blocker"


@pytest.mark.parametrize(
    ("signed", "line", "surely"),
    [
        (Signing(signed=True), found("lea_signature", source="ink"), True),
        (Signing(signed=True, electronic=True), found("lea_signature", "Digitally signed"), True),
        (Signing(signed=True, picture=True), found("lea_signature", "Jordan Tester"), True),
        (Signing(signed=True), found("lea_signature", "Jordan Tester"), False),
        (Signing(signed=None), found("lea_signature", source="ink"), False),
        (Signing(signed=False), found("lea_signature", source="nothing"), False),
    ],
)
def test_a_name_may_be_typed_on_the_line_before_anybody_signs(signed: Signing, line: SlotReading, surely: bool) -> None:  # noqa: FBT001
    empty = found("lea_date", source="nothing")
    assert is_surely_signed(document(line, signing=signed)) is surely
    expected = {True: "blocker", False: "warning"}[surely] if signed.signed else None
    assert codes(line, empty, signing=signed).get("date-blank") == expected


def test_pages_are_surely_missing_only_where_every_page_was_read_and_the_revision_is_known() -> None:
    pages = document().pages
    assert codes(pages=pages[:10], missing=(11, 12, 13, 14)) == {"pages-missing": "blocker"}
    assert codes(pages=pages[:10], missing=(11, 12, 13, 14), exact=False) == {"pages-missing": "warning"}
    assert codes(pages=pages[:10], missing=(11, 12, 13, 14), more_pages=True) == {}
    one = (*pages[:9], replace(pages[9], form_page=None, unread=True))
    assert codes(pages=one, missing=(10, 11, 12, 13, 14)) == {"pages-missing": "warning", "pages-unread": "note"}
    nine = (pages[0], *(replace(page, form_page=None, unread=True) for page in pages[1:10]))
    assert codes(pages=nine, missing=tuple(range(2, 15))) == {"pages-unread": "note"}


def judged(*changed: SlotReading, **more: Any) -> str:
    return why_not_judged(document(*changed, **more))


@pytest.mark.parametrize("slot", ["agency", "lea_signature", "lea_date", "lea_title"])
def test_an_agreement_is_not_judged_without_what_decides(slot: str) -> None:
    unseen = found(slot, source="unseen")
    assert unseen.where in judged(unseen)
    assert judged(found(slot, source="nothing")) == ""
    assert judged(found(slot, source="recognised")) == ""
    assert judged(found(slot, source="nothing", by_shape=True)) != ""
    lost = {name: item for name, item in document().readings.items() if name != slot}
    assert judged(readings=lost).startswith("This program could not read what it needs to decide: the ")


def test_what_somebody_wrote_by_hand_was_seen_and_other_blanks_do_not_decide() -> None:
    assert judged() == ""
    assert judged(found("lea_date", source="ink"), found("opla", source="unseen")) == ""


def test_a_paper_that_nobody_can_name_is_not_judged_and_another_paper_is() -> None:
    assert judged(unknown_paper=True).startswith("Too little of the file can be read")
    assert judged(model=None).startswith("Too little of the file can be read")
    assert judged(like_an_moa=False) == ""


@pytest.mark.parametrize(
    ("blockers", "why", "ready"), [(0, "", True), (0, "unread", None), (1, "", False), (1, "unread", False)]
)
def test_what_surely_blocks_blocks_whatever_was_not_read(blockers: int, why: str, ready: bool | None) -> None:  # noqa: FBT001
    told = with_judgement(
        {"ready": not blockers, "findings": [], "counts": {"blocker": blockers, "warning": 0, "note": 0}}, why
    )
    assert told["ready"] is ready
    assert told["why_not_judged"] == (why or None)


def test_emptiness_is_sure_only_at_a_sure_place() -> None:
    empty = found("lea_title", source="nothing")
    assert (empty.sureness, empty.is_certain, cap_severity(empty, None)) == ("sure", True, None)
    for unsure in (replace(empty, unsure_place=True), replace(empty, by_shape=True), replace(empty, hidden=True)):
        assert unsure.sureness != "sure"
        assert cap_severity(empty, unsure) == "warning"


def test_whose_side_it_is_is_unsure_without_headings() -> None:
    labels = [
        word(f"{row}:", x, 280 - 28 * n) for n, row in enumerate(("Date", "Signature", "Title")) for x in (60, 311)
    ]
    bare = page(*labels)
    assert {spot.unsure_side for spot in signature_spots(bare, tokens_of(bare))} == {True}
    heads = [word(text, x, 305) for text, x in (("For", 60), ("the", 82), ("LEA:", 104), ("For", 311), ("ICE:", 333))]
    headed = page(*heads, *labels)
    assert {spot.unsure_side for spot in signature_spots(headed, tokens_of(headed))} == {False}


def test_a_recognised_label_ends_before_its_line_to_write_on() -> None:
    wide = replace(word("Title:", 60, 229), x1=180.0)
    (scanned,) = tokens_of(page(wide, covered=1.0))
    assert 85 < scanned.x1 < 110
    (typed,) = tokens_of(page(wide))
    assert typed.x1 == 180
    (other,) = tokens_of(page(replace(wide, text="Sheriff"), covered=1.0))
    assert other.x1 == 180


PLAIN = "the purpose of this agreement is to set forth the terms under which the officers of the agency will perform"


def shifted(text: str, by: int) -> str:
    return " ".join("".join(chr(ord(c) + by) for c in one) for one in text.split())


def test_words_in_the_codes_of_a_font_are_garbled_and_another_papers_are_not() -> None:
    forms = known_pages.known_pages()
    assert not known_pages.is_garbled(PLAIN.split(), forms)
    assert not known_pages.is_garbled(("cabbage soup needs onions and patience " * 3).split(), forms)
    assert known_pages.is_garbled([one.casefold() for one in shifted(PLAIN, -SHIFT).split()], forms)
    assert not known_pages.is_garbled(shifted(PLAIN, -SHIFT).split()[:5], forms), "too few to tell"


def test_a_page_in_shifted_codes_is_read_and_never_for_sure() -> None:
    words = [word(text, 72 + 40 * n, 700) for n, text in enumerate(shifted("agreement between", -SHIFT).split())]
    tokens: list[Token] = tokens_of(page(*words), shifted=True)
    assert [(token.text, token.source) for token in tokens] == [("agreement", "recognised"), ("between", "recognised")]


def test_another_agency_of_a_list_blocks_only_beside_a_party_that_was_surely_read() -> None:
    read: ReadAgreement = document(
        found("agency", "Pine County Sheriff’s Office, GA"), found("appendix_b", "Maple Falls Police Department")
    )
    other = line(agency="Maple Falls Police Department", county=None)

    def look_up(name: str, _: str) -> list[Any]:
        return [other] if "Maple" in name else []

    for sure, severity in ((True, "blocker"), (False, "warning")):
        party = party_of(read) | {"sure": sure, "states": ["GA"]}
        told, _ = run_list_rules(party, DAYS, look_up, today=LIST_DAY)
        assert [(one.code, one.severity) for one in told] == [("other-agency-data", severity)]


def test_a_place_that_was_not_found_is_named_by_the_form_where_the_file_has_no_such_page() -> None:
    short = replace(document(), pages=document().pages[:1], readings={})
    assert short.edition is not None
    named = unseen_places(short)
    assert any("(page 9 of the form)" in place for place in named)
    assert not any(place.startswith("p. 9") for place in named), "the file has one page"
    assert any(place.startswith("p. 1, ") for place in named), "its first page is there"
    whole = replace(document(), readings={})
    assert any(place.startswith("p. 9, ") for place in unseen_places(whole))


def test_where_pictures_cannot_be_read_the_sentence_says_how_to_have_them_read() -> None:
    unseen = found("agency", source="unseen")
    assert HOW_TO_GET in judged(unseen, why_not_recognized=HOW_TO_GET)
    assert HOW_TO_GET not in judged(unseen)
