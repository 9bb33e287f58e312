"""The table of nominees: whom a search and filters leave, one page of them, and a mark for each criterion."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.services.application.nominees import nominees_of
from assistant.web.nominees.criteria import grids
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.rules import Finding
    from assistant.services.application.nominees import NomineeRow
    from assistant.storage.tables import Application
    from assistant.web.nominees.criteria import CriterionMark

PAGE_ROWS = 50
LONGEST_SEARCH = 128
NO_MODEL = "none"
OPEN = "open"
LABELS = {
    "us_citizen": "U.S. citizen",
    "enforced_laws": "Laws enforced",
    "background_investigation": "Background",
    "law_enforcement_since": "Two years of service",
    "facility_security_trained": "Facility security",
    "enforced_inmate_rules": "Inmate rules",
    "inmate_rules_authority": "Authority over inmates",
}
"""The head of a criterion's column, by the answer that it reads first."""
WORST_FIRST: tuple[CriterionMark, ...] = ("Not met", "Not known", "Met")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What the list shows: ``search`` in name and badge, a model ("none": no model), a gap ("open": any), a page."""

    search: str = ""
    model: str = ""
    gap: str = ""
    page: int = 1

    @property
    def is_set(self) -> bool:
        """Say whether anybody may be left out."""
        return bool(self.search or self.model or self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One nominee; ``marks`` by the criterion's field, "" where the nominee's models do not ask it."""

    nominee_row: NomineeRow
    marks: Mapping[str, CriterionMark | str]
    findings: tuple[Finding, ...]
    is_open: bool

    @property
    def name(self) -> str:
        """Return the name, or what stands for it."""
        return self.nominee_row.nominee.full_name or "No name yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeTable:
    """One page of the nominees that a filter leaves; ``matching`` are the ids of all that it leaves."""

    rows: tuple[TableRow, ...]
    columns: Mapping[str, str]
    matching: tuple[str, ...]
    count: int
    open_count: int
    page: int
    pages: int


def read_filter(values: Mapping[str, str], page: str) -> ListFilter:
    """Return the filter that an address or a form holds; what is none of ours counts as not given."""
    gap = values.get("gap", "")
    return ListFilter(
        search=values.get("search", "").strip()[:LONGEST_SEARCH],
        model=values.get("model", "")[:8],
        gap=gap if gap in {*LABELS, OPEN} else "",
        page=int(page) if re.fullmatch(r"[1-9]\d{0,5}", page, re.ASCII) else 1,
    )


def table_of(application: Application, list_filter: ListFilter) -> NomineeTable:
    """Return the page of the table that a filter asks for; a page behind the last is the last."""
    everyone = nominees_of(application)
    findings = application_state.review_of(application).findings
    by_place = findings_by_place(findings)
    still_open = {
        place
        for place, about in by_place.items()
        if any(application_state.keeps_open(application, finding) for finding in about)
    }
    columns, marks = _marks(application, everyone, findings)
    matching = [
        row for row in everyone if _fits(row, list_filter, marks.get(row.id, {}), is_open=row.place in still_open)
    ]
    pages = max(1, -(-len(matching) // PAGE_ROWS))
    page = min(list_filter.page, pages)
    return NomineeTable(
        rows=tuple(
            TableRow(
                nominee_row=row,
                marks={field: marks.get(row.id, {}).get(field, "") for field in columns},
                findings=tuple(by_place.get(row.place, ())),
                is_open=row.place in still_open,
            )
            for row in matching[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        ),
        columns=columns,
        matching=tuple(row.id for row in matching),
        count=len(everyone),
        open_count=len(still_open),
        page=page,
        pages=pages,
    )


def findings_by_place(findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Return the findings by the place of the nominee they concern, without notes."""
    by_place: dict[int, list[Finding]] = {}
    for finding in findings:
        section, _, rest = finding.where.partition(".")
        place = rest.partition(".")[0]
        if section == "nominees" and place.isdigit() and finding.severity != "note":
            by_place.setdefault(int(place), []).append(finding)
    return by_place


def _marks(
    application: Application, everyone: Iterable[NomineeRow], findings: Iterable[Finding]
) -> tuple[dict[str, str], dict[str, dict[str, CriterionMark]]]:
    """Return (heads of the columns by field, marks by nominee and field); of two models the worse mark counts."""
    columns: dict[str, str] = {}
    marks: dict[str, dict[str, CriterionMark]] = {}
    for grid in grids(application.answers, {row.place: row.id for row in everyone}, findings):
        fields = [criterion.field or "" for criterion in grid.criteria]
        columns |= {field: LABELS.get(field, field) for field in fields}
        for grid_row in grid.rows:
            mine = marks.setdefault(grid_row.nominee_id, {})
            for field, mark in zip(fields, grid_row.marks, strict=True):
                mine[field] = min(mine.get(field, mark), mark, key=WORST_FIRST.index)
    return columns, marks


def _fits(row: NomineeRow, list_filter: ListFilter, marks: Mapping[str, CriterionMark], *, is_open: bool) -> bool:
    nominee = row.nominee
    name_and_badge = f"{nominee.full_name or ''} {nominee.badge_number or ''}"
    if list_filter.search and not _has_words(name_and_badge, list_filter.search):
        return False
    if list_filter.model == NO_MODEL and nominee.models:
        return False
    if list_filter.model not in {"", NO_MODEL, *nominee.models}:
        return False
    if list_filter.gap == OPEN:
        return is_open
    return not list_filter.gap or marks.get(list_filter.gap, "Met") != "Met"


def _has_words(text: str, search: str) -> bool:
    """Say whether every word that was searched for is in a text, capitals and accents aside."""
    folded = _fold(text)
    return all(word in folded for word in _fold(search).split())


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
