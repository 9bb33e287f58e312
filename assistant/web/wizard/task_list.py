"""The rows of the task list with their statuses: for its page, and for the card of an application on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.wizard import application_state, teamwork
from assistant.web.wizard.steps import STEPS, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.storage.tables import Application

NO_NOMINEES = "You may also nominate after ICE has signed."
OPEN_STATUSES = frozenset({"Not started", "In progress", "Out of date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One row of the task list."""

    slug: str
    title: str
    group: str
    status: str
    address: str
    note: str
    longest_seconds: int = 0
    """How many seconds its page can take to open; 0: too short to mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskList:
    """The rows of an application, one for each step."""

    rows: tuple[TaskRow, ...]

    @property
    def completed(self) -> int:
        """Return how many steps are completed."""
        return sum(row.status == "Completed" for row in self.rows)

    @property
    def total(self) -> int:
        """Return how many steps there are, without one that may stay empty and does."""
        return sum(row.status != application_state.OPTIONAL for row in self.rows)

    @property
    def next_row(self) -> TaskRow | None:
        """Return the first row that is open, or None."""
        return next((row for row in self.rows if row.status in OPEN_STATUSES), None)


def task_list(application: Application, *, is_changed: bool | None) -> TaskList:
    """Return the task list of an application.

    ``is_changed`` says whether anything changed since its last export that was no draft; None: there is no such export.
    """
    exported = "" if is_changed is None else "Out of date" if is_changed else "Completed"
    notes = teamwork.notes_by_step(application)
    return TaskList(rows=tuple(_task(application, step, exported=exported, notes=notes) for step in STEPS))


def _task(application: Application, step: Step, *, exported: str, notes: Mapping[str, str]) -> TaskRow:
    status = application_state.status_of(application, step, exported=exported)
    reason = step.needs(application.answers)
    is_ready_to_make = step.slug == "documents" and not reason
    return TaskRow(
        slug=step.slug,
        title=step.title,
        group=step.group,
        status=status,
        address="" if reason else application_state.address_of(application.public_id, step),
        note=reason or notes.get(step.slug, "") or (NO_NOMINEES if status == application_state.OPTIONAL else ""),
        longest_seconds=application_state.longest_seconds(application) if is_ready_to_make else 0,
    )
