"""Bring a backup back: into the database that is there, or past one that is damaged.

What is there is backed up first. A damaged database cannot be: its files get another name and stay where they are.
Both are copies that nobody asked for and that hold data of nominees, so ``find_safety_copies`` knows them again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from assistant.disk import PRIVATE, write_atomically
from assistant.editions.catalog import local_editions_dir
from assistant.errors import DamagedDatabaseError
from assistant.services.installation.backup import bring_back, check_keys, own_files, take
from assistant.services.installation.keys import adopt_keys
from assistant.storage.database import make_engine, migrate, session_factory, url_of
from assistant.storage.database_failures import SQLITE, explain_failures

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.services.installation.backup import Backup
    from assistant.storage.sealing import Keyring

STAMP = "%Y-%m-%dT%H%M%SZ"
_COPY = re.compile(r"(?:before-restore-|.+\.damaged-)(\d{4}-\d\d-\d\dT\d{6}Z)(?:\.zip|-wal|-shm)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: ``before`` holds what was there, ``set_aside`` are the files of a damaged database."""

    backup: Backup
    before: Path | None
    set_aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCopy:
    """A file that ``restore`` left: a backup of what was there, or a damaged database."""

    path: Path
    made_at: datetime


def restore(data: bytes, url: str, instance: Path, keyring: Keyring, *, now: datetime, work: Path) -> Restored:
    """Put what a backup holds in the place of the database at ``url`` and of the user's own editions, all or nothing.

    Raises:
        InputError: it is no backup, a damaged one, or one of a newer version of this program.
        SealError: the keys do not open the backup, or not what is there.
        DatabaseError: the database is away, closed, full or busy, or it is damaged and no file of this machine.
        OSError: there is no room to back up what is there.
    """
    check_keys(data, keyring, work=work)
    forms, stamp = local_editions_dir(), f"{now.astimezone(UTC):{STAMP}}"
    engine = make_engine(url)
    try:
        try:
            copy = _back_up(engine, forms, keyring, now=now, work=work)
        except DamagedDatabaseError:
            if not url.startswith(SQLITE):
                raise
        else:
            before = instance / f"before-restore-{stamp}.zip"
            write_atomically(before, copy, mode=PRIVATE)
            return Restored(backup=bring_back(data, engine, forms, keyring, work=work), before=before)
    finally:
        engine.dispose()
    return _restore_past_damage(data, url, instance, keyring, stamp=stamp, work=work)


def find_safety_copies(url: str, instance: Path) -> list[SafetyCopy]:
    """Return the files that earlier restores left, oldest first."""
    folders = {instance}
    if url.startswith(SQLITE):
        folders.add(Path(url.removeprefix(SQLITE)).parent)
    files = [file for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file()]
    named = [(file, name[1]) for file in files if (name := _COPY.fullmatch(file.name))]
    copies = [SafetyCopy(path=file, made_at=datetime.strptime(day, STAMP).replace(tzinfo=UTC)) for file, day in named]
    return sorted(copies, key=lambda copy: (copy.made_at, copy.path))


def _back_up(engine: Engine, forms: Path, keyring: Keyring, *, now: datetime, work: Path) -> bytes:
    """Return a backup of what is there, once it is sure that these keys open it or that nothing would be lost."""
    migrate(engine)
    with explain_failures(url_of(engine)), session_factory(engine, keyring)() as session:
        adopt_keys(session)
        session.commit()
    return take(engine, forms, now=now, work=work)[0]


def _restore_past_damage(
    data: bytes, url: str, instance: Path, keyring: Keyring, *, stamp: str, work: Path
) -> Restored:
    """Give the files of a damaged SQLite database another name, and bring the backup back into a new one."""
    forms = local_editions_dir()
    file = Path(url.removeprefix(SQLITE))
    before = None
    if own := own_files(forms):
        before = instance / f"before-restore-{stamp}-forms.zip"
        write_atomically(before, _zip(own), mode=PRIVATE)
    aside = {
        file.with_name(f"{file.name}{end}"): file.with_name(f"{file.name}.damaged-{stamp}{end}")
        for end in ("", "-wal", "-shm")
    }
    moved = {old: new for old, new in aside.items() if old.exists()}
    for old, new in moved.items():
        old.rename(new)
    try:
        engine = make_engine(url)
        try:
            migrate(engine)
            backup = bring_back(data, engine, forms, keyring, work=work)
        finally:
            engine.dispose()
    except BaseException:
        for old in aside:
            old.unlink(missing_ok=True)
        for old, new in moved.items():
            new.rename(old)
        raise
    return Restored(backup=backup, before=before, set_aside=tuple(moved.values()))


def _zip(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
