"""A PDF file as numbered objects: what its cross-reference sections, object streams and updates hold (7.5).

Reads only what is asked for, within limits, and keeps what an incremental update needs to know: where the last
cross-reference section starts, of which kind it is, and its trailer.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Self

from assistant.errors import PdfError
from assistant.pdf.objects.filters import UNPACKERS, unpredict
from assistant.pdf.objects.syntax import BROKEN, STREAM_START, Keyword, Lexer, PdfDictionary, Ref, Stream
from assistant.pdf.objects.xref import MAX_OBJECTS, XrefEntry, last_section, read_chain, read_section

if TYPE_CHECKING:
    from assistant.pdf.objects.encryption import Encryption

MAX_BYTES = 60_000_000
HEADER_WITHIN = 1024
"""Bytes in which the header has to begin, as readers look for it."""
MAX_SETTINGS_DEPTH = 4
MAX_REFERENCES = 20
"""References in a row; a longer chain is an attack."""

OBJECT_HEAD = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++obj")
NO_START = "the file does not say where its cross-reference table is"
NO_TABLE = "there is no cross-reference table that can be read where the file says there is one"
WRONG_ROW = "its cross-reference table gives a wrong place for object {number}"
_DAMAGE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, zlib.error, RecursionError)


class Document:
    """The objects of one PDF file; read-only.

    Places are counted from the file's header (ISO 32000-2, 7.5.2): ``data`` begins there, and ``lead`` is what stands
    before it. Where the cross-reference is wrong, ``repaired`` says in what, and the objects are those that a look
    through the whole file found.
    """

    repaired: str = ""
    """What is wrong with the cross-reference; such a file is read, and nothing is appended to it."""
    offsets: dict[int, XrefEntry]
    fresh: dict[int, XrefEntry]
    """The objects of the newest update, where only that was read; else all."""

    def __init__(self, data: bytes) -> None:
        """Read the cross-reference chain.

        Raises:
            PdfError: it is no PDF, too large, damaged, or opens with a password only.
        """
        if len(data) > MAX_BYTES:
            raise PdfError("The PDF is larger than 60 MB. Scan it at 300 dpi in black and white, or split it.")
        if b"%PDF-" not in data[:HEADER_WITHIN]:
            raise PdfError("The file is not a PDF. Choose the PDF file.")
        self._start(data)
        self.repaired = self._read_places()
        if self.repaired:
            self._repair()
        elif "Encrypt" in self.trailer:
            self._open()
        self.fresh = self.offsets
        root = self.get(self.trailer.get("Root"))
        if not isinstance(root, dict):
            raise PdfError(BROKEN)
        self.root: PdfDictionary = root

    @classmethod
    def following(cls, before: Document, data: bytes) -> Self:
        """Return a file that is another one and a single update behind it; only the update is read.

        Raises:
            PdfError: it is no such file: another beginning, another chain, or an object of the update lies before it.
        """
        self = cls.__new__(cls)
        self._start(data)
        try:
            self.startxref = last_section(self.data)
            self.fresh, self.trailer, self.has_xref_stream = read_section(self, self.startxref, hybrid=False)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        is_continued = all(self.trailer.get(key) == before.trailer.get(key) for key in ("Root", "Encrypt", "XRefStm"))
        is_continued = is_continued and self.lead == before.lead and not before.repaired
        behind = all(kind == 1 and at >= len(before.data) for kind, at, _ in self.fresh.values())
        if not (
            is_continued
            and behind
            and self.trailer.get("Prev") == before.startxref
            and self.data.startswith(before.data)
        ):
            raise PdfError(BROKEN)
        self.offsets = before.offsets | self.fresh
        self.encryption = before.encryption
        self._before = before
        self.root = self.dictionary(self.trailer["Root"])
        return self

    def _start(self, data: bytes) -> None:
        start = max(0, data.find(b"%PDF-", 0, HEADER_WITHIN))
        self.lead = data[:start]
        self.data = data[start:] if start else data
        self.startxref = -1
        self.offsets = {}
        self.encryption: Encryption | None = None
        self._before: Document | None = None
        self._cache: dict[int, Any] = {}
        self._containers: dict[int, _Container] = {}
        self._resolving: set[int] = set()

    def _read_places(self) -> str:
        """Read the cross-reference; return what is wrong with it, "" where it is right.

        Raises:
            PdfError: it unpacks to more than is accepted.
        """
        try:
            self.startxref = last_section(self.data)
        except PdfError:
            return NO_START
        try:
            self.offsets, self.trailer, self.has_xref_stream = read_chain(self, self.startxref)
        except PdfError as error:
            if str(error) != BROKEN:
                raise
            return NO_TABLE
        except _DAMAGE:
            return NO_TABLE
        return self._check_rows()

    def _check_rows(self) -> str:
        """Return which row of the cross-reference is wrong, "" where none is; rows that stand for nothing are freed."""
        unused = []
        if 0 in self.offsets:  # no object has this number, whatever its row says
            self.offsets[0] = (0, 0, self.offsets[0][2])
        for number, (kind, at, generation) in self.offsets.items():
            if kind == 1 and not self.data.startswith(b"%d %d obj" % (number, generation), at):
                if not at:
                    unused.append(number)
                elif not self._is_head_of(number, at):
                    return WRONG_ROW.format(number=number)
        # A row at offset 0 means the same as a free one in every reader, unless the object is there after all.
        for number in unused:
            if self._is_there(number):
                return WRONG_ROW.format(number=number)
            self.offsets[number] = (0, 0, self.offsets[number][2])
        return ""

    def _is_there(self, number: int) -> bool:
        """Say whether an object is in the file after all; a cross-reference stream is one that nobody asks for."""
        for head in re.finditer(rb"(?<!\d)%d\s++\d{1,5}\s++obj(?![A-Za-z])" % number, self.data):
            try:
                value = self.indirect(head.start())
            except (PdfError, *_DAMAGE):
                return True
            if not isinstance(value, Stream) or value.dictionary.get("Type") != "XRef":
                return True
        return False

    def _is_head_of(self, number: int, at: int) -> bool:
        head = OBJECT_HEAD.match(self.data, at)
        return head is not None and int(head[1]) == number

    def _repair(self) -> None:
        """Find the objects by looking through the whole file.

        Raises:
            PdfError: that does not give a whole file either.
        """
        from assistant.pdf.objects.repair import add_packed_objects, scan_file  # noqa: PLC0415 - few files need it

        self._cache.clear()
        self._containers.clear()
        scan = scan_file(self.data)
        self.offsets, self.trailer, self.has_xref_stream = scan.places, scan.trailer, False
        if "Encrypt" in self.trailer:
            self._open()
        add_packed_objects(self, scan)
        self._cache = {number: value for number, value in self._cache.items() if self.offsets[number][0] == 1}

    def packed_numbers(self, number: int) -> tuple[list[int], int]:
        """Return the numbers of the objects in an object stream, in order, and how many bytes it unpacks to.

        Raises:
            PdfError: it is damaged.
        """
        try:
            container = self._container(number)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        return container.numbers, container.size

    def _open(self) -> None:
        """Work out the key of an encrypted file; the library for that is loaded only here."""
        from assistant.pdf.objects.encryption import Encryption  # noqa: PLC0415 - costs 30 ms, and few files need it

        encrypt = self.trailer["Encrypt"]
        settings = self.dictionary(encrypt)
        settings = self._resolved(settings, MAX_SETTINGS_DEPTH)
        ids = self.array(self.trailer.get("ID"))
        try:
            self.encryption = Encryption.opened(settings, ids[0] if ids and isinstance(ids[0], bytes) else b"")
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        self._cache = {encrypt.number: settings} if isinstance(encrypt, Ref) else {}
        self._containers.clear()

    def _resolved(self, value: Any, depth: int) -> Any:
        """Return the encryption's settings with every reference in them replaced (/CF may be one, or stand in one)."""
        value = self.get(value)
        if isinstance(value, dict) and depth:
            return {key: self._resolved(item, depth - 1) for key, item in value.items()}
        return value

    def get(self, value: Any) -> Any:
        """Return what a reference stands for; anything else comes back as it is, a missing object as None.

        Raises:
            PdfError: the object is damaged, or references run in a circle.
        """
        if not isinstance(value, Ref):
            return value
        cache = self._cache
        for _ in range(MAX_REFERENCES):
            number = value.number
            value = cache[number] if number in cache else self._load(number)
            if not isinstance(value, Ref):
                return value
        raise PdfError(BROKEN)

    def dictionary(self, value: Any) -> PdfDictionary:
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
        """Return a stream's bytes with its filters and their predictors undone.

        Raises:
            PdfError: a filter for pictures, or an unknown one; damage, or more than 64 MB.
        """
        filters = self.get(stream.dictionary.get("Filter"))
        filters = [filters] if isinstance(filters, str) else self.array(filters)
        parameters = self.get(stream.dictionary.get("DecodeParms"))
        parameters = parameters if isinstance(parameters, list) else [parameters]
        data = stream.raw
        for place, name in enumerate(filters):
            unpack = UNPACKERS.get(self.get(name))
            if unpack is None:
                raise PdfError("The PDF stores a part in a way that this program cannot read. Print it to a new PDF.")
            settings = self.dictionary(parameters[place]) if place < len(parameters) else {}
            settings = {k: n for k, v in settings.items() if isinstance(n := self.get(v), int)}
            data = unpredict(unpack(data, settings), settings)
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
            if kind == 2:  # in an object stream, which is decrypted as a whole
                value = self._container(second).get(number)
            else:
                value = self.indirect(second, number)
                if self.encryption:
                    value = self.encryption.decrypted(value, number, third)
        except _DAMAGE:
            raise PdfError(BROKEN) from None
        finally:
            self._resolving.discard(number)
        self._cache[number] = value
        return value

    def _stream_bytes(self, dictionary: PdfDictionary, start: int) -> bytes:
        length = self.get(dictionary.get("Length"))
        if isinstance(length, int) and 0 <= length <= len(self.data) - start:
            end = start + length
            if self.data[end : end + 14].lstrip(b"\r\n\t \0").startswith((b"endstream", b"endobj")):
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

    @property
    def numbers(self) -> list[int]:
        """The numbers of its objects, in order."""
        return list(self.offsets)

    @property
    def size(self) -> int:
        """How many bytes it unpacks to."""
        return len(self.data)

    def get(self, number: int) -> Any:
        """Return an object, None where it is not here."""
        at = self.offsets.get(number)
        if at is None:
            return None
        value = Lexer(self.data, at).next_object()
        if isinstance(value, Keyword):
            raise PdfError(BROKEN)
        return value
