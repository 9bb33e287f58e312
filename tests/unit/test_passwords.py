"""Which passwords are taken: long ones that no list of common passwords makes up."""

from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.services.accounts.passwords import DUMMY, hash_password, is_password, refuse_weak_password

WORDS = ("ada.sample@ecso.example.gov", "Ada Sample")


@pytest.mark.parametrize(
    "password",
    ["purple kettle walks slowly", "x7$kQ9!mZr2#pLv8a", "çağlayan yüksek ördek tepede", "a b c d e f g h " * 16],
)
def test_a_long_password_is_taken_without_rules_of_composition(password: str) -> None:
    refuse_weak_password(password[:256], WORDS)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("purple kettle", "15 to 256 characters"),
        ("purple kettl 14", None),
        ("x" * 257, "15 to 256 characters"),
        ("abababababababab", "few different"),
        ("passwordpassword", "easy to guess"),
        ("password123456789", "easy to guess"),
        ("qwertyuiopasdfgh", "easy to guess"),
        ("letmeinletmeinletmein", "easy to guess"),
        ("footballbaseball", "easy to guess"),
        ("ada.sample@ecso.example.gov", "easy to guess"),
        ("adasampleadasample", "easy to guess"),
    ],
)
def test_a_short_a_common_and_ones_own_name_are_refused(password: str, sentence: str | None) -> None:
    if sentence is None:
        assert len(password) == 15
        refuse_weak_password(password, WORDS)
        return
    with pytest.raises(InputError, match=sentence):
        refuse_weak_password(password, WORDS)


def test_a_hash_is_argon2id_with_its_own_salt_and_opens_for_its_password_alone() -> None:
    first, second = hash_password("purple kettle walks slowly"), hash_password("purple kettle walks slowly")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert DUMMY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_password("purple kettle walks slowly", first)
    assert not is_password("purple kettle walks slowl", first)
    assert not is_password("", "")
    assert is_password("cafe\u0301 au lait, encore", hash_password("caf\u00e9 au lait, encore")), "typed another way"
