"""A password looked at, each try counted in the database before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.services.accounts import passwords, sign_in
from assistant.web.kit.context import db, now, parts

if TYPE_CHECKING:
    from assistant.storage.account_tables import PersonRow


def check_password(email: str, password: str) -> PersonRow | None:
    """Return whose password this is, None where it is wrong or the account is locked; the caller commits."""
    with parts().writer() as writer:
        counted = sign_in.begin_try(writer, email, now=now())
        writer.commit()
    # Between the two: the hash takes a tenth of a second, and nobody else waits for the database meanwhile.
    right = passwords.is_password(password, counted.password)
    person = sign_in.end_try(db(), counted, right=right, now=now())
    if person is None:
        note_refusal("password", sign_in.subject_of_try(db(), counted))
    return person


def note_refusal(step: str, person: PersonRow | None) -> None:
    """Write into the log that a password or a code was refused, and of which account, if there is one; no address."""
    locked = person is not None and person.locked_at is not None
    parts().log.warning("sign-in refused", step=step, person=str(person.public_id) if person else "", locked=locked)
