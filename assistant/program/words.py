"""Word lists with which rules compare texts, in the spelling of ``places.fold``."""

from __future__ import annotations

from functools import cache

from assistant.cache import cached_text
from assistant.program import stored
from assistant.program.states_and_counties import fold, states


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of ``data/words.toml``.

    Raises:
        KeyError: there is no such list.
    """
    return frozenset(stored.table("words")[name])


@cached_text(64)
def chief_titles(kind: str | None) -> frozenset[str]:
    """Return the titles of a chief officer for a kind of agency; for any other kind, the titles of all."""
    titles: dict[str, list[str]] = stored.table("words")["chief_titles"]
    groups = [titles[kind]] if kind in titles else titles.values()
    return frozenset(title for group in groups for title in group)


def fold_address(text: str) -> str:
    """Return an address as it is compared: as ``fold``, with "street" and the like, and its State, abbreviated."""
    short: dict[str, str] = stored.table("words")["address"]
    folded = " ".join(short.get(word, word) for word in fold(text).split())
    address, _, zip_code = folded.rpartition(" ")
    if not zip_code.isdigit():
        return folded
    # The longest first: West Virginia ends in Virginia.
    for code, state in sorted(states().items(), key=lambda pair: -len(pair[1])):
        name = f" {fold(state)}"
        if address.endswith(name):
            return f"{address.removesuffix(name)} {code.casefold()} {zip_code}"
    return folded
