"""A form is read as it is shown: drawn sideways and turned back, or on a sheet of which only a part is visible."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from assistant.cli import main as cli
from assistant.mapping.blanks import sideways
from assistant.mapping.drafts import Draft, draft_edition
from assistant.pdf.form.template import compile_template
from assistant.pdf.upright_page import upright_pages
from tests.unit.made_agreements import Kind, Paper, contacts, filled, signature_block
from tests.unit.made_turns import SIDEWAYS, drawn_sideways, on_a_larger_sheet, turned

if TYPE_CHECKING:
    from pathlib import Path

TURNS = pytest.mark.parametrize("turn", sorted(SIDEWAYS))
SHEETS = pytest.mark.parametrize(("left", "below"), [(50, 60), (100, -200), (0, 90)])


def form(kind: Kind) -> bytes:
    paper = Paper(kind)
    signature_block(paper, ("Signature", "Name", "Title", "Date"))
    contacts(paper, ("Name", "Telephone", "Email"))
    return paper.data()


def drafted(data: bytes) -> Draft:
    return draft_edition(compile_template(data), ())


def said(draft: Draft) -> list[tuple[object, ...]]:
    return [(row.number, row.blank.blank, row.blank.label, row.blank.side, row.sureness) for row in draft.rows]


@TURNS
def test_a_form_drawn_sideways_is_read_as_it_is_shown(turn: int) -> None:
    upright, draft = drafted(form("fields")), drafted(drawn_sideways(form("fields"), turn))
    assert (draft.edition.name, draft.sideways) == ("moa-tfm/2025-09-15", ())
    assert said(draft) == said(upright)
    assert len(filled(draft.rows)) == 5


@TURNS
def test_the_map_keeps_the_places_of_the_page_itself(turn: int) -> None:
    data = drawn_sideways(form("fields"), turn)
    template = compile_template(data)
    widgets = {name: [(w.page + 1, w.rect) for w in field.widgets] for name, field in template.fields.items()}
    for row in drafted(data).rows:
        for (page, rect), (there, box) in zip(row.places, widgets[row.blank.blank], strict=True):
            assert page == there
            assert rect == pytest.approx(box)


@TURNS
def test_a_box_is_turned_there_and_back(turn: int) -> None:
    page = upright_pages(compile_template(drawn_sideways(form("fields"), turn)))[0]
    assert page.turn == turn
    assert page.size == (612, 792)
    assert page.own(page.as_read((100, 200, 150, 212))) == (100, 200, 150, 212)


@TURNS
def test_on_lines_that_run_sideways_nothing_is_proposed_and_that_is_said(
    turn: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(drawn_sideways(form("underscores"), turn))
    draft = drafted(file.read_bytes())
    assert (draft.edition.name, draft.rows, draft.sideways) == ("moa-tfm/2025-09-15", (), (1, 2, 3))
    assert cli.run(["forms", "map", str(file), "--out", str(tmp_path / "drafts")]) == 0
    told = capsys.readouterr().out
    assert "Page 2: its lines run sideways in the file, so nothing can be written on them." in told
    assert "pictures" not in told
    assert cli.run(["forms", "map", str(file), "--out", str(tmp_path / "drafts"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sideways"] == [1, 2, 3]


def test_an_upright_form_that_is_shown_turned_is_written_on_as_before() -> None:
    data = form("underscores")
    shown = turned(data, 90)
    assert sideways(compile_template(shown)) == ()
    assert said(drafted(shown)) == said(drafted(data))


@SHEETS
@pytest.mark.parametrize("kind", ["fields", "underscores", "drawn", "boxes"])
def test_the_stamp_and_the_places_are_sought_on_what_is_visible(kind: Kind, left: float, below: float) -> None:
    before, after = drafted(form(kind)), drafted(on_a_larger_sheet(form(kind), left, below))
    assert after.edition.name == before.edition.name == "moa-tfm/2025-09-15"
    assert said(after) == said(before)
    for row, moved in zip(before.rows, after.rows, strict=True):
        for (page, rect), (there, box) in zip(row.places, moved.places, strict=True):
            x0, y0, x1, y1 = rect
            assert there == page
            assert box == pytest.approx((x0 + left, y0 + below, x1 + left, y1 + below), abs=0.1)
