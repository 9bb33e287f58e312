"""Two recognizers of one line of print that share no code: Tesseract, and PP-OCR's recognition model.

Both are loaded late, once a process, and use one thread. Where tesserocr is absent an installed ``tesseract`` program
does its part. What is absent is None, and ``why_nothing_is_read`` says how to get it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from assistant import config

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BORDER = 24
"""Pixels of white around a line."""
TESSDATA, MODEL, LETTERS = "eng.traineddata", "ch_PP-OCRv4_rec_infer.onnx", "ppocr_keys_v1.txt"
HEIGHT = 48
"""Pixels: the height that PP-OCR's model reads."""
NARROWEST, WIDEST = 48, 2400
SECONDS = 20
"""Of the clock, for one call of the installed program."""
HOW_TO_GET = "Run `python3 bootstrap.py setup` to install what reads pictures of pages."


@dataclass(frozen=True, slots=True)
class LineReading:
    """What a recognizer read in a picture of one line; ``confidence`` is 0 to 100, its own measure."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWord:
    """A word on a page: its edges, its baseline (from the top) and its height, in pixels of the page's picture."""

    text: str
    left: float
    right: float
    base: float
    height: float


class Recognizer(Protocol):
    """Reads the picture of one line: grey, dark on white, uint8."""

    def read_line(self, picture: np.ndarray) -> LineReading:
        """Return what stands in the picture, "" where nothing does."""


def tesseract() -> Recognizer | None:
    """Return Tesseract, from its wheel or as an installed program; None where neither is there."""
    return _tesseract()


def pp_ocr() -> Recognizer | None:
    """Return PP-OCR's recognition model; None where it or onnxruntime is absent."""
    return _pp_ocr()


def why_nothing_is_read() -> str:
    """Return why pictures of pages are not read here and how to change that; "" where they are."""
    if find_spec("cv2") is None or _model(TESSDATA) is None:
        return HOW_TO_GET
    if find_spec("tesserocr") is None and shutil.which("tesseract") is None:
        return HOW_TO_GET
    return ""


def _model(name: str) -> Path | None:
    assets = config.assets_dir()
    file = assets / "models" / name if assets else None
    return file if file and file.is_file() else None


@cache
def _tesseract() -> Recognizer | None:
    data = _model(TESSDATA)
    if data is None:
        return None
    if find_spec("tesserocr") is not None:
        return _Tesserocr()
    program = shutil.which("tesseract")
    return _TesseractProgram(program, data.parent) if program else None


@cache
def _pp_ocr() -> Recognizer | None:
    model, letters = _model(MODEL), _model(LETTERS)
    if model is None or letters is None or find_spec("onnxruntime") is None:
        return None
    return _PpOcr(model, letters)


@cache
def tesseract_engine() -> Any:
    """Return the one engine of tesserocr in this process; whoever uses it sets its page segmentation first.

    Raises:
        ImportError: tesserocr is not installed.
    """
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    import tesserocr  # noqa: PLC0415 - large, and not on every machine

    data = _model(TESSDATA)
    return tesserocr.PyTessBaseAPI(path=str(data.parent) if data else "", lang="eng", oem=tesserocr.OEM.LSTM_ONLY)


def read_page(picture: np.ndarray) -> list[PageWord]:
    """Return the words of a page, grey at 200 dpi, in the order in which Tesseract reads them.

    None are read where Tesseract is an installed program: reading a whole page with it takes too long.
    """
    if find_spec("tesserocr") is None or _model(TESSDATA) is None:
        return []
    import tesserocr  # noqa: PLC0415 - as above

    api = tesseract_engine()
    api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK)
    height, width = picture.shape
    api.SetImageBytes(np.ascontiguousarray(picture).tobytes(), width, height, 1, width)
    api.SetSourceResolution(200)
    words_read = []
    level = tesserocr.RIL.WORD
    for item in tesserocr.iterate_level(api.GetIterator(), level) if api.GetUTF8Text().strip() else ():
        text, box, line = item.GetUTF8Text(level), item.BoundingBox(level), item.BoundingBox(tesserocr.RIL.TEXTLINE)
        if text and text.strip() and box and line:
            (_, y0), (_, y1) = item.Baseline(level) or ((0, box[3]), (0, box[3]))
            words_read.append(
                PageWord(
                    text=text.strip(), left=box[0], right=box[2], base=(y0 + y1) / 2, height=0.75 * (line[3] - line[1])
                )
            )
    api.Clear()
    return words_read


