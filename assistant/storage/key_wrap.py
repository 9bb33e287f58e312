"""A passphrase around the key file: without it, whoever copies the whole folder has nothing that opens.

scrypt makes a key of the passphrase and a salt (RFC 7914), and AES-256-GCM seals the ring with it. The cost is that of
OWASP's password sheet: 128 MB and a third of a second for each try.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from dataclasses import dataclass, field
from hashlib import scrypt
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assistant.errors import InputError, LockedKeysError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "moa-keys/2"
COST, BLOCK, PARALLEL = 2**17, 8, 1
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
LEAST_LETTERS, MOST_LETTERS = 15, 500
"""Characters of a passphrase. NIST SP 800-63B-4 asks for 15 where nothing else is asked for, and for no composition."""
NEEDED = "The keys are protected by a passphrase. Enter it, or name a file that holds it in ASSISTANT_PASSPHRASE_FILE."
WRONG = "This passphrase does not open the keys. Check it, and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """What was made of a passphrase: enough to open the file it belongs to and to write it again."""

    salt: bytes
    key: bytes = field(repr=False)


def make_wrapping(passphrase: str, *, salt: bytes | None = None) -> Wrapping:
    """Return what protects a key file by this passphrase; ``salt`` is that of a file that is there already."""
    salt = salt or os.urandom(SALT_BYTES)
    memory = 128 * COST * BLOCK * 2  # twice what it needs; OpenSSL refuses at its own limit
    # The same letters may be typed as one character or as two (NIST SP 800-63B-4, 3.1.1.2).
    letters = unicodedata.normalize("NFKC", passphrase).encode()
    return Wrapping(
        salt=salt, key=scrypt(letters, salt=salt, n=COST, r=BLOCK, p=PARALLEL, maxmem=memory, dklen=KEY_BYTES)
    )


def read_passphrase_file(file: Path) -> str:
    """Return the passphrase that a file holds in its first line.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        return file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The passphrase file {file} cannot be read. Check the path and its permissions.") from None


def refuse_weak(passphrase: str) -> None:
    """Do nothing where a passphrase may be used.

    Raises:
        InputError: it is too short or too long, or one letter again and again.
    """
    if not LEAST_LETTERS <= len(passphrase) <= MOST_LETTERS:
        raise InputError(
            f"Use a passphrase of {LEAST_LETTERS} to {MOST_LETTERS} characters, such as four words or more."
        )
    if len(set(passphrase)) < LEAST_LETTERS // 3:
        raise InputError("Use a passphrase of more than a few different characters, such as four words or more.")


def is_wrapped(document: object) -> bool:
    """Return whether a key file, as JSON, is protected by a passphrase."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def salt_of(document: dict[str, Any]) -> bytes:
    """Return the salt of a protected key file.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    return base64.b64decode(document["salt"], validate=True)


def wrap(content: bytes, wrapping: Wrapping) -> bytes:
    """Return a key file around the content of another one."""
    nonce = os.urandom(NONCE_BYTES)
    document = {"format": FORMAT, "kdf": f"scrypt {COST} {BLOCK} {PARALLEL}", "salt": _text(wrapping.salt)}
    sealed = AESGCM(wrapping.key).encrypt(nonce, content, json.dumps(document).encode())
    return (json.dumps(document | {"nonce": _text(nonce), "sealed": _text(sealed)}, indent=2) + "\n").encode("ascii")


def unwrap(document: dict[str, Any], wrapping: Wrapping) -> bytes:
    """Return the content of a protected key file.

    Raises:
        LockedKeysError: the passphrase is another one, or the file was altered.
        KeyError, ValueError, TypeError: it is no such file.
    """
    nonce, sealed = (base64.b64decode(document[name], validate=True) for name in ("nonce", "sealed"))
    head = {name: document[name] for name in ("format", "kdf", "salt")}
    try:
        return AESGCM(wrapping.key).decrypt(nonce, sealed, json.dumps(head).encode())
    except InvalidTag:
        raise LockedKeysError(WRONG) from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
