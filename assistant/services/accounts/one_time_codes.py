"""One-time codes of an authenticator app (TOTP, RFC 6238), each accepted once, and recovery codes in their place."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, update

from assistant.storage.account_tables import PersonRow, RecoveryCodeRow
from assistant.storage.tables import KEYRING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CursorResult
    from sqlalchemy.orm import Session

SECONDS, DIGITS = 30, 6
SECRET_BYTES = 20
"""RFC 4226, section 4, R6: 160 bits."""
DRIFT_STEPS = 1
"""Steps before and after now whose codes count: a phone's clock may be half a minute off (RFC 6238, 5.2)."""
ISSUER = "287(g) Application Assistant"
RECOVERY_CODES, RECOVERY_LETTERS = 8, 12
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for each other; twelve of them are 59 bits."""


def secret_for_link(session: Session, token: str) -> str:
    """Return the secret that a set-up link proposes, in Base32: always the same for one link, so nothing is stored."""
    digest: bytes = session.info[KEYRING].sign(b"secret of one-time codes", token.encode())
    return base64.b32encode(digest[:SECRET_BYTES]).decode()


def code_of_step(secret: str, step: int) -> str:
    """Return the six digits of a step (Unix time / 30 s)."""
    return _totp(secret).generate(step * SECONDS).decode()


def provisioning_address(secret: str, email: str) -> str:
    """Return the ``otpauth:`` address that an authenticator app reads from a picture."""
    return _totp(secret).get_provisioning_uri(email, ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is, None where it is the code of no step near ``now``."""
    letters = "".join(code.split())
    if not secret or len(letters) != DIGITS or not letters.isascii() or not letters.isdecimal():
        return None
    present = int(now.timestamp()) // SECONDS
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    matches = [step for step in steps if hmac.compare_digest(code_of_step(secret, step), letters)]
    return matches[-1] if matches else None


def use_code(session: Session, person: PersonRow, code: str, *, now: datetime) -> bool:
    """Accept a one-time code or a recovery code, once; say whether it was right and not used before."""
    step = matching_step(person.code_secret, code, now)
    if step is None:
        return _use_recovery_code(session, person, code, now=now)
    # One statement, so that of two requests with the same code one wins.
    statement = update(PersonRow).where(PersonRow.id == person.id, PersonRow.code_step < step).values(code_step=step)
    return _changed(session, statement) == 1


def make_recovery_codes(session: Session, person: PersonRow) -> list[str]:
    """Return new recovery codes, to be shown once; those that the person had before no longer count."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        session.add(RecoveryCodeRow(person_id=person.id, digest=_digest(session, person, code)))
    session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, RECOVERY_LETTERS, 4)) for code in codes]


def _use_recovery_code(session: Session, person: PersonRow, code: str, *, now: datetime) -> bool:
    letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
    if len(letters) != RECOVERY_LETTERS:
        return False
    statement = (
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.person_id == person.id,
            RecoveryCodeRow.digest == _digest(session, person, letters),
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return _changed(session, statement) == 1


def _digest(session: Session, person: PersonRow, code: str) -> bytes:
    digest: bytes = session.info[KEYRING].sign(b"recovery code", person.public_id.bytes, code.encode())
    return digest


def _changed(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def _totp(secret: str) -> TOTP:
    # SHA-1 is what authenticator apps read; HMAC needs no resistance to collisions (RFC 6238, 1.2).
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303
