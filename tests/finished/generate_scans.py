"""Pairs for ``moa document verify``, by a seed: a page as issued, and the same page printed, perhaps altered, scanned.

The official forms are filled by this program with made-up answers; pages are printed by pdfium or by poppler, altered
on the printed picture, and scanned in the ways of offices. Another seed gives other pages, other changes, other scans.
"""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from assistant.scans.one_thread import cv2
from assistant.verifying.document import blanks_by_page
from tests.finished import made
from tests.finished.altered import Printed, Sign, printed_page
from tests.finished.made import Spec
from tests.finished.scans import PRINTER, printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]

CLEAN = "clean"
PRINTERS = ("pdfium", "poppler")
SCANNERS = (
    *("gray 300", "gray 200", "gray 150", "color 200", "jpeg 100", "bw 300", "bw 200", "bw 150", "fax"),
    *("phone", "keystone", "curved", "shadow", "skewed"),
)
MARKS = ("", "", "", "staple", "ring", "holes", "stamp")
TYPED_LINE = "The County may end this Agreement at any time without notice."
WIDTH = 0.15
"""Part of its width by which what is put in a place may be wider or narrower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was done to a page: its kind, the word as issued and as it now stands ("" for none)."""

    kind: str = CLEAN
    issued: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCase:
    """One page of a pair. ``pdf`` is the scanned page alone."""

    edition: str
    page: int
    printer: str
    scanner: str
    mark: str
    change: Change
    pdf: bytes = field(repr=False)


@lru_cache(maxsize=4)
def issued_file(folder: Path, edition: str) -> bytes:
    """Return a form as this program issues it."""
    return made.make(folder, edition, Spec(signed=False, dated=None), "fields")


@lru_cache(maxsize=4)
def printed_pages(folder: Path, edition: str, printer: str) -> list[Image.Image]:
    """Return the pages of an issued file as a printer prints them, in gray."""
    data = issued_file(folder, edition)
    if printer == "pdfium":
        return printed(data)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "issued.pdf"
        path.write_bytes(data)
        command = [shutil.which("pdftoppm") or "pdftoppm", "-r", str(PRINTER), "-gray", str(path), f"{place}/page"]
        subprocess.run(command, check=True)
        return [Image.open(one).convert("L").copy() for one in sorted(Path(place).glob("page*.pgm"))]


