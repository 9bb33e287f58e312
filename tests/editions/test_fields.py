"""Every kind of field on every kind of page: what is meant stands in its box, upright, for every reader."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.errors import FillError
from assistant.pdf.filling.fill import fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form import embedded_font
from assistant.pdf.form.font import core_font
from assistant.pdf.form.layout import HIGH, TextBox, fit, placed
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.objects.syntax import Lexer, Name, Ref, read_text_string, text_string, write_object
from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.read_back import DrawnPages, same_text
from assistant.pdf.viewer.render import held_pdf
from tests.editions.synthetic import FIELDS, SHARED, TURNS, synthetic_form, values
from tests.hostile import made

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Drawn:
    """A letter: its ink's box and its direction."""

    text: str
    rect: tuple[float, float, float, float]
    angle: float


@pytest.fixture(scope="module")
def form() -> Template:
    return compile_template(synthetic_form())


@pytest.fixture(scope="module")
def filled(form: Template) -> bytes:
    return fill(form, values())


@pytest.fixture(scope="module")
def letters(filled: bytes) -> list[list[Drawn]]:
    pages = []
    with held_pdf(filled) as opened:
        for number in range(len(opened)):
            pdfium.FPDFPage_Flatten(opened[number], pdfium.FLAT_PRINT)
            page = opened[number]
            text = page.get_textpage()
            pages.append(
                [
                    Drawn(x.text, text.get_charbox(x.index), angle)
                    for x, _, angle, _ in letters_of(page)
                    if x.text.strip()
                ]
            )
            text.close()
    return pages


def test_every_field_is_read_back(form: Template, filled: bytes) -> None:
    rows = prove(form, filled, values(), agency_widgets={}).rows
    assert len(rows) == len(FIELDS) + 2
    assert {row.blank: row.text for row in rows} == values()


@pytest.mark.parametrize("name", FIELDS)
def test_letters_stand_inside_their_box_and_in_its_direction(name: str, letters: list[list[Drawn]]) -> None:
    page, (x0, y0, x1, y1), own, text = FIELDS[name]
    inside = [x for x in letters[page] if x0 <= x.rect[0] <= x1 and y0 <= x.rect[1] <= y1]
    assert same_text("".join(x.text for x in inside), text)
    for letter in inside:
        left, low, right, high = letter.rect
        assert x0 <= left <= right <= x1
        assert y0 <= low <= high <= y1, letter
        turn = own.get("MK", {}).get("R", 0)
        assert round(letter.angle - turn) % 360 == 0
        if "turned page" in name or page:
            assert (turn - TURNS[page]) % 360 == 0, "it is upright as the reader sees the page"


def crop(file: Path, page: int, rect: list[float], height: float) -> str:
    x0, y0, x1, y1 = (round(n) for n in rect)
    box = ["-x", x0, "-y", round(height) - y1, "-W", x1 - x0, "-H", y1 - y0]
    command = ["pdftotext", "-f", page + 1, "-l", page + 1, "-r", 72, *box, file, "-"]
    return subprocess.run(list(map(str, command)), check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("name", [name for name, (page, *_) in FIELDS.items() if page == 0])
def test_poppler_reads_every_field(name: str, filled: bytes, tmp_path: Path) -> None:
    (tmp_path / "filled.pdf").write_bytes(filled)
    page, rect, _, text = FIELDS[name]
    found = crop(tmp_path / "filled.pdf", page, rect, 792)
    # Letters that run down or up the page come in another order.
    assert sorted(unicodedata.normalize("NFC", "".join(found.split()))) == sorted(
        unicodedata.normalize("NFC", "".join(text.split()))
    )


def test_a_field_with_two_widgets_shows_its_value_in_each_as_the_widget_says(form: Template, filled: bytes) -> None:
    first, second = form.fields[SHARED[0]].widgets
    assert (first.box.size, first.box.align, first.colour) == (9.0, 1, b"1 0 0 rg")
    assert (second.box.size, second.box.align) == (0.0, 2)
    with DrawnPages(filled) as drawn:
        assert {drawn.text_in(0, w.rect).strip() for w in (first, second)} == {SHARED[1]}


def test_what_a_field_has_of_its_own_is_kept(form: Template, filled: bytes) -> None:
    after = compile_template(filled)
    for name, field in form.fields.items():
        for before, now in zip(field.widgets, after.fields[name].widgets, strict=True):
            assert (before.rect, before.turn, before.box.align) == (now.rect, now.turn, now.box.align)
            assert now.printed


def test_one_side_of_a_field_is_printed_though_it_had_no_print_flag(form: Template) -> None:
    name, text = SHARED
    out = fill(form, {name: text}, agency_widgets={name: (0,)})
    assert prove(form, out, {name: text}, agency_widgets={name: (0,)}).rows[0].text == text
    after = [w for field in compile_template(out).fields.values() for w in field.widgets]
    first, second = form.fields[name].widgets
    assert not first.printed
    assert [w.printed for w in after if w.rect in {first.rect, second.rect}] == [True, True]


@pytest.mark.parametrize(
    "text", ["王小明", "שלום", "مرحبا", "a\u200eb", "tab\there", "two\nlines", "\r", "soft\u00adhyphen", "😀"]
)
def test_what_would_be_drawn_wrongly_is_refused(text: str, form: Template) -> None:
    assert form.measure("left", text).missing
    with pytest.raises(FillError, match="left: it has a letter that cannot be printed here"):
        fill(form, {"left": text})


@pytest.mark.parametrize(
    ("name", "text"),
    [("at most", "Thirteen char"), ("cells", "12345678901"), ("left", "x" * 200), ("lines", "y" * 200)],
)
def test_what_does_not_fit_is_refused(name: str, text: str, form: Template) -> None:
    assert form.measure(name, text).clipped
    with pytest.raises(FillError, match=f"{name}: the text does not fit"):
        fill(form, {name: text})


# What holds for any text.


def any_letter() -> st.SearchStrategy[str]:
    font = embedded_font.fallback()
    safe = [c for c in font.widths if not font.missing(c) and not unicodedata.combining(c) and c.strip()]
    return st.sampled_from(safe)


MARKS = "\u0300\u0301\u0302\u0303\u0304\u0308\u030c\u0323\u0331\u0332"
PLAIN = "".join(c for c in core_font().widths if c != " ")
A_LETTER = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(PLAIN),
    st.just(" "),
    st.deferred(any_letter),
    st.builds(str.__add__, st.sampled_from("abgijmxKMQW\u0416\u0430"), st.sampled_from(MARKS)),
)
TEXTS = st.lists(A_LETTER, min_size=1, max_size=40).map("".join).filter(lambda text: bool(text.strip()))
WIDE = compile_template(made.pdf({4: made.FIELD.replace(b"[20 100 220 120]", b"[10 90 290 130]")}))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS)
@example(text="ʻŌiwi Łódź Nguyễn – “Peña” Sheriff’s (a\\b) g̃")
@example(text="Sheriﬀ’s Oﬃce")
@example(text="\u2044")
@example(text="ƴ")
@example(text="1\u20442 \u2215 Aƴ")
def test_any_text_that_fits_comes_back_as_it_went_in(text: str, tmp_path: Path) -> None:
    found = WIDE.measure("name", text)
    if found.clipped or found.missing:
        with pytest.raises(FillError):
            fill(WIDE, {"name": text})
        return
    out = fill(WIDE, {"name": text})
    assert prove(WIDE, out, {"name": text}, agency_widgets={}).rows[0].text == text
    assert compile_template(out).fields["name"].value == text
    (tmp_path / "filled.pdf").write_bytes(out)
    read = subprocess.run(["pdftotext", "-raw", str(tmp_path / "filled.pdf"), "-"], check=True, capture_output=True)
    assert same_text(read.stdout.decode(), text)


