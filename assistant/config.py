"""Each setting with its default and meaning, and where things lie.

Knows names and places, opens no database and starts nothing. A setting comes from the environment
(``ASSISTANT_`` and its name in capitals), else from ``instance/config.toml`` (its name as below), else from here.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from assistant.disk import PRIVATE, create_atomically
from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
"""The folder of a clone; in an installed wheel the folder of all packages, where none of ours lies."""
PACKED = PACKAGE / "_data"

KEY_BYTES = 32
TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

FORMER = frozenset({"sheet_max_bytes", "idle_seconds", "session_seconds"})
"""Settings of earlier versions, which nothing ever read. A config.toml that names one is not refused for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings. A docstring below each says what it means; sizes are bytes, times seconds."""

    instance_dir: Path
    """Where database, keys, forms, exports and logs lie. The clone's ``instance/``, else the user's data folder."""

    database_url: str = ""
    """An SQLAlchemy address; empty is SQLite in the instance folder. ``postgresql+psycopg://…`` for many processes."""

    jobs: Literal["here", "queue"] = "here"
    """Who does long work: "here", threads of the wizard; "queue", ``moa worker`` on PostgreSQL, in other processes."""

    mode: Literal["single", "shared"] = "single"
    """"single": one person at one computer, without accounts. "shared": agencies with accounts, roles and sign-in."""

    host: str = "127.0.0.1"
    """The address that ``moa serve`` listens on."""

    port: int = 8287
    """The port that ``moa serve`` listens on."""

    threads: int = 4
    """How many requests one server process answers at a time, those that wait for a PDF to be read not counted."""

    start_token: bool = True
    """Whether the address that ``moa serve`` prints carries a token, without which nobody can open the wizard."""

    passphrase_file: str = ""
    """A file whose first line is the passphrase of the keys, for a server without a terminal; empty is to ask."""

    idle_lock_minutes: int = 30
    """Minutes without use after which the wizard asks again for the passphrase that protects the keys; 0: never."""

    behind_tls: bool = False
    """Say true only where a proxy in front speaks TLS: marks cookies Secure. Refused in single mode."""

    proxy_hops: int = 0
    """How many proxies in front are ours; forwarded headers of exactly so many are believed. Refused as above."""

    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names this server answers to; any other Host header is refused. In the environment: with commas between."""

    upload_max_bytes: int = 25_000_000
    """The largest upload: a scanned MOA of 14 pages at 300 dpi stays well below."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least grave event that is written to ``instance/log/wizard.log``; "debug" adds every request by its route."""

    @property
    def database(self) -> str:
        """Return the address of the database, SQLite's file filled in."""
        return self.database_url or f"sqlite:///{(self.instance_dir / 'assistant.sqlite3').as_posix()}"

    @property
    def database_file(self) -> Path | None:
        """Return the file of an SQLite database, None where another server holds it."""
        url = self.database
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    @property
    def keys_dir(self) -> Path:
        """Return the folder of the keys, which no backup holds."""
        return self.instance_dir / "keys"

    @property
    def log_dir(self) -> Path:
        """Return the folder of the logs."""
        return self.instance_dir / "log"

    @property
    def keyring_file(self) -> Path:
        """Return the file of the keys that seal stored data."""
        return self.keys_dir / "keyring.json"

    def make_folders(self) -> None:
        """Make the instance folder and the log's, closed to other users of the machine.

        Raises:
            InputError: the place cannot be written.
        """
        try:
            self.log_dir.mkdir(parents=True, exist_ok=True)
            if self.instance_dir.stat().st_mode & 0o077:
                # A clone comes with the folder open; on Windows the user's own profile keeps others out.
                self.instance_dir.chmod(0o700)
        except OSError as error:
            sentence = f"{self.instance_dir} cannot be written: choose another folder with ASSISTANT_INSTANCE_DIR."
            raise InputError(sentence) from error

    def key(self, name: str) -> bytes:
        """Return the 32 secret bytes called ``name``, made on first use and readable by this user only."""
        return read_or_make_key(self.keys_dir / f"{name}.key")


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Return the settings in force.

    Raises:
        InputError: a setting cannot be read, or config.toml names one that does not exist.
    """
    environ = os.environ if environ is None else environ
    instance = instance_dir(environ)
    file_values = _read_toml(instance / "config.toml")
    hints = get_type_hints(Config)
    values: dict[str, Any] = {"instance_dir": instance}
    for setting in fields(Config):
        name = setting.name
        if name == "instance_dir":
            continue
        if (text := environ.get(f"ASSISTANT_{name.upper()}")) is not None:
            values[name] = _from_text(f"ASSISTANT_{name.upper()}", text, hints[name])
        elif name in file_values:
            values[name] = _from_toml(f"{name} in {instance / 'config.toml'}", file_values[name], hints[name])
    setting_names = {setting.name for setting in fields(Config)} - {"instance_dir"} | FORMER
    unknown = sorted(file_values.keys() - setting_names)
    if unknown:
        raise InputError(f"There is no setting {unknown[0]}. Remove it from {instance / 'config.toml'}.")
    return Config(**values)


def instance_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Return the instance folder, without reading any other setting."""
    environ = os.environ if environ is None else environ
    return Path(environ["ASSISTANT_INSTANCE_DIR"]).absolute() if environ.get("ASSISTANT_INSTANCE_DIR") else _home()


