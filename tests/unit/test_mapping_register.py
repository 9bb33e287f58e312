"""A draft on disk: the same edition when read, tried out, taken in by a person, known from then on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import config
from assistant.cli import main as cli
from assistant.editions.catalog import (
    Edition,
    Entry,
    FlatLine,
    LeftBlank,
    all_editions,
    get_edition,
    local_editions_dir,
    read_edition,
)
from assistant.editions.form_plan import fill_form, plan_blanks
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.editions.recognition import inspect, recognise
from assistant.errors import EditionError, PdfError
from assistant.mapping.toml import draft_toml, edition_toml
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.read_back import DrawnPages
from assistant.services.form_maps.edition_drafts import TRIAL_MARK, left_out, propose_draft, register, try_edition
from tests.unit.made_forms import with_fields

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.mapping.drafts import Draft

FLAT = "moa-tfm/2025-03-07"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give each test an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture(scope="module")
def new_print(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the flat 03/07 form with fields put on its lines; their names tell nothing."""
    edition = get_edition(FLAT)
    lines = [(p.page, p.line) for e in edition.entries for p in e.places]
    lines += [(b.page, b.line) for b in edition.left_blank if b.line]
    boxes = [(f"Text{n}", page, (x0 - 1, y - 3, x1 + 1, y + 12)) for n, (page, (x0, y, x1)) in enumerate(lines)]
    return with_fields(
        official_forms / "moa-tfm-rev2025-03-07-flat.pdf", tmp_path_factory.mktemp("made") / "a.pdf", boxes
    )


@pytest.fixture(scope="module")
def draft(new_print: bytes) -> Draft:
    """Return what is proposed for it without any form on hand."""
    return propose_draft(new_print, FormLibrary()).draft


@pytest.fixture
def folder(draft: Draft, tmp_path: Path) -> Path:
    """Return the draft's folder, as a person leaves it who agrees with every line."""
    place = tmp_path / "drafts" / draft.edition.form_id / draft.edition.edition_id
    place.mkdir(parents=True)
    (place / "edition.toml").write_text(draft_toml(draft), "utf-8")
    return place


def read_back(edition: Edition, text: str, folder: Path) -> Edition:
    file = folder / edition.form_id / edition.edition_id / "edition.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return read_edition(file)


@pytest.mark.parametrize("name", [edition.name for edition in all_editions()])
def test_a_known_edition_reads_back_from_what_is_written(tmp_path: Path, name: str) -> None:
    edition = get_edition(name)
    assert read_back(edition, edition_toml(edition), tmp_path) == edition


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(max_examples=60)
@given(names, names, st.text(max_size=80), names)
def test_any_name_any_remark_reads_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, label: str, remark: str, reason: str
) -> None:
    edition = replace(
        get_edition(FLAT),
        entries=(
            Entry(
                blank=name,
                page=1,
                label=label,
                path="signatory.title",
                format="text",
                alternatives=("agency.legal_name", "agency.short_name"),
                optional=True,
                widgets=None,
                places=(FlatLine(page=1, line=(1.5, 2.25, 300.1), size=9.5),),
            ),
        ),
        left_blank=(LeftBlank(blank=name, page=2, label=label, side="ice", reason=reason, widgets=(0, 2)),),
    )
    text = edition_toml(edition, head=[remark], remarks={(False, name): remark, (True, name): remark})
    found = read_back(edition, text, tmp_path_factory.mktemp("toml"))
    assert (found.entries, found.left_blank) == (edition.entries, edition.left_blank)


def test_a_new_print_of_a_flat_edition_is_mapped_by_its_lines(new_print: bytes, official_forms: Path) -> None:
    assert "new-print" in {trap.code for trap in inspect(new_print).traps}
    draft = propose_draft(new_print, FormLibrary.from_directory(official_forms)).draft
    assert draft.edition.name == "moa-tfm/2025-03-07.fields"
    flat = get_edition(FLAT)
    wanted = [e.path for e in flat.entries for _ in e.places] + ["" for b in flat.left_blank if b.line]
    proposed = {e.blank: e.path for e in draft.edition.entries} | {b.blank: "" for b in draft.edition.left_blank}
    assert [proposed[f"Text{n}"] for n in range(len(wanted))] == wanted
    # Its own flat print vouches for every line of the agency's, the words for most of them too.
    assert sum(row.sureness == "sure" for row in draft.rows) >= 0.9 * len(draft.rows)


