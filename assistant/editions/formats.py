"""How a value is written on paper, by name: the names a field map may use.

A format takes the value at the mapped path and all answers, and returns one line of text, empty where there is
nothing to write. It never invents: what it cannot read it leaves as typed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.errors import EditionError
from assistant.text import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assistant.answers import Answers

READABLE_TEXT_PT = 7.0
"""Points: below it another wording is tried, and a warning says that the text is hard to read."""
MIN_TEXT_PT = 6.0
"""Points: below it a text is too small to read, a blocker in what this program makes."""
_CENTURY = 2000

MODEL_NAMES = {
    "JEM": "Jail Enforcement Model",
    "TFM": "Task Force Model",
    "TTFM": "Tribal Task Force Model",
    "WSO": "Warrant Service Officer",
}


def join_with_and(parts: Iterable[str]) -> str:
    """Return "a", "a and b" or "a, b and c"; "" of nothing."""
    *head, last = tuple(parts) or ("",)
    return f"{', '.join(head)} and {last}" if head else last


def write(name: str, value: Any, answers: Answers) -> str:
    """Return the value as the format of this name writes it.

    Raises:
        EditionError: there is no format of this name.
    """
    if name not in FORMATS:
        raise EditionError(f"There is no format called {name}. Use one of {', '.join(FORMATS)}.")
    return "" if value is None else FORMATS[name](value, answers)


def revision_date(iso: str) -> str:
    """Return "02/14/2025" for "2025-02-14", as it is printed on the form; anything else as it is."""
    try:
        return f"{date.fromisoformat(iso):%m/%d/%Y}"
    except ValueError:
        return iso


def long_date(day: date) -> str:
    """Return "January 5, 2026", the way U.S. letters write a date."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


PHONE_DIGITS = 10
"""Digits of a U.S. telephone number."""


def phone(text: str) -> str:
    """Return a U.S. number as "(727) 555-0102 ext. 5"; what is no U.S. number stays as typed."""
    import phonenumbers  # noqa: PLC0415 - a slow import that most callers never need

    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return text.strip()
    digits = str(number.national_number)
    if number.country_code != 1 or len(digits) != PHONE_DIGITS:
        return text.strip()
    extension = f" ext. {number.extension}" if number.extension else ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}{extension}"


def _text(value: Any, _: Answers) -> str:
    """Return the text in one line; of several ("TFM", "WSO") a list: "TFM and WSO"."""
    return join_with_and(value) if isinstance(value, tuple) else " ".join(str(value).split())


def _model_names(value: str | tuple[str, ...], _: Answers) -> str:
    """Return "Task Force Model (TFM) and Warrant Service Officer (WSO)", in the order of the program page."""
    if isinstance(value, str):  # a shorter wording
        return value
    return join_with_and([f"{name} ({model})" for model, name in MODEL_NAMES.items() if model in value])


def _date(value: date | str, _: Answers) -> str:
    """Return "January 5, 2026"; a shorter wording of a date stands as it was given."""
    return value if isinstance(value, str) else long_date(value)


def _phone(value: str, _: Answers) -> str:
    return phone(value)


def _name_with_initials(value: str, answers: Answers) -> str:
    """Return "Example County Sheriff’s Office (ECSO)", so that the initials are defined where they first stand."""
    name, short = _text(value, answers), _text(answers.agency.short_name or "", answers)
    return f"{name} ({short})" if short and name and f"({short})" not in name and short != name else name


def _title_and_agency(value: str, answers: Answers) -> str:
    """Return "Sheriff, Example County Sheriff’s Office": WSO and JEM section VII asks for no person's name."""
    return ", ".join(part for part in (_text(value, answers), _text(answers.agency.legal_name or "", answers)) if part)


def _name_and_title(value: str, answers: Answers) -> str:
    """Return "Jordan Example, Sheriff", of the person who signs."""
    return ", ".join(part for part in (_text(value, answers), _text(answers.signatory.title or "", answers)) if part)


FORMATS: Mapping[str, Callable[[Any, Answers], str]] = {
    "text": _text,
    "date": _date,
    "phone": _phone,
    "name-with-initials": _name_with_initials,
    "title-and-agency": _title_and_agency,
    "name-and-title": _name_and_title,
    "model-names": _model_names,
}

ALSO_READ: Mapping[str, tuple[str, ...]] = {
    "name-with-initials": ("agency.short_name",),
    "title-and-agency": ("agency.legal_name",),
    "name-and-title": ("signatory.title",),
}
"""The paths that a format reads beside the mapped one."""


def parts(name: str, path: str) -> tuple[str, ...]:
    """Return the paths of all answers that the format of this name reads: the mapped one first."""
    return (path, *ALSO_READ.get(name, ()))


def year_of(digits: str) -> int:
    """Return the year that two or four digits mean: nothing that is dated here is older than 2000."""
    return int(digits) + (_CENTURY if len(digits) == len("25") else 0)
