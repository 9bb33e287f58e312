"""The rules about a finished agreement, each on what was read: told where it is certain, silent where it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from assistant.editions.catalog import get_edition
from assistant.pdf.viewer.marks import PageMark
from assistant.reading import PageMatch, ReadAgreement, SlotReading
from assistant.reading.agreement import FoundSource, ReadLine, Signing
from assistant.reading.answers_of import answers_from
from assistant.reading.slots import label_of
from assistant.rules.agreement import ANSWER_RULE_CODES, all_document_rules, check_agreement
from assistant.rules.registry import all_rules

TODAY = date(2026, 2, 1)
EDITION = get_edition("moa-tfm/2025-03-07")
TEXTS = {
    "agency": "Pine County Sheriff’s Office (PCSO)",
    "agency_again": "Pine County Sheriff’s Office",
    "represents": "Pine County, Georgia",
    "opla": "Atlanta",
    "lea_date": "03/28/2025",
    "lea_title": "Sheriff",
    "lea_name": "Jordan Tester",
    "lea_agency": "Pine County Sheriff’s Office",
    "appendix_b": "Pine County Sheriff’s Office",
}
CONTACT = ("Sam Sample", "Captain, Patrol", "(404) 555-0102", "sam@pcso.example.gov")
PUBLIC = ("Dana Example", "Public Information Officer", "(404) 555-0103", "pio@pcso.example.gov")


def found(slot: str, *lines: str, source: FoundSource = "text", size: float = 10.0, **more: Any) -> SlotReading:
    texts = tuple(ReadLine(text=text, size=size) for text in lines)
    return SlotReading(slot=slot, page=9, label=label_of(slot, EDITION), source=source, lines=texts, **more)


def document(*changed: SlotReading, **more: Any) -> ReadAgreement:
    """Return a clean agreement with some slots changed."""
    slots = {slot: found(slot, text) for slot, text in TEXTS.items()}
    slots |= {"contact": found("contact", *CONTACT), "public": found("public", *PUBLIC)}
    slots["lea_signature"] = found("lea_signature", source="ink")
    slots["ice_title"] = found("ice_title", source="nothing")
    slots |= {item.slot: item for item in changed}
    pages = tuple(
        PageMatch(number=n, form_page=n, likeness=1.0, unread=False, scanned=False, sideways=0, shown_turned=False)
        for n in range(1, 15)
    )
    clean = ReadAgreement(
        model="TFM", edition=EDITION, exact=True, revision="2025-03-07", pages=pages, missing=(), exact_pages=14,
        readings=MappingProxyType(slots), signing=Signing(signed=True), answers=answers_from(slots, "TFM"),
    )  # fmt: skip
    return replace(clean, **more)


def codes(*changed: SlotReading, **more: Any) -> dict[str, str]:
    """Return code -> severity of what is found."""
    return {f.code: f.severity for f in check_agreement(document(*changed, **more), today=TODAY).findings}


def test_a_clean_agreement_brings_nothing() -> None:
    assert codes() == {}


@pytest.mark.parametrize(
    ("slot", "code", "severity"),
    [
        ("agency", "answer-missing", "blocker"),
        ("agency_again", "abbrev-blank", "blocker"),
        ("opla", "opla-blank", "warning"),
        ("lea_date", "date-blank", "blocker"),
        ("lea_title", "title-blank", "blocker"),
        ("contact", "poc-a-blank", "blocker"),
        ("appendix_b", "appb-blank", "blocker"),
        ("public", "pubinfo-blank", "blocker"),
        ("contact_vii", "poc-vii-blank", "blocker"),
    ],
)
def test_an_empty_blank_is_told_only_where_it_was_seen_to_be_empty(slot: str, code: str, severity: str) -> None:
    assert codes(found(slot, source="nothing"))[code] == severity
    assert code not in codes(found(slot, source="unseen"))
    assert code not in codes(found(slot, source="ink"))


def test_before_signing_the_date_may_be_empty_and_the_title_only_warns() -> None:
    unsigned = Signing(signed=False)
    assert "date-blank" not in codes(found("lea_date", source="nothing"), signing=unsigned)
    assert codes(found("lea_title", source="nothing"), signing=unsigned)["title-blank"] == "warning"


MISTAKES: list[tuple[SlotReading, str, str]] = [
    (found("opla", "ADDRESS"), "placeholder-left", "blocker"),
    (found("appendix_b", "XXXXXXXXX"), "placeholder-left", "blocker"),
    (found("lea_date", "03/28/2027"), "date-invalid", "blocker"),
    (found("lea_date", "02/30/2025"), "date-invalid", "blocker"),
    (found("lea_date", "01/05/2025"), "date-invalid", "blocker"),
    (found("lea_date", "March 2025"), "date-format", "warning"),
    (found("represents", "Pine County Sheriff’s Office"), "represents-self", "note"),
    (found("represents", "PCSO"), "represents-self", "note"),
    (found("represents", "Sheriff Jordan Tester"), "represents-person", "warning"),
    (found("opla", "ERO Atlanta"), "opla-not-opla", "warning"),
    (found("opla", "180 Ted Tuner Drive SW, Suite 332, Atlanta, GA 30303"), "opla-address-typo", "warning"),
    (found("lea_title", "County Manager"), "signer-not-chief", "warning"),
    (found("lea_title", "Chief Deputy"), "signer-not-chief", "warning"),
    (found("lea_title", "Acting Director"), "title-shared-with-ice", "blocker"),
    (found("ice_title", "Sheriff"), "title-shared-with-ice", "blocker"),
    (found("agency", "City of Example"), "party-not-lea", "warning"),
    (found("appendix_b", "Pine County Jail Board"), "name-inconsistent", "warning"),
    (found("appendix_b", "Maple County Sheriff"), "other-agency-data", "blocker"),
    (found("public", "Dana Example", "Public Information Officer"), "pubinfo-no-contact", "warning"),
    (found("public", "Public Information Office", "(404) 555-0103"), "pubinfo-no-person", "warning"),
    (found("contact", "Sam Sample", "Captain"), "poc-a-no-contact", "warning"),
    (found("contact", "Patrol Division", "(404) 555-0102"), "poc-a-no-person", "warning"),
    (found("public", "Sam Sample", "(404) 555-0999"), "contact-mismatch", "warning"),
    (found("public", "Dana Example", "pio@pcso,example.gov"), "contact-format", "warning"),
    (found("lea_title", "Sherriff"), "typo", "note"),
    (found("lea_title", source="ink"), "handwriting", "note"),
    (found("lea_title", "Sheriff", faint=True), "faint-text", "warning"),
    (found("lea_title", "Sheriff", hidden=True), "text-hidden", "warning"),
    (found("lea_title", "Sheriff", size=4.4), "text-tiny", "blocker"),
    (found("lea_title", "Sheriff", size=5.5), "text-tiny", "warning"),
    (found("lea_title", "Sheriff", size=6.5), "text-tiny", "note"),
    (found("lea_signature", "Jordan Tester", source="note"), "signature-typed-only", "warning"),
]


@pytest.mark.parametrize(("changed", "code", "severity"), MISTAKES)
def test_a_mistake_is_told(changed: SlotReading, code: str, severity: str) -> None:
    assert codes(changed).get(code) == severity


@pytest.mark.parametrize(
    "changed",
    [
        found("lea_title", "Sheriff Jordan Tester"),
        found("lea_title", "Sheriff of Pine County"),
        found("opla", "Atlanta Field Office OPLA"),
        found("opla", "180 Ted Turner Dr. SW, Ste 332, Atlanta, GA 30303"),
        found("opla", "100 Address Lane, Atlanta"),
        found("represents", "Pine County, GA"),
        found("appendix_b", "Pine County Sheriffs Office, GA"),
        found("appendix_b", "PCSO"),
        found("lea_date", "March 28th, 2025"),
        found("lea_title", "Sheriff", size=7.0),
        found("public", "PIO Dana Example / 404-555-0103"),
        found("contact", "Sheriff Sam Sample", "sam@pcso.example.gov"),
    ],
)
def test_what_is_right_brings_nothing(changed: SlotReading) -> None:
    assert codes(changed) == {}


def test_what_is_too_light_to_be_read_is_not_called_handwriting() -> None:
    assert codes(found("lea_title", source="ink", faint=True)) == {"faint-text": "warning"}


def test_what_a_program_recognised_never_blocks() -> None:
    assert codes(found("opla", "ADDRESS", source="recognised"))["placeholder-left"] == "warning"
    assert codes(found("lea_date", "03/28/2027", source="recognised"))["date-invalid"] == "warning"
    assert "date-invalid" not in codes(found("lea_date", "3/28/28", source="recognised"))
    assert codes(found("lea_title", "Acting Direcfor", source="recognised"))["title-shared-with-ice"] == "warning"
    assert "typo" not in codes(found("lea_title", "Shcriff", source="recognised"))
    assert "text-tiny" not in codes(found("lea_title", "Sheriff", source="recognised", size=4.0))
    assert "pubinfo-no-contact" not in codes(found("public", "Dana Example", "4O4 555 0l03", source="recognised"))


def test_date_and_signature_on_each_others_lines() -> None:
    swapped = codes(found("lea_signature", "03/28/2025"), found("lea_date", source="nothing"))
    assert swapped == {"signature-line-swap": "warning"}


def test_the_date_is_compared_with_the_signatures_stamp() -> None:
    stamp = "Digitally signed by Jordan Tester Date: 2025.03.20 10:11:12 -04'00'"
    assert codes(signing=Signing(signed=True, signature_text=stamp, electronic=True)) == {
        "date-vs-signature": "warning"
    }
    late = stamp.replace("03.20 10", "03.29 03")
    assert codes(signing=Signing(signed=True, signature_text=late, electronic=True)) == {}
    no_zone = stamp.replace("03.20 10", "03.27 22").replace(" -04'00'", "")
    assert codes(signing=Signing(signed=True, signature_text=no_zone, electronic=True)) == {}


def test_a_signature_that_shows_a_number_is_told() -> None:
    signing = Signing(signed=True, signature_text="Digitally signed by TESTER.JORDAN.1234567890", electronic=True)
    assert codes(signing=signing) == {"signature-exposes-id": "warning"}


def test_a_cut_text_blocks() -> None:
    cut = replace(found("contact", *CONTACT), lines=(ReadLine(text="Sam", size=12, clipped=True),))
    assert codes(cut)["text-clipped"] == "blocker"


def test_a_field_that_is_not_printed_is_told() -> None:
    mark = PageMark(kind="Tx", rect=(0, 0, 9, 9), text="Sheriff", printed=False)
    shown = replace(found("lea_title"), source="field", lines=(ReadLine(text="Sheriff", size=10, mark=mark),))
    assert codes(shown) == {"print-flag-missing": "warning"}


def test_an_old_form_is_told_by_the_day_of_signing() -> None:
    old = {"revision": "2025-02-12", "edition": get_edition("moa-tfm/2025-02-12")}
    assert codes(**old)["form-outdated"] == "warning"
    assert "form-outdated" not in codes(found("lea_date", "02/13/2025"), **old)
    assert "form-outdated" not in codes(found("lea_date", source="ink"), **old)
    assert (
        codes(found("lea_date", source="nothing"), signing=Signing(signed=False), **old)["form-outdated"] == "warning"
    )


def test_missing_pages_block_unless_unread_ones_may_be_they() -> None:
    kept = document().pages[:-1]
    assert codes(pages=kept, missing=(14,))["pages-missing"] == "blocker"
    unread = replace(document().pages[-1], form_page=None, unread=True)
    assert codes(pages=(*kept, unread), missing=(14,)) == {"pages-unread": "note"}


def test_extra_turned_and_doubled_pages_are_told() -> None:
    pages = document().pages
    assert codes(pages=(*pages, replace(pages[0], number=15, form_page=None, likeness=0.1))) == {"pages-extra": "note"}
    assert codes(pages=(*pages, replace(pages[3], number=15))) == {"pages-extra": "note"}
    assert codes(pages=(*pages[:-1], replace(pages[-1], shown_turned=True))) == {"page-rotated": "warning"}


def test_a_retyped_form_is_told_once() -> None:
    pages = tuple(replace(page, form_page=None, likeness=0.4) for page in document().pages)
    assert codes(pages=(replace(pages[0], form_page=1), *pages[1:])) == {"form-retyped": "warning"}


def test_the_file_itself() -> None:
    assert codes(encrypted=True) == {"encrypted": "warning"}
    assert codes(active=frozenset({"Launch"})) == {"active-content": "warning"}
    assert codes(info={"Title": "Draft letter to the landlord"}) == {"metadata-leftover": "warning"}
    assert codes(info={"Title": "Warrant Service Officer MOA"}) == {"metadata-leftover": "warning"}
    assert codes(info={"Title": "Microsoft Word - 287(g) Task Force Model MOA"}) == {}
    marks = {2: (PageMark(kind="Highlight", rect=(0, 0, 9, 9)),), 3: (PageMark(kind="FreeText", rect=(0, 0, 9, 9)),)}
    assert codes(marks=marks) == {"review-marks-left": "warning"}


def test_another_paper_is_no_agreement_and_nothing_more_is_said() -> None:
    assert codes(found("opla", source="nothing"), like_an_moa=False) == {"not-an-moa": "blocker"}
    script = frozenset({"JavaScript"})
    assert codes(active=script, like_an_moa=False) == {"not-an-moa": "blocker", "active-content": "warning"}


def test_every_finding_names_page_and_blank() -> None:
    review = check_agreement(document(found("lea_title", source="nothing")), today=TODAY)
    assert [finding.where for finding in review.findings] == ["p. 9, title, under “For the LEA”"]
    assert review.findings[0].source
    assert not review.ready


def test_the_codes_are_those_of_the_rules_about_answers() -> None:
    known = {card.code for card in all_rules()}
    assert known >= ANSWER_RULE_CODES
    assert all(card.requirement.endswith(".") and card.source for card in all_document_rules())
