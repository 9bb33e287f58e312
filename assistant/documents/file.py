"""The PDF file around the pages: reportlab's objects, the structure, one cross-reference stream.

reportlab writes pages, fonts and properties, but knows no tags and gives each object a line of its own. Thousands
of table cells are packed into object streams here instead (ISO 32000-1, 7.5.7): a tenth of the size, in less time.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFDocument,
    PDFInfo,
    PDFName,
    PDFObject,
    PDFPage,
    PDFResourceDictionary,
    PDFStream,
    PDFZCompress,
)
from reportlab.pdfbase.pdfdoc import format as write_object

from assistant.documents.fonts import EMBEDDING
from assistant.documents.structure import Element, element_text, in_order, take_apart, tree_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PRODUCT = "287(g) application assistant"
LANGUAGE = "en-US"
PACKED = 5000  # objects in one object stream
FAST = 1  # zlib's level: structure packs well at any


class _Raw(PDFObject):
    """An object whose text is known."""

    def __init__(self, text: str) -> None:
        self.text = text

    def format(self, _document: PDFDocument) -> bytes:
        return self.text.encode("ascii")


class TaggedFile:
    """A PDF 1.7 with tags, title and language; the same calls give the same bytes."""

    def __init__(self, *, title: str, author: str, day: date, size: tuple[float, float]) -> None:
        """Begin without a page; ``size`` is that of every page, pt."""
        # Any: reportlab's stubs leave out half of what its own canvas uses.
        self.objects: Any = PDFDocument(compression=1, invariant=1, lang=LANGUAGE)
        self._size = size
        info: Any = PDFInfo()
        info.title = info.subject = title
        info.author = author
        info.creator = PRODUCT
        info._dateFormatter = lambda *_: f"D:{day:%Y%m%d}000000Z"  # noqa: SLF001 - the only way to set the day
        self.objects.info = info
        self._pictures: dict[str, object] = {}

    def add_picture(self, pixels: bytes, size: tuple[int, int]) -> str:
        """Return the name under which every page can draw a grey picture (8.9.5); ``pixels`` are deflated."""
        name = f"P{hashlib.blake2b(pixels, digest_size=8).hexdigest()}"
        width, height = size
        keys = {"Type": PDFName("XObject"), "Subtype": PDFName("Image"), "Width": width, "Height": height}
        look = {"ColorSpace": PDFName("DeviceGray"), "BitsPerComponent": 8, "Filter": PDFName("FlateDecode")}
        if name not in self._pictures:
            self._pictures[name] = self.objects.Reference(PDFStream(PDFDictionary(keys | look), pixels))
        return name

    def write(self, contents: Sequence[str], root: Element, marks: Sequence[Sequence[Element]]) -> bytes:
        """Return the file: the operators of each page, the structure, the element of each marked content by page."""
        objects = self.objects
        catalog = objects.Catalog
        pages = [self._add_page(number, code) for number, code in enumerate(contents)]
        elements = in_order(root)
        for number, element in enumerate(elements, objects.objectcounter + 1):
            element.number = number
        objects.objectcounter += len(elements)
        catalog.StructTreeRoot = objects.Reference(_Raw(tree_text(root, marks)))
        packed = [(element.number, element_text(element, pages, objects.objectcounter)) for element in elements]
        take_apart(elements)
        catalog.Outlines = None
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
        with EMBEDDING:
            for font in objects.delayedFonts:
                font.addObjects(objects)
        info, whole = objects.info, "\n".join(contents)
        # Two documents differ in their /ID, one document made twice does not.
        identity = hashlib.blake2b(repr((info.title, info.author, whole)).encode(), digest_size=16).hexdigest()
        keys = f"/Root {self._number(catalog)} 0 R/Info {self._number(info)} 0 R/ID [<{identity}><{identity}>]"
        return self._joined(packed, keys)

    def _add_page(self, number: int, code: str) -> int:
        page: Any = PDFPage()
        page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.pagewidth, page.pageheight = self._size
        page.StructParents = number
        page.Tabs = PDFName("S")
        page.Resources = PDFResourceDictionary()
        page.Resources.basicFonts()
        page.Resources.XObject = dict(self._pictures)
        page.Contents = PDFStream(content=code.encode("latin-1"), filters=[PDFZCompress])
        self.objects.addPage(page)
        return int(self.objects.objectcounter)

    def _joined(self, packed: list[tuple[int, str]], keys: str) -> bytes:
        """Return all objects one after the other, and the table of where they are (ISO 32000-1, 7.5.8)."""
        objects = self.objects
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        inside = {number for number, _ in packed}
        number = 0
        # Writing an object can bring new ones.
        while (number := number + 1) <= objects.objectcounter:
            if number not in inside:
                places[number] = (1, len(out), 0)
                body = write_object(objects.idToObject[objects.numberToId[number]], objects, toplevel=1)
                out += b"%d 0 obj\n%b\nendobj\n" % (number, body.rstrip(b"\n"))
        for group in _groups(packed):
            places[number] = (1, len(out), 0)
            places.update({member: (2, number, place) for place, (member, _) in enumerate(group)})
            out += b"%d 0 obj\n%b\nendobj\n" % (number, _object_stream(group))
            number += 1
        places[number] = (1, len(out), 0)
        rows = b"".join(
            [
                bytes((kind,)) + first.to_bytes(4, "big") + second.to_bytes(2, "big")
                for kind, first, second in [places[n] for n in range(number + 1)]
            ]
        )
        table = _stream(f"/Type/XRef/W [1 4 2]/Size {number + 1}{keys}", rows)
        return bytes(out) + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, table, len(out))

    def _number(self, thing: PDFObject) -> int:
        return int(self.objects.idToObjectNumberAndVersion[self.objects.Reference(thing).name][0])


def _groups(objects: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    return [objects[start : start + PACKED] for start in range(0, len(objects), PACKED)]


def _object_stream(objects: list[tuple[int, str]]) -> bytes:
    index, offset = [], 0
    for number, text in objects:
        index.append(f"{number} {offset}")
        offset += len(text) + 1
    head = " ".join(index) + "\n"
    body = head + "\n".join([text for _, text in objects])
    return _stream(f"/Type/ObjStm/N {len(objects)}/First {len(head)}", body.encode("ascii"))


def _stream(keys: str, data: bytes) -> bytes:
    packed = zlib.compress(data, FAST)
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (keys.encode("ascii"), len(packed), packed)
