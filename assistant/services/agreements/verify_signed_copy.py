"""Hold a signed copy against the file that was issued: one service for the page and for the command. Nothing is kept.

Both files are strangers': each is read in child processes with limits, a few pages at a time.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.errors import PdfError
from assistant.pdf.sandbox import Result, Task, define_task, run_in_sandbox
from assistant.verifying.compare import PageComparison
from assistant.verifying.findings import LIMITS, is_same, looks_like_another, review_of, review_of_sheets
from assistant.verifying.signing import signed_of
from assistant.verifying.verdict import match_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pdf.sandbox import Task
    from assistant.verifying.compare import ComparedPage
    from assistant.verifying.document import IssuedLook, SignedLook


LOOK_AT_ISSUED: Task[IssuedLook] = define_task("assistant.verifying.document", "look_at_issued", seconds_per_page=3)
LOOK_AT_SIGNED: Task[SignedLook] = define_task("assistant.verifying.document", "look_at_signed", seconds_per_page=3)
LOOK_AT_SHEETS: Task[bool] = define_task("assistant.verifying.document", "shows_two_issued_pages", seconds_per_page=3)
COMPARE: Task[list[ComparedPage]] = define_task("assistant.verifying.document", "compare_pages", seconds=40)
"""A part of ``PAGES_AT_ONCE`` pages; phone pictures, shadows and other editions took 1.8 s a page."""
AT_ONCE = 2
PAGES_AT_ONCE = 4
MAX_PAGES = 60


def verify(
    signed: bytes, issued: bytes, *, signed_name: str = "The signed copy", issued_name: str = "The issued file"
) -> dict[str, Any]:
    """Return whether a signed copy is the document that was issued, page by page, as JSON.

    Raises:
        PdfError: one of the files cannot be used; the sentence names it.
    """
    base = _run_task(issued_name, LOOK_AT_ISSUED, issued)
    if base["pages"] > MAX_PAGES:
        raise PdfError(f"{issued_name}: The PDF has more than {MAX_PAGES} pages; use a file with the agreement alone.")
    if len(base["with_text"]) < base["pages"]:
        raise PdfError(
            f"{issued_name}: The PDF has a page without text to compare; use the file as this program made it, "
            "not a scan."
        )
    with TemporaryDirectory(prefix="moa-issued-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        path = Path(folder) / "issued.pdf"
        path.write_bytes(issued)
        read = _run_task(signed_name, LOOK_AT_SIGNED, signed)
        if read["pages"] > MAX_PAGES:
            raise PdfError(
                f"{signed_name}: The PDF has more than {MAX_PAGES} pages; use a file with the signed agreement alone."
            )
        numbers = range(1, read["pages"] + 1)
        parts = [numbers[n : n + PAGES_AT_ONCE] for n in range(0, len(numbers), PAGES_AT_ONCE)]
        blanks = json.dumps(base["blanks"])

        def compared(part: Sequence[int]) -> list[ComparedPage]:
            arguments = (str(path), blanks, json.dumps(list(part)))
            return _run_task(signed_name, COMPARE, signed, *arguments)

        comparisons = [PageComparison.from_document(row) for rows in pool.map(compared, parts) for row in rows]
        together = match_pages(base["pages"], comparisons)
        two_pages = looks_like_another(together) and _run_task(signed_name, LOOK_AT_SHEETS, signed, str(path))
    signing = signed_of(read, base, together.comparisons)
    review = review_of_sheets() if two_pages else review_of(together, signing, base)
    if two_pages:
        # Each page may well be there, but none could be compared.
        hidden = [replace(p, verdict="unreadable") if p.verdict == "missing" else p for p in together.pages]
        together = replace(together, pages=tuple(hidden))
    return {
        "same_document": is_same(together),
        "edition": base["edition"],
        "pages": [page.to_document() for page in together.pages],
        "signed_pages": read["pages"],
        "signature": signing.signature,
        "date": signing.date,
        "ice_side_empty": signing.ice_side_empty,
        "limits": list(LIMITS),
        **review.to_document(),
    }


def _run_task(name: str, task: Task[Result], data: bytes, *arguments: str) -> Result:
    """Return what a child process says of a file; a refusal names the file."""
    try:
        return run_in_sandbox(task, data, *arguments)
    except PdfError as error:
        raise PdfError(f"{name}: {error}") from None