class _Tesserocr:
    def __init__(self) -> None:
        self._api = tesseract_engine()

    def read_line(self, picture: np.ndarray) -> LineReading:
        import tesserocr  # noqa: PLC0415 - as above

        framed = _framed(picture)
        self._api.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
        height, width = framed.shape
        self._api.SetImageBytes(framed.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(300)
        text = " ".join(self._api.GetUTF8Text().split())
        words = self._api.AllWordConfidences() if text else []
        self._api.Clear()
        return LineReading(text, float(min(words)) if words else 0.0)


class _TesseractProgram:
    """An installed Tesseract: each line is a process of its own, with the model of the set-up."""

    def __init__(self, program: str, folder: Path) -> None:
        self._command = [program, "stdin", "stdout", "--tessdata-dir", str(folder), "-l", "eng", "--psm", "7", "--dpi"]

    def read_line(self, picture: np.ndarray) -> LineReading:
        file = io.BytesIO()
        Image.fromarray(_framed(picture)).save(file, "PNG")
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        with suppress(OSError, subprocess.SubprocessError):
            result = subprocess.run(  # noqa: S603 - the program that is on the path, a picture that we drew
                [*self._command, "300", "tsv"],
                input=file.getvalue(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
                env=environment,
            )
            rows = [row.split("\t") for row in result.stdout.decode("utf-8", "replace").splitlines()[1:]]
            words = [(row[11].strip(), float(row[10])) for row in rows if len(row) > 11 and row[11].strip()]
            if words:
                return LineReading(" ".join(word for word, _ in words), min(sure for _, sure in words))
        return LineReading("", 0.0)


class _PpOcr:
    def __init__(self, model: Path, letters: Path) -> None:
        import onnxruntime  # noqa: PLC0415 - large, and not on every machine

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        # The first answer of the model is "no letter", the last a space.
        self._letters = ["", *letters.read_text("utf-8").removesuffix("\n").split("\n"), " "]

    def read_line(self, picture: np.ndarray) -> LineReading:
        from assistant.scans.one_thread import cv2  # noqa: PLC0415 - as above

        framed = _framed(picture, 8)
        width = min(WIDEST, max(NARROWEST, round(framed.shape[1] * HEIGHT / framed.shape[0])))
        small = cv2.resize(framed, (width, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
        values = np.repeat((small / 127.5 - 1.0)[None, None], 3, axis=1)
        answer = np.asarray(self._session.run(None, {self._input: values})[0])[0]
        return self._decoded(answer)

    def _decoded(self, answer: Any) -> LineReading:
        """Return the text of the model's answer (steps, letters): repeated letters are one, unless a gap parts them."""
        best = answer.argmax(1)
        sure: Sequence[float] = answer.max(1)
        steps = [n for n, letter in enumerate(best) if letter and (n == 0 or letter != best[n - 1])]
        letters = [self._letters[best[n]] if best[n] < len(self._letters) else "?" for n in steps]
        confidence = 100 * float(np.mean([sure[n] for n in steps])) if steps else 0.0
        return LineReading(" ".join("".join(letters).split()), confidence)


def enlarge(picture: np.ndarray) -> np.ndarray:
    """Return a picture of a line half as large again."""
    from assistant.scans.one_thread import cv2  # noqa: PLC0415 - as above

    large: np.ndarray = cv2.resize(picture, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    return large


def soften_edges(picture: np.ndarray) -> np.ndarray:
    """Return a picture of a line with the jagged edges of a coarse scan made soft."""
    from assistant.scans.one_thread import cv2  # noqa: PLC0415 - as above

    soft: np.ndarray = cv2.GaussianBlur(picture, (0, 0), 1.0)
    return soft


def _framed(picture: np.ndarray, border: int = BORDER) -> np.ndarray:
    """Return a picture with white around it."""
    return np.ascontiguousarray(np.pad(picture, border, constant_values=255))
