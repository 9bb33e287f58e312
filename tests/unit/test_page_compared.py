"""One page laid over another: a changed letter, a word that is gone, added ink; and what alters nothing."""

from __future__ import annotations

import io
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the extra scan is not installed")

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.scans.paper import InkPicture, measure_darkness
from assistant.verifying.compare import Comparing
from assistant.verifying.issued_page import NO_BLANKS, Blanks, draw_issued_page
from assistant.verifying.quick_match import match_expected
from assistant.verifying.quoting import fold_word, looks_alike
from assistant.verifying.stamps import is_month_and_figures, is_stamp, remove_frame, split_rows
from assistant.verifying.verdict import verdict_of
from tests.finished.generate_scans import scan_page
from tests.finished.scans import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.verifying.comparison import PageComparison

LINES = (
    "The parties agree that the agency bears the costs of travel, housing and salary of its own",
    "officers, and that the other party provides the training without charge. Each officer named",
    "here serves for a period of two years, unless the agreement ends before that day in writing.",
    "Questions go to the program office at (404) 555-0112 or to office@example.gov, 8 U.S.C. 1357.",
    "The records of every complaint stay with the party that received it and are shared on request.",
)


def make_pdf(change: tuple[str, str] = ("", ""), *, extra: str = "", lines: int = 30) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    canvas.setFont("Times-Roman", 12)
    for n in range(lines):
        text = f"{n}. {LINES[n % len(LINES)]}"
        canvas.drawString(72, 720 - 20 * n, text.replace(*change, 1) if change[0] and n == 12 else text)
    if extra:
        canvas.drawString(72, 720 - 20 * lines - 8, extra)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def comparing() -> Iterator[Comparing]:
    blanks = Blanks(slots={"lea_signature": (72, 60, 300, 90)}, left_out=((60, 50, 320, 100),))
    with ViewedPdf(make_pdf()) as viewed:
        yield Comparing(viewed, {1: blanks})


def picture_of(data: bytes) -> np.ndarray[Any, Any]:
    return np.array(printed(data)[0])


def compare(comparing: Comparing, picture: np.ndarray[Any, Any], scanner: str, chance: Random) -> PageComparison:
    with ViewedPdf(scan_page(picture, scanner, "", chance)) as signed:
        (found,) = comparing.compare_sheet(signed, 1, expected=1)
    return found


@pytest.fixture
def chance() -> Random:
    return Random(7)  # noqa: S311 - the same scan every time


@pytest.mark.parametrize("scanner", ["gray 200", "bw 300", "jpeg 100", "phone", "shadow", "skewed", "fax"])
def test_an_untouched_page_is_the_same(comparing: Comparing, scanner: str, chance: Random) -> None:
    found = compare(comparing, picture_of(make_pdf()), scanner, chance)
    assert found.page == 1
    assert (verdict_of(found), found.differences) == ("same", ())
    assert found.ink["lea_signature"] <= 40
    assert found.black_and_white is (scanner in {"bw 300", "fax"})


@pytest.mark.parametrize(
    ("change", "issued", "read", "scanner"),
    [
        (("two", "six"), "two", "six", "gray 200"),
        (("two", "six"), "two", "six", "phone"),
        (("years", "yeans"), "years,", "yeans", "bw 300"),
        (("period", "perlod"), "period", "perlod", "gray 200"),
        (("serves", "nerves"), "serves", "nerves", "phone"),
    ],
)
def test_a_changed_word_or_letter_is_quoted(
    comparing: Comparing, change: tuple[str, str], issued: str, read: str, scanner: str
) -> None:
    found = compare(comparing, picture_of(make_pdf(change)), scanner, Random(7))  # noqa: S311 - the same scan every time
    assert verdict_of(found) == "altered"
    assert issued in {difference.issued for difference in found.differences}
    assert len(found.differences) <= 3
    assert any(read in difference.read for difference in found.differences if difference.kind == "word")


def test_a_word_whited_out_is_gone_and_a_line_typed_in_is_quoted(comparing: Comparing, chance: Random) -> None:
    gone = compare(comparing, picture_of(make_pdf(("without", "             "))), "gray 200", chance)
    assert verdict_of(gone) == "same"  # line 12 does not have that word
    gone = compare(comparing, picture_of(make_pdf(("unless", "          "))), "gray 200", chance)
    assert verdict_of(gone) == "altered"
    line = compare(comparing, picture_of(make_pdf(extra="The agency may withdraw at any time.")), "gray 200", chance)
    assert verdict_of(line) == "altered"
    assert any("withdraw" in difference.read for difference in line.differences if difference.kind == "added")


def test_a_pen_in_a_blank_is_counted_and_no_difference(comparing: Comparing, chance: Random) -> None:
    picture = Image.fromarray(picture_of(make_pdf()))
    ImageDraw.Draw(picture).line([(350, 2960), (600, 2990), (500, 2930), (800, 2985)], fill=90, width=8)
    found = compare(comparing, np.array(picture), "gray 200", chance)
    assert verdict_of(found) == "same"
    assert found.ink["lea_signature"] >= 200


def test_a_stamp_is_a_note_and_handwriting_in_the_text_is_looked_at(comparing: Comparing, chance: Random) -> None:
    picture = Image.fromarray(picture_of(make_pdf()))
    ImageDraw.Draw(picture).text((1500, 2780), "RECEIVED", font=ImageFont.load_default(90), fill=60)
    found = compare(comparing, np.array(picture), "gray 200", chance)
    assert verdict_of(found) == "same"
    assert any("RECEIVED" in note for note in found.notes)
    picture = Image.fromarray(picture_of(make_pdf()))
    drawing = ImageDraw.Draw(picture)
    for n in range(8):
        drawing.arc((1500 + 40 * n, 2700 - 9 * (n % 3), 1560 + 40 * n, 2790), 30 * n, 200 + 40 * n, fill=40, width=8)
    assert verdict_of(compare(comparing, np.array(picture), "gray 200", chance)) in {"unclear", "altered"}


