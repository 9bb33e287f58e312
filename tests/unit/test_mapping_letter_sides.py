"""A Letter of Interest that ICE signs too: what stands on ICE's side, or may, gets no answer of the agency's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import Entry, LeftBlank
from assistant.mapping.meanings import ICES
from assistant.mapping.readings import NOT_MAPPED
from tests.unit.made_agreements import OURS, THEIRS, Kind, Paper, filled, proposed

if TYPE_CHECKING:
    from assistant.mapping.drafts import DraftRow

KINDS = pytest.mark.parametrize("kind", ["fields", "underscores"])
LABELS = ("Signature", "Name", "Title", "Phone", "Date")
ANSWERS = ["agency.legal_name", "signatory.full_name", "signatory.title", "signatory.phone"]


def letter(kind: Kind, *before: str) -> Paper:
    paper = Paper(kind, names=False, title=(*before, "287(g) Program Letter of Interest"))
    paper.blank(paper.text(OURS, paper.y, "Name of Law Enforcement Agency: "), paper.y, 400)
    paper.y -= 60
    return paper


def block(paper: Paper, *columns: float) -> None:
    for label in LABELS:
        paper.y -= 24
        for x in columns or (OURS,):
            paper.blank(paper.text(x, paper.y, f"{label}: "), paper.y, x + 200)


def under(rows: list[DraftRow], column: float) -> list[DraftRow]:
    return [row for row in rows if column <= row.places[0][1][0] < column + 200]


def left_to_ice(rows: list[DraftRow]) -> bool:
    return {(row.blank.side, getattr(row.blank, "reason", "")) for row in rows} == {("ice", ICES)}


def not_decided(rows: list[DraftRow]) -> bool:
    return all(
        isinstance(row.blank, LeftBlank)
        and row.blank.side == "unknown"
        and row.blank.reason.startswith(NOT_MAPPED)
        and row.sureness == "unknown"
        for row in rows
    )


@KINDS
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("For the Agency:", "For ICE:"),
        ("LAW ENFORCEMENT AGENCY", "U.S. IMMIGRATION AND CUSTOMS ENFORCEMENT"),
        ("LEA", "ICE"),
        ("Sincerely,", "ERO Field Office Director"),
        ("Sincerely,", "ICE ACKNOWLEDGMENT"),
    ],
)
def test_the_column_under_ices_heading_stays_empty(kind: Kind, ours: str, theirs: str) -> None:
    paper = letter(kind)
    paper.text(OURS, paper.y, ours, 9)
    paper.text(THEIRS, paper.y, theirs, 9)
    block(paper, OURS, THEIRS)
    rows = proposed(paper.data())
    assert filled(rows) == ANSWERS
    assert left_to_ice(under(rows, THEIRS))
    assert len(under(rows, THEIRS)) == len(LABELS)


@KINDS
@pytest.mark.parametrize(
    "heading",
    [
        "TO BE COMPLETED BY ICE",
        "ICE ACKNOWLEDGMENT",
        "ERO Field Office Director",
        "U.S. Immigration and Customs Enforcement",
        "Acknowledged by ERO:",
        "Received and reviewed by DHS",
        "For ICE use only",
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["same page", "next page"])
def test_the_part_below_ices_heading_stays_empty(kind: Kind, heading: str, *, turned: bool) -> None:
    paper = letter(kind)
    paper.line("Sincerely,")
    block(paper)
    if turned:
        paper.turn()
    paper.y -= 40
    paper.line(heading)
    block(paper)
    rows = proposed(paper.data())
    assert filled(rows) == ANSWERS
    assert left_to_ice(rows[6:])
    assert len(rows) == 1 + 2 * len(LABELS)


@KINDS
def test_ices_part_may_come_first(kind: Kind) -> None:
    paper = letter(kind)
    paper.line("U.S. Immigration and Customs Enforcement")
    block(paper)
    paper.y -= 40
    paper.line("LAW ENFORCEMENT AGENCY")
    block(paper)
    rows = proposed(paper.data())
    assert filled(rows) == ["agency.legal_name"]
    assert left_to_ice(rows[1:6])
    assert not_decided(rows[6:]), "a bare name of the agency may be ICE's label for it"


@KINDS
def test_a_second_signature_is_nobodys_where_no_heading_is_understood(kind: Kind) -> None:
    paper = letter(kind)
    paper.line("Sincerely,")
    block(paper)
    paper.y -= 40
    paper.line("The other side")
    block(paper)
    rows = proposed(paper.data())
    assert filled(rows) == ANSWERS
    assert not_decided(rows[6:])


@KINDS
def test_of_two_signatures_side_by_side_neither_is_taken_for_the_agencys(kind: Kind) -> None:
    paper = letter(kind)
    paper.text(OURS, paper.y, "The undersigned")
    paper.text(THEIRS, paper.y, "The other side")
    block(paper, OURS, THEIRS)
    rows = proposed(paper.data())
    assert filled(rows) == ["agency.legal_name"]
    assert not_decided(rows[1:])


@KINDS
def test_a_letterhead_or_an_address_of_ice_is_no_heading_of_its_part(kind: Kind) -> None:
    paper = letter(kind, "U.S. Immigration and Customs Enforcement")
    for text in ("Field Office Director", "U.S. Immigration and Customs Enforcement", "Dear Director:"):
        paper.line(text)
    paper.y -= 20
    paper.blank(paper.text(OURS, paper.y, "Mailing address: "), paper.y, 400)
    paper.y -= 60
    paper.line("Sincerely,")
    block(paper)
    rows = proposed(paper.data())
    assert filled(rows) == [ANSWERS[0], "agency.address.one_line", *ANSWERS[1:]]
    assert {row.blank.side for row in rows} == {"agency"}


def test_whose_contact_it_is_is_told_by_the_words_of_its_own_column() -> None:
    paper = letter("underscores")
    paper.text(OURS, paper.y, "Public information officer")
    paper.text(THEIRS, paper.y, "Point of contact")
    for label in ("Name", "Email"):
        paper.y -= 24
        for x in (OURS, THEIRS):
            paper.blank(paper.text(x, paper.y, f"{label}: "), paper.y, x + 200)
    rows = proposed(paper.data())
    wanted = [
        f"{who}.{part}" for part in ("full_name", "email") for who in ("public_information_contact", "program_contact")
    ]
    assert filled(rows)[1:] == wanted
    assert all(isinstance(row.blank, Entry) for row in rows)
