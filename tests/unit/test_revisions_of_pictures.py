"""The revision date at the foot of a page, as a program reads a small line of a scan."""

import pytest

from assistant.reading.printed_revision import revision_in

REVISIONS = ("2025-02-12", "2025-02-14", "2025-03-07")


@pytest.mark.parametrize(
    ("line", "revision"),
    [
        ("Revised 02/14/2025", "2025-02-14"),
        ("Revsed O2/14/2025", "2025-02-14"),
        ("Revise 02/142025", "2025-02-14"),
        ("Revsed03072025", "2025-03-07"),
        ("Revised 02/15/2025", None),
        ("Revised 02/1/2025", None),
        ("Page 1 of 14", None),
        ("", None),
    ],
)
def test_a_line_at_the_foot_tells_one_of_the_dates_that_it_may_have(line: str, revision: str | None) -> None:
    assert revision_in(line, REVISIONS) == revision
