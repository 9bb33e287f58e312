"""An incremental update (7.5.6): objects that are new or changed, and the cross-reference section that ties them on.

The section is of the kind of the file's last one, and the same objects give the same bytes.
"""

from __future__ import annotations

import hashlib
import struct
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from assistant.cache import IdentityCache
from assistant.errors import FillError
from assistant.pdf.filling.subset import Subset, subset_for
from assistant.pdf.form import embedded_font
from assistant.pdf.form.limits import cannot_append
from assistant.pdf.objects.document import OBJECT_HEAD
from assistant.pdf.objects.syntax import STREAM_START, Lexer, PdfDictionary, Ref, Stream, write_object, write_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.pdf.form.template import Template
    from assistant.pdf.objects.encryption import Encryption

EMBEDDED = b"F287"
"""The resource name of the embedded font."""


class Update:
    """What is appended to one file; numbers are given out as objects come."""

    def __init__(self, template: Template) -> None:
        """Start after the last object of the file."""
        self.template = template
        self.document = template.document
        self.next: int = template.first_free
        self.objects: dict[int, bytes] = {}
        self.subset: Subset | None = None
        self.font_number = 0
        self.embedded = b""

    @property
    def letters(self) -> Subset:
        """Return the embedded font's letters; ``embed`` comes first."""
        if self.subset is None:
            raise LookupError("no font is embedded")
        return self.subset

    def new(self) -> int:
        """Return the next free object number."""
        self.next += 1
        return self.next - 1

    def add_object(self, number: int, body: bytes) -> None:
        """Add an object, or another version of one."""
        self.objects[number] = indirect_object(number, body)

    def embed(self, letters: tuple[str, ...]) -> None:
        """Add a font with these letters: its five objects (9.7)."""
        self.subset, objects = _embedded_font(letters, self.next)
        self.objects |= objects
        self.next += len(objects)
        self.font_number = self.next - 1
        self.embedded = b"/%s %d 0 R" % (EMBEDDED, self.font_number)

    def assemble(self) -> tuple[bytes, bytes]:
        """Return the official bytes, and what follows: the objects, the cross-reference section and the trailer."""
        data, encryption = self.template.data, self.document.encryption
        if self.document.repaired:
            raise FillError("the form", cannot_append(self.document.repaired))
        before = b"" if data.endswith((b"\n", b"\r")) else b"\n"
        if not self.template.regenerated.isdisjoint(self.objects):
            raise FillError(
                "the form",
                "this program cannot update this kind of file. Open it in a PDF reader and save it as a new file.",
            )
        numbers = sorted(self.objects)
        bodies = [self.objects[number] for number in numbers]
        if encryption:
            bodies = [encrypted_object(encryption, body) for body in bodies]
        *starts, at = accumulate(map(len, bodies), initial=len(self.document.data) + len(before))
        new = before + b"".join(bodies)
        digest = b"<%s>" % hashlib.sha256(new).hexdigest()[:32].encode("ascii")
        trailer = b"%s/ID[%s %s]/Prev %d" % (
            *(self.template.trailer, self.template.first_id or digest, digest),
            self.document.startxref,
        )
        as_stream = self.document.has_xref_stream
        return data, new + cross_reference(numbers, starts, at, self.next, trailer, as_stream=as_stream)


_fonts: IdentityCache[tuple[Subset, dict[int, bytes]]] = IdentityCache(
    64, max_bytes=4_000_000, size_of=lambda font: sum(map(len, font[1].values()))
)


def _embedded_font(letters: tuple[str, ...], first: int) -> tuple[Subset, dict[int, bytes]]:
    """Return a font with these letters, and its objects by number from the first that is free; the last is the font."""
    face = embedded_font.fallback()
    return _fonts.get_or_make(face, (letters, first), lambda: _write_font(face, letters, first))


