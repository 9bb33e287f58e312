"""States and counties: one spelling for what people write in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from assistant.program import stored

SHORT_SAINTS = {"saint": "st", "sainte": "ste"}


def fold(text: str) -> str:
    """Return a name as it is compared: no accents, no punctuation, small letters, single spaces, "saint" as "st"."""
    letters = text.casefold()
    if text.isascii() and text.isalnum():
        return SHORT_SAINTS.get(letters, letters)
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['\u2018\u2019\u02bb\u02bc.]", "", letters)).split()
    return " ".join(SHORT_SAINTS.get(word, word) for word in words)


def may_be_same_county(one: str | None, other: str | None) -> bool:
    """Say whether nothing speaks against two names of counties being one; a county that is not named is any."""
    return not one or not other or fold_county(one) == fold_county(other)


def fold_county(text: str) -> str:
    """Return a county's name as it is compared: as ``fold``, without "County", "Parish" and the like, in one word.

    "De Witt" and "DeWitt", "La Salle" and "LaSalle" are the same county.
    """
    kinds = "city and borough|county|parish|borough|census area|municipality|municipio"
    return re.sub(f" (?:{kinds})$|^county of ", "", fold(text)).replace(" ", "")


@cache
def states() -> dict[str, str]:
    """Return the names of the States, D.C. and the territories by postal code."""
    return {row["code"]: row["name"] for row in stored.rows("states")}


@cache
def counties() -> dict[str, frozenset[str]]:
    """Return the names of the counties, parishes and boroughs of each State, as ``fold_county`` gives them.

    From the Census Bureau's names, by us-atlas 3.0.1; independent cities are among them.
    """
    return {
        row["state"]: frozenset(fold_county(name) for name in row["counties"].split(";"))
        for row in stored.rows("counties")
    }


@cache
def county_names() -> frozenset[str]:
    """Return the names of all counties, whatever their State."""
    return frozenset().union(*counties().values())


def state_code(text: str | None) -> str | None:
    """Return the postal code for a code or a name in any case, or ``None``."""
    return _codes().get(fold(text or ""))


@cache
def _codes() -> dict[str, str]:
    """Return the postal codes by code and by name, both folded; rules ask for them at every save."""
    codes: dict[str, str] = {}
    for code, name in states().items():
        for words in (code.casefold(), fold(name)):
            codes.setdefault(words, code)
    return codes
