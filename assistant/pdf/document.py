"""A PDF file as numbered objects: what its cross-reference sections, object streams and updates hold (7.5).

Reads only what is asked for, within limits, and keeps what an incremental update needs to know: where the last
cross-reference section starts, of which kind it is, and its trailer.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Self

from assistant.errors import PdfError
from assistant.pdf.filters import from_letters, inflate, unpredict
from assistant.pdf.syntax import BROKEN, Keyword, Lexer, Ref, Stream
from assistant.pdf.xref import MAX_OBJECTS, Place, last_section, read_chain, read_section

if TYPE_CHECKING:
    from assistant.pdf.encryption import Encryption

MAX_BYTES = 60_000_000
MAX_REFERENCES = 20
"""References in a row; a longer chain is an attack."""

OBJECT_HEAD = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++obj")
STREAM_START = re.compile(rb"[\0\t\n\f\r ]*+stream(?:\r\n|\n|\r)")
_DAMAGE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, zlib.error, RecursionError)


class Document:
    """The objects of one PDF file; read-only."""

    offsets: dict[int, Place]
    fresh: dict[int, Place]
    """The objects of the newest update, where only that was read; else all."""

    def __init__(self, data: bytes) -> None:
        """Read the cross-reference chain.

        Raises:
            PdfError: it is no PDF, too large, damaged, or opens with a password only.
        """
        if len(data) > MAX_BYTES:
            raise PdfError("The PDF is larger than 60 MB; scan it at 300 dpi in black and white, or split it.")
        if b"%PDF-" not in data[:1024]:
            raise PdfError("The file is not a PDF; choose the PDF file.")
        self._start(data)
        try:
            self.offsets, self.trailer, self.has_xref_stream = read_chain(self, self.startxref)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        self.fresh = self.offsets
        if "Encrypt" in self.trailer:
            self._open()
        root = self.get(self.trailer.get("Root"))
        if not isinstance(root, dict):
            raise PdfError(BROKEN)
        self.root: dict[str, Any] = root

    @classmethod
    def following(cls, before: Document, data: bytes) -> Self:
        """Return a file that is another one and a single update behind it; only the update is read.

        Raises:
            PdfError: it is no such file: another beginning, another chain, or an object of the update lies before it.
        """
        self = cls.__new__(cls)
        self._start(data)
        try:
            self.fresh, self.trailer, self.has_xref_stream = read_section(self, self.startxref, hybrid=False)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        kept = all(self.trailer.get(key) == before.trailer.get(key) for key in ("Root", "Encrypt", "XRefStm"))
        behind = all(kind == 1 and at >= len(before.data) for kind, at, _ in self.fresh.values())
        if not (kept and behind and self.trailer.get("Prev") == before.startxref and data.startswith(before.data)):
            raise PdfError(BROKEN)
        self.offsets = before.offsets | self.fresh
        self.encryption = before.encryption
        self._before = before
        self.root = self.dictionary(self.trailer["Root"])
        return self

    def _start(self, data: bytes) -> None:
        self.data = data
        self.startxref = last_section(data)
        self.offsets = {}
        self.encryption: Encryption | None = None
        self._before: Document | None = None
        self._cache: dict[int, Any] = {}
        self._containers: dict[int, _Container] = {}
        self._resolving: set[int] = set()

    def _open(self) -> None:
        """Work out the key of an encrypted file; the library for that is loaded only here."""
        from assistant.pdf.encryption import Encryption  # noqa: PLC0415 - costs 30 ms, and few files need it

        encrypt = self.trailer["Encrypt"]
        settings = self.dictionary(encrypt)
        settings = {key: self.get(value) for key, value in settings.items()}
        ids = self.array(self.trailer.get("ID"))
        try:
            self.encryption = Encryption.opened(settings, ids[0] if ids and isinstance(ids[0], bytes) else b"")
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        self._cache = {encrypt.number: settings} if isinstance(encrypt, Ref) else {}
        self._containers.clear()

    def get(self, value: Any) -> Any:
        """Return what a reference stands for; anything else comes back as it is, a missing object as None.

        Raises:
            PdfError: the object is damaged, or references run in a circle.
        """
        seen = 0
        while isinstance(value, Ref):
            seen += 1
            if seen > MAX_REFERENCES:
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
        """Return a stream's bytes with FlateDecode, predictors and ASCII85Decode undone.

        Raises:
            PdfError: another filter, damage, or more than 64 MB.
        """
        filters = self.get(stream.dictionary.get("Filter"))
        filters = [filters] if isinstance(filters, str) else self.array(filters)
        parameters = self.get(stream.dictionary.get("DecodeParms"))
        parameters = parameters if isinstance(parameters, list) else [parameters]
        data = stream.raw
        for place, name in enumerate(filters):
            if self.get(name) in {"ASCII85Decode", "A85"}:
                data = from_letters(data)
                continue
            if self.get(name) not in {"FlateDecode", "Fl"}:
                raise PdfError("The PDF stores a part in a way that is not read there; print it to a new PDF.")
            data = inflate(data)
            settings = self.dictionary(parameters[place]) if place < len(parameters) else {}
            if settings.get("Predictor", 1) > 1:
                data = unpredict(
                    data, settings.get("Colors", 1) * settings.get("BitsPerComponent", 8), settings.get("Columns", 1)
                )
        return data

    def indirect(self, position: int, number: int | None = None) -> Any:
        """Return the object that stands at an offset, streams with their bytes as stored.

        Raises:
            PdfError: none does, or one of another number.
        """
        head = OBJECT_HEAD.match(self.data, position)
        if head is None or (number is not None and int(head[1]) != number):
            raise PdfError(BROKEN)
        lexer = Lexer(self.data, head.end())
        value = lexer.next_object()
        if isinstance(value, Keyword):
            if value == b"endobj":
                return None
            raise PdfError(BROKEN)
        if isinstance(value, dict) and (begin := STREAM_START.match(self.data, lexer.position)):
            return Stream(value, self._stream_bytes(value, begin.end()))
        return value

    def _load(self, number: int) -> Any:
        if number in self._cache:
            return self._cache[number]
        if self._before is not None and number not in self.fresh:
            return self._before._load(number)  # noqa: SLF001 - another of its own kind
        kind, second, third = self.offsets.get(number, (0, 0, 0))
        if kind not in {1, 2}:
            return None
        if number in self._resolving:
            raise PdfError(BROKEN)
        self._resolving.add(number)
        try:
            if kind == 2:  # noqa: PLR2004 - in an object stream, which is decrypted as a whole
                found = self._container(second).get(number)
            else:
                found = self.indirect(second, number)
                if self.encryption:
                    found = self.encryption.decrypted(found, number, third)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        finally:
            self._resolving.discard(number)
        self._cache[number] = found
        return found

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

    def _container(self, number: int) -> _Container:
        if number not in self._containers:
            stream = self._load(number)
            if not isinstance(stream, Stream) or stream.dictionary.get("Type") != "ObjStm":
                raise PdfError(BROKEN)
            data = self.decoded(stream)
            first, count = self.get(stream.dictionary["First"]), self.get(stream.dictionary["N"])
            if not 0 <= first <= len(data) or not 0 <= count <= MAX_OBJECTS:
                raise PdfError(BROKEN)
            heads = [int(word[:20]) for word in data[:first].split()[: 2 * count]]
            self._containers[number] = _Container(
                data, {n: first + at for n, at in zip(heads[::2], heads[1::2], strict=True)}
            )
        return self._containers[number]


class _Container:
    """The objects of one object stream (7.5.7), each parsed when it is asked for."""

    __slots__ = ("data", "offsets")

    def __init__(self, data: bytes, offsets: dict[int, int]) -> None:
        self.data = data
        self.offsets = offsets

    def get(self, number: int) -> Any:
        """Return an object, None where it is not here."""
        at = self.offsets.get(number)
        if at is None:
            return None
        value = Lexer(self.data, at).next_object()
        if isinstance(value, Keyword):
            raise PdfError(BROKEN)
        return value
