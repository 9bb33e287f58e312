"""Every fact of this package in one list, with its source, the day it was last checked, and what stood before it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.answers import MODELS
from assistant.program import stored
from assistant.program.costs import reported_payments, training_time
from assistant.program.criteria import fact_of
from assistant.program.facts import TERM, contact_citation, glossary, program_contact
from assistant.program.imported_facts import fact_cache, fact_imports, facts_as_of
from assistant.program.laws import state_laws
from assistant.program.models import models, topics
from assistant.program.offices import office_citation
from assistant.program.printed_counts import COUNT, printed_counts
from assistant.program.sources import sources
from assistant.program.states_and_counties import states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assistant.program.imported_facts import FactKind
    from assistant.program.sources import Citation

FactSubject = Literal["model", "criterion", "State law", "ICE office", "cost", "contact", "printed count", "term"]
_DAY = re.compile(r"((?:19|20)\d{2})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


class EarlierDocument(TypedDict):
    """What stood before, as a JSON object; ``since`` and ``until`` are ISO moments, ``since`` None from the start."""

    text: str
    source: str
    check_words: str
    since: str | None
    until: str
    file: str | None


class FactDocument(TypedDict):
    """``Fact`` as a JSON object; ``checked_on`` is ISO, None where no day is known; ``age_days`` counts from today.

    ``file`` and ``since``: which imported file it is from and when that was taken; None where it comes with the
    program. ``before``: what stood before, the last first.
    """

    id: str
    subject: FactSubject
    what: str
    text: str
    source: str
    check_words: str
    checked_on: str | None
    age_days: int | None
    file: str | None
    since: str | None
    before: list[EarlierDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact. ``check_words`` say when it was checked, ``checked_on`` is that day, or the first they can mean.

    ``id`` names it in an imported file and in the history; ``kind`` is the file that it can be imported with.
    """

    id: str
    kind: FactKind
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
        *earlier, last = versions_of(self)
        return {
            "id": self.id,
            "subject": self.subject,
            "what": self.what,
            "text": self.text,
            "source": self.source,
            "check_words": self.check_words,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "age_days": self.age(today),
            "file": last.file,
            "since": last.since.isoformat() if last.since else None,
            "before": [version.to_document() for version in reversed(earlier)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FactVersion:
    """What was known of a fact for a time; ``since`` and ``file`` are None for what comes with the program."""

    fact: Fact
    since: datetime | None
    until: datetime | None
    file: str | None

    def to_document(self) -> EarlierDocument:
        """Return an earlier version as JSON."""
        return {
            "text": self.fact.text,
            "source": self.fact.source,
            "check_words": self.fact.check_words,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else "",
            "file": self.file,
        }


@fact_cache
def all_facts() -> tuple[Fact, ...]:
    """Return every fact, the one checked longest ago first; what names no day comes before all others."""
    facts = [*_models(), *_laws(), *_offices(), *_costs(), *_others()]
    return tuple(sorted(facts, key=lambda fact: (fact.checked_on or date.min, fact.subject, fact.what)))


@fact_cache
def facts_by_id() -> dict[str, Fact]:
    """Return every fact by its id; nobody may change what comes back."""
    return {fact.id: fact for fact in all_facts()}


def versions_of(fact: Fact) -> tuple[FactVersion, ...]:
    """Return what stood of a fact that is in force, the first version first, the one in force last."""
    return _versions().get(fact.id) or (FactVersion(fact=fact, since=None, until=None, file=None),)


def facts_no_longer_in_force() -> list[FactVersion]:
    """Return the last version of each fact that no file in force names any more."""
    return [versions[-1] for versions in _versions().values() if versions[-1].until is not None]


@fact_cache
def _versions() -> dict[str, tuple[FactVersion, ...]]:
    """Return the versions of every fact by its id, from the facts of the program through each import."""
    versions: defaultdict[str, list[FactVersion]] = defaultdict(list)
    stages: list[tuple[int, datetime | None, dict[FactKind, str]]] = [(0, None, {})]
    stages += [(one.number, one.imported_at, {file.kind: file.name for file in one.files}) for one in fact_imports()]
    for number, moment, names in stages:
        with facts_as_of(number):
            facts = facts_by_id()
        for fact_id, before in versions.items():
            last = before[-1]
            if last.until is None and facts.get(fact_id) != last.fact:
                before[-1] = FactVersion(fact=last.fact, since=last.since, until=moment, file=last.file)
        for fact_id, fact in facts.items():
            if not versions[fact_id] or versions[fact_id][-1].until is not None:
                file = names.get(fact.kind) or next(iter(names.values()), None)
                versions[fact_id].append(FactVersion(fact=fact, since=moment, until=None, file=file))
    return {fact_id: tuple(history) for fact_id, history in versions.items()}


def day_named(text: str) -> date | None:
    """Return the first day that a note like "2026-01" or "2019-" can mean, None where it names no year."""
    match = _DAY.search(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return date(int(match[1]), int(match[2] or 1), 1)


@fact_cache
def check_words_of(source: str) -> str:
    """Return when the documents that a rule's line of sources names were last checked: an ISO day, the oldest of them.

    "" where it names none whose day is recorded.
    """
    days = [day for part in source.split("; ") if (day := _day_of(part))]
    return min(days).isoformat() if days else ""


@fact_cache
def _days_by_title() -> list[tuple[str, date]]:
    """Return the days on which documents were last checked by their titles, the longest title first."""
    days = {source.title: source.checked_on for source in sources().values() if source.checked_on}
    for fact in all_facts():
        if fact.kind != "state_laws" and fact.checked_on:
            days.setdefault(fact.source, fact.checked_on)
    return sorted(days.items(), key=lambda pair: -len(pair[0]))


def _day_of(part: str) -> date | None:
    return next((day for title, day in _days_by_title() if part.startswith(title)), None)


def _cited(
    fact: str,
    subject: FactSubject,
    what: str,
    text: str,
    citation: Citation | None,
    *,
    kind: FactKind = "program_facts",
) -> Fact:
    day = citation.source.checked_on if citation else None
    return Fact(
        id=fact,
        kind=kind,
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
            yield _cited(statement.fact, "model", what, statement.text, statement.citation)
        for criterion in card.criteria:
            citation = criterion.citations[0] if criterion.citations else None
            what = f"{card.code}: {criterion.code}"
            yield _cited(fact_of(criterion.code, card.code), "criterion", what, criterion.text, citation)


def _laws() -> Iterator[Fact]:
    for code, name in states().items():
        for law in state_laws(code):
            yield Fact(
                id=f"law.{code}.{law.authority}",
                kind="state_laws",
                subject="State law",
                what=f"{name}: {law.authority}",
                text=f"{law.effect}. {law.summary} Confidence: {law.confidence}.",
                source=law.source,
                check_words=law.as_of,
                checked_on=day_named(law.as_of),
            )


def _offices() -> Iterator[Fact]:
    names = states()
    citations: dict[tuple[str, str], Citation] = {}
    for row in stored.rows("field_offices"):
        citation = citations[row["state"], row["field_office"]] = office_citation(row, "field_office")
        area = f", {row['opla_area']}" if row["opla_area"] else ""
        what = f"{names.get(row['state'], row['state'])}{area}"
        text = f"Field office {row['field_office']}; OPLA {row['opla_location']}, {row['opla_address']}."
        fact = f"office.{row['state']}.{row['field_office']}.{row['opla_location']}"
        yield _cited(fact, "ICE office", what, text, citation, kind="field_offices")
    counties: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in stored.rows("field_office_counties"):
        counties[row["state"], row["field_office"]].append(row["county"])
    for (state, office), inside in counties.items():
        what = f"{names.get(state, state)}: counties of field office {office}"
        text = f"{', '.join(sorted(inside))}."
        citation = citations[state, office]
        fact = f"counties.{state}.{office}"
        yield _cited(fact, "ICE office", what, text, citation, kind="field_office_counties")


def _costs() -> Iterator[Fact]:
    for model in MODELS:
        if time := training_time(model):
            yield _cited(f"hours.{model}", "cost", f"{model}: length of the training", time.text, time.citation)
        for payment in reported_payments(model):
            yield _cited(payment.fact, "cost", f"{model}: reported payment", payment.text, payment.citation)


def _others() -> Iterator[Fact]:
    contact = program_contact()
    for fact, what, text in (
        ("contact.recipient", "Address for applications", contact.recipient),
        ("contact.answer-time", "Time of an answer", contact.answer_time),
        ("contact.telephone", f"Telephone for {contact.telephone_for}", contact.telephone),
        ("contact.headquarters", "Headquarters", "; ".join(contact.headquarters)),
    ):
        yield _cited(fact, "contact", what, text, contact_citation(fact))
    for row in printed_counts().rows:
        yield _cited(f"{COUNT}{row.what}", "printed count", row.what, f"{row.page:,}", row.citation)
    for term in glossary():
        yield _cited(f"{TERM}{term.term}", "term", term.term, term.meaning, term.citation)
