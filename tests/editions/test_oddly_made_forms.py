"""The official forms put together oddly: known for what they are, filled where that is safe, else told why not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assistant.editions.form_plan import FilledForm, fill_form
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.editions.recognition import inspect, inspect_document
from assistant.errors import FillError
from assistant.pdf.objects.document import Document
from assistant.reading import read_answers
from tests.editions.scenarios import scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TFM, WSO, FLAT = "moa-tfm/2025-02-12", "moa-wso/2025-02-14", "moa-jem/2025-02-15"
HARMLESS: dict[str, Callable[[bytes], bytes]] = {
    "bytes before the header": lambda data: b"\r\n" + data,
    "no %%EOF": lambda data: data.rstrip().removesuffix(b"%%EOF"),
    "3 kB behind the end": lambda data: data + b"\0" * 3_000,
}
READ_ONLY: dict[str, Callable[[bytes], bytes]] = {
    "startxref off by one": lambda data: _moved(data, 1),
    "startxref nowhere": lambda data: _moved(data, 10**8),
    "no startxref": lambda data: data[: data.rindex(b"startxref")],
}


def _moved(data: bytes, by: int) -> bytes:
    at = data.rindex(b"startxref") + len(b"startxref")
    return data[:at] + b"\n%d\n%%%%EOF\n" % (int(data[at:].split()[0]) + by)


def filled(data: bytes) -> FilledForm:
    edition = inspect(data).edition
    assert edition
    return fill_form(FormOnHand(edition=edition, data=data), scenario("example"))


@pytest.mark.parametrize("edition", [TFM, WSO, FLAT])
@pytest.mark.parametrize("way", HARMLESS)
def test_a_harmless_oddity_changes_nothing_about_a_fill(
    way: str, edition: str, blank_forms: dict[str, bytes], tmp_path: Path
) -> None:
    data = HARMLESS[way](blank_forms[edition])
    found = inspect_document(data)
    assert (found["edition"], found["repaired"], found["unfit"]) == (edition, "", "")
    made, plain = filled(data), filled(blank_forms[edition])
    assert made.data.startswith(data)
    assert [(row.blank, row.text) for row in made.proof.rows] == [(row.blank, row.text) for row in plain.proof.rows]
    file = tmp_path / "filled.pdf"
    file.write_bytes(made.data)
    checked = subprocess.run(["qpdf", "--check", str(file)], check=False, capture_output=True, text=True)
    assert "reconstruct" not in checked.stderr
    assert "ERROR" not in checked.stderr
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode()
    bare = "".join(text.split()).replace("_", "")
    assert [row.text for row in made.proof.rows if "".join(row.text.split()) not in bare] == []


@pytest.mark.parametrize("edition", [TFM, WSO, FLAT])
@pytest.mark.parametrize("way", READ_ONLY)
def test_a_wrong_cross_reference_is_read_and_not_filled(way: str, edition: str, blank_forms: dict[str, bytes]) -> None:
    data, plain = READ_ONLY[way](blank_forms[edition]), inspect_document(blank_forms[edition])
    found = inspect_document(data)
    assert found["edition"] == edition
    by_name = [sorted((f["name"], f["page"], f["rect"]) for f in form["fields"]) for form in (found, plain)]
    assert by_name[0] == by_name[1]
    assert found["unfit"].startswith("This copy cannot be filled: ")
    assert "print it to a new PDF" in found["unfit"]
    assert {trap["code"] for trap in found["traps"]} == {trap["code"] for trap in plain["traps"]} | {"repaired"}
    assert FormLibrary([data]).on_hand() == ()
    with pytest.raises(FillError, match="nothing can be added to it safely"):
        filled(data)


@pytest.mark.parametrize("way", [*HARMLESS, *READ_ONLY])
def test_a_filled_form_is_read_however_it_is_put_together(way: str, blank_forms: dict[str, bytes]) -> None:
    made = filled(blank_forms[TFM]).data
    assert read_answers((HARMLESS | READ_ONLY)[way](made)) == read_answers(made)


@pytest.mark.parametrize("edition", [TFM, FLAT])
def test_what_lost_its_end_stays_damaged(edition: str, blank_forms: dict[str, bytes]) -> None:
    data = blank_forms[edition]
    assert not Document(data).repaired
    lost = []
    for part in (0.3, 0.6, 0.9):
        try:
            lost.append(str(inspect_document(data[: int(len(data) * part)])["edition"]))
        except Exception as error:  # noqa: BLE001 - its kind and its words are what is looked at
            lost.append(f"{type(error).__name__}: {error}")
    assert {entry[:27] for entry in lost} == {"PdfError: The PDF is damaged"[:27]}


def test_the_command_does_not_send_a_known_form_where_it_is_refused(
    blank_forms: dict[str, bytes], tmp_path: Path
) -> None:
    notices = {}
    for name, data in (("plain", blank_forms[TFM]), ("odd", READ_ONLY["startxref nowhere"](blank_forms[TFM]))):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(data)
        command = [sys.executable, "-m", "assistant", "forms", "map", str(file), "--out", str(tmp_path / name)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        notices[name] = next(line for line in done.stderr.splitlines() if "already knows" in line)
    assert "`moa forms add` adds it" in notices["plain"]
    assert "`moa forms add` adds it" not in notices["odd"]
    assert "print it to a new PDF" in notices["odd"]
