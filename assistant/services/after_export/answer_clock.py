"""The day by which ICE's page says that a question is answered, counted from the last message to ICE. No promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.program.business_days import federal_holiday, next_business_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from assistant.services.after_export.ledger_lines import LedgerLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClock:
    """``holidays`` are the federal holidays that lie between the two days, by name."""

    sent_on: date
    due: date
    holidays: tuple[str, ...]
    is_answered: bool
    is_over: bool

    @property
    def is_open(self) -> bool:
        """Say whether the day has come and gone without an answer that is recorded here."""
        return self.is_over and not self.is_answered


def answer_clock(lines: Sequence[LedgerLine], *, today: date) -> AnswerClock | None:
    """Return the clock of the last message to ICE; None where none is recorded, or none with a date."""
    sent = [line.dated_at for line in lines if line.is_sent and line.dated_at]
    if not sent:
        return None
    last = max(sent)
    sent_on = _day(last)
    due = next_business_day(sent_on)
    between = (sent_on + timedelta(days=number) for number in range(1, (due - sent_on).days))
    replies = [line.dated_at for line in lines if line.kind == "reply" and line.dated_at]
    return AnswerClock(
        sent_on=sent_on,
        due=due,
        holidays=tuple(name for day in between if (name := federal_holiday(day))),
        is_answered=any(_day(reply) >= sent_on for reply in replies),
        is_over=today > due,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone().date()
