"""Compare a signed copy with the file that was issued: one service for the page and for the command. Nothing is kept.

Both files are strangers': each is read in child processes with limits, a few pages at a time.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.errors import InputError, PdfError
from assistant.pdf.sandbox import Result, Task, define_task, run_in_sandbox
from assistant.rules.registry import ReviewDocument
from assistant.verifying.comparison import PageComparison
from assistant.verifying.findings import LIMITS, is_same, review_of
from assistant.verifying.signing import signed_of
from assistant.verifying.verdict import join_texts, match_pages, needs_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.verifying.comparison import ComparedPage
    from assistant.verifying.digital_signatures import SignatureCheck
    from assistant.verifying.document import ComparedTexts, IssuedLook, SignedLook
    from assistant.verifying.verdict import PageVerdictDocument

LOOK_AT_ISSUED: Task[IssuedLook] = define_task("assistant.verifying.document", "look_at_issued", seconds_per_page=3)
LOOK_AT_SIGNED: Task[SignedLook] = define_task("assistant.verifying.document", "look_at_signed", seconds_per_page=3)
COMPARE: Task[list[ComparedPage]] = define_task(
    "assistant.verifying.document", "compare_pages", seconds=20, seconds_per_page=6
)
COMPARE_TEXTS: Task[ComparedTexts] = define_task("assistant.verifying.document", "compare_texts", seconds_per_page=3)
CHECK_SIGNATURES: Task[list[SignatureCheck]] = define_task("assistant.verifying.digital_signatures", "check_signatures")
AT_ONCE = 2
PAGES_AT_ONCE = 7
"""Pages that one child compares; a page takes half a second, loading what it needs about as long."""
NEEDED = ("cv2", "tesserocr", "pyhanko")
NOT_INSTALLED = (
    "Comparing pages needs the part of this program that reads pictures of pages. Run `python3 bootstrap.py setup` "
    "without --without-scan to install it."
)
MAX_PAGES = 60


class VerifiedCopy(ReviewDocument):
    """A signed copy beside the issued file, page by page, as JSON; days are ISO."""

    same_document: bool
    edition: str | None
    pages: list[PageVerdictDocument]
    signed_pages: int
    signature: str
    date: str
    ice_side_empty: bool | None
    digital_signatures: list[SignatureCheck]
    limits: list[str]


def verify(
    signed: bytes,
    issued: bytes,
    *,
    signed_name: str = "The signed copy",
    issued_name: str = "The issued file",
    on_progress: Callable[[int, int], None] | None = None,
) -> VerifiedCopy:
    """Return whether a signed copy is the document that was issued, page by page, as JSON.

    ``on_progress`` is called, from any thread, with how many pages of the signed copy were compared, and of how many.

    Raises:
        PdfError: one of the files cannot be used; the sentence names it.
        InputError: what compares pictures of pages is not installed.
    """
    if not all(find_spec(name) for name in NEEDED):
        raise InputError(NOT_INSTALLED)
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
        compared_counts: list[int] = []
        if on_progress:
            on_progress(0, len(numbers))

        def compared(part: Sequence[int]) -> list[ComparedPage]:
            arguments = (str(path), blanks, json.dumps(list(part)))
            rows = _run_task(signed_name, COMPARE, signed, *arguments)
            compared_counts.append(len(part))
            if on_progress:
                on_progress(sum(compared_counts), len(numbers))
            return rows

        comparisons = [PageComparison.from_document(row) for rows in pool.map(compared, parts) for row in rows]
        together = match_pages(base["pages"], comparisons)
        if needs_texts(together):
            rows = _run_task(signed_name, COMPARE_TEXTS, signed, str(path), blanks)
            together = join_texts(together, rows)
        digital = _run_task(signed_name, CHECK_SIGNATURES, signed)
    signing = signed_of(read, base, together.comparisons)
    review = review_of(together, signing, base, digital)
    return {
        "same_document": is_same(together),
        "edition": base["edition"],
        "pages": [page.to_document() for page in (*together.pages, *together.extra_pages)],
        "signed_pages": read["pages"],
        "signature": signing.signature,
        "date": signing.date,
        "ice_side_empty": signing.ice_side_empty,
        "digital_signatures": digital,
        "limits": list(LIMITS),
        **review.to_document(),
    }


def _run_task(name: str, task: Task[Result], data: bytes, *arguments: str) -> Result:
    """Return what a child process says of a file; a refusal names the file."""
    try:
        return run_in_sandbox(task, data, *arguments)
    except PdfError as error:
        raise PdfError(f"{name}: {error}") from None
