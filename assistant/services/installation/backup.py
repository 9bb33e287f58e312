"""A backup: one file with the database, the forms of the user's own editions and the facts that were imported.

It is taken while the server runs.

The keys are never in it: what stands sealed in the database stays sealed in the backup. The database comes as an SQLite
file, whichever it was taken from, so that a backup of PostgreSQL goes back there or into SQLite.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import false, func, insert, select
from sqlalchemy.orm import Session

from assistant import __version__
from assistant.bundle.bundle import file_row
from assistant.disk import PRIVATE, move_into_place, write_all_beside, write_atomically
from assistant.errors import InputError, SealError
from assistant.services.installation.keys import confirm_keys
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow
from assistant.storage.database import make_engine, migrate, url_of
from assistant.storage.database_failures import damaged, explain_failures
from assistant.storage.tables import KEYRING, Base, ExportRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection, Engine

    from assistant.storage.sealing import Keyring

MANIFEST, DATABASE, FORMS, FACTS = "manifest.json", "database.sqlite3", "forms/", "facts/"
FORMAT = "moa-backup/1"
NO_BACKUP = "This file is not a backup that moa made. Use a file written by moa backup."
DAMAGED = "The backup is damaged: {name} is not as it was written. Use another backup."
MAX_FILES, MAX_BYTES = 20_000, 4_000_000_000
AT_ONCE = 50
"""Rows: kept forms are among them, a quarter of a megabyte each."""
FILES_AT_ONCE = 4
"""Exports, signed copies and messages: each holds a file of some two megabytes or more."""
WITH_FILES = frozenset(row.__tablename__ for row in (ExportRow, SignedCopyRow, MessageRow))
_OWN_FILE = re.compile(r"forms(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+|facts/\d{4,}\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds; ``files`` are those of the user's own editions, ``imports`` those of facts."""

    made_at: datetime
    version: str
    applications: int
    files: int
    imports: int
    bytes: int

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "made_at": self.made_at.isoformat(),
            "version": self.version,
            "applications": self.applications,
            "files": self.files,
            "imports": self.imports,
            "bytes": self.bytes,
        }


