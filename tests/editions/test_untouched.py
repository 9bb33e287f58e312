"""What a fill may not touch is untouched: object by object, through a parser that is not ours."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.editions.catalog import all_editions
from assistant.editions.form_plan import fill_form
from assistant.pdf.filling.appended import _is_value
from assistant.pdf.filling.fill import SPLIT, fill, fill_to_file
from assistant.pdf.filling.proof import prove_bytes
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.objects.syntax import Ref
from tests.editions.scenarios import scenario
from tests.editions.synthetic import synthetic_form, values

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from assistant.editions.library import FormOnHand

HELD = [edition.name for edition in all_editions() if edition.fillable]
WIDGET = {"/V", "/AP", "/F", "/DA"}
SPLIT_FIELD = WIDGET | {"/Parent", "/FT", "/Ff", "/T", "/TU", "/Q", "/MaxLen"}
PAGE = {"/Contents", "/Resources"}


def entries(value: Any) -> dict[str, Any]:
    """Return a dictionary's entries, references not followed; 612 and 612.0 are the same."""
    return {str(key): _plain(item) for key, item in value.items()}


def _plain(value: Any) -> Any:
    if not isinstance(value, pikepdf.Object):
        return value
    if value.is_indirect:
        return value.objgen
    if isinstance(value, pikepdf.Dictionary):
        return entries(value)
    return [_plain(item) for item in value] if isinstance(value, pikepdf.Array) else value.unparse()


def differences(official: bytes, made: bytes) -> dict[int, set[str]]:
    """Return the keys in which objects of the official file differ, by object number."""
    found = {}
    with pikepdf.open(io.BytesIO(official)) as before, pikepdf.open(io.BytesIO(made)) as after:
        assert _plain(before.trailer.Root) == _plain(after.trailer.Root)
        assert ("/Info" in before.trailer) == ("/Info" in after.trailer)
        for one in before.objects:
            number, generation = one.objgen
            other = after.get_object(number, generation)
            if isinstance(one, pikepdf.Stream):
                assert isinstance(other, pikepdf.Stream)
                assert one.read_raw_bytes() == other.read_raw_bytes()
                assert entries(one.stream_dict) == entries(other.stream_dict)
            elif isinstance(one, pikepdf.Dictionary):
                was, now = entries(one), entries(other)
                if keys := {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}:
                    found[number] = keys
            else:
                assert one.unparse() == other.unparse()
    return found


def kinds(template: Template, made: bytes) -> dict[int, set[str]]:
    """Return which keys may differ in which object, worked out from the official file."""
    pages = {page.ref.number: PAGE for page in template.pages}
    widgets = {w.number: WIDGET for f in template.fields.values() for w in f.widgets}
    fields = {f.number: WIDGET | {"/Kids"} for f in template.fields.values()}
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for field in pdf.Root.AcroForm.Fields if "/AcroForm" in pdf.Root else ():
            if SPLIT[:-1] in str(field.get("/T", "")):  # the second part is called " (agency 2)"
                widgets[field.objgen[0]] = SPLIT_FIELD
    form = {template.acroform.number: {"/Fields"}} if template.acroform else {}
    return {**fields, **widgets, **pages, **form}


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("scenario_name", ["accents", "example"])
def test_nothing_else_of_an_official_form_differs(
    name: str,
    scenario_name: str,
    draft: bool,  # noqa: FBT001 - a parameter of the test
    on_hand: dict[str, FormOnHand],
) -> None:
    form = on_hand[name]
    assert form.data
    template = compile_template(form.data)
    made = fill_form(form, scenario(scenario_name), draft=draft)
    found = differences(form.data, made.data)
    allowed = kinds(template, made.data)
    assert not {number: more for number, keys in found.items() if (more := keys - allowed.get(number, set()))}
    pages = {page.ref.number for page in template.pages}
    assert draft or template.kind == "flat" or not pages & found.keys()
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        for number in found.keys() - pages - ({template.acroform.number} if template.acroform else set()):
            before, after = template.document.dictionary(Ref(number)).get("F") or 0, pdf.get_object(number, 0)
            assert int(after.get("/F", 0)) in {before, before | 4}


def test_nothing_else_of_a_made_up_form_differs() -> None:
    data = synthetic_form()
    template = compile_template(data)
    made = fill(template, values())
    found, allowed = differences(data, made), kinds(template, made)
    assert found
    assert not {number: more for number, keys in found.items() if (more := keys - allowed[number])}
    assert prove_bytes(template, made)[0] == len(found)


