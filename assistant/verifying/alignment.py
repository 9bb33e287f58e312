"""Lay the picture of a scanned page over that of the page as it was issued: turn, skew, scale, shift, to the pixel.

Knows pictures alone. Both come at ``DPI``, as darkness (0 paper, 255 ink). First roughly, by how dark the rows and
columns are as a whole; then block by block, which gives the plane map that carries one page onto the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DPI = 100
STRIP = 5
"""Pixels of a strip: a line of text has three to four of them from one to the next."""
SCALES = tuple(n / 200 for n in range(182, 213))
"""What "fit to page" makes of a page, half a percent apart."""
REACH = 16
"""Strips by which a page may be shifted from the middle."""
ANGLES = tuple(n / 2 for n in range(-5, 6))
FINE_ANGLES = tuple(n / 10 for n in range(-5, 6))
PALE, DARK = 25, 150
"""Of 255: how much darker than the paper what counts as ink begins to be, and is in full."""
ACROSS, DOWN = 4, 5
NARROW, LOW = 5, 18
"""Blocks by which the lines' places are measured, and the lower ones that tell the letters' places."""
LEAST_INK = 6
LIKE_BLOCK = 0.5
OUTLIER = 1.5
STIFF = 15_000.0
"""Pixels squared: what holds a plane still where few points lie close together; the rough map is nearly right."""

Turn = int


class Plane(NamedTuple):
    """A map of the plane, x' = a x + b y + c and y' = d x + e y + f, in pixels from the upper left corner."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def after(self, first: Plane) -> Plane:
        """Return the map that applies ``first``, then this one."""
        p, q, r, s, t, u = first
        return Plane(
            self.a * p + self.b * s,
            self.a * q + self.b * t,
            self.a * r + self.b * u + self.c,
            self.d * p + self.e * s,
            self.d * q + self.e * t,
            self.d * r + self.e * u + self.f,
        )