def generate_cases(folder: Path, seed: int, count: int, *, altered: float = 0.5) -> Iterator[ScanCase]:
    """Yield ``count`` pages made by a seed, ``altered`` of them with one change."""
    chance = random.Random(seed)  # noqa: S311 - the same pages for the same seed
    # By edition and printer, so that few files are filled and printed.
    groups = [(edition, printer) for edition in made.EDITIONS for printer in PRINTERS]
    for n, (edition, printer) in enumerate(groups):
        pages = printed_pages(folder, edition, printer)
        signing = set(blanks_by_page(issued_file(folder, edition)))
        opened = pypdfium2.PdfDocument(made.flattened(issued_file(folder, edition)))
        for _ in range(count // len(groups) + (n < count % len(groups))):
            number = chance.randrange(len(pages))
            picture, change = pages[number], Change()
            if chance.random() < altered and number + 1 not in signing:
                whole = printed_page(picture, opened[number])
                picture, change = alter_page(whole, chance)
            scanner, mark = chance.choice(SCANNERS), chance.choice(MARKS)
            pdf = scan_page(np.array(picture), scanner, mark, chance)
            yield ScanCase(
                edition=edition,
                page=number + 1,
                printer=printer,
                scanner=scanner,
                mark=mark,
                change=change,
                pdf=pdf,
            )
        opened.close()


# Changes.


def alter_page(page: Printed, chance: random.Random) -> tuple[Image.Image, Change]:
    """Return the page with one thing changed, and what; the page as it is where nothing could be changed."""
    kinds = list(ALTERATIONS)
    chance.shuffle(kinds)
    for kind in kinds:
        altered = ALTERATIONS[kind](page, chance)
        if altered:
            return altered[0], Change(kind=kind, issued=altered[1], now=altered[2])
    return page.picture, Change()


Altered = tuple[Image.Image, str, str]


def _exchange(
    page: Printed, signs: Sequence[Sign], chance: random.Random, differ: Callable[[str, str], bool]
) -> Altered | None:
    for _ in range(400):
        if len(signs) < 2:
            return None
        one, other = chance.sample(list(signs), 2)
        alike = abs(one.width - other.width) <= WIDTH * one.width and abs(one.height - other.height) < 6
        if alike and differ(one.text, other.text):
            picture = page.picture.copy()
            source = page.picture.crop(other.box)
            ImageDraw.Draw(picture).rectangle((one.box[0], one.box[1], one.box[2] - 1, one.box[3] - 1), fill=255)
            picture.paste(source, (one.box[0], one.box[3] - other.height))
            word = next((w for w in page.words if _holds(w, one)), one)
            before = sum(s.box[0] < one.box[0] and _holds(word, s) for s in page.letters) if word != one else 0
            now = word.text[:before] + other.text + word.text[before + len(one.text) :] if word != one else other.text
            return picture, word.text, now
    return None


def _holds(word: Sign, sign: Sign) -> bool:
    x, y = (sign.box[0] + sign.box[2]) / 2, (sign.box[1] + sign.box[3]) / 2
    return word.box[0] <= x <= word.box[2] and word.box[1] <= y <= word.box[3]


def _change_word(page: Printed, chance: random.Random) -> Altered | None:
    words = [w for w in page.words if len(w.text) > 2 and w.text.isalpha()]
    return _exchange(page, words, chance, lambda a, b: a.casefold()[:2] != b.casefold()[:2])


def _change_figure(page: Printed, chance: random.Random) -> Altered | None:
    return _exchange(page, [s for s in page.letters if s.text.isdigit()], chance, lambda a, b: a != b)


def _change_letter(page: Printed, chance: random.Random) -> Altered | None:
    letters = [s for s in page.letters if s.text.isalpha() and s.text.islower() and s.text.isascii()]
    return _exchange(page, letters, chance, lambda a, b: a != b)


def _whiten(page: Printed, boxes: Sequence[tuple[int, int, int, int]]) -> Image.Image:
    picture = page.picture.copy()
    for box in boxes:
        ImageDraw.Draw(picture).rectangle(box, fill=255)
    return picture


def _line_out(page: Printed, chance: random.Random) -> Altered | None:
    if len(page.words) < 20:
        return None
    line = chance.choice(page.words).box[1]
    words = [w for w in page.words if abs(w.box[1] - line) < 20]
    if len(words) < 4:
        return None
    return _whiten(page, [w.box for w in words]), words[0].text, ""


def _type_in(page: Printed, text: str, place: tuple[int, int]) -> Image.Image:
    picture = page.picture.copy()
    ImageDraw.Draw(picture).text(place, text, font=ImageFont.load_default(46), fill=0)
    return picture


def _line_in(page: Printed, _: random.Random) -> Altered | None:
    under = max((w.box[3] for w in page.words), default=400) + 40
    if under > page.picture.height - 420:
        return None
    return _type_in(page, TYPED_LINE, (320, under)), "", TYPED_LINE


def _not_in(page: Printed, chance: random.Random) -> Altered | None:
    rows: dict[int, int] = {}
    for sign in page.words:
        rows[sign.box[3]] = max(rows.get(sign.box[3], 0), sign.box[2])
    ends = [(end + 16, low - 52) for low, end in rows.items() if end < page.picture.width - 500]
    return (_type_in(page, "not", chance.choice(ends)), "", "not") if ends else None


ALTERATIONS: dict[str, Callable[[Printed, random.Random], Altered | None]] = {
    "word": _change_word,
    "figure": _change_figure,
    "letter": _change_letter,
    "line out": _line_out,
    "line in": _line_in,
    "not": _not_in,
}


# Scans.


def scan_page(page: Gray, scanner: str, mark: str, chance: random.Random) -> bytes:
    """Return a printed page as a scanned page of a PDF."""
    marked = _mark(page, mark, chance)
    dpi = {"gray 300": 300, "bw 300": 300, "gray 150": 150, "bw 150": 150, "jpeg 100": 100}.get(scanner, 200)
    angle = chance.uniform(-1.2, 1.2) if scanner != "skewed" else chance.choice((-1, 1)) * chance.uniform(3, 5)
    keystone = chance.uniform(0.02, 0.05) if scanner in {"phone", "keystone"} else 0.0
    curve = chance.uniform(0.05, 0.14) if scanner in {"phone", "curved"} else 0.0
    picture = _lay(marked, dpi, (angle, keystone, curve), chance)
    if scanner in {"phone", "shadow"}:
        picture = _shade(picture, chance)
    picture = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.4, 0.8) * dpi / 200)
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, chance.uniform(2, 7), picture.shape)
    picture = np.clip(picture + cv2.GaussianBlur(noise, (0, 0), 0.6), 0, 255).astype(np.uint8)
    if scanner.startswith("bw"):
        return _pack(Image.fromarray(picture).point(lambda v: 255 if v > 150 else 0).convert("1"), dpi, {})
    if scanner == "fax":
        small = cv2.resize(picture, (picture.shape[1], picture.shape[0] // 2), interpolation=cv2.INTER_AREA)
        low = (small > chance.uniform(120, 165)).astype(np.uint8) * 255
        tall = cv2.resize(low, (picture.shape[1], 2 * low.shape[0]), interpolation=cv2.INTER_NEAREST)
        return _pack(Image.fromarray(tall).convert("1"), dpi, {})
    if scanner == "color 200":
        tint = np.array([1.0, chance.uniform(0.93, 1.0), chance.uniform(0.8, 0.95)])
        return _pack(Image.fromarray((picture[..., None] * tint).astype(np.uint8)), dpi, {"quality": 70})
    return _pack(Image.fromarray(picture), dpi, {"quality": 45 if scanner == "jpeg 100" else 75})


def _lay(page: Gray, dpi: int, bent: tuple[float, float, float], chance: random.Random) -> Gray:
    angle, keystone, curve = bent
    high, wide = page.shape
    scale = dpi / PRINTER
    size = (round(wide * scale), round(high * scale))
    dx = keystone * size[0] / 2
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    there = np.array([(dx, dx), (size[0] - dx, dx / 2), (size[0], size[1]), (0, size[1] - dx / 2)], np.float32)
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, chance.choice((1.0, 1.0, 0.97)))
    turn[:, 2] += [chance.uniform(-0.12, 0.12) * dpi, chance.uniform(-0.12, 0.12) * dpi]
    there = cv2.transform(there[None], turn)[0].astype(np.float32)
    back = cv2.getPerspectiveTransform(there, corners)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64)
    w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    at_x = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w
    at_y = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w + curve * PRINTER * np.sin(np.pi * at_x / wide)
    soft = cv2.GaussianBlur(page, (0, 0), 0.35 / scale)
    desk = 255 if keystone == 0 else 90
    laid: Gray = cv2.remap(
        soft, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=float(desk)
    )
    return laid


