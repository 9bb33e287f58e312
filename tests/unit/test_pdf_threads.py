"""pdfium is not safe for threads: whatever uses it waits for its turn, and a crash would end the whole test run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from assistant.editions.library import FormLibrary
from assistant.errors import PdfError
from assistant.pdf.viewer.read_back import DrawnPages
from assistant.pdf.viewer.render import page_count, page_png
from assistant.services.application.make_bundle import make

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers


@pytest.mark.long
def test_many_threads_make_read_and_draw_at_once(official_forms: Path, example_answers: Answers) -> None:
    library = FormLibrary.from_directory(official_forms)
    form = library.choose("WSO").data
    assert form is not None
    expected = page_png(form, 6, width=300)
    whole = make(example_answers, library, today=date(2026, 2, 1), draft=False).sha256

    def work(n: int) -> bool:
        if n % 3 == 0:
            return make(example_answers, library, today=date(2026, 2, 1), draft=False).sha256 == whole
        if n % 3 == 1:
            return page_png(form, 6, width=300) == expected
        with DrawnPages(form) as drawn:
            return len(drawn) == page_count(form) == 10 and bool(drawn.letters(n % 10))

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(work, range(60)))


def test_a_file_that_cannot_be_opened_keeps_nobody_waiting(official_forms: Path) -> None:
    for _ in range(3):
        with pytest.raises(PdfError):
            DrawnPages(b"%PDF-1.7 nothing")
        with pytest.raises(PdfError):
            page_png(b"%PDF-1.7 nothing", 0, width=100)
    form = next(official_forms.glob("*.pdf")).read_bytes()
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(page_count, form).result(timeout=20) > 0
