"""The proof looks at the paper: what is white, clipped, covered, too small or beside its box is red."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from assistant.errors import FillError
from assistant.pdf.filling.fill import FlatText, _Fill, fill
from assistant.pdf.filling.graphics_state import unbalanced_saves
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from assistant.pdf.objects.syntax import Ref, write_object, write_stream
from assistant.pdf.viewer.read_back import DrawnPages, added_letters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.pdf.filling.update import Update
    from assistant.pdf.form.template import Template

VALUES = {"name of LEA": "Example County Sheriff", "Text6": "Sam Lee", "Title": "Sheriff"}
OWN = {"Title": (0,)}


@pytest.fixture(scope="module")
def form(official_forms: Path) -> Template:
    return compile_template((official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes())


@pytest.fixture(scope="module")
def filled(form: Template) -> bytes:
    return fill(form, VALUES, agency_widgets=OWN)


def look_changed(filled: bytes, pattern: bytes, by: bytes) -> bytes:
    """Return the fill with the look of the title changed, no byte longer or shorter."""
    end = filled.index(b"(Sheriff) Tj")
    at = filled.rindex(b"stream\n", 0, end)
    changed = re.sub(pattern, lambda m: m.expand(by).rjust(len(m[0])), filled[at:end])
    assert changed != filled[at:end]
    assert len(changed) == end - at
    return filled[:at] + changed + filled[end:]


@pytest.mark.parametrize(
    ("pattern", "by", "why"),
    [
        (rb"BT 0 g ", b"BT 1 g ", "cannot be seen"),
        (rb"BT 0 g ", b"BT 3 Tr", "cannot be seen"),
        (rb"[\d.]+ [\d.]+ re W n", b"0 0 re W n", "cannot be seen"),
        (rb"[\d.]+ Tf", b"1 Tf", "the wrong size"),
        (rb"[\d.]+ Tf", b"24 Tf", "the wrong size"),
        (rb"[\d.]+ Td", b"-4 Td", "out of its box"),
    ],
    ids=["white", "invisible", "clipped away", "tiny", "huge", "half below the box"],
)
@pytest.mark.parametrize("before", [0, 1], ids=["first fill", "later fill"])
def test_a_text_that_a_reader_does_not_see_is_red(
    official_forms: Path, pattern: bytes, by: bytes, why: str, before: int
) -> None:
    form = compile_template((official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes())
    filled = fill(form, VALUES, agency_widgets=OWN)
    for _ in range(before):
        prove(form, filled, VALUES, agency_widgets=OWN)
    with pytest.raises(FillError, match=f"Title: .*{why}"):
        prove(form, look_changed(filled, pattern, by), VALUES, agency_widgets=OWN)


def covering(update: Update, form: Template) -> None:
    """Add a white rectangle over the whole first page."""
    number = update.new()
    update.add_object(number, write_stream({}, b"q 1 g 0 0 612 792 re f Q"))
    page = form.pages[0]
    contents = update.document.get(page.dictionary["Contents"])
    parts = contents if isinstance(contents, list) else [page.dictionary["Contents"]]
    changed = {**page.dictionary, "Contents": [*parts, Ref(number)], "Resources": page.resources}
    update.add_object(page.ref.number, write_object(changed))


def one_more_field(update: Update, form: Template) -> None:
    """Add a field with a script, which no widget of the official form is."""
    number = update.new()
    update.add_object(number, b"<</FT/Tx/T(More)/AA<</K<</S/JavaScript/JS(app.alert\\(1\\))>>>>>>")
    listed = update.document.array(form.acroform_dictionary["Fields"])
    assert form.acroform
    update.add_object(
        form.acroform.number, write_object({**form.acroform_dictionary, "Fields": [*listed, Ref(number)]})
    )


def action_at_opening(update: Update, form: Template) -> None:
    """Give the catalog an action, which is no business of a fill."""
    root = form.document.trailer["Root"]
    update.add_object(root.number, write_object({**form.document.root, "OpenAction": {"S": "ResetForm"}}))


@pytest.mark.parametrize("change", [covering, one_more_field, action_at_opening])
def test_what_a_fill_does_not_add_is_red(form: Template, change: Callable[[Update, Template], None]) -> None:
    update = _Fill(form)
    update.run(VALUES, OWN, (), "")
    prove(form, b"".join(update.assemble()), VALUES, agency_widgets=OWN)
    change(update, form)
    with pytest.raises(FillError, match="differs from the official form"):
        prove(form, b"".join(update.assemble()), VALUES, agency_widgets=OWN)


def test_bytes_behind_the_end_are_red(form: Template, filled: bytes) -> None:
    prove(form, filled, VALUES, agency_widgets=OWN)
    with pytest.raises(FillError, match="after the end"):
        prove(form, filled + b"more", VALUES, agency_widgets=OWN)


def hide_on_screen(widget: Any, _: pikepdf.Pdf) -> None:
    widget.F = 4 | 32


def put_on_a_layer(widget: Any, pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Layer"))
    everything = pikepdf.Dictionary(OFF=pikepdf.Array([group]))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([group]), D=everything)
    widget.OC = group


@pytest.mark.parametrize("hide", [hide_on_screen, put_on_a_layer])
def test_a_field_that_a_screen_may_hide_is_red(official_forms: Path, hide: Callable[[Any, pikepdf.Pdf], None]) -> None:
    out = io.BytesIO()
    with pikepdf.open(official_forms / "moa-tfm-rev2025-02-12.pdf") as pdf:
        hide(next(f for f in pdf.Root.AcroForm.Fields if f.T == "Text6"), pdf)
        pdf.save(out, deterministic_id=True)
    form = compile_template(out.getvalue())
    with pytest.raises(FillError, match="Text6: some programs do not show the field"):
        prove(form, fill(form, VALUES, agency_widgets=OWN), VALUES, agency_widgets=OWN)


def test_a_blank_beside_the_page_is_red(form: Template) -> None:
    beside = [FlatText(blank="far right", page=1, line=(580.0, 400.0, 700.0), size=11, text="Runs off the page")]
    with pytest.raises(FillError, match="far right: "):
        prove(form, fill(form, {}, flat_texts=beside), {}, agency_widgets={}, flat_texts=beside)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (b"", b"3 Tr 5 Tc 20 Tw 300 Tz 40 Ts"),
        (b"", b"1 0 0 1 30 30 cm"),
        (b"", b"0 0 10 10 re W n"),
        (b"1 0 0 -1 0 792 cm q 1 0 0 -1 0 792 cm", b"Q"),  # as cairo begins a page
        (b"q q", b"0.5 0 0 0.5 9 9 cm q 2 0 0 2 0 0 cm"),
    ],
)
def test_what_a_page_leaves_set_does_not_change_what_is_written_on_it(
    official_forms: Path, first: bytes, last: bytes
) -> None:
    out = io.BytesIO()
    with pikepdf.open(official_forms / "moa-jem-rev2025-02-15-flat.pdf") as pdf:
        pdf.pages[2].contents_add(first + b"\n", prepend=True)
        pdf.pages[2].contents_add(b"\n" + last + b"\n")
        pdf.save(out, deterministic_id=True)
    form = compile_template(out.getvalue())
    for page in (0, 2):  # the page is looked at whole though the form was before
        text = [FlatText(blank="a line", page=page, line=(80.0, 80.0, 300.0), size=10, text="Peña County")]
        marked = fill(form, {}, flat_texts=text, mark="DRAFT")
        assert (
            prove(form, marked, {}, agency_widgets={}, flat_texts=text, mark="DRAFT").rows[0].drawn_text
            == "Peña County"
        )
        with DrawnPages(marked) as after, DrawnPages(form.data) as before:
            # What the form itself draws stands where it stood.
            kept = added_letters(after.letters(page), before.letters(page))
        assert not kept


@pytest.mark.parametrize(("filters", "left"), [("/ASCII85Decode", True), ("/RunLengthDecode", False)])
def test_a_page_stored_in_another_way_is_written_on(official_forms: Path, filters: str, *, left: bool) -> None:
    out = io.BytesIO()
    with pikepdf.open(official_forms / "moa-jem-rev2025-02-15-flat.pdf") as pdf:
        page = pdf.pages[2]
        body = (
            page.Contents.read_bytes()
            if not isinstance(page.Contents, pikepdf.Array)
            else b"".join(part.read_bytes() for part in page.Contents)
        )
        body += b"\n1 0 0 1 30 30 cm\n" if left else b""
        packed = base64.a85encode(body) + b"~>" if left else runs(body)
        page.Contents = pikepdf.Stream(pdf, packed, Filter=pikepdf.Name(filters))
        pdf.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    form = compile_template(out.getvalue())
    text = [FlatText(blank="a line", page=2, line=(80.0, 80.0, 300.0), size=10, text="Peña County")]
    assert (
        prove(form, fill(form, {}, flat_texts=text), {}, agency_widgets={}, flat_texts=text).rows[0].drawn_text
        == "Peña County"
    )


def runs(data: bytes) -> bytes:
    """Return bytes as RunLengthDecode takes them: as they are, 128 at a time."""
    parts = [data[at : at + 128] for at in range(0, len(data), 128)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts) + b"\x80"


def test_a_page_that_restores_more_than_it_saves_is_proven_not_guessed(official_forms: Path) -> None:
    out = io.BytesIO()
    with pikepdf.open(official_forms / "moa-jem-rev2025-02-15-flat.pdf") as pdf:
        pdf.pages[2].contents_add(b"\nQ 1 0 0 1 30 30 cm\n")
        pdf.save(out, deterministic_id=True)
    form = compile_template(out.getvalue())
    text = [FlatText(blank="a line", page=2, line=(80.0, 80.0, 300.0), size=10, text="Peña County")]
    with pytest.raises(FillError, match="a line: page 3"):
        prove(form, fill(form, {}, flat_texts=text), {}, agency_widgets={}, flat_texts=text)


@pytest.mark.parametrize(
    ("content", "states"),
    [
        (b"", 0),
        (b"q 1 0 0 1 5 5 cm Q", 0),
        (b"1 0 0 1 5 5 cm", 1),
        (b"0 0 9 9 re W n", 1),
        (b"0 0 9 9 re W* n q Q", 1),
        (b"q", 2),
        (b"q q 2 0 0 2 0 0 cm Q", 2),
        (b"Q", None),
        (b"q Q Q q", None),
        (b"BT (q cm W (Q) \\) q) Tj ET", 0),
        (b"BT <71 51> Tj ET % cm W\n", 0),
        (b"BI /W 1 /H 1 ID q cm W Q EI\n", 0),
        (b"/q gs /cm Do [(q)2(Q)]TJ", 0),
        (b"q[]0 d Q", 0),
    ],
)
def test_what_is_left_is_told_from_what_only_looks_like_it(content: bytes, states: int | None) -> None:
    assert unbalanced_saves(content) == states


def test_the_mark_of_a_draft_is_seen_on_every_page(official_forms: Path) -> None:
    """Page 7 of the WSO form leaves invisible text set."""
    form = compile_template((official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes())
    with DrawnPages(fill(form, {}, mark="DRAFT")) as drawn:
        for page in range(len(form.pages)):
            letters = [x for x in drawn.letters(page) if x.rect[1] > 792 - 30 and x.text in "DRAFT"]
            assert "DRAFT" in "".join(letter.text for letter in letters)
            assert all(drawn.inked(page, [drawn.ink_box(page, letter) for letter in letters]))
