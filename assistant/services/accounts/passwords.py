"""Passwords: which may be used, and how they are stored (Argon2id)."""

from __future__ import annotations

import os
import re
import unicodedata
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from zxcvbn import zxcvbn

from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_LETTERS, MOST_LETTERS = 15, 256
"""Characters of a password. NIST SP 800-63B-4, 3.1.1.2: at least 15 where it is the only factor, at least 64 must be
possible, no rules of composition. We ask for 15 beside the one-time code, too, as for the passphrase of the keys."""
LEAST_DIFFERENT = 6
LEAST_GUESSES = 10.0
"""Guesses, as a power of ten, that zxcvbn's authors call very hard to guess also where hashes were stolen."""
MOST_ESTIMATED = 72
"""Characters that zxcvbn reads; what comes behind them makes a password no easier to guess."""
MEMORY_KB, PASSES, LANES = 19_456, 2, 1
"""OWASP's password storage sheet: Argon2id with 19 MB, two passes, one lane."""
SALT_BYTES, HASH_BYTES = 16, 32
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password fits, of the same cost: an account that is not there takes as long as one that is."""

_AT_A_TIME = BoundedSemaphore(4)
"""Each hash takes 19 MB; many sign-ins at once wait for each other."""


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its salt and cost, as PHC string."""
    salt = os.urandom(SALT_BYTES)
    kdf = Argon2id(salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KB)
    with _AT_A_TIME:
        return kdf.derive_phc_encoded(_letters(password))


def is_password(password: str, stored: str) -> bool:
    """Say whether a password is the one that was hashed; ``stored`` is "" where there is none.

    The work is the same in all cases.
    """
    with _AT_A_TIME:
        try:
            Argon2id.verify_phc_encoded(_letters(password[:MOST_LETTERS]), stored or DUMMY)
        except InvalidKey:
            return False
    return bool(stored) and len(password) <= MOST_LETTERS


def refuse_weak_password(password: str, words: Iterable[str] = ()) -> None:
    """Do nothing where a password may be used; ``words`` are those of the person and the agency.

    Raises:
        InputError: it is too short, too long or too easy to guess.
    """
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise InputError(f"Use {LEAST_LETTERS} to {MOST_LETTERS} characters, such as four words or more.")
    if len(set(password)) < LEAST_DIFFERENT:
        raise InputError("Use more than a few different characters, such as four words or more.")
    if _guesses(password, words) < LEAST_GUESSES:
        raise InputError(
            "This password is too easy to guess: it is made of common passwords, names or rows of keys. Use four words "
            "or more that have nothing to do with each other."
        )


def _guesses(password: str, words: Iterable[str]) -> float:
    """Return the power of ten of the guesses that somebody needs who knows the common passwords and these words."""
    parts = [part for word in words for part in re.split(r"[^\w]+", word) if part]
    estimate = zxcvbn(password[:MOST_ESTIMATED], user_inputs=[*words, *parts])
    return float(estimate["guesses_log10"])


def _letters(password: str) -> bytes:
    # The same letters may be typed as one character or as two (NIST SP 800-63B-4, 3.1.1.2).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
