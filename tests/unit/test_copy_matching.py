"""A dropped file divided by what its pages show: scans, pictures in any order, and our own sheet among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.signing_day import code_text
from assistant.services.after_export.copy_matching import CopyPart, divide_pages, find_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.verifying.page_finder import PageSighting

PAGES = {"letter": 1, "tfm": 4, "wso": 3}
NAMES = {"L": "letter", "T": "tfm", "W": "wso"}
CODE = code_text("A1B2C3D4", "02-moa-tfm.pdf", 9, 14)


def see(text: str) -> list[PageSighting]:
    """Return sightings: "T2" is page 2 of the TFM agreement, "t2" perhaps; "?" unknown, "_" empty, "#" ours."""
    rows: list[PageSighting] = []
    for number, word in enumerate(text.split(), 1):
        name = NAMES.get(word[0].upper())
        rows.append(
            {
                "number": number,
                "document": name,
                "page": int(word[1:]) if name else None,
                "sure": word[0].isupper() or word == "_",
                "empty": word == "_",
                "codes": [CODE] if word == "#" else [],
            }
        )
    return rows


def divide(text: str, *, of_pictures: bool = False, whole: bool = False) -> dict[str, tuple[int, ...]]:
    """Return the pages of each document."""
    parts: Sequence[CopyPart] = divide_pages(see(text), PAGES, of_pictures=of_pictures, whole=whole)
    return {part.document: part.pages for part in parts}


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("T1 T2 T3 T4", {"tfm": (1, 2, 3, 4)}),
        ("L1 T1 T2 T3 T4 W1 W2 W3", {"letter": (1,), "tfm": (2, 3, 4, 5), "wso": (6, 7, 8)}),
        # What shows nothing goes with the page before it: a back side, a page that could not be told.
        ("T1 ? T3 T4 W1 _ W2 W3", {"tfm": (1, 2, 3, 4), "wso": (5, 6, 7, 8)}),
        # A page that is perhaps of another document does not divide a file.
        ("T1 T2 w2 T4", {"tfm": (1, 2, 3, 4)}),
        ("? ? _", {"": (1, 2, 3)}),
        # Our sheet is no page of a copy, wherever it lies.
        ("# T1 T2 T3 T4", {"tfm": (2, 3, 4, 5)}),
        ("T1 T2 # T3 T4 # W1 W2 W3", {"tfm": (1, 2, 4, 5), "wso": (7, 8, 9)}),
        ("#", {"": (1,)}),
    ],
)
def test_a_scan_is_divided_by_its_documents(pages: str, expected: dict[str, tuple[int, ...]]) -> None:
    assert divide(pages) == expected


def test_a_digitally_signed_file_stays_whole() -> None:
    assert divide("# T1 T2 T3 T4 W1", whole=True) == {"tfm": (1, 2, 3, 4, 5, 6)}


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("T4 T2 T1 T3", {"tfm": (3, 2, 4, 1)}),
        ("W1 T1 L1 T2", {"letter": (3,), "tfm": (2, 4), "wso": (1,)}),
        # One document lacks as many pages as there are pictures that show none: they stand by their file names.
        ("T1 ? T3 T4", {"tfm": (1, 2, 3, 4)}),
        ("T1 ? ? T4 W1", {"": (2, 3), "tfm": (1, 4), "wso": (5,)}),
        ("# T2 T1 T3 T4", {"tfm": (3, 2, 4, 5)}),
        ("T1 # T3 T4", {"tfm": (1, 3, 4)}),
    ],
)
def test_pictures_are_put_in_the_order_of_the_pages(pages: str, expected: dict[str, tuple[int, ...]]) -> None:
    assert divide(pages, of_pictures=True) == expected


@given(
    st.lists(st.sampled_from(["L1", "T1", "T2", "T3", "T4", "W1", "W2", "W3", "w1", "?", "_", "#"]), min_size=1),
    st.booleans(),
    st.booleans(),
)
def test_each_page_is_in_one_part_but_our_sheet(words: list[str], of_pictures: bool, whole: bool) -> None:  # noqa: FBT001
    parts = divide_pages(see(" ".join(words)), PAGES, of_pictures=of_pictures, whole=whole)
    pages = sorted(page for part in parts for page in part.pages)
    everything = list(range(1, len(words) + 1))
    own = {n for n, word in enumerate(words, 1) if word == "#"}
    empty = {n for n, word in enumerate(words, 1) if word == "_"}
    assert len(pages) == len(set(pages))
    if whole or len(own) == len(words):
        assert set(everything) - set(pages) <= (empty if of_pictures else set())
    else:
        assert set(everything) - own - set(pages) <= (empty if of_pictures else set())
        assert not own & set(pages)


def test_the_sheet_names_its_bundle() -> None:
    assert find_sheet(see("T1 # T3 #")) == ((2, 4), frozenset({"A1B2C3D4"}))
    assert find_sheet(see("T1 T2")) == ((), frozenset())
    rows = see("#")
    rows[0]["codes"] = ["287G another paper", "287G a1b2c3d4 x 1/2"]
    assert find_sheet(rows) == ((), frozenset())
