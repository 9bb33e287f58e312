"""What the rules about finished agreements say, in full, and the JSON document of a check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.reading.agreement import PageMatch, Signing
from assistant.rules import agreement as finished_rules
from assistant.rules.agreement import ANSWER_RULE_CODES, check_agreement, check_document, edition_of, file_of
from assistant.rules.agreement.answers_rules import is_chief
from assistant.rules.agreement.lists import CODES
from tests.unit.test_finished_rules import CONTACT, TODAY, codes, document, found

if TYPE_CHECKING:
    from assistant.reading import ReadAgreement
    from assistant.rules.agreement import CheckedDocument

REACHED = "Write a name, a title, a telephone number and an e-mail address."
PAGE = PageMatch(number=15, form_page=None, likeness=0.0, unread=True, scanned=True, sideways=0, shown_turned=False)


@pytest.mark.parametrize(
    ("slot", "code", "message"),
    [
        ("agency", "answer-missing", "The agency is not named here. Write its full legal name."),
        ("agency_again", "abbrev-blank", "The blank is empty. Write the agency's name, or its initials."),
        ("appendix_b", "appb-blank", "The blank is empty. Write the agency's name."),
        ("contact_vii", "poc-vii-blank", "The blank is empty. Write the title and agency of the point of contact."),
        ("contact", "poc-a-blank", f"No point of contact is named. {REACHED}"),
        ("public", "pubinfo-blank", f"No public-information contact is named. {REACHED}"),
        ("lea_title", "title-blank",
         "The blank is empty. Write the title of the person who signs for the agency."),
        ("opla", "opla-blank",
         "The blank is empty. Write the OPLA location that serves the agency, or ask ICE."),
        ("lea_date", "date-blank",
         "The agreement is signed, but the date is empty. Write the date of signing there."),
    ],
)  # fmt: skip
def test_an_empty_blank_is_told_in_these_words(slot: str, code: str, message: str) -> None:
    said = check_agreement(document(found(slot, source="nothing")), today=TODAY).findings
    assert [f.message for f in said if f.code == code] == [message]
    by_shape = codes(found(slot, source="nothing", by_shape=True))
    assert by_shape[code] == "warning"


def checked(monkeypatch: pytest.MonkeyPatch, read: ReadAgreement, forms: str = "") -> CheckedDocument:
    monkeypatch.setattr(finished_rules, "read_agreement", lambda data, blanks: read if data == b"%PDF" else blanks)
    monkeypatch.setattr(finished_rules, "shows_two_pages", lambda *_: False)
    return check_document(b"%PDF", "2026-02-01", forms)


def test_a_check_is_this_document(monkeypatch: pytest.MonkeyPatch) -> None:
    read = document(
        found("opla", source="unseen"), found("lea_date", source="ink"), found("represents", source="recognised")
    )
    pages = (*read.pages[:2], PAGE)
    read = document(*read.readings.values(), pages=pages, signing=Signing(signed=None))
    told = checked(monkeypatch, read)
    assert told["edition"] == "moa-tfm/2025-03-07"
    assert (told["model"], told["revision"], told["signed"]) == ("TFM", "2025-03-07", None)
    assert told["pages"] == [
        {"page": 1, "form_page": 1, "read": True},
        {"page": 2, "form_page": 2, "read": True},
        {"page": 15, "form_page": None, "read": False},
    ]
    assert told["unseen"] == [read.readings["opla"].where]
    assert told["party"] is not None
    assert told["party"]["name"] == "Pine County Sheriff’s Office"
    assert told["unchecked"] == [
        {
            "code": "form-altered",
            "why": "The blank form of this exact revision has not been added, or its lines could not be found in this "
            "file. Add the blank form under “Official forms”.",
            "command": "`moa forms add` adds it.",
        },
        {
            "code": "pages-missing",
            "why": "These pages could not be read, and may be any page of the form: p. 15.",
            "command": "",
        },
    ]
    assert set(told) >= {"ready", "findings", "counts"}


def test_what_was_compared_or_is_no_agreement_is_not_called_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(monkeypatch, document(compared=True))["unchecked"] == []
    other = checked(monkeypatch, document(like_an_moa=False, edition=None, encrypted=True))
    assert (other["unchecked"], other["party"], other["edition"]) == ([], None, None)
    assert [finding["code"] for finding in other["findings"]] == ["not-an-moa", "encrypted"]


def test_the_blank_forms_of_a_folder_go_by_their_editions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held: dict[str, bytes] = {}

    def read(_: bytes, blanks: dict[str, bytes]) -> ReadAgreement:
        held.update(blanks)
        return document()

    (tmp_path / file_of("moa-tfm/2025-03-07.fields")).write_bytes(b"blank")
    monkeypatch.setattr(finished_rules, "read_agreement", read)
    check_document(b"", "2026-02-01", str(tmp_path))
    assert held == {"moa-tfm/2025-03-07.fields": b"blank"}
    assert edition_of(Path("a/moa-wso 2025-02-14.pdf")) == "moa-wso/2025-02-14"
    assert file_of("moa-wso/2025-02-14") == "moa-wso 2025-02-14.pdf"


def test_the_rules_that_need_a_list_are_asked_of_documents_too() -> None:
    assert set(CODES) < ANSWER_RULE_CODES
    assert {"typo", "title-shared-with-ice", "abbrev-undefined", "opla-address-typo"} < ANSWER_RULE_CODES


def test_lines_of_the_form_that_were_changed_are_told_ten_at_most() -> None:
    altered = tuple((3, f"line {n}") for n in range(12))
    said = [f for f in check_agreement(document(altered=altered), today=TODAY).findings if f.code == "form-altered"]
    assert [f.where for f in said] == [f"p. 3, printed text, “line {n}”" for n in range(10)]
    assert {f.severity for f in said} == {"warning"}
    assert said[0].message.startswith("This line differs from the blank form.")


@pytest.mark.parametrize(
    ("title", "kind", "agency", "chief"),
    [
        ("Sheriff", "county", "", True), ("Chief of Police", "municipality", "", True),
        ("Chief Deputy", "county", "", None),
        ("Assistant Chief of Police", "municipality", "", None), ("Undersheriff", "county", "", None),
        ("Acting Director of Public Safety", "municipality", "", None), ("The Honorable Sheriff", "county", "", True),
        ("Constable", None, "Precinct 4 Constable’s Office", None), ("Constable", None, "Constable Precinct 4", True),
        ("County Manager", "county", "", None), ("Jordan Tester", "county", "", True), ("", "county", "", True),
        ("Marshal", "municipality", "Example City Marshal", True), ("Captain", "county", "Constable Precinct 4", None),
        ("Commissioner", "state", "", True), ("Director", "county", "Example Jail", None),
    ],
)  # fmt: skip
def test_a_chief_officer_is_known_by_the_title(title: str, kind: str | None, agency: str, chief: bool | None) -> None:  # noqa: FBT001
    assert is_chief(title, kind, agency) is chief


@pytest.mark.parametrize(
    ("represents", "told"),
    [
        ("Pine County Sheriffs Offlce", True),
        ("Sheriff’s Office", True),
        ("PCSO", True),
        ("PC", False),
        ("Pine County", False),
        ("Pine County, Georgia", False),
    ],
)
def test_the_agency_named_once_more_is_known_however_it_is_written(represents: str, *, told: bool) -> None:
    assert ("represents-self" in codes(found("represents", represents))) is told


@pytest.mark.parametrize("code", ["typo", "contact-format", "contact-mismatch"])
def test_slips_in_a_picture_are_the_readers(code: str) -> None:
    wrong = {
        "typo": ("lea_title", ("Shcriff",)),
        "contact-format": ("public", (CONTACT[0], "pio@pcso,example.gov", "(404) 555-0103")),
        "contact-mismatch": ("public", (CONTACT[0], "(404) 555-0999")),
    }
    slot, lines = wrong[code]
    assert code in codes(found(slot, *lines))
    assert code not in codes(found(slot, *lines, source="recognised"))
