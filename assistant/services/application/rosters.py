"""A roster on its way into an application: kept sealed while a person looks at it; what is added leaves it.

Hidden fields of a page would have to carry thousands of names through every request, and an address or a cookie
must carry none; so the sheet waits in the database, without what is never kept, for a day at most. Rows with a question
that were not added with the others wait on, until somebody adds or drops them, or the nominees are purged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm.exc import StaleDataError

from assistant.errors import NotFoundError, StaleError
from assistant.program.states_and_counties import fold
from assistant.roster import annotate_sheet
from assistant.services.application.nominees import add_nominees
from assistant.services.application.roster_work import (
    RosterWork,
    WaitingSheet,
    keep_rows,
    load_waiting,
    open_waiting,
    without_rows,
    without_unread_results,
)
from assistant.services.application.saving import lock as lock_application
from assistant.storage.roster_tables import RosterDraft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from assistant.answers import Model, Nominee
    from assistant.roster import Roster
    from assistant.storage.tables import Application

STORED_FOR = timedelta(days=1)
CHANGED_AT, VERSION, ROWS, QUESTIONS = "changed_at", "version", "rows", "questions"
"""The keys beside the columns in ``chosen``: when somebody changed the roster, how often it was changed, how many
people it names, and how many of them have a question: numbers alone, for pages that say that it waits."""
CHANGED = "Someone else changed this roster while you were looking at it. Look again."
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
    waiting = open_waiting(data)
    roster = waiting.read({})
    sheet = waiting.dump()
    lock_application(session, application)
    forget_old(session, now=now)
    draft = RosterDraft(
        public_id=uuid4(), application_id=application.id, made_at=now, chosen=_counts(roster), added=None
    )
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
    """Return the nominees in a kept roster, with its columns and cells as people corrected them, left-out rows not.

    Raises:
        SpreadsheetError: no column is taken for the name.
    """
    waiting = load_waiting(draft.sheet)
    return without_rows(waiting.read(column_choices(draft)), waiting.work.left_out_rows)


def read_all(draft: RosterDraft) -> tuple[Roster, WaitingSheet]:
    """Return a kept roster with the rows that people left out, and the sheet with what people did.

    Raises:
        SpreadsheetError: no column is taken for the name.
    """
    waiting = load_waiting(draft.sheet)
    return waiting.read(column_choices(draft)), waiting


def choose(
    session: Session,
    draft: RosterDraft,
    choices: Mapping[int, str | None],
    work: RosterWork | None = None,
    *,
    now: datetime | None = None,
) -> Roster:
    """Keep what columns are to be taken for and what people did to cells and rows; return the nominees read so.

    Raises:
        SpreadsheetError: no column would be left for the name; then nothing is kept.
        StaleError: somebody else has changed the roster since the draft was read.
        NotFoundError: it has been let go of in the meantime.
    """
    waiting = load_waiting(draft.sheet)
    if work is not None:
        waiting = replace(waiting, work=work)
    return _store(session, draft, waiting, choices, now=now)


def choose_sheet(session: Session, draft: RosterDraft, choice: str, *, now: datetime) -> Roster:
    """Read another sheet of the file, or all of them, from the beginning; return the nominees read so.

    Raises:
        NotFoundError: the file has no such sheet, or the roster has been let go of in the meantime.
        StaleError: somebody else has changed the roster since the draft was read.
    """
    try:
        waiting = load_waiting(draft.sheet).with_choice(choice)
    except KeyError:
        raise NotFoundError("The file has no such sheet. Choose one of those on the page.") from None
    return _store(session, draft, waiting, {}, now=now)


def _store(
    session: Session,
    draft: RosterDraft,
    waiting: WaitingSheet,
    choices: Mapping[int, str | None],
    *,
    now: datetime | None,
) -> Roster:
    roster = waiting.read(choices)
    to_store = without_unread_results(waiting, roster)
    if to_store != waiting:
        waiting, roster = to_store, to_store.read(choices)
    roster = without_rows(roster, waiting.work.left_out_rows)
    before = draft.chosen
    statement = select(RosterDraft).where(RosterDraft.id == draft.id).with_for_update()
    if session.scalars(statement.execution_options(populate_existing=True)).one_or_none() is None:
        raise NotFoundError(ROSTER_EXPIRED)
    if draft.chosen != before or not draft.sheet:
        raise StaleError(CHANGED)
    said_at = {CHANGED_AT: now.isoformat()} if now else {}
    columns = {str(index): answer for index, answer in choices.items()}
    draft.chosen = columns | said_at | _counts(roster) | {VERSION: version_of(draft) + 1}
    draft.sheet = waiting.dump()
    try:
        session.flush()
    except StaleDataError:
        raise NotFoundError(ROSTER_EXPIRED) from None
    return roster


def version_of(draft: RosterDraft) -> int:
    """Return how often a roster was changed or added from."""
    return int(draft.chosen.get(VERSION, 0))


def changed_at(draft: RosterDraft) -> datetime | None:
    """Return when somebody chose the columns of a roster, None where nobody did."""
    text = draft.chosen.get(CHANGED_AT)
    return datetime.fromisoformat(text) if text else None


def marked_copy(draft: RosterDraft) -> bytes:
    """Return the roster as XLSX with what to do beside each row that needs it."""
    return annotate_sheet(load_waiting(draft.sheet).opened.sheet, read(draft))


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
) -> int:
    """Add the good rows as nominees, as one change, and let them go from the sheet; return how many.

    Rows with a question stay and wait; without one the sheet goes. A roster of which nothing waits says how many
    were added before. ``models`` are for the rows that name none. Without ``twins_too``, who is on the list already is
    left out.
    The sheet is read before the database is asked, and once more where somebody has changed anything since.

    Raises:
        AnswersError: the list would be too long.
        StaleError: somebody else has changed the columns since the draft was read.
        NotFoundError: the roster or the application is gone in the meantime.
    """
    if not draft.sheet:
        return draft.added or 0
    state_before = (draft.chosen, application.version)
    roster = read(draft)
    if not roster.ready and draft.added is not None:
        return draft.added  # sent twice: those that could be added were
    fresh = _fresh(application, roster, models, twins_too=twins_too)
    lock_application(session, application)
    draft = find(session, application, draft.public_id, lock=True)
    if not draft.sheet:
        return draft.added or 0
    if draft.chosen != state_before[0]:
        raise StaleError(CHANGED)  # nobody may add rows that nobody has seen
    if application.version != state_before[1]:
        fresh = _fresh(application, roster, models, twins_too=twins_too)
    if fresh:
        add_nominees(session, application, fresh, now=now)
    _keep_waiting(draft, roster)
    draft.added = len(fresh)
    session.flush()
    return len(fresh)


def _keep_waiting(draft: RosterDraft, roster: Roster) -> None:
    """Leave in the sheet the rows with a question and those set aside; all of it goes where no row has a question."""
    rows = {person.row for person in roster.people if person.questions}
    if not rows:
        draft.sheet, draft.chosen = "", {}
        return
    # The cells of the other rows spoke for what the columns are; without them, what was decided stays.
    columns = {str(column.index): column.answer for column in roster.columns if not column.closed}
    counts = {ROWS: len(rows), QUESTIONS: len(rows), VERSION: version_of(draft) + 1}
    draft.sheet = keep_rows(load_waiting(draft.sheet), rows | {row.row for row in roster.set_aside}).dump()
    draft.chosen = columns | counts


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRoster:
    """A roster that waits for somebody: of how many people it says so, how many of them have a question.

    ``added`` is how many of its people were added last, None where nobody was; ``until`` when it goes by itself, None
    for rows that wait until somebody decides.
    """

    public_id: UUID
    rows: int
    questions: int
    added: int | None
    until: datetime | None


def waiting_rosters(session: Session, application: Application) -> list[WaitingRoster]:
    """Return the rosters that wait for an application, the oldest first, without opening one."""
    statement = select(RosterDraft).where(RosterDraft.application_id == application.id).order_by(RosterDraft.id)
    return [
        WaitingRoster(
            public_id=draft.public_id,
            rows=draft.chosen[ROWS],
            questions=draft.chosen[QUESTIONS],
            added=draft.added,
            until=None if draft.added is not None else draft.made_at + STORED_FOR,
        )
        for draft in session.scalars(statement)
        if draft.chosen.get(ROWS)
    ]


def _counts(roster: Roster) -> dict[str, Any]:
    return {ROWS: len(roster.people), QUESTIONS: len(roster.people) - len(roster.ready)}


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
    """Let go of rosters that waited longer than a day; rows left out when others were added wait on."""
    old = select(RosterDraft).where(RosterDraft.made_at <= now - STORED_FOR)
    for draft in session.scalars(old):
        if draft.added is None or not draft.chosen.get(ROWS):
            drop_draft(session, draft)


def column_choices(draft: RosterDraft) -> dict[int, str | None]:
    """Return what people took columns for, by index."""
    return {int(index): answer for index, answer in draft.chosen.items() if index.isdigit()}
