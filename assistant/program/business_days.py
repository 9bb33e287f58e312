"""Business days of the federal government: neither a weekend nor a federal holiday, the days of observance included."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Say whether federal offices are open on a day, as far as the calendar of federal holidays tells."""
    return day.weekday() < SATURDAY and federal_holiday(day) is None


def next_business_day(day: date) -> date:
    """Return the first business day after a day."""
    later = day + timedelta(days=1)
    while not is_business_day(later):
        later += timedelta(days=1)
    return later


def federal_holiday(day: date) -> str | None:
    """Return the name of the federal holiday that a day is, or on which one is observed; None for other days."""
    from holidays import country_holidays  # noqa: PLC0415 - few pages ask, and it takes a while to load

    # A holiday that falls on a Saturday may be observed in the year before.
    return country_holidays("US", years=(day.year, day.year + 1)).get(day)