@pytest.mark.parametrize("part", [0, 100, 300_000, None])
@pytest.mark.parametrize("name", HELD)
def test_a_file_gets_the_same_bytes(
    name: str, part: int | None, on_hand: dict[str, FormOnHand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system takes only a part at once."""
    if part is not None:
        monkeypatch.setattr(os, "writev", lambda fd, parts: os.write(fd, b"".join(parts)[:part]))
    template = on_hand[name].template
    assert template
    texts = {field: "Peña" for field, x in template.fields.items() if x.kind == "Tx"}
    fill_to_file(template, texts, tmp_path / "filled.pdf", mark="DRAFT")
    assert (tmp_path / "filled.pdf").read_bytes() == fill(template, texts, mark="DRAFT")


def test_a_field_split_into_several_parts_has_no_name_twice() -> None:
    template = compile_template(synthetic_form())
    made = fill(template, {"twice": "Sheriff"}, agency_widgets={"twice": (1,)})
    assert prove_bytes(template, made) == (3, 1)
    after = compile_template(made)
    assert after.fields["twice"].value == ""
    assert after.fields["twice (agency)"].value == "Sheriff"
    assert after.fields["twice (agency)"].widgets[0].box.align == 2
    assert len(after.fields["twice"].widgets) == 1


def test_a_split_field_keeps_the_size_it_is_drawn_at(on_hand: dict[str, FormOnHand]) -> None:
    template = on_hand["moa-tfm/2025-02-12"].template
    assert template
    title = "Sheriff and Chief of Public Safety"
    after = compile_template(fill(template, {"Title": title}, agency_widgets={"Title": (1,)}))
    size = template.measure("Title", title, (1,)).size
    assert size < 12
    assert after.fields["Title (agency)"].widgets[0].box.size == pytest.approx(size, abs=0.001)
    assert after.fields["Title"].widgets[0].dictionary == template.fields["Title"].widgets[0].dictionary


def test_two_fields_are_split_in_one_fill() -> None:
    with pikepdf.open(io.BytesIO(synthetic_form())) as pdf:
        pair = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("pair"), Kids=pikepdf.Array([]))
        pair = pdf.make_indirect(pair)
        for n in range(3):
            kid = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, F=4, Parent=pair, P=pdf.pages[0].obj,
                Rect=pikepdf.Array([30 + 100 * n, 20, 120 + 100 * n, 40]),
            )  # fmt: skip
            ref = pdf.make_indirect(kid)
            pair.Kids.append(ref)
            pdf.pages[0].obj.Annots.append(ref)
        pdf.Root.AcroForm.Fields.append(pair)
        pdf.Root.AcroForm = pdf.make_indirect(pdf.Root.AcroForm)
        out = io.BytesIO()
        pdf.save(out)
    template = compile_template(out.getvalue())
    made = fill(template, {"twice": "one", "pair": "two"}, agency_widgets={"twice": (0,), "pair": (0, 2)})
    prove_bytes(template, made)
    fields = compile_template(made).fields
    assert {n: f.value for n, f in fields.items() if f.value} == {
        "twice (agency)": "one", "pair (agency)": "two", "pair (agency 2)": "two",
    }  # fmt: skip
    assert len(fields["pair"].widgets) == 1


@pytest.mark.parametrize(
    ("tail", "wanted"),
    [
        (b"/V (Sheriff)/AP<</N 12 0 R>>>>\nendobj\n", True),
        (b"/V (\\)>>\\nendobj)>>\nendobj\n", True),
        (b"/V <FEFF0041>/AP<</N 12 0 R>>>>\nendobj\n", True),
        (b"/V (a (bracket) inside) /AP << /N 12 0 R >> >> endobj ", True),
        (b">>\nendobj\n", True),
        (b"/V (a)/A<</S/JavaScript>>>>\nendobj\n", False),
        (b"/V (a)/AP<</N 12 0 R>>/Ff 1>>\nendobj\n", False),
        (b"/V (a\\)/Ff 1)/Ff 1>>\nendobj\n", False),
        (b"/V (a)>>\n13 0 obj\n", False),
    ],
)
def test_an_object_goes_on_with_its_value_and_nothing_else(tail: bytes, wanted: object) -> None:
    head = b"12 0 obj\n<</T (a)"
    assert _is_value(head + tail, len(head)) is wanted
