"""What helps where a text has no room: a way that truly works for this answer, and a box of several lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.answers import with_path
from assistant.editions.catalog import Entry
from assistant.editions.form_plan import PlannedBlank, plan_blanks
from assistant.editions.library import FormOnHand
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.layout import UNBROKEN, TextBox, fit, placed
from assistant.pdf.form.template import compile_template
from assistant.rules.room import advise, can_be_left_out
from tests.unit.made_forms import blank_paper, with_fields

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.pdf.form.template import Template

LONG = "wilhelmina.anastasia.oshaughnessy@records-office.exampleton.example.gov"


def entry(path: str, format_: str = "text", *, optional: bool = False) -> Entry:
    return Entry(
        blank=path, page=1, label=path, path=path, format=format_, alternatives=(), optional=optional, widgets=None
    )


def sentence(path: str, answers: Answers, text: str = "x", format_: str = "text", *, optional: bool = False) -> str:
    one = entry(path, format_, optional=optional)
    written = PlannedBlank(entry=one, text=text, wording="full", path=path, clipped=True)
    return advise(written, answers, [one]).sentence


def test_each_kind_of_answer_gets_a_way_that_works(ready: Answers) -> None:
    alone = "or delete it and give only the telephone number."
    assert sentence("program_contact.email", ready).endswith(alone)
    without = with_path(ready, "program_contact.phone", None)
    assert sentence("program_contact.email", without).endswith("enter another address that is shorter.")
    assert "delete" not in sentence("signatory.email", ready), "the blank needs it"
    assert sentence("signatory.email", ready, optional=True).endswith(alone)
    number = sentence("program_contact.phone", ready, "(727) 555-0102 ext. 12")
    assert "without the extension, or delete it and give only the e-mail address." in number
    plain = sentence("program_contact.phone", ready, "(727) 555-0102")
    assert "enter" not in plain, "no other number is shorter"
    for path, format_ in (
        ("models", "model-names"),
        ("approvals.counsel_reviewed_on", "date"),
        ("agency.kind", "text"),
    ):
        assert "Leave the blank empty in the form’s map" in sentence(path, ready, format_=format_)
    assert "five digits" in sentence("agency.address.zip", ready)
    assert "in the answer" in sentence("agency.address.street", ready)
    assert sentence("agency.legal_name", ready) == "Choose a shorter wording for this blank."


def test_a_command_is_named_only_beside_the_sentence(ready: Answers) -> None:
    written = PlannedBlank(entry=entry("agency.legal_name"), text="x", wording="full", path="agency.legal_name")
    advice = advise(written, ready, [])
    assert "short_wordings" not in advice.sentence
    assert '"short_wordings": {"agency.legal_name": "…"}' in advice.command


def test_what_a_blank_needs_cannot_be_left_out(ready: Answers) -> None:
    needed, optional = entry("agency.email"), entry("agency.email", optional=True)
    assert can_be_left_out("agency.email", ready, [optional])
    assert not can_be_left_out("agency.email", ready, [optional, needed])
    assert not can_be_left_out("agency.legal_name", ready, [])


def half_a_point(text: str) -> float:
    return 0.5 * len(text)


@pytest.mark.parametrize(("width", "broken"), [(300.0, False), (120.0, True)])
def test_an_address_breaks_only_where_it_would_be_too_small_whole(width: float, *, broken: bool) -> None:
    box = TextBox(width, 60, multiline=True)
    found = fit(box, LONG, half_a_point)
    pieces = [text for _, _, text in placed(box, LONG, found.size, half_a_point)]
    assert not found.clipped
    assert found.size >= UNBROKEN
    assert (len(pieces) > 1) == broken
    assert "".join(pieces) == LONG
    assert all(one.endswith("@") or other.startswith(".") for one, other in pairwise(pieces))


def test_words_that_are_no_address_stay_whole() -> None:
    box = TextBox(40, 60, multiline=True)
    word = "Consolidated.Government"
    assert [text for _, _, text in placed(box, word, 12, half_a_point)] == [word]
    assert fit(box, "x" * 40, half_a_point).clipped


@pytest.fixture
def two_lines(tmp_path: Path) -> Template:
    """Return a form whose e-mail blank has room for two lines."""
    with_fields(blank_paper(tmp_path / "a.pdf"), tmp_path / "b.pdf", [("E-mail", 1, (72, 600, 222, 634))])
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        pdf.Root.AcroForm.Fields[0].Ff = 1 << 12
        pdf.save(tmp_path / "c.pdf", static_id=True)
    return compile_template((tmp_path / "c.pdf").read_bytes())


def test_an_address_fills_two_lines_where_the_blank_has_them(two_lines: Template) -> None:
    assert not two_lines.measure("E-mail", LONG).clipped
    data = fill(two_lines, {"E-mail": LONG})
    (row,) = prove(two_lines, data, {"E-mail": LONG}, agency_widgets={}).rows
    assert "".join(row.drawn_text.split()) == LONG
    assert row.size >= UNBROKEN


def test_a_shorter_wording_of_a_date_stands_as_it_was_given(ready: Answers, official_forms: Path) -> None:
    from assistant.editions.catalog import FlatLine, get_edition  # noqa: PLC0415

    path = "approvals.counsel_reviewed_on"
    one = replace(entry(path, "date"), places=(FlatLine(page=1, line=(302.0, 606.4, 330.0), size=11),))
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    form = FormOnHand(edition=replace(get_edition("moa-tfm/2025-03-07"), entries=(one,)), data=data)
    answers = replace(ready, short_wordings=MappingProxyType({path: "1/8/26"}))
    (written,) = plan_blanks(form, answers).blanks
    assert (written.text, written.wording) == ("1/8/26", "short")
