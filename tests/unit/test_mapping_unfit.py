"""What a map cannot fill: a line without a field on a form with fields, a lone box, a form that is only pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.cli import main as cli
from assistant.editions.catalog import LeftBlank
from assistant.mapping.drafts import NO_FIELD, draft_edition
from assistant.pdf.form.template import compile_template
from tests.unit.made_agreements import OURS, Paper, filled, proposed
from tests.unit.made_forms import pictured, printed, with_fields

if TYPE_CHECKING:
    from pathlib import Path

LINES = [
    (72, 740, "MEMORANDUM OF AGREEMENT under 287(g)"),
    (72, 720, "287(g) Task Force Model"),
    (72, 640, "The LEA represents"),
    (72, 600, "Mailing address of the agency: ______________________________"),
    (72, 30, "Revised 05/01/2026"),
    (72, 560, "Number of officers: ______________________________"),
]
BOXES = [("Text1", 1, (180, 636, 400, 652))]
ORDER = "the form has no field there. Give the reason why it stays empty, or remove the line."


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a form with a field, and two lines without one."""
    with_fields(printed(tmp_path / "paper.pdf", LINES), tmp_path / "form.pdf", BOXES)
    return tmp_path / "form.pdf"


def test_a_line_without_a_field_gets_no_answer_on_a_form_with_fields(file: Path) -> None:
    draft = draft_edition(compile_template(file.read_bytes()), ())
    assert filled(draft.rows) == ["agency.represents"]
    lines = [row for row in draft.rows if row.blank.blank != "Text1"]
    assert len(lines) == 2
    assert [row.blank.label for row in lines] == ["agency’s address", "a rule to write on"]
    for row in lines:
        assert isinstance(row.blank, LeftBlank)
        assert (row.blank.reason, row.sureness) == (NO_FIELD, "unknown")
        assert row.blank.line is not None


def test_such_a_line_is_refused_with_an_order_that_can_be_followed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["forms", "map", str(file), "--out", str(file.parent / "drafts")]) == 0
    folder = file.parent / "drafts" / "moa-tfm" / "2026-05-01"
    capsys.readouterr()
    assert cli.run(["forms", "register", str(folder), str(file)]) == 2
    assert ORDER in capsys.readouterr().err
    text = (folder / "edition.toml").read_text("utf-8")
    kept = [line for line in text.splitlines() if "line = [" not in line]
    (folder / "edition.toml").write_text("\n".join(kept), "utf-8")
    assert cli.run(["forms", "register", str(folder), str(file)]) == 0


@pytest.mark.parametrize("labels", [("", "", "", ""), ("Name", "Title", "Phone", "E-mail")])
@pytest.mark.parametrize("down", [100, 230])
def test_a_lone_box_far_below_a_list_of_contacts_is_none_of_its_lines(labels: tuple[str, ...], down: int) -> None:
    paper = Paper("fields", names=False)
    paper.line("APPENDIX A")
    paper.line("POINTS OF CONTACT", 30)
    paper.line("For the LEA:", 20)
    for label in labels:
        paper.blank(paper.text(OURS, paper.y, f"{label}: ") if label else OURS, paper.y, 360)
        paper.y -= 20
    paper.blank(OURS, paper.y - down, 300)
    *lines, lone = proposed(paper.data())
    assert filled(lines) == [f"program_contact.{part}" for part in ("full_name", "title", "phone", "email")]
    assert (lone.sureness, filled([lone])) == ("unknown", [])


def test_a_labelled_line_further_down_still_belongs_to_the_list() -> None:
    paper = Paper("fields", names=False)
    paper.line("POINTS OF CONTACT", 30)
    paper.line("For the LEA:", 20)
    for label in ("Name", "E-mail"):
        paper.blank(paper.text(OURS, paper.y, f"{label}: "), paper.y, 360)
        paper.y -= 120
    assert filled(proposed(paper.data())) == ["program_contact.full_name", "program_contact.email"]


@pytest.mark.parametrize("fields", [False, True])
def test_a_form_that_is_only_pictures_is_refused_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, fields: bool
) -> None:
    scan = pictured(tmp_path / "scan.pdf", pages=2)
    if fields:
        with_fields(scan, tmp_path / "form.pdf", BOXES)
        scan = tmp_path / "form.pdf"
    assert cli.run(["forms", "map", str(scan), "--out", str(tmp_path / "drafts"), "--form", "TFM"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "has only pictures and no text. Use the form as ICE publishes it" in err
    assert not (tmp_path / "drafts").exists()
