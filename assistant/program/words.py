"""Word lists with which rules compare texts, in the spelling of ``places.fold``."""

from __future__ import annotations

from functools import cache

from assistant.cache import cached_text
from assistant.program import stored
from assistant.program.states_and_counties import fold


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
    """Return an address as it is compared: as ``fold``, with "street" and the like abbreviated."""
    short: dict[str, str] = stored.table("words")["address"]
    return " ".join(short.get(word, word) for word in fold(text).split())
