"""The history of an application as a timeline by day, and what differs between two of its points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.services.accounts.names import names_of
from assistant.services.application import timeline
from assistant.storage.tables import LOCAL
from assistant.web.application.history_words import (
    ACTS,
    KIND_WORDS,
    ChangeLine,
    NomineeLines,
    lines_of_changes,
    nominee_changes,
    title_of_entry,
    title_of_save,
)
from assistant.web.kit.context import application_of, db
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.moments import day, moment
from assistant.web.kit.numbers import read_number
from assistant.web.kit.page_errors import page_error
from assistant.web.wizard import application_state, teamwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from assistant.services.application.history import HistoryEntry
    from assistant.services.application.timeline import HistoryPoint
    from assistant.storage.tables import Application
    from assistant.web.kit.context import PageContext

bp = Blueprint("history", __name__, url_prefix="/applications/<uuid:application_id>/history")

LINES_SHOWN = 40
"""Lines of the history on one page."""
ANSWERS_SHOWN = 12
"""Answers of one line that are shown at once; the others open with a click."""
NOMINEES_COMPARED = 300
MAX_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line: what happened, when, by whom (""), the answers that changed, and where it leads (""; nowhere)."""

    number: int
    title: str
    at: datetime
    who: str
    lines: tuple[ChangeLine, ...]
    nominees: tuple[NomineeLines, ...]
    erased_at: datetime | None
    export_address: str
    compare_address: str

    @property
    def count(self) -> int:
        """Return how many changes it has."""
        return len(self.lines) + sum(max(1, len(nominee.lines)) for nominee in self.nominees)

    @property
    def is_long(self) -> bool:
        """Say whether its changes open with a click alone."""
        return self.count > ANSWERS_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineDay:
    """The lines of one day."""

    title: str
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLink:
    """A kind of lines to show alone, with how many there are."""

    words: str
    address: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChoice:
    """A point between which answers are compared; 0 is before everything."""

    number: int
    words: str


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the history, newest first, a page at a time; one kind of lines alone where the address names it."""
    application = application_of(application_id)
    kind = request.args.get("kind", "")
    kind = kind if kind in KIND_WORDS else ""
    before = read_number(request.args.get("before", ""), MAX_DIGITS)
    page = timeline.read_page(db(), application, kind=kind, before=before, limit=LINES_SHOWN)
    address = url_for("history.show", application_id=application_id)
    return render_template(
        "application/history/timeline.html",
        application=application,
        application_title=application_state.title_of(application),
        days=_days(application, page.entries),
        kinds=_kinds(application, kind),
        is_first=before is None,
        older=url_for("history.show", application_id=application_id, kind=kind or None, before=page.older)
        if page.older
        else "",
        newest=f"{address}?kind={kind}" if kind else address,
    )


def _kinds(application: Application, kind: str) -> list[KindLink]:
    counts = timeline.count_kinds(db(), application)
    address = url_for("history.show", application_id=application.public_id)
    everything = KindLink(words="Everything", address=address, count=application.history_count, current=not kind)
    return [everything] + [
        KindLink(words=words, address=f"{address}?kind={one}", count=counts[one], current=one == kind)
        for one, words in KIND_WORDS.items()
        if one in counts
    ]


def _days(application: Application, entries: Sequence[HistoryEntry]) -> list[TimelineDay]:
    names = names_of(db(), (entry.who for entry in entries))
    rows = [_row(application, entry, names) for entry in entries]
    return [
        TimelineDay(title=day(date), rows=tuple(group))
        for date, group in groupby(rows, key=lambda row: row.at.astimezone().date())
    ]


def _is_id(who: str) -> bool:
    try:
        UUID(who)
    except ValueError:
        return False
    return True


def _row(application: Application, entry: HistoryEntry, names: Mapping[str, str]) -> TimelineRow:
    export = str(entry.facts.get("export", "")) if entry.act == "exported" else ""
    address = url_for("history.compare", application_id=application.public_id)
    is_point = entry.act in timeline.ACTS_OF_ANSWERS | timeline.KINDS["exports"]
    newest = application.history_count
    state = teamwork.approval_of(application) if entry.act in {"approved", "declined"} else None
    return TimelineRow(
        number=entry.number,
        title=title_of_entry(entry, sha256_now=state.sha256 if state else None),
        at=entry.at,
        who="" if entry.who == LOCAL else names[entry.who],
        # What an application began with is nothing that changed.
        lines=tuple(lines_of_changes(entry.changes)) if entry.number > 1 else (),
        nominees=tuple(nominee_changes(entry.changes)) if entry.number > 1 else (),
        erased_at=entry.purged_at,
        export_address=url_for("documents.result", application_id=application.public_id, export_id=UUID(export))
        if export and _is_id(export)
        else "",
        compare_address=f"{address}?first={entry.number}&last={newest}" if is_point and entry.number < newest else "",
    )


@bp.route("/compare/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def compare(application_id: UUID) -> ResponseReturnValue:
    """Show what differs between the answers at two points; a form or the address says which two."""
    application = application_of(application_id)
    points = timeline.points_of(db(), application)
    newest = points[0].number if points else 0
    last = read_number(request.values.get("last", ""), MAX_DIGITS)
    last = newest if last is None else last
    first = read_number(request.values.get("first", ""), MAX_DIGITS)
    first = _default_first(points) if first is None else first
    first, last = sorted((min(first, application.history_count), min(last, application.history_count)))
    if request.method == "POST" and not csrf_failed():
        return redirect(url_for("history.compare", application_id=application_id, first=first, last=last))
    comparison = timeline.compare_points(db(), application, first, last)
    nominees = nominee_changes(comparison.changes)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "choices": _choices(points, {first, last}),
        "first": first,
        "last": last,
        "lines": list(lines_of_changes(comparison.changes)),
        "nominees": nominees[:NOMINEES_COMPARED],
        "more_nominees": max(0, len(nominees) - NOMINEES_COMPARED),
        "erased_at": comparison.purged_at,
        "errors": page_error(SENTENCE) if csrf_failed() else [],
    }
    return render_template("application/history/compare.html", **context)


def _default_first(points: Sequence[HistoryPoint]) -> int:
    """Return the last export before the newest point, or the start."""
    return next((point.number for point in points[1:] if point.act == "exported"), 0)


def _choices(points: Sequence[HistoryPoint], ends: set[int]) -> list[PointChoice]:
    choices = [PointChoice(number=point.number, words=f"{moment(point.at)}: {_words(point)}") for point in points]
    numbers = {point.number for point in points}
    choices += [PointChoice(number=n, words=f"line {n} of the history") for n in sorted(ends - numbers - {0})]
    return [*choices, PointChoice(number=0, words="Before everything")]


def _words(point: HistoryPoint) -> str:
    if point.act == "changed":
        return title_of_save(point.section)
    return ACTS.get(point.act, point.act)
