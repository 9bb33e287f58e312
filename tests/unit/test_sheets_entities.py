"""A workbook whose XML declares entities is refused, also where everything else about it is right."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from assistant.errors import SpreadsheetError
from assistant.spreadsheets import read
from assistant.spreadsheets.markup import sheet_parts

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def plain() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Roster"
    book.active.append(["Name"])
    book.active.append(["Alex Nguyen"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_declaration(part: str, declaration: str) -> bytes:
    """Return the workbook with a document type before one part's first element, and all else as it was."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == part:
                start, end = (text.index("?>") + 2, len(text)) if text.startswith("<?xml") else (0, len(text))
                text = text[:start] + declaration + text[start:end].replace('name="Roster"', 'name="&title;"')
            new.writestr(name, text)
    return out.getvalue()


def test_the_same_workbook_without_a_declaration_is_read() -> None:
    assert [sheet.name for sheet in read(with_declaration("none", ""))] == ["Roster"]
    assert [sheet.name for sheet in read(with_declaration("xl/styles.xml", ""))] == ["Roster"]


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param('<!DOCTYPE workbook [<!ENTITY title "Roster">]>', id="internal"),
        pytest.param('<!DOCTYPE workbook [<!ENTITY a "Ros"><!ENTITY title "&a;ter">]>', id="nested"),
        pytest.param('<!DOCTYPE workbook [<!ENTITY % p "x"><!ENTITY title "Roster">]>', id="parameter"),
    ],
)
def test_an_entity_in_the_workbook_is_refused(declaration: str) -> None:
    with pytest.raises(SpreadsheetError):
        read(with_declaration(WORKBOOK, declaration))


@pytest.mark.parametrize("part", [SHEET, STYLES, RELATIONS])
@pytest.mark.parametrize(
    "declaration", ['<!DOCTYPE x [<!ENTITY y "z">]>', '<!DOCTYPE x SYSTEM "file:///etc/hostname">', "<!DOCTYPE x>"]
)
def test_a_declaration_is_refused_in_every_part_that_is_read(part: str, declaration: str) -> None:
    with pytest.raises(SpreadsheetError):
        read(with_declaration(part, declaration))


def test_the_parser_refuses_a_declaration_by_itself() -> None:
    """Whoever unpacks a workbook in another way is not on their own."""
    parts = {WORKBOOK: b'<workbook><sheet name="Roster" r:id="a"/></workbook>', "xl/sheet1.xml": b"<worksheet/>"}
    parts[RELATIONS] = b'<Relationships><Relationship Id="a" Target="sheet1.xml"/></Relationships>'
    assert [part.title for part in sheet_parts(parts)] == ["Roster"]
    declared = b'<!DOCTYPE workbook [<!ENTITY title "Roster">]>' + parts[WORKBOOK]
    with pytest.raises(SpreadsheetError):
        sheet_parts({**parts, WORKBOOK: declared})
