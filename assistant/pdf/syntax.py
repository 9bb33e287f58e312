"""PDF objects as Python values: parse (7.3) and write them again.

    null, booleans, numbers   None, bool, int, float
    name                      Name (text, without the slash)
    string                    bytes
    array, dictionary         list, dict with str keys (a Name is a str)
    reference                 Ref
    stream                    Stream (its dictionary and its bytes as stored)

The parser is strict and bounded: what is not PDF syntax raises ``PdfError``; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.errors import PdfError

MAX_DEPTH = 60
BROKEN = "The PDF is damaged; open it in a PDF reader, save it again or download it anew."

# One token: a delimiter, a name, a number or keyword. White space and comments (7.2.3) are passed over first.
_SPACE = re.compile(rb"(?:[\0\t\n\f\r ]+|%[^\r\n]*)*")
_TOKEN = re.compile(rb"<<|>>|[\[\]()<{}]|/[^\0\t\n\f\r ()<>\[\]{}/%]*|[^\0\t\n\f\r ()<>\[\]{}/%]+")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)\Z")
_REFERENCE = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>\[\]{}/%])")
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING_PART = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|[\s\S])|\r\n?|[()]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b"", b"\r": b"", b"\n": b""}


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    number: int
    generation: int = 0


@dataclass(slots=True)
class Stream:
    """A stream: its dictionary and its bytes as they stand in the file (still encoded)."""

    dictionary: dict[str, Any]
    raw: bytes


class Keyword(bytes):
    """A bare word that is no object, such as ``obj``, ``stream`` and ``R``."""

    __slots__ = ()


class Lexer:
    """Read objects one after another from bytes, starting at ``position``."""

    __slots__ = ("data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        """Start reading at a byte offset."""
        self.data = data
        self.position = position

    def skip_space(self) -> int:
        """Pass over white space and comments; return the new position."""
        space = _SPACE.match(self.data, self.position)
        if space is not None:  # it always is: the pattern matches the empty text too
            self.position = space.end()
        return self.position

    def next_object(self, depth: int = 0) -> Any:  # noqa: C901, PLR0911 - one branch for each kind of object
        """Return the next object; a bare word comes back as ``Keyword``.

        Raises:
            PdfError: there is no object here.
        """
        if depth > MAX_DEPTH:
            raise PdfError(BROKEN)
        start = self.skip_space()
        match = _TOKEN.match(self.data, start)
        if match is None:
            raise PdfError(BROKEN)
        token = match.group()
        first = token[0]
        self.position = match.end()
        if 0x30 <= first <= 0x39:  # noqa: PLR2004 - a digit: perhaps a reference
            reference = _REFERENCE.match(self.data, start)
            if reference:
                self.position = reference.end()
                return Ref(int(reference[1]), int(reference[2]))
        if first == 0x2F:  # noqa: PLR2004 - /
            return _name(token)
        if token == b"<<":
            return self._dictionary(depth)
        if token == b"[":
            return self._array(depth)
        if token == b"(":
            return self._string()
        if token == b"<":
            return self._hex_string()
        if _NUMBER.match(token):
            return float(token) if b"." in token else int(token[:20])
        if token in {b"true", b"false"}:
            return token == b"true"
        if token == b"null":
            return None
        return Keyword(token)

    def _dictionary(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            key = self.next_object(depth + 1)
            if isinstance(key, Keyword) and key == b">>":
                return found
            if not isinstance(key, Name):
                raise PdfError(BROKEN)
            value = self.next_object(depth + 1)
            if isinstance(value, Keyword):
                raise PdfError(BROKEN)
            found[str(key)] = value

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while True:
            item = self.next_object(depth + 1)
            if isinstance(item, Keyword):
                if item == b"]":
                    return found
                raise PdfError(BROKEN)
            found.append(item)

    def _string(self) -> bytes:
        parts: list[bytes] = []
        level = 1
        while True:
            match = _STRING_PART.match(self.data, self.position)
            if match is None:
                raise PdfError(BROKEN)
            self.position = match.end()
            part = match.group()
            if part == b"(":
                level += 1
            elif part == b")":
                level -= 1
                if not level:
                    return b"".join(parts)
            elif part[0] == 0x5C:  # noqa: PLR2004 - a backslash
                rest = part[1:]
                part = bytes([int(rest, 8) & 255]) if rest[0] in b"01234567" else _ESCAPES.get(rest, rest)
            elif part[0] == 0x0D:  # noqa: PLR2004 - any end of line in a string is a line feed (7.3.4.2)
                part = b"\n"
            parts.append(part)

    def _hex_string(self) -> bytes:
        end = self.data.find(b">", self.position)
        if end < 0:
            raise PdfError(BROKEN)
        digits = b"".join(self.data[self.position : end].split()).replace(b"\0", b"")
        self.position = end + 1
        try:
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        except ValueError:
            raise PdfError(BROKEN) from None


def _name(token: bytes) -> Name:
    text = token[1:]
    if b"#" in text:
        text = _HEX_IN_NAME.sub(lambda m: bytes([int(m[1], 16)]), text)
    return Name(text.decode("utf-8", "surrogateescape"))


_NAME_UNSAFE = re.compile(rb"[^!-~]|[()<>\[\]{}/%#]")
_STRING_UNSAFE = re.compile(rb"[\\()\r]")


def write_object(value: Any) -> bytes:  # noqa: PLR0911 - one exit for each kind of object
    """Return the bytes of an object; parsing them gives the same object again."""
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, str):
        return write_name(value)
    if isinstance(value, bytes):
        return write_string(value)
    if isinstance(value, list):
        return b"[" + b" ".join(map(write_object, value)) + b"]"
    if isinstance(value, dict):
        return b"<<" + b"".join(write_name(k) + b" " + write_object(v) for k, v in value.items()) + b">>"
    raise TypeError(f"{type(value).__name__} is no PDF object that can stand in another")


def write_number(value: float) -> bytes:
    """Return a real number without an exponent (7.3.3); it reads back as the same number."""
    text = repr(value)
    if "e" in text:
        text = f"{value:.12f}".rstrip("0")
    return text.removesuffix(".0").removesuffix(".").encode("ascii")


def write_name(text: str) -> bytes:
    """Return a name with its slash, unusual bytes escaped (7.3.5)."""
    return b"/" + _NAME_UNSAFE.sub(lambda m: b"#%02X" % m[0][0], text.encode("utf-8", "surrogateescape"))


def write_string(data: bytes) -> bytes:
    """Return a literal string (7.3.4.2)."""
    return b"(" + _STRING_UNSAFE.sub(lambda m: b"\\r" if m[0] == b"\r" else b"\\" + m[0], data) + b")"


def write_stream(dictionary: dict[str, Any], data: bytes) -> bytes:
    """Return a stream object's bytes; /Length is set."""
    return write_object(dictionary | {"Length": len(data)}) + b"\nstream\n" + data + b"\nendstream"


def text_string(text: str) -> bytes:
    """Return a text string (7.9.2.2): ASCII as it is, anything else UTF-16BE with its mark."""
    return text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")


def read_text_string(data: object) -> str:
    """Return the text of a text string; a byte that PDFDocEncoding shares with Latin-1 is read as that."""
    if not isinstance(data, bytes):
        return data if isinstance(data, str) else ""
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return data.decode("latin-1").translate(_PDF_DOC)


# PDFDocEncoding where it differs from Latin-1 (annex D.2).
_PDF_DOC = dict(
    zip(
        [*range(0x18, 0x20), *range(0x80, 0x9F), 0xA0],
        "˘ˇˆ˙˝˛˚˜•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž€",  # noqa: RUF001 - these very letters
        strict=True,
    )
)