def test_another_page_is_none_of_the_file_and_an_empty_one_is_empty(comparing: Comparing, chance: Random) -> None:
    other = Image.new("L", (2550, 3300), 255)
    drawing = ImageDraw.Draw(other)
    for n in range(20):
        drawing.text((300, 300 + 90 * n), "A resolution of the board, adopted in May", font=ImageFont.load_default(50))
    found = compare(comparing, np.array(other), "gray 200", chance)
    assert (found.page, found.empty, found.legible) == (None, False, True)
    noise = np.random.default_rng(1).integers(0, 255, (3300, 2550), np.uint8)
    found = compare(comparing, noise, "gray 200", chance)
    assert (found.page, found.legible) == (None, False)
    found = compare(comparing, np.full((3300, 2550), 255, np.uint8), "bw 200", chance)
    assert found.empty


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["RECEIVED", "MAR", "28", "2025"], True),
        (["received", "by", "clerk"], True),
        (["MAR", "28"], False),
        (["The", "County", "received", "notice", "and", "may", "withdraw", "original"], False),
        (["original", "date"], False),
    ],
)
def test_a_stamp_needs_its_word_and_few_others(words: list[str], *, wanted: bool) -> None:
    assert is_stamp(words) is wanted


@pytest.mark.parametrize(
    ("words", "framed", "bare"),
    [
        (["MAR", "2025", "|"], True, False),
        (["28", "2025"], True, False),
        (["28", "75"], False, False),
        (["WAR", "28", "2025"], True, False),
        (["MAR", "2025", "withdraw"], False, False),
        (["HECEIVED", "28"], True, True),
        (["RECENED", "28"], True, False),
        (["03/28/2025"], True, False),
        (["03/28/2025", "withdraw"], False, False),
    ],
)
def test_in_a_frame_a_date_alone_is_a_stamp(words: list[str], *, framed: bool, bare: bool) -> None:
    assert (is_stamp(words, is_framed=True), is_stamp(words)) == (framed, bare)


def test_a_month_and_figures_alone_may_be_a_stamps_and_words_are_not() -> None:
    assert is_month_and_figures(["MAR", "28", "2025"])
    assert not is_month_and_figures(["MAR", "28", "notwithstanding"])


def test_a_stamp_is_read_without_the_lines_of_its_frame_row_by_row() -> None:
    picture = np.zeros((200, 400), np.float32)
    picture[5:8], picture[192:195], picture[:, 5:8], picture[:, 392:395] = 1, 1, 1, 1
    picture[40:70, 60:90] = picture[120:150, 60:90] = 1
    inside = remove_frame(picture, 0.3)
    assert inside.sum() == 2 * 30 * 30
    assert [row.shape[0] for row in split_rows(inside, 0.3)] == [42, 42]
    assert len(split_rows(np.zeros((50, 60), np.float32), 0.3)) == 1


@pytest.mark.parametrize(("lines", "moved"), [(3, True), (3, False)])
def test_a_footer_that_lies_beside_its_place_is_not_gone_and_another_one_is(
    chance: Random, lines: int, *, moved: bool
) -> None:
    # On a nearly empty page nothing tells how the paper bends at its foot.
    def page(footer: str, down: int) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(612, 792), invariant=True)
        canvas.setFont("Times-Roman", 12)
        for n in range(lines):
            canvas.drawString(72, 720 - 20 * n, f"{n}. {LINES[n % len(LINES)]}")
        canvas.drawString(400, 60 - down, footer)
        canvas.save()
        return out.getvalue()

    with ViewedPdf(page("Revised 02/12/2025", 0)) as viewed:
        comparing = Comparing(viewed, {})
        other = page("Revised 02/12/2025" if moved else "Withdrawn 06/18/2024", 20)
        found = compare(comparing, picture_of(other), "gray 200", chance)
    assert (verdict_of(found) == "altered") is not moved


def test_the_page_that_is_expected_is_told_by_its_print_and_no_other_page_is(chance: Random) -> None:
    def inked(data: bytes) -> InkPicture:
        with ViewedPdf(scan_page(picture_of(data), "gray 200", "", chance)) as signed:
            gray = np.asarray(signed.draw_page(1, 200, finer=1))
        return InkPicture(darkness=measure_darkness(gray, 200), dpi=200)

    with ViewedPdf(make_pdf()) as viewed:
        issued = draw_issued_page(viewed, 1, NO_BLANKS)
    match = match_expected(issued, inked(make_pdf()))
    assert match is not None
    assert match.page == 1
    assert match.inliers > 0.9 * match.points
    # The same lines, the first of them last: each is print of the same look a little beside.
    other = io.BytesIO()
    canvas = Canvas(other, pagesize=(612, 792), invariant=True)
    canvas.setFont("Times-Roman", 12)
    for n in range(30):
        canvas.drawString(72, 720 - 20 * n, f"{n}. {LINES[(n + 1) % len(LINES)]}")
    canvas.save()
    assert match_expected(issued, inked(other.getvalue())) is None


@pytest.mark.parametrize(
    ("issued", "read", "alike"),
    [
        ("Sheriff’s", "Sheriff's", True),
        ("(ICE),", "(ICE)", True),
        ("will", "wi1l", True),
        ("two", "six", False),
        ("2025", "2026", False),
        ("", "", False),
    ],
)
def test_a_reading_is_the_issued_word_but_for_marks(issued: str, read: str, *, alike: bool) -> None:
    assert looks_alike(issued, read) is alike
    assert fold_word("office@example.gov,") == "office@examplegov"
