"""Pictures of pages (JPEG, PNG, TIFF, HEIC) turned into a PDF with a page for each; it runs in the sandbox alone.

A picture is written anew: what a camera notes beside it, such as the place, does not come along.
"""

from __future__ import annotations

import base64
import io
import math
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypedDict

from PIL import Image, ImageOps, UnidentifiedImageError

from assistant.errors import PdfError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMATS = ("JPEG", "PNG", "TIFF")
HEIF_FORMATS = ("HEIF",)
HEIF_LIBRARY = "pi_heif"
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""What stands in bytes 8 to 12 of a picture of an iPhone (ISO/IEC 23008-12, 10.2)."""
MOST_PIXELS = 130_000_000
"""Pixels of one picture; the largest phone pictures in use have 108 million."""
MOST_FRAMES = 60
"""Pages of one TIFF."""
LONGEST_SIDE = 3_300
"""Pixels of a page's longer side in the PDF: letter paper at 300 dpi."""
REDUCED_FROM, BITS_REDUCED_FROM = 3_600, 10_200
"""Pixels of the longer side from which a picture is reduced: legal paper at 600 dpi, where it is black and white."""
QUALITY = 70
"""Of JPEG, where the picture has to be written anew."""
PAPER_LONG, LEGAL_LONG = 792.0, 1008.0
"""Points of the longer side of letter and legal paper."""
LEGAL_RATIO = 1.55
"""From here on the longer side is legal paper's: letter has 1.29, legal 1.65."""
BELIEVABLE_DPI = (72, 1_200)
BELIEVABLE_LONG = (500.0, 1_300.0)
"""Points: the longer side of a scanned page, by the resolution that the picture names; else it counts for nothing."""
NOT_A_PICTURE = (
    "This is not a PDF, JPEG, PNG, TIFF or HEIC file that can be read. Choose the scan, or scan the page again."
)
BROKEN_PICTURE = "This picture is damaged and cannot be read. Take or scan it again."
TOO_MANY_PIXELS = (
    f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels, so it was not opened. Save it as a smaller "
    "JPEG picture, and use that file."
)
TOO_MANY_FRAMES = f"This TIFF has more than {MOST_FRAMES} pages. Save it as several files."
NO_HEIF = (
    "HEIC pictures cannot be read here. Open the picture on the phone or computer, save or share it as JPEG, and use "
    "that file."
)


class PicturePdf(TypedDict):
    """The PDF in base64, and how many pages it has."""

    pdf: str
    pages: int


def is_heif(data: bytes) -> bool:
    """Say whether the bytes are those of a HEIC or HEIF picture."""
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def make_pdf(data: bytes) -> PicturePdf:
    """Return the PDF of a picture: a page for it, or for each page of a TIFF.

    Raises:
        PdfError: it is no picture of these kinds, it is damaged, or it has too many pixels or pages.
    """
    pages = [_page_of(frame) for frame in _frames(data)]
    return {"pdf": base64.b64encode(write_pdf(pages)).decode(), "pages": len(pages)}


def _frames(data: bytes) -> Iterator[Image.Image]:
    """Yield the pictures of a file, not yet decoded; of a photo only the main one."""
    formats: tuple[str, ...] = FORMATS
    if is_heif(data):
        if not find_spec(HEIF_LIBRARY):
            raise PdfError(NO_HEIF)
        import_module(HEIF_LIBRARY).register_heif_opener(thumbnails=False)
        formats = HEIF_FORMATS
    # Ours is stricter, and says so in a sentence.
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(io.BytesIO(data), formats=formats)
    except UnidentifiedImageError:
        raise PdfError(NOT_A_PICTURE) from None
    except Exception:  # noqa: BLE001 - a decoder can fail on a hostile file in any way
        raise PdfError(BROKEN_PICTURE) from None
    with picture:
        count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if count > MOST_FRAMES:
            raise PdfError(TOO_MANY_FRAMES)
        for number in range(count):
            try:
                if number:
                    picture.seek(number)
            except Exception:  # noqa: BLE001 - as above
                raise PdfError(BROKEN_PICTURE) from None
            if picture.width * picture.height > MOST_PIXELS:
                raise PdfError(TOO_MANY_PIXELS)
            yield picture


class _Page(TypedDict):
    """A page to be written: the picture's bytes as a PDF holds them, its size in pixels and in points."""

    data: bytes
    filter: str
    pixels: tuple[int, int]
    points: tuple[float, float]
    space: str


