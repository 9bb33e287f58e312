"""Which slots a page of an agreement has, by the words printed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.label_spots import inline_spots, list_spot
from assistant.reading.tokens import find_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answers import Model
    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading.label_spots import LabelSpot
    from assistant.reading.tokens import Token


def page_spots(page: ViewedPage, tokens: Sequence[Token], model: Model) -> list[LabelSpot]:
    """Return the slots that a page has by its words, the signature block left out."""
    spots_found = inline_spots("opla", page, tokens)
    if find_phrase(tokens[:60], ("memorandum", "of", "agreement")) is not None:
        spots = inline_spots("first", page, tokens)
        spots_found += [s for s in spots if s.slot == "agency" or model in {"TFM", "TTFM"}]
    lists = []
    if find_phrase(tokens, ("public", "information", "points", "of", "contact")) is not None:
        lists.append("public")
    elif model in {"TFM", "TTFM"}:
        spots_found += inline_spots("appendix_b", page, tokens)
        if find_phrase(tokens[:20], ("points", "of", "contact")) is not None:
            lists.append("contact")
    elif (start := find_phrase(tokens, ("pocs", "for", "purposes", "of", "this", "moa"))) is not None:
        spot = list_spot("contact_vii", page, tokens[start - 6 :])
        spots_found += [spot] if spot else []
    for slot in lists:
        spot = list_spot(slot, page, tokens)
        spots_found += [spot] if spot else []
    return spots_found