AS_IT_IS = Plane(1, 0, 0, 0, 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A picture of a page turned by quarters so that its lines run level but for ``angle`` (degrees, to the left)."""

    picture: Image.Image
    turn: Turn
    angle: float
    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rough:
    """How a level picture lies on an issued page, roughly: ``down`` and ``across`` in strips, from middle to middle."""

    likeness: float
    scale: float
    down: int
    across: int
    turn: Turn


def darkness(picture: Image.Image) -> Image.Image:
    """Return a grey picture as darkness: 0 for its paper, 255 for full ink."""
    histogram = picture.histogram()
    paper = max(range(128, 256), key=histogram.__getitem__)
    span = (DARK - PALE) or 1
    return picture.point([max(0, min(255, (paper - grey - PALE) * 255 // span)) for grey in range(256)])


def strips(dark: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return how dark the strips of a picture are, from the top and from the left: 0 for paper."""
    rows = dark.resize((1, max(1, dark.height // STRIP)), Image.Resampling.BOX).tobytes()
    columns = dark.resize((max(1, dark.width // STRIP), 1), Image.Resampling.BOX).tobytes()
    # By its root, a line of three words at the foot of an empty page still tells.
    return tuple(round(16 * math.sqrt(v)) for v in rows), tuple(round(16 * math.sqrt(v)) for v in columns)


def levels(dark: Image.Image) -> list[Level]:
    """Return a picture as it may have to be read: on its side or not, by its lines, and each way also upside down."""
    ways = ((0, dark), (90, dark.transpose(Image.Transpose.ROTATE_90)))
    (_, angle), turn, picture = max(
        ((_angle(picture), turn, picture) for turn, picture in ways), key=lambda way: way[0]
    )
    result = []
    for more in (0, 180):
        turned = picture.transpose(Image.Transpose.ROTATE_180) if more else picture
        level = turned.rotate(angle, resample=Image.Resampling.BILINEAR)
        rows, columns = strips(level)
        result.append(Level(picture=turned, turn=(turn + more) % 360, angle=angle, rows=rows, columns=columns))
    return result


def _angle(dark: Image.Image) -> tuple[float, float]:
    """Return how sharply lines of text part at the angle at which they lie level, and the angle."""
    small = dark.resize((max(1, dark.width // 3), max(1, dark.height // 3)), Image.Resampling.BOX)

    def sharp(angle: float) -> tuple[float, float]:
        turned = small.rotate(angle)
        rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
        return sum((one - other) ** 2 for one, other in pairwise(rows)) / len(rows), angle

    _, near = max(map(sharp, ANGLES))
    return max(sharp(near + angle) for angle in FINE_ANGLES)


def align_coarse(level: Level, rows: Sequence[int], columns: Sequence[int]) -> Rough:
    """Return how a level picture lies best on an issued page, given by its strips.

    Rows alone leave the scale of a page with few lines open; rows and columns together do not.
    """

    def at(scale: float) -> Rough:
        one, down = _shifted(_scaled(level.rows, scale), rows)
        other, across = _shifted(_scaled(level.columns, scale), columns)
        return Rough(likeness=(one + other) / 2, scale=scale, down=down, across=across, turn=level.turn)

    near = max(map(at, SCALES[::2]), key=lambda rough: rough.likeness)
    fine = [at(scale) for scale in (near.scale - 0.005, near.scale + 0.005)]
    return max((near, *fine), key=lambda rough: rough.likeness)


def _scaled(strip: Sequence[int], scale: float) -> list[int]:
    """Return a strip as it is without a scale, around its middle."""
    middle, count = (len(strip) - 1) / 2, len(strip)
    scaled = []
    for n in range(count):
        at = (n - middle) * scale + middle
        low = math.floor(at)
        part = at - low
        one = strip[low] if 0 <= low < count else 0
        other = strip[low + 1] if 0 <= low + 1 < count else 0
        scaled.append(round(one + (other - one) * part))
    return scaled


def _shifted(strip: Sequence[int], issued_strip: Sequence[int]) -> tuple[float, int]:
    """Return the best correlation of two strips over some shifts, from middle to middle, and the shift."""
    count = len(issued_strip)
    mean = sum(issued_strip) / count
    spread = sum(map(mul, issued_strip, issued_strip)) - mean * mean * count
    ahead = (len(strip) - count) // 2
    before, first = max(0, -ahead), max(0, ahead)
    padded = [*[0] * (REACH + before), *strip, *[0] * (REACH + count)]
    best = (-1.0, 0)
    for shift in range(-REACH, REACH + 1):
        part = padded[first + REACH + shift : first + REACH + shift + count]
        total = sum(part)
        own = sum(map(mul, part, part)) - total * total / count
        if own > 0 < spread:
            best = max(best, ((sum(map(mul, issued_strip, part)) - mean * total) / math.sqrt(spread * own), shift))
    return best


def align_fine(level: Level, rough: Rough, issued: Image.Image) -> tuple[Plane, Image.Image]:
    """Return the map from the issued page to the level picture's own pixels, and that picture laid over the page."""
    turn = math.radians(level.angle)
    cos, sin = rough.scale * math.cos(turn), rough.scale * math.sin(turn)
    plane = Plane(cos, -sin, 0.0, sin, cos, 0.0)
    # Middle to middle, with the shift in level strips turned back.
    x0, y0 = plane.at(issued.width / 2, issued.height / 2)
    right, down = rough.across * STRIP * rough.scale, rough.down * STRIP * rough.scale
    shift = (right * math.cos(turn) - down * math.sin(turn), right * math.sin(turn) + down * math.cos(turn))
    x1, y1 = level.picture.width / 2 + shift[0], level.picture.height / 2 + shift[1]
    plane = plane._replace(c=x1 - x0, f=y1 - y0)
    for reach, ways in ((9, "y"), (9, "x"), (3, "yx"), (2, "yx")):
        over = transform_to_page(level.picture, plane, issued.size, Image.Resampling.BILINEAR)
        for along in ways:
            plane = plane.after(_refinement(issued, over, reach, along=along))
    return plane, transform_to_page(level.picture, plane, issued.size, Image.Resampling.BICUBIC)


def transform_to_page(picture: Image.Image, plane: Plane, size: tuple[int, int], how: Image.Resampling) -> Image.Image:
    """Return a picture as it lies on a page of this size."""
    return picture.transform(size, Image.Transform.AFFINE, tuple(plane), resample=how)


def _refinement(issued: Image.Image, other: Image.Image, reach: int, *, along: str) -> Plane:
    """Return the small map of the issued page that brings blocks of the other picture nearer, in one direction."""
    points = list(_offsets(issued, other, reach, along))
    plane = _fitted(points)
    for _ in range(2):
        if plane is None:
            break
        a, b, c = plane
        inliers = [(x, y, d) for x, y, d in points if abs(a * x + b * y + c - d) < OUTLIER]
        plane = _fitted(inliers) if len(inliers) >= max(4, len(points) // 3) else plane
    if plane is None:
        return AS_IT_IS
    a, b, c = plane
    return Plane(1, 0, 0, a, 1 + b, c) if along == "y" else Plane(1 + a, b, c, 0, 1, 0)


def _offsets(issued: Image.Image, other: Image.Image, reach: int, along: str) -> Iterator[tuple[float, float, float]]:
    """Yield (x, y, offset) for each block that has enough ink and is surely found again."""
    across, down = (ACROSS, DOWN) if along == "y" else (NARROW, LOW)
    wide, high = issued.width / across, issued.height / down
    for n in range(across):
        for m in range(down):
            box = (round(n * wide), round(m * high), round((n + 1) * wide), round((m + 1) * high))
            size = (1, box[3] - box[1]) if along == "y" else (box[2] - box[0], 1)
            one = issued.crop(box).resize(size, Image.Resampling.BOX).tobytes()
            two = other.crop(box).resize(size, Image.Resampling.BOX).tobytes()
            offset = _offset(one, two, reach)
            if offset is not None:
                yield (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, offset


def _offset(one: Sequence[int], two: Sequence[int], reach: int) -> float | None:
    """Return by how many pixels a profile is shifted against another, to a part of one; None where it is unclear."""
    core = one[reach : len(one) - reach]
    mean = sum(core) / len(core)
    spread = sum(map(mul, core, core)) - mean * mean * len(core)
    if spread < LEAST_INK * LEAST_INK * len(core):
        return None
    correlations = []
    for shift in range(2 * reach + 1):
        part = two[shift : shift + len(core)]
        total = sum(part)
        own = sum(map(mul, part, part)) - total * total / len(part)
        correlations.append((sum(map(mul, core, part)) - mean * total) / math.sqrt(spread * own) if own > 1 else 0.0)
    best = max(range(len(correlations)), key=correlations.__getitem__)
    if correlations[best] < LIKE_BLOCK or best in {0, len(correlations) - 1}:
        return None
    left, top, right = correlations[best - 1 : best + 2]
    bend = left - 2 * top + right
    return best - reach + (0.5 * (left - right) / bend if bend < 0 else 0.0)


def _fitted(points: Sequence[tuple[float, float, float]]) -> tuple[float, float, float] | None:
    """Return a, b, c for which a x + b y + c is nearest to the third of each point; None where they are too few."""
    if len(points) < 4:  # three unknowns
        return None
    count = len(points)
    mx, my, md = (sum(p[n] for p in points) / count for n in range(3))
    xx = STIFF + sum((p[0] - mx) ** 2 for p in points)
    yy = STIFF + sum((p[1] - my) ** 2 for p in points)
    xy = sum((p[0] - mx) * (p[1] - my) for p in points)
    xd = sum((p[0] - mx) * (p[2] - md) for p in points)
    yd = sum((p[1] - my) * (p[2] - md) for p in points)
    scale = xx * yy - xy * xy
    a, b = (xd * yy - yd * xy) / scale, (yd * xx - xd * xy) / scale
    return a, b, md - a * mx - b * my
