"""Every rule of the review as a card: what it asks, who says so, where, and when that was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant import program
from assistant.answers import MODELS
from assistant.program.offices import source_in_force
from assistant.rules import all_rules
from assistant.rules.agreement import ANSWER_RULE_CODES, all_document_rules

if TYPE_CHECKING:
    from datetime import date

    from assistant.program import Citation
    from assistant.rules import RuleCard, Severity

GROWS_OLD = timedelta(days=365)
"""A card says that its source may be out of date when it was checked longer ago than this."""
PAGE = re.compile(r"(?:, )?\bp\. (\d+)")
CRITERIA = "criteria for nominees"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPlace:
    """A place in a document: which document and revision, where in it, and when it was read (None: not recorded)."""

    document: str
    section: str
    page: int | None
    revision: str | None
    checked_on: date | None
    old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A rule, or a criterion; ``looks_at`` names what it is asked about, ``models`` those for which it counts."""

    code: str
    subject: str
    requirement: str
    severity: Severity | None
    looks_at: tuple[str, ...]
    models: tuple[str, ...]
    places: tuple[CitedPlace, ...]

    @property
    def old(self) -> bool:
        """Say whether one of its sources was read longer than a year ago."""
        return any(place.old for place in self.places)


def cards(today: date) -> tuple[Card, ...]:
    """Return every rule in the order it is asked, then every criterion."""
    of_documents = {rule.code: rule for rule in all_document_rules()}
    own = all_rules()
    codes = {rule.code for rule in own}
    result = [
        _card(rule, rule.subject, _looks_at(both=rule.code in of_documents or rule.code in ANSWER_RULE_CODES), today)
        for rule in own
    ]
    result += [
        _card(rule, f"finished agreement: {rule.subject}", ("finished agreements",), today)
        for code, rule in of_documents.items()
        if code not in codes
    ]
    return (*result, *_criteria(today))


def _looks_at(*, both: bool) -> tuple[str, ...]:
    return ("answers", "finished agreements") if both else ("answers",)


def _card(rule: RuleCard, subject: str, looks_at: tuple[str, ...], today: date) -> Card:
    return Card(
        code=rule.code, subject=subject.replace("_", " "), requirement=rule.requirement, severity=rule.severity,
        looks_at=looks_at, models=(), places=places_in(rule.source, today),
    )  # fmt: skip


def _criteria(today: date) -> list[Card]:
    by_code: dict[str, tuple[program.Criterion, list[str], dict[str, Citation]]] = {}
    for model in MODELS:
        for criterion in program.criteria_for(model):
            _, models, citations = by_code.setdefault(criterion.code, (criterion, [], {}))
            models.append(model)
            citations.update((str(citation), citation) for citation in criterion.citations)
    return [
        Card(
            code=criterion.code, subject=CRITERIA, requirement=criterion.text,
            severity="blocker" if criterion.is_asked else None,
            looks_at=("nominees",) if criterion.is_asked else (), models=tuple(models),
            places=tuple(_place(citation, today) for citation in citations.values()),
        )
        for criterion, models, citations in by_code.values()
    ]  # fmt: skip


def _place(citation: Citation, today: date) -> CitedPlace:
    source = citation.source
    return CitedPlace(
        document=source.document, section=citation.section or "", page=citation.page, revision=source.revision,
        checked_on=source.checked_on, old=_is_old(source.checked_on, today),
    )  # fmt: skip


def places_in(text: str, today: date) -> tuple[CitedPlace, ...]:
    """Return the places that a rule's line of sources names; what is no document of the register has no date."""
    sources = sorted(program.sources().values(), key=lambda source: -len(source.title))
    places = []
    for part in text.split("; "):
        source = next((source for source in sources if part.startswith(source.title)), None)
        rest = part.removeprefix(source.title).removeprefix(", ") if source else ""
        page = PAGE.search(rest)
        source = source_in_force(source) if source else None
        places.append(
            CitedPlace(
                document=source.document if source else part,
                section=PAGE.sub("", rest, count=1).strip(" ,"),
                page=int(page[1]) if page else None,
                revision=source.revision if source else None,
                checked_on=source.checked_on if source else None,
                old=_is_old(source.checked_on if source else None, today),
            )
        )
    return tuple(places)


def _is_old(day: date | None, today: date) -> bool:
    return day is not None and today - day > GROWS_OLD
