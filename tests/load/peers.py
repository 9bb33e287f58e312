"""Other engines that fill PDF forms, each as its documentation says; one that is not installed is left out."""

from __future__ import annotations

import atexit
import ctypes
import io
import json
import logging
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Engine = Callable[[bytes, Mapping[str, str]], bytes]

REQUIRED = "try { require('pdf-lib'); require('@pdf-lib/fontkit') } catch { process.exit(1) }"


def _font() -> Path:
    from assistant import config  # noqa: PLC0415 - a process that measures one engine's start shall not read it

    return config.font_path("Regular")


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
    """Fill with PyMuPDF, saved incrementally, which it does to files only."""
    import pymupdf  # noqa: PLC0415 - as above

    file = Path("/tmp/peer-mupdf.pdf")  # noqa: S108 - a benchmark's scratch
    file.write_bytes(data)
    document = pymupdf.open(file)
    for page in document:
        for widget in page.widgets():
            if widget.field_name in values and widget.field_type == pymupdf.PDF_WIDGET_TYPE_TEXT:
                widget.field_value = values[widget.field_name]
                widget.update()
    document.saveIncr()
    document.close()
    return file.read_bytes()


def pdfium(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pdfium, by typing into each field as its viewer does; a full rewrite."""
    import pypdfium2  # noqa: PLC0415 - as above
    import pypdfium2.raw as api  # noqa: PLC0415 - as above

    letters = ctypes.POINTER(api.FPDF_WCHAR)
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    form = document.formenv.raw
    for page in document:
        for n in range(api.FPDFPage_GetAnnotCount(page)):
            note = api.FPDFPage_GetAnnot(page, n)
            if api.FPDFAnnot_GetFormFieldType(form, note) == api.FPDF_FORMFIELD_TEXTFIELD:
                length = api.FPDFAnnot_GetFormFieldName(form, note, None, 0)
                name = ctypes.create_string_buffer(length)
                api.FPDFAnnot_GetFormFieldName(form, note, ctypes.cast(name, letters), length)
                text = values.get(name.raw[:-2].decode("utf-16-le"))
                if text is not None:
                    typed = ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
                    api.FORM_SetFocusedAnnot(form, note)
                    api.FORM_SelectAllText(form, page)
                    api.FORM_ReplaceSelection(form, page, ctypes.cast(typed, letters))
                    api.FORM_ForceToKillFocus(form)
            api.FPDFPage_CloseAnnot(note)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def pdftk_java(data: bytes, values: Mapping[str, str]) -> bytes:
    """Fill with pdftk-java and its replacement font, a process each time."""
    rows = "".join(f"<</T({name})/V<FEFF{text.encode('utf-16-be').hex()}>>>" for name, text in values.items())
    fdf = f"%FDF-1.2\n1 0 obj<</FDF<</Fields[{rows}]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    folder = Path("/tmp")  # noqa: S108 - a benchmark's scratch
    (folder / "peer.fdf").write_bytes(fdf.encode("latin-1"))
    (folder / "peer-in.pdf").write_bytes(data)
    command = ["pdftk", str(folder / "peer-in.pdf"), "fill_form", str(folder / "peer.fdf"), "output", "-"]
    command += ["replacement_font", str(_font())]
    return subprocess.run(command, capture_output=True, check=True).stdout


def chosen(*, full: bool) -> dict[str, Engine]:
    """Return the peers to run: pypdf and pikepdf, and with ``full`` whatever else is installed."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every letter that it does not write
    found: dict[str, Engine] = {}
    if find_spec("pypdf"):
        found["pypdf"] = pypdf
    if find_spec("pikepdf"):
        found["pikepdf"] = pikepdf
    if full:
        found["pypdf_incremental"] = pypdf_incremental
        if find_spec("pypdfium2"):
            found["pdfium"] = pdfium
        if find_spec("pymupdf"):
            found["pymupdf_incremental"] = pymupdf_incremental
        if shutil.which("pdftk"):
            found["pdftk_java"] = pdftk_java
        if pdf_lib := pdf_lib_server():
            found["pdf_lib"] = pdf_lib
    return found


def pdf_lib_server() -> Engine | None:
    """Return pdf-lib behind one Node process, which NODE_PATH tells where pdf-lib and @pdf-lib/fontkit lie."""
    if not shutil.which("node") or subprocess.run(["node", "-e", REQUIRED], check=False).returncode:
        return None
    command = ["node", str(Path(__file__).with_name("peer_pdf_lib.js")), str(_font())]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def fill(data: bytes, values: Mapping[str, str]) -> bytes:
        if not process.stdin or not process.stdout:
            raise BrokenPipeError
        process.stdin.write(json.dumps({"values": dict(values), "bytes": len(data)}).encode() + b"\n" + data)
        process.stdin.flush()
        return process.stdout.read(int(process.stdout.readline()))

    atexit.register(process.terminate)
    return fill
