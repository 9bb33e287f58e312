"""Other engines that fill PDF forms, each as its documentation says; one that is not installed is left out."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Engine = Callable[[bytes, Mapping[str, str]], bytes]

NODE = """
const { PDFDocument } = require('pdf-lib'); const fontkit = require('@pdf-lib/fontkit'); const fs = require('fs');
"""


def pypdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pypdf: a full rewrite."""
    from pypdf import PdfWriter  # noqa: PLC0415 - a peer, perhaps absent

    writer = PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, dict(values), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pypdf_incremental(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pypdf: an incremental update."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - as above

    writer = PdfWriter(PdfReader(io.BytesIO(data)), incremental=True)
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, dict(values), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pikepdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pikepdf's Form and its own appearance streams."""
    from pikepdf import Pdf  # noqa: PLC0415 - as above
    from pikepdf.form import DefaultAppearanceStreamGenerator, Form  # noqa: PLC0415 - as above

    with Pdf.open(io.BytesIO(data)) as pdf:
        form = Form(pdf, DefaultAppearanceStreamGenerator)
        for name, text in values.items():
            form[name].value = text  # type: ignore[union-attr]
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def pymupdf_incremental(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with PyMuPDF, saved incrementally."""
    import pymupdf  # noqa: PLC0415 - as above

    document = pymupdf.open(stream=data)
    for page in document:
        for widget in page.widgets():
            if widget.field_name in values and widget.field_type == pymupdf.PDF_WIDGET_TYPE_TEXT:
                widget.field_value = values[widget.field_name]
                widget.update()
    return bytes(document.write(incremental=True)) if document.can_save_incrementally() else bytes(document.tobytes())


def pdftk_java(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pdftk-java and its replacement font, a process each time."""
    rows = "".join(f"<</T({name})/V<FEFF{text.encode('utf-16-be').hex()}>>>" for name, text in values.items())
    fdf = f"%FDF-1.2\n1 0 obj<</FDF<</Fields[{rows}]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    folder = Path("/tmp")  # noqa: S108 - a benchmark's scratch
    (folder / "peer.fdf").write_bytes(fdf.encode("latin-1"))
    (folder / "peer-in.pdf").write_bytes(data)
    font = next(iter(Path("/usr/share/fonts").rglob("LiberationSans-Regular.ttf")), None)
    extra = ["replacement_font", str(font)] if font else []
    command = ["pdftk", str(folder / "peer-in.pdf"), "fill_form", str(folder / "peer.fdf"), "output", "-", *extra]
    return subprocess.run(command, capture_output=True, check=True).stdout


def chosen(*, full: bool) -> dict[str, Engine]:
    """Return the peers to run: pypdf and pikepdf, and with ``full`` whatever else is installed."""
    found: dict[str, Engine] = {}
    if find_spec("pypdf"):
        found["pypdf"] = pypdf
    if find_spec("pikepdf"):
        found["pikepdf"] = pikepdf
    if full:
        found["pypdf_incremental"] = pypdf_incremental
        if find_spec("pymupdf"):
            found["pymupdf_incremental"] = pymupdf_incremental
        if shutil.which("pdftk"):
            found["pdftk_java"] = pdftk_java
        if pdf_lib := pdf_lib_server():
            found["pdf_lib"] = pdf_lib
    return found


def pdf_lib_server() -> Engine | None:
    """Return pdf-lib behind one Node process, timed by Node itself where it is installed beside this script."""
    folder = Path(__file__).parent
    if not shutil.which("node") or not (folder / "node_modules" / "pdf-lib").is_dir():
        return None
    process = subprocess.Popen(["node", str(folder / "peer_pdf_lib.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def fill(data: bytes, values: Mapping[str, str]) -> bytes:
        assert process.stdin
        assert process.stdout
        request = json.dumps({"values": dict(values), "bytes": len(data)}).encode() + b"\n"
        process.stdin.write(request + data)
        process.stdin.flush()
        length = int(process.stdout.readline())
        return process.stdout.read(length)

    return fill
