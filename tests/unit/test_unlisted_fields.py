"""Fields that are on a page and not in the form's list, and the other way round: none is passed over in silence."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.editions.library import FormLibrary
from assistant.editions.recognition import INSPECT, inspect_document
from assistant.errors import FillError, PdfError
from assistant.pdf.filling.fill import fill
from assistant.pdf.form.template import compile_anew
from assistant.pdf.objects.readable import MAX_FIELDS, TANGLED
from assistant.pdf.sandbox import run_in_sandbox
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from tests.hostile.made import CATALOG, FIELD, PAGE, pdf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OTHER = FIELD.replace(b"(name)", b"(other)").replace(b"[20 100 220 120]", b"[20 50 220 70]")


def traps_of(data: bytes, *codes: str) -> list[tuple[str, int | None, str | None]]:
    return [(t["code"], t["page"], t["field"]) for t in inspect_document(data)["traps"] if t["code"] in codes]


def on_page(*numbers: int) -> bytes:
    return PAGE.replace(b"[4 0 R]", b"[%s]" % b" ".join(b"%d 0 R" % n for n in numbers))


UNLISTED: dict[str, Mapping[int, bytes]] = {
    "the list is empty": {1: CATALOG.replace(b"[4 0 R]", b"[]")},
    "there is no list": {1: CATALOG.replace(b"/Fields[4 0 R]", b"")},
    "there is no form": {1: b"<</Type/Catalog/Pages 2 0 R>>"},
    "the name is its parent's": {
        1: CATALOG.replace(b"[4 0 R]", b"[]"),
        4: FIELD.replace(b"/FT/Tx/T(name)", b"/Parent 6 0 R"),
        6: b"<</FT/Tx/T(name)/Kids[4 0 R]>>",
    },
    "parents in a circle": {
        1: CATALOG.replace(b"[4 0 R]", b"[]"),
        4: FIELD.replace(b"/F 4", b"/F 4/Parent 6 0 R"),
        6: b"<</Kids[4 0 R]/Parent 4 0 R>>",
    },
}


@pytest.mark.parametrize("kind", UNLISTED)
def test_a_field_that_only_stands_on_its_page_is_taken_in_and_told(kind: str) -> None:
    data = pdf(UNLISTED[kind])
    template = compile_anew(data)
    assert {name: [(w.page, w.rect) for w in f.widgets] for name, f in template.fields.items()} == {
        "name": [(0, (20, 100, 220, 120))]
    }
    assert traps_of(data, "unlisted-field") == [("unlisted-field", 1, "name")]
    with pytest.raises(FillError, match=r"^name: the field is on the page, but not in the form's list of fields"):
        fill(template, {"name": "a"})


@pytest.mark.parametrize("kind", ["listed", *UNLISTED])
def test_nothing_is_promised_of_a_field_that_is_never_filled(kind: str) -> None:
    data = pdf({4: FIELD.replace(b"/F 4", b"/F 0")} if kind == "listed" else unprinted(UNLISTED[kind]))
    (message,) = [trap["message"] for trap in inspect_document(data)["traps"] if trap["code"] == "print-flag-missing"]
    assert ("sets the flag when it fills the blank" in message) is (kind == "listed")


def unprinted(objects: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the objects of a form with its field not printed."""
    return {**objects, 4: objects.get(4, FIELD).replace(b"/F 4", b"/F 0")}


def test_listed_fields_beside_unlisted_ones_are_filled() -> None:
    data = pdf({3: on_page(4, 6), 6: OTHER})
    template = compile_anew(data)
    assert template.fields.keys() == {"name", "other"}
    assert traps_of(data, "unlisted-field") == [("unlisted-field", 1, "other")]
    assert compile_anew(fill(template, {"name": "a"})).fields["name"].value == "a"
    with pytest.raises(FillError, match=r"^other: "):
        fill(template, {"name": "a", "other": "b"})


def test_a_form_that_lists_all_its_fields_has_no_such_trap() -> None:
    data = pdf({1: CATALOG.replace(b"[4 0 R]", b"[4 0 R 6 0 R]"), 3: on_page(4, 6), 6: OTHER})
    assert traps_of(data, "unlisted-field", "nameless-field", "widget-on-no-page", "repaired") == []
    assert set(compile_anew(fill(compile_anew(data), {"name": "a", "other": "b"})).fields) == {"name", "other"}


