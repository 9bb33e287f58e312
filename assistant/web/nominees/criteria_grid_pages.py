"""The nominees against the criteria: who is not met or not known, and what to ask each person for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from assistant.services.application import rosters
from assistant.services.application.nominees import nominees_of
from assistant.web.kit.context import application_of, db
from assistant.web.nominees.criteria import grids
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.web.nominees.criteria import CriterionMark, Grid

bp = Blueprint("people", __name__, url_prefix="/applications/<uuid:application_id>/nominees/criteria")

PAGE_ROWS = 50
FILTERS: dict[str, tuple[str, frozenset[CriterionMark]]] = {
    "open": ("Not met or not known", frozenset({"Not met", "Not known"})),
    "not-known": ("Not known", frozenset({"Not known"})),
    "not-met": ("Not met", frozenset({"Not met"})),
    "all": ("Everyone", frozenset()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A nominee with what nobody knows yet, and what is not met; each line with its source."""

    id: str
    place: int
    name: str
    models: str
    ask: tuple[tuple[str, str], ...]
    not_met: tuple[tuple[str, str], ...]


@bp.get("/")
def grid(application_id: UUID) -> ResponseReturnValue:
    """Show the grid of criteria and people, all of it or what is open, and what to ask each person for."""
    application = application_of(application_id)
    everyone = nominees_of(application)
    whole = grids(
        application.answers,
        {row.place: row.id for row in everyone},
        application_state.review_of(application).findings,
    )
    lines = _lines(whole)
    people = [
        Person(
            id=row.id,
            place=row.place,
            name=row.nominee.full_name or "No name yet",
            models=", ".join(row.nominee.models),
            ask=tuple(lines.get(row.id, {}).get("Not known", {}).items()),
            not_met=tuple(lines.get(row.id, {}).get("Not met", {}).items()),
        )
        for row in everyone
    ]
    show = request.args.get("show", "open")
    show = show if show in FILTERS else "open"
    matching = [person for person in people if _fits(person, show)]
    pages = max(1, -(-len(matching) // PAGE_ROWS))
    text = request.args.get("page", "1")
    page = min(int(text), pages) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) else 1
    people_on_page = matching[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    ids = {person.id for person in people_on_page}
    added = request.args.get("added", "")
    return render_template(
        "nominees/people/grid.html",
        application=application,
        application_title=application_state.title_of(application),
        count=len(everyone),
        counts={name: sum(_fits(person, name) for person in people) for name in FILTERS},
        filters={name: words for name, (words, _) in FILTERS.items()},
        show=show,
        people=people_on_page,
        grids=[smaller for model in whole if (smaller := _only(model, ids)).rows],
        page=page,
        pages=pages,
        waiting=rosters.waiting_rosters(db(), application),
        added=int(added) if re.fullmatch(r"\d{1,5}", added, re.ASCII) else None,
    )


def _fits(person: Person, show: str) -> bool:
    marks = FILTERS[show][1]
    # Nobody knows what counts for a person without a model.
    unknown = bool(person.ask) or not person.models
    return not marks or ("Not met" in marks and bool(person.not_met)) or ("Not known" in marks and unknown)


def _only(model: Grid, ids: set[str]) -> Grid:
    return replace(model, rows=tuple(row for row in model.rows if row.nominee_id in ids))


def _lines(whole: Sequence[Grid]) -> dict[str, dict[CriterionMark, dict[str, str]]]:
    """Return by person and mark the criteria with their sources, each once though two models ask it."""
    marks_by_nominee: dict[str, dict[CriterionMark, dict[str, str]]] = {}
    for model in whole:
        for row in model.rows:
            mine = marks_by_nominee.setdefault(row.nominee_id, {})
            for criterion, mark in zip(model.criteria, row.marks, strict=True):
                mine.setdefault(mark, {}).setdefault(criterion.text, criterion.source)
    return marks_by_nominee
