"""Hand a part of an application to a colleague, open one as an application of its own, take it back. Never commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from assistant.answers.plain_values import plain
from assistant.errors import InputError, NotFoundError
from assistant.services.application import applications
from assistant.services.application.changes import NOMINEES
from assistant.services.application.earlier import find_earlier_version
from assistant.services.application.history import record
from assistant.services.application.part_merge import PartMerge, apply_mine, merge_part
from assistant.services.application.parts import (
    PARTS,
    WHOLE,
    HandedPart,
    PartState,
    answers_of,
    context_of,
    dump_part,
    holds_wording,
    load_part,
    state_of,
)
from assistant.services.application.practice import refuse_practice
from assistant.services.application.saving import ChangedSinceError, lock, store
from assistant.storage.sealed_file import open_with_code, seal_with_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.services.application.changes import Change
    from assistant.storage.tables import Application

PART, PART_OF = "part", "part_of"
"""Kept in ``progress`` of an application that was opened from a file: which part it is, and of which application."""
FIRST_VERSION = 1
"""The version at which an application that was opened from a file holds what was in the file."""
MADE_HERE = "This is a file that was made here. Give it to your colleague, who opens it and sends another file back."
NOT_HERE = "The application that this file belongs to is not here. Open the file where the part was handed over."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What taking a part back has changed, and what is to be chosen."""

    application: Application
    title: str
    changes: tuple[Change, ...]
    merge: PartMerge


def received_part(application: Application) -> str | None:
    """Return which part an application is that was opened from a colleague's file; None for any other."""
    part = application.progress.get(PART)
    return part if part in PARTS else None


def offered_parts(application: Application) -> list[str]:
    """Return the parts that can be handed to a colleague: all, or the one that the application is itself."""
    part = received_part(application)
    return [part] if part is not None and part != WHOLE else list(PARTS)


def hand_over(session: Session, application: Application, part: str, code: str, *, now: datetime) -> bytes:
    """Return a sealed file with a part, and note in the history that it was handed over.

    Raises:
        InputError: there is no such part, the code is none, or the part is too large.
    """
    refuse_practice(application)
    if part not in offered_parts(application):
        raise InputError("Choose what to hand over.")
    state = state_of(part, application.answers, application.nominee_ids)
    handed = HandedPart(
        part=part,
        origin=application.public_id.hex,
        returned=False,
        context=context_of(application.answers),
        base=state,
        mine=state,
    )
    data = seal_with_code(dump_part(handed), code)
    lock(session, application)
    record(session, application, "handed over", section=part, now=now, facts={PART: part})
    session.flush()
    return data


def send_back(session: Session, application: Application, code: str, *, now: datetime) -> bytes:
    """Return a sealed file with the part that an application was opened from, for where it came from.

    Raises:
        InputError: it was opened from no file, the code is none, or the part is too large.
    """
    refuse_practice(application)
    part = received_part(application)
    if part is None:
        raise InputError("This application was not opened from a colleague’s file.")
    handed = HandedPart(
        part=part,
        origin=application.progress[PART_OF],
        returned=True,
        context=context_of(application.answers),
        base=_first_state(session, application, part),
        mine=state_of(part, application.answers, application.nominee_ids),
    )
    data = seal_with_code(dump_part(handed), code)
    lock(session, application)
    record(session, application, "sent back", section=part, now=now, facts={PART: part})
    session.flush()
    return data


def open_file(session: Session, agency_id: int, data: bytes, code: str, *, now: datetime) -> Application | TakenBack:
    """Open a colleague's file: a new application that holds the part, or the application it comes back to, merged.

    Raises:
        InputError: the file cannot be opened or used; nothing is changed then.
        AnswersError: a value cannot be saved; nothing is changed then.
    """
    handed = load_part(open_with_code(data, code))
    try:
        origin = applications.get(session, agency_id, UUID(handed.origin))
    except NotFoundError:
        origin = None
    if origin is None and handed.returned:
        raise InputError(NOT_HERE)
    if origin is None:
        return _receive(session, agency_id, handed, now=now)
    if not handed.returned:
        raise InputError(MADE_HERE)
    lock(session, origin)
    merge = merge_part(handed, origin.answers, origin.nominee_ids)
    changes = store(
        session,
        origin,
        merge.answers,
        merge.ids,
        conflicts=lambda _: (),
        section=handed.part,
        act="taken back",
        now=now,
    )
    return TakenBack(application=origin, title=handed.title, changes=changes, merge=merge)


def settle(
    session: Session,
    application: Application,
    chosen_values: Mapping[str, Any],
    *,
    version: int,
    now: datetime,
) -> tuple[Change, ...]:
    """Store the answers of a part that a person has chosen, by the keys of their conflicts.

    Raises:
        ChangedSinceError: somebody has saved since ``version``.
        AnswersError: a value cannot be saved.
    """
    lock(session, application)
    if application.version != version:
        raise ChangedSinceError(application.answers, application.version, tuple(chosen_values))
    answers, ids = apply_mine(application.answers, application.nominee_ids, chosen_values)
    return store(session, application, answers, ids, conflicts=lambda _: (), section="", act="taken back", now=now)


def _receive(session: Session, agency_id: int, handed: HandedPart, *, now: datetime) -> Application:
    answers, ids = answers_of(handed)
    application = applications.create(
        session, agency_id, now=now, answers=answers, act="opened from a file", nominee_ids=ids
    )
    title = {} if handed.part == WHOLE else {applications.PART_TITLE: handed.title}
    application.progress = {PART: handed.part, PART_OF: handed.origin, **title}
    session.flush()
    return application


def _first_state(session: Session, application: Application, part: str) -> PartState:
    """Return the answers of a part as they came; what a purge has erased is missing."""
    first = find_earlier_version(session, application, FIRST_VERSION)
    wordings = first.wordings()
    people = {}
    if PARTS[part].has_nominees:
        changed_ids = [path.partition(".")[2] for path in first.before if path.startswith(f"{NOMINEES}.")]
        for short_id in dict.fromkeys((*application.nominee_ids, *changed_ids)):
            if (nominee := first.nominee(short_id)) is not None:
                people[short_id] = plain(nominee)
    return PartState(
        values={path: plain(value) for path, value in first.values(PARTS[part].paths).items()},
        wordings={path: text for path, text in (wordings or {}).items() if holds_wording(part, path)},
        people=people,
    )
