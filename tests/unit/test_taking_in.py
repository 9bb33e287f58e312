"""An unknown form is taken in with its blank copy or not at all, and other prints of a revision harm nothing."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.cli import main as cli
from assistant.editions.catalog import get_edition, local_editions_dir, read_edition
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.errors import EditionError, InputError
from assistant.mapping.toml import edition_toml
from assistant.pdf.form.template import compile_template
from assistant.reading.printed_revision import known_revisions
from assistant.reading.slots import nearest_edition
from assistant.services.form_maps.edition_drafts import propose_draft
from assistant.services.form_maps.filled_copies import refuse_filled
from tests.unit.made_forms import printed

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition

FLAT, WSO = "moa-tfm/2025-03-07", "moa-wso/2025-02-14"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give each test an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture(scope="module")
def wso(official_forms: Path) -> bytes:
    return (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes()


def flattened(data: bytes, folder: Path) -> bytes:
    before, after = folder / "before.pdf", folder / "after.pdf"
    before.write_bytes(data)
    subprocess.run(["qpdf", "--flatten-annotations=all", before, after], check=True)
    return after.read_bytes()


@pytest.fixture(scope="module")
def filled_wso(wso: bytes, ready: Answers) -> bytes:
    return fill_form(FormOnHand(edition=get_edition(WSO), data=wso), replace(ready, models=("WSO",))).data


@pytest.fixture(scope="module")
def flat_wso(wso: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the blank form as a print without fields."""
    return flattened(wso, tmp_path_factory.mktemp("blank"))


