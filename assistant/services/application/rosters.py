"""A roster on its way into an application: kept sealed while a person looks at it, taken over once, then gone.

Hidden fields of a page would have to carry thousands of names through every request, and an address or a cookie
must carry none; so the sheet waits in the database, without what is never kept, for a day at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm.exc import StaleDataError

from assistant.errors import NotFoundError, StaleError
from assistant.program.states_and_counties import fold
from assistant.roster import annotate_sheet, dump_sheet, load_sheet, open_roster, read_sheet
from assistant.services.application.nominees import add_nominees
from assistant.services.application.saving import LOCAL
from assistant.services.application.saving import lock as lock_application
from assistant.storage.roster_tables import RosterDraft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.answers import Model, Nominee
    from assistant.roster import Roster
    from assistant.storage.tables import Application

STORED_FOR = timedelta(days=1)
CHANGED_AT = "changed_at"
"""The key beside the columns in ``chosen`` that says when somebody chose them."""
CHANGED = "Someone else changed the columns of this roster while you were looking at it. Look again."
ROSTER_EXPIRED = "This roster is no longer stored. Choose it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A nominee of the roster who is on the application's list already: where in the sheet, and by what."""

    row: int
    nominee: Nominee
    shared: str


def keep(session: Session, application: Application, data: bytes, *, now: datetime) -> RosterDraft:
    """Keep a roster for a look; what waited longer than a day goes, whoever's it was. The database is asked last.

    Raises:
        SpreadsheetError: the file cannot be read, or names no people.
        NotFoundError: the application has been deleted in the meantime.
    """
    opened = open_roster(data)
    read_sheet(opened)
    sheet = dump_sheet(opened)
    lock_application(session, application)
    forget_old(session, now=now)
    draft = RosterDraft(public_id=uuid4(), application_id=application.id, made_at=now, chosen={}, added=None)
    with session.no_autoflush:
        session.add(draft)
        draft.sheet = sheet
    session.flush()
    return draft


