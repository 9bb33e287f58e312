"""Whose side a blank is on: what may be ICE's, or somebody else's, is never given an answer of the agency's."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.editions.catalog import Entry, LeftBlank
from assistant.mapping.readings import NOT_MAPPED
from tests.unit.made_agreements import BY_SIGNING, OURS, Kind, Paper, contacts, filled, proposed, signature_block

KINDS = pytest.mark.parametrize("kind", get_args(Kind))


def test_nothing_is_written_under_the_heading_of_somebody_unknown() -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Name", "Agency"), "For the Contractor:")
    contacts(paper, ("Name", "E-mail"), "For the Contractor:")
    rows = proposed(paper.data())
    assert filled(rows) == []
    assert {row.blank.side for row in rows} == {"unknown", "ice"}


def test_nothing_is_written_where_it_is_not_said_whose_block_it_is() -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Name", "Agency", "Date"), "", "")
    rows = proposed(paper.data())
    assert filled(rows) == []
    assert {row.blank.side for row in rows} == {"unknown"}
    assert all(isinstance(row.blank, LeftBlank) and row.blank.reason.startswith(NOT_MAPPED) for row in rows)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("ice_title", ""), ("Text1", "ICE Title"), ("Title_ICE", "Title"), ("x", "Field Office Director")],
)
@pytest.mark.parametrize("heading", ["", "For the LEA:", "For ICE:"])
def test_a_field_that_is_called_ices_is_never_filled(name: str, hint: str, heading: str) -> None:
    paper = Paper("fields")
    paper.line(BY_SIGNING)
    paper.line(heading)
    paper.blank(paper.text(OURS, paper.y, "Title: "), paper.y, 300, name, hint)
    (row,) = proposed(paper.data())
    assert (row.blank.side, filled([row])) == ("ice", [])
    assert (row.sureness == "guess") == (heading == "For the LEA:")


@KINDS
def test_a_label_that_names_ice_is_ices(kind: Kind) -> None:
    paper = Paper(kind)
    for label in ("ICE point of contact name", "ICE Signature", "Title of ICE official", "Agency phone"):
        paper.blank(paper.text(OURS, paper.y, f"{label}: "), paper.y, 400, "x" if kind == "fields" else "")
        paper.y -= 24
    rows = proposed(paper.data())
    assert filled(rows) == ["agency.phone"]
    assert sum(row.blank.side == "ice" for row in rows) == (1 if kind == "fields" else 3)


def test_the_column_under_ices_heading_is_ices_though_the_agencys_stands_lower() -> None:
    paper = Paper("underscores")
    paper.line(BY_SIGNING)
    paper.text(330, paper.y, "For ICE:")
    paper.y -= 24
    paper.line("For the LEA:", 28)
    for x in (72, 330):
        paper.blank(paper.text(x, paper.y, "Title: "), paper.y, x + 200)
    assert [row.blank.side for row in proposed(paper.data())] == ["agency", "ice"]


def test_a_second_person_is_not_taken_for_the_first() -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Signature", "Name", "Title", "Signature", "Name", "Title"))
    contacts(paper, ("Name", "Telephone", "Name", "Telephone"))
    ours = [row for row in proposed(paper.data()) if row.blank.side == "agency"]
    assert [row.sureness for row in ours if isinstance(row.blank, Entry)] == ["likely", "likely", "guess", "guess"] + [
        "likely"
    ] * 2
    assert [row.sureness for row in ours[-2:]] == ["unknown"] * 2
