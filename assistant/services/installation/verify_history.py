"""Is the history of every application as it was written? Reads and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant.services.application.history import find_problems
from assistant.services.application.roll import find_roll_problems
from assistant.storage.tables import Application

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.services.application.history import HistoryProblem
    from assistant.services.application.roll import RollProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationHistory:
    """What was checked of one application, a deleted one too: how many lines there are, and what is wrong."""

    application: UUID
    lines: int
    problems: tuple[HistoryProblem, ...]

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        problems = [problem.to_document() for problem in self.problems]
        return {"application": str(self.application), "lines": self.lines, "problems": problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReport:
    """Every history of an installation, and what is wrong with the list of applications itself."""

    histories: tuple[ApplicationHistory, ...]
    problems: tuple[RollProblem, ...]

    @property
    def whole(self) -> bool:
        """Return whether nothing was changed, removed or added outside this program."""
        return not self.problems and not any(history.problems for history in self.histories)

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "whole": self.whole,
            "applications": [history.to_document() for history in self.histories],
            "problems": [problem.to_document() for problem in self.problems],
        }


def verify_history(session: Session) -> HistoryReport:
    """Return what is wrong with the histories of all agencies, one application in memory at a time."""
    histories = []
    for row_id in session.scalars(select(Application.id).order_by(Application.id)).all():
        application = session.get_one(Application, row_id)
        histories.append(
            ApplicationHistory(
                application=application.public_id,
                lines=application.history_count,
                problems=tuple(find_problems(session, application)),
            )
        )
        session.expunge_all()
    return HistoryReport(histories=tuple(histories), problems=tuple(find_roll_problems(session)))
