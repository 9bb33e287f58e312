"""Pages of several PDFs put together as one; it runs in the sandbox alone, on strangers' files."""

from __future__ import annotations

import base64
import io

import pypdfium2

from assistant.pdf.viewer.render import held_pdf


def assemble_pages(data: bytes, lengths: list[int], pages: list[list[int]]) -> str:
    """Return one PDF in base64, document of pages of others.

    Args:
        data: the other PDFs, one after another.
        lengths: the bytes of each.
        pages: for each page of the new file, which of them it is in (from 0), and its number there (from 1).

    Raises:
        PdfError: one of them cannot be opened.
    """
    files, start = [], 0
    for length in lengths:
        files.append(data[start : start + length])
        start += length
    document = pypdfium2.PdfDocument.new()
    try:
        for number, page in pages:
            with held_pdf(files[number]) as opened:
                document.import_pages(opened, pages=[page - 1])
        out = io.BytesIO()
        document.save(out)
    finally:
        document.close()
    return base64.b64encode(out.getvalue()).decode()
