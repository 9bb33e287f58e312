"""Files that are encrypted and open without a password (7.6): read, and written so that they stay as protected.

The standard security handler with an empty user password: RC4 of 40 to 128 bits, AES-128, AES-256 (revisions 2 to 6).
What is appended is encrypted with the file's own key. Initialization vectors come from the plain bytes and the key, so
that the same fill gives the same file; nobody who lacks the key learns more from that than that two files are equal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import PdfDictionary, Stream

NEEDS_PASSWORD = "The PDF needs a password. Open it with the password, print it to a new PDF, and use that copy."  # noqa: S105 - a sentence
RARE_KEY = (
    "The PDF is encrypted with an unknown key length. Open it in a PDF reader, print it to a new PDF, and use "
    "that copy."
)
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_BLOCK = 16
_LEAST_KEY = 5
"""Bytes: a key has this many to ``_BLOCK``."""
_FIRST_REVISION = 2
"""/R of the first way of encrypting; later ones hash the password fifty times more."""
_CRYPT_FILTERS = 4
"""/V and /R from which strings and streams name their own methods."""
_LEAST_ROUNDS = 64
"""Rounds of algorithm 2.B before its end is looked for."""
_FIRST_AES_256 = 5
_HASH_R6 = 6


@dataclass(frozen=True, slots=True)
class Encryption:
    """The key of one file, and how its strings and streams are encrypted: None, V2 (RC4), AESV2 or AESV3."""

    key: bytes
    strings: str
    streams: str
    permissions: int
    metadata: bool
    """Whether the metadata stream is encrypted too."""

    @classmethod
    def opened(cls, settings: PdfDictionary, first_id: bytes) -> Self:
        """Return the encryption of a file, opened with the empty password.

        Raises:
            PdfError: it takes a password, or another way of encrypting.
        """
        version, revision = settings.get("V", 0), settings.get("R", 0)
        if settings.get("Filter") != "Standard" or version not in {1, 2, 4, 5} or revision not in range(2, 7):
            raise PdfError(NEEDS_PASSWORD)
        permissions = settings["P"] & 0xFFFFFFFF
        metadata = settings.get("EncryptMetadata", True) is not False
        methods = [_method(settings, "StrF"), _method(settings, "StmF")] if version >= _CRYPT_FILTERS else ["V2", "V2"]
        if revision >= _FIRST_AES_256:
            key = _key_256(settings, revision)
        else:
            length = _BLOCK if version == _CRYPT_FILTERS else settings.get("Length", 8 * _LEAST_KEY) // 8
            if revision == _FIRST_REVISION:
                length = _LEAST_KEY
            if not _LEAST_KEY <= length <= _BLOCK:
                raise PdfError(RARE_KEY)
            tail = b"\xff\xff\xff\xff" if revision >= _CRYPT_FILTERS and not metadata else b""
            seed = _PAD + settings["O"][:32] + permissions.to_bytes(4, "little") + first_id + tail
            key = _key_128(seed, revision, length)
            if _user_entry(key, revision, first_id) != settings["U"][: 32 if revision == _FIRST_REVISION else 16]:
                raise PdfError(NEEDS_PASSWORD)
        if revision == _FIRST_REVISION:  # it has one bit for notes and for filling in
            permissions &= ~(1 << 8)
        return cls(key, methods[0], methods[1], permissions, metadata)

    def decrypted(self, value: Any, number: int, generation: int) -> Any:
        """Return an object as it was before it was encrypted."""
        if isinstance(value, Stream):
            kind = value.dictionary.get("Type")
            if kind == "XRef":
                return value
            plain = (kind == "Metadata" and not self.metadata) or _has_identity(value.dictionary)
            raw = value.raw if plain else self._change(value.raw, self.streams, number, generation, _decrypt)
            return Stream(self._strings(value.dictionary, number, generation, _decrypt), raw)
        return self._strings(value, number, generation, _decrypt)

    def encrypted(self, value: Any, number: int) -> Any:
        """Return an object that this program made, encrypted; its generation is 0."""
        if isinstance(value, Stream):
            raw = self._change(value.raw, self.streams, number, 0, _encrypt)
            return Stream(self._strings(value.dictionary, number, 0, _encrypt), raw)
        return self._strings(value, number, 0, _encrypt)

    def _strings(self, value: Any, number: int, generation: int, change: Any) -> Any:
        if isinstance(value, bytes):
            return self._change(value, self.strings, number, generation, change)
        if isinstance(value, list):
            return [self._strings(item, number, generation, change) for item in value]
        if isinstance(value, dict):
            # A signature's own bytes are never encrypted (12.8.1).
            left = "Contents" if "ByteRange" in value else None
            return {k: v if k == left else self._strings(v, number, generation, change) for k, v in value.items()}
        return value

    def _change(self, data: bytes, method: str, number: int, generation: int, change: Any) -> bytes:
        if method == "None":
            return data
        key = self.key
        if method != "AESV3":
            salted = number.to_bytes(4, "little")[:3] + generation.to_bytes(3, "little")[:2]
            salted += b"sAlT" if method == "AESV2" else b""
            key = _md5(key + salted)[: min(len(key) + 5, _BLOCK)]
        return bytes(_rc4(key, data) if method == "V2" else change(key, data))


def _method(settings: PdfDictionary, use: str) -> str:
    name = settings.get(use, "Identity")
    if name == "Identity":
        return "None"
    method = str(settings["CF"][name].get("CFM", "None"))
    if method not in {"None", "V2", "AESV2", "AESV3"}:
        raise PdfError(NEEDS_PASSWORD)
    return method


def _has_identity(dictionary: PdfDictionary) -> bool:
    """Say whether a stream says of itself that it is not encrypted (7.4.10)."""
    filters = dictionary.get("Filter")
    return "Crypt" in (filters if isinstance(filters, list) else [filters])


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    if len(key) * 8 in ARC4.key_sizes:
        return Cipher(ARC4(key), None).encryptor().update(data)
    # A key may have any number of bytes from 5 to 16, and the library takes only some of them.
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _decrypt(key: bytes, data: bytes) -> bytes:
    if len(data) < 2 * _BLOCK or len(data) % _BLOCK:
        return b""
    plain = Cipher(AES(key), CBC(data[:_BLOCK])).decryptor().update(data[_BLOCK:])
    return plain[: -plain[-1]] if 1 <= plain[-1] <= _BLOCK else plain


def _encrypt(key: bytes, data: bytes) -> bytes:
    start = hashlib.sha256(key + data).digest()[:_BLOCK]
    padding = _BLOCK - len(data) % _BLOCK
    return start + Cipher(AES(key), CBC(start)).encryptor().update(data + bytes([padding]) * padding)


def _key_128(seed: bytes, revision: int, length: int) -> bytes:
    """Return the file's key (algorithm 2)."""
    key = _md5(seed)
    for _ in range(50 if revision > _FIRST_REVISION else 0):
        key = _md5(key[:length])
    return key[:length]


