"""Golden values: what stands in every blank, for every edition and scenario.

After a wanted change write them anew with ``python tests/editions/test_golden.py`` and read the difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.editions.catalog import all_editions
from assistant.editions.form_plan import fill_form, plan_blanks
from assistant.editions.library import FormLibrary, FormOnHand
from tests.editions.scenarios import NAMES, scenario

if TYPE_CHECKING:
    from assistant.answers import Answers

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
EDITIONS = [edition.name for edition in all_editions()]


def values(form: FormOnHand, answers: Answers) -> dict[str, Any]:
    """Return what goes into each blank: text, wording, size in points, and whether it would be cut."""
    return {
        written.entry.blank: [written.text, written.wording, written.size and round(written.size, 2), written.clipped]
        for written in plan_blanks(form, answers).blanks
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_blank_gets_its_golden_value(edition: str, name: str, on_hand: dict[str, FormOnHand]) -> None:
    form = on_hand.get(edition) or next(FormOnHand(edition=e) for e in all_editions() if e.name == edition)
    golden = json.loads((GOLDEN / f"{edition.replace('/', '-')}.json").read_text("utf-8"))
    assert values(form, scenario(name)) == golden[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_drawn_is_the_golden_value(edition: str, name: str, on_hand: dict[str, FormOnHand]) -> None:
    if edition not in on_hand:
        return  # an entry sheet has no form to draw on; its values are tested above
    filled = fill_form(on_hand[edition], scenario(name), draft=True)
    golden = json.loads((GOLDEN / f"{edition.replace('/', '-')}.json").read_text("utf-8"))[name]
    shown = {row.blank: row.text for row in filled.proof.rows}
    assert shown == {blank: text for blank, (text, _, _, clipped) in golden.items() if text and not clipped}


def write_golden(forms: Path) -> None:
    """Write the golden values anew."""
    held = {form.edition.name: form for form in FormLibrary.from_directory(forms).on_hand()}
    for edition in all_editions():
        form = held.get(edition.name, FormOnHand(edition=edition))
        found = {name: values(form, scenario(name)) for name in NAMES}
        rows = ",\n".join(
            f'"{name}": {{\n'
            + ",\n".join(
                f" {json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for k, v in rows.items()
            )
            + "\n}"
            for name, rows in found.items()
        )
        (GOLDEN / f"{edition.name.replace('/', '-')}.json").write_text("{\n" + rows + "\n}\n", "utf-8")


if __name__ == "__main__":
    write_golden(Path(__file__).resolve().parents[3] / "shared" / "official-forms")
