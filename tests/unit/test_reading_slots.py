"""Slots: what a blank of a map is for, whatever a person wrote as its label."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.editions.catalog import LeftBlank, get_edition
from assistant.reading.slots import LABELS, expected, label_of, pages_of, slot_of

if TYPE_CHECKING:
    from assistant.editions.catalog import Side

SIDES: tuple[Side, ...] = ("agency", "ice")


def left(label: str, side: Side = "ice") -> LeftBlank:
    return LeftBlank(blank="b", page=1, label=label, side=side, reason="ICE’s")


@pytest.mark.parametrize(
    ("label", "side", "slot"),
    [
        ("title, under “For ICE”", "ice", "ice_title"),
        ("Signature", "agency", "lea_signature"),
        ("section VII, “For DHS:”", "ice", "contact_vii_ice"),
        ("Section VIII, initials", "ice", ""),
        ("section VII, initials", "agency", ""),
        ("a blank, under “ICE”", "ice", ""),
        ("Appendix A, For ICE, line 1", "ice", ""),
        ("", "agency", ""),
    ],
)
def test_a_blank_that_stays_empty_has_a_slot_only_in_the_signature_block(label: str, side: Side, slot: str) -> None:
    assert slot_of(left(label, side)) == slot


@given(label=st.text(max_size=40), side=st.sampled_from(SIDES))
def test_no_label_of_a_map_breaks_the_reader(label: str, side: Side) -> None:
    known = get_edition("moa-wso/2025-02-14")
    edition = replace(known, left_blank=(left(label, side), *known.left_blank))
    assert slot_of(edition.left_blank[0]) in {"", *LABELS}
    assert all(label_of(slot, edition) for slot in expected(edition) | pages_of(edition).keys() | LABELS.keys())