def take(engine: Engine, forms: Path, *, now: datetime, work: Path) -> tuple[bytes, Backup]:
    """Return a backup as a file, and what is in it; it is opened once more before it is given out.

    ``forms`` is the folder of the user's own editions; the imported facts lie beside it.
    ``work`` is a folder for the copy of the database, as ``disk.exclusive_work_dir`` gives one; so below.

    Raises:
        DatabaseError: the database is damaged, away or busy, or there is no room for the copy.
        InputError: the copy does not read back.
    """
    with TemporaryDirectory(dir=work) as folder, explain_failures(url_of(engine)):
        copy = Path(folder) / DATABASE
        _copy_database(engine, copy)
        if _count_if_whole(copy) is None:
            raise damaged(url_of(engine))
        files_by_name = {DATABASE: copy.read_bytes()}
    files_by_name |= own_files(forms)
    manifest = {
        "format": FORMAT,
        "made_at": now.astimezone(UTC).isoformat(),
        "version": __version__,
        "files": [file_row(name, data) for name, data in files_by_name.items()],
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        for name, data in files_by_name.items():
            archive.writestr(name, data)
    return out.getvalue(), look(out.getvalue(), work=work)


def own_files(forms: Path) -> dict[str, bytes]:
    """Return the files of the user's own editions and of the imported facts, by their path in a backup."""
    files = {}
    for start, folder in _folders(forms).items():
        paths = sorted(folder.rglob("*")) if folder.is_dir() else []
        for file in paths:
            name = start + file.relative_to(folder).as_posix()
            if file.is_file() and not file.is_symlink() and (start == FORMS or _OWN_FILE.fullmatch(name)):
                files[name] = file.read_bytes()
    return files


def _folders(forms: Path) -> dict[str, Path]:
    """Return the folders whose files go into a backup, by what their names there begin with."""
    return {FORMS: forms, FACTS: forms.with_name(FACTS.rstrip("/"))}


def look(data: bytes, *, work: Path) -> Backup:
    """Return what a backup holds, every file of it checked by its hash and the database checked.

    Raises:
        InputError: it is no backup, or a damaged one.
    """
    with _unpacked(data, work) as (backup, _, _):
        return backup


def check_keys(data: bytes, keyring: Keyring, *, work: Path) -> None:
    """Do nothing where these keys open a backup that this program can bring back.

    Raises:
        InputError: it is no backup, a damaged one, or one of a newer version of this program.
        SealError: the keys do not open it.
    """
    with _unpacked(data, work) as (_, _, copy), _migrated(copy) as source, source.begin() as connection:
        try:
            _confirm_keys(connection, keyring)
        except SealError:
            raise SealError(
                "key file",
                "The keys here do not open this backup. Copy the folder instance/keys from the installation that "
                "made the backup to this computer to replace the keys here, then restore again.",
            ) from None


def bring_back(data: bytes, engine: Engine, forms: Path, keyring: Keyring, *, work: Path) -> Backup:
    """Put what a backup holds in the place of what is there, the database in one transaction; return what was put.

    The forms and the facts are written under passing names before the transaction ends, and get their own after it:
    where the disk is full, nothing is changed.

    Raises:
        InputError: it is no backup, a damaged one, or one of a newer version of this program.
        SealError: the keys of this installation do not open it; nothing is changed.
        DatabaseError: the database is away, closed, full or busy; nothing is changed.
        OSError: the forms could not be written; nothing is changed.
    """
    with (
        _unpacked(data, work) as (backup, files_by_name, copy),
        explain_failures(url_of(engine)),
        _migrated(copy) as source,
    ):
        waiting = write_all_beside(
            {
                folder / PurePosixPath(name.removeprefix(start)): body
                for start, folder in _folders(forms).items()
                for name, body in files_by_name.items()
                if name.startswith(start)
            }
        )
        try:
            with source.connect() as old, engine.begin() as new:
                _copy_rows(old, new)
                _confirm_keys(new, keyring)
        except BaseException:
            for beside in waiting.values():
                beside.unlink(missing_ok=True)
            raise
    for file, beside in waiting.items():
        move_into_place(beside, file)
    for folder in _folders(forms).values():
        _remove_others(folder, waiting)
    return backup


@contextmanager
def _migrated(copy: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{copy}")
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


def _confirm_keys(connection: Connection, keyring: Keyring) -> None:
    with Session(connection, info={KEYRING: keyring}) as session:
        confirm_keys(session)


@contextmanager
def _unpacked(data: bytes, work: Path) -> Iterator[tuple[Backup, Mapping[str, bytes], Path]]:
    """Yield what a backup holds, its files, and its database in a folder of its own, all checked.

    Raises:
        InputError: as ``look``.
    """
    manifest, files_by_name = _opened(data)
    with TemporaryDirectory(dir=work) as folder:
        copy = Path(folder) / DATABASE
        write_atomically(copy, files_by_name[DATABASE], mode=PRIVATE)
        count = _count_if_whole(copy)
        if count is None:
            raise InputError(DAMAGED.format(name=DATABASE))
        backup = Backup(
            made_at=datetime.fromisoformat(manifest["made_at"]),
            version=manifest["version"],
            applications=count,
            files=sum(name.startswith(FORMS) for name in files_by_name),
            imports=sum(name.startswith(FACTS) for name in files_by_name),
            bytes=len(data),
        )
        yield backup, files_by_name, copy


def _count_if_whole(copy: Path) -> int | None:
    """Return how many applications an SQLite file holds, or None where SQLite finds damage in it."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            return int(database.execute("SELECT count(*) FROM applications").fetchone()[0])
    except sqlite3.DatabaseError:
        return None


def _opened(data: bytes) -> tuple[Mapping[str, Any], dict[str, bytes]]:
    """Return the manifest and the files of a backup, each as it was written."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            rows = archive.infolist()
            if len(rows) > MAX_FILES or sum(row.file_size for row in rows) > MAX_BYTES:
                raise InputError(NO_BACKUP)
            manifest = json.loads(archive.read(MANIFEST))
            if manifest.get("format") != FORMAT:
                raise InputError(NO_BACKUP)
            files_by_name = {row["name"]: archive.read(row["name"]) for row in manifest["files"]}
    except (BadZipFile, KeyError, TypeError, AttributeError, ValueError, NotImplementedError, zlib.error):
        raise InputError(NO_BACKUP) from None
    for row in manifest["files"]:
        if file_row(row["name"], files_by_name[row["name"]])["sha256"] != row["sha256"]:
            raise InputError(DAMAGED.format(name=row["name"]))
    if DATABASE not in files_by_name or not all(
        name == DATABASE or _OWN_FILE.fullmatch(name) for name in files_by_name
    ):
        raise InputError(NO_BACKUP)
    return manifest, files_by_name


def _copy_database(engine: Engine, copy: Path) -> None:
    """Write the whole database into a new SQLite file, as it is at one moment."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            with closing(sqlite3.connect(copy)) as target:
                cast("sqlite3.Connection", raw.driver_connection).backup(target)
        finally:
            raw.close()
    else:
        copy_engine = make_engine(f"sqlite:///{copy}")
        try:
            migrate(copy_engine)
            snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
            with snapshot.connect() as old, copy_engine.begin() as new:
                _copy_rows(old, new)
        finally:
            copy_engine.dispose()
    with closing(sqlite3.connect(copy)) as target:
        # One file, without a log beside it.
        target.execute("PRAGMA journal_mode = DELETE")


def _copy_rows(old: Connection, new: Connection) -> None:
    """Put every row of one database in the place of all that another holds."""
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        new.execute(table.delete())
    for table in tables:
        at_once = FILES_AT_ONCE if table.name in WITH_FILES else AT_ONCE
        rows = old.execution_options(yield_per=at_once).execute(select(table).order_by(*table.primary_key.columns))
        for some in rows.mappings().partitions():
            new.execute(insert(table), [dict(row) for row in some])
        counted = table.autoincrement_column
        if new.dialect.name == "postgresql" and counted is not None:
            # The next row gets a number beyond those that came with their own.
            highest = select(func.coalesce(func.max(counted), 0)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, counted.name)
            new.execute(select(func.setval(sequence, highest + 1, false())))


def _remove_others(folder: Path, files: Collection[Path]) -> None:
    """Remove every file of a folder that is none of these."""
    for file in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
        if file.is_file() and file not in files:
            file.unlink()
        elif file.is_dir() and not any(file.iterdir()):
            file.rmdir()
