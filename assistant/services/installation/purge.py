"""Retention: nominee data past its time is taken out of answers, history and exports; hashes stay.

The ZIP of an export names the nominees on many pages, so a purge removes it whole; its hash, size and time stay. The
ZIP of an export without nominees stays. Of messages, who wrote to whom and when stays, of comments and decisions
who made them and when; signed copies name no nominee.

What comes after a purge is purged in its turn: nominees, comments or exports that somebody adds later.

After the commit, ``db.erase_leftovers`` clears what the database still holds of it in its files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, not_, or_, select

from assistant.answers import Nominee, dump, parse
from assistant.services.application import page_drafts
from assistant.services.application.changes import NOMINEES, without_nominees
from assistant.services.application.erase_discussion import erase_discussion
from assistant.services.application.erase_files import erase_message_texts
from assistant.services.application.history import erase_nominees, record
from assistant.services.application.rosters import drop, forget_old
from assistant.services.application.saving import lock, set_answers
from assistant.services.scope import of_agency
from assistant.storage.tables import KEYRING, Application, ExportRow, HistoryRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session
    from sqlalchemy.sql.elements import SQLCoreOperations

    from assistant.answers import Answers
    from assistant.rules.registry import ReviewDocument

CLOCK_SLACK = timedelta(days=1)
"""How far clocks of one installation may differ; what lies further in the future was saved under a wrong one."""
PURGED = "nominees purged"
"""The act in the history."""
ERASED = "Erased with the nominee data."


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """An application whose nominee data was, or on a dry run would be, taken out.

    ``bundles`` is how many exported ZIPs were, or would be, removed with it.
    """

    public_id: UUID
    nominees: int
    updated_at: datetime
    bundles: int = 0

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "id": str(self.public_id),
            "nominees": self.nominees,
            "updated_at": self.updated_at.isoformat(),
            "bundles": self.bundles,
        }


def purge(
    session: Session,
    agency_id: int | None,
    *,
    older_than: timedelta,
    now: datetime,
    dry_run: bool = False,
) -> list[Purged]:
    """Take out the nominee data of applications unchanged for so long; return them, oldest first.

    ``agency_id`` None stands for all agencies: for the command of whoever runs this installation, never for a page.
    Where an application was saved under a clock that ran ahead, its age counts from the first purge that noticed it.
    One that was purged before is due again where something happened to it since: so long after its answers were
    saved, or after the last act of any kind, such as a comment or an export.
    """
    if not dry_run:
        _notice_future(session, agency_id, now=now)
        forget_old(session, now=now)
        page_drafts.forget_old(session, now=now)
    statement = select(Application) if agency_id is None else of_agency(select(Application), agency_id)
    limit = now - older_than
    due = statement.where(
        _is_past(Application.updated_at, limit, now=now),
        Application.deleted_at.is_(None),
        or_(Application.nominees_purged_at.is_(None), _is_due_again(limit, now=now)),
    ).order_by(Application.updated_at)
    return [
        _purge_row(application, exports=_exports_with_nominees(session, application))
        if dry_run
        else purge_application(session, application, now=now)
        for application in session.scalars(due).all()
    ]


def _is_past(moment: SQLCoreOperations[datetime], limit: datetime, *, now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether a moment is past its time, or in a future that was noticed so long ago."""
    return or_(moment <= limit, and_(moment > now + CLOCK_SLACK, Application.future_noticed_at <= limit))


