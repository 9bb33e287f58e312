"""Spreadsheets that are broken, hostile, or none: refused before they can do harm."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import openpyxl
import openpyxl.utils.datetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SpreadsheetError
from assistant.spreadsheets import read
from assistant.spreadsheets.container import repack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]], **pages: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for name, more in pages.items():
        page = book.create_sheet(name)
        for row in more:
            page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def altered(
    data: bytes, changes: dict[str, Callable[[bytes], bytes] | bytes], how: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return the workbook with some parts replaced, rewritten or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", how) as new:
        contents = {name: old.read(name) for name in old.namelist()}
        for name, change in changes.items():
            contents[name] = change if isinstance(change, bytes) else change(contents[name])
        for name, content in contents.items():
            new.writestr(name, content)
    return kept.getvalue()


PLAIN = workbook([["Name", "Badge"], ["Alex Nguyễn", 1412]])


def with_cells(xml: str, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    return altered(PLAIN, {SHEET: f"<worksheet {NS}><sheetData>{xml}</sheetData></worksheet>".encode()}, how)


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"Name,Badge\n"):
        try:
            read(start + data)
        except SpreadsheetError as error:
            assert str(error).endswith(".")  # noqa: PT017 - it may also be read


@given(st.data())
def test_no_broken_workbook_brings_it_down(data: st.DataObject) -> None:
    """Change or cut the XML of the sheet: the compiled reader must stay on its feet, or not see it."""

    def spoil(content: bytes) -> bytes:
        at = data.draw(st.integers(0, len(content)))
        return content[:at] + data.draw(st.binary(max_size=6)) + content[at + data.draw(st.integers(0, 9)) :]

    part = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]))
    try:
        read(altered(PLAIN, {part: spoil}))
    except SpreadsheetError as error:
        assert str(error).endswith(".")  # noqa: PT017 - it may also be read


def with_strings(cells: str, strings: bytes) -> bytes:
    """Return a workbook that keeps its texts beside the sheet, as Excel does."""

    def with_relationship(content: bytes) -> bytes:
        kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        added = b'<Relationship Id="rId77" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
        return content.replace(b"</Relationships>", added)

    return altered(
        with_cells(cells), {"xl/_rels/workbook.xml.rels": with_relationship, "xl/sharedStrings.xml": strings}
    )


@cache
def bombs() -> dict[str, bytes]:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    long_text = f"<sst {NS}><si><t>{'y' * 30_000}</t></si></sst>".encode()
    shown = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    zeros = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/worksheets/sheet9.xml", b"0" * 300_000_000)
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'
    lying = bytearray(zeros.getvalue())
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as new:
        for number in range(30_000):
            new.writestr(str(number), b"")
    return {
        "a far cell": with_cells(row + far),
        "a far cell in disguise": with_cells(row + far.replace("<c ", '<c a=">" ')),
        "a far cell without a place": with_cells(row + '<row r="1048576">' + "<c><v>1</v></c>" * 16_000 + "</row>"),
        "a long text shown often": with_strings(shown, long_text),
        "zeros": zeros.getvalue(),
        "zeros with a small size in the directory": bytes(lying),
        "entities": altered(PLAIN, {"xl/workbook.xml": entities}),
        # Stored, so that no ratio gives them away.
        "tags": with_cells("<row>" * 1_900_000, zipfile.ZIP_STORED),
        "attributes": with_cells("<row " + 'r="1" ' * 1_600_000, zipfile.ZIP_STORED),
        "unclosed rows": with_cells('<row hidden="1" ' * 600_000, zipfile.ZIP_STORED),
        "unclosed lists of links": with_cells("<hyperlinks " * 800_000, zipfile.ZIP_STORED),
        "cells without a row": with_cells("<c><v>1</v></c>" * 245_000, zipfile.ZIP_STORED),
        "spaces": with_cells("<c r" + " " * 9_000_000, zipfile.ZIP_STORED),
        "links": altered(
            with_cells("</sheetData><hyperlinks>" + '<hyperlink r:id="a"/>' * 200_000 + "</hyperlinks>"),
            {},
            zipfile.ZIP_STORED,
        ),
        "many members": many.getvalue(),
        "many sheets of one part": altered(
            with_cells("".join(f'<row r="{n}"><c r="CV{n}"><v>1</v></c></row>' for n in range(1, 9_000))),
            {"xl/workbook.xml": _sheets_of_one_part},
        ),
    }


def _sheets_of_one_part(content: bytes) -> bytes:
    start, end = content.index(b"<sheet "), content.index(b"</sheets>")
    tag = content[start:end]
    return content[:start] + b"".join(tag.replace(b'"Sheet"', b'"S%d"' % n) for n in range(9_000)) + content[end:]


MEASURE = """
import re, sys, time
from assistant.errors import SpreadsheetError
from assistant.spreadsheets import read
data = sys.stdin.buffer.read()
start = time.process_time()
try:
    read(data)
except SpreadsheetError as error:
    most = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())
    print("refused", time.process_time() - start, most[1] if most else 0, error)
else:
    print("read", time.process_time() - start, 0, "-")
"""


@pytest.mark.parametrize("name", bombs())
def test_bombs_are_refused_in_no_time_and_little_room(name: str, root: Path) -> None:
    """A second of its own time and 200 MB. The child cannot take more than 600 MB in any case."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=bombs()[name],
        capture_output=True,
        cwd=root,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000)),
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    verdict, seconds, kilobytes, sentence = done.stdout.decode().split(maxsplit=3)
    assert verdict == "refused"
    assert "too large" in sentence or "damaged" in sentence
    assert int(kilobytes) < 200_000, sentence
    assert float(seconds) < 5, "far from a second even on a busy machine"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"<html><table>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (PLAIN[:-30], "damaged or incomplete"),
        (PLAIN[: len(PLAIN) // 2], "damaged or incomplete"),
        (b"a\0b\0c", "not readable text"),
        (b"\x81\x8d\x8f", "cannot be read"),
        (b'Name\n"Alex', "never closed"),
        (b"," * 2_000_000, "too large"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(SpreadsheetError, match=words):
        read(data)


@pytest.mark.parametrize(
    ("member", "words"),
    [("content.xml", "OpenDocument"), ("xl/workbook.bin", "xlsb"), ("word/document.xml", "document"), ("a", "ZIP")],
)
def test_other_archives_are_told_by_name(member: str, words: str) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(SpreadsheetError, match=words):
        read(kept.getvalue())


def test_formatted_empty_cells_far_out_do_no_harm() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read(with_cells(cells))[0].rows == [[1.0]]


def test_a_long_text_shown_once_is_read_beside_many_short_ones() -> None:
    strings = f"<sst {NS}><si><t>{'y' * 30_000}</t></si><si><t>z</t></si></sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{int(n > 1)}</v></c></row>' for n in range(1, 2_001))
    (sheet,) = read(with_strings(cells, strings))
    assert (len(sheet.rows), sheet.rows[0], sheet.rows[1999]) == (2_000, ["y" * 30_000], ["z"])


def test_names_of_parts_in_any_case_and_a_workbook_packed_anew_read_the_same() -> None:
    data = with_strings('<row><c t="s"><v>0</v></c></row>', f"<sst {NS}><si><t>é</t></si></sst>".encode())
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("sharedStrings", "SharedStrings").replace("sheet1", "Sheet1"), old.read(name))
    assert read(kept.getvalue())[0].rows == read(data)[0].rows == read(repack(unpack(data)).getvalue())[0].rows
