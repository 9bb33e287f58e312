"""What is compared with what: places only where both are known, and first the edition of which they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.editions.catalog import get_edition
from assistant.editions.library import FormLibrary
from assistant.services.application.changed_blanks import alike, before_it, changes
from assistant.services.form_maps.edition_drafts import propose_draft
from tests.unit.made_forms import with_fields

if TYPE_CHECKING:
    from pathlib import Path

OLD, FLAT = "moa-tfm/2025-02-12", "moa-tfm/2025-03-07"


def test_a_line_of_a_form_that_is_not_on_hand_is_not_measured_against_a_field(
    official_forms: Path, tmp_path: Path
) -> None:
    flat = official_forms / "moa-tfm-rev2025-03-07-flat.pdf"
    known = get_edition(FLAT)
    lines = [(place.page, place.line) for entry in known.entries for place in entry.places]
    boxes = [(f"T{n}", page, (x0 + 20, y - 3, x1 - 40, y + 12)) for n, (page, (x0, y, x1)) in enumerate(lines)]
    data = with_fields(flat, tmp_path / "a.pdf", boxes)
    edition = propose_draft(data, FormLibrary()).draft.edition
    found = changes(edition, data, known, FormLibrary())
    assert not found.measured
    assert found.differences
    assert not [one.message for one in found.differences if " pt" in one.message]
    held = changes(edition, data, known, FormLibrary([flat.read_bytes()]))
    assert held.measured
    assert {"moved", "resized"} <= {one.kind for one in held.differences}


def test_two_forms_without_fields_are_measured_by_their_maps(official_forms: Path) -> None:
    data = (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes()
    known = get_edition(FLAT)
    newer = replace(known, edition_id="2026-01-01")
    assert changes(newer, data, known, FormLibrary()).measured


def test_what_is_on_hand_is_compared_first(official_forms: Path) -> None:
    newer = replace(get_edition(OLD), edition_id="2026-01-01")
    nobody, held = FormLibrary(), FormLibrary([(official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()])
    nearest = before_it(newer, nobody)
    assert nearest
    assert nearest.revision == "2025-03-07"
    before = before_it(newer, held)
    assert before
    assert before.name == OLD
    assert next(edition.name for edition in alike(newer, held)) == OLD
    assert before_it(get_edition(OLD), held) is None, "a later edition is none before it"