def _user_entry(key: bytes, revision: int, first_id: bytes) -> bytes:
    """Return what /U begins with where the password is right (algorithms 4 and 5)."""
    if revision == _FIRST_REVISION:
        return _rc4(key, _PAD)
    entry = _md5(_PAD + first_id)
    for n in range(20):
        entry = _rc4(bytes(b ^ n for b in key), entry)
    return entry


def _key_256(settings: PdfDictionary, revision: int) -> bytes:
    """Return the file's key (algorithm 2.A)."""
    user = settings["U"]
    if _hash(user[32:40], revision) != user[:32]:
        raise PdfError(NEEDS_PASSWORD)
    wrapped = Cipher(AES(_hash(user[40:48], revision)), CBC(bytes(_BLOCK))).decryptor()
    return wrapped.update(settings["UE"][:32])


def _hash(salt: bytes, revision: int) -> bytes:
    """Return the hash of the empty password with a salt (algorithm 2.B; revision 5 stops after the first)."""
    key = hashlib.sha256(salt).digest()
    if revision < _HASH_R6:
        return key
    rounds = 0
    while True:
        mixed = Cipher(AES(key[:16]), CBC(key[16:32])).encryptor().update(key * 64)
        which = sum(mixed[:16]) % 3
        key = hashlib.new(("sha256", "sha384", "sha512")[which], mixed).digest()
        rounds += 1
        if rounds >= _LEAST_ROUNDS and mixed[-1] <= rounds - 32:
            return key[:32]
