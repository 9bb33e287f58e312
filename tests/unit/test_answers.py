"""Answers: typed, frozen, read from and written to their file without losing a letter."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import answers
from assistant.answers import FORMAT, Answers, Nominee, get_path, has_path, with_path, years_between
from assistant.errors import AnswersError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
    lambda text: not any(part.isdigit() for part in text.split("-"))
)
MODELS = st.lists(st.sampled_from(answers.MODELS), unique=True).map(tuple)
NOMINEES = st.builds(
    Nominee,
    full_name=st.none() | TEXT,
    rank=st.none() | TEXT,
    models=MODELS,
    us_citizen=st.none() | st.booleans(),
    background_investigation=st.sampled_from([None, "completed", "pending"]),
    law_enforcement_since=st.none() | st.dates(),
    law_enforcement_years=st.none() | st.integers(0, 99) | st.floats(0, 99),
)


def test_the_example_round_trips_to_the_byte(example_path: Path) -> None:
    text = example_path.read_bytes()
    assert answers.dump(answers.parse(text)).encode() == text


@given(st.lists(NOMINEES, max_size=4), MODELS, st.none() | TEXT)
def test_what_is_written_reads_back(nominees: list[Nominee], models: Any, name: str | None) -> None:
    made = Answers(models=models, nominees=tuple(nominees), agency=answers.Agency(legal_name=name))
    text = answers.dump(made)
    assert answers.parse(text) == made
    assert answers.dump(answers.parse(text)) == text


def test_values_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Answers().agency.legal_name = "x"  # type: ignore[misc]


def test_what_is_left_out_is_not_given() -> None:
    made = answers.from_document({"format": FORMAT, "agency": {"legal_name": "", "short_name": None}})
    assert made == Answers()


BAD: dict[str, tuple[Any, str]] = {
    "an unknown section": ({"agncy": {}}, "agncy"),
    "an unknown key inside": ({"agency": {"address": {"zipcode": "1"}}}, "agency.address.zipcode"),
    "text for truth": ({"agency": {"operates_jail": "yes"}}, "agency.operates_jail"),
    "a number for truth": ({"agency": {"operates_jail": 1}}, "agency.operates_jail"),
    "a number for text": ({"signatory": {"title": 5}}, "signatory.title"),
    "an object for a list": ({"nominees": {}}, "nominees"),
    "a list for an object": ({"agency": []}, "agency"),
    "null for a section": ({"agency": None}, "agency"),
    "an unknown model": ({"nominees": [{}, {"models": ["TFM", "ABC"]}]}, "nominees.1.models.1"),
    "a model twice": ({"models": ["TFM", "TFM"]}, "models"),
    "an unknown kind": ({"agency": {"kind": "Sheriff"}}, "agency.kind"),
    "a date that does not exist": (
        {"nominees": [{"law_enforcement_since": "2025-02-29"}]},
        "nominees.0.law_enforcement_since",
    ),
    "a date in another order": ({"approvals": {"counsel_reviewed_on": "01/31/2026"}}, "approvals.counsel_reviewed_on"),
    "a week date": ({"approvals": {"counsel_reviewed_on": "2026-W05-1"}}, "approvals.counsel_reviewed_on"),
    "too many years": ({"nominees": [{"law_enforcement_years": 100}]}, "nominees.0.law_enforcement_years"),
    "truth for years": ({"nominees": [{"law_enforcement_years": True}]}, "nominees.0.law_enforcement_years"),
    "a check's result": ({"nominees": [{"background_investigation": "failed"}]}, "nominees.0.background_investigation"),
    "a line break": ({"agency": {"legal_name": "a\nb"}}, "agency.legal_name"),
    "a NUL": ({"agency": {"legal_name": "a\0b"}}, "agency.legal_name"),
    "too long a text": ({"agency": {"legal_name": "x" * 2001}}, "agency.legal_name"),
    "a Social Security number": ({"nominees": [{"rank": "Deputy 123-45-6789"}]}, "nominees.0.rank"),
    "a pin for no model": ({"editions": {"ABC": "2025-02-12"}}, "editions.ABC"),
    "a wording for no answer": ({"short_wordings": {"agency.nickname": "x"}}, "short_wordings.agency.nickname"),
    "an empty wording": ({"short_wordings": {"agency.legal_name": ""}}, "short_wordings.agency.legal_name"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_names_its_path(name: str) -> None:
    part, path = BAD[name]
    with pytest.raises(AnswersError) as caught:
        answers.parse(json.dumps({"format": FORMAT} | part))
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("{", "line 1, column 2"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": "moa-application/1", "format": "x"}', "in one object twice"),
        (
            '{"format": "moa-application/1", "nominees": [{"law_enforcement_years": NaN}]}',
            r"^nominees\.0\.law_enf.*number",
        ),
        ('{"format": "moa-application/1", "nominees": [{"law_enforcement_years": 1e999}]}', r"^nominees\.0\.law_enf"),
        ('{"format": "moa-application/1", "agency": {"phone": -Infinity}}', r"^agency\.phone: Must be text"),
        ('{"format": "moa-application/1", "models": ' + "9" * 5000 + "}", "^models: Must be a list"),
        (
            '{"format": "moa-application/1", "nominees": [{"law_enforcement_years": ' + "9" * 5000 + "}]}",
            r"^nominees\.0\.law_enforcement_years: Write a number of years from 0 to 99",
        ),
        ('{"format": "moa-application/1", "extra": Infinity}', "^extra: This is not a known key"),
        ("null", "one JSON object"),
        (" " * 8_000_001, "8 MB"),
    ],
)
def test_what_is_no_answers_file_says_so(text: str | bytes, words: str) -> None:
    with pytest.raises(AnswersError, match=words):
        answers.parse(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_read_or_refused(document: Any) -> None:
    try:
        answers.parse(json.dumps({"format": FORMAT, "agency": document, "nominees": document}))
    except AnswersError as error:
        assert error.path  # noqa: PT017 - either way is right


def test_paths_lead_to_values(example_answers: Answers) -> None:
    assert get_path(example_answers, "agency.address.city") == "Example City"
    assert get_path(example_answers, "agency.address.one_line") == "100 Main Street, Example City, FL 34652"
    assert get_path(example_answers, "nominees.0.models.0") == "TFM"
    for path in ("agency.nickname", "nominees.1.rank", "models.9", "agency.legal_name.x"):
        with pytest.raises(KeyError):
            get_path(example_answers, path)


def test_has_path_knows_what_could_be() -> None:
    assert all(map(has_path, ("agency.legal_name", "nominees.7.models.1", "approvals.counsel_reviewed_on", "models.3")))
    assert not any(map(has_path, ("agency.x", "nominees.rank", "nominees.0.x", "agency.legal_name.upper", "")))


def test_with_path_changes_one_value(example_answers: Answers) -> None:
    changed = with_path(example_answers, "nominees.0.law_enforcement_since", date(2020, 1, 2))
    assert changed.nominees[0].law_enforcement_since == date(2020, 1, 2)
    assert with_path(changed, "nominees.0.law_enforcement_since", "2018-06-01") == example_answers
    with pytest.raises(AnswersError, match=r"agency\.operates_jail"):
        with_path(example_answers, "agency.operates_jail", "no")
    for path in ("agency.nickname", "nominees.5.rank", "agency.legal_name.x"):
        with pytest.raises(AnswersError):
            with_path(example_answers, path, "x")


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2024, 2, 29), date(2026, 2, 28), 1),
        (date(2024, 2, 29), date(2026, 3, 1), 2),
        (date(2024, 2, 1), date(2026, 1, 31), 1),
        (date(2024, 2, 1), date(2026, 2, 1), 2),
    ],
)
def test_years_are_completed_ones(start: date, end: date, years: int) -> None:
    assert years_between(start, end) == years
