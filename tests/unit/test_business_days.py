"""Business days of the federal government: weekends, holidays, and the days on which holidays are observed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.program.business_days import federal_holiday, is_business_day, next_business_day
from assistant.services.after_export.answer_clock import answer_clock
from assistant.services.after_export.ledger_lines import LedgerLine

HOLIDAYS_2026 = (
    (1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (7, 4), (9, 7), (10, 12), (11, 11), (11, 26), (12, 25),
)  # fmt: skip


def line(kind: str, moment: datetime) -> LedgerLine:
    return LedgerLine(
        public_id=uuid4(), kind=kind, dated_at=moment, added_at=moment, export_id=None, message_id=None, sender=None,  # type: ignore[arg-type]  # a kind as text
        to=(), subject="", attachments=(), text="", thread=(), about={}, elsewhere=(), is_note=False, is_erased=False,
    )  # fmt: skip


def at(day: date) -> datetime:
    return datetime.combine(day, time(12)).astimezone(UTC)


def test_the_federal_holidays_of_a_year_are_known_with_their_observance() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert tuple((day.month, day.day) for day in days if federal_holiday(day)) == HOLIDAYS_2026


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 1, 20), date(2026, 1, 21)),
        (date(2026, 1, 16), date(2026, 1, 20)),  # a Friday before Martin Luther King’s day
        (date(2026, 7, 2), date(2026, 7, 6)),  # July 4 is a Saturday, observed on Friday
        (date(2027, 12, 30), date(2028, 1, 3)),  # New Year’s Day of the next year is observed in the old one
        (date(2023, 1, 1), date(2023, 1, 3)),  # a holiday on a Sunday is observed on Monday
        (date(2026, 11, 27), date(2026, 11, 30)),  # a day after Thanksgiving is a business day, its weekend is not
        (date(2020, 6, 18), date(2020, 6, 19)),  # Juneteenth became a holiday in 2021
        (date(2021, 6, 17), date(2021, 6, 21)),
    ],
)
def test_the_next_business_day(day: date, following: date) -> None:
    assert next_business_day(day) == following


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_it_is_later_and_none_is_passed_over(day: date) -> None:
    following = next_business_day(day)
    assert is_business_day(following)
    assert 1 <= (following - day).days <= 5
    assert not any(is_business_day(day + timedelta(days=number)) for number in range(1, (following - day).days))


def test_the_clock_counts_from_the_last_message_to_ice() -> None:
    first, friday = line("sent", at(date(2026, 1, 5))), line("marked", at(date(2026, 1, 16)))
    clock = answer_clock([first, friday, line("other", at(date(2026, 2, 1)))], today=date(2026, 1, 20))
    assert clock
    assert (clock.sent_on, clock.due) == (date(2026, 1, 16), date(2026, 1, 20))
    assert clock.holidays == ("Martin Luther King Jr. Day",)
    assert not clock.is_over
    late = answer_clock([first, friday], today=date(2026, 1, 21))
    assert late
    assert late.is_open
    answered = answer_clock([friday, line("reply", at(date(2026, 1, 17)))], today=date(2026, 1, 21))
    assert answered
    assert not answered.is_open
    # An answer to the message before is none to this one.
    earlier = answer_clock([friday, line("reply", at(date(2026, 1, 6)))], today=date(2026, 1, 21))
    assert earlier
    assert earlier.is_open


def test_there_is_no_clock_without_a_message_to_ice() -> None:
    today = date(2026, 1, 21)
    assert answer_clock([], today=today) is None
    assert answer_clock([line("reply", at(today)), line("other", at(today))], today=today) is None
    assert answer_clock([replace(line("sent", at(today)), dated_at=None)], today=today) is None
