"""A page by its picture: found among others, laid over its known page, whatever the paper did."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

pytest.importorskip("cv2", reason="the extra scan is not installed")

from assistant.scans.alignment import ALIGN_DPI, PageMap, align_page, find_segments
from assistant.scans.matching import (
    MATCH_DPI,
    find_points,
    is_believable,
    map_points,
    match_page,
)
from assistant.scans.one_thread import cv2
from assistant.scans.paper import InkPicture, find_ink_share, measure_darkness, reduce_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from assistant.scans.alignment import Alignment
    from assistant.scans.matching import PagePoints, PictureMatch

    Photograph = tuple[NDArray[np.uint8], Callable[[NDArray[np.float64]], NDArray[np.float64]]]

WIDE, HIGH = 1275, 1650
WORDS = (
    *("agreement", "agency", "officers", "shall", "bear", "all costs", "training", "program", "no others", "until"),
    *("either", "party", "ends it", "in writing", "before", "that day", "as set forth", "above", "section", "nine"),
    *("where", "both", "so agree", "supervision", "complaint", "records"),
)
TENTH_OF_A_POINT = 1 / 720


def draw_page(seed: int, lines: int = 52, footer: str = "") -> NDArray[np.uint8]:
    """A page of made-up lines at ``ALIGN_DPI``: 0 black to 255 white."""
    chance = np.random.default_rng(seed)
    page = Image.new("L", (WIDE, HIGH), 255)
    drawing, font = ImageDraw.Draw(page), ImageFont.load_default(21)
    for n in range(lines):
        words = " ".join(WORDS[k] for k in chance.integers(0, len(WORDS), 13))
        drawing.text((150, 150 + n * 26), words[: int(chance.integers(40, 92))], font=font, fill=0)
    drawing.text((150, HIGH - 110), footer, font=font, fill=0)
    return np.array(page)


def as_darkness(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (1 - gray.astype(np.float32) / 255).astype(np.float32)


def photograph(gray: NDArray[np.uint8], keystone: float = 0.0, angle: float = 0.0, bend: float = 0.0) -> Photograph:
    """The page as a phone takes it, and a function that says where places of the page (inches) then are.

    ``keystone``: by which part the top is narrower; ``bend``: inches by which the paper's middle rises.
    """
    high, wide = gray.shape
    dx = keystone * wide / 2
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    narrow = np.array([(dx, 0), (wide - dx, 0), (wide, high), (0, high)], np.float32)
    turned = cv2.getRotationMatrix2D((wide / 2, high / 2), -angle, 1.0)
    narrow = cv2.transform(narrow[None], turned)[0].astype(np.float32)
    plane = cv2.getPerspectiveTransform(corners, narrow)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    curve = bend * ALIGN_DPI * np.sin(np.pi * x / wide)
    bent = cv2.remap(gray, x, (y + curve).astype(np.float32), cv2.INTER_CUBIC, borderValue=255)
    taken = cv2.warpPerspective(bent, plane, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        pixels = points * ALIGN_DPI
        pixels = pixels - np.column_stack([0 * pixels[:, 0], bend * ALIGN_DPI * np.sin(np.pi * pixels[:, 0] / wide)])
        return map_points(plane, pixels) / ALIGN_DPI

    return taken, place


def lay(page: NDArray[np.uint8], taken: NDArray[np.uint8]) -> Alignment:
    darkness = as_darkness(page)
    paper = measure_darkness(taken, ALIGN_DPI)
    known = find_points(reduce_picture(darkness, ALIGN_DPI, MATCH_DPI))
    match = match_page(find_points(reduce_picture(paper, ALIGN_DPI, MATCH_DPI)), known, 1)
    assert match
    return align_page(darkness, find_segments(darkness), InkPicture(darkness=paper, dpi=ALIGN_DPI), match)


def test_a_shadow_is_paper_and_print_in_it_is_dark() -> None:
    page = draw_page(1)
    shade = np.linspace(1.0, 0.45, WIDE)[None, :] * np.linspace(0.8, 1.0, HIGH)[:, None]
    darkness = measure_darkness((page * shade).astype(np.uint8), ALIGN_DPI)
    assert float(np.abs(darkness[page == 255]).mean()) < 0.02
    assert float(darkness[page < 20].mean()) > 0.9
    assert find_ink_share(darkness) == pytest.approx(find_ink_share(as_darkness(page)), abs=0.005)
    assert find_ink_share(measure_darkness(np.full((HIGH, WIDE), 130, np.uint8), ALIGN_DPI)) == 0


def best_match(points: PagePoints, known: Mapping[int, PagePoints]) -> PictureMatch | None:
    matches = [match for n, one in known.items() if (match := match_page(points, one, n))]
    return max(matches, key=lambda match: match.inliers, default=None)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_is_found_among_others_however_it_is_turned(quarters: int) -> None:
    known = {n: find_points(reduce_picture(as_darkness(draw_page(n)), ALIGN_DPI, MATCH_DPI)) for n in (1, 2, 3)}
    turned = np.rot90(draw_page(2), -quarters)
    points = find_points(reduce_picture(as_darkness(np.ascontiguousarray(turned)), ALIGN_DPI, MATCH_DPI))
    match = best_match(points, known)
    assert match
    assert (match.page, match.turn, match.is_sure) == (2, quarters * 90, True)
    assert match.scale == pytest.approx(1, abs=0.01)
    assert best_match(find_points(reduce_picture(as_darkness(draw_page(9)), ALIGN_DPI, MATCH_DPI)), known) is None


def test_both_pages_of_a_sheet_are_found() -> None:
    sheet = np.full((HIGH, 2 * WIDE), 255, np.uint8)
    sheet[:, :WIDE], sheet[:, WIDE:] = draw_page(2), draw_page(1)
    small = cv2.resize(sheet, (1650, 1067), interpolation=cv2.INTER_AREA)
    known = {n: find_points(reduce_picture(as_darkness(draw_page(n)), ALIGN_DPI, MATCH_DPI)) for n in (1, 2)}
    points = find_points(reduce_picture(as_darkness(small), ALIGN_DPI, 1.5 * MATCH_DPI))
    first = best_match(points, known)
    assert first
    second = best_match(points.without(first.used), known)
    assert second
    assert {first.page, second.page} == {1, 2}


@pytest.mark.parametrize(
    ("keystone", "angle", "bend"),
    [(0, 0, 0), (0, 1.5, 0), (0, -4.5, 0), (0.05, 0, 0), (0.03, 2, 0), (0, 0, 0.12), (0.03, -1, 0.1)],
)
def test_print_is_laid_over_its_place(keystone: float, angle: float, bend: float) -> None:
    page = draw_page(4)
    taken, place = photograph(page, keystone, angle, bend)
    alignment = lay(page, taken)
    assert alignment.share > 0.97
    x, y = np.meshgrid(np.linspace(1.1, 5.5, 9), np.linspace(1.1, 9.8, 15))
    points = np.column_stack([x.ravel(), y.ravel()])
    off = np.hypot(*(alignment.page_map.at(points) - place(points)).T)
    assert float(np.median(off)) < 3 * TENTH_OF_A_POINT
    assert float(off.max()) < 10 * TENTH_OF_A_POINT


def test_the_footer_of_a_nearly_empty_page_lies_in_its_place() -> None:
    page = draw_page(5, lines=5, footer="Memorandum of Agreement between the agencies named above, page 13 of 14")
    taken, place = photograph(page, 0.0, 1.2)
    alignment = lay(page, taken)
    footer = np.array([(1.2, 10.3), (3.0, 10.3), (5.0, 10.3)])
    off = np.hypot(*(alignment.page_map.at(footer) - place(footer)).T)
    assert float(off.max()) < 10 * TENTH_OF_A_POINT


def test_what_is_laid_over_is_the_page_again() -> None:
    page = draw_page(6)
    taken, _ = photograph(page, 0.02, 1.0, 0.05)
    alignment = lay(page, taken)
    paper = InkPicture(darkness=measure_darkness(taken, ALIGN_DPI), dpi=ALIGN_DPI)
    over = alignment.page_map.lay_over(paper)
    assert over.shape == page.shape
    soft = [cv2.GaussianBlur(one, (0, 0), 1.2).ravel() for one in (as_darkness(page), over)]
    assert float(np.corrcoef(*soft)[0, 1]) > 0.96
    fine = alignment.page_map.lay_over(paper, 300)
    assert fine.shape == (2 * HIGH, 2 * WIDE)


def test_what_lies_beyond_the_edge_of_the_picture_is_known() -> None:
    plane = np.array([(1.0, 0, -0.5), (0, 1.0, 0), (0, 0, 1.0)])
    page_map = PageMap.flat(plane, (8.5, 11.0))
    beyond = page_map.find_beyond((8.5, 11.0), np.array([(0.4, 5.0), (0.6, 5.0), (8.4, 10.9)]))
    assert beyond.tolist() == [True, False, False]


def test_a_map_that_folds_or_mirrors_paper_is_not_believed() -> None:
    size = (8.5, 11.0)
    assert is_believable(np.eye(3), size)
    turned = math.radians(30)
    cos, sin = math.cos(turned), math.sin(turned)
    assert is_believable(np.array([(cos, -sin, 3.0), (sin, cos, 1.0), (0, 0, 1.0)]), size)
    assert not is_believable(np.diag([-1.0, 1.0, 1.0]), size)
    assert not is_believable(np.diag([0.1, 0.1, 1.0]), size)
    assert not is_believable(np.diag([0.5, 1.0, 1.0]), size)
    assert not is_believable(np.array([(1.0, 0, 0), (0, 1.0, 0), (-0.2, 0, 1.0)]), size)
