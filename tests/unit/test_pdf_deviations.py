"""Files that are sound, and put together oddly: read as the plain file is; filled only where every reader agrees."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from assistant.editions.recognition import inspect_document
from assistant.errors import FillError, PdfError
from assistant.pdf.filling.appended import prove_bytes
from assistant.pdf.filling.fill import FlatText, fill
from assistant.pdf.filling.label import label_fields
from assistant.pdf.form.template import compile_anew
from assistant.pdf.objects.syntax import BROKEN
from assistant.pdf.viewer.read_back import DrawnPages, joined
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from tests.unit.made_deviations import DEVIATIONS, Parts, clean, made_parts

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.pdf.form.template import Template

SEEDS = range(6)
MANY = range(100, 160)
HIDDEN_FROM_PDFIUM = ("size_too_small", "hybrid")
"""pdfium passes over what lies behind /Size, and what a table calls free, until a fill brings a trailer of its own."""
VALUE = "Rivertown 555-0142"


def made(name: str, seed: int) -> tuple[Parts, bytes]:
    chance = random.Random(f"{name} {seed}")  # noqa: S311 - the same files every time
    parts = made_parts(chance)
    return parts, DEVIATIONS[name].make(parts, chance)


def drawn_text(data: bytes) -> str:
    with DrawnPages(data) as drawn:
        assert len(drawn) == 1
        return joined(drawn.letters(0))


def fields_of(template: Template) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [(w.page, w.rect) for w in field.widgets] for name, field in template.fields.items()}


def look_at(name: str, seed: int) -> None:
    parts, data = made(name, seed)
    template, plain = compile_anew(data), compile_anew(clean(parts))
    assert fields_of(template) == fields_of(plain) == {n: [(0, box)] for n, box in parts.fields.items()}
    content = template.document.get(template.pages[0].dictionary["Contents"])
    assert template.document.decoded(content).strip() == parts.content.strip()
    found = inspect_document(data)
    assert not found["unfit"]
    assert found["pages"] == 1
    assert "damaged" not in str(found)
    assert bool(found["repaired"]) is not DEVIATIONS[name].fills
    assert any(trap["code"] == "repaired" for trap in found["traps"]) is not DEVIATIONS[name].fills
    assert parts.line in drawn_text(template.drawable)
    with ViewedPdf(data) as seen:  # as a finished agreement is read
        (page,) = seen.pages
    assert parts.line in " ".join(word.text for word in page.words)
    if name not in HIDDEN_FROM_PDFIUM:
        assert {mark.name for mark in page.marks} == parts.fields.keys()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", DEVIATIONS)
def test_the_same_is_read_as_from_the_plain_file(name: str, seed: int) -> None:
    look_at(name, seed)


@pytest.mark.long
@pytest.mark.parametrize("name", DEVIATIONS)
def test_the_same_is_read_from_many(name: str) -> None:
    for seed in MANY:
        look_at(name, seed)


@pytest.mark.parametrize("seed", SEEDS[:2])
@pytest.mark.parametrize("name", [name for name, found in DEVIATIONS.items() if found.fills])
def test_a_fill_of_a_harmless_oddity_is_the_same_in_three_readers(name: str, seed: int, tmp_path: Path) -> None:
    parts, data = made(name, seed)
    template = compile_anew(data)
    values = {field: f"{VALUE}{n}" for n, field in enumerate(template.fields)}
    filled = fill(template, values)
    assert filled.startswith(data)
    assert prove_bytes(template, filled)[0] == len(values)
    expected = [parts.line, *values.values()]
    pdfium = drawn_text(filled)
    assert [text for text in expected if text not in pdfium] == []
    assert compile_anew(filled).document.repaired == ""
    assert {n: f.value for n, f in compile_anew(filled).fields.items()} == values
    file = tmp_path / "filled.pdf"
    file.write_bytes(filled)
    poppler = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, text=True, timeout=60)
    assert [text for text in expected if text not in poppler.stdout] == []
    # With status 3 qpdf warns; it must not have to put the cross-reference together again.
    qpdf = subprocess.run(
        ["qpdf", "--json", "--json-key=acroform", str(file)], capture_output=True, check=False, text=True, timeout=60
    )
    assert qpdf.returncode in {0, 3}
    assert "reconstruct" not in qpdf.stderr
    assert [text for text in values.values() if text not in qpdf.stdout] == []


@pytest.mark.parametrize("name", [name for name, found in DEVIATIONS.items() if not found.fills])
def test_nothing_is_appended_where_the_cross_reference_is_wrong(name: str) -> None:
    parts, data = made(name, 1)
    template = compile_anew(data)
    line = FlatText(blank="a", page=0, line=(40, 700, 300), size=10, text="a")
    for values, drawn, mark in (({next(iter(parts.fields)): "a"}, (), ""), ({}, [line], ""), ({}, (), "Trial")):
        with pytest.raises(FillError, match=r"nothing can be added to it safely. .* print it to a new PDF") as caught:
            fill(template, values, flat_texts=drawn, mark=mark)
        assert "damaged" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name, found in DEVIATIONS.items() if not found.fills])
def test_labels_go_on_a_copy_with_a_right_cross_reference(name: str, tmp_path: Path) -> None:
    parts, data = made(name, 2)
    file = tmp_path / "labelled.pdf"
    file.write_bytes(label_fields(compile_anew(data)))
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, text=True).stdout
    assert [name for name in (*parts.fields, parts.line) if name not in text] == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [name for name, found in DEVIATIONS.items() if not found.fills])
def test_a_file_that_is_cut_as_well_is_damaged(name: str, seed: int) -> None:
    parts, data = made(name, seed)
    cut = data[: data.index(b"\n3 0 obj") + 20]
    for lost in (cut, cut + b"\ntrailer\n<</Root 1 0 R/Size 12>>\n", data.replace(b"4 0 obj", b"4 0 xxx")):
        with pytest.raises(PdfError) as caught:
            compile_anew(lost)
        assert str(caught.value) == BROKEN
    assert parts.fields  # what was cut had them


def test_an_object_that_is_there_after_all_is_no_unused_row() -> None:
    parts = made_parts(random.Random(3))  # noqa: S311 - as above
    data = clean(parts)
    rows = data[data.index(b"xref\n") :].splitlines(keepends=True)
    hidden = data.replace(rows[2 + 5], b"0000000000 00000 n \n")  # the font's
    template = compile_anew(hidden)
    assert "object 5" in template.document.repaired
    assert template.document.dictionary(template.document.get(template.pages[0].resources["Font"]["F1"]))
    assert template.limits.no_fields