BOXES = st.builds(
    TextBox,
    st.floats(1, 600),
    st.floats(1, 200),
    size=st.one_of(st.just(0.0), st.floats(1, 40)),
    align=st.integers(0, 2),
    multiline=st.booleans(),
    comb=st.integers(0, 12),
    limit=st.integers(0, 60),
    edge=st.floats(1, 6),
)


@given(box=BOXES, text=st.text(st.sampled_from(PLAIN + " \n"), max_size=80))
def test_no_size_overflows_its_box(box: TextBox, text: str) -> None:
    width = core_font().width
    text = text if box.multiline else text.replace("\n", " ")
    found = fit(box, text, lambda piece: width(piece.replace("\n", "")))
    if found.clipped or not text.strip():
        return
    for x, y, piece in placed(box, text, found.size, width):
        assert x >= 0
        assert x + width(piece) * found.size <= box.width + 0.01
        assert y + HIGH * found.size <= box.height + 0.01
    assert found.size <= max(found.best_size, 4.0)


@given(box=BOXES, text=st.text(st.sampled_from(PLAIN + " "), min_size=1, max_size=80))
def test_a_text_called_easy_is_drawn_as_large_as_any(box: TextBox, text: str) -> None:
    width = core_font().width(text)
    found = fit(box, text, core_font().width)
    if width <= box.easy:
        assert (found.size, found.clipped) == (box.largest, False)
        assert found.size >= box.size, "a fixed size is not drawn smaller"
        assert placed(box, text, found.size, core_font().width) == [(box.pad, box.baseline(box.largest), text)]


ANYWHERE = st.text(st.sampled_from("ab \n" + MARKS[:3] + "ñŁ\u0416"), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANYWHERE, min_size=3, max_size=3))
@example(texts=["Łuk", "\u0301a", "\u0301"])
@example(texts=["a", "b\n\u0302c \u0303", "Ł"])
def test_marks_may_begin_a_text_a_line_or_a_word(texts: list[str], form: Template) -> None:
    """They join no letter of another text, nor of the line before."""
    values_ = dict(zip(("left", "lines", "right"), texts, strict=True))
    for name, text in values_.items():
        if form.measure(name, text).missing or form.measure(name, text).clipped:
            values_[name] = "a"
    out = fill(form, values_)
    after = compile_template(out)
    assert {name: after.fields[name].value for name in values_} == values_


OBJECTS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**31), 2**31),
        st.floats(allow_nan=False, allow_infinity=False),
        st.binary(max_size=40),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12).map(Name),
        st.builds(Ref, st.integers(0, 9_999_999), st.integers(0, 65_535)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(Name), inner, max_size=6),
    ),
    max_leaves=20,
)


@given(value=OBJECTS)
def test_what_is_written_is_parsed_to_the_same_object(value: object) -> None:
    written = write_object(value)
    lexer = Lexer(written + b" endobj")
    assert lexer.next_object() == value
    assert lexer.position == len(written)
    assert not re.search(rb"\d[eE]\d", re.sub(rb"\((?:[^()\\]|\\.)*\)|/[^ ]*", b"", written, flags=re.DOTALL))


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_text_strings_are_read_as_they_were_written(text: str) -> None:
    assert read_text_string(text_string(text)) == text
