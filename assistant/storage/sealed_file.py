"""A small file for another installation, sealed with a code that travels another way.

The code is random, of 20 letters and digits (99 bits), and is stored nowhere. scrypt makes the key of it, with a salt
of each file (RFC 7914), and AES-256-GCM seals the content together with the head of the file.

    file = "MOA-PART" | version (1 byte) | salt (16) | nonce (12) | ciphertext and tag
"""

from __future__ import annotations

import os
import secrets
from hashlib import scrypt

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assistant.errors import InputError

MAGIC, VERSION = b"MOA-PART", b"\x01"
SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES = 16, 12, 16, 32
HEAD_BYTES = len(MAGIC) + len(VERSION) + SALT_BYTES
LARGEST_CONTENT = 8_000_000
"""Bytes; an answers file is no larger either."""
LARGEST_FILE = HEAD_BYTES + NONCE_BYTES + LARGEST_CONTENT + TAG_BYTES
COST, BLOCK, PARALLEL = 2**15, 8, 1
"""scrypt's parameters of version 1: 32 MB and a tenth of a second for each try."""
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None that is taken for another."""
CODE_LETTERS, GROUP = 20, 4
NOT_OURS = (
    "This is not a file that a colleague handed over with this program. Choose the file that your colleague sent."
)
NEWER = "This file was made by a newer version of this program. Update this program, then open the file again."
WRONG = "The code does not open this file. Check the code, or ask your colleague for the file and the code again."


def new_code() -> str:
    """Return a new random code: "2f7k-9mnp-…", five groups of four."""
    letters = [secrets.choice(LETTERS) for _ in range(CODE_LETTERS)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, CODE_LETTERS, GROUP))


def read_code(text: str) -> str | None:
    """Return the letters of a code, however it was typed; None where it is none."""
    letters = "".join(text.split()).replace("-", "").replace("\u2013", "").lower()
    return letters if len(letters) == CODE_LETTERS and set(letters) <= set(LETTERS) else None


def seal_with_code(content: bytes, code: str) -> bytes:
    """Return a file that only this code opens.

    Raises:
        InputError: the content is too large, or the code is none of ``new_code``.
    """
    letters = read_code(code)
    if letters is None:
        raise InputError("This is not a code of this program. Load the page again to get a new one.")
    if len(content) > LARGEST_CONTENT:
        raise InputError("This is too large for one file: more than 8 MB. Hand over one step at a time.")
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    head = MAGIC + VERSION + salt
    return head + nonce + AESGCM(_key(letters, salt)).encrypt(nonce, content, head)


def open_with_code(data: bytes, code: str) -> bytes:
    """Return what was sealed.

    Raises:
        InputError: this is no such file, it is of a newer version, or the code does not open it; one sentence each.
    """
    if not data.startswith(MAGIC) or len(data) > LARGEST_FILE:
        raise InputError(NOT_OURS)
    if data[len(MAGIC) : len(MAGIC) + 1] != VERSION:
        raise InputError(NEWER)
    letters = read_code(code)
    if letters is None or len(data) < HEAD_BYTES + NONCE_BYTES + TAG_BYTES:
        raise InputError(WRONG)
    head, nonce = data[:HEAD_BYTES], data[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES]
    try:
        key = _key(letters, head[len(MAGIC) + len(VERSION) :])
        return AESGCM(key).decrypt(nonce, data[HEAD_BYTES + NONCE_BYTES :], head)
    except InvalidTag:
        raise InputError(WRONG) from None


def _key(letters: str, salt: bytes) -> bytes:
    memory = 128 * COST * BLOCK * 2  # twice what it needs; OpenSSL refuses at its own limit
    return scrypt(letters.encode(), salt=salt, n=COST, r=BLOCK, p=PARALLEL, maxmem=memory, dklen=KEY_BYTES)
