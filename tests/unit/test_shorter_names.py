"""Shorter wordings of names: by the rules of U.S. agencies, each shorter than the text, none of them initials alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rules.shorter_names import shorten_person, shorten_street, shorten_text


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("Starr County Sheriff’s Office", "Starr Co. Sheriff’s Office"),
        ("Starr County Sheriff’s Office", "Starr Co. SO"),
        ("STARR COUNTY SHERIFF'S OFFICE", "STARR CO. SHERIFF'S OFFICE"),
        ("City of Example Springs Police Department", "Example Springs Police Department"),
        ("City of Example Springs Police Department", "Example Springs PD"),
        ("Example County, Florida", "Example County, FL"),
        ("The Example Department of Public Safety", "Example DPS"),
        ("Captain, Patrol Operations", "Capt., Patrol Ops."),
        ("Public Information Officer", "PIO"),
    ],
)
def test_a_name_is_shortened_as_agencies_do(name: str, wording: str) -> None:
    assert wording in list(shorten_text(name))


@pytest.mark.parametrize(
    "name", ["Police", "Countyline Marshal", "Anderson Police", "And So On", "Co. PD", "", " ", "City of "]
)
def test_what_only_looks_like_such_a_word_stays(name: str) -> None:
    assert list(shorten_text(name)) == []


def test_a_person_keeps_first_and_last_name() -> None:
    assert list(shorten_person("Jonathan Michael Example")) == ["Jonathan M. Example"]
    assert list(shorten_person("Ana María Luisa Example Jr.")) == ["Ana M. L. Example Jr."]
    assert list(shorten_person("Jordan Núñez")) == []
    assert list(shorten_person("Jordan M. Núñez")) == []


def test_a_street_is_shortened_as_the_mail_does() -> None:
    assert list(shorten_street("100 Main Street, Suite 5"))[-1] == "100 Main St., Ste. 5"
    assert list(shorten_street("100 Streeter Lane")) == []


@given(st.text(max_size=80))
def test_every_wording_is_shorter_and_none_is_empty(text: str) -> None:
    for wordings in (list(shorten_text(text)), list(shorten_street(text)), list(shorten_person(text))):
        assert len(set(wordings)) == len(wordings)
        assert all(wording and len(wording) < len(text) for wording in wordings)