def test_a_draft_reads_back_and_says_of_each_line_how_sure_it_is(draft: Draft, tmp_path: Path) -> None:
    text = draft_toml(draft)
    assert read_back(draft.edition, text, tmp_path) == draft.edition
    for row in draft.rows:
        assert f"# {row.number}, {row.sureness}: " in text


def test_a_trial_fill_is_marked_on_every_page_and_read_back(draft: Draft, new_print: bytes, ready: Answers) -> None:
    filled = try_edition(draft.edition, new_print, ready)
    assert filled.data.startswith(new_print)
    assert {row.text for row in filled.proof.rows} >= {"Jordan Núñez", "Sheriff", "Dana Lee"}
    with DrawnPages(filled.data) as drawn:
        for page in range(14):
            assert TRIAL_MARK in "".join(letter.text for letter in drawn.letters(page))


def test_what_is_registered_is_known_at_once_and_used(
    draft: Draft, folder: Path, new_print: bytes, ready: Answers
) -> None:
    template = compile_template(new_print)
    assert recognise(template) is None
    edition = register(folder, new_print)
    assert edition == draft.edition
    assert recognise(template) == edition
    assert get_edition("moa-tfm/2025-03-07.fields") == edition
    chosen = FormLibrary([new_print]).choose("TFM")
    assert chosen.edition == edition
    assert "Jordan Núñez" in {row.text for row in fill_form(chosen, ready).proof.rows}
    assert all(item.text or item.entry.optional for item in plan_blanks(chosen, ready).blanks)


def test_the_flat_print_stays_what_it_is(folder: Path, new_print: bytes, official_forms: Path) -> None:
    register(folder, new_print)
    flat = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    found = recognise(compile_template(flat))
    assert found
    assert found.name == FLAT


def test_a_form_is_registered_once(folder: Path, new_print: bytes, official_forms: Path) -> None:
    register(folder, new_print)
    with pytest.raises(EditionError, match="already"):
        register(folder, new_print)
    known = (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes()
    with pytest.raises(EditionError, match=r"already knows this PDF as moa-wso/2025-02-14"):
        register(folder, known)


def test_an_undecided_blank_stops_it(folder: Path, new_print: bytes) -> None:
    text = (folder / "edition.toml").read_text("utf-8")
    (folder / "edition.toml").write_text(
        text.replace('reason = "signed by', 'reason = "not mapped: signed by'), "utf-8"
    )
    with pytest.raises(EditionError, match="not decided"):
        register(folder, new_print)
    assert not local_editions_dir().exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"Text0" =', '"Text900" ='),  # a field that the form does not have
        ('stamp = "03/07/2025"', 'stamp = "04/07/2025"'),
        ("acroform = true", "acroform = false"),
        ("pages = 14", "pages = 13"),
        ('words = ["287(g) Task', 'words = ["288(g) Task'),
        ("agency.legal_name", "agency.favourite_colour"),
    ],
)
def test_a_map_that_does_not_fit_leaves_nothing_behind(folder: Path, new_print: bytes, before: str, after: str) -> None:
    text = (folder / "edition.toml").read_text("utf-8")
    assert before in text
    (folder / "edition.toml").write_text(text.replace(before, after), "utf-8")
    with pytest.raises(EditionError):
        register(folder, new_print)
    assert not list(local_editions_dir().glob("*/*/edition.toml"))
    assert recognise(compile_template(new_print)) is None


def own(name: str, text: str) -> Path:
    file = local_editions_dir() / name / "edition.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_an_own_edition_never_takes_the_place_of_a_built_in_one() -> None:
    built_in = get_edition(FLAT)
    own(FLAT, edition_toml(replace(built_in, title="Another title")))
    assert get_edition(FLAT) == built_in
    assert [edition.name for edition in all_editions()].count(FLAT) == 1
    assert "comes with the program" in left_out()[0][1]


def test_a_broken_own_edition_stops_nobody_and_is_named() -> None:
    before = all_editions()
    file = own("moa-tfm/2026-01-01", "model = TFM")
    assert all_editions() == before
    named, why = left_out()[0]
    assert named == str(file)
    assert "edition.toml" in why


