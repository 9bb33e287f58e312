"""The tour names every picture that lies in its folder and no other; the pictures are small; README leads there."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
TOUR, PICTURES = ROOT / "docs" / "tour.md", ROOT / "docs" / "tour"
MAX_BYTES = 60_000


def test_the_tour_names_every_picture_in_order() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(tour/([^)]+)\)", TOUR.read_text("utf-8"))
    assert [name for _, name in shown] == sorted(path.name for path in PICTURES.iterdir())
    assert len(shown) == 10
    assert all(len(words) > 10 for words, _ in shown), "each picture says what it shows"


def test_pictures_are_small() -> None:
    for path in PICTURES.iterdir():
        assert path.stat().st_size <= MAX_BYTES, path.name
        with Image.open(path) as picture:
            assert picture.format == "WEBP"
            assert picture.width == 1000


def test_the_readme_shows_pictures_of_the_tour_and_leads_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    after = readme.partition("<!-- End of the first screen. -->")[2]
    assert "(docs/tour.md)" in after
    names = re.findall(r"\(docs/tour/([^)]+)\)", after)
    assert sorted(names) == sorted(path.name for path in PICTURES.iterdir())
    assert "docs/tour" not in readme.partition("<!-- End of the first screen. -->")[0]
