"""Whose side is which in the signature block: by the map of the very edition, else by the headings, else by custom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers
from assistant.editions.catalog import get_edition, local_editions_dir
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormOnHand
from assistant.mapping.drafts import draft_edition
from assistant.mapping.toml import edition_toml
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.drawn_words import Word
from assistant.pdf.viewer.viewed_pdf import ViewedPage
from assistant.reading import filled_values, read_agreement
from assistant.reading.agreement import ReadLine, SlotReading
from assistant.reading.block import signature_spots
from assistant.reading.map_spots import _inside
from assistant.reading.slots import entries_of
from assistant.reading.tokens import text_of_tokens, tokens_of
from tests.unit.made_agreements import Kind, Paper, signature_block

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.editions.catalog import Edition
    from assistant.reading import ReadAgreement

LABELS = ("Signature", "Name", "Title", "Date")
SENTENCE = "each party to this agreement has the authority to sign with ICE."


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each test an instance of its own."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def paper(kind: Kind, left: str, right: str, lower: float = 0.0) -> bytes:
    made = Paper(kind, names=False)
    made.y -= lower
    signature_block(made, LABELS, left, right)
    return made.data()


def known(data: bytes) -> Edition:
    """Return the map of a paper on which ICE signs on the left, kept as this installation's own."""
    edition = replace(draft_edition(compile_template(data), ()).edition, model="TFM", form_id="moa-tfm")
    paths = {b.path: b.side for b in edition.entries}
    assert paths == {"signatory.full_name": "agency", "signatory.title": "agency"}
    file = local_editions_dir() / edition.name / "edition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(edition_toml(edition), "utf-8")
    return edition


def read(edition: Edition, data: bytes, answers: Answers) -> ReadAgreement:
    done = fill_form(FormOnHand(edition=edition, data=data), replace(answers, models=("TFM",)))
    found = read_agreement(done.data)
    assert (found.edition and found.edition.name, found.exact) == (edition.name, True)
    return found


def sides(found: ReadAgreement) -> dict[str, str]:
    told = {slot: found.get(slot) for slot in ("lea_name", "lea_title", "ice_name", "ice_title")}
    return {slot: item.text if item else "?" for slot, item in told.items()}


@pytest.mark.usefixtures("font")
@pytest.mark.parametrize("kind", ["fields", "drawn"])
def test_an_edition_with_ice_on_the_left_is_read_by_its_map(kind: Kind, ready: Answers) -> None:
    edition = known(paper(kind, "For ICE:", "For the LEA:"))
    signer = ready.signatory
    wanted = {"lea_name": signer.full_name, "lea_title": signer.title, "ice_name": "", "ice_title": ""}
    # The same paper under headings that tell no program whose side is which.
    assert sides(read(edition, paper(kind, "(1)", "(2)"), ready)) == wanted
    found = read(edition, paper(kind, "For ICE:", "For the LEA:"), ready)
    assert sides(found) == wanted
    assert found.answers is not None
    assert found.answers.signatory.full_name == signer.full_name


@pytest.mark.usefixtures("font")
def test_labels_count_for_more_than_lines_that_stand_elsewhere(ready: Answers) -> None:
    """Where the block was moved in the file, its lines are no longer where the map has them."""
    edition = known(paper("drawn", "For ICE:", "For the LEA:"))
    lower = draft_edition(compile_template(paper("drawn", "For ICE:", "For the LEA:", lower=40)), ()).edition
    moved = replace(edition, entries=lower.entries, left_blank=lower.left_blank)
    found = read(moved, paper("drawn", "For ICE:", "For the LEA:", lower=40), ready)
    assert sides(found)["lea_name"] == ready.signatory.full_name


def word(text: str, x0: float, base: float) -> Word:
    return Word(text=text, x0=x0, x1=x0 + 6 * len(text), base=base, size=12.0)


def line(text: str, x0: float, base: float) -> list[Word]:
    words = []
    for part in text.split():
        words.append(word(part, x0, base))
        x0 = words[-1].x1 + 4
    return words


def titles(left: str, right: str, before: str = "") -> dict[str, str]:
    """Return the titles of a block with these headings: "Sheriff" stands in its right column, "Director" left."""
    labels = [
        word(f"{row}:", x, 280 - 28 * n) for n, row in enumerate(("Signature", "Title", "Date")) for x in (72, 330)
    ]
    words = [*line(before, 72, 330), *line(left, 72, 305), *line(right, 330, 305), *labels]
    words += [word("Director", 130, 254), word("Sheriff", 390, 254)]
    seen = ViewedPage(
        number=1, width=612, height=792, turn=0, sideways=0, covered=0, skew=0, words=tuple(words), marks=()
    )
    return {
        spot.slot: text_of_tokens(spot.tokens)
        for spot in signature_spots(seen, tokens_of(seen))
        if "title" in spot.slot
    }


RIGHT = {"lea_title": "Sheriff", "ice_title": "Director"}
LEFT = {"lea_title": "Director", "ice_title": "Sheriff"}


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ("For ICE:", "For the LEA:", RIGHT),
        ("ICE", "LEA", RIGHT),
        ("U.S. IMMIGRATION AND CUSTOMS ENFORCEMENT", "LAW ENFORCEMENT AGENCY", RIGHT),
        ("For DHS:", "For the Agency:", RIGHT),
        ("For ICE:", "", RIGHT),
        ("", "For the LEA:", RIGHT),
        ("For the LEA:", "For ICE:", LEFT),
        ("For the Agency:", "For ICE:", LEFT),
        ("ICE", "", LEFT),
        ("", "", LEFT),
        ("Director", "Sheriff", LEFT),
    ],
)
def test_the_headings_over_the_columns_tell_the_sides(left: str, right: str, found: dict[str, str]) -> None:
    assert titles(left, right) == found


@pytest.mark.parametrize("before", [SENTENCE, "with ICE.", "of the LEA."])
def test_a_sentence_over_the_block_is_no_heading(before: str) -> None:
    assert titles("", "", before) == LEFT
    assert titles("For the LEA:", "For ICE:", before) == LEFT
    assert titles("For ICE:", "For the LEA:", before) == RIGHT


@pytest.mark.parametrize("height", [3.5, 6, 12, 40])
def test_what_is_looked_at_in_a_field_has_a_height(height: float) -> None:
    x0, y0, x1, y1 = _inside((100, 200, 180, 200 + height))
    assert x0 < x1
    assert 200 < y0 < y1 < 200 + height


def test_a_signers_name_is_the_answer_also_where_the_nearest_print_has_no_line_for_it() -> None:
    edition = get_edition("moa-wso/2025-02-14")
    assert not entries_of("lea_name", edition)
    reading = SlotReading(
        slot="lea_name",
        page=7,
        label="name",
        source="recognised",
        recognized="sure",
        lines=(ReadLine(text="Lee Tester"),),
    )
    (row,) = filled_values._rows(reading, edition, Answers())
    assert (row["path"], row["text"], row["sureness"]) == ("signatory.full_name", "Lee Tester", "sure")
