"""What is kept, and how it is kept: SQLAlchemy tables, sealed columns, times in UTC.

Knows no request and no rule. Names, titles, answers and findings are sealed (``crypt``), each bound to its table,
column and row; what stands in the open says nothing of a person: ids, versions, times, models, counts.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, object_session
from sqlalchemy.types import TypeDecorator

from assistant.answers import Answers, from_document

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.orm import Session

    from assistant.storage.sealing import Keyring

KEYRING = "keyring"  # where a session keeps its keyring (``Session.info``)
ACTOR = "actor"  # where a session keeps who acts in it
LOCAL = "local"  # who acts where there are no accounts: the person at this machine


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept and given back in UTC; SQLite has no time zones of its own."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment in UTC without its zone; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "Pass a moment with its time zone."
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment with its zone, UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The root of every table class; constraints get speaking names, which a migration needs to change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class SealedText:
    """A text that is sealed in the column ``<name>_sealed`` of its row.

    Reading and writing need the keyring of the session, so a row is added to its session before its sealed
    texts are set.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        """Keep the name under which the text is read."""
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Sealing, owner: type) -> str: ...
    def __get__(self, row: Sealing | None, owner: type) -> Self | str:
        """Return the opened text.

        Raises:
            SealError: the value was altered or moved, or its key is missing.
        """
        if row is None:
            return self
        return keyring_of(row).open(getattr(row, f"{self.name}_sealed"), row.place_of(self.name))

    def __set__(self, row: Sealing, text: str) -> None:
        """Seal the text."""
        setattr(row, f"{self.name}_sealed", keyring_of(row).seal(text, row.place_of(self.name)))


class SealedBytes:
    """Bytes that are sealed in the column ``<name>_sealed`` of their row, or None where the column is empty.

    The column is meant to be deferred: a query for rows does not read it. It needs the session's keyring, as
    ``SealedText`` does.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        """Note the name under which the bytes are read."""
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Sealing, owner: type) -> bytes | None: ...
    def __get__(self, row: Sealing | None, owner: type) -> Self | bytes | None:
        """Return the opened bytes.

        Raises:
            SealError: the value was altered or moved, or its key is missing.
        """
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        return None if sealed is None else keyring_of(row).open_bytes(sealed, row.place_of(self.name))

    def __set__(self, row: Sealing, data: bytes | None) -> None:
        """Seal the bytes; None empties the column."""
        sealed = None if data is None else keyring_of(row).seal_bytes(data, row.place_of(self.name))
        setattr(row, f"{self.name}_sealed", sealed)


class Sealing:
    """A row with sealed texts or bytes; ``sealed_id`` tells it from every other row of its table."""

    __tablename__: str
    if TYPE_CHECKING:
        id: Mapped[int]

    @property
    def sealed_id(self) -> str:
        """Return what binds a sealed text to this row and never changes."""
        raise NotImplementedError

    def place_of(self, name: str) -> str:
        """Return the place to which a sealed text is bound."""
        return f"{self.__tablename__}.{name}.{self.sealed_id}"

    @classmethod
    def sealed_names(cls) -> tuple[str, ...]:
        """Return the names of the sealed texts of this table."""
        return tuple(name for name, value in vars(cls).items() if isinstance(value, SealedText))

    @classmethod
    def sealed_bytes_names(cls) -> tuple[str, ...]:
        """Return the names of the sealed bytes of this table, which are large and read one row at a time."""
        return tuple(name for name, value in vars(cls).items() if isinstance(value, SealedBytes))


def sealing_tables() -> list[type[Sealing]]:
    """Return every table that has sealed columns, in the order of their names."""
    tables = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealing)]
    return sorted(tables, key=lambda table: table.__tablename__)


def keyring_of(row: object) -> Keyring:
    """Return the keyring of the session a row lives in.

    Raises:
        RuntimeError: the row is in no session.
    """
    session = object_session(row)
    if session is None:
        message = "Add the row to a session before its sealed texts are read or set."
        raise RuntimeError(message)
    keyring: Keyring = session.info[KEYRING]
    return keyring


def set_actor(session: Session, who: str) -> None:
    """Say who acts in this session: the public id of a person's account, or ``LOCAL``; never a name."""
    session.info[ACTOR] = who


def actor_of(session: Session) -> str:
    """Return who acts in this session; ``LOCAL`` where nobody was named."""
    who: str = session.info.get(ACTOR, LOCAL)
    return who


