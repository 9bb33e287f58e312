"""The first page's cards, one for each application: how far it is, what comes next, and which of two alike it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from assistant.services.after_export.issued_documents import last_exports
from assistant.services.after_export.since_export import changed_since
from assistant.services.application import applications
from assistant.services.application.export_log import reference_of
from assistant.web.kit.context import agency_id, db
from assistant.web.kit.moments import moment
from assistant.web.wizard import application_state
from assistant.web.wizard.list_findings import leave_lists_out
from assistant.web.wizard.task_list import TaskList, task_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.services.application.applications import ApplicationRow
    from assistant.storage.tables import Application, ExportRow

MOST_NOMINEES = 500
"""Of the applications that are opened for one page together: more would take seconds to review after each change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCard:
    """One application. ``which`` tells it from others of the same name on the page, "" where there are none.

    ``tasks`` is None where the application is not opened for the page, since it has too many nominees.
    """

    row: ApplicationRow
    which: str
    tasks: TaskList | None
    address: str

    @property
    def name(self) -> str:
        """Return its name, with what tells it from another of that name."""
        return f"{self.row.name}, {self.which}" if self.which else self.row.name


def make_cards(rows: Sequence[ApplicationRow]) -> list[ApplicationCard]:
    """Return the cards of the applications of one page; the number of queries is the same for any number of them."""
    leave_lists_out()
    opened = applications.open_several(db(), agency_id(), [row.public_id for row in _few_enough(rows)])
    exports = last_exports(db(), opened.values())
    which = _tell_apart(rows)
    return [
        ApplicationCard(
            row=row,
            which=words,
            tasks=_tasks(opened[row.public_id], exports) if row.public_id in opened else None,
            address=url_for("wizard.hub", application_id=row.public_id),
        )
        for row, words in zip(rows, which, strict=True)
    ]


def _few_enough(rows: Iterable[ApplicationRow]) -> list[ApplicationRow]:
    """Return the applications that can be opened for one page, as far down the page as their nominees allow."""
    to_open, people = [], 0
    for row in rows:
        if people + row.nominee_count <= MOST_NOMINEES:
            people += row.nominee_count
            to_open.append(row)
    return to_open


def _tasks(application: Application, exports: dict[int, ExportRow]) -> TaskList:
    export = exports.get(application.id)
    if export is None:
        return task_list(application, is_changed=None)
    plan = application_state.plan_of(application)
    return task_list(application, is_changed=bool(changed_since(export, plan, version=application.version)))


def _tell_apart(rows: Sequence[ApplicationRow]) -> list[str]:
    """Return for each application what tells it from others of its name: when it was started, else its reference."""
    names = [row.name.casefold() for row in rows]
    starts = [(name, moment(row.created_at)) for name, row in zip(names, rows, strict=True)]
    of_name, of_start = Counter(names), Counter(starts)
    return [
        ""
        if of_name[name] == 1
        else f"started {start[1]}"
        if of_start[start] == 1
        else f"reference {reference_of(row.public_id)}"
        for name, start, row in zip(names, starts, rows, strict=True)
    ]
