"""What a job is given: the order, which may stand in a queue, and the tools of the process that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session, sessionmaker


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """What is to be done: the name of its kind, for which agency, about what, and who asked, as the history names them.

    ``subject`` is a public id; of what, the kind says.
    """

    kind: str
    agency_id: int
    subject: UUID
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """How many pages of a copy were compared; ``pages`` is 0 while it is being matched."""

    compared: int
    pages: int


def _note_nothing(_: UUID, __: JobProgress | None) -> None:
    """Take no note of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTools:
    """What a job works with. ``note`` takes how far a piece of it is by its public id, None when that is at an end."""

    writer: sessionmaker[Session]
    reader: sessionmaker[Session]
    clock: Callable[[], datetime]
    log: Any
    note: Callable[[UUID, JobProgress | None], None] = _note_nothing

    def report(self, event: str, error: BaseException, **ids: str | int) -> None:
        """Write an event with the kind of an error alone: its message may quote what stands in a file."""
        self.log.error(event, kind=type(error).__name__, **ids)
