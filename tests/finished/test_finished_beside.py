"""Finished agreements beside what is on hand: the blank form, line by line, and ICE's lists."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from assistant.cli.main import run
from assistant.reading import read_agreement
from tests.finished import made
from tests.finished.left_in import put_in
from tests.finished.made import Spec
from tests.finished.measure import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WSO, TFM = "moa-wso/2025-02-14", "moa-tfm/2025-02-12"
HEAD = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return a function that runs ``moa document check`` on a file, in an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))

    def checked(data: bytes, *options: str) -> tuple[int, dict[str, Any]]:
        file = tmp_path / "finished.pdf"
        file.write_bytes(data)
        capsys.readouterr()
        status = run(["document", "check", str(file), "--json", "--today", TODAY, *options])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return status, found

    return checked


@pytest.mark.parametrize("way", ["fields", "flat"])
@pytest.mark.parametrize("name", made.EDITIONS)
def test_the_text_of_a_form_as_issued_is_found_unaltered(official_forms: Path, name: str, way: str) -> None:
    document = read_agreement(made.make(official_forms, name, Spec(), way), {name: made.blank(official_forms, name)})
    assert document.compared
    assert document.altered == ()


@pytest.mark.parametrize("name", made.EDITIONS)
def test_a_printer_that_tells_bullets_otherwise_alters_nothing(official_forms: Path, name: str, tmp_path: Path) -> None:
    (tmp_path / "filled.pdf").write_bytes(made.make(official_forms, name, Spec(), "fields"))
    subprocess.run(["pdftocairo", "-pdf", "filled.pdf", "printed.pdf"], check=True, cwd=tmp_path)
    printed = (tmp_path / "printed.pdf").read_bytes()
    document = read_agreement(printed, {name: made.blank(official_forms, name)})
    assert document.compared
    assert document.altered == ()


@pytest.mark.parametrize("name", made.EDITIONS)
def test_a_word_put_into_a_line_is_told_with_its_line(official_forms: Path, name: str) -> None:
    data = made.make(official_forms, name, Spec(last=put_in(2, "not")), "flat")
    document = read_agreement(data, {name: made.blank(official_forms, name)})
    assert [page for page, _ in document.altered] == [3]
    assert len(document.altered[0][1].split()) > 5
    assert read_agreement(data).altered == ()


def test_without_a_blank_form_the_text_is_unchecked(official_forms: Path, check: Any) -> None:
    status, found = check(made.make(official_forms, WSO, Spec(last=put_in(2, "not")), "flat"))
    assert status == 0
    assert "form-altered" not in {finding["code"] for finding in found["findings"]}
    assert "form-altered" in {row["code"] for row in found["unchecked"]}


def test_a_folder_of_blank_forms_is_used(official_forms: Path, check: Any, tmp_path: Path) -> None:
    data = made.make(official_forms, WSO, Spec(last=put_in(2, "not")), "flat")
    status, found = check(data, "--forms", str(official_forms))
    told = [finding for finding in found["findings"] if finding["code"] == "form-altered"]
    assert status == 0
    assert [(f["severity"], f["where"][:21]) for f in told] == [("warning", "p. 3, printed text, “")]
    assert "form-altered" not in {row["code"] for row in found["unchecked"]}
    (tmp_path / "none").mkdir()
    _, without = check(data, "--forms", str(tmp_path / "none"))
    assert "form-altered" in {row["code"] for row in without["unchecked"]}


def test_the_kept_forms_are_used_without_a_folder(official_forms: Path, check: Any) -> None:
    assert run(["forms", "add", str(official_forms / "moa-wso-rev2025-02-14.pdf")]) == 0
    clean = made.make(official_forms, WSO, Spec(), "flat")
    _, found = check(clean)
    assert {row["code"] for row in found["unchecked"]} == {"name-vs-list", "model-already-held", "model-pending"}


def listed(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (list[object](HEAD), *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_lists_of_the_instance_are_asked(official_forms: Path, check: Any, tmp_path: Path) -> None:
    file = tmp_path / "participatingAgencies01152026am.xlsx"
    file.write_bytes(
        listed(
            ["GEORGIA", "Sheriff's Office of Pine County", "County", "Pine", "Jail Enforcement Model",
             date(2024, 3, 7), None],
            ["GEORGIA", "Sheriff of Pine County", "County", "Pine", "Task Force Model",
             date(2024, 3, 8), None],
        )
    )  # fmt: skip
    assert run(["program", "import", str(file)]) == 0
    data = made.make(official_forms, TFM, Spec(), "flat")
    _, found = check(data)
    assert found["lists"] == [
        {"kind": "participating", "as_of": "2026-01-15", "file": file.name, "sha256": found["lists"][0]["sha256"]}
    ]
    told = {f["code"]: f for f in found["findings"]}
    assert told["model-already-held"]["source"] == "ICE's list of participating agencies, as of January 15, 2026"
    assert told["name-vs-list"]["where"].startswith("p. 1, ")
    assert {row["code"] for row in found["unchecked"]} == {"form-altered", "model-pending"}
    _, alone = check(data, "--no-lists")
    assert alone["lists"] == []
    assert "name-vs-list" in {row["code"] for row in alone["unchecked"]}
    assert "name-vs-list" not in {f["code"] for f in alone["findings"]}


def test_a_check_makes_no_database(official_forms: Path, check: Any, tmp_path: Path) -> None:
    check(made.make(official_forms, WSO, Spec(), "flat"))
    assert not (tmp_path / "instance").exists()
