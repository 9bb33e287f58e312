"""Mutants of real forms: bytes flipped, cut out, doubled or swapped, the same for the same seed."""

from __future__ import annotations

import random
import re

_WORDS = re.compile(rb"/(?:W|Size|Prev|Index|Length|First|N|Kids|Count|Fields|Rect|Type|Root|Filter|Columns|DA|FT)\b")
NUMBERS = (b"0", b"-1", b"1", b"65536", b"99999999999", b"4294967295", b"1e9", b"null", b"[", b"<<", b"/X")


def mutant(data: bytes, seed: int) -> bytes:
    """Return the file changed in one to six places."""
    chance = random.Random(seed)  # noqa: S311 - the same mutants every time
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        chance.choice((_flip, _flip, _cut, _double, _swap, _renumber, _renumber))(changed, chance)
    return bytes(changed)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 40))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 10, 1_000, len(data)))]
    data.extend(b"" if data else b"%")


def _double(data: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(data)), chance.choice((1, 20, 5_000))
    data[at:at] = data[at : at + length]


def _swap(data: bytearray, chance: random.Random) -> None:
    one, other, length = chance.randrange(len(data)), chance.randrange(len(data)), chance.choice((4, 100, 2_000))
    data[one : one + length], data[other : other + length] = data[other : other + length], data[one : one + length]


def _renumber(data: bytearray, chance: random.Random) -> None:
    """Write another value behind a word that the structure hangs on."""
    places = [match.end() for match in _WORDS.finditer(data)]
    if places:
        at = chance.choice(places)
        data[at : at + chance.choice((2, 4, 8))] = b" " + chance.choice(NUMBERS) + b" "
