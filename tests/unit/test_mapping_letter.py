"""A Letter of Interest with labels before the lines and captions below them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import Entry
from assistant.editions.form_plan import fill_form
from assistant.editions.formats import parts, write
from assistant.editions.library import FormOnHand
from assistant.mapping.drafts import draft_edition
from assistant.pdf.form.template import compile_template
from assistant.reading.slots import slot_of
from assistant.web.form_maps.mapping_words import FITS, FORMATS
from tests.unit.made_forms import printed

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.mapping.drafts import Draft

LINES = [
    (72, 740, "287(g) PROGRAM"),
    (72, 722, "LETTER OF INTEREST (LOI)"),
    (72, 690, "Law Enforcement Agency Name: ______________________________"),
    (72, 660, "Mailing address of the agency: ______________________________"),
    (72, 630, "Point of Contact"),
    (72, 610, "Name: ______________________________"),
    (72, 590, "Email address: ______________________________"),
    (72, 540, "Sincerely,"),
    (72, 510, "______________________________"),
    (72, 498, "Signature of Sheriff or Chief"),
    (72, 470, "______________________________"),
    (72, 30, "Revised 05/01/2026"),
]


def asking(path: str, label: str, written: str = "text") -> Entry:
    return Entry(
        blank="a",
        page=1,
        label=label,
        path=path,
        format=written,
        alternatives=(),
        optional=False,
        widgets=None,
        places=(),
    )


@pytest.fixture(params=["Printed name and title", "Name/Title", "Title and name"])
def draft(tmp_path: Path, request: pytest.FixtureRequest) -> Draft:
    """Return what is proposed for a letter whose last line asks for a name and a title."""
    file = printed(tmp_path / "a.pdf", [*LINES, (72, 458, request.param)])
    return draft_edition(compile_template(file.read_bytes()), ())


def test_a_line_for_name_and_title_gets_both(draft: Draft, ready: Answers, tmp_path: Path) -> None:
    entries = draft.edition.entries
    assert [(entry.path, entry.format) for entry in entries] == [
        ("agency.legal_name", "text"),
        ("agency.address.one_line", "text"),
        ("program_contact.full_name", "text"),
        ("program_contact.email", "text"),
        ("signatory.full_name", "name-and-title"),
    ]
    assert {row.sureness for row in draft.rows} == {"likely"}
    filled = fill_form(FormOnHand(edition=draft.edition, data=(tmp_path / "a.pdf").read_bytes()), ready)
    wanted = f"{ready.signatory.full_name}, {ready.signatory.title}"
    assert wanted in {row.text for row in filled.proof.rows}


def test_a_name_and_a_title_in_one_text(ready: Answers) -> None:
    signatory = ready.signatory
    assert write("name-and-title", signatory.full_name, ready) == f"{signatory.full_name}, {signatory.title}"
    without = replace(ready, signatory=replace(signatory, title=None))
    assert write("name-and-title", signatory.full_name, without) == signatory.full_name
    assert parts("name-and-title", "signatory.full_name") == ("signatory.full_name", "signatory.title")
    assert FORMATS.keys() == FITS.keys()
    assert FITS["name-and-title"]("signatory.full_name")
    assert not FITS["name-and-title"]("program_contact.full_name"), "the title is the signatory’s"
    entry = asking("signatory.full_name", "name", "name-and-title")
    assert slot_of(entry) == "", "what was read there is not a name alone"
    assert slot_of(replace(entry, format="text")) == "lea_name"


def test_whoever_the_block_is_called_after_it_is_the_agencys_name_there() -> None:
    assert slot_of(asking("agency.legal_name", "agency, under “For the Tribe”")) == "lea_agency"
    assert slot_of(asking("agency.legal_name", "agency’s name, section I")) == "agency"
