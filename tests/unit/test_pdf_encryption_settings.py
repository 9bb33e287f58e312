"""The settings of an encrypted file may be references, each of them (7.3.10): read, and filled as protected."""

from __future__ import annotations

import io
import re
import subprocess
from typing import TYPE_CHECKING, Literal

import pikepdf
import pytest

from assistant.errors import PdfError
from assistant.pdf.filling.fill import fill
from assistant.pdf.form.template import compile_anew
from assistant.pdf.viewer.read_back import DrawnPages, joined
from tests.hostile.made import pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def encrypted(revision: Literal[4, 6]) -> bytes:
    """Return the form with one field, encrypted, its cross-reference a table."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.save(
            out,
            encryption=pikepdf.Encryption(owner="owner", user="", R=revision),
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def with_settings(data: bytes, changes: dict[bytes, bytes], objects: dict[int, bytes]) -> bytes:
    """Return the file with an update that replaces parts of its encryption dictionary, and adds objects."""
    trailer = data[data.rindex(b"trailer") :]
    number = int(re.search(rb"/Encrypt (\d+) 0 R", trailer)[1])  # type: ignore[index]
    start = data.index(b"\n%d 0 obj" % number) + 1
    text = data[start : data.index(b"endobj", start)]
    for old, new in changes.items():
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    rows = {number: len(data)}
    data += text + b"endobj\n"
    for added, body in objects.items():
        rows[added] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (added, body)
    at = len(data)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % row for row in sorted(rows.items()))
    entries = re.search(rb"<<(.*)>>", trailer, re.DOTALL)[1]  # type: ignore[index]
    before = int(trailer.split(b"startxref")[1].split()[0])
    entries = re.sub(rb"/Size \d+", b"/Size 100", entries)
    end = b"xref\n%btrailer\n<<%b/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (table, entries, before, at)
    return data + end


def settings_of(data: bytes) -> tuple[bytes, bytes]:
    """Return /CF as it is written, and the dictionary of its only filter."""
    whole = re.search(rb"/CF (<<\s*/StdCF (<<.*?>>)\s*>>)", data, re.DOTALL)
    assert whole
    return whole[1], whole[2]


KINDS: dict[str, Callable[[bytes, bytes], tuple[dict[bytes, bytes], dict[int, bytes]]]] = {
    "/CF": lambda cf, _: ({cf: b"90 0 R"}, {90: cf}),
    "the filter": lambda _, std: ({std: b"91 0 R"}, {91: std}),
    "both": lambda cf, std: ({cf: b"90 0 R"}, {90: b"<</StdCF 91 0 R>>", 91: std}),
    "the method": lambda cf, std: (
        {cf: b"90 0 R"},
        {
            90: b"<</StdCF 91 0 R>>",
            91: re.sub(rb"/CFM /(\w+)", b"/CFM 92 0 R", std),
            92: re.findall(rb"/AESV\d", std)[0],
        },
    ),
}


@pytest.mark.parametrize("revision", [4, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_indirect_settings_are_read_and_kept_by_a_fill(kind: str, revision: Literal[4, 6], tmp_path: Path) -> None:
    plain = encrypted(revision)
    data = with_settings(plain, *KINDS[kind](*settings_of(plain)))
    template = compile_anew(data)
    assert template.document.encryption == compile_anew(plain).document.encryption is not None
    assert template.fields.keys() == {"name"}
    assert template.document.repaired == ""
    filled = fill(template, {"name": "Rivertown"})
    assert b"Rivertown" not in filled
    with DrawnPages(filled) as drawn:
        assert "Rivertown" in joined(drawn.letters(0))
    file = tmp_path / "filled.pdf"
    file.write_bytes(filled)
    text = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
    assert "Rivertown" in text
    found = subprocess.run(["qpdf", "--json", "--json-key=acroform", str(file)], check=True, capture_output=True)
    assert b"Rivertown" in found.stdout


def test_a_method_that_is_none_is_told_as_a_password() -> None:
    plain = encrypted(6)
    cf, std = settings_of(plain)
    data = with_settings(plain, {cf: b"90 0 R"}, {90: b"<</StdCF 91 0 R>>", 91: std.replace(b"AESV3", b"Other")})
    with pytest.raises(PdfError, match="needs a password"):
        compile_anew(data)