def _write_font(face: embedded_font.TrueType, letters: tuple[str, ...], first: int) -> tuple[Subset, dict[int, bytes]]:
    subset = subset_for(letters)
    tag = hashlib.sha256(repr(letters).encode("utf-8")).digest()
    base = "".join(chr(65 + b % 26) for b in tag[:6]) + "+Arimo-Regular"
    program, cmap, descriptor, kid, number = range(first, first + 5)
    scale = 1000 / face.units
    described: PdfDictionary = {
        "Type": "FontDescriptor",
        "FontName": base,
        "Flags": 32,
        "ItalicAngle": 0,
        "StemV": 80,
        "FontBBox": [round(n * scale) for n in face.box],
        "Ascent": round(face.ascent * scale),
        "Descent": round(face.descent * scale),
        "CapHeight": 716,
        "FontFile2": Ref(program),
    }
    cid: PdfDictionary = {
        "Type": "Font",
        "Subtype": "CIDFontType2",
        "BaseFont": base,
        "CIDToGIDMap": "Identity",
        "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
        "FontDescriptor": Ref(descriptor),
        "W": [0, list(subset.gid_widths)],
    }
    whole = {
        "Type": "Font",
        "Subtype": "Type0",
        "BaseFont": base,
        "Encoding": "Identity-H",
        "DescendantFonts": [Ref(kid)],
        "ToUnicode": Ref(cmap),
    }
    return subset, {
        program: indirect_object(
            program, write_stream({"Filter": "FlateDecode", "Length1": subset.length}, subset.program)
        ),
        cmap: indirect_object(cmap, write_stream({}, subset.to_unicode)),
        descriptor: indirect_object(descriptor, write_object(described)),
        kid: indirect_object(kid, write_object(cid)),
        number: indirect_object(number, write_object(whole)),
    }


def indirect_object(number: int, body: bytes) -> bytes:
    """Return an indirect object (7.3.10)."""
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def encrypted_object(encryption: Encryption, body: bytes) -> bytes:
    """Return an object that this program made, as bytes, encrypted as the file is.

    Raises:
        ValueError: the bytes do not begin as an object does.
    """
    head = OBJECT_HEAD.match(body)
    if head is None:
        raise ValueError("these bytes are not an object")
    number = int(head[1])
    lexer = Lexer(body, head.end())
    value = lexer.next_object()
    if begin := STREAM_START.match(body, lexer.position):
        value = Stream(value, body[begin.end() : begin.end() + value["Length"]])
    value = encryption.encrypted(value, number)
    stored = write_stream(value.dictionary, value.raw) if isinstance(value, Stream) else write_object(value)
    return indirect_object(number, stored)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as (first, count) runs."""
    runs: list[tuple[int, int]] = []
    first = after = -1
    for number in numbers:
        if number != after:
            if first >= 0:
                runs.append((first, after - first))
            first = number
        after = number + 1
    return [*runs, (first, after - first)] if first >= 0 else runs


def cross_reference(
    numbers: list[int], starts: list[int], at: int, size: int, trailer: bytes, *, as_stream: bool
) -> bytes:
    """Return the last part of an update: the cross-reference section, which will stand at ``at``, and what follows.

    ``numbers`` are the objects, sorted, and ``starts`` their places; ``size`` is the first number that is free, which
    a cross-reference stream takes for itself.
    """
    section = (
        _xref_stream(numbers, starts, at, size, trailer) if as_stream else _xref_table(numbers, starts, size, trailer)
    )
    return b"%sstartxref\n%d\n%%%%EOF\n" % (section, at)


def _xref_stream(numbers: list[int], starts: list[int], at: int, number: int, trailer: bytes) -> bytes:
    numbers, starts = [*numbers, number], [*starts, at]
    count = len(numbers)
    columns = [1, 0, 0] * count
    columns[1::3] = starts
    index = b" ".join([b"%d %d" % run for run in _runs(numbers)])
    return b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Index[%s]%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        *(number, number + 1, index, trailer, 6 * count),
        struct.pack(">" + count * "BIB", *columns),
    )


def _xref_table(numbers: list[int], starts: list[int], size: int, trailer: bytes) -> bytes:
    rows = iter([b"%010d 00000 n \n" % start for start in starts])
    sections = [b"%d %d\n%s" % (first, n, b"".join(islice(rows, n))) for first, n in _runs(numbers)]
    return b"xref\n%strailer\n<</Size %d%s>>\n" % (b"".join(sections), size, trailer)
