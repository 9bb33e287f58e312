from __future__ import annotations

import json
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SealError
from assistant.storage import sealing
from assistant.storage.sealing import (
    LARGEST_REMEMBERED,
    MOST_REMEMBERED,
    Keyring,
    new_keyring,
    open_keyring,
    read_keyring,
    write_keyring,
)

if TYPE_CHECKING:
    from pathlib import Path

RING = new_keyring()
PLACE = "applications.title.1"


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(text: str) -> None:
    assert RING.open(RING.seal(text, PLACE), PLACE) == text


def test_a_sealed_text_says_nothing_and_is_never_the_same() -> None:
    sealed = {RING.seal("Alex Nguyễn", PLACE) for _ in range(100)}
    assert len(sealed) == 100
    assert not any(b"Alex" in one for one in sealed)


def test_moved_to_another_place_it_does_not_open() -> None:
    with pytest.raises(SealError, match="was changed outside this program"):
        RING.open(RING.seal("x", PLACE), "applications.title.2")


@given(data=st.data())
def test_any_altered_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal("Alex", PLACE))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        RING.open(bytes(sealed), PLACE)


@given(junk=st.binary(max_size=60))
def test_junk_does_not_open(junk: bytes) -> None:
    with pytest.raises(SealError):
        RING.open(junk, PLACE)


def test_an_older_key_opens_and_the_new_one_seals() -> None:
    sealed = RING.seal("Alex", PLACE)
    newer = RING.with_new_key()
    assert newer.open(sealed, PLACE) == "Alex"
    assert not newer.is_current(sealed)
    assert newer.is_current(newer.seal("Alex", PLACE))
    assert newer.sign(b"x") == RING.sign(b"x")
    with pytest.raises(SealError, match="key file"):
        newer.without_old_keys().open(sealed, PLACE)


def test_a_thread_that_seals_while_another_reads_the_newer_ring_uses_the_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = open_keyring(tmp_path / "keyring.json")
    write_keyring(tmp_path / "keyring.json", ring.with_new_key())
    meanwhile: list[bytes] = []

    def seal_while_reading(path: Path, **options: Any) -> Keyring:
        monkeypatch.setattr(sealing, "read_keyring", read_keyring)
        meanwhile.append(ring.seal("Alex", PLACE))
        return read_keyring(path, **options)

    monkeypatch.setattr(sealing, "read_keyring", seal_while_reading)
    ring.refresh()
    (sealed,) = meanwhile
    assert read_keyring(tmp_path / "keyring.json").is_current(sealed)


def test_a_signature_tells_where_parts_end() -> None:
    assert RING.sign(b"ab", b"c") != RING.sign(b"a", b"bc")
    assert RING.sign(b"a") != new_keyring().sign(b"a")


def test_key_file_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "database.json"
    ring = open_keyring(path)
    assert open_keyring(path) == ring
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["database.json"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(open_keyring, [tmp_path / "database.json"] * 8))
    assert all(ring == rings[0] for ring in rings)


def test_key_file_is_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "database.json"
    ring = RING.with_new_key()
    write_keyring(path, ring)
    assert read_keyring(path) == ring
    key = ring.keys[ring.current]
    assert repr(key) not in repr(ring), "a key is never shown"
    assert "audit" not in repr(ring)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "{",
        lambda _: json.dumps([]),
        lambda document: json.dumps(document | {"format": "moa-keys/9"}),
        lambda document: json.dumps(document | {"current": "00000000"}),
        lambda document: json.dumps(document | {"audit": "c2hvcnQ="}),
        lambda document: json.dumps({key: document[key] for key in document if key != "audit"}),
        lambda _: "schlüssel",
    ],
)
def test_a_spoilt_key_file_is_refused_and_stays(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "database.json"
    write_keyring(path, RING)
    text = spoil(json.loads(path.read_text()))  # type: ignore[operator]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SealError, match=r"database\.json: .* Restore the right key file"):
        open_keyring(path)
    assert path.read_text("utf-8") == text


def test_what_was_opened_lately_is_not_opened_again_but_only_in_its_place() -> None:
    ring = new_keyring()
    read: list[str] = []

    def reading(text: str) -> str:
        read.append(text)
        return text.upper()

    sealed = ring.seal("example", "applications.document.1")
    assert [ring.opened(sealed, "applications.document.1", reading) for _ in range(2)] == ["EXAMPLE", "EXAMPLE"]
    assert read == ["example"]
    with pytest.raises(SealError):
        ring.opened(sealed, "applications.document.2", reading)
    with pytest.raises(SealError):
        ring.opened(sealed[:-1] + bytes([sealed[-1] ^ 1]), "applications.document.1", reading)
    ring.forget()
    assert ring.opened(sealed, "applications.document.1", reading) == "EXAMPLE"
    assert read == ["example", "example"]


def test_a_large_text_and_an_old_one_are_not_kept() -> None:
    ring = new_keyring()
    read: list[str] = []
    large = ring.seal("x" * LARGEST_REMEMBERED, "a")
    for _ in range(2):
        ring.opened(large, "a", read.append)
    assert len(read) == 2
    first = ring.seal("first", "a")
    for number in range(MOST_REMEMBERED + 1):
        ring.opened(first if number == 0 else ring.seal(str(number), "a"), "a", read.append)
    ring.opened(first, "a", read.append)
    assert read.count("first") == 2
