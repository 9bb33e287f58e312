"""The three-way merge: what only one side changed is never lost, and only what both changed is a conflict."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.services.application.merging import is_same, merge_values

KEYS = st.sampled_from(["name", "phone", "models", "approved_on", "chief", "wording"])
VALUES = st.one_of(
    st.none(),
    st.sampled_from(["First", "Second", "Third", ""]),
    st.booleans(),
    st.sampled_from([date(2026, 1, 5), date(2026, 5, 1)]),
    st.lists(st.sampled_from(["JEM", "TFM", "WSO"]), unique=True).map(tuple),
    st.sampled_from([2, 2.5]),
)
PAGES = st.dictionaries(KEYS, VALUES)


@given(base=PAGES, mine=PAGES, theirs=PAGES)
def test_nothing_that_one_side_changed_is_dropped(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    merge = merge_values(base, mine, theirs)
    for key in mine.keys() | theirs.keys():
        their_value = theirs.get(key)
        if key not in mine:
            assert merge.values[key] == their_value, "what I was not asked stays theirs"
        elif is_same(mine[key], their_value):
            assert is_same(merge.values[key], their_value)
            assert key not in merge.conflicts, "the same change is no conflict"
        elif key in base and is_same(mine[key], base[key]):
            assert is_same(merge.values[key], their_value), "I did not touch it"
            assert key not in merge.conflicts
        elif key in base and is_same(their_value, base[key]):
            assert is_same(merge.values[key], mine[key]), "only I changed it"
            assert key not in merge.conflicts
        else:
            assert key in merge.conflicts, "both changed it, or nobody knows what was shown"
            assert is_same(merge.values[key], mine[key])
    assert set(merge.conflicts) <= mine.keys()


@given(base=PAGES, mine=PAGES, theirs=PAGES)
def test_both_sides_get_the_same_questions_and_the_same_merge(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    keys = base.keys() | mine.keys() | theirs.keys()
    one, other = ({key: page.get(key) for key in keys} for page in (mine, theirs))
    shown = {key: base.get(key) for key in keys}
    here, there = merge_values(shown, one, other), merge_values(shown, other, one)
    assert set(here.conflicts) == set(there.conflicts)
    for key in keys - set(here.conflicts):
        assert is_same(here.values[key], there.values[key])


@given(base=PAGES, theirs=PAGES)
def test_a_page_that_nobody_touched_changes_nothing(base: dict[str, object], theirs: dict[str, object]) -> None:
    merge = merge_values(base, base, theirs)
    assert not merge.conflicts
    assert all(is_same(merge.values[key], theirs.get(key)) for key in base)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("TFM", "WSO"), ("WSO", "TFM"), True),
        (("TFM",), ["TFM"], True),
        (("TFM",), ("WSO",), False),
        (("TFM",), ("TFM", "WSO"), False),
        ((), None, False),
        (None, "", False),
        (False, None, False),
        (date(2026, 1, 5), date(2026, 5, 1), False),
    ],
)
def test_boxes_in_another_order_are_the_same_answer(one: object, other: object, same: bool) -> None:  # noqa: FBT001 - a row
    assert is_same(one, other) is same
