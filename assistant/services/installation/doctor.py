"""What is right and wrong with this installation: keys, files, database, clock, forms, what reads pictures, fonts.

Looks and changes nothing: it makes no key, no folder and no database. What it says names files, never a key or a name.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from assistant.config import assets_dir, font_path, resource_dir
from assistant.editions.catalog import all_editions
from assistant.errors import AssistantError, InputError, LockedKeysError, SealError
from assistant.services.application.saving import EARLIEST_SAVE
from assistant.services.installation.keys import do_keys_fit
from assistant.services.installation.keys_copy import is_copy_confirmed
from assistant.services.installation.rotate_keys import count_old_values
from assistant.storage.database import make_engine, reader_factory
from assistant.storage.database_failures import explain_failures
from assistant.storage.job_queue import check_queue, find_delay
from assistant.storage.migration import newest_revision, revision_of
from assistant.storage.outages import STORAGE_ERRORS
from assistant.storage.queue_tables import require_queue_tables
from assistant.storage.sealing import read_keyring
from assistant.storage.tables import Application, HistoryRow, StoredForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from assistant.config import Config
    from assistant.storage.key_wrap import Wrapping
    from assistant.storage.sealing import Keyring

CheckState: TypeAlias = Literal["ok", "warning", "problem"]
LEAST_FREE, LITTLE_FREE = 100_000_000, 1_000_000_000
"""Bytes of free disk: below the first an export or a backup fails; below the second it soon may."""
CLOCK_SLACK = timedelta(days=1)
LONGEST_WAIT = timedelta(minutes=10)
"""A job that could be done and waits for longer has no worker."""
OTHERS = 0o077
"""The bits of a file's mode that let other users in."""
PICTURE_PACKAGES = ("cv2", "tesserocr", "onnxruntime", "pyhanko")
PICTURE_MODELS = ("eng.traineddata", "ch_PP-OCRv4_rec_infer.onnx", "ppocr_keys_v1.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationCheck:
    """One thing that was looked at: its name, how it stands, and a sentence that says what to do if it is not right."""

    name: str
    state: CheckState
    message: str

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {"name": self.name, "state": self.state, "message": self.message}


def examine(
    config: Config, *, unreadable_maps: Sequence[tuple[str, str]] = (), wrapping: Wrapping | None = None, now: datetime
) -> list[InstallationCheck]:
    """Return what was looked at, in an order a person would look.

    ``unreadable_maps`` names the files of form maps that were passed over, each with the reason. ``wrapping`` opens
    keys that a passphrase protects.
    """
    return [
        *_examine_keys(config, wrapping),
        *_examine_modes(config),
        *_examine_database(config, wrapping, now=now),
        _examine_disk(config),
        *_examine_forms(unreadable_maps),
        _examine_picture_reading(),
        *_examine_fonts(),
    ]


def _ok(name: str, message: str) -> InstallationCheck:
    return InstallationCheck(name=name, state="ok", message=message)


def _warn(name: str, message: str) -> InstallationCheck:
    return InstallationCheck(name=name, state="warning", message=message)


def _problem(name: str, message: str) -> InstallationCheck:
    return InstallationCheck(name=name, state="problem", message=message)


def _examine_keys(config: Config, wrapping: Wrapping | None) -> Iterator[InstallationCheck]:
    if not config.keyring_file.is_file():
        has_data = config.database_file is None or config.database_file.is_file()
        advice = "Copy the folder of keys of this database there." if has_data else "Run moa setup to make them."
        yield _problem("keys", f"There are no keys in {config.keys_dir}. {advice}")
        return
    try:
        ring = read_keyring(config.keyring_file, wrapping=wrapping)
    except LockedKeysError:
        yield _warn("keys", "A passphrase protects the keys. Run this in a terminal to check whether they fit.")
        return
    except SealError:
        yield _problem("keys", f"{config.keyring_file} is not a key file of this program. Restore the right one.")
        return
    if ring.rotating:
        yield _problem("keys", "A change of the key was interrupted. Run moa keys rotate to finish it.")
    else:
        yield _ok("keys", f"The key file can be read. It holds {len(ring.keys)} of this installation's keys.")


def _examine_modes(config: Config) -> Iterator[InstallationCheck]:
    if sys.platform == "win32":
        yield _ok("file modes", "On Windows, the user's own profile keeps others out.")
        return
    private = [config.instance_dir, config.keys_dir, *_files_in(config.keys_dir)]
    open_to_others = [path for path in private if path.exists() and path.stat().st_mode & OTHERS]
    for path in open_to_others:
        mode = "700" if path.is_dir() else "600"
        yield _problem("file modes", f"Other users of this computer can open {path}. Run: chmod {mode} {path}")
    if not config.instance_dir.is_dir():
        yield _problem("file modes", f"There is no folder {config.instance_dir}. Run moa setup to make it.")
    elif not os.access(config.instance_dir, os.W_OK | os.X_OK):
        yield _problem("file modes", f"{config.instance_dir} cannot be written. Make it writable for this user.")
    elif not open_to_others:
        yield _ok("file modes", "Keys and data are closed to other users of this computer.")


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _examine_database(config: Config, wrapping: Wrapping | None, *, now: datetime) -> Iterator[InstallationCheck]:
    file = config.database_file
    if file is not None and not file.is_file():
        yield _problem("database", f"There is no database at {file} yet. Run moa setup to make it.")
        return
    try:
        engine = make_engine(config.database)
        with explain_failures(config.database):
            try:
                yield from _examine_open_database(config, engine, wrapping, now=now)
            finally:
                engine.dispose()
    except AssistantError as error:
        yield _problem("database", str(error))


def _examine_open_database(
    config: Config, engine: Engine, wrapping: Wrapping | None, *, now: datetime
) -> Iterator[InstallationCheck]:
    if engine.dialect.name == "sqlite":
        with engine.execution_options(sqlite_reads_only=True).connect() as connection:
            result = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if result != "ok":
            yield _problem("database", "The database is damaged. Restore your last backup with moa restore.")
            return
    yield _ok("database", "The database can be read, and no damage was found.")
    revision = revision_of(engine)
    if revision != newest_revision():
        yield _problem(
            "migrations",
            f"The tables are at {revision or 'no migration'}, and this version needs {newest_revision()}. Run moa "
            "setup, or install the version that made them.",
        )
        return
    yield _ok("migrations", f"The tables are at the newest migration, {revision}.")
    yield from _examine_rows(config, engine, wrapping, now=now)
    if config.jobs == "queue":
        yield from _examine_jobs(config, engine, now=now)


def _examine_jobs(config: Config, engine: Engine, *, now: datetime) -> Iterator[InstallationCheck]:
    try:
        check_queue(config)
        with Session(engine) as session:
            require_queue_tables(session)
            since, failed = find_delay(session)
    except InputError as error:
        yield _problem("jobs", str(error))
        return
    if failed:
        count = "1 job has" if failed == 1 else f"{failed} jobs have"
        yield _warn("jobs", f"{count} failed for good. Look at them with moa jobs list.")
    if since is not None and now - since > LONGEST_WAIT:
        minutes = int((now - since).total_seconds() // 60)
        yield _problem("jobs", f"A job has waited for {minutes} minutes. Start moa worker, or more of them.")
    elif not failed:
        yield _ok("jobs", "No job waits for long, and none has failed for good.")


def _examine_rows(
    config: Config, engine: Engine, wrapping: Wrapping | None, *, now: datetime
) -> Iterator[InstallationCheck]:
    try:
        ring = read_keyring(config.keyring_file, wrapping=wrapping)
    except SealError:
        ring = None
    if ring is not None:
        yield from _examine_fit(engine, ring)
    with engine.connect() as connection:
        newest = connection.execute(
            select(func.max(HistoryRow.at), select(func.max(Application.updated_at)).scalar_subquery())
        ).one()
        forms = connection.execute(select(func.count()).select_from(StoredForm)).scalar_one()
    latest = max((moment for moment in newest if moment is not None), default=None)
    if now < EARLIEST_SAVE:
        yield _problem("clock", f"This computer's clock says {now:%Y-%m-%d}, which is in the past. Set it right.")
    elif latest is not None and latest > now + CLOCK_SLACK:
        yield _problem(
            "clock",
            f"Something was saved on {latest:%Y-%m-%d}, which is in the future. This clock, or the clock of that "
            "save, is wrong. Set the clock right and save the application again.",
        )
    else:
        yield _ok("clock", "Nothing was saved in the future.")
    if forms:
        yield _ok("official forms", f"{forms} blank official forms are added.")
    else:
        yield _warn("official forms", "No blank official form is added, so entry sheets are made. Use moa forms add.")


def _examine_fit(engine: Engine, ring: Keyring) -> Iterator[InstallationCheck]:
    with reader_factory(engine, ring)() as session:
        fit = do_keys_fit(session)
        if fit is False:
            yield _problem("keys fit", "The keys do not open this database. Restore the key file that belongs to it.")
            return
        yield _ok("keys fit", "The keys open this database." if fit else "The database holds nothing sealed yet.")
        if fit and not is_copy_confirmed(session):
            yield _warn("copy of the keys", "Nobody said yet that the keys are copied to a safe place. Copy them.")
        if (count := count_old_values(session, ring)) and not ring.rotating:
            yield _warn(
                "keys fit", f"{count} rows are sealed with an older key. Run moa keys rotate to seal them again."
            )


def _examine_disk(config: Config) -> InstallationCheck:
    folder = config.instance_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    amount = f"{free / 1_000_000_000:.1f} GB" if free >= LITTLE_FREE else f"{free // 1_000_000} MB"
    if free < LEAST_FREE:
        return _problem("disk", f"Only {amount} are free on the disk of {folder}. Free some space.")
    if free < LITTLE_FREE:
        return _warn("disk", f"Only {amount} are free on the disk of {folder}. Free some space soon.")
    return _ok("disk", f"{amount} are free.")


def _examine_forms(unreadable_maps: Sequence[tuple[str, str]]) -> Iterator[InstallationCheck]:
    for file, why in unreadable_maps:
        yield _problem("form maps", f"{file}: {why}")
    yield _ok("form maps", f"{len(all_editions())} form editions have readable maps.")


def _examine_picture_reading() -> InstallationCheck:
    missing = [name for name in PICTURE_PACKAGES if not find_spec(name)]
    assets = assets_dir()
    models = [name for name in PICTURE_MODELS if assets is None or not (assets / "models" / name).is_file()]
    if missing or models:
        what = ", ".join([*missing, *models])
        return _warn("reading pictures", f"Scans cannot be read fully: {what} missing. Run bootstrap.py setup again.")
    return _ok("reading pictures", "Scans and pictures of pages can be read.")


def _examine_fonts() -> Iterator[InstallationCheck]:
    try:
        resource_dir("templates")
        font_path("Regular")
        font_path("Bold")
    except AssistantError as error:
        yield _problem("fonts", str(error))
    else:
        yield _ok("fonts", "The font for names is installed.")
    if assets_dir() is None:
        yield _warn("page style", "The page style is missing. Run bootstrap.py setup again.")
    else:
        yield _ok("page style", "The page style is installed.")


def find_obstacles(config: Config, engine: Engine, keyring: Keyring) -> list[str]:
    """Return the names of what keeps a running server from its work: "database", "migrations", "keys", "disk"."""
    obstacles = []
    try:
        if revision_of(engine) != newest_revision():
            obstacles.append("migrations")
        with reader_factory(engine, keyring)() as session:
            if do_keys_fit(session) is False:
                obstacles.append("keys")
    except STORAGE_ERRORS:
        obstacles.append("database")
    if shutil.disk_usage(config.instance_dir).free < LEAST_FREE:
        obstacles.append("disk")
    return obstacles
