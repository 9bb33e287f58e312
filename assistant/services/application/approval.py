"""Review and approval: somebody asks for a review, somebody approves or declines exactly what would print.

An approval is bound to a hash over the answers and the forms chosen for them. Whether it still holds is worked out by
comparing that hash with the one of the application as it is now; nothing remembers it, so nothing can forget to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import UUID, uuid4

from sqlalchemy import select

from assistant.answers import to_document
from assistant.editions.catalog import LETTER
from assistant.errors import BlockedError, InputError, StaleError
from assistant.program.imported_facts import imports_sha256
from assistant.services.application.applications import EDITIONS, begin
from assistant.services.application.changes import values_of
from assistant.services.application.comments import read_text
from assistant.services.application.earlier import find_earlier_version
from assistant.services.application.history import record
from assistant.services.application.locks import SECTION, add_lock, end_lock
from assistant.services.application.plan import plan_application
from assistant.services.application.practice import refuse_practice
from assistant.services.application.review import review_plan
from assistant.services.application.saving import lock
from assistant.storage.approval_tables import DecisionRow, ReviewRequestRow
from assistant.storage.tables import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from assistant.editions.library import FormLibrary
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import Application

FORMAT = "approved-state/2"
Kind = Literal["approved", "declined"]


class StateChangedError(StaleError):
    """The application is no longer what the person had before them when they decided."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This application was changed while you were reading. Nothing was recorded.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An approval, or a refusal with its reason, opened; ``sha256`` is the hash of what was decided on.

    ``name`` is what the person was called then. ``reason`` is "" for an approval, and where a purge has erased it.
    """

    public_id: UUID
    kind: Kind
    who: str
    name: str
    at: datetime
    sha256: str
    version: int
    forms: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A request for a review, opened; it is open while ``closed_at`` is None. ``who``, ``closed_by``: public ids."""

    public_id: UUID
    who: str
    at: datetime
    note: str
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalState:
    """What the last decision says of an application as it is now.

    ``sha256`` is the hash of what would print now. ``decision`` is the last one, None where nobody has decided.
    """

    sha256: str
    decision: Decision | None

    @property
    def is_current(self) -> bool:
        """Say whether the last decision was about exactly what would print now."""
        return self.decision is not None and self.decision.sha256 == self.sha256

    @property
    def is_approved(self) -> bool:
        """Say whether exactly what would print now is approved."""
        return self.is_current and self.decision is not None and self.decision.kind == "approved"


def hash_state(plan: ApplicationPlan) -> str:
    """Return the SHA-256 over all that prints: the answers, each form's edition, map and blank, and imported facts.

    What an application is pinned to counts only by the edition that follows from it, so that an export, which pins an
    application to the editions that it uses anyway, does not undo an approval.
    """
    answers = replace(plan.answers, editions=MappingProxyType({}))
    state = {
        "format": FORMAT,
        "answers": to_document(answers),
        "forms": forms_of(plan),
        "imported_facts": imports_sha256(),
    }
    text = json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def forms_of(plan: ApplicationPlan) -> dict[str, Any]:
    """Return ``{name: {"edition": name, "sha256": hash of the blank form or null, "map": fingerprint or null}}``.

    ``map`` tells an edition from the one of the same name whose map puts an answer elsewhere.
    """
    plans: dict[str, Any] = dict(plan.agreements) | ({LETTER: plan.letter} if plan.letter else {})
    forms = {name: one.form for name, one in plans.items()}
    in_use = {
        name: {"edition": form.edition.name, "sha256": form.sha256, "map": form.edition.fingerprint.hex()}
        for name, form in forms.items()
    }
    missing = {
        str(model): {"edition": pin, "sha256": None, "map": None} for model, pin in plan.missing_editions.items()
    }  # fmt: skip
    return {**in_use, **missing}


def ask_for_review(session: Session, application: Application, note: str, *, now: datetime) -> bool:
    """Ask for a review; False where one is asked for already.

    Raises:
        InputError: the note is too long.
        PracticeError: the application is for practice.
    """
    note = read_text(note, what="the note")
    lock(session, application)
    refuse_practice(application)
    if open_request(session, application) is not None:
        return False
    row = ReviewRequestRow(public_id=uuid4(), application_id=application.id, who=actor_of(session), at=now)
    session.add(row)
    with session.no_autoflush:
        row.note = note
    record(session, application, "review asked", section=SECTION, now=now, facts={"request": row.public_id.hex})
    session.flush()
    return True


def finish_review(session: Session, application: Application, *, now: datetime) -> bool:
    """Say that the review that was asked for is finished; False where none is open."""
    lock(session, application)
    row = _open_row(session, application)
    if row is None:
        return False
    row.closed_by, row.closed_at = actor_of(session), now
    record(session, application, "review finished", section=SECTION, now=now, facts={"request": row.public_id.hex})
    session.flush()
    return True


def open_request(session: Session, application: Application) -> ReviewRequest | None:
    """Return the request for a review that is open; None where there is none."""
    row = _open_row(session, application)
    return None if row is None else _describe_request(row)


def last_request(session: Session, application: Application) -> ReviewRequest | None:
    """Return the last request for a review, open or not."""
    statement = select(ReviewRequestRow).where(ReviewRequestRow.application_id == application.id)
    row = session.scalars(statement.order_by(ReviewRequestRow.id.desc()).limit(1)).one_or_none()
    return None if row is None else _describe_request(row)


