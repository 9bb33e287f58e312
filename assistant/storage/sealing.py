"""Sealed values: AES-256-GCM under a key that lies outside the database and outside its backups.

A sealed value names its key and is bound to its place (table, column, row): moved to another place, it does not
open. Knows no database; ``tables`` says what is sealed.

    sealed = version (1 byte) | key id (4) | nonce (12) | ciphertext and tag
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assistant.cache import FileState, LruCache, file_state
from assistant.disk import PRIVATE, create_atomically, sync_folder, write_atomically
from assistant.errors import LockedKeysError, SealError
from assistant.storage.key_wrap import NEEDED, Wrapping, is_wrapped, make_wrapping, salt_of, unwrap, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

VERSION = b"\x01"
ID_BYTES = 4
NONCE_BYTES = 12  # NIST SP 800-38D, 8.2: random nonces of 96 bits, fewer than 2**32 values under one key
KEY_BYTES = 32
HEAD_BYTES = len(VERSION) + ID_BYTES + NONCE_BYTES
FORMAT = "moa-keys/1"
MOST_REMEMBERED, LARGEST_REMEMBERED = 64, 64_000
"""Opened texts in memory, and bytes of each: an application with some 150 nominees; 4 MB at most."""
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Keyring:
    """The keys of one installation: the current one seals, every one opens; ``audit`` signs the history.

    ``audit`` stays when the sealing key is changed, since the history keeps its signatures. ``rotating`` says that a
    new key was made and not everything is sealed with it yet. ``file`` is where the ring was read from: another
    process may put a newer ring there, which ``refresh`` takes over. ``wrapping`` is what was made of the passphrase
    that protects the file, None where none does.
    """

    current: bytes
    keys: Mapping[bytes, bytes] = field(repr=False)
    audit: bytes = field(repr=False)
    rotating: bool = False
    wrapping: Wrapping | None = field(default=None, repr=False, compare=False)
    file: Path | None = field(default=None, repr=False, compare=False)
    _file_state: FileState | None = field(default=None, repr=False, compare=False)
    _ciphers: dict[bytes, AESGCM] = field(default_factory=dict, repr=False, compare=False)
    _opened: LruCache[tuple[str, bytes], Any] = field(
        default_factory=lambda: LruCache(MOST_REMEMBERED, personal=True), repr=False, compare=False
    )

    def seal(self, text: str, place: str) -> bytes:
        """Return the text sealed for this place ("applications.answers.<row>")."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """Return the bytes sealed for this place, with the newest key of the key file."""
        self.refresh()
        nonce = os.urandom(NONCE_BYTES)
        current = self.current  # asked for once: another thread may take a newer ring over at any moment
        head = VERSION + current
        return head + nonce + self._cipher(current).encrypt(nonce, data, head + place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text that was sealed for this place.

        Raises:
            SealError: the key is not on the ring, or the value was altered or moved.
        """
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Return the bytes that were sealed for this place.

        Raises:
            SealError: the key is not on the ring, or the value was altered or moved.
        """
        head, nonce = sealed[: len(VERSION) + ID_BYTES], sealed[len(VERSION) + ID_BYTES : HEAD_BYTES]
        if head[1:] not in self.keys:
            self.refresh()
        if len(sealed) < HEAD_BYTES or head[:1] != VERSION or head[1:] not in self.keys:
            raise SealError(place, "This is sealed with a key that is not in the key file. Restore the right key file.")
        try:
            return self._cipher(head[1:]).decrypt(nonce, sealed[HEAD_BYTES:], head + place.encode())
        except InvalidTag:
            raise SealError(place, "This was changed outside this program. Restore it from a backup.") from None

    def opened(self, sealed: bytes, place: str, read: Callable[[str], T]) -> T:
        """Return what ``read`` makes of a sealed text; the last few are kept, so that asking again opens nothing.

        Raises:
            SealError: as ``open``.
        """
        if len(sealed) > LARGEST_REMEMBERED:
            return read(self.open(sealed, place))
        value: T = self._opened.get_or_make((place, sealed), lambda: read(self.open(sealed, place)))
        return value

    def remember(self, sealed: bytes, place: str, value: object) -> None:
        """Keep what a sealed text says for the next ``opened``, unless it is large."""
        if len(sealed) <= LARGEST_REMEMBERED:
            self._opened.put((place, sealed), value)

    def forget(self) -> None:
        """Let go of what was opened lately; called where somebody's data is erased."""
        self._opened.clear()

    def is_current(self, sealed: bytes) -> bool:
        """Say whether a value is sealed with the current key."""
        return sealed[: len(VERSION) + ID_BYTES] == self.current_head

    @property
    def current_head(self) -> bytes:
        """Return the bytes that begin every value that is sealed with the current key."""
        return VERSION + self.current

    def refresh(self) -> None:
        """Take over the newer ring that another process put into the key file; ``moa keys rotate`` does so.

        A ring that lacks one of our keys is none of this installation and is left alone.
        """
        if self.file is None or (state := _state_of(self.file)) in {None, self._file_state}:
            return
        try:
            newer = read_keyring(self.file, wrapping=self.wrapping)
        except SealError:
            newer = self  # another passphrase, or none of ours: what is in memory still opens everything
        if newer.audit == self.audit and self.keys.items() <= newer.keys.items():
            self.keys, self.current, self.rotating = newer.keys, newer.current, newer.rotating
            self.wrapping = newer.wrapping
        # Last, so that another thread that seals meanwhile reads the newer ring too.
        self._file_state = state

    def sign(self, *parts: bytes) -> bytes:
        """Return a signature (HMAC-SHA-256) of the parts, which nobody can make without the key file."""
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.audit, message, hashlib.sha256)

    def with_new_key(self) -> Keyring:
        """Return a ring on which a new key is current and every older one still opens; its rotation has begun."""
        name = secrets.token_bytes(ID_BYTES)
        while name in self.keys:
            name = secrets.token_bytes(ID_BYTES)
        keys = {**self.keys, name: secrets.token_bytes(KEY_BYTES)}
        return Keyring(current=name, keys=keys, audit=self.audit, rotating=True, wrapping=self.wrapping)

    def without_old_keys(self) -> Keyring:
        """Return a ring with the current key alone; call it only once everything is sealed again."""
        return Keyring(current=self.current, keys={self.current: self.keys[self.current]}, audit=self.audit)

    def _cipher(self, name: bytes) -> AESGCM:
        cipher = self._ciphers.get(name)
        if cipher is None:
            cipher = self._ciphers[name] = AESGCM(self.keys[name])
        return cipher


