"""Links that work once, for half an hour: to set up a new account, or to give a new password and a new code app."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, update

from assistant.errors import InputError
from assistant.services.accounts import one_time_codes
from assistant.services.accounts.passwords import hash_password
from assistant.services.accounts.people import MOST_NAME, end_links, end_sign_ins, unlock_person
from assistant.storage.account_tables import PersonRow, SetupLinkRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

LIFE = timedelta(minutes=30)
TOKEN_BYTES = 32
LINK_IS_OVER = "This link was used already, or is older than 30 minutes. Ask an administrator for a new one."


def token_digest(token: str) -> bytes:
    """Return the SHA-256 of a random token, under which it is stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def make_link(session: Session, person: PersonRow, *, now: datetime) -> str:
    """Return the token of a new link; links that the person had before no longer work."""
    end_links(session, person, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SetupLinkRow(
            token_digest=token_digest(token),
            person_id=person.id,
            purpose="reset" if person.password else "set-up",
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    session.flush()
    return token


def person_of_link(session: Session, token: str, *, now: datetime) -> PersonRow | None:
    """Return whose link this is, None where there is no such link, or it is used or over."""
    statement = (
        select(PersonRow)
        .join(SetupLinkRow, SetupLinkRow.person_id == PersonRow.id)
        .where(
            SetupLinkRow.token_digest == token_digest(token),
            SetupLinkRow.used_at.is_(None),
            SetupLinkRow.created_at <= now,
            SetupLinkRow.expires_at > now,
            PersonRow.disabled_at.is_(None),
        )
    )
    return session.scalars(statement).one_or_none()


def finish_setup(session: Session, token: str, *, name: str, password: str, code: str, now: datetime) -> list[str]:
    """Use a link: store name, password and the secret of the codes; return recovery codes, to be shown once.

    The password was checked before (``passwords.refuse_weak_password``).

    Raises:
        InputError: the link is used or over, or the code is wrong.
    """
    person = person_of_link(session, token, now=now)
    if person is None:
        raise InputError(LINK_IS_OVER)
    secret = one_time_codes.secret_for_link(session, token)
    step = one_time_codes.matching_step(secret, code, now)
    if step is None:
        raise InputError("This is not the code that the app shows now. Type the six digits that it shows.")
    use = (
        update(SetupLinkRow)
        .where(SetupLinkRow.token_digest == token_digest(token), SetupLinkRow.used_at.is_(None))
        .values(used_at=now)
    )
    if cast("CursorResult[Any]", session.execute(use)).rowcount != 1:
        raise InputError(LINK_IS_OVER)
    person.name = " ".join(name.split())[:MOST_NAME]
    person.password = hash_password(password)
    person.code_secret, person.code_step = secret, step
    unlock_person(session, person)
    end_sign_ins(session, person, now=now)
    return one_time_codes.make_recovery_codes(session, person)
