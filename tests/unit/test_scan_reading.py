"""A page by its picture: what is read in blanks of made-up pages that were printed, turned, scaled and made noisy."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

pytest.importorskip("cv2", reason="the extra scan is not installed")

from assistant.editions.catalog import get_edition
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.agreement import ReadLine, SlotReading
from assistant.reading.around_words import read_around
from assistant.reading.own_recognition import joined_with_layer, settle_by_others
from assistant.reading.word_lists import may_be_misread
from assistant.scans import page_geometry, prints
from assistant.scans.measuring import measure_ink
from assistant.scans.page_geometry import BlankBox, PrintedPage, page_from_document
from assistant.scans.page_reading import align_pages, read_blank, turned_picture
from assistant.scans.recognizers import LineReading, why_nothing_is_read
from assistant.scans.witnesses import Witnesses, join, letters_of, level, with_marks_of
from tests.finished.scans import Scan, as_pdf, printed, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = (
    "agreement",
    "officer",
    "shall",
    "be",
    "the",
    "program",
    "training",
    "and",
    "of",
    "immigration",
    "under",
    "duty",
)
NAME_BOX = (180.0, 300.0, 430.0, 314.0)
DATE_BOX = (180.0, 340.0, 430.0, 354.0)
NAME = "Willow Springs Police Department"

needs_recognizers = pytest.mark.skipif(bool(why_nothing_is_read()), reason="what reads pictures is not installed")


def form(seed: int, *, name: str = "", date: str = "", size: float = 11.0, gray: float = 0.0) -> bytes:
    """Return a page of made-up sentences with two blanks, filled or not; the same seed prints the same words."""
    chance = random.Random(seed)  # noqa: S311 - the same page every time
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(612, 792), invariant=1)
    page.setFont("Times-Roman", 11)
    for row in range(38):
        y = 720 - 16.5 * row
        if 420 < y < 510:
            continue
        line = " ".join(chance.choice(WORDS) for _ in range(chance.randint(6, 13)))
        page.drawString(72 + chance.choice((0, 0, 18)), y, line)
    for label, box, value in (("Name of the agency:", NAME_BOX, name), ("Date of signature:", DATE_BOX, date)):
        base = 792 - box[3] + 2.5
        page.setFont("Times-Roman", 11)
        page.drawString(72, base, label)
        page.line(box[0], base - 1.5, box[2], base - 1.5)
        page.setFont("Helvetica", size)
        page.setFillGray(gray)
        page.drawString(box[0] + 4, base, value)
        page.setFillGray(0)
    page.save()
    return out.getvalue()


def printed_page(seed: int, number: int = 1) -> PrintedPage:
    words, rules = measure_ink(np.asarray(printed(form(seed))[0]), 300)
    blanks = (BlankBox(key="name", side="agency", box=NAME_BOX), BlankBox(key="date", side="agency", box=DATE_BOX))
    return PrintedPage(
        edition="moa-made/up", number=number, width=612, height=792, words=words, rules=rules, blanks=blanks
    )


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PrintedPage, ...]]:
    pages = tuple(printed_page(seed, seed) for seed in (1, 2, 3))
    monkeypatch.setattr(prints, "printed_pages", lambda: {"moa-made/up": pages})
    prints._page_spectra.clear()
    prints._spectra.clear()
    yield pages
    prints._page_spectra.clear()
    prints._spectra.clear()


WAYS = (
    Scan(angle=0.0, noise=0, dpi=300, blur=0.2, quality=90),
    Scan(angle=1.1, shift=(0.1, -0.05), scale=0.96, dpi=200, noise=12, seed=1),
    Scan(angle=-0.8, shift=(-0.1, 0.1), scale=1.0, dpi=200, black_and_white=True, noise=8, seed=2),
    Scan(angle=0.4, scale=0.97, dpi=200, noise=10, turn=180, seed=3),
)


def pictures(data: bytes, way: Scan) -> dict[int, np.ndarray]:
    """Return a page as scanned, at 100 and at 300 dpi."""
    made = scan(printed(data)[0], way).convert("L")
    made = made.rotate(-way.turn, expand=True) if way.turn else made
    wide = 612 if way.turn % 180 == 0 else 792
    return {
        dpi: np.asarray(made.resize((round(wide * dpi / 72), round((1404 - wide) * dpi / 72)))) for dpi in (100, 300)
    }


@needs_recognizers
@pytest.mark.parametrize("way", WAYS, ids=["clean", "skewed and fitted", "black and white", "upside down"])
def test_a_scanned_page_is_told_and_its_blanks_are_read(made_up: tuple[PrintedPage, ...], way: Scan) -> None:
    drawn = pictures(form(2, name=NAME, date="03/14/2025"), way)
    pages = align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"])
    assert pages[1].guess.page is made_up[1]
    picture = turned_picture(drawn[300], pages[1])
    name, date = (read_blank(picture, pages[1], box) for box in (NAME_BOX, DATE_BOX))
    assert [line.value.text for line in name.lines] == [NAME]
    assert [line.value.text for line in date.lines] == ["03/14/2025"]
    assert name.is_empty is False
    assert name.lines[0].value.certainty in ({"sure"} if way.dpi == 300 else {"sure", "likely", "unsure"})


@needs_recognizers
@pytest.mark.parametrize("way", WAYS, ids=["clean", "skewed and fitted", "black and white", "upside down"])
def test_an_empty_blank_is_told_from_a_written_one(made_up: tuple[PrintedPage, ...], way: Scan) -> None:
    assert made_up
    drawn = pictures(form(3, name=NAME), way)
    pages = align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"])
    picture = turned_picture(drawn[300], pages[1])
    assert read_blank(picture, pages[1], DATE_BOX).is_empty is True
    assert read_blank(picture, pages[1], NAME_BOX).is_empty is False


@needs_recognizers
@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("noise", [0, 8, 14, 24])
@pytest.mark.parametrize("seed", [11, 12])
def test_pale_print_in_a_grainy_scan_is_never_called_empty_and_grain_alone_is(noise: float, seed: int) -> None:
    way = Scan(angle=-0.25, dpi=100, blur=0.7, noise=noise, quality=80, seed=seed)
    drawn = pictures(form(2, name="Atlanta", gray=0.7), way)
    (page,) = align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"]).values()
    picture = turned_picture(drawn[300], page)
    assert read_blank(picture, page, NAME_BOX, others=[DATE_BOX]).is_empty is not True
    assert read_blank(picture, page, DATE_BOX, others=[NAME_BOX]).is_empty is True


def test_a_page_of_no_print_is_told(made_up: tuple[PrintedPage, ...]) -> None:
    assert made_up
    drawn = pictures(form(77), WAYS[1])
    assert align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"]) == {}


@pytest.mark.parametrize("edition", sorted(page_geometry.printed_pages()))
def test_stored_positions_lie_on_the_page_and_come_back_as_stored(edition: str) -> None:
    for page in page_geometry.printed_pages()[edition]:
        assert len(page.words) > 10
        assert (page.words[:, :2] >= 0).all()
        assert (page.words[:, 2:] <= (page.width, page.height)).all()
        assert all(0 <= blank.box[0] < blank.box[2] <= page.width for blank in page.blanks)
        again = page_from_document(edition, page.number, page.to_document())
        assert (again.words == page.words).all()


TEXTS = st.text(st.sampled_from("abcdeILl1O0 .,'-@SheriffOfc"), max_size=24)
CONFIDENCES = st.tuples(st.floats(0, 100), st.floats(0, 100))


@given(TEXTS, TEXTS, TEXTS, CONFIDENCES)
def test_no_letter_of_a_value_comes_from_anywhere_but_a_recognizer(
    one: str, other: str, layer: str, confidences: tuple[float, float]
) -> None:
    first, second = confidences
    told = Witnesses(first=LineReading(one, first), second=LineReading(other, second), layer=layer)
    value = join(told, lambda _: True)
    assert letters_of(value.text) in {letters_of(one), letters_of(other)}


@given(TEXTS, TEXTS, TEXTS, CONFIDENCES, st.sampled_from(["", "Sheriff", "c"]))
def test_a_value_is_sure_only_where_both_recognizers_have_its_letters(
    one: str, other: str, layer: str, confidences: tuple[float, float], known: str
) -> None:
    first, second = confidences
    told = Witnesses(first=LineReading(one, first), second=LineReading(other, second), layer=layer)
    value = join(told, lambda text: known in text)
    if value.certainty == "sure":
        assert letters_of(one) == letters_of(other) != ""
        if "@" in value.text:
            assert level(one).replace(" ", "").casefold() == level(other).replace(" ", "").casefold()


@given(TEXTS)
def test_a_layer_alone_is_never_believed(layer: str) -> None:
    nothing = LineReading("", 0.0)
    value = join(Witnesses(first=nothing, second=nothing, layer=layer), lambda _: True)
    assert value.text == ""
    assert value.certainty == "unsure"


@given(TEXTS, CONFIDENCES)
def test_nothing_is_sure_in_a_place_that_is_not_the_prints(text: str, confidences: tuple[float, float]) -> None:
    first, second = confidences
    told = Witnesses(first=LineReading(text, first), second=LineReading(text, second), layer=text, capped="place")
    assert join(told, lambda _: True).certainty == "unsure"


def test_a_lost_point_of_an_e_mail_address_is_never_sure() -> None:
    told = Witnesses(
        first=LineReading("jdoe@pine.example.gov", 96), second=LineReading("jdoe@pineexample.gov", 99), layer=""
    )
    assert join(told).certainty == "unsure"
    same = Witnesses(first=LineReading("jdoe@pine.example.gov", 96), second=LineReading("jdoe@pine.example.gov", 99))
    assert join(same).certainty == "likely"


def test_a_known_word_raises_sureness_and_changes_no_letter() -> None:
    told = Witnesses(first=LineReading("Sherif", 65), second=LineReading("Sherif", 80))
    assert join(told).certainty == "likely"
    assert (join(told, lambda _: True).text, join(told, lambda _: True).certainty) == ("Sherif", "sure")


@pytest.mark.parametrize("layer", ["", "chief@pine.example.gov"])
def test_an_email_is_sure_only_where_the_files_own_text_has_it_too(layer: str) -> None:
    """Both recognizers miss a point that the scanner lost."""
    read = LineReading("chief@pine.example.gov", 99.0)
    assert join(Witnesses(first=read, second=read, layer=layer)).certainty == ("sure" if layer else "likely")


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("Departinent of Public Safety", True),
        ("Pine County Sheriffs Office", True),
        ("Sherif of Bay County", True),
        ("Lieutenant, Unit Il", True),
        ("Lieutenant, Unit II", False),
        ("t Chicago, IL", True),
        ("A Division", False),
        ("larkspur Valley Police", True),
        ("Pine County Sheriff s Office", True),
        ("Pine County Sheriff’s Office", False),
        ("Marron County Sheriff's Office", False),
        ("Chief of Police", False),
        ("Wes Trumbull", False),
        ("Harlan County Detention Center", False),
    ],
)
def test_a_word_that_is_nearly_a_common_one_is_never_sure(text: str, *, doubtful: bool) -> None:
    assert may_be_misread(text) is doubtful
    read = LineReading(text, 99.0)
    value = join(Witnesses(first=read, second=read, layer=text), may_be_misread=may_be_misread)
    assert value.certainty == ("likely" if doubtful else "sure")


@pytest.mark.parametrize(("layer", "by_hand"), [("Pine Counfy Sheriff?s Office", False), ("", True), ("xq ll", True)])
def test_small_print_that_the_file_reads_alike_is_not_by_hand(layer: str, *, by_hand: bool) -> None:
    poor = Witnesses(
        first=LineReading("Pne Coumy Shcriffs Ofice", 50),
        second=LineReading("PineCounty Sheitfs Ofhce", 80),
        layer=layer,
    )
    value = join(poor)
    assert (value.certainty, value.by_hand) == ("unsure", True)
    place = SlotReading(slot="agency", page=1, label="agency", source="ink")
    item = replace(place, guess=value.text, by_hand=value.by_hand)
    was = replace(place, source="recognised", lines=(ReadLine(text=layer),) if layer else ())
    joined = joined_with_layer({"agency": item}, {"agency": was})["agency"]
    assert joined.by_hand == by_hand
    assert joined.text == layer


@pytest.mark.parametrize(
    ("text", "others", "marked"),
    [
        (
            "PineCounty Sheriffs Office,Ohio",
            ["Pine County Sheriff's Office, Olio"],
            "Pine County Sheriff's Office, Ohio",
        ),
        ("N Main Street", ["N. Main Street"], "N. Main Street"),
        ("N. Main Street", ["N Main Street"], "N. Main Street"),
        ("Sam Sample", ["Pat Other"], "Sam Sample"),
    ],
)
def test_a_lost_sign_comes_from_another_reading_and_no_letter_does(text: str, others: list[str], marked: str) -> None:
    assert with_marks_of(text, *others) == marked


@given(TEXTS, TEXTS)
def test_signs_of_another_reading_change_no_letter(text: str, other: str) -> None:
    assert letters_of(with_marks_of(text, other)) == letters_of(text)


def test_readings_that_agree_only_at_another_size_are_never_sure() -> None:
    told = Witnesses(
        first=LineReading("Marta Qnill", 70),
        second=LineReading("Marta Quill", 99),
        first_again=(LineReading("Marta Quill", 96),),
    )
    value = join(told, lambda _: True)
    assert (value.text, value.certainty) == ("Marta Quill", "likely")
    assert "Marta Qnill" in value.others


@pytest.mark.parametrize(("known", "certainty"), [(True, "likely"), (False, "unsure")])
def test_a_value_that_runs_into_the_forms_words_is_at_most_likely(*, known: bool, certainty: str) -> None:
    read = LineReading("Tern Key Police Department, Florj", 99)
    assert join(Witnesses(first=read, second=read, capped="cut"), lambda _: known).certainty == certainty


@needs_recognizers
@pytest.mark.parametrize("way", WAYS[1:3], ids=["skewed and fitted", "black and white"])
def test_points_and_dots_of_small_print_above_a_line_stay(made_up: tuple[PrintedPage, ...], way: Scan) -> None:
    """The upper edges of small letters stand as level as a line to write on."""
    assert made_up
    drawn = pictures(form(2, name="m.quill@willowsprings.example.gov", size=8), way)
    pages = align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"])
    name = read_blank(turned_picture(drawn[300], pages[1]), pages[1], NAME_BOX)
    # The bow of a small "g" ends on the line, and may be lost there.
    assert [line.value.text.replace("q", "g") for line in name.lines] == ["m.guill@willowsprings.example.gov"]


@needs_recognizers
def test_a_speck_far_behind_a_value_is_not_read_with_it(made_up: tuple[PrintedPage, ...]) -> None:
    assert made_up
    drawn = pictures(form(2, name=NAME), WAYS[0])
    pages = align_pages([1], lambda _, dpi: drawn[dpi], ["moa-made/up"])
    clean = read_blank(turned_picture(drawn[300], pages[1]), pages[1], NAME_BOX)
    specked = drawn[300].copy()
    x, y = round(415 * 300 / 72), round(308 * 300 / 72)
    specked[y : y + 4, x : x + 4] = 0
    read = read_blank(turned_picture(specked, pages[1]), pages[1], NAME_BOX)
    assert [line.value.text for line in read.lines] == [NAME]
    assert read.lines[0].box == clean.lines[0].box


def test_an_unsure_name_is_likely_where_a_recognizer_read_what_another_blank_holds() -> None:
    sure = SlotReading(
        slot="appendix_b", page=11, label="agency", source="recognised", recognized="sure", lines=(ReadLine(text=NAME),)
    )
    doubt = SlotReading(
        slot="agency",
        page=1,
        label="agency",
        source="unseen",
        guess="Willow Spnngs Police",
        candidates=("Willow Spnngs Police", NAME),
        lines_in_doubt=(ReadLine(text="Willow Spnngs Police"),),
    )
    settled = settle_by_others({"agency": doubt, "appendix_b": sure})["agency"]
    assert (settled.text, settled.sureness) == (NAME, "likely")
    assert (
        settle_by_others({"agency": replace(doubt, candidates=("Willow Spnngs",)), "appendix_b": sure})["agency"].text
        == ""
    )
    assert settle_by_others({"agency": replace(doubt, unsure_place=True), "appendix_b": sure})["agency"].text == ""


def retyped(name: str) -> bytes:
    """Return a first page whose sentence was typed anew, with other line ends than any print has."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(612, 792), invariant=1)
    text = page.beginText(80, 700)
    text.setFont("Times-Roman", 12)
    for line in (
        "MEMORANDUM OF AGREEMENT",
        "287(g) Task Force Model",
        "This Memorandum of Agreement constitutes an agreement between ICE,",
        "a component of the Department of Homeland Security (DHS), and the",
        f"{name}, pursuant to which ICE",
        "delegates to trained officers or employees of the Example Police,",
        "hereinafter interchangeably the agency, the authority.",
    ):
        text.textLine(line)
    page.drawText(text)
    page.save()
    way = Scan(dpi=200, noise=4, angle=0.3)
    return as_pdf([scan(printed(out.getvalue())[0], way)], [way])


@needs_recognizers
def test_a_page_that_was_typed_anew_is_read_by_the_words_around_its_blank_and_never_surely() -> None:
    edition = get_edition("moa-tfm/2025-03-07")
    with ViewedPdf(retyped(NAME)) as viewed:
        agency = read_around(viewed, [1], edition)["agency"]
    assert (agency.text, agency.sureness, agency.unsure_place) == (NAME, "likely", True)
    with ViewedPdf(retyped("")) as viewed:
        readings = read_around(viewed, [1], edition)
    assert not any(readings[slot].text or readings[slot].guess for slot in ("agency",) if slot in readings)
    with ViewedPdf(retyped(NAME)) as viewed:
        assert read_around(viewed, [], edition) == {}