def _shade(picture: Gray, chance: random.Random) -> Gray:
    high, wide = picture.shape
    across, down = np.linspace(chance.uniform(0.6, 0.8), 1.0, wide), np.linspace(1.0, chance.uniform(0.7, 0.95), high)
    ramp = across[None, :] * down[:, None]
    edge = round(wide * chance.uniform(0.5, 0.8))
    ramp[:, edge:] *= 0.8
    shaded: Gray = np.clip(picture * cv2.GaussianBlur(ramp, (0, 0), 12), 0, 255).astype(np.uint8)
    return shaded


def _mark(page: Gray, mark: str, chance: random.Random) -> Gray:
    picture = Image.fromarray(page)
    drawing = ImageDraw.Draw(picture)
    high, wide = page.shape
    if mark == "staple":
        x, y = chance.randint(110, 220), chance.randint(110, 220)
        drawing.line((x, y, x + 110, y - chance.randint(40, 80)), fill=60, width=9)
    elif mark == "ring":
        x, y, r = chance.randint(600, wide - 600), chance.randint(600, high - 900), chance.randint(380, 480)
        for k in range(14):
            drawing.arc((x - r - k, y - r - k, x + r + k, y + r + k), 20, 340, fill=205 - 2 * k % 20, width=2)
        return np.asarray(np.minimum(np.array(picture), page), np.uint8)
    elif mark == "holes":
        for y in (high // 2 - 1275, high // 2, high // 2 + 1275):
            drawing.ellipse((90, y - 40, 170, y + 40), fill=chance.choice((20, 90, 235)))
    elif mark == "stamp":
        turned = _stamp(chance).rotate(chance.uniform(-12, 12), expand=True, fillcolor=255)
        over = Image.new("L", picture.size, 255)
        over.paste(turned, (chance.randint(300, wide - 1100), chance.choice((180, chance.randint(400, high - 700)))))
        return np.asarray(np.minimum(np.array(over), page), np.uint8)
    return np.array(picture)


def _stamp(chance: random.Random) -> Image.Image:
    """Return a rubber stamp: a word and a date, with a frame, a double one or none, in black or in a color's gray."""
    stamp = Image.new("L", (700, 260), 255)
    drawing = ImageDraw.Draw(stamp)
    gray = chance.choice((30, 80, 110, 140))
    frame = chance.choice(("one", "one", "two", ""))
    if frame:
        drawing.rectangle((6, 6, 693, 253), outline=gray, width=8)
    if frame == "two":
        drawing.rectangle((22, 22, 677, 237), outline=gray, width=4)
    word, left = chance.choice((("RECEIVED", 60), ("RECEIVED", 60), ("APPROVED", 50), ("FILED", 180)))
    drawing.text((left, 30), word, font=ImageFont.load_default(110), fill=gray)
    day = chance.choice(("MAR 28 2025", "APR 02 2025", "03/28/2025", "2025 MAR 28"))
    drawing.text((180, 160), day, font=ImageFont.load_default(60), fill=gray)
    return stamp


def _pack(picture: Image.Image, dpi: int, how: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PDF", resolution=dpi, **how)
    return file.getvalue()


def join_pages(pages: Sequence[bytes]) -> bytes:
    """Return pages as one PDF."""
    with pikepdf.new() as whole:
        for page in pages:
            with pikepdf.open(io.BytesIO(page)) as one:
                whole.pages.extend(one.pages)
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()
