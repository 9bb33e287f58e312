"""An incremental update (7.5.6): objects that are new or changed, and the cross-reference section that ties them on.

The section is of the kind of the file's last one, and the same objects give the same bytes.
"""

from __future__ import annotations

import hashlib
import struct
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from assistant.errors import FillError
from assistant.pdf import truetype
from assistant.pdf.document import OBJECT_HEAD, STREAM_START
from assistant.pdf.subset import Subset, subset_for
from assistant.pdf.syntax import Lexer, Ref, Stream, write_object, write_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.pdf.encryption import Encryption
    from assistant.pdf.template import Template

_ROW = struct.Struct(">BIB").pack
MAX_NUMBER = 8_388_607
"""The largest object number that readers promise to know (annex C)."""
EMBEDDED = b"F287"
"""The resource name of the embedded font."""


class Update:
    """What is appended to one file; numbers are given out as objects come."""

    def __init__(self, template: Template) -> None:
        """Start after the last object of the file."""
        self.template = template
        self.document = template.document
        size = self.document.trailer.get("Size")
        size = size if isinstance(size, int) and size <= MAX_NUMBER else 0
        self.next: int = max(size, max(self.document.offsets) + 1)
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

    def put(self, number: int, body: bytes) -> None:
        """Add an object, or another version of one."""
        self.objects[number] = b"%d 0 obj\n%s\nendobj\n" % (number, body)

    def embed(self, letters: tuple[str, ...]) -> None:
        """Add a font with these letters: its five objects (9.7)."""
        subset, face = subset_for(letters), truetype.fallback()
        self.subset = subset
        tag = hashlib.sha256(repr(letters).encode("utf-8")).digest()
        base = "".join(chr(65 + b % 26) for b in tag[:6]) + "+Arimo-Regular"
        program, cmap, descriptor, kid, number = (self.new() for _ in range(5))
        scale = 1000 / face.units
        self.put(program, write_stream({"Filter": "FlateDecode", "Length1": subset.length}, subset.program))
        self.put(cmap, write_stream({}, subset.to_unicode))
        described: dict[str, Any] = {
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
        self.put(descriptor, write_object(described))
        cid: dict[str, Any] = {
            "Type": "Font",
            "Subtype": "CIDFontType2",
            "BaseFont": base,
            "CIDToGIDMap": "Identity",
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": Ref(descriptor),
            "W": [0, list(subset.gid_widths)],
        }
        self.put(kid, write_object(cid))
        whole = {
            "Type": "Font",
            "Subtype": "Type0",
            "BaseFont": base,
            "Encoding": "Identity-H",
            "DescendantFonts": [Ref(kid)],
            "ToUnicode": Ref(cmap),
        }
        self.put(number, write_object(whole))
        self.font_number = number
        self.embedded = b"/%s %d 0 R" % (EMBEDDED, number)

    def assemble(self) -> list[bytes]:
        """Return the file: the official bytes, then the objects, the cross-reference section and the trailer."""
        data, encryption = self.template.data, self.document.encryption
        parts = [data] if data.endswith((b"\n", b"\r")) else [data, b"\n"]
        if not self.template.regenerated.isdisjoint(self.objects):
            raise FillError("the form", "it was changed in an old way; open it in a PDF reader and save it anew.")
        numbers = sorted(self.objects)
        bodies = [self.objects[number] for number in numbers]
        if encryption:
            bodies = [sealed(encryption, body) for body in bodies]
        at = sum(map(len, parts))
        *starts, at = accumulate(map(len, bodies), initial=at)
        offsets = dict(zip(numbers, starts, strict=True))
        parts += bodies
        trailer = self.template.trailer
        digest = hashlib.sha256(b"".join(parts[1:])).digest()[:16]
        trailer += b"/ID[%s %s]/Prev %d" % (
            self.template.first_id or _hex(digest),
            _hex(digest),
            self.document.startxref,
        )
        parts.append(cross_reference(offsets, at, self.next, trailer, as_stream=self.document.has_xref_stream))
        return parts


def sealed(encryption: Encryption, body: bytes) -> bytes:
    """Return an object that this program made, as bytes, encrypted as the file is."""
    head = OBJECT_HEAD.match(body)
    if head is None:
        raise ValueError("these bytes are no object")
    number = int(head[1])
    lexer = Lexer(body, head.end())
    value = lexer.next_object()
    if begin := STREAM_START.match(body, lexer.position):
        value = Stream(value, body[begin.end() : begin.end() + value["Length"]])
    value = encryption.encrypted(value, number)
    written = write_stream(value.dictionary, value.raw) if isinstance(value, Stream) else write_object(value)
    return b"%d 0 obj\n%s\nendobj\n" % (number, written)


def cross_reference(offsets: dict[int, int], at: int, size: int, trailer: bytes, *, as_stream: bool) -> bytes:
    """Return the last part of an update: the cross-reference section, which will stand at ``at``, and what follows.

    ``size`` is the first number that is free; a cross-reference stream takes it for itself.
    """
    section = _xref_stream(offsets, at, size, trailer) if as_stream else _xref_table(offsets, size, trailer)
    return section + b"startxref\n%d\n%%%%EOF\n" % at


def _hex(data: bytes) -> bytes:
    return b"<" + data.hex().encode("ascii") + b">"


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


def _xref_stream(offsets: dict[int, int], at: int, number: int, trailer: bytes) -> bytes:
    offsets[number] = at
    numbers = sorted(offsets)
    rows = b"".join([_ROW(1, offsets[n], 0) for n in numbers])
    index = b" ".join([b"%d %d" % run for run in _runs(numbers)])
    return b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Index[%s]%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        *(number, numbers[-1] + 1, index, trailer),
        *(len(rows), rows),
    )


def _xref_table(offsets: dict[int, int], size: int, trailer: bytes) -> bytes:
    parts = [b"xref\n"]
    for first, count in _runs(sorted(offsets)):
        parts.append(b"%d %d\n" % (first, count))
        parts += [b"%010d 00000 n \n" % offsets[n] for n in range(first, first + count)]
    return b"".join(parts) + b"trailer\n<</Size %d%s>>\n" % (size, trailer)
