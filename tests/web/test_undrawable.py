"""A form that no computer can draw, or only with gigabytes, stops nobody: not when it is given, and not later."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from assistant.editions import library as library_module
from assistant.editions.library import EXERCISE, examine_form
from assistant.errors import BusyError, PdfError
from assistant.pdf import drawing
from assistant.pdf.drawing import DRAW, NOT_DRAWN, page_picture
from assistant.pdf.form import template as template_module
from assistant.pdf.viewer import render
from assistant.pdf.viewer.render import MAX_PIXELS, MAX_SIDE, page_png, picture_size
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.services.form_maps import forms
from assistant.storage.tables import StoredForm
from tests.unit.made_forms import printed
from tests.web.made_up import NOW
from tests.web.pages import look_at

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

TEXT = b"BT /F1 12 Tf 72 700 Td (Memorandum of Agreement, Task Force Model, 287\\(g\\)) Tj ET\n"
TEXT += b"BT /F1 12 Tf 72 600 Td (Name of the agency: ______________________________) Tj ET\n"
HANGS = b"/Pattern cs /P scn 0 0 612 792 re f"


def form_of(content: bytes, box: str = "0 0 612 792") -> bytes:
    """Return a form of one page; its pattern /P has cells of five thousandths of a point."""
    packed = zlib.compress(TEXT + content)
    resources = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/Pattern<</P 5 0 R>>>>"
    page = f"<</Type/Page/Parent 2 0 R/MediaBox [{box}]/Contents 4 0 R/Resources {resources}>>"
    pattern = b"<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.005/YStep 0.005"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page.encode(),
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        pattern + b"/Resources<<>>/Length 12>>stream\n0 0 1 1 re f\nendstream",
    ]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + tail % (rows, len(out))


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    for module in (drawing._pictures, drawing._undrawable, library_module._examined):
        module.clear()


@pytest.fixture
def nothing_is_opened_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where this process itself opens a PDF, with pdfium or with our own parser."""

    def refuse(_: bytes) -> Any:
        pytest.fail("a stranger's PDF was opened outside the sandbox")

    monkeypatch.setattr(render, "hold_pdf", refuse)
    monkeypatch.setattr(template_module, "compile_anew", refuse)
    monkeypatch.setattr(template_module, "_compiled", {})


def give(client: PageClient, data: bytes) -> str:
    values = {"csrf_token": client.token(), "form": (io.BytesIO(data), "a.pdf")}
    response = client.post("/forms/drafts/new", data=values)
    response.request.environ["wsgi.input"].close()
    assert response.status_code == 302, response.text
    return str(response.location)


@pytest.mark.usefixtures("nothing_is_opened_here")
def test_a_page_whose_drawing_never_ends_is_a_picture_that_says_so(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "DRAW", replace(DRAW, seconds=2))
    address = give(client, form_of(HANGS))
    page = client.get(f"{address}pages/1")
    assert page.status_code == 200
    assert NOT_DRAWN in page.text
    picture = client.get(f"{address}pages/1.png")
    assert picture.mimetype == "image/png"
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == (1000, 1294)
        assert len(image.getcolors(1 << 20) or ()) > 2, "there are words on it"
    monkeypatch.setattr(drawing, "run_in_sandbox", None)
    assert NOT_DRAWN in client.get(f"{address}pages/1").text, "it is not tried again with every look"


@pytest.mark.usefixtures("nothing_is_opened_here")
def test_the_whole_wizard_opens_no_strangers_form_itself(client: PageClient) -> None:
    address = give(client, form_of(b""))
    for part in ("", "form", "pages/1", "pages/1.png", "trial/usual/", "trial/usual/page-1.png", "compare", "keep"):
        assert client.get(f"{address}{part}").status_code == 200, part
    assert NOT_DRAWN not in client.get(f"{address}pages/1").text
    said = {"form_id": "moa-tfm", "printed": "no", "day-month": "1", "day-day": "5", "day-year": "2026"}
    words = {"title": "Made-up agreement", "words": "Memorandum of Agreement"}
    assert client.send(f"{address}form", version="1", **said, **words).status_code == 302
    kept = client.send(f"{address}keep", version="2", looked="yes")
    assert kept.status_code in {302, 422}


