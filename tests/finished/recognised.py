"""Agreements printed, scanned and read by a real program (Tesseract), as offices do it; slow, so pages are kept."""

from __future__ import annotations

import io
import os
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Callable

DPI = 200


def recognised(data: bytes, picture: Callable[[pypdfium2.PdfPage, int, int], bytes]) -> bytes:
    """Return each page as a picture with the text that Tesseract reads in it; ``picture`` makes a JPEG at a dpi.

    Raises:
        FileNotFoundError: there is no program ``tesseract`` on this machine.
    """
    pdf = pypdfium2.PdfDocument(data)
    with pikepdf.new() as made:
        for n in range(len(pdf)):
            with pikepdf.open(io.BytesIO(_read(picture(pdf[n], n, DPI)))) as page:
                made.pages.extend(page.pages)
        out = io.BytesIO()
        made.save(out)
    pdf.close()
    return out.getvalue()


@lru_cache(maxsize=1024)
def _read(picture: bytes) -> bytes:
    command = ["tesseract", "stdin", "stdout", "--dpi", str(DPI), "pdf"]
    alone = os.environ | {"OMP_THREAD_LIMIT": "1"}
    return subprocess.run(command, input=picture, capture_output=True, check=True, env=alone).stdout
