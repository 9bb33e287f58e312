"""What our tagged documents lean on inside reportlab, piece by piece: an update that changes it is told here first.

docs/decisions/0090 says why reportlab's own canvas is not used.
"""

from __future__ import annotations

from typing import Any

import pytest
from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFDocument,
    PDFInfo,
    PDFName,
    PDFPage,
    PDFResourceDictionary,
    PDFStream,
    PDFZCompress,
)
from reportlab.pdfbase.pdfdoc import format as write_object


@pytest.fixture
def objects() -> Any:
    return PDFDocument(compression=1, invariant=1, lang="en-US")


def test_objects_are_numbered_one_after_the_other_and_found_by_number(objects: Any) -> None:
    first = objects.objectcounter
    reference = objects.Reference(PDFDictionary({"Kind": PDFName("Test")}))
    assert objects.objectcounter == first + 1
    assert objects.numberToId[first + 1] == reference.name
    assert objects.idToObjectNumberAndVersion[reference.name][0] == first + 1
    body = write_object(objects.idToObject[reference.name], objects, toplevel=1)
    assert b"/Kind /Test" in body


def test_the_counter_may_skip_numbers_for_objects_of_our_own(objects: Any) -> None:
    objects.objectcounter += 3
    reference = objects.Reference(PDFDictionary({}))
    assert objects.idToObjectNumberAndVersion[reference.name][0] == objects.objectcounter
    assert objects.objectcounter - 1 not in objects.numberToId, "a number that was skipped belongs to nobody"


def test_the_day_of_a_document_comes_from_the_formatter_alone(objects: Any) -> None:
    info: Any = PDFInfo()
    info.title = "A title"
    info._dateFormatter = lambda *_: "D:20260131000000Z"
    objects.info = info
    text = write_object(info, objects, toplevel=1)
    assert text.count(b"D:20260131000000Z") == 2, "made and changed"


def test_a_page_takes_further_keys_and_says_them(objects: Any) -> None:
    page: Any = PDFPage()
    page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
    page.pagewidth, page.pageheight = 612.0, 792.0
    page.StructParents, page.Tabs = 7, PDFName("S")
    page.Resources = PDFResourceDictionary()
    page.Resources.basicFonts()
    page.Contents = PDFStream(content=b"0 0 m", filters=[PDFZCompress])
    objects.addPage(page)
    number = objects.objectcounter
    text = write_object(objects.idToObject[objects.numberToId[number]], objects, toplevel=1)
    assert b"/StructParents 7" in text
    assert b"/Tabs /S" in text
    assert b"[ 0 0 612 792 ]" in text


def test_the_catalog_says_what_it_is_given(objects: Any) -> None:
    objects.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
    objects.Catalog.Outlines = None
    text = write_object(objects.Catalog, objects, toplevel=1)
    assert b"/MarkInfo" in text
    assert b"/Outlines" not in text
    assert b"/Lang" in text


def test_fonts_wait_to_be_embedded(objects: Any) -> None:
    assert list(objects.delayedFonts) == []
