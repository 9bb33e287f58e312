"""The roll of applications: each that was ever created, in order, signed as a chain.

The chain of a history says whether its lines are as they were written. It cannot say that a whole application was
removed with its history: the roll can. How the roll ends is signed too, in the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from assistant.services.application.history import sign_end
from assistant.storage.tables import KEYRING, Application, RollRow, Setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

END = "application_roll"
"""The setting that holds how many rows the roll has, and a signature: ``<count>:<hex>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollProblem:
    """An application that was removed or added outside this program, or a row of the roll that was changed.

    ``kind`` is "changed", "removed" or "added".
    """

    application: UUID | None
    kind: str
    message: str

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        application = None if self.application is None else str(self.application)
        return {"application": application, "kind": self.kind, "message": self.message}


def enter(session: Session, application: Application) -> None:
    """Add a new application to the roll, in the transaction that creates it."""
    end = session.scalars(select(Setting).where(Setting.name == END).with_for_update()).one_or_none()
    if end is None:
        begin_roll(session)
        return
    last = session.scalars(select(RollRow).order_by(RollRow.number.desc()).limit(1)).one_or_none()
    is_whole = end.value == _end_value(session, last)
    row = _next_row(session, last, application.public_id)
    session.add(row)
    if is_whole:  # else somebody changed the roll, and a signature now would hide it
        end.value = _end_value(session, row)
    session.flush()


def begin_roll(session: Session) -> None:
    """Enter every application that is there, and sign how each history ends, where the database has no roll yet.

    A database of an earlier version has none; this happens once, when it is first opened with its keys.
    """
    if session.get(Setting, END) is not None:
        return
    last: RollRow | None = None
    for application in session.scalars(select(Application).order_by(Application.id)):
        if application.history_seal is None:
            sign_end(application)
        last = _next_row(session, last, application.public_id)
        session.add(last)
    session.add(Setting(name=END, value=_end_value(session, last)))
    session.flush()


def find_roll_problems(session: Session) -> list[RollProblem]:
    """Return which applications were removed or added outside this program."""
    rows = session.scalars(select(RollRow).order_by(RollRow.number)).all()
    present = set(session.scalars(select(Application.public_id)))
    problems = _chain_problems(session, rows)
    entered = {row.public_id for row in rows}
    problems += [
        RollProblem(application=row.public_id, kind="removed", message="The application was removed with its history.")
        for row in rows
        if row.public_id not in present
    ]
    problems += [
        RollProblem(application=public_id, kind="added", message="The application was added outside this program.")
        for public_id in sorted(present - entered, key=str)
    ]
    return problems


def count_roll(session: Session) -> int:
    """Return how many applications were ever created."""
    return session.scalar(select(func.count()).select_from(RollRow)) or 0


def _chain_problems(session: Session, rows: Sequence[RollRow]) -> list[RollProblem]:
    problems: list[RollProblem] = []
    last: RollRow | None = None
    for row in rows:
        number = last.number + 1 if last else 1
        if row.number != number:
            message = f"Row {number} of the list of applications is missing."
            problems.append(RollProblem(application=None, kind="removed", message=message))
        elif row.chain != _chain(session, row.number, row.public_id, last):
            message = f"Row {number} of the list of applications was altered."
            problems.append(RollProblem(application=row.public_id, kind="changed", message=message))
        last = row
    end = session.get(Setting, END)
    if not problems and (end is None or end.value != _end_value(session, last)):
        message = "The end of the list of applications was altered: rows may have been removed."
        problems.append(RollProblem(application=None, kind="removed", message=message))
    return problems


def _next_row(session: Session, last: RollRow | None, public_id: UUID) -> RollRow:
    number = last.number + 1 if last else 1
    return RollRow(number=number, public_id=public_id, chain=_chain(session, number, public_id, last))


def _chain(session: Session, number: int, public_id: UUID, last: RollRow | None) -> bytes:
    signature: bytes = session.info[KEYRING].sign(
        b"application roll", str(number).encode(), public_id.bytes, last.chain if last else b""
    )
    return signature


def _end_value(session: Session, last: RollRow | None) -> str:
    count = last.number if last else 0
    signature = session.info[KEYRING].sign(b"end of roll", str(count).encode(), last.chain if last else b"")
    return f"{count}:{signature.hex()}"
