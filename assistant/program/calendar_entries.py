"""What comes after an agreement is signed, counted from the day on which both sides have signed, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.program import stored
from assistant.program.models import get_model
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.answers import Model

SOURCE_BY_MODEL = {"JEM": "moa-jem", "TFM": "moa-tfm", "WSO": "moa-wso"}
FEBRUARY, LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """A day to remember. ``every`` is the number of years after which it comes again, 0 for never.

    ``citation`` is None where no document sets the day.
    """

    key: str
    models: tuple[Model, ...]
    day: date
    title: str
    text: str
    every: int
    citation: Citation | None

    @property
    def source(self) -> str:
        """Return where it stands, in words."""
        return str(self.citation) if self.citation else "a reminder of this program"


def calendar_entries(models: Iterable[Model], signed_on: date) -> list[CalendarEntry]:
    """Return the entries of some models in the order of their days; ``signed_on``: the day both sides had signed."""
    model_list = tuple(models)
    entries = []
    for row in stored.table("calendar")["entry"]:
        of_row = [model for model in model_list if model in row["models"]]
        # What no agreement sets is one reminder for all models together.
        for group in [[model] for model in of_row] if "section" in row else [of_row] if of_row else []:
            named = " and ".join(get_model(model).name for model in group)
            entries.append(
                CalendarEntry(
                    key="-".join([row["key"], *group]).lower(),
                    models=tuple(group),
                    day=_later(signed_on, years=row.get("years", 0), days=row.get("days", 0)),
                    title=f"{named}: {row['title']}",
                    text=row["text"],
                    every=row.get("every", 0),
                    citation=cite(SOURCE_BY_MODEL[group[0]], row["section"], row["page"]) if "section" in row else None,
                )
            )
    return sorted(entries, key=lambda entry: (entry.day, entry.key))


def _later(day: date, *, years: int, days: int) -> date:
    """Return a day so much later; a year after February 29 is February 28."""
    leap = (day.month, day.day) == (FEBRUARY, LEAP_DAY)
    target = day.replace(year=day.year + years, day=LEAP_DAY - 1 if leap and years else day.day)
    return target + timedelta(days=days)