def lock_application(session: Session, application: Application, library: FormLibrary, *, now: datetime) -> bool:
    """Lock an application for changes; False where it is locked already.

    It is pinned to its editions first: an export would do that, and must change nothing while the lock stands.

    Raises:
        PracticeError: it is for practice.
    """
    lock(session, application)
    refuse_practice(application)
    begin(session, application, library, now=now)
    return add_lock(session, application, now=now)


def unlock_application(session: Session, application: Application, *, now: datetime) -> bool:
    """Let an application be changed again; False where it is not locked."""
    lock(session, application)
    return end_lock(session, application, now=now)


def approve(
    session: Session,
    application: Application,
    library: FormLibrary,
    *,
    sha256: str,
    name: str,
    now: datetime,
    today: date,
) -> Decision:
    """Approve exactly what the person read, whose hash is ``sha256``; approving it twice makes one approval.

    ``name`` is what the person is called. The application is pinned to its editions first, so that a newer form does
    not take the place of the one that was read.

    Raises:
        StateChangedError: it is something else by now.
        BlockedError: a blocker stands, so nothing can be exported.
        PracticeError: the application is for practice.
    """
    lock(session, application)
    refuse_practice(application)
    begin(session, application, library, now=now)
    plan = plan_application(application.answers, library)
    state = state_of(session, application, plan)
    if state.sha256 != sha256:
        raise StateChangedError
    if not review_plan(plan, today=today).ready:
        raise BlockedError("Something has to be fixed before this can be approved. See what is still open.")
    if state.is_approved and state.decision is not None and state.decision.who == actor_of(session):
        return state.decision
    return _decide(session, application, plan, "approved", sha256=sha256, name=name, reason="", now=now)


def decline(
    session: Session,
    application: Application,
    library: FormLibrary,
    *,
    sha256: str,
    name: str,
    reason: str,
    now: datetime,
) -> Decision:
    """Decline exactly what the person read, with the reason.

    Raises:
        InputError: there is no reason, or it is too long.
        StateChangedError: the application is something else by now.
        PracticeError: it is for practice.
    """
    reason = read_text(reason, what="the reason")
    if not reason:
        raise InputError("Enter the reason, so that the preparer knows what to change.")
    lock(session, application)
    refuse_practice(application)
    plan = plan_application(application.answers, library)
    if hash_state(plan) != sha256:
        raise StateChangedError
    return _decide(session, application, plan, "declined", sha256=sha256, name=name, reason=reason, now=now)


def decisions_on(session: Session, application: Application) -> list[Decision]:
    """Return the decisions on an application, newest first."""
    statement = select(DecisionRow).where(DecisionRow.application_id == application.id).order_by(DecisionRow.id.desc())
    return [_describe_decision(row) for row in session.scalars(statement)]


def state_of(session: Session, application: Application, plan: ApplicationPlan) -> ApprovalState:
    """Return what the last decision says of an application; ``plan`` is that of its answers now."""
    statement = select(DecisionRow).where(DecisionRow.application_id == application.id)
    row = session.scalars(statement.order_by(DecisionRow.id.desc()).limit(1)).one_or_none()
    return ApprovalState(sha256=hash_state(plan), decision=None if row is None else _describe_decision(row))


def changed_paths(session: Session, application: Application, version: int) -> tuple[str, ...]:
    """Return the paths of the answers that are not what they were at a version: dotted, and "nominees.<short id>".

    What was changed and changed back is not among them. Nominees whose data was purged are "nominees".
    """
    before = find_earlier_version(session, application, version).before
    now = values_of(application.answers, application.nominee_ids)
    paths = [
        path for path, value in before.items() if path != EDITIONS and now.get(path) != value
    ]  # fmt: skip
    return tuple(dict.fromkeys(paths))


def changed_forms(decision: Decision, plan: ApplicationPlan) -> tuple[str, ...]:
    """Return the names of the forms (models, or the letter's form id) that are another edition, file or map now."""
    now = forms_of(plan)
    names = dict.fromkeys((*decision.forms, *now))
    return tuple(name for name in names if decision.forms.get(name) != now.get(name))


def _decide(
    session: Session,
    application: Application,
    plan: ApplicationPlan,
    kind: Kind,
    *,
    sha256: str,
    name: str,
    reason: str,
    now: datetime,
) -> Decision:
    row = DecisionRow(
        public_id=uuid4(),
        application_id=application.id,
        kind=kind,
        who=actor_of(session),
        at=now,
        sha256=sha256,
        version=application.version,
        forms=forms_of(plan),
    )
    session.add(row)
    with session.no_autoflush:
        row.name, row.reason = name, reason
    facts: dict[str, object] = {"decision": row.public_id.hex, "sha256": sha256, "name": name}
    record(session, application, kind, section=SECTION, now=now, facts=facts)
    session.flush()
    return _describe_decision(row)


def _open_row(session: Session, application: Application) -> ReviewRequestRow | None:
    is_open = select(ReviewRequestRow).where(
        ReviewRequestRow.application_id == application.id, ReviewRequestRow.closed_at.is_(None)
    )
    return session.scalars(is_open.limit(1)).one_or_none()


def _describe_request(row: ReviewRequestRow) -> ReviewRequest:
    return ReviewRequest(
        public_id=row.public_id,
        who=row.who,
        at=row.at,
        note=row.note,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
    )


def _describe_decision(row: DecisionRow) -> Decision:
    return Decision(
        public_id=row.public_id,
        kind=cast("Kind", row.kind),
        who=row.who,
        name=row.name,
        at=row.at,
        sha256=row.sha256,
        version=row.version,
        forms=row.forms,
        reason=row.reason,
    )
