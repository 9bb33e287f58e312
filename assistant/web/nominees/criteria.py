"""The criteria beside the nominees: where each is written, and a grid of criteria and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant import program
from assistant.web.kit.page_forms import MODEL_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.answers import Answers, Model, Nominee
    from assistant.rules import Finding

CriterionMark = Literal["Met", "Not known", "Not met"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A person with a mark for each criterion."""

    nominee_id: str
    name: str
    marks: tuple[CriterionMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The people of one model against its criteria."""

    model: str
    name: str
    criteria: tuple[program.Criterion, ...]
    rows: tuple[GridRow, ...]


def sources_by_field(models: Iterable[Model]) -> dict[str, list[str]]:
    """Return for each answer of a nominee where the criteria that read it are written."""
    lines_by_field: dict[str, list[str]] = {}
    for model in models:
        for criterion in program.criteria_for(model):
            for field in criterion.fields[:1]:
                lines = lines_by_field.setdefault(field, [])
                lines.extend(line for line in map(_describe_citation, criterion.citations) if line not in lines)
    return lines_by_field


def _describe_citation(citation: program.Citation) -> str:
    """Return a place in a document with the day it was read."""
    read_on = citation.source.checked_on
    return f"{citation} (checked {read_on:%B} {read_on.day}, {read_on.year})" if read_on else str(citation)


def grids(answers: Answers, ids: Mapping[int, str], findings: Iterable[Finding]) -> tuple[Grid, ...]:
    """Return a grid for each model applied for that has nominees among the ``ids`` (id by place)."""
    open_paths = frozenset(finding.where for finding in findings if finding.severity == "blocker")
    result = []
    for model in answers.models:
        criteria = tuple(criterion for criterion in program.criteria_for(model) if criterion.is_asked)
        rows = tuple(
            GridRow(
                nominee_id=ids[place],
                name=nominee.full_name or "No name yet",
                marks=tuple(_mark(place, nominee, criterion, open_paths) for criterion in criteria),
            )
            for place, nominee in answers.nominees_for(model)
            if place in ids
        )
        if rows:
            result.append(Grid(model=model, name=MODEL_NAMES[model], criteria=criteria, rows=rows))
    return tuple(result)


def _mark(place: int, nominee: Nominee, criterion: program.Criterion, open_paths: frozenset[str]) -> CriterionMark:
    """Return "Met" where no blocker stands; what was answered and still blocks is not met, the rest is not known."""
    if not any(f"nominees.{place}.{field}" in open_paths for field in criterion.fields):
        return "Met"
    answered = any(getattr(nominee, field) not in (None, "pending") for field in criterion.fields)
    return "Not met" if answered else "Not known"
