"""Which form an unknown PDF is, said on the command line: proposed, registered, known from then on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.cli import main as cli
from assistant.editions.catalog import get_edition, local_editions_dir
from assistant.editions.recognition import recognise, text_digest
from assistant.errors import EditionError
from assistant.pdf.form.template import compile_template
from assistant.services.form_maps.edition_drafts import register
from tests.unit.made_forms import printed, with_fields

if TYPE_CHECKING:
    from pathlib import Path

LINES = [
    (72, 740, "MEMORANDUM OF AGREEMENT under 287(g)"),
    (72, 720, "287(g) Task Force Model"),
    (72, 640, "The LEA represents"),
]
BOXES = [("Text1", 1, (180, 636, 400, 652))]


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    """Return a form on which no revision is printed."""
    with_fields(printed(tmp_path / "paper.pdf", LINES), tmp_path / "undated.pdf", BOXES)
    return tmp_path / "undated.pdf"


def draw_up(file: Path, *said: str) -> int:
    return cli.run(["forms", "map", str(file), "--out", str(file.parent / "drafts"), *said])


def test_a_form_without_a_date_is_registered_by_the_day_it_was_published(
    undated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw_up(undated, "--published", "2026-03-01", "--title", "Agreement of spring") == 0
    folder = undated.parent / "drafts" / "moa-tfm" / "2026-03-01"
    assert cli.run(["forms", "register", str(folder), str(undated)]) == 0
    edition = get_edition("moa-tfm/2026-03-01")
    assert (edition.title, edition.revision_label) == ("Agreement of spring", "03/01/2026 (no revision printed)")
    capsys.readouterr()
    assert cli.run(["forms", "inspect", str(undated), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["edition"], found["revision"]) == ("moa-tfm/2026-03-01", None)
    cli.run(["forms", "inspect", str(undated)])
    assert "no revision printed" in capsys.readouterr().out


def test_what_stands_in_a_field_does_not_change_the_words_of_the_form(undated: Path, tmp_path: Path) -> None:
    with pikepdf.open(undated) as pdf:
        pdf.Root.AcroForm.Fields[0].V = "Example County"
        pdf.generate_appearance_streams()
        pdf.save(tmp_path / "filled.pdf")
    blank = compile_template(undated.read_bytes())
    assert text_digest(compile_template((tmp_path / "filled.pdf").read_bytes())) == text_digest(blank)


def test_without_a_date_nothing_is_registered(undated: Path) -> None:
    assert draw_up(undated) == 0
    with pytest.raises(EditionError, match="--revision"):
        register(undated.parent / "drafts" / "moa-tfm" / "unstamped", undated.read_bytes())
    assert recognise(compile_template(undated.read_bytes())) is None


def test_the_folder_and_the_model_say_the_same(undated: Path) -> None:
    assert draw_up(undated, "--form", "letter", "--published", "2026-03-01") == 0
    folder = undated.parent / "drafts" / "letter-of-interest" / "2026-03-01"
    text = (folder / "edition.toml").read_text("utf-8")
    assert "model" not in text
    (folder / "edition.toml").write_text(f'model = "TFM"\n{text}', "utf-8")
    with pytest.raises(EditionError, match="do not match"):
        register(folder, undated.read_bytes())


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (["--revision", "2026-03-01"], "is not on the first page"),
        (["--revision", "2026-03-01", "--published", "2026-03-01"], "not both"),
        (["--words", "words that are not there"], "are not on the first page in this form"),
        (["--form", "XYZ"], "XYZ"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    undated: Path, capsys: pytest.CaptureFixture[str], said: list[str], wanted: str
) -> None:
    assert draw_up(undated, *said) == 2
    assert wanted in capsys.readouterr().err
    assert not (undated.parent / "drafts").exists()


def test_what_is_taken_in_is_called_no_draft_any_more(undated: Path) -> None:
    assert draw_up(undated, "--published", "2026-03-01") == 0
    folder = undated.parent / "drafts" / "moa-tfm" / "2026-03-01"
    draft = (folder / "edition.toml").read_text("utf-8")
    assert draft.startswith("# A draft")
    register(folder, undated.read_bytes())
    kept = (local_editions_dir() / "moa-tfm" / "2026-03-01" / "edition.toml").read_text("utf-8")
    assert kept.startswith("# Registered after a person checked it")
    assert "draft" not in kept
    assert kept.partition("\nmodel")[2] == draft.partition("\nmodel")[2], "all else is as it was written"


def test_an_edition_says_whose_every_blank_is(undated: Path) -> None:
    assert draw_up(undated, "--published", "2026-03-01") == 0
    folder = undated.parent / "drafts" / "moa-tfm" / "2026-03-01"
    file, line = folder / "edition.toml", '"Text1" = { page = 1, label = "x", side = "unknown", reason = "by hand" }'
    file.write_text(f"{file.read_text('utf-8').partition('[fields]')[0]}[left_blank]\n{line}\n", "utf-8")
    with pytest.raises(EditionError, match="say whose Text1 is"):
        register(folder, undated.read_bytes())
