"""Pages that were scanned again and the copy that is there: where each page of the joined copy comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.services.after_export.copy_checks import is_another
from assistant.services.after_export.copy_joining import EARLIER, NEWER, EarlierCopy, join_copies, plan_pages

if TYPE_CHECKING:
    from assistant.verifying.verdict import PageVerdictDocument, Verdict


def row(page: int | None, signed_page: int | None, verdict: Verdict = "same") -> PageVerdictDocument:
    """Return what a comparison says of one page."""
    return {
        "page": page,
        "verdict": verdict,
        "rotation": 0,
        "similarity": None,
        "signed_page": signed_page,
        "by_text": False,
        "why": (),
    }


def rows_of(text: str) -> list[PageVerdictDocument]:
    """Return a comparison in short: a letter for each issued page, "-" where it is missing."""
    verdicts: dict[str, Verdict] = {"s": "same", "a": "altered", "u": "unreadable", "c": "unclear"}
    rows, place = [], 0
    for page, letter in enumerate(text, 1):
        place += letter != "-"
        rows.append(row(page, None, "missing") if letter == "-" else row(page, place, verdicts[letter]))
    return rows


@pytest.mark.parametrize(
    ("earlier", "newer", "places"),
    [
        ("ssss", "--s-", [(0, 1, 1), (0, 2, 2), (1, 1, 3), (0, 4, 4)]),
        ("ss--", "--ss", [(0, 1, 1), (0, 2, 2), (1, 1, 3), (1, 2, 4)]),
        ("ss--", "-s--", [(0, 1, 1), (1, 1, 2)]),
        ("aaaa", "a---", [(1, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4)]),
        ("suss", "-u--", [(0, 1, 1), (1, 1, 2), (0, 3, 3), (0, 4, 4)]),
        ("ssss", "-us-", [(0, 1, 1), (0, 2, 2), (1, 2, 3), (0, 4, 4)]),
        # The newer one has all that the earlier one has, so it takes its place.
        ("ss--", "sss-", None),
        ("ssss", "ssss", None),
        ("ssss", "----", None),
    ],
)
def test_each_page_comes_from_the_newer_scan_that_has_it(
    earlier: str, newer: str, places: list[tuple[int, int, int]] | None
) -> None:
    assert plan_pages(rows_of(earlier), rows_of(newer)) == places


def test_a_page_that_cannot_be_compared_replaces_none_that_can() -> None:
    with pytest.raises(InputError, match="flat and in focus"):
        plan_pages(rows_of("ssss"), rows_of("-u--"))


def test_pages_of_no_document_stay_at_the_end() -> None:
    earlier, newer = [*rows_of("ss"), row(None, 3, "extra")], [*rows_of("-s"), row(None, 2, "extra")]
    assert plan_pages(earlier, newer) == [(0, 1, 1), (1, 1, 2), (0, 3, None), (1, 2, None)]


@given(st.lists(st.tuples(st.sampled_from("sacu-"), st.sampled_from("sac-")), min_size=1, max_size=14))
def test_no_page_is_lost_and_none_comes_twice(pairs: list[tuple[str, str]]) -> None:
    earlier, newer = (rows_of("".join(letters)) for letters in zip(*pairs, strict=True))
    places = plan_pages(earlier, newer)
    if places is None:
        assert not any(old != "-" == new for old, new in pairs) or all(new == "-" for _, new in pairs)
        return
    assert [page for _, _, page in places] == [n for n, pair in enumerate(pairs, 1) if pair != ("-", "-")]
    assert all(source == (NEWER if pairs[page - 1][1] != "-" else EARLIER) for source, _, page in places if page)


@pytest.mark.parametrize("which", [EARLIER, NEWER])
def test_a_digitally_signed_file_is_never_taken_apart(which: int) -> None:
    files = [b"%PDF-1.7", b"%PDF-1.7"]
    files[which] += b" /ByteRange [0 1 2 3]"
    earlier = EarlierCopy(
        copy_id=UUID(int=1),
        file_name="whole.pdf",
        data=files[EARLIER],
        names=(),
        rows=tuple(rows_of("ss")),
        confirmed_pages=frozenset(),
    )
    assert join_copies(earlier, files[NEWER], rows_of("-s"), file_name="again.pdf", names=()) is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("ssssssssss", False),
        ("ssssaaassa", False),
        ("aaaaaassss", True),
        # Some of its pages alone.
        ("------s---", False),
        ("ss--------", False),
        ("sa--------", True),
        ("------a---", True),
        ("-u-uau----", True),
        ("----------", True),
        # A document of one page.
        ("a", False),
    ],
)
def test_a_copy_of_another_document_is_told_from_a_scan_of_some_pages(rows: str, expected: bool) -> None:  # noqa: FBT001
    assert is_another(rows_of(rows)) is expected


def test_pages_of_no_document_speak_against_it() -> None:
    assert not is_another([*rows_of("ss--------"), row(None, 3, "extra")])
    assert is_another([*rows_of("ss--------"), row(None, 3, "extra"), row(None, 4, "extra")])