def _home() -> Path:
    """Return the instance folder of the clone, else one in the user's own data folder."""
    if in_checkout():
        return CHECKOUT / "instance"
    from platformdirs import user_data_path  # noqa: PLC0415  # an installed wheel only

    return user_data_path("moa-assistant", appauthor=False)


def in_checkout() -> bool:
    """Return whether this package runs from a clone rather than from an installed wheel."""
    return not PACKED.is_dir() and (CHECKOUT / "pyproject.toml").is_file()


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, OSError) as error:
        # TOMLDecodeError and UnicodeDecodeError are ValueErrors.
        raise InputError(f"Correct {path}: it cannot be read as TOML ({type(error).__name__}).") from error


def _from_text(name: str, text: str, hint: Any) -> Any:
    if hint is int:
        return _whole_number(name, int(text) if text.strip().isascii() and text.strip().isdigit() else None)
    if hint is bool:
        return _truth(name, value=TRUTHS.get(text.lower()))
    if hint == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return _one_of(name, text, hint) if get_origin(hint) is Literal else text


def _from_toml(name: str, value: Any, hint: Any) -> Any:
    if hint is int:
        return _whole_number(name, value if type(value) is int and value >= 0 else None)
    if hint is bool:
        return _truth(name, value=value if isinstance(value, bool) else None)
    if hint == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise InputError(f"Write {name} as a list of texts.")
        return tuple(value)
    if not isinstance(value, str):
        raise InputError(f"Write {name} as a text.")
    return _one_of(name, value, hint) if get_origin(hint) is Literal else value


def _one_of(name: str, value: str, hint: Any) -> str:
    words = get_args(hint)
    if value not in words:
        raise InputError(f"Write {name} as {', '.join(words[:-1])} or {words[-1]}.")
    return value


def _whole_number(name: str, value: int | None) -> int:
    if value is None:
        raise InputError(f"Write {name} as a whole number.")
    return value


def _truth(name: str, *, value: bool | None) -> bool:
    if value is None:
        raise InputError(f"Write {name} as true or false.")
    return value


def resource_dir(name: Literal["templates", "forms", "fonts"]) -> Path:
    """Return where pages, form maps or the fonts for PDFs lie: in the wheel, or in the clone.

    Raises:
        InputError: the folder is absent; only the fonts can be, where the npm packages were never installed.
    """
    if name == "fonts":
        assets = assets_dir()
        if assets is None or not (assets / "arimo").is_dir():
            raise InputError(f"The fonts are missing: {_get_fonts()}")
        return assets / "arimo"
    place = (CHECKOUT if in_checkout() else PACKED) / name
    if not place.is_dir():
        raise InputError(f"The folder {place} is missing, so this installation is not complete. Install it again.")
    return place


def font_path(style: Literal["Regular", "Bold"]) -> Path:
    """Return the Arimo TrueType file, for names that the base fonts of PDF cannot write.

    Raises:
        InputError: it was never installed.
    """
    assets, name = assets_dir(), f"Arimo-{style}.ttf"
    if assets is not None and (path := assets / "arimo" / name).is_file():
        return path
    resource_dir("fonts")  # raises where it is not this font alone
    raise InputError(f"The font {name} is missing: {_get_fonts()}")


def _get_fonts() -> str:
    if in_checkout():
        return "run `python3 bootstrap.py setup` in the clone first."
    return "run `python3 bootstrap.py setup` in the clone, then install from it again."


def assets_dir() -> Path | None:
    """Return the folder of the installed page style (css, fonts, img), or None: pages then come in plain style."""
    place = CHECKOUT / "instance" / "assets" if in_checkout() else PACKED / "assets"
    return place if place.is_dir() else None


def read_or_make_key(path: Path) -> bytes:
    """Return the key kept in ``path``; make it where there is none, for this user's eyes only.

    Two processes that start together end with the same key: the first to put its file in place wins.

    Raises:
        InputError: what lies there is no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        create_atomically(path, secrets.token_hex(KEY_BYTES).encode(), mode=PRIVATE)
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(f"{path} is not a key. Restore the right one, because stored data cannot be read without it.")
    return key