class AgencyRow(Sealing, Base):
    """An agency that works with this installation; everything else belongs to one."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]

    name = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


def _read_answers(text: str) -> Answers:
    return from_document(json.loads(text), any_text=True)


class Application(Sealing, Base):
    """One application: the answers as one sealed document, and beside it what lists and checks of versions need.

    ``version`` counts saves. ``stamps`` says at which version each answer outside the nominees last changed
    (by dotted path); ``nominee_marks`` holds [short id, version] in the order of the nominees. A deleted
    application keeps its row, emptied, so that its history can still be verified. ``history_seal`` signs how the
    history ends. ``future_noticed_at`` is when a purge first noticed that ``updated_at`` lies in the future.
    """

    __tablename__ = "applications"
    __table_args__ = (Index(None, "agency_id", "updated_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    document_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]
    stamps: Mapped[dict[str, Any]]
    nominee_marks: Mapped[list[Any]]
    models: Mapped[list[Any]]
    nominee_count: Mapped[int]
    progress: Mapped[dict[str, Any]]
    history_count: Mapped[int] = mapped_column()
    history_head: Mapped[bytes] = mapped_column(LargeBinary)
    history_seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    future_noticed_at: Mapped[datetime | None]
    nominees_purged_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    # Every change adds to the history: a row that was read before another's change is never written over it.
    __mapper_args__ = {"version_id_col": history_count, "version_id_generator": False}  # noqa: RUF012 - SQLAlchemy has typed it

    title = SealedText()
    document = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex

    @property
    def answers(self) -> Answers:
        """Return the answers, opened and parsed once for each stored document."""
        cached: tuple[bytes, Answers] | None = self.__dict__.get("_opened")
        if cached is None or cached[0] != self.document_sealed:
            sealed = self.document_sealed
            answers = keyring_of(self).opened(sealed, self.place_of("document"), _read_answers)
            cached = self.__dict__["_opened"] = (sealed, answers)
        return cached[1]

    def remember(self, answers: Answers) -> None:
        """Note the answers that were just sealed, so that they need not be opened to be read."""
        self.__dict__["_opened"] = (self.document_sealed, answers)
        keyring_of(self).remember(self.document_sealed, self.place_of("document"), answers)

    @property
    def nominee_ids(self) -> tuple[str, ...]:
        """Return the short ids, in the order of the nominees."""
        return tuple(mark[0] for mark in self.nominee_marks)


class HistoryRow(Sealing, Base):
    """One change of an application: who, when, what. Rows are added, never changed, but for a purge.

    ``change`` is a JSON document ``{"salt": …, "changes": [{"path", "before", "after"}]}``; the salt makes
    ``digest`` (SHA-256 of that text) useless for guessing what it said once the text is purged. ``chain`` signs
    the digest, everything else in the row but ``change`` and ``purged_at``, and the chain of the row before.
    """

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    version: Mapped[int]
    act: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    change_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    purged_at: Mapped[datetime | None]

    change = SealedText()

    @property
    def sealed_id(self) -> str:
        """Return the application's id and the place in its history."""
        return f"{self.application_id}.{self.number}"


class RollRow(Base):
    """One application that was ever created, in order; ``chain`` signs the row and the one before it.

    It has no foreign key: it must still name an application whose row somebody removed.
    """

    __tablename__ = "application_roll"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[UUID]
    chain: Mapped[bytes] = mapped_column(LargeBinary)


class ExportRow(Sealing, Base):
    """A bundle that was exported: its ZIP, the hash of it, and the answers and the review it was made from.

    ``bundle`` is the ZIP itself, byte for byte: people sign what is in it, so it must not change when a form, an
    edition or a list does. It is None where the bundle was exported before migration 0005, and where it was removed
    with the data of the nominees (``purge``). It is stored as it is: nearly everything in it is compressed already.

    ``editions`` holds ``{model: {"edition": name, "sha256": hash of the official form or null}}``, and the same for
    ICE's Letter of Interest under its form id, where one was filled.
    """

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    version: Mapped[int]
    draft: Mapped[bool]
    who: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    editions: Mapped[dict[str, Any]]
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    review_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    purged_at: Mapped[datetime | None]
    bundle_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    answers = SealedText()
    review = SealedText()
    bundle = SealedBytes()

    @property
    def sealed_id(self) -> str:
        """Return the public id."""
        return self.public_id.hex


class StoredForm(Base):
    """A blank official form that is kept for use, whole; it is public and so not sealed."""

    __tablename__ = "kept_forms"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition: Mapped[str] = mapped_column(String(80), index=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]


class Setting(Base):
    """A fact about this installation that is no one's data, by name."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(500))
