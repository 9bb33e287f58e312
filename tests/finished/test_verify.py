"""Signed copies of the real forms held against what was issued, as they come back from agencies."""

from __future__ import annotations

import io
import json
import random
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from assistant.cli.main import run
from assistant.services.agreements.verify_signed_copy import verify
from tests.finished import made
from tests.finished.altered import KINDS, printed_page
from tests.finished.made import Spec
from tests.finished.scans import Scan, as_pdf, printed, scan

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.services.agreements.verify_signed_copy import VerifiedCopy

JEM, TFM, WSO = "moa-jem/2025-02-15", "moa-tfm/2025-03-07", "moa-wso/2025-02-14"
UNSIGNED = Spec(signed=False, dated=None)
WAY = Scan(angle=0.7, shift=(0.1, -0.15), scale=0.97, dpi=150)
KEYS = {"same_document", "pages", "signature", "date", "ice_side_empty", "findings", "ready", "counts"}


def issued(folder: Path, name: str) -> bytes:
    return made.make(folder, name, UNSIGNED, "fields")


def codes(found: VerifiedCopy) -> set[tuple[str, str]]:
    return {(finding["code"], finding["where"].partition(",")[0]) for finding in found["findings"]}


@pytest.mark.parametrize(
    ("name", "way"),
    [(JEM, "flat"), (WSO, "fields"), pytest.param(WSO, "scan", marks=pytest.mark.long), (TFM, "picture")],
)
def test_a_signed_copy_is_like_what_was_issued(name: str, way: str, official_forms: Path) -> None:
    found = verify(made.make(official_forms, name, Spec(), way), issued(official_forms, name))
    assert found.keys() >= KEYS
    assert found["same_document"] is True
    assert {page["verdict"] for page in found["pages"]} == {"same"}
    assert all(0.9 < (page["similarity"] or 0) <= 1 for page in found["pages"])
    assert found["signature"] == "present"
    assert found["ice_side_empty"] is True
    assert found["ready"] is True
    if way in {"flat", "fields"}:
        assert found["date"] == "2025-03-28"
        assert found["findings"] == []
    else:
        assert found["date"] in {"2025-03-28", "unreadable"}
        assert {code for code, _ in codes(found)} <= {"date-recognised", "date-unreadable"}


@pytest.mark.long
def test_a_scan_in_which_much_went_wrong_is_told_page_by_page(official_forms: Path) -> None:
    whole = printed(made.make(official_forms, JEM, UNSIGNED, "flat"))
    pdf = pypdfium2.PdfDocument(made.make(official_forms, JEM, UNSIGNED, "flat"))
    chance = random.Random(1)  # noqa: S311 - the same change every time
    typed = KINDS["line typed in"](printed_page(whole[2], pdf[2]), chance)
    whited = KINDS["paragraph whited out"](printed_page(whole[3], pdf[3]), chance)
    pdf.close()
    assert typed
    assert whited
    other = printed(made.make(official_forms, TFM, UNSIGNED, "flat"))
    cover = Image.new("L", whole[0].size, 255)
    cover.paste(0, (600, 600, 1900, 640))
    empty = Image.new("L", whole[0].size, 255)
    # Page 6 is missing, a page of another form in its place; 9 and 10 have changed places; 11 comes twice.
    pages = [
        cover, whole[0], whole[1].rotate(180), typed, whited, whole[4], other[12], whole[6], whole[7], whole[9],
        whole[8], whole[10], whole[10], empty,
    ]  # fmt: skip
    found = verify(as_pdf([scan(page, WAY) for page in pages], [WAY] * len(pages)), issued(official_forms, JEM))
    verdicts = [page["verdict"] for page in found["pages"] if page["page"]]
    assert verdicts == ["same", "same", "altered", "altered", "same", "missing", *["same"] * 5]
    # The cover, the page of another form, and the page that comes once more.
    assert [(page["signed_page"], page["verdict"]) for page in found["pages"] if page["page"] is None] == [
        (1, "extra"), (7, "extra"), (13, "extra"),
    ]  # fmt: skip
    assert found["pages"][1]["rotation"] == 180
    assert found["same_document"] is False
    assert (found["signature"], found["date"], found["ice_side_empty"]) == ("absent", "absent", None)
    told = codes(found)
    assert len([where for code, where in told if code == "page-out-of-order" and where in {"p. 9", "p. 10"}]) == 1
    assert told - {("page-out-of-order", "p. 9"), ("page-out-of-order", "p. 10")} == {
        ("page-altered", "p. 3"), ("page-altered", "p. 4"), ("page-missing", "p. 6"), ("page-turned", "p. 2"),
        ("page-doubled", "p. 11"), ("page-extra", "the signed copy"), ("page-empty", "the signed copy"),
        ("signature-absent", "p. 7"), ("date-blank", "p. 7"), ("ice-side-unclear", "p. 7"),
    }  # fmt: skip
    assert not found["ready"]


