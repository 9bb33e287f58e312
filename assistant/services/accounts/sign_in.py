"""Sign-in in two steps, and what the token in a browser's cookie stands for afterwards.

A try is counted before the password is looked at, so that many at once cannot pass the limit together. Five within
15 minutes lock the account until an administrator releases it. The counters are in the database, so that every process
sees them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, select, update

from assistant.services.accounts import one_time_codes
from assistant.services.accounts.people import agencies_of, email_digest, find_person
from assistant.services.accounts.roles import SignedInPerson
from assistant.services.accounts.setup_links import TOKEN_BYTES, token_digest
from assistant.storage.account_tables import MembershipRow, PersonRow, SignInRow, SignInTryRow
from assistant.storage.tables import AgencyRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
"""Well inside NIST SP 800-63B-4, 2.2.3 (an hour idle, a day in all); 30 minutes is what CJIS asks for."""
FOR_CODE = timedelta(minutes=10)
"""Time between the password and the code."""
MOST_TRIES, TRIES_WITHIN = 5, timedelta(minutes=15)
NOTED_EVERY = timedelta(seconds=20)
"""How old the note of the last use may get before it is written again, so that not every request writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordTry:
    """A try that was counted; ``password`` is the hash to compare with, "" where nothing would be right."""

    number: int
    person_id: int | None
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSignIn:
    """The sign-in of a token: whose it is, and until when. ``is_over`` where it was idle or open for too long."""

    public_id: UUID
    person: SignedInPerson
    agency_id: int | None
    last_used_at: datetime
    ends_at: datetime
    is_over: bool
    is_long_over: bool

    def left(self, now: datetime) -> timedelta:
        """Return how long it still lasts without use."""
        return max(timedelta(0), self.ends_at - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLine:
    """A sign-in in the list of a person's own."""

    public_id: UUID
    browser: str
    created_at: datetime
    last_used_at: datetime


def begin_try(session: Session, email: str, *, now: datetime) -> PasswordTry:
    """Count a try to sign in, before the password is looked at; the caller commits it."""
    person = find_person(session, email)
    if person is not None:
        person = session.scalars(select(PersonRow).where(PersonRow.id == person.id).with_for_update()).one()
    subject = person.email_digest if person else email_digest(session, email.strip().lower())
    number, earlier = _count_try(session, subject, now=now)
    refused = person is None or person.disabled_at is not None or person.locked_at is not None
    usable = person is not None and not refused and earlier < MOST_TRIES
    return PasswordTry(
        number=number,
        person_id=person.id if person else None,
        password=person.password if person is not None and usable else "",
    )


def end_try(session: Session, one: PasswordTry, *, right: bool, now: datetime) -> PersonRow | None:
    """Return the person where the password was right, and count the try no longer; the fifth wrong one locks."""
    person = subject_of_try(session, one)
    if person is None:
        return None
    if right and one.password and person.password == one.password:
        session.execute(delete(SignInTryRow).where(SignInTryRow.id == one.number))
        return person
    _lock_after_tries(session, person, now=now)
    return None


def subject_of_try(session: Session, one: PasswordTry) -> PersonRow | None:
    """Return whose password was tried; None where there is no such account."""
    return session.get(PersonRow, one.person_id) if one.person_id else None


def begin_sign_in(session: Session, person: PersonRow, *, browser: str, now: datetime) -> str:
    """Return the token of a sign-in that waits for its code and opens nothing before."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SignInRow(
            public_id=uuid4(),
            token_digest=token_digest(token),
            person_id=person.id,
            created_at=now,
            last_used_at=now,
            browser=browser[:80],
        )
    )
    session.flush()
    return token


def waiting_person(session: Session, token: str, *, now: datetime) -> PersonRow | None:
    """Return who gave the right password and not yet the code, with this token."""
    row = _waiting_row(session, token, now=now)
    return None if row is None else session.get(PersonRow, row.person_id)


def confirm_sign_in(session: Session, token: str, code: str, *, now: datetime) -> str:
    """Return a new token, which signs the person in, where the code is right; else "", and the try counts."""
    row = _waiting_row(session, token, now=now)
    if row is None:
        return ""
    person = session.scalars(select(PersonRow).where(PersonRow.id == row.person_id).with_for_update()).one()
    _, earlier = _count_try(session, person.email_digest, now=now)
    if person.locked_at is not None or person.disabled_at is not None or earlier >= MOST_TRIES:
        row.ended_at = now
        session.flush()
        return ""
    if not one_time_codes.use_code(session, person, code, now=now):
        if _lock_after_tries(session, person, now=now):
            row.ended_at = now
        session.flush()
        return ""
    session.execute(delete(SignInTryRow).where(SignInTryRow.subject == person.email_digest))
    agencies = agencies_of(session, person)
    row.agency_id = agencies[0].id if len(agencies) == 1 else None
    row.created_at = row.confirmed_at = row.last_used_at = now
    return _renew_token(session, row)


def open_sign_in(session: Session, token: str, *, now: datetime) -> OpenSignIn | None:
    """Return the sign-in of a token; None where we never gave it out, or it was ended, or the account is disabled."""
    statement = (
        select(SignInRow, PersonRow, MembershipRow.role, AgencyRow)
        .join(PersonRow, PersonRow.id == SignInRow.person_id)
        .outerjoin(
            MembershipRow,
            and_(MembershipRow.person_id == SignInRow.person_id, MembershipRow.agency_id == SignInRow.agency_id),
        )
        .outerjoin(AgencyRow, AgencyRow.id == SignInRow.agency_id)
        .where(
            SignInRow.token_digest == token_digest(token),
            SignInRow.ended_at.is_(None),
            SignInRow.confirmed_at.is_not(None),
            PersonRow.disabled_at.is_(None),
        )
    )
    rows = session.execute(statement).all()
    if not rows:
        return None
    row, person, _, agency = rows[0]
    roles = frozenset(role for _, _, role, _ in rows if role)
    agency_id = row.agency_id if roles else None
    # A clock that was set back ends nothing early and prolongs nothing beyond what it would have been.
    ends_at = min(row.last_used_at + IDLE, row.created_at + ABSOLUTE)
    return OpenSignIn(
        public_id=row.public_id,
        person=SignedInPerson(
            public_id=person.public_id,
            name=person.name,
            roles=roles,
            agency_id=agency_id or 0,
            agency_name=agency.name if agency_id else "",
        ),
        agency_id=agency_id,
        last_used_at=row.last_used_at,
        ends_at=ends_at,
        is_over=now >= ends_at,
        is_long_over=now >= ends_at + ABSOLUTE,
    )


def note_use(session: Session, public_id: UUID, *, now: datetime) -> None:
    """Note that a sign-in is being used."""
    session.execute(update(SignInRow).where(SignInRow.public_id == public_id).values(last_used_at=now))


def end_sign_in(session: Session, public_id: UUID, *, now: datetime) -> None:
    """End a sign-in; its token opens nothing any more."""
    session.execute(
        update(SignInRow).where(SignInRow.public_id == public_id, SignInRow.ended_at.is_(None)).values(ended_at=now)
    )


def choose_agency(session: Session, public_id: UUID, agency_id: int) -> str:
    """Return the new token of a sign-in that works for another agency from now on."""
    row = session.scalars(select(SignInRow).where(SignInRow.public_id == public_id)).one()
    row.agency_id = agency_id
    return _renew_token(session, row)


def renew_token(session: Session, public_id: UUID) -> str:
    """Return a new token of a sign-in; the one before opens nothing any more."""
    return _renew_token(session, session.scalars(select(SignInRow).where(SignInRow.public_id == public_id)).one())


def list_sign_ins(session: Session, person: PersonRow, *, now: datetime) -> list[SignInLine]:
    """Return the sign-ins of a person that still open something, the last used first."""
    statement = (
        select(SignInRow)
        .where(
            SignInRow.person_id == person.id,
            SignInRow.ended_at.is_(None),
            SignInRow.confirmed_at.is_not(None),
            SignInRow.last_used_at > now - IDLE,
            SignInRow.created_at > now - ABSOLUTE,
        )
        .order_by(SignInRow.last_used_at.desc(), SignInRow.id)
    )
    return [
        SignInLine(
            public_id=row.public_id, browser=row.browser, created_at=row.created_at, last_used_at=row.last_used_at
        )
        for row in session.scalars(statement)
    ]


def _waiting_row(session: Session, token: str, *, now: datetime) -> SignInRow | None:
    statement = select(SignInRow).where(
        SignInRow.token_digest == token_digest(token),
        SignInRow.ended_at.is_(None),
        SignInRow.confirmed_at.is_(None),
        SignInRow.created_at > now - FOR_CODE,
    )
    return session.scalars(statement).one_or_none()


def _renew_token(session: Session, row: SignInRow) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_digest = token_digest(token)
    session.flush()
    return token


def _count_try(session: Session, subject: bytes, *, now: datetime) -> tuple[int, int]:
    """Add a try, and return its number and how many there were before it of late."""
    session.execute(delete(SignInTryRow).where(SignInTryRow.at <= now - TRIES_WITHIN))
    earlier = _tries(session, subject, now=now)
    row = SignInTryRow(subject=subject, at=now)
    session.add(row)
    session.flush()
    return row.id, earlier


def _tries(session: Session, subject: bytes, *, now: datetime) -> int:
    statement = select(func.count()).where(SignInTryRow.subject == subject, SignInTryRow.at > now - TRIES_WITHIN)
    return session.scalar(statement) or 0


def _lock_after_tries(session: Session, person: PersonRow, *, now: datetime) -> bool:
    """Lock an account that had its last try, and say whether it is locked."""
    if person.locked_at is None and _tries(session, person.email_digest, now=now) >= MOST_TRIES:
        person.locked_at = now
        session.flush()
    return person.locked_at is not None