def test_an_own_edition_is_noticed_when_it_comes_changes_and_goes() -> None:
    before = all_editions()
    flat = get_edition(FLAT)
    assert flat.recognise
    known = replace(flat.recognise, revision_text="01/01/2026")
    edition = replace(flat, edition_id="2026-01-01", title="A title", revision_text="01/01/2026", recognise=known)
    file = own("moa-tfm/2026-01-01", edition_toml(edition))
    assert get_edition("moa-tfm/2026-01-01") == edition
    assert [e.edition_id for e in all_editions() if e.model == "TFM"][0] == "2026-01-01"  # noqa: RUF015 - the order counts
    file.write_text(edition_toml(replace(edition, title="Another title")), "utf-8")
    assert get_edition("moa-tfm/2026-01-01").title == "Another title"
    file.unlink()
    assert all_editions() == before


@pytest.mark.parametrize("name", ["2025-03-07.Fields", "2025-03-07.", "2025-3-7", "2025-03-07 fields", "a.b", "A"])
def test_a_folder_of_another_shape_is_no_edition(tmp_path: Path, name: str) -> None:
    edition = replace(get_edition(FLAT), edition_id=name)
    with pytest.raises(EditionError, match="folder is named by the date"):
        read_back(edition, edition_toml(edition), tmp_path)


def test_two_prints_of_one_revision_are_equally_new() -> None:
    assert replace(get_edition(FLAT), edition_id="2025-03-07.fields").revision == get_edition(FLAT).revision


def test_the_command_proposes_tries_and_registers(
    new_print: bytes, example_path: Path, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new-print.pdf"
    file.write_bytes(new_print)
    out = tmp_path / "drafts"
    command = ["forms", "map", str(file), "--out", str(out), "--forms", str(official_forms), "--json"]
    assert cli.run([*command, "--try", str(example_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    folder = out / "moa-tfm" / "2025-03-07.fields"
    assert found["folder"] == str(folder)
    assert found["counts"]["unknown"] == 0
    assert {"number", "blank", "page", "label", "side", "sureness", "why", "places"} <= found["blanks"][0].keys()
    assert sorted(file.name for file in folder.iterdir())[:2] == ["edition.toml", "page-01.png"]
    assert (folder / "trial-fill.pdf").read_bytes().startswith(new_print)
    assert cli.run(["forms", "register", str(folder), str(file)]) == 0
    assert "moa-tfm/2025-03-07.fields is registered" in capsys.readouterr().out
    assert cli.run(["forms", "inspect", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["edition"] == "moa-tfm/2025-03-07.fields"
    assert cli.run(["forms", "check", "--json"]) == 0
    checked = {row["edition"]: row["ok"] for row in json.loads(capsys.readouterr().out)}
    assert checked["moa-tfm/2025-03-07.fields"] is True


def test_the_command_refuses_what_it_cannot_read_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"no PDF at all")
    assert cli.run(["forms", "map", str(file), "--out", str(tmp_path / "drafts")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "drafts").exists()
    with pytest.raises(PdfError):
        propose_draft(file.read_bytes(), FormLibrary())


def test_a_form_on_hand_fills_with_a_map_that_was_proposed(official_forms: Path, ready: Answers) -> None:
    """The whole way round: the map proposed for the flat form fills it with the texts of the person's map."""
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    draft = propose_draft(data, FormLibrary()).draft
    by_draft = try_edition(draft.edition, data, ready).proof.rows
    by_map = fill_form(FormOnHand(edition=get_edition(FLAT), data=data), ready).proof.rows
    assert sorted((row.page, row.text) for row in by_draft) == sorted((row.page, row.text) for row in by_map)


def test_the_instance_decides_where_own_editions_lie(instance: Path) -> None:
    assert local_editions_dir() == instance / "forms"
    assert config.load().instance_dir == config.instance_dir() == instance


def test_pikepdf_made_a_form_that_other_programs_read(new_print: bytes, tmp_path: Path) -> None:
    (tmp_path / "again.pdf").write_bytes(new_print)
    with pikepdf.open(tmp_path / "again.pdf") as pdf:
        assert len(pdf.Root.AcroForm.Fields) == len(compile_template(new_print).fields)