def test_a_changed_word_of_a_typed_copy_is_named(official_forms: Path) -> None:
    def change(pdf: pikepdf.Pdf, _: object) -> None:
        file = io.BytesIO()
        drawing = canvas.Canvas(file, pagesize=(612, 792))
        drawing.setFont("Helvetica", 10)
        drawing.drawString(72, 60, "unless the County decides otherwise")
        drawing.save()
        with pikepdf.open(file) as over:
            pdf.pages[1].add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 612, 792))

    found = verify(made.make(official_forms, JEM, Spec(last=change), "flat"), issued(official_forms, JEM))
    assert [page["page"] for page in found["pages"] if page["verdict"] == "altered"] == [2]
    (finding,) = found["findings"]
    assert (finding["code"], finding["severity"], finding["where"]) == ("page-altered", "blocker", "p. 2")
    assert "“unless”" in finding["message"]
    assert "“decides”" in finding["message"]


def test_the_stamp_of_an_electronic_signature_may_be_larger_than_its_line(official_forms: Path) -> None:
    def sign(pdf: pikepdf.Pdf, _: object) -> None:
        drawn = b"0.1 g BT /F1 9 Tf 4 44 Td (Digitally signed by Jordan Tester) Tj ET 4 4 180 2 re f"
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        look = pikepdf.Stream(pdf, drawn)
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 190, 60]
        look.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        held = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=b"made-up")
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="Signed here",
            Rect=[115, 257, 305, 317], F=4, V=pdf.make_indirect(held), AP=pikepdf.Dictionary(N=look),
        )  # fmt: skip
        made_of = pdf.make_indirect(widget)
        pdf.pages[6].Annots = pikepdf.Array([made_of])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[made_of], SigFlags=3)

    signed = made.make(official_forms, JEM, Spec(signed=False, last=sign), "fields")
    found = verify(signed, issued(official_forms, JEM))
    assert found["same_document"] is True
    assert found["signature"] == "present"


def test_what_stands_on_ices_side_blocks(official_forms: Path) -> None:
    def draw(drawing: canvas.Canvas, *_: object) -> None:
        made.strokes(drawing, (380, 268, 520, 280), seed=3)

    data = made.make(official_forms, JEM, Spec(draw=draw), "picture")
    found = verify(data, issued(official_forms, JEM))
    assert found["ice_side_empty"] is False
    assert "ice-side-filled" in {code for code, _ in codes(found)}
    assert not found["ready"]


@pytest.fixture(scope="module")
def files(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    (folder / "issued.pdf").write_bytes(issued(official_forms, WSO))
    (folder / "signed.pdf").write_bytes(made.make(official_forms, WSO, Spec(), "flat"))
    (folder / "unsigned.pdf").write_bytes(made.make(official_forms, WSO, UNSIGNED, "flat"))
    (folder / "other.pdf").write_bytes(issued(official_forms, TFM))
    (folder / "scan.pdf").write_bytes(as_pdf([Image.new("L", (1275, 1650), 255)], [Scan(dpi=150)]))
    (folder / "notes.pdf").write_bytes(b"notes")
    return folder


@pytest.mark.parametrize(
    ("signed", "status"),
    [
        ("signed.pdf", 0),
        pytest.param("unsigned.pdf", 1, marks=pytest.mark.long),
        pytest.param("other.pdf", 1, marks=pytest.mark.long),
    ],
)
def test_the_command_says_by_its_status_whether_something_blocks(
    signed: str, status: int, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["document", "verify", str(files / signed), "--against", str(files / "issued.pdf")]
    assert run([*arguments, "--json"]) == status
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    assert found["ready"] is (status == 0)
    assert found["counts"].keys() == {"blocker", "warning", "note"}
    if signed == "other.pdf":
        assert [finding["code"] for finding in found["findings"]] == ["not-the-same-document"]
    assert run(arguments) == status
    shown = capsys.readouterr().out
    assert ("Every page is like the issued one" in shown) is (signed != "other.pdf")
    assert "A person must look at every page and confirm it." in shown
    assert "verified" not in shown


@pytest.mark.parametrize(
    ("signed", "against", "sentence"),
    [
        ("notes.pdf", "issued.pdf", "notes.pdf: The file is not a PDF"),
        ("signed.pdf", "notes.pdf", "notes.pdf: The file is not a PDF"),
        ("signed.pdf", "scan.pdf", "scan.pdf: The PDF has a page without text to compare"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    signed: str, against: str, sentence: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["document", "verify", str(files / signed), "--against", str(files / against)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(sentence)
    assert len(err.strip().splitlines()) == 1
