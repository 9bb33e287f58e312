"""What streams are stored with, undone as qpdf undoes it, and within limits."""

from __future__ import annotations

import io
import random

import pikepdf
import pytest
from PIL import Image

from assistant.errors import PdfError
from assistant.pdf.objects import filters
from assistant.pdf.objects.filters import TOO_LARGE, UNPACKERS, unpredict
from assistant.pdf.objects.syntax import BROKEN
from tests.unit.made_deviations import runs


def some_bytes(seed: int, length: int) -> bytes:
    """Return bytes that repeat themselves, so that codes grow long and runs occur."""
    chance = random.Random(seed)  # noqa: S311 - the same bytes every time
    found = b""
    while len(found) < length:
        found += chance.choice(
            (chance.randbytes(9), bytes([chance.randrange(256)]) * chance.randint(1, 200), found[:40])
        )
    return found[:length]


def lzw(data: bytes, early: int) -> bytes:
    """Return data as LZW codes, as long as they have to be (7.4.4.2)."""
    bits: list[str] = []
    table: dict[bytes, int] = {}
    width = 9

    def put(code: int) -> None:
        bits.append(f"{code:0{width}b}")

    def clear() -> None:
        nonlocal width
        put(256)
        table.clear()
        table.update({bytes([n]): n for n in range(256)})
        width = 9

    clear()
    known = b""
    for byte in data:
        longer = known + bytes([byte])
        if longer in table:
            known = longer
            continue
        put(table[known])
        table[longer] = len(table) + 2
        if len(table) + 2 + early > 4095:
            clear()
        else:
            # The reader is one entry behind.
            width = max(9, (len(table) + 1 + early).bit_length())
        known = bytes([byte])
    put(table[known])
    width = min(12, max(9, (len(table) + 2 + early).bit_length()))
    put(257)
    whole = "".join(bits)
    whole += "0" * (-len(whole) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8, "big")


def undone_by_qpdf(data: bytes, name: str, settings: dict[str, int]) -> bytes:
    with pikepdf.new() as pdf:
        stream = pikepdf.Stream(pdf, data)
        stream.stream_dict.Filter = pikepdf.Name("/" + name)
        if settings:
            stream.stream_dict.DecodeParms = pikepdf.Dictionary({f"/{key}": value for key, value in settings.items()})
        return stream.read_bytes(pikepdf.StreamDecodeLevel.all)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("early", [0, 1])
def test_lzw_is_undone_as_qpdf_does_it(seed: int, early: int) -> None:
    data = some_bytes(seed, 40_000)
    packed = lzw(data, early)
    assert UNPACKERS["LZWDecode"](packed, {"EarlyChange": early}) == data
    assert undone_by_qpdf(packed, "LZWDecode", {"EarlyChange": early}) == data


@pytest.mark.parametrize("seed", range(4))
def test_letters_and_runs_are_undone_as_qpdf_does_it(seed: int) -> None:
    data = some_bytes(seed, 5_000)
    for name, packed in (
        ("RunLengthDecode", runs(data)),
        ("RunLengthDecode", b"".join(b"\xff" + bytes([byte]) for byte in data) + b"\x80"),
        ("ASCIIHexDecode", data.hex("\n", 40).encode() + b">"),
        ("ASCIIHexDecode", data.hex().upper().encode() + b"7>"),
    ):
        assert UNPACKERS[name](packed, {}) == undone_by_qpdf(packed, name, {})


@pytest.mark.parametrize("samples", [1, 3, 4])
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_tiff_predictor_is_undone_as_qpdf_does_it(depth: int, samples: int) -> None:
    columns = 24
    data = some_bytes(depth, 10 * (columns * samples * depth // 8))
    settings = {"Predictor": 2, "Colors": samples, "BitsPerComponent": depth, "Columns": columns}
    packed = lzw(data, 1)
    assert unpredict(data, settings) == undone_by_qpdf(packed, "LZWDecode", settings) != data


def test_a_picture_that_libtiff_wrote_comes_out_as_it_was() -> None:
    picture = Image.frombytes("RGB", (61, 40), some_bytes(7, 61 * 40 * 3))
    file = io.BytesIO()
    picture.save(file, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    with Image.open(file) as opened:
        starts, lengths = opened.tag_v2[273], opened.tag_v2[279]  # type: ignore[attr-defined]
    whole = file.getvalue()
    settings = {"Predictor": 2, "Colors": 3, "Columns": 61}
    rows = b"".join(
        unpredict(UNPACKERS["LZW"](whole[at : at + length], {}), settings)
        for at, length in zip(starts, lengths, strict=True)
    )
    assert rows == picture.tobytes()


@pytest.mark.parametrize("settings", [{}, {"Predictor": 1}, {"Predictor": 1, "Columns": 0}])
def test_without_a_predictor_nothing_changes(settings: dict[str, int]) -> None:
    assert unpredict(b"abc", settings) == b"abc"


def test_what_is_no_code_and_no_digit_is_damage() -> None:
    for name, packed in (("LZWDecode", b"\xff\xff\xff"), ("ASCIIHexDecode", b"4G>")):
        with pytest.raises(PdfError) as caught:
            UNPACKERS[name](packed, {})
        assert str(caught.value) == BROKEN


def test_bombs_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "MAX_SLOW", 100_000)
    data = bytes(200_000)
    for name, packed in (("LZWDecode", lzw(data, 1)), ("RunLengthDecode", b"\x81\0" * 2_000)):
        with pytest.raises(PdfError) as caught:
            UNPACKERS[name](packed, {})
        assert str(caught.value) == TOO_LARGE
    with pytest.raises(PdfError) as caught:
        unpredict(bytes(filters.MAX_PREDICTED + 1), {"Predictor": 2})
    assert str(caught.value) == TOO_LARGE
