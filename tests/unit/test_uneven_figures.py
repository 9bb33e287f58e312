"""Figures that a pen wrote and figures that were printed, told by how evenly they stand and reach."""

from __future__ import annotations

from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.reading.handwriting import wavers_like_a_pen

SCALE = 200 / 72
BOX = (10.0, 10.0, 150.0, 34.0)


def draw_date(text: str, uneven: float, *, rise: float = 0.0, ink: int = 0) -> Image.Image:
    """Return a picture of a date whose figures are moved up or down, at random, by so much of their height."""
    chance = Random(3)  # noqa: S311 - the same date every time
    picture = Image.new("L", (round(160 * SCALE), round(44 * SCALE)), 255)
    drawing = ImageDraw.Draw(picture)
    font = ImageFont.load_default(30)
    x = 40.0
    for figure in text:
        y = 44 + uneven * 22 * chance.uniform(-1.7, 1.7) - rise * (x - 40)
        drawing.text((x, y), figure, font=font, fill=ink)
        x += drawing.textlength(figure, font=font) + 4
    return picture


@pytest.mark.parametrize(
    ("uneven", "rise", "ink", "by_pen"),
    [
        (0.0, 0.0, 0, False),
        (0.0, 0.02, 0, False),
        (0.015, 0.0, 0, False),
        (0.09, 0.0, 0, True),
        (0.09, 0.02, 0, True),
        (0.09, 0.0, 160, False),
    ],
)
def test_written_figures_stand_unevenly_and_a_slanting_line_of_print_does_not(
    uneven: float, rise: float, ink: int, *, by_pen: bool
) -> None:
    picture = draw_date("03/28/2025", uneven, rise=rise, ink=ink)
    assert wavers_like_a_pen(picture, BOX, SCALE, only_figures=True) is by_pen


def test_too_few_figures_and_an_empty_box_tell_nothing() -> None:
    assert not wavers_like_a_pen(draw_date("3/2", 0.2), BOX, SCALE, only_figures=True)
    assert not wavers_like_a_pen(Image.new("L", (444, 122), 255), BOX, SCALE, only_figures=True)
    assert not wavers_like_a_pen(draw_date("03/28/2025", 0.2), (500.0, 10.0, 600.0, 34.0), SCALE, only_figures=True)
