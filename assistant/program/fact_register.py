"""Every fact of this package in one list, with its source and the day it was last checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.answers import MODELS
from assistant.program import stored
from assistant.program.costs import reported_payments, training_time
from assistant.program.facts import glossary, program_contact
from assistant.program.laws import state_laws
from assistant.program.models import models, topics
from assistant.program.printed_counts import printed_counts
from assistant.program.sources import cite
from assistant.program.states_and_counties import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.program.sources import Citation

FactSubject = Literal["model", "criterion", "State law", "ICE office", "cost", "contact", "printed count", "term"]
_DAY = re.compile(r"((?:19|20)\d{2})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


class FactDocument(TypedDict):
    """``Fact`` as a JSON object; ``checked_on`` is ISO, None where no day is known; ``age_days`` counts from today."""

    subject: FactSubject
    what: str
    text: str
    source: str
    check_words: str
    checked_on: str | None
    age_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact. ``check_words`` say when it was checked, ``checked_on`` is that day, or the first they can mean."""

    subject: FactSubject
    what: str
    text: str
    source: str
    check_words: str
    checked_on: date | None

    def age(self, today: date) -> int | None:
        """Return how many days ago it was checked, None where no day is known."""
        return (today - self.checked_on).days if self.checked_on else None

    @property
    def has_day(self) -> bool:
        """Say whether the day itself is known, and not only a year or a month."""
        return self.checked_on is not None and self.check_words == self.checked_on.isoformat()

    def to_document(self, today: date) -> FactDocument:
        """Return the fact as JSON."""
        return {
            "subject": self.subject,
            "what": self.what,
            "text": self.text,
            "source": self.source,
            "check_words": self.check_words,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "age_days": self.age(today),
        }


@cache
def all_facts() -> tuple[Fact, ...]:
    """Return every fact, the one checked longest ago first; what names no day comes before all others."""
    facts = [*_models(), *_laws(), *_offices(), *_costs(), *_others()]
    return tuple(sorted(facts, key=lambda fact: (fact.checked_on or date.min, fact.subject, fact.what)))


def day_named(text: str) -> date | None:
    """Return the first day that a note like "2026-01" or "2019-" can mean, None where it names no year."""
    match = _DAY.search(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return date(int(match[1]), int(match[2] or 1), 1)


def _cited(subject: FactSubject, what: str, text: str, citation: Citation | None) -> Fact:
    day = citation.source.checked_on if citation else None
    return Fact(
        subject=subject,
        what=what,
        text=text,
        source=str(citation) if citation else "No source was found.",
        check_words=day.isoformat() if day else "",
        checked_on=day,
    )


def _models() -> Iterator[Fact]:
    labels = {topic.key: topic.label for topic in topics()}
    for card in models():
        for statement in card.statements:
            what = f"{card.code}: {labels.get(statement.topic, statement.topic)}"
            yield _cited("model", what, statement.text, statement.citation)
        for criterion in card.criteria:
            citation = criterion.citations[0] if criterion.citations else None
            yield _cited("criterion", f"{card.code}: {criterion.code}", criterion.text, citation)


def _laws() -> Iterator[Fact]:
    for code, name in states().items():
        for law in state_laws(code):
            yield Fact(
                subject="State law",
                what=f"{name}: {law.authority}",
                text=f"{law.effect}. {law.summary} Confidence: {law.confidence}.",
                source=law.source,
                check_words=law.as_of,
                checked_on=day_named(law.as_of),
            )


def _offices() -> Iterator[Fact]:
    names, citation = states(), cite("field-offices")
    for row in stored.rows("field_offices"):
        area = f", {row['opla_area']}" if row["opla_area"] else ""
        text = f"Field office {row['field_office']}; OPLA {row['opla_location']}, {row['opla_address']}."
        yield _cited("ICE office", f"{names.get(row['state'], row['state'])}{area}", text, citation)


def _costs() -> Iterator[Fact]:
    for model in MODELS:
        if time := training_time(model):
            yield _cited("cost", f"{model}: length of the training", time.text, time.citation)
        for payment in reported_payments(model):
            yield _cited("cost", f"{model}: reported payment", payment.text, payment.citation)


def _others() -> Iterator[Fact]:
    contact = program_contact()
    yield _cited("contact", "Address for applications", contact.recipient, contact.citation)
    yield _cited("contact", "Time of an answer", contact.answer_time, contact.citation)
    counts = printed_counts()
    for row in counts.rows:
        yield _cited("printed count", row.what, f"{row.page:,}", counts.citation)
    for term in glossary():
        yield _cited("term", term.term, term.meaning, term.citation)