def _page_of(picture: Image.Image) -> _Page:
    try:
        dpi = picture.info.get("dpi")
        if picture.format == "JPEG":
            # A large photo is decoded at half or a quarter of its size, where that is large enough.
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        original = picture.size
        upright = ImageOps.exif_transpose(picture)
        if upright.mode == "1" and max(upright.size) <= BITS_REDUCED_FROM:
            return _page(_pack_bits(upright), "CCITTFaxDecode", upright.size, _points(upright.size, dpi), "DeviceGray")
        flat = _without_alpha(upright)
        if max(upright.size) > REDUCED_FROM:
            scale = LONGEST_SIDE / max(upright.size)
            size = (max(1, round(flat.width * scale)), max(1, round(flat.height * scale)))
            flat = flat.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.LANCZOS)
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=QUALITY, optimize=True)
        points = _points(original if upright.size == original else upright.size, dpi)
        space = "DeviceGray" if flat.mode == "L" else "DeviceRGB"
        return _page(out.getvalue(), "DCTDecode", flat.size, points, space)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a decoder can fail on a hostile file in any way
        raise PdfError(BROKEN_PICTURE) from None


def _page(data: bytes, name: str, pixels: tuple[int, int], points: tuple[float, float], space: str) -> _Page:
    return {"data": data, "filter": name, "pixels": pixels, "points": points, "space": space}


def _without_alpha(picture: Image.Image) -> Image.Image:
    """Return the picture in gray or color; what it does not cover is paper."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        covering = picture.convert("RGBA")
        paper = Image.new("RGBA", covering.size, "white")
        return Image.alpha_composite(paper, covering).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        return _from_deep_gray(picture)
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _from_deep_gray(picture: Image.Image) -> Image.Image:
    """Return a gray picture of 16 or 32 bits with 8."""
    deep = picture.convert("F")
    _, high = deep.getextrema()
    most = 255.0 if float(str(high)) <= 255 else 65_535.0
    return deep.point(lambda value: value * (255.0 / most)).convert("L")


def _pack_bits(picture: Image.Image) -> bytes:
    """Return a black and white picture as CCITT group 4, in one strip without a header."""
    out = io.BytesIO()
    strip = math.ceil(picture.width / 8) * picture.height
    picture.save(out, "TIFF", compression="group4", strip_size=strip)
    return out.getvalue()[8:]


def _points(size: tuple[int, int], dpi: object) -> tuple[float, float]:
    """Return the size of the page on paper: by the resolution that a scanner noted, else letter or legal."""
    wide, high = size
    if isinstance(dpi, tuple) and len(dpi) == 2:
        across, down = (float(part) for part in dpi)
        least, most = BELIEVABLE_DPI
        if least <= across <= most and least <= down <= most:
            points = wide / across * 72, high / down * 72
            if BELIEVABLE_LONG[0] <= max(points) <= BELIEVABLE_LONG[1]:
                return points
    ratio = max(size) / min(size)
    scale = (LEGAL_LONG if LEGAL_RATIO <= ratio <= 2 else PAPER_LONG) / max(size)
    return wide * scale, high * scale


def write_pdf(pages: Sequence[_Page]) -> bytes:
    """Return a PDF of pictures, one to a page; the same bytes for the same pictures."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []

    def write(body: bytes) -> None:
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % len(places) + body + b"\nendobj\n")

    kids = b" ".join(b"%d 0 R" % (3 + 3 * n) for n in range(len(pages)))
    write(b"<</Type/Catalog/Pages 2 0 R>>")
    write(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids))
    for n, page in enumerate(pages):
        number = 3 + 3 * n
        wide, high = page["points"]
        box = f"{wide:.2f} {high:.2f}".encode()
        write(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>>>>>"
            % (box, number + 1, number + 2)
        )
        drawing = f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /P Do Q".encode()
        write(b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing))
        columns, rows = page["pixels"]
        fax = b"/DecodeParms<</K -1/BlackIs1 true/Columns %d/Rows %d>>" % (columns, rows)
        is_fax = page["filter"] == "CCITTFaxDecode"
        write(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%b/BitsPerComponent %d/Filter/%b%b"
            b"/Length %d>>stream\n%b\nendstream"
            % (
                columns,
                rows,
                page["space"].encode(),
                1 if is_fax else 8,
                page["filter"].encode(),
                fax if is_fax else b"",
                len(page["data"]),
                page["data"],
            )
        )
    table = out.tell()
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(places) + 1, entries))
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table))
    return out.getvalue()