def _is_due_again(limit: datetime, *, now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether something happened since the last purge of an application, and is past its time.

    Comments, exports, requests and messages do not move ``updated_at``; but whatever adds one adds to the history.
    """
    purges = select(func.max(HistoryRow.at)).where(
        HistoryRow.application_id == Application.id, HistoryRow.act == PURGED
    )
    last_purge = purges.correlate(Application).scalar_subquery()
    return and_(
        _last(HistoryRow.act) != PURGED,
        last_purge <= limit,
        or_(
            and_(Application.updated_at > last_purge, Application.updated_at <= limit),
            _is_past(_last(HistoryRow.at), limit, now=now),
        ),
    )


def _last(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """Return what the last line of an application's history has in a column, in SQL."""
    line = select(column).where(
        HistoryRow.application_id == Application.id, HistoryRow.number == Application.history_count
    )
    return line.correlate(Application).scalar_subquery()


def _notice_future(session: Session, agency_id: int | None, *, now: datetime) -> None:
    """Note on every application whose last change lies in the future that it was noticed now; forget what no longer is.

    Of one that was purged before, the last act of any kind counts too. The moment of the change itself stays as it
    was: it may be this clock that is wrong.
    """
    statement = select(Application) if agency_id is None else of_agency(select(Application), agency_id)
    is_ahead = or_(
        Application.updated_at > now + CLOCK_SLACK,
        and_(Application.nominees_purged_at.is_not(None), _last(HistoryRow.at) > now + CLOCK_SLACK),
    )
    changed = or_(
        and_(is_ahead, Application.future_noticed_at.is_(None)),
        and_(not_(is_ahead), Application.future_noticed_at.is_not(None)),
    )
    for application in session.scalars(statement.where(changed)):
        application.future_noticed_at = now if application.future_noticed_at is None else None
    session.flush()


def purge_application(session: Session, application: Application, *, now: datetime) -> Purged:
    """Take out the nominee data of one application, now; its age stays what it was.

    Nominees leave the answers. In the history, lines about them say nothing more; in the exports as many empty
    nominees stand in their place, and the ZIPs that name nominees are removed. Digests, the chain and the hashes of
    bundles stay as they were.

    Raises:
        NotFoundError: it has been deleted in the meantime.
    """
    lock(session, application)
    exports = _exports_with_nominees(session, application)
    purged = _purge_row(application, exports=exports)
    set_answers(application, without_nominees(application.answers), [])
    application.version += 1
    if application.nominees_purged_at is None or purged.nominees:
        application.nominees_purged_at = now  # pages say by it that nominees were taken out, not a comment alone
    erase_nominees(session, application, now=now)
    drop(session, application)
    page_drafts.drop_drafts(session, application)
    erase_message_texts(session, application)
    erase_discussion(session, application, now=now)
    for export, _ in exports:
        _blank_export(export, now=now)
    record(session, application, PURGED, section=NOMINEES, now=now)
    session.info[KEYRING].forget()
    session.flush()
    return purged


def _purge_row(application: Application, *, exports: Sequence[tuple[ExportRow, bool]]) -> Purged:
    return Purged(
        public_id=application.public_id,
        nominees=application.nominee_count,
        updated_at=application.updated_at,
        bundles=sum(has_zip for _, has_zip in exports),
    )


def _exports_with_nominees(session: Session, application: Application) -> list[tuple[ExportRow, bool]]:
    """Return the exports that still name nominees, each with whether its ZIP is stored; no ZIP is read for it."""
    rows = session.execute(
        select(ExportRow, ExportRow.bundle_sealed.is_not(None)).where(
            ExportRow.application_id == application.id, ExportRow.purged_at.is_(None)
        )
    )
    return [(export, has_zip) for export, has_zip in rows if parse(export.answers).nominees]


def _blank_export(export: ExportRow, *, now: datetime) -> None:
    answers = parse(export.answers, any_text=True)
    review: ReviewDocument = json.loads(export.review)
    nominee_words = _words_about(answers)
    for finding in review["findings"]:
        if finding["where"].startswith(NOMINEES) or any(word in finding["message"] for word in nominee_words):
            finding["message"] = ERASED
    blanked = tuple(Nominee() for _ in answers.nominees)
    export.answers = dump(replace(without_nominees(answers), nominees=blanked))
    export.review = json.dumps(review, ensure_ascii=False)
    export.bundle = None
    export.purged_at = now


def _words_about(answers: Answers) -> set[str]:
    """Return the names and badge numbers by which a finding may speak of a nominee."""
    return {word for nominee in answers.nominees for word in (nominee.full_name, nominee.badge_number) if word}
