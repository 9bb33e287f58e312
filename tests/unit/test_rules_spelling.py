"""Slips of the pen: one or two in a word of a title, and none in what is a place's or a person's name."""

from __future__ import annotations

import pytest

from assistant.program import stored
from assistant.program.states_and_counties import counties, fold
from assistant.rules.spelling import meant_word

SURNAMES = "Chastain Marshall Martial Sargent Constantine Martin Harrison Shelby Sherwin Poole"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sherrif", "sheriff"), ("sherrifs", "sheriffs"), ("lieutentant", "lieutenant"), ("shreffis", None),
        ("commisoner", "commissioner"), ("undersherrif", "undersheriff"), ("sargent", None), ("command", None),
        ("commission", None), ("correctional", None), ("informational", None), ("depyut", None), ("dputyx", None),
        ("sharrifz", None), ("shirref", None), ("xheriff", None), ("heriffs", None), ("offiecrs", None),
    ],
)  # fmt: skip
def test_two_slips_are_seen_in_a_long_word_that_begins_and_ends_right(word: str, meant: str | None) -> None:
    assert meant_word(word) == meant


def test_no_county_is_a_slip() -> None:
    words = {word for row in stored.rows("counties") for word in fold(row["counties"]).split()}
    assert len(words) > 1_900
    assert {"marshall", "sargent", "shelby"} <= words
    assert [word for word in words if meant_word(word)] == []


def test_the_counties_of_a_state_are_known_however_they_are_written() -> None:
    assert {"broward", "miamidade", "stlucie"} <= counties()["FL"]
    assert "dewitt" in counties()["TX"]
    assert "orleans" in counties()["LA"]
    assert "pine" not in counties()["GA"]
    assert sum(map(len, counties().values())) > 3_100


def test_no_surname_is_a_slip() -> None:
    assert [word for word in fold(SURNAMES).split() if meant_word(word)] == []
