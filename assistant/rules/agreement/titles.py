"""The title under which ICE signs, distinguished from the agency's where both stand in one blank."""

from __future__ import annotations

import re

from assistant.program.words import chief_titles, words


def strip_ices_title(text: str) -> str:
    """Return what stands in a title's blank beside the title under which ICE signs; "" where nothing does.

    Both may run into each other, as where one field stands on both sides: "Acting DirectorChief of Police". A title
    that goes on from ICE's ("Acting Director of Public Safety") is another one, and is returned whole.
    """
    plain = " ".join(text.split())
    for title in sorted(words("ices_titles"), key=len, reverse=True):
        match = re.search(title.replace(" ", r"\s*"), plain, re.IGNORECASE)
        if match is None:
            continue
        rest = f"{plain[: match.start()]} {plain[match.end() :]}"
        rest = " ".join(rest.strip(" ,;/|-").split())
        if not rest or rest.casefold() in chief_titles(None):
            return rest
    return plain
