"""A map proposed for a form is held against the map that a person made of it, which the proposal never saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.documents.letter import letter_of_interest
from assistant.editions.catalog import Edition, Entry, LeftBlank, all_editions, get_edition
from assistant.editions.recognition import check_map
from assistant.errors import PdfError
from assistant.mapping.drafts import TWO_MEANINGS, Draft, draft_edition
from assistant.mapping.known_blanks import matched_pages
from assistant.mapping.pictures import page_pictures, pixel_box
from assistant.mapping.readings import NO_AGREEMENT, NOT_MAPPED
from assistant.mapping.rows import read_rows
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter
from tests.unit.made_forms import blank_paper, with_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.editions.catalog import LineSpan

FIELDS = {
    "moa-tfm/2025-02-12": "moa-tfm-rev2025-02-12.pdf",
    "moa-wso/2025-02-14": "moa-wso-rev2025-02-14.pdf",
    "moa-wso/2025-02-14, a page turned": "moa-wso-rev2025-02-14-page7-rotated.pdf",
}
FLAT = {
    "moa-tfm/2025-03-07": "moa-tfm-rev2025-03-07-flat.pdf",
    "moa-jem/2025-02-15": "moa-jem-rev2025-02-15-flat.pdf",
}


@cache
def unseen(data: bytes, name: str) -> tuple[Draft, Template, Edition]:
    """Return what is proposed where the form's own edition is not known, the form, and that edition.

    None of them can be changed, so the tests share one of each.
    """
    name = name.partition(",")[0]
    template = compile_template(data)
    return draft_edition(template, [e for e in all_editions() if e.name != name]), template, get_edition(name)


@cache
def proposed_alone(data: bytes) -> Draft:
    """Return what is proposed where no edition is known; the tests share it, too."""
    return draft_edition(compile_template(data), ())


def blanks_of(edition: Edition) -> list[Entry | LeftBlank]:
    return [*edition.entries, *edition.left_blank]


def asked(blank: Entry | LeftBlank) -> tuple[object, ...]:
    if isinstance(blank, Entry):
        return "entry", blank.path, blank.format, blank.widgets, blank.optional
    return "left", blank.side, blank.widgets, "sign" if "sign" in blank.reason else ""


@pytest.mark.parametrize("name", FIELDS)
def test_fields_get_the_meaning_a_person_gave_them(official_forms: Path, name: str) -> None:
    draft, template, edition = unseen((official_forms / FIELDS[name]).read_bytes(), name)
    check_map(draft.edition, template)
    proposed = {(b.blank, isinstance(b, Entry)): asked(b) for b in blanks_of(draft.edition)}
    known = {(b.blank, isinstance(b, Entry)): asked(b) for b in blanks_of(edition)}
    right = [key for key in known if proposed.get(key) == known[key]]
    assert len(right) >= 0.9 * len(known), [(k, known[k], proposed.get(k)) for k in known if k not in right]
    # A wrong text is worse than none: whatever is filled is filled as the person said.
    assert all(proposed[key] == known.get(key) for key in proposed if key[1])
    assert draft.edition.signing_page == edition.signing_page
    assert draft.edition.model == edition.model
    assert draft.edition.recognise
    assert edition.recognise
    assert draft.edition.recognise.prints == {template.sha256}
    proposed_marks, known_marks = draft.edition.recognise, edition.recognise
    assert proposed_marks.fields == known_marks.fields
    assert replace(proposed_marks, words=known_marks.words, prints=known_marks.prints) == known_marks


@pytest.mark.parametrize("name", FLAT)
def test_lines_of_a_flat_form_are_found(official_forms: Path, name: str) -> None:
    draft, template, edition = unseen((official_forms / FLAT[name]).read_bytes(), name)
    check_map(draft.edition, template)
    found = {b.blank: b for b in blanks_of(draft.edition)}
    wanted: list[tuple[Entry | LeftBlank, int, LineSpan]] = []
    wanted += [(e, p.page, p.line) for e in edition.entries for p in e.places[:1]]
    wanted += [(b, b.page, b.line) for b in edition.left_blank if b.line]
    near, right = [], []
    for blank, page, line in wanted:
        lines = [(b, p, at) for b in found.values() for p, at in lines_of(b) if p == page and close(line, at)]
        near += [blank.blank] if lines else []
        right += [blank.blank] if lines and asked(lines[0][0]) == asked(blank) else []
    assert len(near) >= 0.9 * len(wanted), {b.blank for b, *_ in wanted} - set(near)
    assert len(right) >= 0.9 * len(wanted), {b.blank for b, *_ in wanted} - set(right)
    footers = next(e for e in draft.edition.entries if e.blank == "agency, footers")
    assert [place.page for place in footers.places] == list(range(1, len(template.pages) + 1))


def lines_of(blank: Entry | LeftBlank) -> Iterator[tuple[int, LineSpan]]:
    if isinstance(blank, LeftBlank):
        if blank.line:
            yield blank.page, blank.line
    else:
        yield from ((place.page, place.line) for place in blank.places)


def close(one: LineSpan, other: LineSpan) -> bool:
    # A label with nothing behind it ends where the page does, which nobody can say to the point.
    return abs(one[0] - other[0]) <= 3 and abs(one[1] - other[1]) <= 3 and abs(one[2] - other[2]) <= 10


def test_every_line_of_the_task_force_form_is_within_three_points(official_forms: Path) -> None:
    draft, _, edition = unseen((official_forms / FLAT["moa-tfm/2025-03-07"]).read_bytes(), "moa-tfm/2025-03-07")
    found = [(p, at) for b in blanks_of(draft.edition) for p, at in lines_of(b)]
    wanted = [(p, at) for b in blanks_of(edition) for p, at in lines_of(b)]
    near = [
        w
        for w in wanted
        if any(p == w[0] and all(abs(a - b) <= 3 for a, b in zip(at, w[1], strict=True)) for p, at in found)
    ]
    assert len(near) >= 0.9 * len(wanted), set(wanted) - set(near)


def test_a_field_on_both_sides_is_split(official_forms: Path) -> None:
    draft, _, _ = unseen((official_forms / FIELDS["moa-tfm/2025-02-12"]).read_bytes(), "moa-tfm/2025-02-12")
    entry = next(e for e in draft.edition.entries if e.blank == "Title")
    left = next(b for b in draft.edition.left_blank if b.blank == "Title")
    assert (entry.widgets, left.widgets, left.side) == ((1,), (0,), "ice")


def test_nothing_of_ices_side_is_ever_filled(official_forms: Path) -> None:
    for file in (*FIELDS.values(), *FLAT.values()):
        draft = proposed_alone((official_forms / file).read_bytes())
        assert all(row.blank.side == "agency" for row in draft.rows if isinstance(row.blank, Entry))
        assert sum(row.blank.side == "ice" for row in draft.rows) >= 3


def test_without_any_known_edition_nothing_is_called_sure_by_its_place(official_forms: Path) -> None:
    draft = proposed_alone((official_forms / FLAT["moa-tfm/2025-03-07"]).read_bytes())
    assert {row.sureness for row in draft.rows} == {"likely"}


def test_two_prints_of_one_revision_get_two_names(official_forms: Path) -> None:
    template = compile_template((official_forms / FIELDS["moa-tfm/2025-02-12"]).read_bytes())
    assert draft_edition(template, all_editions()).edition.name == "moa-tfm/2025-02-12.fields"
    flat = compile_template((official_forms / FLAT["moa-tfm/2025-03-07"]).read_bytes())
    assert draft_edition(flat, all_editions()).edition.name == "moa-tfm/2025-03-07.flat"


def test_a_form_that_is_no_agreement_gets_no_meaning(tmp_path: Path) -> None:
    names = [("Title", 1, [100.0, 700, 300, 720]), ("Agency name", 1, [100.0, 650, 300, 670])]
    data = with_fields(blank_paper(tmp_path / "a.pdf"), tmp_path / "b.pdf", names)
    draft = draft_edition(compile_template(data), all_editions())
    assert not draft.edition.entries
    assert {b.blank: b.reason for b in draft.edition.left_blank} == {"Title": NO_AGREEMENT, "Agency name": NO_AGREEMENT}
    assert (draft.edition.model, draft.edition.recognise) == (None, None)
    assert not draft.identity.agreement


def test_of_the_agencys_own_letter_only_the_lines_to_sign_on_are_found(ready: Answers) -> None:
    data = letter_of_interest(ready, today=date(2026, 2, 1), draft=False)
    draft = draft_edition(compile_template(data), all_editions())
    assert [(row.blank.side, row.blank.page) for row in draft.rows] == [("unknown", 1)] * 2
    assert not draft.edition.entries


def test_a_blank_page_gets_an_empty_map(tmp_path: Path) -> None:
    draft = draft_edition(compile_template(blank_paper(tmp_path / "a.pdf").read_bytes()), all_editions())
    assert draft.rows == ()


def test_what_nothing_tells_is_left_blank_and_says_so(official_forms: Path, tmp_path: Path) -> None:
    file = official_forms / FLAT["moa-jem/2025-02-15"]
    odd = [("f1", 2, [300.0, 400, 400, 414])]
    draft = draft_edition(compile_template(with_fields(file, tmp_path / "odd.pdf", odd)), all_editions())
    row = next(row for row in draft.rows if row.blank.blank == "f1")
    assert isinstance(row.blank, LeftBlank)
    assert row.blank.reason.startswith(NOT_MAPPED)
    assert row.sureness == "unknown"


def test_one_field_in_places_of_two_meanings_is_not_filled_in_both(official_forms: Path, tmp_path: Path) -> None:
    file = official_forms / FLAT["moa-tfm/2025-03-07"]
    data = with_fields(file, tmp_path / "a.pdf", [("x", 9, [98.0, 226, 241, 240])])
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        first = pdf.Root.AcroForm.Fields[0]
        kids = []
        for page, box in ((9, [98, 226, 241, 240]), (9, [93, 198, 241, 212]), (9, [98, 226, 241, 240])):
            kid = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=box, F=4, Parent=first, P=pdf.pages[8].obj
            )
            kids.append(pdf.make_indirect(kid))
            pdf.pages[page - 1].obj.Annots = pikepdf.Array([*pdf.pages[page - 1].obj.Annots, kids[-1]])
        first.Kids = kids
        pdf.save(tmp_path / "b.pdf")
    assert data
    draft = draft_edition(compile_template((tmp_path / "b.pdf").read_bytes()), all_editions())
    (entry,) = [e for e in draft.edition.entries if e.blank == "x"]
    (left,) = [b for b in draft.edition.left_blank if b.blank == "x"]
    assert (entry.path, entry.widgets) == ("signatory.full_name", (0, 2))
    assert (left.widgets, left.reason) == ((1,), TWO_MEANINGS)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(PdfError):
        draft_edition(compile_template(data), all_editions())


def test_hidden_letters_are_put_right_and_others_left_alone(official_forms: Path) -> None:
    with DrawnPages((official_forms / FLAT["moa-jem/2025-02-15"]).read_bytes()) as drawn:
        rows = [row.words for row in read_rows(drawn.letters(6))]
    assert any(row.startswith("Signature: ___") for row in rows)
    assert any(row.startswith("For the LEA:") for row in rows)
    letters = [ReadLetter(c, (n * 6.0, 100.0, n * 6.0 + 5, 112.0), 12.0) for n, c in enumerate("BBB ABBA 1D")]
    assert read_rows(letters)[0].text == "___ ABBA 1D"


def test_a_page_is_found_again_that_has_moved() -> None:
    words = [f"word{n} and some more of it" for n in range(40)]
    old = {1: " ".join(words[:15]), 2: " ".join(words[15:30])}
    new = {1: "a new first page of other things entirely, and long enough", 2: old[1], 3: old[2] + " plus a bit"}
    assert matched_pages(old, new) == {1: 2, 2: 3}


def test_with_the_old_form_on_hand_its_fields_are_known_places(official_forms: Path, tmp_path: Path) -> None:
    """A next edition with a page more: fields are known by the places in the form before, on the page that moved."""
    name = "moa-wso/2025-02-14"
    data = (official_forms / FIELDS[name]).read_bytes()
    with pikepdf.open(official_forms / FIELDS[name]) as pdf:
        added = pdf.add_blank_page(page_size=(612, 792))
        pdf.pages.insert(1, added)
        del pdf.pages[-1]
        pdf.save(tmp_path / "next.pdf")
    template = compile_template((tmp_path / "next.pdf").read_bytes())
    draft = draft_edition(template, [get_edition(name)], {name: compile_template(data)})
    title = next(row for row in draft.rows if row.blank.blank == "Text6")
    assert title.blank.page == 8
    assert (title.sureness, title.why) == ("sure", f"the words around it and the same place in {name}")
    alone = draft_edition(template, [get_edition(name)])
    assert next(row for row in alone.rows if row.blank.blank == "Text6").sureness == "likely"


def test_pictures_show_each_page_that_has_a_blank(official_forms: Path) -> None:
    draft, template, _ = unseen((official_forms / FIELDS["moa-tfm/2025-02-12"]).read_bytes(), "moa-tfm/2025-02-12")
    pictures = page_pictures(template, draft.rows)
    assert list(pictures) == [f"page-{n:02}.png" for n in (1, 7, 9, 10, 11, 14)]
    assert all(data.startswith(b"\x89PNG") for data in pictures.values())
    assert pictures["page-09.png"] != page_pictures(template, draft.rows[:5]).get("page-09.png")


@pytest.mark.parametrize(
    ("rotate", "box"),
    [(0, (10, 70, 30, 90)), (90, (10, 10, 30, 30)), (180, (170, 10, 190, 30)), (270, (70, 170, 90, 190))],
)
def test_a_box_lands_where_it_is_seen(tmp_path: Path, rotate: int, box: tuple[float, ...]) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 100))
        page.rotate(rotate, relative=False)
        pdf.save(tmp_path / "a.pdf")
    template = compile_template((tmp_path / "a.pdf").read_bytes())
    size = (100, 200) if rotate in {90, 270} else (200, 100)
    assert pixel_box(template.pages[0], (10, 10, 30, 30), size) == pytest.approx(box)