def find(session: Session, application: Application, public_id: UUID, *, lock: bool = False) -> RosterDraft:
    """Return a roster of this application; ``lock`` keeps a second click waiting until the first is done.

    Raises:
        NotFoundError: there is none of that id, or it waited too long.
    """
    statement = select(RosterDraft).where(
        RosterDraft.public_id == public_id, RosterDraft.application_id == application.id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    draft = session.scalars(statement).one_or_none()
    if draft is None:
        raise NotFoundError(ROSTER_EXPIRED)
    return draft


def read(draft: RosterDraft) -> Roster:
    """Return the nominees in a kept roster, with its columns as a person corrected them.

    Raises:
        SpreadsheetError: no column is taken for the name.
    """
    return read_sheet(load_sheet(draft.sheet), _choices_by_index(draft.chosen))


def choose(
    session: Session, draft: RosterDraft, choices: Mapping[int, str | None], *, now: datetime | None = None
) -> Roster:
    """Keep what columns are to be taken for, and when that was said; return the nominees read so.

    Raises:
        SpreadsheetError: no column would be removed for the name; then nothing is kept.
        StaleError: somebody else has changed the columns since the draft was read.
        NotFoundError: it has been let go of in the meantime.
    """
    roster = read_sheet(load_sheet(draft.sheet), choices)
    before = draft.chosen
    statement = select(RosterDraft).where(RosterDraft.id == draft.id).with_for_update()
    if session.scalars(statement.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotFoundError(ROSTER_EXPIRED)
    if draft.chosen != before or draft.added is not None:
        raise StaleError(CHANGED)
    said_at = {CHANGED_AT: now.isoformat()} if now else {}
    draft.chosen = {str(index): answer for index, answer in choices.items()} | said_at
    try:
        session.flush()
    except StaleDataError:
        raise NotFoundError(ROSTER_EXPIRED) from None
    return roster


def changed_at(draft: RosterDraft) -> datetime | None:
    """Return when somebody chose the columns of a roster, None where nobody did."""
    text = draft.chosen.get(CHANGED_AT)
    return datetime.fromisoformat(text) if text else None


def marked_copy(draft: RosterDraft) -> bytes:
    """Return the roster as XLSX with what to do beside each row that needs it."""
    return annotate_sheet(load_sheet(draft.sheet).sheet, read(draft))


def twins(application: Application, roster: Roster) -> list[Twin]:
    """Return the nominees who seem to be on the application's list already, by badge number, else by name."""
    nominees = application.answers.nominees
    badges = {fold(nominee.badge_number) for nominee in nominees if nominee.badge_number}
    names = {fold(nominee.full_name): nominee for nominee in nominees if nominee.full_name}
    return list(_twins(roster, badges, names))


def _twins(roster: Roster, badges: set[str], names: Mapping[str, Nominee]) -> Iterator[Twin]:
    for person in roster.ready:
        row, nominee = person.row, person.nominee
        if nominee.badge_number and fold(nominee.badge_number) in badges:
            yield Twin(row=row, nominee=nominee, shared="badge number")
            continue
        same = names.get(fold(nominee.full_name or ""))
        # Two people may share a name; two badge numbers tell them apart.
        if same is not None and not (same.badge_number and nominee.badge_number):
            yield Twin(row=row, nominee=nominee, shared="name")


def take_over(
    session: Session,
    application: Application,
    draft: RosterDraft,
    *,
    models: Sequence[Model],
    twins_too: bool,
    now: datetime,
    who: str = LOCAL,
) -> int:
    """Add the good rows as nominees, as one change, and let the sheet go; return how many (again: as before).

    ``models`` are for the rows that name none. Without ``twins_too``, who is on the list already is left out.
    The sheet is read before the database is asked, and once more where somebody has changed anything since.

    Raises:
        AnswersError: the list would be too long.
        StaleError: somebody else has changed the columns since the draft was read.
        NotFoundError: the roster or the application is gone in the meantime.
    """
    if draft.added is not None:
        return draft.added
    state_before = (draft.chosen, application.version)
    fresh = _fresh(application, read(draft), models, twins_too=twins_too)
    lock_application(session, application)
    draft = find(session, application, draft.public_id, lock=True)
    if draft.added is not None:
        return draft.added
    if draft.chosen != state_before[0]:
        raise StaleError(CHANGED)  # nobody may add rows that nobody has seen
    if application.version != state_before[1]:
        fresh = _fresh(application, read(draft), models, twins_too=twins_too)
    if fresh:
        add_nominees(session, application, fresh, now=now, who=who)
    draft.added, draft.sheet, draft.chosen = len(fresh), "", {}
    session.flush()
    return len(fresh)


def _fresh(application: Application, roster: Roster, models: Sequence[Model], *, twins_too: bool) -> list[Nominee]:
    left_out = set() if twins_too else {twin.row for twin in twins(application, roster)}
    return [
        person.nominee if person.nominee.models else replace(person.nominee, models=tuple(models))
        for person in roster.ready
        if person.row not in left_out
    ]


def drop(session: Session, application: Application) -> None:
    """Let go of every roster that waits for this application."""
    session.execute(delete(RosterDraft).where(RosterDraft.application_id == application.id))


def drop_draft(session: Session, draft: RosterDraft) -> None:
    """Let go of one roster; another one that waits for the same application stays."""
    session.execute(delete(RosterDraft).where(RosterDraft.id == draft.id))


def forget_old(session: Session, *, now: datetime) -> None:
    """Let go of rosters that waited longer than a day."""
    session.execute(delete(RosterDraft).where(RosterDraft.made_at <= now - STORED_FOR))


def _choices_by_index(stored_choices: Mapping[str, str | None]) -> dict[int, str | None]:
    return {int(index): answer for index, answer in stored_choices.items() if index != CHANGED_AT}
