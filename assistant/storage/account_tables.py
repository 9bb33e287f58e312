"""Who may sign in where an installation is shared: people, their roles in agencies, sign-ins, tries, one-time links.

Names, addresses, password hashes and the secrets of one-time codes are sealed. Tokens are stored as digests alone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.tables import Base, SealedText, Sealing


class PersonRow(Sealing, Base):
    """A person with an account. An account before its set-up has a ``password`` of "".

    ``email_digest`` is the keyed digest of the address in small letters, by which it is looked up. ``password`` is the
    Argon2id hash as PHC string. ``code_secret`` is the secret of the one-time codes in Base32; ``code_step`` the last
    step (Unix time / 30 s) whose code was accepted, 0 for none.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    email_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    password_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]

    email = SealedText()
    name = SealedText()
    password = SealedText()
    code_secret = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


class MembershipRow(Base):
    """One role of a person in an agency; a person with two roles has two rows."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "agency_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class SignInRow(Base):
    """A sign-in: what the token in a browser's cookie stands for.

    ``token_digest`` is the SHA-256 of the token. ``confirmed_at`` is when the one-time code was accepted; before that
    the row opens nothing. ``agency_id`` is the agency that the person works for in this sign-in, None before one is
    chosen. ``browser`` names it in a few words, such as "Firefox on Windows".
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(80))


class SignInTryRow(Base):
    """A try to sign in that was wrong or is not finished; ``subject`` is the keyed digest of the address typed."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


class SetupLinkRow(Base):
    """A link that works once: ``purpose`` is "set-up" for a new account, "reset" for a new password and code."""

    __tablename__ = "setup_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCodeRow(Base):
    """A code that takes the place of a one-time code once, for a person whose phone is lost."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    used_at: Mapped[datetime | None]