@pytest.mark.parametrize("box", [OTHER.replace(b"/T(other)", b""), OTHER.replace(b"/FT/Tx", b"")])
def test_a_box_without_name_or_kind_is_told(box: bytes) -> None:
    data = pdf({3: on_page(4, 6), 6: box})
    assert compile_anew(data).fields.keys() == {"name"}
    assert traps_of(data, "nameless-field") == [("nameless-field", 1, None)]


def test_a_link_is_no_field() -> None:
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.gov)>>>>"
    assert traps_of(pdf({3: on_page(4, 6), 6: link}), "nameless-field", "unlisted-field") == []


def with_box_elsewhere(owner: bytes) -> bytes:
    """Return a field of two boxes of which the page lists one; the other says whose page it is on, or nothing."""
    box = b"<</Type/Annot/Subtype/Widget/F 4/Parent 6 0 R/Rect[%s]%s>>"
    return pdf(
        {
            1: CATALOG.replace(b"[4 0 R]", b"[6 0 R]"),
            4: box % (b"20 100 220 120", b"/P 3 0 R"),
            6: b"<</FT/Tx/T(name)/Kids[4 0 R 7 0 R]>>",
            7: box % (b"20 50 220 70", owner),
        }
    )


@pytest.mark.parametrize("owner", [b"", b"/P 3 0 R", b"/P 99 0 R"])
def test_a_box_on_no_page_is_told_and_not_put_on_page_1(owner: bytes) -> None:
    data = with_box_elsewhere(owner)
    found = inspect_document(data)
    assert [(field["name"], field["page"], field["rect"]) for field in found["fields"]] == [
        ("name", 1, [20, 100, 220, 120])
    ]
    assert traps_of(data, "widget-on-no-page", "shared-field") == [("widget-on-no-page", 1, "name")]
    filled = compile_anew(fill(compile_anew(data), {"name": "a"}))
    assert filled.fields["name"].value == "a"


def test_an_official_form_that_lost_its_list_is_known_and_not_filled(official_forms: Path) -> None:
    official = official_forms / "moa-tfm-rev2025-02-12.pdf"
    with pikepdf.open(official) as opened:
        opened.Root.AcroForm.Fields = pikepdf.Array()
        out = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # that is what the test is about
            opened.save(out)
    found, plain = inspect_document(out.getvalue()), inspect_document(official.read_bytes())
    assert found["edition"] == plain["edition"] is not None
    by_name = [sorted((f["name"], f["page"], f["rect"]) for f in form["fields"]) for form in (found, plain)]
    assert by_name[0] == by_name[1] != []
    assert "not in the form's list of fields" in found["unfit"]
    assert not plain["unfit"]
    library = FormLibrary([out.getvalue()])
    assert library.on_hand() == ()


def test_a_field_of_which_no_box_is_on_a_page_has_no_place_on_paper() -> None:
    data = pdf({3: on_page()})
    assert traps_of(data, "not-on-paper", "widget-on-no-page") == [("not-on-paper", None, "name")]


def tangled(levels: int) -> bytes:
    """Return a form whose field has two kids that are one, and so on: twice as many ways for each level."""
    first = 20
    chain = {first + n: b"<</Kids[%d 0 R %d 0 R]>>" % (first + n + 1, first + n + 1) for n in range(levels)}
    return pdf({1: CATALOG.replace(b"[4 0 R]", b"[20 0 R 4 0 R]"), **chain, first + levels: b"<<>>"})


def test_fields_that_name_the_same_kids_again_and_again_are_refused_at_once() -> None:
    data = tangled(25)
    for look in (compile_anew, ViewedPdf):
        with pytest.raises(PdfError) as caught:
            look(data)
        assert str(caught.value) == TANGLED
    with pytest.raises(PdfError) as caught:
        run_in_sandbox(INSPECT, data)
    assert str(caught.value) == TANGLED


def test_a_kid_that_is_named_twice_is_read() -> None:
    assert MAX_FIELDS > 2**8
    data = tangled(8)
    assert inspect_document(data)["fields"][0]["name"] == "name"
    with ViewedPdf(data) as seen:
        assert [mark.name for mark in seen.pages[0].marks] == ["name"]
