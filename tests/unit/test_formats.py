"""How values are written on paper."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answers import MODELS, Agency, Answers
from assistant.editions.formats import MODEL_NAMES, long_date, phone, write
from assistant.errors import EditionError
from assistant.program import get_model

ECSO = Answers(agency=Agency(legal_name="Example County Sheriff’s Office", short_name="ECSO"))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("7275550102", "(727) 555-0102"),
        ("727.555.0102", "(727) 555-0102"),
        ("+1 727 555 0102", "(727) 555-0102"),
        ("1-727-555-0102 x 5", "(727) 555-0102 ext. 5"),
        ("(727) 555-0102 ext. 17", "(727) 555-0102 ext. 17"),
        ("555-0102", "555-0102"),
        (" ask the desk ", "ask the desk"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
    ],
)
def test_a_phone_number_is_formatted_where_it_is_one(typed: str, written: str) -> None:
    assert phone(typed) == written


def test_a_date_is_written_as_letters_write_it() -> None:
    assert long_date(date(2026, 1, 5)) == "January 5, 2026"
    assert write("date", date(2027, 12, 31), ECSO) == "December 31, 2027"


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("text", "  two   spaces ", "two spaces"),
        ("text", None, ""),
        ("name-with-initials", "Example County Sheriff’s Office", "Example County Sheriff’s Office (ECSO)"),
        ("name-with-initials", "Office (ECSO)", "Office (ECSO)"),
        ("name-with-initials", "ECSO", "ECSO"),
        ("title-and-agency", "Sheriff", "Sheriff, Example County Sheriff’s Office"),
        ("title-and-agency", None, ""),
    ],
)
def test_each_format(name: str, value: str | None, written: str) -> None:
    assert write(name, value, ECSO) == written


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(EditionError, match="capitals"):
        write("capitals", "x", ECSO)


def test_models_are_called_as_the_program_page_calls_them() -> None:
    assert {model: get_model(model).name for model in MODELS} == MODEL_NAMES
