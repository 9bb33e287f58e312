"""Pages printed and scanned in the ways of offices: skewed, shifted, scaled to fit, grey or black and white, noisy."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

PRINTER = 300
"""Dots to an inch at which a page is printed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a page was printed and scanned. ``shift`` in inches, ``angle`` in degrees, ``turn`` by quarters."""

    angle: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    dpi: int = 200
    black_and_white: bool = False
    quality: int = 60
    noise: float = 25.0
    blur: float = 0.6
    level: int = 150
    """Where black and white part, 0 to 255."""
    turn: int = 0
    ink: float = 1.0
    """How dark the print is: 1 for black, 0.5 where the toner runs low."""
    dotted: bool = False
    """Whether the printer sets dots rather than strokes."""
    seed: int = 0


def any_scan(seed: int) -> Scan:
    """Return one of the ways, by a number."""
    chance = random.Random(seed)  # noqa: S311 - the same scan every time
    return Scan(
        angle=chance.uniform(-1.5, 1.5),
        shift=(chance.uniform(-0.3, 0.3), chance.uniform(-0.3, 0.3)),
        scale=chance.choice((1.0, 1.0, chance.uniform(0.93, 1.03))),
        dpi=chance.choice((150, 200, 300)),
        black_and_white=chance.random() < 0.5,
        quality=chance.choice((40, 60, 80)),
        noise=chance.uniform(5, 40),
        blur=chance.uniform(0.3, 0.9),
        level=chance.randint(110, 190),
        turn=chance.choice((0,) * 7 + (90, 180, 270)),
        seed=seed,
    )


def printed(data: bytes) -> list[Image.Image]:
    """Return the pages as a printer prints them, in grey."""
    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()
    found = [page.render(scale=PRINTER / 72, grayscale=True, may_draw_forms=True).to_pil().convert("L") for page in pdf]
    pdf.close()
    return found


def scan(page: Image.Image, way: Scan) -> Image.Image:
    """Return a printed page as it is scanned: mode 1 where it is black and white, else grey."""
    size = (round(page.width * way.dpi / PRINTER), round(page.height * way.dpi / PRINTER))
    if way.dotted:
        page = ImageChops.lighter(page, _gaps(page.size))
    if way.ink < 1:
        page = page.point([255 - round((255 - value) * way.ink) for value in range(256)])
    small = page.resize(size, Image.Resampling.BOX)
    turn = math.radians(way.angle)
    cos, sin = math.cos(turn) / way.scale, math.sin(turn) / way.scale
    cx, cy = size[0] / 2, size[1] / 2
    dx, dy = cx + way.shift[0] * way.dpi, cy + way.shift[1] * way.dpi
    plane = (cos, -sin, cx - cos * dx + sin * dy, sin, cos, cy - sin * dx - cos * dy)
    made = small.transform(size, Image.Transform.AFFINE, plane, resample=Image.Resampling.BICUBIC, fillcolor=255)
    made = made.filter(ImageFilter.GaussianBlur(way.blur * way.dpi / 200))
    spread = noise(size, way.seed % 3).point([min(255, round(value * way.noise / 64)) for value in range(256)])
    made = ImageChops.add(ImageChops.subtract(made, spread), Image.new("L", size, round(way.noise)))
    if way.turn:
        made = made.rotate(way.turn, expand=True)
    return made.point([255 if v > way.level else 0 for v in range(256)]).convert("1") if way.black_and_white else made


@lru_cache(maxsize=2)
def _gaps(size: tuple[int, int]) -> Image.Image:
    """Return the paper between the dots of a printer: every fourth row and column of a page at ``PRINTER``."""
    cell = Image.new("L", (4, 4), 0)
    for n in range(4):
        cell.putpixel((3, n), 255)
        cell.putpixel((n, 3), 255)
    gaps = Image.new("L", size, 0)
    for y in range(0, size[1], cell.height):
        gaps.paste(cell, (0, y))
    row = cell.width
    while row < size[0]:
        gaps.paste(gaps.crop((0, 0, row, size[1])), (row, 0))
        row *= 2
    return gaps


@lru_cache(maxsize=9)
def noise(size: tuple[int, int], seed: int) -> Image.Image:
    """Return what a scanner sees where nothing is, in full strength."""
    chance = random.Random(seed)  # noqa: S311 - the same noise every time
    return Image.frombytes("L", size, chance.randbytes(size[0] * size[1])).filter(ImageFilter.GaussianBlur(0.5))


def as_pdf(pages: Sequence[Image.Image], ways: Sequence[Scan]) -> bytes:
    """Return scanned pages as a PDF without text, each as large as its paper."""
    with pikepdf.new() as made:
        for page, way in zip(pages, ways, strict=True):
            file = io.BytesIO()
            how = {} if page.mode == "1" else {"quality": way.quality}
            page.save(file, "PDF", resolution=way.dpi, **how)
            with pikepdf.open(file) as one:
                made.pages.extend(one.pages)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def scanned(data: bytes, seed: int) -> bytes:
    """Return the whole file printed and scanned, each page in its own way but all of one scanner."""
    pages = printed(data)
    ways = [any_scan(seed * 100 + n) for n in range(len(pages))]
    return as_pdf([scan(page, way) for page, way in zip(pages, ways, strict=True)], ways)


def pictures_only(data: bytes, dpi: int = 200) -> bytes:
    """Return a file with each page as a clean picture of it, so that no text of the file is left."""
    pages = [
        page.resize((round(page.width * dpi / PRINTER), round(page.height * dpi / PRINTER))) for page in printed(data)
    ]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=90)
    return out.getvalue()
