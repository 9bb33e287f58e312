"""A sealed file opens with its code alone, unaltered and whole; everything else gets one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.storage import sealed_file
from assistant.storage.sealed_file import (
    HEAD_BYTES,
    LARGEST_CONTENT,
    LETTERS,
    MAGIC,
    NEWER,
    NOT_OURS,
    WRONG,
    new_code,
    open_with_code,
    read_code,
    seal_with_code,
)

CODE = "2345-6789-abcd-efgh-jkmn"
CONTENT = b'{"answers": "Alex Nguy\xe1\xbb\x85n"}'
FILE = seal_with_code(CONTENT, CODE)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the key of a code once for each salt: what is tested here is the file."""
    made: dict[tuple[str, bytes], bytes] = {}
    slow = sealed_file._key

    def key(letters: str, salt: bytes) -> bytes:
        if (letters, salt) not in made:
            made[letters, salt] = slow(letters, salt)
        return made[letters, salt]

    monkeypatch.setattr(sealed_file, "_key", key)


def refusal(data: bytes, code: str = CODE) -> str:
    with pytest.raises(InputError) as caught:
        open_with_code(data, code)
    return str(caught.value)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=2_000))
def test_what_was_sealed_comes_out_again(content: bytes) -> None:
    sealed = seal_with_code(content, CODE)
    assert open_with_code(sealed, CODE) == content
    assert content not in sealed or len(content) < 4
    assert len(sealed) == HEAD_BYTES + 12 + len(content) + 16


def test_two_files_of_one_content_have_nothing_in_common_but_their_kind() -> None:
    one, other = seal_with_code(CONTENT, CODE), seal_with_code(CONTENT, CODE)
    assert one[:9] == other[:9] == MAGIC + b"\x01"
    assert one[9:25] != other[9:25]
    assert one[25:] != other[25:]


# Another salt is another key, which takes its time; four of its bytes are enough.
@pytest.mark.parametrize("place", [*range(13), *range(25, len(FILE))])
def test_a_file_with_one_altered_byte_does_not_open(place: int) -> None:
    altered = bytes([*FILE[:place], FILE[place] ^ 1, *FILE[place + 1 :]])
    assert refusal(altered) == (NOT_OURS if place < 8 else NEWER if place == 8 else WRONG)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 24, 25, 36, 37, 52, 53, len(FILE) - 1])
def test_a_file_that_is_cut_off_does_not_open(length: int) -> None:
    assert refusal(FILE[:length]) in {NOT_OURS, NEWER, WRONG}


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_anything_else_is_told_in_one_sentence(data: bytes) -> None:
    assert refusal(data) == NOT_OURS
    assert refusal(MAGIC + data) in {NEWER, WRONG}
    assert refusal(FILE + b"x") == WRONG


def test_another_version_says_what_to_do() -> None:
    assert refusal(MAGIC + b"\x02" + FILE[9:]) == NEWER


@pytest.mark.parametrize("code", ["", "2345-6789-abcd-efgh-jkmp", "2345", "🙂" * 20, "2345-6789-abcd-efgh-jkmn-2345"])
def test_another_code_opens_nothing(code: str) -> None:
    assert refusal(FILE, code) == WRONG


@pytest.mark.parametrize(
    "code", [CODE.upper(), CODE.replace("-", " "), f"  {CODE.replace('-', '')}\n", CODE.replace("-", "–")]
)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert open_with_code(FILE, code) == CONTENT


def test_codes_are_long_and_never_the_same() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(read_code(code) and len(code) == 24 for code in codes)
    assert not set("01ilo") & set(LETTERS)


def test_what_is_too_large_or_has_no_real_code_is_not_sealed() -> None:
    with pytest.raises(InputError, match="8 MB"):
        seal_with_code(bytes(LARGEST_CONTENT + 1), CODE)
    with pytest.raises(InputError, match="not a code"):
        seal_with_code(b"x", "password")
    assert refusal(MAGIC + b"\x01" + bytes(LARGEST_CONTENT + 100)) == NOT_OURS
