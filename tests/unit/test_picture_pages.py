"""Pictures of pages become a PDF: each kind, each way up, and each file that is none of them."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from assistant.errors import PdfError
from assistant.pdf import picture_pages
from assistant.pdf.picture_pages import (
    BROKEN_PICTURE,
    MOST_FRAMES,
    NO_HEIF,
    NOT_A_PICTURE,
    TOO_MANY_FRAMES,
    TOO_MANY_PIXELS,
    make_pdf,
)

if TYPE_CHECKING:
    from assistant.geometry import Rect

SIZE = (170, 220)
BAR = (10, 10, 80, 40)
"""The only ink of the made-up page, near its upper left corner."""
# The made-up page as HEVC pictures, since nothing that may be installed here can write them. In the second one the
# picture lies on its side and says so in an `irot` box, as the pictures of a phone do.
HEIC = {
    "upright": """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAATxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAAB
AAAAImlsb2MAAAAAREAAAQABAAAAAAFgAAEAAAAAAAAAUQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAvGlwcnAAAACeaXBjbwAA
AHRodmNDAQQIAAAAAAAAAAAAPPAA/Pz4+AAADwMgAAEAF0ABDAH//wQIAAADAJ/4AAADAAA8ugJAIQABAChCAQEECAAAAwCf+AAAAwAAPMBYgOHPLlup
JKa5sCAAAAMAIAAAAwAhIgABAAdEAcFysGJAAAAAFGlzcGUAAAAAAAAAqgAAANwAAAAOcGl4aQAAAAABCAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAABZ
bWRhdAAAAE0oAa4WkNsKJPsV4JwkgSD7VJlFaSZ8FV8gUfjn5Q/F68/165nLc6G2eZ3JuBpHvsFoxeoyte789sD40dNAb8DpA1xKA2LN0urxnYcCmg==
""",
    "on its side": """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAAB
AAAAImlsb2MAAAAAREAAAQABAAAAAAFqAAEAAAAAAAAARQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAxmlwcnAAAACnaXBjbwAA
AHRodmNDAQQIAAAAAAAAAAAAPPAA/Pz4+AAADwMgAAEAF0ABDAH//wQIAAADAJ/4AAADAAA8ugJAIQABAChCAQEECAAAAwCf+AAAAwAAPMBwgLHLPlup
JKa5sCAAAAMAIAAAAwAhIgABAAdEAcFysGJAAAAAFGlzcGUAAAAAAAAA3AAAAKoAAAAOcGl4aQAAAAABCAAAAAlpcm90AwAAABdpcG1hAAAAAAAAAAEA
AQSBAoOEAAAATW1kYXQAAABBKAGuFrMbFOxRGvXfWF0L1LEXxOyq1cIERgVI8v9YxkiIc7eHWAWBCe0R+g0U5a3gc3jKK4pixZDHiy24SBcgE9A=
""",
}


def draw_page(mode: str = "L") -> Image.Image:
    """Return the made-up page: white paper with one bar."""
    picture = Image.new("L", SIZE, 255)
    ImageDraw.Draw(picture).rectangle(BAR, fill=0)
    return picture.convert(mode)


def save(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return the bytes of the picture, written as JPEG, PNG or TIFF."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def read_pages(data: bytes) -> list[tuple[Rect, tuple[float, float]]]:
    """Return of each page of the PDF where its ink lies, as shares of the page, and its size in points."""
    made = make_pdf(data)
    pages = []
    with pdfium.PdfDocument(base64.b64decode(made["pdf"])) as pdf:
        assert len(pdf) == made["pages"]
        for page in pdf:
            drawn = page.render(scale=1, grayscale=True).to_pil().convert("L")
            box = drawn.point(lambda value: 255 * (value < 128)).getbbox()
            assert box
            wide, high = drawn.size
            ink = (box[0] / wide, box[1] / high, box[2] / wide, box[3] / high)
            pages.append((ink, page.get_size()))
    return pages


def assert_upright(data: bytes, pages: int = 1) -> None:
    """Hold that each page is letter-sized portrait paper with the bar where it was drawn."""
    read = read_pages(data)
    assert len(read) == pages
    for ink, (wide, high) in read:
        assert high == pytest.approx(792, abs=1)
        assert wide == pytest.approx(612, abs=1)
        where = (BAR[0] / SIZE[0], BAR[1] / SIZE[1], BAR[2] / SIZE[0], BAR[3] / SIZE[1])
        assert ink == pytest.approx(where, abs=0.02)


@pytest.mark.parametrize("name", HEIC)
def test_heic_is_read_the_right_way_up(name: str) -> None:
    pytest.importorskip("pi_heif", reason="installed with --without-scan: HEIC pictures are refused with a sentence")
    assert_upright(base64.b64decode(HEIC[name]))


def test_heic_that_is_cut_short_is_damaged() -> None:
    pytest.importorskip("pi_heif", reason="installed with --without-scan: HEIC pictures are refused with a sentence")
    with pytest.raises(PdfError, match=BROKEN_PICTURE):
        make_pdf(base64.b64decode(HEIC["upright"])[:-40])


def test_heic_without_its_library_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_pages, "HEIF_LIBRARY", "no_such_library")
    with pytest.raises(PdfError, match="JPEG") as refused:
        make_pdf(base64.b64decode(HEIC["upright"]))
    assert str(refused.value) == NO_HEIF


def test_other_films_in_the_same_container_are_no_pictures() -> None:
    film = base64.b64decode(HEIC["upright"]).replace(b"heic", b"isom", 1)
    with pytest.raises(PdfError, match=NOT_A_PICTURE.split(".", maxsplit=1)[0]):
        make_pdf(film)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "L"), ("JPEG", "RGB"), ("PNG", "1"), ("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "1"), ("TIFF", "I;16")],
)
def test_each_kind_is_read(kind: str, mode: str) -> None:
    picture = draw_page("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else draw_page(mode)
    assert_upright(save(picture, kind))


def test_photo_that_lies_on_its_side_is_turned() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    assert_upright(save(draw_page().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=notes, quality=95))


def test_each_page_of_a_tiff_becomes_a_page() -> None:
    page = draw_page("1")
    assert_upright(save(page, "TIFF", save_all=True, append_images=[page, page]), pages=3)
    tall = save(page, "TIFF", save_all=True, append_images=[page] * MOST_FRAMES)
    with pytest.raises(PdfError, match=str(MOST_FRAMES)) as refused:
        make_pdf(tall)
    assert str(refused.value) == TOO_MANY_FRAMES


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", NOT_A_PICTURE),
        (b"GIF89a" + bytes(60), NOT_A_PICTURE),
        (b"These are minutes of the county board.", NOT_A_PICTURE),
        (save(draw_page(), "JPEG")[:600], BROKEN_PICTURE),
        (save(draw_page(), "PNG")[:200], BROKEN_PICTURE),
        (save(Image.new("1", (16_000, 9_000)), "PNG"), TOO_MANY_PIXELS),
    ],
    ids=["nothing", "gif", "text", "cut JPEG", "cut PNG", "bomb"],
)
def test_what_is_no_picture_gets_its_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(PdfError) as refused:
        make_pdf(data)
    assert str(refused.value) == sentence


def test_nothing_that_a_camera_notes_comes_along() -> None:
    notes = Image.Exif()
    notes[0x010E] = "Taken at the jail"
    pdf = base64.b64decode(make_pdf(save(draw_page(), "JPEG", exif=notes))["pdf"])
    assert b"Taken" not in pdf
    assert b"Exif" not in pdf
