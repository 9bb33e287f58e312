"""A PDF file as numbered objects: cross-reference tables and streams, object streams, updates (7.5).

Reads only what is asked for, within limits, and keeps what an incremental update needs to know: where the last
cross-reference section starts, of which kind it is, and its trailer. A file whose cross-reference is wrong is not
repaired: nobody can append to such a file and be sure of what stands on the paper.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from assistant.errors import PdfError
from assistant.pdf.filters import inflate, unpredict
from assistant.pdf.syntax import BROKEN, Keyword, Lexer, Ref, Stream

MAX_BYTES = 60_000_000
MAX_OBJECTS = 400_000
MAX_UPDATES = 200

_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_STREAM_START = re.compile(rb"[\0\t\n\f\r ]*stream(?:\r\n|\n|\r)")
_SECTION = re.compile(rb"\s*(\d{1,10}) +(\d{1,10})\s*?[\r\n ]+")
_ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{0,2}")
LOCKED = "The PDF is encrypted; open it, save a copy without protection, and use that copy."


class Document:
    """The objects of one PDF file; read-only."""

    def __init__(self, data: bytes) -> None:
        """Read the cross-reference chain.

        Raises:
            PdfError: it is no PDF, too large, damaged or encrypted.
        """
        if len(data) > MAX_BYTES:
            raise PdfError("The PDF is larger than 60 MB; scan it at 300 dpi in black and white, or split it.")
        if b"%PDF-" not in data[:1024]:
            raise PdfError("The file is not a PDF; choose the PDF file.")
        self.data = data
        self.offsets: dict[int, tuple[int, int, int]] = {}
        self._cache: dict[int, Any] = {}
        self._containers: dict[int, dict[int, Any]] = {}
        self._resolving: set[int] = set()
        ends = list(_STARTXREF.finditer(data, max(0, len(data) - 2048)))
        if not ends:
            raise PdfError(BROKEN)
        self.startxref = int(ends[-1][1])
        self.trailer: dict[str, Any] = {}
        self.has_xref_stream = False
        try:
            self._read_chain()
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, zlib.error, RecursionError):
            raise PdfError(BROKEN) from None
        if "Encrypt" in self.trailer:
            raise PdfError(LOCKED)
        root = self.get(self.trailer.get("Root"))
        if not isinstance(root, dict):
            raise PdfError(BROKEN)
        self.root: dict[str, Any] = root

    def get(self, value: Any) -> Any:
        """Return what a reference stands for; anything else comes back as it is, a missing object as None.

        Raises:
            PdfError: the object is damaged, or references run in a circle.
        """
        seen = 0
        while isinstance(value, Ref):
            seen += 1
            if seen > 20:  # noqa: PLR2004 - a chain of references this long is an attack
                raise PdfError(BROKEN)
            value = self._load(value.number)
        return value

    def dictionary(self, value: Any) -> dict[str, Any]:
        """Return the dictionary a value stands for (a stream's own too), or an empty one."""
        value = self.get(value)
        if isinstance(value, Stream):
            return value.dictionary
        return value if isinstance(value, dict) else {}

    def array(self, value: Any) -> list[Any]:
        """Return the array a value stands for, or an empty one."""
        value = self.get(value)
        return value if isinstance(value, list) else []

    def decoded(self, stream: Stream) -> bytes:
        """Return a stream's bytes with FlateDecode and predictors undone.

        Raises:
            PdfError: another filter, damage, or more than 64 MB.
        """
        filters = self.get(stream.dictionary.get("Filter"))
        filters = [filters] if isinstance(filters, str) else self.array(filters)
        parameters = self.get(stream.dictionary.get("DecodeParms"))
        parameters = parameters if isinstance(parameters, list) else [parameters]
        data = stream.raw
        for place, name in enumerate(filters):
            if self.get(name) not in {"FlateDecode", "Fl"}:
                raise PdfError(f"The PDF stores a part with {name}, which this program does not read there.")
            data = inflate(data)
            settings = self.dictionary(parameters[place]) if place < len(parameters) else {}
            if settings.get("Predictor", 1) > 1:
                data = unpredict(
                    data, settings.get("Colors", 1) * settings.get("BitsPerComponent", 8), settings.get("Columns", 1)
                )
        return data

    def _read_chain(self) -> None:
        position: int | None = self.startxref
        seen: set[int] = set()
        while position is not None:
            if position in seen or len(seen) > MAX_UPDATES:
                raise PdfError(BROKEN)
            seen.add(position)
            trailer, is_stream = self._read_section(position)
            if not self.trailer:
                self.trailer = trailer
                self.has_xref_stream = is_stream
            hybrid = trailer.get("XRefStm")
            if isinstance(hybrid, int) and not is_stream:
                self._read_section(hybrid)
            previous = trailer.get("Prev")
            position = int(previous) if isinstance(previous, int | float) else None

    def _read_section(self, position: int) -> tuple[dict[str, Any], bool]:
        if self.data[position : position + 4] == b"xref":
            return self._read_table(position + 4), False
        lexer = Lexer(self.data, position)
        stream = self._read_indirect(lexer, None)
        if not isinstance(stream, Stream) or stream.dictionary.get("Type") != "XRef":
            raise PdfError(BROKEN)
        self._read_xref_stream(stream)
        return stream.dictionary, True

    def _read_table(self, position: int) -> dict[str, Any]:
        while section := _SECTION.match(self.data, position):
            first, count = int(section[1]), int(section[2])
            position = section.end()
            for number in range(first, first + count):
                row = _ROW.match(self.data, position)
                if row is None or len(self.offsets) > MAX_OBJECTS:
                    raise PdfError(BROKEN)
                position = row.end()
                kind = 1 if row[3] == b"n" else 0
                self.offsets.setdefault(number, (kind, int(row[1]), int(row[2])))
        lexer = Lexer(self.data, position)
        if lexer.next_object() != b"trailer":
            raise PdfError(BROKEN)
        trailer = lexer.next_object()
        if not isinstance(trailer, dict):
            raise PdfError(BROKEN)
        return trailer

    def _read_xref_stream(self, stream: Stream) -> None:
        data = self.decoded(stream)
        widths = stream.dictionary["W"]
        size = stream.dictionary["Size"]
        one, two, three = widths
        row = one + two + three
        if row < 1 or min(widths) < 0:
            raise PdfError(BROKEN)
        index = stream.dictionary.get("Index", [0, size])
        at = 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            if count * row > len(data) - at or len(self.offsets) + count > MAX_OBJECTS:
                raise PdfError(BROKEN)
            for number in range(first, first + count):
                kind = int.from_bytes(data[at : at + one], "big") if one else 1
                second = int.from_bytes(data[at + one : at + one + two], "big")
                third = int.from_bytes(data[at + one + two : at + row], "big")
                self.offsets.setdefault(number, (kind, second, third))
                at += row

    def _load(self, number: int) -> Any:
        if number in self._cache:
            return self._cache[number]
        kind, second, third = self.offsets.get(number, (0, 0, 0))
        if kind not in {1, 2}:
            return None
        if number in self._resolving:
            raise PdfError(BROKEN)
        self._resolving.add(number)
        try:
            if kind == 1:
                found = self._read_indirect(Lexer(self.data, second), number)
            else:
                found = self._container(second).get(number) if third < MAX_OBJECTS else None
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, zlib.error, RecursionError):
            raise PdfError(BROKEN) from None
        finally:
            self._resolving.discard(number)
        self._cache[number] = found
        return found

    def _read_indirect(self, lexer: Lexer, number: int | None) -> Any:
        start = lexer.skip_space()
        head = _OBJECT_HEAD.match(self.data, start)
        if head is None or (number is not None and int(head[1]) != number):
            raise PdfError(BROKEN)
        lexer.position = head.end()
        value = lexer.next_object()
        if isinstance(value, Keyword):
            if value == b"endobj":
                return None
            raise PdfError(BROKEN)
        if isinstance(value, dict):
            begin = _STREAM_START.match(self.data, lexer.position)
            if begin:
                return Stream(value, self._stream_bytes(value, begin.end()))
        return value

    def _stream_bytes(self, dictionary: dict[str, Any], start: int) -> bytes:
        length = self.get(dictionary.get("Length"))
        if isinstance(length, int) and 0 <= length <= len(self.data) - start:
            end = start + length
            if self.data[end : end + 14].lstrip(b"\r\n\t \0").startswith(b"endstream"):
                return self.data[start:end]
        end = self.data.find(b"endstream", start)
        if end < 0:
            raise PdfError(BROKEN)
        return self.data[start:end].removesuffix(b"\n").removesuffix(b"\r")

    def _container(self, number: int) -> dict[int, Any]:
        if number not in self._containers:
            stream = self._load(number)
            if not isinstance(stream, Stream) or stream.dictionary.get("Type") != "ObjStm":
                raise PdfError(BROKEN)
            data = self.decoded(stream)
            first, count = self.get(stream.dictionary["First"]), self.get(stream.dictionary["N"])
            heads = [int(word) for word in data[:first].split()[: 2 * count]]
            self._containers[number] = _LazyObjects(
                data, {n: first + at for n, at in zip(heads[::2], heads[1::2], strict=True)}
            )
        return self._containers[number]


_OBJECT_HEAD = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")


class _LazyObjects(dict[int, Any]):
    """The objects of one object stream, each parsed when it is asked for."""

    def __init__(self, data: bytes, offsets: dict[int, int]) -> None:
        super().__init__()
        self._data = data
        self._offsets = offsets

    def get(self, number: int, default: Any = None) -> Any:
        at = self._offsets.get(number)
        if at is None:
            return default
        value = Lexer(self._data, at).next_object()
        if isinstance(value, Keyword):
            raise PdfError(BROKEN)
        return value
