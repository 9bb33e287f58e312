"""Several fields of one name: one field with several places where it can be filled so, and told where it cannot."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pypdf import PdfReader

from assistant.editions.catalog import Entry, LeftBlank
from assistant.editions.recognition import check_map, inspect
from assistant.mapping.drafts import TWO_MEANINGS, draft_edition
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from tests.unit.made_agreements import OURS, Paper, signature_block
from tests.unit.made_forms import blank_paper, with_fields

if TYPE_CHECKING:
    from pathlib import Path

NAME = "LEA Name"
BOXES = [(NAME, 1, (72.0, 700, 300, 716)), ("other", 1, (72.0, 650, 300, 666)), (NAME, 1, (72.0, 600, 300, 616))]


@pytest.fixture
def twins(tmp_path: Path) -> bytes:
    """Return a form two of whose fields have one name."""
    return with_fields(blank_paper(tmp_path / "a.pdf"), tmp_path / "b.pdf", BOXES)


def changed(data: bytes, **keys: object) -> bytes:
    """Return the form with keys of its last field changed."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        for key, value in keys.items():
            pdf.Root.AcroForm.Fields[2][f"/{key}"] = value
        pdf.save(out, static_id=True)
    return out.getvalue()


def drawn_values(data: bytes) -> list[tuple[str, str]]:
    annotations = [a.get_object() for a in PdfReader(BytesIO(data)).pages[0]["/Annots"]]  # type: ignore[attr-defined]
    return [(a["/T"], a.get("/V", "")) for a in annotations]


def test_they_are_one_field_with_two_places_and_both_show_its_text(twins: bytes) -> None:
    template = compile_template(twins)
    assert [round(widget.rect[1]) for widget in template.fields[NAME].widgets] == [700, 600]
    assert "shared-field" in {trap.code for trap in inspect(twins).traps}
    data = fill(template, {NAME: "Example County"})
    proof = prove(template, data, {NAME: "Example County"}, agency_widgets={})
    assert [row.drawn_text for row in proof.rows] == ["Example County"] * 2
    assert drawn_values(data) == [(NAME, "Example County"), ("other", ""), (NAME, "Example County")]


@pytest.mark.parametrize("chosen", [0, 1])
def test_one_of_them_is_filled_alone_under_a_name_of_its_own(twins: bytes, chosen: int) -> None:
    template = compile_template(twins)
    data = fill(template, {NAME: "Example County"}, agency_widgets={NAME: (chosen,)})
    proof = prove(template, data, {NAME: "Example County"}, agency_widgets={NAME: (chosen,)})
    assert [row.drawn_text for row in proof.rows] == ["Example County"]
    ours, theirs = (f"{NAME} (agency)", "Example County"), (NAME, "")
    assert drawn_values(data) == [ours if chosen == 0 else theirs, ("other", ""), ours if chosen else theirs]
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(pdf.Root.AcroForm.Fields) == len(BOXES)


def test_what_stands_in_either_is_what_the_field_holds(twins: bytes) -> None:
    assert compile_template(changed(twins, V=pikepdf.String("Somebody"))).fields[NAME].value == "Somebody"


def test_one_of_another_make_is_told_and_nothing_is_written_there(twins: bytes) -> None:
    data = changed(twins, FT=pikepdf.Name.Btn)
    template = compile_template(data)
    assert [round(widget.rect[1]) for widget in template.fields[NAME].widgets] == [700]
    (trap,) = [trap for trap in inspect(data).traps if trap.code == "same-name"]
    assert (trap.field, trap.page) == (NAME, 1)
    assert "This program never fills this one" in trap.message


def test_each_of_them_is_asked_what_it_is_for() -> None:
    paper = Paper("fields")
    paper.text(paper.text(OURS, paper.y, "Customs Enforcement (ICE), and the "), paper.y, "")
    paper.blank(250, paper.y, 420, NAME, "Name of Law Enforcement Agency")
    paper.text(424, paper.y, ", hereinafter referred to as")
    paper.y -= 30
    signature_block(paper, ("Name", "Title"))
    template = compile_template(paper.data())
    draft = draft_edition(template, ())
    check_map(draft.edition, template)
    rows = [row for row in draft.rows if row.blank.blank == NAME]
    assert [row.sureness for row in rows] == ["sure", "unknown"]
    first, second = (row.blank for row in rows)
    assert isinstance(first, Entry)
    assert (first.path, first.widgets) == ("agency.legal_name", (0,))
    assert isinstance(second, LeftBlank)
    assert (second.reason, second.widgets) == (TWO_MEANINGS, (1,))