@pytest.fixture(scope="module")
def flat_filled_wso(filled_wso: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the filled form as a print without fields."""
    return flattened(filled_wso, tmp_path_factory.mktemp("filled"))


def own(edition: Edition) -> None:
    file = local_editions_dir() / edition.form_id / edition.edition_id / "edition.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(edition_toml(edition), "utf-8")


def test_another_print_of_a_revision_leaves_the_reading_of_agreements_alone() -> None:
    own(replace(get_edition(FLAT), edition_id="2025-03-07.fields"))
    assert "2025-03-07" in known_revisions("TFM")
    assert all(len(stamp) == 10 for stamp in known_revisions("TFM"))
    nearest = nearest_edition("TFM", "2025-03-07")
    assert nearest
    assert nearest.revision == "2025-03-07"


@pytest.mark.usefixtures("font")
def test_a_finished_agreement_is_read_and_current_beside_another_print(
    official_forms: Path, ready: Answers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    done = fill_form(FormOnHand(edition=get_edition(FLAT), data=data), replace(ready, models=("TFM",)))
    (tmp_path / "done.pdf").write_bytes(done.data)
    own(replace(get_edition(FLAT), edition_id="2025-03-07.fields", title="Another print"))
    assert cli.run(["application", "read", str(tmp_path / "done.pdf"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    cli.run(["document", "check", str(tmp_path / "done.pdf"), "--json", "--today", "2025-04-01"])
    codes = {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert "form-outdated" not in codes


def test_a_filled_copy_made_flat_is_no_blank_form(wso: bytes, flat_wso: bytes, flat_filled_wso: bytes) -> None:
    library = FormLibrary([wso])
    draft = propose_draft(flat_filled_wso, library).draft
    assert draft.edition.name == f"{WSO}.a", "the program has a flat print of its own"
    with pytest.raises(InputError, match="is filled in"):
        refuse_filled(draft.edition, compile_template(flat_filled_wso), library)
    draft = propose_draft(flat_wso, library).draft
    refuse_filled(draft.edition, compile_template(flat_wso), library)
    with pytest.raises(InputError, match="First add the form with fields"):
        refuse_filled(draft.edition, compile_template(flat_wso), FormLibrary())


def test_what_a_newer_form_changed_is_said_when_it_is_added(
    official_forms: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("moa-tfm-rev2025-02-12.pdf", "moa-tfm-rev2025-03-07-flat.pdf"):
        assert cli.run(["forms", "add", str(official_forms / name)]) == 0
    said = capsys.readouterr().out
    assert "new      agency, under “For the LEA”" in said
    assert "Beside moa-tfm/2025-02-12: 7 new" in said


def map_of(file: Path, forms: Path, out: Path) -> tuple[int, Path]:
    status = cli.run(["forms", "map", str(file), "--out", str(out), "--forms", str(forms)])
    return status, out


def test_the_commands_draw_up_and_register_no_filled_copy(
    flat_wso: bytes, flat_filled_wso: bytes, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "filled.pdf"
    file.write_bytes(flat_filled_wso)
    assert map_of(file, official_forms, tmp_path / "drafts")[0] == 2
    assert "is filled in" in capsys.readouterr().err
    assert not (tmp_path / "drafts").exists()
    # A map that was drawn up for the blank print, with the filled one.
    blank = tmp_path / "blank.pdf"
    blank.write_bytes(flat_wso)
    assert map_of(blank, official_forms, tmp_path / "drafts")[0] == 0
    folder = tmp_path / "drafts" / "moa-wso" / "2025-02-14.a"
    kept = official_forms / "moa-wso-rev2025-02-14.pdf"
    assert cli.run(["forms", "add", str(kept)]) == 0
    capsys.readouterr()
    assert cli.run(["forms", "register", str(folder), str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(local_editions_dir().glob("*/*/edition.toml")), "the map went with its form"


def test_what_cannot_be_registered_ends_with_two_and_one_sentence(
    new_form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = tmp_path / "drafts"
    command = ["forms", "map", str(new_form), "--out", str(drafts), "--form", "WSO", "--published", "2026-01-05"]
    assert cli.run([*command, "--words", "Warrant Service", "--today", "2026-01-31"]) == 0
    folder = drafts / "moa-wso" / "2026-01-05"
    good = (folder / "edition.toml").read_bytes()
    (tmp_path / "empty").mkdir()
    capsys.readouterr()
    nobodys = b'[left_blank]\n"x" = { page = 1, label = "x", side = "nobody", reason = "x" }\n'
    for bad in (b"\x8b\x00", b"model = TFM", good + nobodys):
        (folder / "edition.toml").write_bytes(bad)
        assert cli.run(["forms", "register", str(folder), str(new_form)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "codec" not in said
    assert cli.run(["forms", "register", str(tmp_path / "empty"), str(new_form)]) == 2
    assert not local_editions_dir().exists()


@pytest.fixture
def new_form(tmp_path: Path) -> Path:
    lines = [(72, 740, "MEMORANDUM OF AGREEMENT"), (72, 720, "287(g) Warrant Service Officer Program")]
    return printed(tmp_path / "form.pdf", [*lines, (72, 600, "Name of agency: ____________________")])


def test_a_day_to_come_is_no_day_of_publication(
    new_form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["forms", "map", str(new_form), "--out", str(tmp_path / "drafts"), "--form", "WSO"]
    said = ["--words", "Warrant Service", "--today", "2026-01-31", "--published"]
    assert cli.run([*command, *said, "2026-02-01"]) == 2
    assert "is in the future" in capsys.readouterr().err
    assert not (tmp_path / "drafts").exists()
    assert cli.run([*command, *said, "2026-01-31"]) == 0


def test_a_map_that_was_corrected_is_not_written_over(
    new_form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["forms", "map", str(new_form), "--out", str(tmp_path / "drafts"), "--form", "WSO"]
    assert cli.run(command) == 0
    assert cli.run(command) == 0, "the same once more changes nothing"
    (map_,) = (tmp_path / "drafts").glob("*/*/edition.toml")
    corrected = map_.read_text("utf-8") + "# looked through\n"
    map_.write_text(corrected, "utf-8")
    capsys.readouterr()
    assert cli.run(command) == 2
    assert "--force" in capsys.readouterr().err
    assert map_.read_text("utf-8") == corrected
    assert cli.run([*command, "--force"]) == 0
    assert map_.read_text("utf-8") != corrected


def test_a_known_form_is_called_by_its_name(
    official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = official_forms / "moa-jem-rev2025-02-15-flat.pdf"
    assert map_of(file, official_forms, tmp_path / "drafts")[0] == 0
    assert "already knows this form: it is moa-jem/2025-02-15" in capsys.readouterr().err


@pytest.mark.parametrize(("folder", "stamp"), [("july", "07/01/2025"), ("2025-07-02", "07/01/2025")])
def test_a_folder_is_named_by_the_date_on_the_form(folder: str, stamp: str) -> None:
    edition = replace(get_edition(FLAT), edition_id=folder, revision_text=stamp)
    with pytest.raises(EditionError, match="named by the date on the form, 2025-07-01"):
        own_and_read(edition)


def own_and_read(edition: Edition) -> None:
    own(edition)
    read_edition(local_editions_dir() / edition.form_id / edition.edition_id / "edition.toml")


@pytest.mark.parametrize("stamp", ["13/01/2025", "July 2025", ""])
def test_a_stamp_is_a_date(stamp: str) -> None:
    with pytest.raises(EditionError, match="is not a date"):
        own_and_read(replace(get_edition(FLAT), edition_id="2025-07-01", revision_text=stamp))


def test_our_own_filled_copy_is_told_to_be_filled(
    filled_wso: bytes, official_forms: Path, ready: Answers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tfm = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    form = FormOnHand(edition=get_edition("moa-tfm/2025-02-12"), data=tfm)
    for data in (fill_form(form, replace(ready, models=("TFM",))).data, filled_wso):
        (tmp_path / "a.pdf").write_bytes(data)
        assert cli.run(["forms", "add", str(tmp_path / "a.pdf")]) == 2
        assert "already filled in" in capsys.readouterr().err


def test_what_is_said_to_be_kept_is_kept_though_nobody_reads_on(
    official_forms: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))

    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("assistant.cli.forms.add.say_what_changed", closed)
    assert cli.run(["forms", "add", str(official_forms / "moa-wso-rev2025-02-14.pdf")]) == 141
    capsys.readouterr()
    assert cli.run(["forms", "check"]) == 0
    assert "moa-wso/2025-02-14" in capsys.readouterr().out
