"""Every PDF that this program makes itself can be read aloud: checks after PDF/UA-1 (ISO 14289-1)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pikepdf
import pytest

from assistant.documents.board_packet import board_packet
from assistant.documents.page_structure import STANDARD_TAGS
from assistant.documents.signature_pages import signature_pages
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from assistant.services.application.make_bundle import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.answers import Answers

TODAY = date(2026, 2, 1)
LEAST_CONTRAST = 4.5
OFFICIAL = ("02-moa-",)
"""Filled official forms begin with the official file, unchanged: nothing in them is ours to mend."""


def made_documents(answers: Answers, library: FormLibrary, *, draft: bool) -> dict[str, bytes]:
    """Return the PDFs of a bundle that this program makes itself, by name."""
    data = make(answers, library, today=TODAY, draft=draft).data
    with ZipFile(io.BytesIO(data)) as packed:
        files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    return {n: d for n, d in files.items() if n.endswith(".pdf") and not n.startswith(OFFICIAL)}


@pytest.fixture(scope="module")
def library(official_forms: Path) -> FormLibrary:
    return FormLibrary.from_directory(official_forms)


@pytest.fixture(params=["final", "draft", "without forms"])
def documents(request: pytest.FixtureRequest, ready: Answers, library: FormLibrary) -> dict[str, bytes]:
    forms = FormLibrary() if request.param == "without forms" else library
    return made_documents(ready, forms, draft=request.param != "final")


def elements_below(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements_below(kid)


def marks_on(page: Any) -> set[int]:
    return {int(number) for number in re.findall(rb"/MCID (\d+)", contents_of(page))}


def contents_of(page: Any) -> bytes:
    contents = page.obj["/Contents"]
    return b"\n".join(c.read_bytes() for c in (contents if isinstance(contents, pikepdf.Array) else [contents]))


def fonts_of(resources: Any, depth: int = 6) -> Iterator[Any]:
    yield from (resources.get("/Font") or {}).values()
    for item in (resources.get("/XObject") or {}).values() if depth else ():
        if "/Resources" in item:
            yield from fonts_of(item["/Resources"], depth - 1)


def find_faults(data: bytes, *, fonts: bool = True) -> list[str]:
    """Return what a reader that does not see the pages would miss."""
    pdf = pikepdf.open(io.BytesIO(data))
    root: Any = pdf.Root
    faults = []
    if not str(pdf.docinfo.get("/Title", "")).strip():
        faults.append("no title")
    if not bool((root.get("/ViewerPreferences") or {}).get("/DisplayDocTitle", False)):
        faults.append("the title is not shown")
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))):
        faults.append("no language")
    if not bool((root.get("/MarkInfo") or {}).get("/Marked", False)):
        faults.append("not tagged")
    tree = root.get("/StructTreeRoot")
    if tree is None:
        return [*faults, "no structure"]
    elements = list(elements_below(tree))
    faults += [f"tag {tag}" for tag in {str(e["/S"])[1:] for e in elements} - STANDARD_TAGS]
    faults += [
        "a figure without alternate text" for e in elements if e["/S"] == "/Figure" and not str(e.get("/Alt", ""))
    ]
    owners = {
        int(tree["/ParentTree"]["/Nums"][n]): tree["/ParentTree"]["/Nums"][n + 1]
        for n in range(0, len(tree["/ParentTree"]["/Nums"]), 2)
    }
    for number, page in enumerate(pdf.pages, 1):
        if page.obj.get("/Tabs") != "/S":
            faults.append(f"page {number}: no tab order")
        row = owners.get(int(page.obj.get("/StructParents", -1)))
        if row is None:
            faults.append(f"page {number}: not in the structure")
            continue
        faults += [
            f"page {number}: content {n} has no element" for n in marks_on(page) if n >= len(row) or row[n] is None
        ]
        if fonts:
            for font in fonts_of(page.obj["/Resources"]):
                inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
                described = inner.get("/FontDescriptor")
                if described is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
                    faults.append(f"page {number}: {font.get('/BaseFont')} is not embedded")
    return faults


def luminance(color: tuple[float, float, float]) -> float:
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colors_of_text(data: bytes) -> set[tuple[float, float, float]]:
    """Return the colors in which text is drawn on the pages."""
    pdf = pikepdf.open(io.BytesIO(data))
    colors = set()
    for page in pdf.pages:
        color, saved_colors = (0.0, 0.0, 0.0), []
        for instruction in pikepdf.parse_content_stream(page):
            operands, name = instruction.operands, str(instruction.operator)
            if name == "q":
                saved_colors.append(color)
            elif name == "Q" and saved_colors:
                color = saved_colors.pop()
            elif name == "rg":
                color = (float(operands[0]), float(operands[1]), float(operands[2]))
            elif name == "g":
                color = (float(operands[0]),) * 3
            elif name in {"Tj", "TJ", "'", '"'}:
                colors.add(color)
    return colors


def test_every_made_document_is_titled_tagged_and_has_its_fonts(documents: dict[str, bytes]) -> None:
    assert {"01-letter-of-interest.pdf", "03-nominee-roster.pdf", "05-signing-instructions.pdf"} < set(documents)
    # A signature page is a copy of an official page: a font that its publisher left out cannot be put in.
    faults = {name: find_faults(data, fonts=name != "05-signature-pages.pdf") for name, data in documents.items()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_text_stands_out_from_the_paper(documents: dict[str, bytes]) -> None:
    for name, data in documents.items():
        for color in colors_of_text(data):
            ratio = 1.05 / (luminance(color) + 0.05)
            assert ratio >= LEAST_CONTRAST, f"{name}: {color} has a contrast of {ratio:.1f}"


def test_a_fault_is_found() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    assert find_faults(out.getvalue()) == [
        "no title",
        "the title is not shown",
        "no language",
        "not tagged",
        "no structure",
    ]


def test_the_board_packet_is_tagged_too(ready: Answers) -> None:
    assert find_faults(board_packet(ready, today=TODAY)) == []


@pytest.mark.parametrize(
    "name",
    [
        "moa-jem-rev2025-02-15-flat.pdf", "moa-tfm-rev2025-02-12.pdf", "moa-tfm-rev2025-02-14.pdf",
        "moa-tfm-rev2025-02-14-flat.pdf", "moa-tfm-rev2025-03-07-flat.pdf", "moa-wso-rev2025-02-14.pdf",
        "moa-wso-rev2025-02-14-page7-rotated.pdf", "moa-wso-rev2-14-25-flat.pdf",
    ],
)  # fmt: skip
def test_a_signature_page_takes_the_structure_of_its_form_along(
    official_forms: Path, ready: Answers, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes((official_forms / name).read_bytes())
    library = FormLibrary.from_directory(tmp_path)
    form = next(iter(library.on_hand()))
    model = form.edition.model
    assert model
    data = signature_pages([fill_form(library.choose(model), ready)], agency="Example County", day=TODAY)
    assert data
    assert find_faults(data, fonts=False) == []
    pdf = pikepdf.open(io.BytesIO(data))
    tags = [str(element["/S"])[1:] for element in elements_below(pdf.Root["/StructTreeRoot"])]
    assert tags[:2] == ["Document", "Sect"]
    assert tags.count("P") >= 4, tags
