"""The tour's pictures can be made from the program as it is: its walk goes by the words that the pages have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import tour

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Tab


def test_the_walk_of_the_tour_passes_every_page_of_it(tabs: Callable[..., Tab]) -> None:
    tab = tabs()
    names = []
    for name in tour.walk(tab.page):
        names.append(f"{name}.webp")
        assert len(tour.take_picture(tab.page)) <= tour.MAX_BYTES
    assert names == sorted(path.name for path in tour.FOLDER.iterdir())
