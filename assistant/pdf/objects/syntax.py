"""PDF objects as Python values: parse (7.3) and write them again.

    null, booleans, numbers   None, bool, int, float
    name                      Name (text, without the slash)
    string                    bytes
    array, dictionary         list, dict with names as keys
    reference                 Ref
    stream                    Stream (its dictionary and its bytes as stored)

The parser is strict and bounded: what is not PDF syntax raises ``PdfError``; nothing is guessed.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from assistant.cache import cached_text
from assistant.errors import PdfError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 60
MAX_NUMBER = 400
"""Digits of a number that are read; nothing real has more."""
BROKEN = "The PDF is damaged. Open it in a PDF reader and save it as a new file, or download it again."

# One token with the white space and comments (7.2.3) before it. Possessive throughout: a run of digits or spaces that
# leads nowhere is looked at once, or a hostile file of them takes hours.
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_WHITE = rb"[\0\t\n\f\r ]"
_SPACE = re.compile(rb"%b*+(?:%%[^\r\n]*+%b*+)*+" % (_WHITE, _WHITE))
_TOKEN = re.compile(
    _SPACE.pattern
    + rb"(?:(/%b*+)|(\d{1,10})%b++(\d{1,5})%b++R(?!%b)" % (_REGULAR, _WHITE, _WHITE, _REGULAR)
    + rb"|([+-]?\d++(?!\.|%b))|([+-]?(?:\d++\.?\d*+|\.\d++)(?!%b))" % (_REGULAR, _REGULAR)
    + rb"|(<<)|(>>)|\(([^()\\\r]*+)\)|(\[)|(\])|(\()|<([0-9A-Fa-f\0\t\n\f\r ]*+)>|([{}]|%b++))" % _REGULAR
)
_NAME, _, _REF, _INT, _REAL, _DICT, _DICT_END, _PLAIN, _ARRAY, _ARRAY_END, _STRING, _HEX, _WORD = range(1, 14)
_OPENING, _CLOSING = frozenset({_DICT, _ARRAY}), frozenset({_DICT_END, _ARRAY_END})
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING_PART = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|[\s\S])|\r\n?|[()]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b"", b"\r": b"", b"\n": b""}
_WORDS = {b"true": True, b"false": False, b"null": None}


STREAM_START = re.compile(rb"[\0\t\n\f\r ]*+stream[\t ]*+(?:\r\n|\n|\r)")
"""What stands between a stream's dictionary and its bytes."""


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    number: int
    generation: int = 0


PdfDictionary: TypeAlias = dict[str, Any]
"""A PDF dictionary: objects of the table above, by names without their slash. A stranger's file may hold any of them
under any name, so each reader looks at what it gets."""


@dataclass(slots=True)
class Stream:
    """A stream: its dictionary and its bytes as they stand in the file (still encoded, no longer encrypted)."""

    dictionary: PdfDictionary
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

    def next_object(self) -> Any:
        """Return the next object; a bare word comes back as ``Keyword``.

        Raises:
            PdfError: there is no object here.
        """
        token_at, data, position = _TOKEN.match, self.data, self.position
        open_: list[tuple[list[Any], int]] = []
        items: list[Any] = []
        inside = 0
        while match := token_at(data, position):
            position = match.end()
            kind = match.lastindex
            value: Any
            if kind == _NAME:
                value = _name(match[_NAME])
            elif kind == _REF:
                value = _make(Ref, (int(match[_REF - 1]), int(match[_REF])))
            elif kind == _INT:
                value = int(match[_INT][:MAX_NUMBER])
            elif kind == _PLAIN:
                value = match[_PLAIN]
            elif kind == _REAL:
                value = float(match[_REAL][:MAX_NUMBER])
            elif kind in _OPENING:
                if len(open_) >= MAX_DEPTH:
                    break
                open_.append((items, inside))
                items, inside = [], kind
                continue
            elif kind in _CLOSING and open_:
                if kind != inside + 1:
                    break
                value = items if kind == _ARRAY_END else _dictionary(items)
                items, inside = open_.pop()
            elif kind == _HEX:
                value = _hex_string(match[_HEX])
            elif kind == _STRING:
                value, position = _string(data, position)
            else:
                token = match.group().lstrip(b"\0\t\n\f\r ") if kind != _WORD else match[_WORD]
                if token in _WORDS:
                    value = _WORDS[token]
                elif open_:
                    break
                else:
                    self.position = position
                    return Keyword(token)
            if not open_:
                self.position = position
                return value
            items.append(value)
        raise PdfError(BROKEN)


