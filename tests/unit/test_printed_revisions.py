"""The revision that `forms inspect` tells is the one printed, whatever stands beside it."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.editions.recognition import inspect_document


def form_with_foot(foot: str) -> bytes:
    """Return one page with a line at its foot."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    canvas.drawString(72, 700, "Memorandum of Agreement")
    canvas.drawString(400, 30, foot)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("foot", "revision"),
    [
        ("Rev 2/14/25 1", "2025-02-14"),
        ("Rev 2/14/25", "2025-02-14"),
        ("Rev. 03/07/2025 1", "2025-03-07"),
        ("Revised: 03/07/2025", "2025-03-07"),
        ("Rev 2/14/2025 12", "2025-02-14"),
        ("Review 2/14/25", None),
    ],
)
def test_a_page_number_beside_the_revision_is_no_part_of_the_year(foot: str, revision: str | None) -> None:
    assert inspect_document(form_with_foot(foot))["revision"] == revision
