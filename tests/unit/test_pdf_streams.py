"""Whether the streams of a PDF are whole: damage is told, and an empty page is none."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest

from assistant.pdf.form.template import compile_template


def with_content(content: bytes, *, cut: int = 0) -> bytes:
    """Return a PDF of two pages, the second with this content, its packed bytes shortened at the end."""
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(612, 792))
        packed = zlib.compress(content) if content else b""
        stream = pikepdf.Stream(pdf, packed[: len(packed) - cut])
        stream.stream_dict.Filter = pikepdf.Name.FlateDecode
        pdf.pages[1].Contents = stream
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


@pytest.mark.parametrize(("content", "cut", "whole"), [(b"", 0, True), (b"q Q", 0, True), (b"q Q", 3, False)])
def test_a_stream_of_no_bytes_is_whole_and_a_cut_one_is_not(content: bytes, cut: int, *, whole: bool) -> None:
    data = with_content(content, cut=cut)
    assert compile_template(data).whole is whole