_make = tuple.__new__
"""A third of what ``Ref(…)`` costs, for what files hold most of."""


def _dictionary(items: list[Any]) -> PdfDictionary:
    keys = items[::2]
    if len(items) % 2 or any(type(key) is not Name for key in keys):
        raise PdfError(BROKEN)
    return dict(zip(keys, items[1::2], strict=True))


def _string(data: bytes, position: int) -> tuple[bytes, int]:
    """Return a string with parentheses, escapes or line ends in it, and where it ends; ``position`` is inside."""
    parts: list[bytes] = []
    level = 1
    while match := _STRING_PART.match(data, position):
        position = match.end()
        part = match.group()
        if part == b"(":
            level += 1
        elif part == b")":
            level -= 1
            if not level:
                return b"".join(parts), position
        elif part[0] == 0x5C:  # a backslash
            rest = part[1:]
            part = bytes([int(rest, 8) & 255]) if rest[0] in b"01234567" else _ESCAPES.get(rest, rest)
        elif part[0] == 0x0D:  # any end of line in a string is a line feed (7.3.4.2)
            part = b"\n"
        parts.append(part)
    raise PdfError(BROKEN)


def _hex_string(token: bytes) -> bytes:
    digits = b"".join(token.replace(b"\0", b"").split())
    return unhexlify(digits + b"0" * (len(digits) % 2))


@cached_text(4096)
def _name(token: bytes) -> Name:
    text = token[1:]
    if b"#" in text:
        text = _HEX_IN_NAME.sub(lambda m: bytes([int(m[1], 16)]), text)
    return Name(text.decode("utf-8", "surrogateescape"))


_NAME_UNSAFE = re.compile(rb"[^!-~]|[()<>\[\]{}/%#]")
_STRING_UNSAFE = re.compile(rb"[\\()\r]")


def write_object(value: Any) -> bytes:
    """Return the bytes of an object; parsing them gives the same object again."""
    return _WRITERS[type(value)](value)


def write_number(value: float) -> bytes:
    """Return a real number without an exponent (7.3.3); it reads back as the same number."""
    text = repr(value)
    if "e" in text:
        text = f"{value:.330f}".rstrip("0")
    return text.removesuffix(".0").removesuffix(".").encode("ascii")


@cached_text(4096)
def write_name(text: str) -> bytes:
    """Return a name with its slash, unusual bytes escaped (7.3.5)."""
    return b"/" + _NAME_UNSAFE.sub(lambda m: b"#%02X" % m[0][0], text.encode("utf-8", "surrogateescape"))


def write_string(data: bytes) -> bytes:
    """Return a literal string (7.3.4.2)."""
    if not _STRING_UNSAFE.search(data):
        return b"(%b)" % data
    return b"(" + _STRING_UNSAFE.sub(lambda m: b"\\r" if m[0] == b"\r" else b"\\" + m[0], data) + b")"


def write_dictionary(value: PdfDictionary) -> bytes:
    """Return a dictionary (7.3.7)."""
    return b"<<" + b"".join([write_name(k) + b" " + _WRITERS[type(v)](v) for k, v in value.items()]) + b">>"


def write_stream(dictionary: PdfDictionary, data: bytes) -> bytes:
    """Return a stream object's bytes; /Length is set."""
    return write_dictionary(dictionary | {"Length": len(data)}) + b"\nstream\n" + data + b"\nendstream"


_WRITERS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"null",
    bool: lambda value: b"true" if value else b"false",
    int: lambda value: b"%d" % value,
    float: write_number,
    Ref: lambda value: b"%d %d R" % value,
    str: write_name,
    Name: write_name,
    bytes: write_string,
    list: lambda value: b"[" + b" ".join([_WRITERS[type(item)](item) for item in value]) + b"]",
    dict: write_dictionary,
}


_PDF_DOC_CONTROLS = re.compile(r"[^\t\n\r -~]")
"""Codes of ASCII that are letters in PDFDocEncoding."""


def text_string(text: str) -> bytes:
    """Return a text string (7.9.2.2): plain ASCII as it is, anything else UTF-16BE with its mark."""
    if text.isascii() and not _PDF_DOC_CONTROLS.search(text):
        return text.encode("ascii")
    return b"\xfe\xff" + text.encode("utf-16-be")


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
