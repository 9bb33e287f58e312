"""Date, signature and title of a finished agreement, at the edges: the last day that can be, the first that cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.pdf.viewer.marks import PageMark
from assistant.reading.agreement import FoundSource, ReadLine, Signing
from assistant.rules.agreement import check_agreement
from assistant.rules.agreement.signing import _is_only_date, signing_day
from tests.unit.test_finished_rules import TODAY, codes, document, found

if TYPE_CHECKING:
    from assistant.reading import SlotReading

STAMP = Signing(
    signed=True, signature_text="Digitally signed by Jordan Tester Date: 2025.03.20 10:11:12 -04'00'", electronic=True
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("28/03/2025", {"date-invalid": "warning"}),
        ("13/12/2025", {"date-invalid": "warning"}),
        ("13/1/2025", {"date-invalid": "warning"}),
        ("31/01/2025", {"date-invalid": "warning"}),
        ("32/01/2025", {"date-invalid": "blocker"}),
        ("12/12/2025", {}),
        ("12/32/2025", {"date-invalid": "blocker"}),
        ("02/01/2026", {}),
        ("02/02/2026", {"date-invalid": "blocker"}),
        ("03/07/2025", {}),
        ("03/06/2025", {"date-invalid": "blocker"}),
    ],
)
def test_a_date_is_held_against_the_calendar_the_form_and_today(text: str, said: dict[str, str]) -> None:
    assert codes(found("lea_date", text)) == said


@pytest.mark.parametrize(
    ("text", "said"), [("03/28/2031", {"date-invalid": "warning"}), ("03/28/2032", {}), ("3/28/31", {}), ("soon", {})]
)
def test_of_a_recognised_date_only_what_is_likely_is_asked(text: str, said: dict[str, str]) -> None:
    assert codes(found("lea_date", text, source="recognised")) == said


def without(slot: str, *changed: SlotReading) -> dict[str, str]:
    """Return what is found where a slot is not there at all."""
    whole = document(*changed)
    left = {name: item for name, item in whole.readings.items() if name != slot}
    findings = check_agreement(replace(whole, readings=MappingProxyType(left)), today=TODAY).findings
    return {finding.code: finding.severity for finding in findings}


def test_a_date_that_is_not_there_is_compared_with_nothing() -> None:
    assert without("lea_date") == {}
    assert codes(found("lea_date", source="ink"), signing=STAMP) == {"handwriting": "note"}
    assert codes(found("lea_date", "03/28/2025", source="recognised"), signing=STAMP) == {}
    assert codes(found("lea_date", "03/20/2025"), signing=STAMP) == {}
    assert codes(found("lea_date", "03/21/2025"), signing=STAMP) == {"date-vs-signature": "warning"}
    assert codes(found("lea_date", "03/19/2025"), signing=STAMP) == {"date-vs-signature": "warning"}


@pytest.mark.parametrize(
    ("text", "typed"),
    [("Jordan Tester", True), ("John", True), ("JTA", False), ("/s/", False), ("x", False), ("123 456", False)],
)
def test_a_typed_name_is_no_signature(text: str, typed: bool) -> None:  # noqa: FBT001 - a table of cases
    assert ("signature-typed-only" in codes(found("lea_signature", text))) is typed
    assert "signature-typed-only" not in codes(found("lea_signature", text, source="recognised"))
    assert "signature-typed-only" not in codes(
        found("lea_signature", text, fonts=frozenset({"ABCDEF+Lucida Handwriting"}))
    )
    assert "signature-typed-only" not in codes(found("lea_signature", text), signing=Signing(signed=True, picture=True))
    assert "signature-typed-only" not in codes(
        found("lea_signature", text), signing=Signing(signed=True, electronic=True)
    )


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("B. Oakes", True), ("Jordan Tester", True), ("Jordan P. Tester-O’Neil", True), ("March 28, 2025", False),
        ("March Third", False), ("Chief Tester", False), ("Sheriff’s Office", False), ("Ware", False),
        ("B. 0akes", False), ("Of", False),
    ],
)  # fmt: skip
def test_a_name_on_the_dates_line_is_a_swap_where_a_pen_wrote_on_the_signatures(text: str, *, swapped: bool) -> None:
    name = found("lea_date", text, source="recognised")
    assert ("signature-line-swap" in codes(found("lea_signature", source="ink"), name)) is swapped
    assert "signature-line-swap" not in codes(found("lea_signature", source="nothing"), name)


def test_a_date_on_the_signatures_line_is_a_swap_only_where_the_dates_line_has_none() -> None:
    dated = found("lea_signature", "March 28, 2025")
    assert codes(dated) == {}
    assert codes(dated, found("lea_date", "Jordan")) == {"signature-line-swap": "warning", "date-format": "warning"}
    assert without("lea_date", dated) == {"signature-line-swap": "warning"}
    assert codes(dated, found("lea_date", source="nothing")) == {"signature-line-swap": "warning"}
    assert codes(found("lea_signature", source="ink"), found("lea_date", source="nothing")) == {"date-blank": "blocker"}


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("03/28/2025", True),
        ("March 28, 2025", True),
        ("28 September 2025", True),
        ("Signed 03/28/2025 by Jordan Tester", False),
        ("Jordan", False),
    ],
)
def test_a_date_alone_is_told_from_a_date_beside_a_name(text: str, only: bool) -> None:  # noqa: FBT001
    assert _is_only_date(text) is only


def titles(own: str, ices: str, *, names: tuple[str, str] = ("", ""), source: FoundSource = "field") -> dict[str, str]:
    """Return where the two titles bring a finding, and how grave; ``names`` are the PDF fields they stand in."""
    made = []
    for slot, text, name in (("lea_title", own, names[0]), ("ice_title", ices, names[1])):
        mark = PageMark(kind="Tx", rect=(0, 0, 9, 9), text=text, name=name, printed=True) if name else None
        made.append(replace(found(slot), source=source, lines=(ReadLine(text=text, size=10, mark=mark),)))
    findings = check_agreement(document(*made), today=TODAY).findings
    return {f.where: f.severity for f in findings if f.code == "title-shared-with-ice"}


OWN, ICES = "p. 9, title, under “For the LEA”", "p. 9, title, under “For ICE”"


def test_a_title_on_both_sides() -> None:
    one, two = ("Title", "Title"), ("Title", "Title_2")
    assert titles("Sheriff", "Sheriff", names=one) == {ICES: "blocker"}
    assert titles("Sheriff", "Sheriff", names=two) == {ICES: "blocker"}
    assert titles("Sheriff", "Sheriff", source="recognised") == {ICES: "warning"}
    assert titles("Captain of Patrol", "Captain of Patrol", names=one) == {ICES: "blocker"}
    assert titles("Captain of Patrol", "Captain of Patrol", names=two) == {}
    assert titles("Captain of Patrol", "Captain of Patrol") == {}
    assert titles("Director", "Director", names=one) == {OWN: "blocker"}
    assert titles("Director", "Director", names=two) == {}
    assert titles("Director", "Director", names=("Title", "")) == {}
    assert titles("Sheriff", "Field Office Director", names=two) == {}
    assert titles("Acting Director", "", names=one) == {OWN: "blocker"}
    assert titles("Acting Director", "", source="recognised") == {OWN: "warning"}


def test_the_day_of_signing_is_told_by_the_date_else_the_stamp_else_the_file() -> None:
    made = {"CreationDate": "D:20250410120000-04'00'"}
    unread = found("lea_date", source="ink")
    assert signing_day(document(info=made)) == date(2025, 3, 28)
    assert signing_day(document(unread, signing=STAMP, info=made)) == date(2025, 3, 20)
    assert signing_day(document(unread, info=made)) == date(2025, 4, 10)
    assert signing_day(document(unread, info=made, signing=Signing(signed=False))) is None
    assert signing_day(document(unread, info={"CreationDate": "D:20251340"})) is None
    assert signing_day(document(unread, info={"CreationDate": "yesterday"})) is None
    assert signing_day(document(unread)) is None


@pytest.mark.parametrize(
    ("sizes", "severity"),
    [((4.94,), "blocker"), ((4.96,), "warning"), ((5.94,), "warning"), ((5.96,), "note"), ((6.96,), None),
     ((10, 4), "blocker"), ((4, 10), "blocker"), ((0, 10), None)],
)  # fmt: skip
def test_the_smallest_line_counts(sizes: tuple[float, ...], severity: str | None) -> None:
    lines = tuple(ReadLine(text="Sheriff", size=size) for size in sizes)
    assert codes(replace(found("lea_title"), lines=lines)).get("text-tiny") == severity
    assert "text-tiny" not in codes(replace(found("lea_signature"), lines=lines), signing=STAMP)
    cut = tuple(replace(line, clipped=True) for line in lines)
    assert "text-tiny" not in codes(replace(found("lea_title"), lines=cut))
    assert codes(replace(found("lea_title"), lines=cut))["text-clipped"] == "blocker"
    assert "text-clipped" not in codes(replace(found("lea_title"), source="recognised", lines=cut))


def test_the_smallest_size_is_said() -> None:
    lines = (ReadLine(text="Sheriff", size=6.5), ReadLine(text="of Pine County", size=4.2))
    said = check_agreement(document(replace(found("lea_title"), lines=lines)), today=TODAY).findings
    assert next(f.message for f in said if f.code == "text-tiny").startswith("The text is printed at 4.2 pt;")


def test_what_stands_on_ices_side_is_ices() -> None:
    for slot in ("ice_title", "ice_date", "contact_vii_ice"):
        assert codes(found(slot, "ADDRESS", faint=True, size=4)) == {}
        assert codes(found(slot, source="ink")) == {}


def test_a_row_of_x_is_told_once_a_page() -> None:
    strange = ((4, "XXXXXXXX"), (4, "XXXXX"), (9, "XXXXXXXX"))
    said = check_agreement(document(found("opla", "XXXXXXXX"), strange=strange), today=TODAY).findings
    assert [f.where for f in said if f.code == "placeholder-left"] == ["p. 9, OPLA field location, section XIV", "p. 4"]
    assert {f.message for f in said if f.where == "p. 4"} == {
        "A placeholder of X was left here. Write the real text in its place."
    }
    assert "placeholder-left" in codes(found("contact", "Sam Sample", "to be completed", "(404) 555-0102"))


def test_what_the_form_itself_prints_is_nobodys_placeholder() -> None:
    printed = ((9, "XXXXXXXXX"),)
    name = found("appendix_b", "XXXXXXXXX,")
    said = check_agreement(document(name, printed_placeholders=printed), today=TODAY).findings
    assert [(f.severity, f.where, f.message) for f in said if f.code == "placeholder-left"] == [
        ("warning", "p. 9", "The official form itself prints “XXXXXXXXX” here. Ask ICE what belongs in its place.")
    ]
    opla = found("opla", "ADDRESS")
    said = check_agreement(document(opla, printed_placeholders=printed), today=TODAY).findings
    assert [f.severity for f in said if f.code == "placeholder-left"] == ["blocker", "warning"]


@pytest.mark.parametrize(
    ("first", "other", "same"),
    [
        ("Pine County Sheriff’s Office", "PINE COUNTY SHERIFFS OFFICE", True),
        ("Pine County Sheriff’s Office", "Pine County Sheriff’s Office, Georgia", True),
        ("Pine County Sheriff’s Office, Georgia", "Pine County Sheriff’s Office", True),
        ("Pine County Sheriff’s Office (PCSO)", "PCSO", True),
        ("Pine County Sheriff’s Office (PCSO)", "pcso", True),
        ("Pine County Sheriff’s Office", "PCSO", True),
        ("Pine County Sheriff’s Office", "Pine County Jail Board", False),
        ("Pine County Sheriff’s Office", "Pine County Correctional Authority", False),
    ],
)
def test_one_name_in_many_ways(first: str, other: str, same: bool) -> None:  # noqa: FBT001
    told = codes(
        found("agency", first), found("agency_again", first), found("lea_agency", first), found("appendix_b", other)
    )
    assert ("name-inconsistent" not in told) is same
