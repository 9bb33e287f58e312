"""Initials never stand where the legal name belongs, and the wording that a person chose wins over the map's."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.editions.catalog import Entry, FlatLine, all_editions, get_edition, read_edition
from assistant.editions.form_plan import plan_blanks
from assistant.editions.formats import MIN_TEXT_PT
from assistant.editions.library import FormOnHand
from assistant.mapping.drafts import draft_edition
from assistant.mapping.toml import edition_toml
from assistant.pdf.form.template import compile_template
from tests.unit.made_letters import letter_in_prose, letter_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition
    from assistant.editions.form_plan import PlannedBlank

NAME, INITIALS, ADDRESS = "agency.legal_name", "agency.short_name", "agency.address.one_line"
LONG_NAME = "Example County Consolidated Sheriff’s Office and Department of Corrections and Rehabilitation"
FLAT = "moa-tfm/2025-03-07"


def instead_of_the_name(edition: Edition) -> set[str]:
    return {path for entry in edition.entries if entry.path == NAME for path in entry.alternatives}


def test_no_map_that_comes_with_the_program_writes_initials_for_the_name() -> None:
    assert all(INITIALS not in instead_of_the_name(edition) for edition in all_editions())


@pytest.mark.parametrize("name", ["moa-tfm-rev2025-03-07-flat", "moa-tfm-rev2025-02-12", "letter", "letter in prose"])
def test_none_is_proposed(official_forms: Path, name: str) -> None:
    letters = {"letter": letter_pdf(fields=True), "letter in prose": letter_in_prose()}
    data = letters[name] if name in letters else (official_forms / f"{name}.pdf").read_bytes()
    draft = draft_edition(compile_template(data), all_editions())
    named = [row.sureness for row in draft.rows if isinstance(row.blank, Entry) and row.blank.path == NAME]
    assert named
    assert set(named) <= {"sure", "likely"}
    assert INITIALS not in edition_toml(draft.edition).replace(f'from = "{INITIALS}"', "")


@pytest.fixture
def narrow(official_forms: Path) -> FormOnHand:
    """Return the flat form with a map whose first blank is too narrow for a long name."""
    edition = get_edition(FLAT)
    place = FlatLine(page=1, line=(302.0, 606.4, 400.0), size=11)
    entry = Entry(
        blank="name", page=1, label="name", path=NAME, format="text", alternatives=(INITIALS,), optional=False,
        widgets=None, places=(place,),
    )  # fmt: skip
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    return FormOnHand(edition=replace(edition, entries=(entry,)), data=data)


def test_a_map_that_was_taken_in_before_writes_none_either(narrow: FormOnHand, ready: Answers, tmp_path: Path) -> None:
    text = edition_toml(narrow.edition).replace(f'from = "{NAME}"', f'from = "{NAME}", or = "{INITIALS}"')
    assert f'or = "{INITIALS}"' in text
    file = tmp_path / "moa-tfm" / "2025-03-07" / "edition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    form = replace(narrow, edition=read_edition(file))
    (written,) = plan_blanks(form, with_path(ready, NAME, LONG_NAME)).blanks
    assert (written.text, written.wording) == (LONG_NAME, "full")
    assert written.prints_at < MIN_TEXT_PT, "a finding says so, and asks for a shorter wording"


def test_initials_still_stand_where_they_are_asked_for(ready: Answers) -> None:
    form = FormOnHand(edition=get_edition("moa-tfm/2025-02-12"))
    texts = {written.entry.path: written.text for written in plan_blanks(form, ready).blanks}
    assert texts[INITIALS] == "ECSO"
    entry = Entry(
        blank="x", page=1, label="x", path="signatory.title", format="text", alternatives=(INITIALS,), optional=False,
        widgets=None,
    )  # fmt: skip
    assert entry.alternatives == (INITIALS,)


def address_line(form: FormOnHand, answers: Answers) -> PlannedBlank:
    return next(written for written in plan_blanks(form, answers).blanks if written.entry.path == ADDRESS)


def test_the_wording_that_was_chosen_wins_over_the_maps_own(official_forms: Path, ready: Answers) -> None:
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    form = FormOnHand(edition=get_edition(FLAT), data=data)
    street = "12345 North Exampleton Boulevard, Building 7, Suite 1200"
    answers = with_path(with_path(ready, "agency.address.street", street), "agency.address.city", "Exampleton Heights")
    assert address_line(form, answers).wording == "other", "without a choice the map's own wording stands there"
    chosen = "12345 N. Exampleton Blvd., Bldg. 7, Ste. 1200, Exampleton Hts., GA 30301"
    short = address_line(form, replace(answers, short_wordings=MappingProxyType({ADDRESS: chosen})))
    assert MIN_TEXT_PT <= short.prints_at < address_line(form, answers).prints_at, "it prints smaller, and is chosen"
    assert (short.text, short.wording) == (chosen, "short")
    too_long = replace(answers, short_wordings=MappingProxyType({ADDRESS: f"{chosen} {chosen}"}))
    assert address_line(form, too_long).wording == "other"