def test_a_busy_computer_is_no_fault_of_the_file(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = give(client, form_of(b""))

    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(drawing, "run_in_sandbox", busy)
    page = client.get(f"{address}pages/1")
    assert page.status_code == 200
    assert NOT_DRAWN not in page.text
    picture = client.get(f"{address}pages/1.png")
    assert picture.status_code == 503
    assert picture.headers["Retry-After"] == "60"
    monkeypatch.undo()
    for where, box in (
        ("assistant.services.agreements.agreement_check", "agreement"),
        ("assistant.services.agreements.read_agreement", "agreement"),
        ("assistant.editions.library", "form"),
        ("assistant.services.form_maps.edition_drafts", "form"),
    ):
        monkeypatch.setattr(f"{where}.run_in_sandbox", busy)
        at = {
            "assistant.services.agreements.agreement_check": "/check/",
            "assistant.services.agreements.read_agreement": "/applications/from-agreement/",
            "assistant.editions.library": "/forms/add",
            "assistant.services.form_maps.edition_drafts": "/forms/drafts/new",
        }[where]
        values = {"csrf_token": client.token(), "whose": "other", box: (io.BytesIO(form_of(HANGS)), "a.pdf")}
        response = client.post(at, data=values)
        response.request.environ["wsgi.input"].close()
        assert response.status_code == 503, at
        assert "This computer is busy. Try again in a minute." in response.text
        assert f'href="#{box}"' in response.text
        assert "<title>Error: " in response.text
        if at.endswith("from-agreement/"):
            chosen = [a for tag, a in look_at(response.text).tags if tag == "input" and "checked" in a]
            assert [a["value"] for a in chosen] == ["other"], "what was chosen stays"
        monkeypatch.undo()


# Pixels.


MOST_PIXELS = 12_200_000  # 12 MB of gray or 49 MB of color: what the child's memory has room for several times over


@pytest.mark.parametrize("box", [(1, 700), (0.5, 14_400), (14_400, 14_400), (200_000, 1), (612, 792), (10, 200)])
def test_no_picture_is_larger_than_its_bound(box: tuple[float, float]) -> None:
    width, height = picture_size(*box, 1000)
    assert 1 <= width <= MAX_SIDE
    assert 1 <= height <= MAX_SIDE
    assert width * height <= MOST_PIXELS
    data = form_of(b"", f"0 0 {box[0]} {box[1]}")
    with Image.open(io.BytesIO(page_png(data, 0, width=1000))) as image:
        assert abs(image.width - width) <= 1
        assert abs(image.height - height) <= 1
    if box == (612, 792):
        assert (width, height) == (1000, 1294)


def test_a_page_larger_than_any_paper_is_not_looked_at_as_a_picture() -> None:
    with ViewedPdf(form_of(b"", "0 0 14400 14400")) as seen:
        assert seen.picture(seen.page(1)) is None
        drawn = seen.draw_page(1, 300)
        assert drawn.width * drawn.height <= MAX_PIXELS
    with ViewedPdf(form_of(b"")) as seen:
        assert seen.picture(seen.page(1)) is not None


def test_a_strip_of_a_page_is_shown_small(client: PageClient) -> None:
    address = give(client, form_of(b"", "0 0 1 700"))
    picture = client.get(f"{address}pages/1.png")
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.height <= MAX_SIDE
        assert f'viewBox="0 0 {image.width} {image.height}"' in client.get(f"{address}pages/1").text


# Forms that are kept.


def test_a_kept_form_that_cannot_be_examined_stops_nobody(
    client: PageClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restart, with a form that an earlier version of this program took in."""
    asked = []

    def too_much(task: object, *_: object) -> None:
        asked.append(task)
        raise PdfError("It takes too much time.")

    monkeypatch.setattr(library_module, "run_in_sandbox", too_much)
    with parts.writer() as session:
        data = form_of(HANGS)
        session.add(StoredForm(sha256="a" * 64, edition="moa-tfm/2026-01-05", size=len(data), data=data, added_at=NOW))
        session.commit()
    with parts.reader() as session:
        assert forms.library(session).on_hand() == ()
    assert client.get("/").status_code == 200
    with pytest.raises(PdfError):
        examine_form(data)
    assert asked == [EXERCISE], "a refusal is remembered"


def test_a_printed_page_is_drawn_in_the_sandbox_as_it_is_here(tmp_path: Path) -> None:
    data = printed(tmp_path / "a.pdf", [(72, 700, "Name of the agency: ________")]).read_bytes()
    found = page_picture(data, 0, size=(600, 776))
    assert found.is_drawn
    assert found.png == page_png(data, 0, width=600)
    assert not page_picture(data, 7, size=(600, 776)).is_drawn


def test_a_page_that_cannot_be_drawn_is_not_tried_again_at_another_size(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(_task: Any, _data: bytes, page: int, _width: int) -> Any:
        tried.append(page)
        raise PdfError("too long")

    monkeypatch.setattr(drawing, "run_in_sandbox", refuse)
    data = form_of(b"")
    for size in ((600, 800), (300, 400), (600, 800)):
        assert not page_picture(data, 0, size=size).is_drawn
    assert tried == [0]
    assert not page_picture(data, 1, size=(600, 800)).is_drawn
    assert tried == [0, 1]
