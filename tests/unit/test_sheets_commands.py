"""``moa roster`` and ``moa program``: what they print, write and return."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from assistant.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def saved(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def list_of(*rows: list[object], head: str = "STATE|LAW ENFORCEMENT AGENCY|TYPE|COUNTY|SUPPORT TYPE|SIGNED") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(head.split("|"))
    for row in rows:
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


EXAMPLE: list[object] = [
    "FLORIDA",
    "Example County Sheriff's Office",
    "County",
    "Example",
    "Task Force Model",
    "5/8/2025",
]
SAMPLE: list[object] = ["GEORGIA", "Sample Police Department", "Municipality", None, "Task Force Model", "6/30/20026"]


def test_a_good_roster_ends_with_0_and_a_bad_row_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["roster", "read", saved(tmp_path / "a.csv", b"Name,Model\nAlex,TFM\n"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [nominee["full_name"] for nominee in document["nominees"]] == ["Alex"]
    assert run(["roster", "read", saved(tmp_path / "b.csv", b"Name,Model\nAlex,TFM\nSam,xyz\n"), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(error["row"], error["column"]) for error in document["errors"]] == [(3, "Model")]
    assert run(["roster", "read", saved(tmp_path / "b.csv", b"Name,Model\nAlex,TFM\nSam,xyz\n")]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 nominees read, 1 row to correct."


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04broken", b"%PDF-1.7", b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_cannot_be_read_ends_with_2_and_one_sentence(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["roster", "read"], ["program", "import"]):
        assert run([*command, saved(tmp_path / "a.xlsx", data), "--json"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    assert run(["roster", "read", str(tmp_path)]) == 2
    assert run(["program", "import", str(tmp_path)]) == 2


def test_the_template_is_written_and_reads_as_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "empty.xlsx")
    assert run(["roster", "template", "--out", path]) == 0
    capsys.readouterr()
    assert run(["roster", "read", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [document[key] for key in ("nominees", "errors", "warnings", "set_aside")] == [[], [], [], []]


def test_a_marked_copy_is_written_on_request(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.csv", b"Name,Model\nSam,xyz\n")
    assert run(["roster", "read", source, "--marked", str(tmp_path / "marked.xlsx")]) == 1
    page = openpyxl.load_workbook(tmp_path / "marked.xlsx").worksheets[0]
    assert str(page["C2"].value).startswith("Model: Write JEM")


def test_a_list_is_loaded_found_counted_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = saved(tmp_path / "participatingAgencies06012025am.xlsx", list_of(EXAMPLE, SAMPLE))
    assert run(["program", "import", name, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["unreadable"] == [{"row": 3, "why": "SIGNED reads “6/30/20026”, which is not a date."}]
    assert (document["kind"], document["rows"], document["added"]) == ("participating", 2, 2)
    assert run(["program", "find", "Example Co. SO", "--state", "fl", "--json"]) == 0
    (match,) = json.loads(capsys.readouterr().out)
    assert (match["match"], match["model"], match["signed"], match["status"]) == (
        1.0,
        "TFM",
        "2025-05-08",
        "participating",
    )
    chart = tmp_path / "chart.svg"
    assert run(["program", "report", "--json", "--chart", str(chart)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["as_of"], document["total"], document["by_month"]) == ("2025-06-01", 2, {"2025-05": 1})
    assert ET.fromstring(chart.read_text("utf-8")).get("role") == "img"  # noqa: S314 - our own drawing
    for command in (["program", "report"], ["program", "find", "Example"], ["program", "import", name]):
        assert run(command) == 0
    out = capsys.readouterr().out
    assert "As of 2025-06-01: 2 agreements in 2 States." in out
    assert "2 participating rows: 0 added, 0 changed, 0 removed, 1 to check." in out


def test_pending_that_the_content_contradicts_is_said_and_the_content_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swapped = saved(tmp_path / "pendingAgencies06012025am.xlsx", list_of(EXAMPLE))
    assert run(["program", "import", swapped, "--pending", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["kind"] == "participating"
    assert "Given as the pending list" in err
    head = "STATE|LAW ENFORCEMENT AGENCY|TYPE|COUNTY|SUPPORT TYPE"
    name = saved(tmp_path / "participatingAgencies06012025am.xlsx", list_of(EXAMPLE[:5], head=head))
    assert run(["program", "import", name, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["kind"] == "pending"
    assert "Given as the participating list" in err


@pytest.mark.parametrize("name", ["a.xlsx", "participatingAgencies06012025am.xlsx"])
def test_the_participating_list_given_as_pending_is_refused_unless_forced(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path / name, list_of(EXAMPLE))
    assert run(["program", "import", file, "--pending", "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "Load it without --pending" in err
    assert run(["program", "report", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] is None
    assert run(["program", "import", file, "--pending", "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "participating"


def test_looking_up_before_a_list_is_loaded_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["program", "find", "Example", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert "moa program import" in err
    assert run(["program", "report"]) == 0
    assert "No list of participating agencies is loaded" in capsys.readouterr().out
    assert run(["program", "find", "Example", "--state", "Atlantis"]) == 2


def test_a_folder_of_lists_is_loaded_oldest_first_and_goes_on_after_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    saved(folder / "participatingAgencies06022025pm.xlsx", list_of(EXAMPLE))
    saved(folder / "participatingAgencies06022025am.xlsx", list_of(EXAMPLE, SAMPLE))
    saved(folder / "participatingAgencies05302025am.xlsx", list_of(SAMPLE))
    (folder / "readme.txt").write_text("not a list")
    assert run(["program", "import", str(folder), "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert [(row["file"], row["added"], row["removed"]) for row in results] == [
        ("participatingAgencies05302025am.xlsx", 1, 0),
        ("participatingAgencies06022025am.xlsx", 1, 0),
        ("participatingAgencies06022025pm.xlsx", 0, 1),
    ]
    (folder / "broken.csv").write_text("a,b\n1,2\n")
    assert run(["program", "import", str(folder)]) == 1
    told = capsys.readouterr()
    assert "broken.csv: This is not one of ICE's lists." in told.err
    assert told.out.count("participating rows:") == 3


def test_a_folder_without_a_list_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text("a,b\n")
    assert run(["program", "import", str(tmp_path)]) == 2
    assert "None of these files could be loaded." in capsys.readouterr().err
    (tmp_path / "x.csv").unlink()
    assert run(["program", "import", str(tmp_path)]) == 2
    assert "There is no .xlsx or .csv file in this folder." in capsys.readouterr().err