def new_keyring() -> Keyring:
    """Return a ring with one new random key."""
    name = secrets.token_bytes(ID_BYTES)
    return Keyring(current=name, keys={name: secrets.token_bytes(KEY_BYTES)}, audit=secrets.token_bytes(KEY_BYTES))


def open_keyring(path: Path, *, ask_passphrase: Callable[[], str] | None = None) -> Keyring:
    """Return the ring in a key file, which is made (mode 0600) where there is none yet.

    Two processes that start at once end up with the same ring: the second finds the first one's file.

    Raises:
        SealError: the file is there and is no key file.
        LockedKeysError: as ``read_keyring``.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_atomically(path, _file(new_keyring()), mode=PRIVATE)
        sync_folder(path.parent)
    return read_keyring(path, ask_passphrase=ask_passphrase)


def read_keyring(
    path: Path, *, wrapping: Wrapping | None = None, ask_passphrase: Callable[[], str] | None = None
) -> Keyring:
    """Return the ring in a key file.

    Where a passphrase protects it, ``wrapping`` opens it where it belongs to this very file, else the passphrase that
    ``ask_passphrase`` returns.

    Raises:
        SealError: it cannot be read, or is no key file.
        LockedKeysError: a passphrase protects it, and none or another one was given.
    """
    state = _state_of(path)
    try:
        document = json.loads(path.read_text("ascii"))
        wrapping = _wrapping_for(document, wrapping, ask_passphrase) if is_wrapped(document) else None
        if wrapping is not None:
            document = json.loads(unwrap(document, wrapping))
        keys = {bytes.fromhex(name): base64.b64decode(key, validate=True) for name, key in document["keys"].items()}
        ring = Keyring(
            current=bytes.fromhex(document["current"]),
            keys=keys,
            audit=base64.b64decode(document["audit"], validate=True),
            rotating=document.get("rotating") is True,
            wrapping=wrapping,
            file=path,
            _file_state=state,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SealError(path.name, "This is not a key file of this program. Restore the right key file.") from None
    right = document.get("format") == FORMAT and ring.current in keys and {len(name) for name in keys} == {ID_BYTES}
    if not right or {len(key) for key in (*keys.values(), ring.audit)} != {KEY_BYTES}:
        raise SealError(path.name, "This is not a key file of this program. Restore the right key file.")
    return ring


def _wrapping_for(
    document: dict[str, Any], wrapping: Wrapping | None, ask_passphrase: Callable[[], str] | None
) -> Wrapping:
    salt = salt_of(document)
    if wrapping is not None and wrapping.salt == salt:
        return wrapping
    if ask_passphrase is None:
        raise LockedKeysError(NEEDED)
    return make_wrapping(ask_passphrase(), salt=salt)


def is_protected(path: Path) -> bool:
    """Return whether a passphrase protects a key file."""
    try:
        return is_wrapped(json.loads(path.read_text("ascii")))
    except (OSError, ValueError):
        return False


def write_keyring(path: Path, ring: Keyring) -> None:
    """Put a ring in the place of the key file, all or nothing, so that it is there after a power cut too."""
    write_atomically(path, _file(ring), mode=PRIVATE)
    sync_folder(path.parent)


def _state_of(path: Path) -> FileState | None:
    """Return the state of a file, None where there is none."""
    try:
        return file_state(path)
    except OSError:
        return None


def _file(ring: Keyring) -> bytes:
    document = {
        "format": FORMAT,
        "current": ring.current.hex(),
        "keys": {name.hex(): base64.b64encode(key).decode() for name, key in ring.keys.items()},
        "audit": base64.b64encode(ring.audit).decode(),
    } | ({"rotating": True} if ring.rotating else {})
    content = (json.dumps(document, indent=2) + "\n").encode("ascii")
    return content if ring.wrapping is None else wrap(content, ring.wrapping)
