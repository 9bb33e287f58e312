"""Fields that a map has to say something of: one without a place on any page, one that nobody may type into."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.documents.entry_sheet import entry_sheet
from assistant.editions.catalog import NOT_ON_PAPER, all_editions
from assistant.editions.form_plan import fill_form, plan_blanks
from assistant.editions.library import FormOnHand
from assistant.editions.recognition import check_map, inspect
from assistant.editions.traps import find_traps
from assistant.errors import EditionError
from assistant.mapping.drafts import draft_edition
from assistant.mapping.lines import edition_from, lines_of
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.read_back import DrawnPages, joined
from tests.unit.made_forms import printed, with_fields

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.mapping.drafts import Draft

LINES = [
    (72, 740, "MEMORANDUM OF AGREEMENT under 287(g)"),
    (72, 720, "287(g) Task Force Model"),
    (72, 640, "The LEA represents"),
    (72, 600, "Title:"),
    (72, 30, "Rev. 03/01/2026"),
]
BOXES = [("represents", 1, (180, 636, 400, 652)), ("locked", 1, (150, 596, 400, 612)), ("nowhere", 1, (0, 0, 9, 9))]


@pytest.fixture
def odd(tmp_path: Path) -> bytes:
    """Return a form with a read-only field, and one whose widget is gone."""
    with_fields(printed(tmp_path / "a.pdf", LINES), tmp_path / "b.pdf", BOXES)
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if field.T == "locked":
                field.Ff = 1
        pdf.Root.AcroForm.Fields[2] = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="nowhere"))
        pdf.pages[0].obj.Annots = pdf.pages[0].obj.Annots[0:2]
        pdf.save(tmp_path / "c.pdf", static_id=True)
    return (tmp_path / "c.pdf").read_bytes()


@pytest.fixture
def draft(odd: bytes) -> Draft:
    return draft_edition(compile_template(odd), all_editions())


def test_a_field_without_a_place_is_told_in_the_map_and_never_filled(odd: bytes, draft: Draft) -> None:
    template = compile_template(odd)
    left = {blank.blank: blank for blank in draft.edition.left_blank}
    assert (left["nowhere"].reason, left["nowhere"].page) == (NOT_ON_PAPER, 0)
    check_map(draft.edition, template)
    assert "not-on-paper" in {trap.code for trap in inspect(odd).traps}
    lines = [replace(line, path="signatory.title", reason="") for line in lines_of(draft) if line.blank == "nowhere"]
    others = [line for line in lines_of(draft) if line.blank != "nowhere"]
    with pytest.raises(EditionError, match="cannot be shown on paper"):
        check_map(edition_from(draft.identity, [*others, *lines]), template)


def test_a_form_with_such_fields_is_filled_where_there_is_a_place(odd: bytes, draft: Draft, ready: Answers) -> None:
    filled = fill_form(FormOnHand(edition=draft.edition, data=odd), ready)
    assert ready.agency.represents
    assert ready.agency.represents in {row.text for row in filled.proof.rows}


def test_what_cannot_be_shown_is_on_no_sheet_for_a_person(draft: Draft, ready: Answers) -> None:
    form = FormOnHand(edition=draft.edition)
    with DrawnPages(
        entry_sheet(form, plan_blanks(form, ready).blanks, ready, today=date(2026, 2, 1), draft=True)
    ) as drawn:
        text = "".join(joined(drawn.letters(page)) for page in range(len(drawn)))
    assert "nowhere" not in text


def test_a_read_only_field_is_a_guess_and_the_trap_says_what_comes_of_it(odd: bytes, draft: Draft) -> None:
    template = compile_template(odd)
    locked = next(line for line in lines_of(draft) if line.blank == "locked")
    for changed, wanted in (
        (replace(locked, path="signatory.title", reason=""), "still fills it"),
        (replace(locked, path="", reason="ICE’s", side="ice"), "stays as it is"),
    ):
        lines = [changed if line == locked else line for line in lines_of(draft)]
        traps = {t.code: t.message for t in find_traps(template, edition_from(draft.identity, lines), None)}
        assert wanted in traps["read-only"]
    assert "only where a map says so" in {trap.code: trap.message for trap in inspect(odd).traps}["read-only"]


def test_a_read_only_field_is_filled_where_the_map_names_it(odd: bytes, draft: Draft, ready: Answers) -> None:
    lines = [
        replace(line, path="signatory.title", reason="") if line.blank == "locked" else line for line in lines_of(draft)
    ]
    filled = fill_form(FormOnHand(edition=edition_from(draft.identity, lines), data=odd), ready)
    assert ready.signatory.title in {row.text for row in filled.proof.rows}


def test_a_read_only_field_with_a_meaning_is_only_guessed(tmp_path: Path) -> None:
    with_fields(printed(tmp_path / "a.pdf", LINES), tmp_path / "b.pdf", BOXES[:1])
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        pdf.Root.AcroForm.Fields[0].Ff = 1
        pdf.save(tmp_path / "c.pdf", static_id=True)
    row = draft_edition(compile_template((tmp_path / "c.pdf").read_bytes()), []).rows[0]
    assert row.sureness == "guess"
    assert "read-only" in row.why
