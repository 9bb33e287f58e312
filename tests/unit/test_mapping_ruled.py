"""Places to write that only drawn lines show: rules, boxes and cells with a label; never borders and underlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.mapping.blanks import blanks_of
from assistant.mapping.propose import rows_of
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.ruling import read_rulings
from tests.unit.made_forms import printed, with_fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.unit.made_forms import Rule

Text = tuple[float, float, str]
PROSE = [
    (72.0, 690.0 - 14 * n, "This sentence is here so that the page has a body of text to be read.") for n in range(3)
]


def places(folder: Path, texts: Sequence[Text], rules: Sequence[Rule]) -> list[tuple[int, ...]]:
    """Return (x0, baseline, x1) of each place that is certain, in whole points."""
    template = compile_template(printed(folder / "a.pdf", [*PROSE, *texts], rules=rules).read_bytes())
    found = blanks_of(template, rows_of(template), spots=True)
    return [tuple(round(n) for n in blank.line) for blank in found if blank.line and blank.certain]


@pytest.mark.parametrize(
    ("texts", "rules", "wanted"),
    [
        pytest.param([(72, 600, "The LEA represents")], [(180, 598, 400, 598)], [(182, 600, 398)], id="beside"),
        pytest.param([(72, 600, "Name:")], [(110, 597, 400, 599)], [(112, 600, 398)], id="a thin strip"),
        pytest.param([(80, 586, "(Signature)")], [(72, 598, 300, 598)], [(74, 600, 298)], id="above its label"),
        pytest.param([(72, 600, "Agency name:")], [(72, 598, 500, 598)], [(151, 600, 498)], id="behind its label"),
        pytest.param([(72, 600, "Agency:")], [(130, 594, 400, 614)], [(133, 600, 397)], id="a box"),
        pytest.param([(130, 618, "Agency")], [(130, 594, 400, 614)], [(133, 600, 397)], id="a box below its label"),
        pytest.param([(76, 606, "Agency")], [(72, 586, 400, 618)], [(75, 590, 397)], id="a box with its label in it"),
        pytest.param([(404, 600, "(the LEA), and")], [(72, 598, 400, 598)], [(74, 600, 398)], id="before its words"),
        pytest.param([(130, 584, "Agency")], [(130, 594, 400, 614)], [(133, 600, 397)], id="a box above its label"),
        pytest.param([(76, 596, "Agency:")], [(72, 590, 400, 610)], [(120, 596, 397)], id="a box that begins with one"),
    ],
)
def test_a_labelled_line_or_box_is_a_place(
    tmp_path: Path, texts: list[Text], rules: list[Rule], wanted: list[tuple[int, ...]]
) -> None:
    found = places(tmp_path, texts, rules)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert all(abs(a - b) <= 4 for a, b in zip(one, other, strict=True)), found


@pytest.mark.parametrize(
    ("texts", "rules"),
    [
        pytest.param([(72, 600, "HEADING")], [(72, 598, 132, 598)], id="an underlined heading"),
        pytest.param([(72, 600, "Agency: Example County Sheriff")], [(110, 598, 300, 598)], id="a line written on"),
        pytest.param([(72, 600, "Agency")], [(72, 594, 300, 614)], id="a box around a heading"),
        pytest.param([], [(72, 560, 540, 560)], id="a line across the page"),
        pytest.param([(72, 545, "1 See 8 U.S.C. 1357")], [(72, 560, 216, 560)], id="a line above footnotes"),
        pytest.param([(72, 545, "A whole sentence that goes on and on, past the end of the line.")],
                     [(72, 560, 216, 560)], id="a line above a text"),
        pytest.param([(72, 40, "Page")], [(120, 38, 540, 38)], id="a line in the footer"),
        pytest.param([], [(36, 36, 576, 756)], id="a border around the page"),
        pytest.param([(72, 600, "Sworn?")], [(120, 598, 130, 608)], id="a box to tick"),
        pytest.param([], [(130, 594, 400, 614)], id="a box without a label"),
        pytest.param([(420, 600, "Words further on")], [(72, 598, 400, 598)], id="a line far from the words behind it"),
    ],
)  # fmt: skip
def test_other_lines_are_none(tmp_path: Path, texts: list[Text], rules: list[Rule]) -> None:
    assert places(tmp_path, texts, rules) == []


def test_the_empty_cells_of_a_table_are_places_and_the_filled_ones_are_not(tmp_path: Path) -> None:
    cells = [(x0, y, x1, y + 20) for y in (540, 560, 580) for x0, x1 in ((72, 200), (200, 400))]
    texts = [(76, 586, "Full name"), (76, 566, "Title"), (76, 546, "Kind of agency"), (206, 546, "county")]
    found = places(tmp_path, texts, cells)
    assert [(x0, x1) for x0, _, x1 in found] == [(203, 397)] * 2
    assert [y for _, y, _ in found] == sorted((y for _, y, _ in found), reverse=True)
    assert all(560 < y < 600 for _, y, _ in found)


def test_every_column_of_a_table_is_a_place(tmp_path: Path) -> None:
    columns = ((72, 150), (150, 340), (340, 530))
    cells = [(x0, y, x1, y + 20) for y in (560, 580, 600) for x0, x1 in columns]
    texts = [(154, 606, "LEA"), (344, 606, "ICE"), (76, 586, "Name"), (76, 566, "Title")]
    found = places(tmp_path, texts, cells)
    assert [(x0, x1) for x0, _, x1 in found] == [(153, 337), (343, 527)] * 2


def test_two_rules_side_by_side_are_two_places(tmp_path: Path) -> None:
    texts = [(72, 600, "_" * 30), (330, 600, "_" * 30), (72, 586, "Signature"), (330, 586, "Signature")]
    assert [(x0, y) for x0, y, _ in places(tmp_path, texts, [])] == [(74, 601), (332, 601)]


def test_nothing_stands_between_captions_or_beside_a_party(tmp_path: Path) -> None:
    heading, captions = (72, 640, "For the LEA:"), [(72, 586, "Signature"), (330, 586, "Signature")]
    rules = [(72, 598, 282, 598), (330, 598, 540, 598)]
    template = compile_template(printed(tmp_path / "a.pdf", [*PROSE, heading, *captions], rules=rules).read_bytes())
    found = [blank.line for blank in blanks_of(template, rows_of(template), spots=True) if blank.line]
    assert [(round(x0), round(y)) for x0, y, _ in found] == [(74, 600), (332, 600)]


def test_a_rule_of_underscores_that_is_also_drawn_is_one_place(tmp_path: Path) -> None:
    found = places(tmp_path, [(72, 600, "Name: ______________________________")], [(108, 598, 300, 598)])
    assert len(found) == 1


def test_on_a_form_with_fields_drawn_lines_are_left_alone(tmp_path: Path) -> None:
    paper = printed(tmp_path / "a.pdf", [*PROSE, (72, 600, "Name:")], rules=[(110, 598, 400, 598)])
    data = with_fields(paper, tmp_path / "b.pdf", [("elsewhere", 1, (72, 300, 200, 316))])
    template = compile_template(data)
    assert [blank.name for blank in blanks_of(template, rows_of(template), spots=True)] == ["elsewhere"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 800)] * 4), max_size=12))
def test_any_lines_are_read(tmp_path_factory: pytest.TempPathFactory, rules: list[Rule]) -> None:
    folder = tmp_path_factory.mktemp("lines")
    for x0, y, x1 in places(folder, [(72, 600, "Name:")], rules):
        assert x0 < x1
        assert 0 <= y <= 800


def test_white_lines_and_slanting_ones_are_not_read(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - of this test alone

    paper = Canvas(str(tmp_path / "a.pdf"), invariant=True)
    paper.setStrokeColorRGB(1, 1, 1)
    paper.line(72, 600, 300, 600)
    paper.setStrokeColorRGB(0, 0, 0)
    paper.line(72, 500, 300, 560)
    paper.translate(0, 100)
    paper.line(72, 300, 300, 300)
    paper.save()
    found = read_rulings((tmp_path / "a.pdf").read_bytes(), 5)
    assert list(found) == [1]
    assert [tuple(map(round, line)) for line in found[1].level] == [(72, 400, 300)]
    assert not found[1].upright
