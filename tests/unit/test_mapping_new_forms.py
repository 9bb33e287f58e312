"""Realistic forms that nobody has seen: what is printed for a blank decides, in whatever way the form is drawn up."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from assistant.editions.catalog import Entry, LeftBlank
from assistant.mapping.meanings import BY_HAND, ICES, SIGNED
from tests.unit.made_agreements import OURS, PROSE, Kind, Paper, contacts, filled, proposed, signature_block

if TYPE_CHECKING:
    from assistant.mapping.drafts import DraftRow

KINDS = pytest.mark.parametrize("kind", get_args(Kind))
PARTS = {
    "Name": "full_name",
    "Title": "title",
    "Telephone": "phone",
    "Phone Number": "phone",
    "E-mail": "email",
    "Email Address": "email",
}
OWNERS = {False: "program_contact", True: "public_information_contact"}
SURE = {"sure", "likely"}


def paths(labels: tuple[str, ...], owner: str) -> list[str]:
    return ["agency.address.one_line" if one == "Address" else f"{owner}.{PARTS[one]}" for one in labels]


@KINDS
@pytest.mark.parametrize("public", OWNERS)
@pytest.mark.parametrize(
    "labels",
    [
        ("Name", "Title", "E-mail", "Telephone"),
        ("Telephone", "Name", "E-mail", "Title", "Address"),
        ("Name", "Phone Number", "Email Address"),
        ("Title", "Name"),
    ],
)
def test_a_line_of_contacts_is_what_its_label_says(kind: Kind, labels: tuple[str, ...], *, public: bool) -> None:
    paper = Paper(kind)
    contacts(paper, labels, public=public, called="PIO" if public else "POC")
    rows = proposed(paper.data())
    # No line more and no line less: nothing stands beside the heading.
    assert [row.blank.side for row in rows] == ["agency"] * len(labels) + ["ice"] * len(labels)
    assert filled(rows) == paths(labels, OWNERS[public])
    assert {row.sureness for row in rows} == ({"sure"} if kind == "fields" else {"likely"})
    phones = [row.blank.format for row in rows if isinstance(row.blank, Entry) and row.blank.path.endswith("phone")]
    assert set(phones) <= {"phone"}


def test_without_telling_names_the_printed_labels_are_enough() -> None:
    paper = Paper("fields", names=False)
    contacts(paper, ("Name", "E-mail", "Telephone"))
    rows = proposed(paper.data())
    assert filled(rows) == ["program_contact.full_name", "program_contact.email", "program_contact.phone"]
    assert {row.sureness for row in rows} == {"likely"}


def test_only_lines_without_any_label_go_by_their_number() -> None:
    for labels, wanted in ((("",) * 4, 4), (("",) * 3, 0), (("", "", "Fax", ""), 0)):
        paper = Paper("underscores")
        contacts(paper, labels)
        assert len(filled(proposed(paper.data()))) == wanted, labels


def test_a_label_that_is_not_understood_gets_no_answer() -> None:
    paper = Paper("underscores")
    contacts(paper, ("Name", "Badge number", "Fax", "Telephone"))
    rows = proposed(paper.data())
    assert filled(rows) == ["program_contact.full_name", "program_contact.phone"]
    assert [row.sureness for row in rows[:4]] == ["likely", "unknown", "unknown", "likely"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("POC Email", ""),
        ("Text1", "LEA point of contact email"),
        ("PIO Telephone", ""),
        ("Phone", "Signatory telephone"),
    ],
)
def test_where_label_and_name_disagree_it_is_a_guess(name: str, hint: str) -> None:
    paper = Paper("fields")
    paper.line("POINTS OF CONTACT")
    paper.line("For the LEA:")
    paper.blank(paper.text(OURS, paper.y, "Telephone: "), paper.y, 300, name, hint)
    (row,) = proposed(paper.data())
    assert (filled([row]), row.sureness) == (["program_contact.phone"], "guess")


@KINDS
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("For the LEA:", "For ICE:"),
        ("For the Tribe:", "For ICE:"),
        ("For the Law Enforcement Agency:", "For DHS:"),
        ("FOR THE LAW ENFORCEMENT AGENCY", "FOR U.S. IMMIGRATION AND CUSTOMS ENFORCEMENT"),
    ],
)
@pytest.mark.parametrize("captions", [False, True])
def test_whoever_a_heading_calls_the_agency_signs(kind: Kind, ours: str, theirs: str, *, captions: bool) -> None:
    paper = Paper(kind)
    signature_block(paper, ("Signature", "Printed Name", "Title", "Date"), ours, theirs, captions=captions)
    contacts(paper, ("Name", "E-mail"), ours)
    rows = proposed(paper.data())
    block = [row for row in rows if row.blank.page == 1]
    # Nothing between the captions: a text there would stand on the words.
    assert [row.blank.side for row in block] == ["agency", "ice"] * 4
    said = [row.blank.reason if isinstance(row.blank, LeftBlank) else row.blank.path for row in block]
    assert said == [SIGNED, ICES, "signatory.full_name", ICES, "signatory.title", ICES, BY_HAND, ICES]
    assert filled(rows)[2:] == ["program_contact.full_name", "program_contact.email"]
    assert {row.sureness for row in rows} <= SURE
    for row in block:
        _, low, _, high = row.places[0][1]
        assert high - low < 20


def test_an_agency_name_in_the_block_is_no_persons_name() -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Name", "Agency Name", "Name and title", "E-mail"))
    entries = [row.blank for row in proposed(paper.data()) if isinstance(row.blank, Entry)]
    assert [(entry.path, entry.format) for entry in entries] == [
        ("signatory.full_name", "text"),
        ("agency.legal_name", "text"),
        ("signatory.full_name", "name-and-title"),
        ("signatory.email", "text"),
    ]


@pytest.mark.parametrize("kind", ["fields", "boxes"])
def test_the_columns_of_a_table_are_whose_heading_stands_over_them(kind: Kind) -> None:
    paper = Paper(kind)
    paper.line("APPENDIX A")
    paper.line("POINTS OF CONTACT", 30)
    labels = ("", "Name", "Title", "Phone", "Email")
    for label in labels:
        paper.y -= 20
        for x, width, whose in ((72, 78, ""), (150, 195, "LEA"), (345, 195, "ICE")):
            paper.cell(x, paper.y, width, (label if not whose else "") if label else whose)
            if label and whose and kind == "fields":
                name = f"{whose.lower()}_poc_{label.lower()}"
                paper.blank(x + 3, paper.y + 5, x + width - 5, name, f"{whose} point of contact {label}")
    rows = proposed(paper.data())
    assert [row.blank.side for row in rows] == ["agency", "ice"] * 4
    assert filled(rows) == [f"program_contact.{part}" for part in ("full_name", "title", "phone", "email")]
    words = ("line 1: name", "line 2: title", "line 3: phone", "line 4: e-mail")
    assert [row.blank.label for row in rows[::2]] == [f"Appendix A, LEA, {text}" for text in words]
    assert {row.sureness for row in rows} == {"sure" if kind == "fields" else "likely"}


@KINDS
def test_the_sentence_and_the_list_that_a_form_begins_with(kind: Kind) -> None:
    paper = Paper(kind)
    paper.line("This agreement is made by and between U.S. Immigration and Customs Enforcement (“ICE”) and", 18)
    paper.blank(72, paper.y, 330, "Agency Legal Name", "Enter the full legal name of the law enforcement agency")
    paper.text(334, paper.y, " (the “LEA”), a law enforcement agency of")
    paper.y -= 18
    paper.blank(72, paper.y, 300, "Jurisdiction", "County, city, State or tribe")
    paper.text(304, paper.y, ", pursuant to section 287(g) of the Act.")
    paper.y -= 30
    labels = (
        "Name of Law Enforcement Agency",
        "Agency abbreviation (short name)",
        "County, city or State represented",
        "Agency address",
        "OPLA field location",
        "ICE ERO Field Office",
    )
    for label in labels:
        paper.blank(paper.text(72, paper.y, f"{label}: "), paper.y, 540, label, label)
        paper.y -= 24
    for text in PROSE:
        paper.line(text)
    rows = proposed(paper.data())
    assert filled(rows) == [
        "agency.legal_name", "agency.represents", "agency.legal_name", "agency.short_name", "agency.represents",
        "agency.address.one_line", "ice.opla_location", "ice.field_office",
    ]  # fmt: skip
    assert len(rows) == len(labels) + 2
    assert {row.sureness for row in rows} == {"sure" if kind == "fields" else "likely"}


def test_where_nothing_is_printed_name_and_tooltip_are_asked() -> None:
    paper = Paper("fields")
    for name, hint in (
        ("Text1", "LEA point of contact email"),
        ("PIO Phone", ""),
        ("Agency Address", ""),
        ("Title", ""),
        ("POC Title", "LEA point of contact email"),
    ):
        paper.blank(OURS, paper.y, 300, name, hint)
        paper.y -= 40
    rows = proposed(paper.data())
    assert filled(rows) == ["program_contact.email", "public_information_contact.phone", "agency.address.one_line"]
    assert [row.sureness for row in rows] == ["likely", "guess", "guess", "unknown", "unknown"]
    assert [row.blank.side for row in rows] == ["agency", "agency", "agency", "unknown", "agency"]


@pytest.mark.parametrize(("kind", "step"), [("fields", 30), ("fields", 44), ("boxes", 44)])
def test_a_label_above_its_box_is_not_the_caption_of_the_box_before(kind: Kind, step: int) -> None:
    paper = Paper(kind)
    paper.line("APPENDIX A")
    paper.line("POINTS OF CONTACT", 30)
    paper.line("For the LEA:", 24)
    for label in ("Name", "Title", "Telephone", "Email"):
        paper.text(OURS, paper.y, label, 8)
        paper.blank(OURS, paper.y - 17, 300, f"POC {label}")
        paper.y -= step
    rows = proposed(paper.data())
    assert filled(rows) == [f"program_contact.{part}" for part in ("full_name", "title", "phone", "email")]
    assert {row.sureness for row in rows} == {"sure" if kind == "fields" else "likely"}


def test_words_as_near_to_the_box_above_as_to_that_below_are_neithers() -> None:
    paper = Paper("fields", names=False)
    paper.line("APPENDIX A")
    paper.line("POINTS OF CONTACT", 30)
    paper.line("For the LEA:", 60)
    for label in ("Name", "Title", ""):
        paper.blank(OURS, paper.y, 300)
        paper.text(OURS, paper.y - 15, label, 8)
        paper.y -= 35
    assert filled(proposed(paper.data())) == []


def test_a_label_that_is_longer_than_its_box_is_read_whole() -> None:
    paper = Paper("drawn")
    paper.blank(OURS, paper.y, OURS + 50)
    paper.text(OURS, paper.y - 12, "Address of the agency’s contractor", 8)
    assert filled(proposed(paper.data())) == []


def test_a_label_of_the_row_below_is_no_caption() -> None:
    for kind in get_args(Kind):
        paper = Paper(kind, names=False)
        for label, inside in (("Number of officers", ""), ("Agency", "State")):
            paper.blank(paper.text(OURS, paper.y, f"{label}: "), paper.y, 240)
            if inside:
                paper.blank(paper.text(250, paper.y, f"{inside}: "), paper.y, 400)
            paper.y -= 20
        rows = proposed(paper.data())
        assert filled(rows) == ["agency.legal_name", "agency.address.state"], kind
        assert rows[0].sureness == "unknown", kind


def test_an_agencys_official_is_a_person() -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Agency Official Name", "Agency Official Title"))
    assert filled(proposed(paper.data())) == ["signatory.full_name", "signatory.title"]


def test_contacts_under_a_heading_that_says_whose_they_are() -> None:
    paper = Paper("underscores")
    paper.line("POINTS OF CONTACT")
    for heading in ("LEA Point of Contact:", "ICE Point of Contact:"):
        paper.line(heading, 20)
        for label in ("Name", "Email"):
            paper.blank(paper.text(OURS, paper.y, f"{label}: "), paper.y, 300)
            paper.y -= 20
    rows = proposed(paper.data())
    assert filled(rows) == ["program_contact.full_name", "program_contact.email"]
    assert [row.blank.side for row in rows] == ["agency", "agency", "ice", "ice"]


def test_on_a_page_with_hundreds_of_blanks_no_label_is_looked_for() -> None:
    def rows(count: int) -> list[DraftRow]:
        paper = Paper("fields", names=False)
        paper.blank(paper.text(OURS, paper.y, "Agency name: "), paper.y, 300)
        for n in range(count):
            paper.blank(72 + 8 * (n % 50), 600 - 8 * (n // 50), 78 + 8 * (n % 50))
        return proposed(paper.data())

    assert filled(rows(50)) == ["agency.legal_name"]
    assert filled(rows(400)) == []
