"""Pages are in plain American English: a reader with nine years of school understands them."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING

from tests.unit.reading_grade import reading_grade
from tests.web.test_pages import crawl

if TYPE_CHECKING:
    from tests.web.conftest import PageClient

MEDIAN, MOST = 9, 12
FEWEST_WORDS = 30
# Recorded law, in the words of the law.
QUOTED_LAW = ("/program/counsel", "/steps/approvals")


def sentences_of(source: str) -> str:
    """Return the sentences of a page: its paragraphs and list items that end like one, without cited sources."""
    body = re.sub(
        r'<(span|p) class="(?:cite|small|usa-sr-only)[^"]*">.*?</\1>|<code.*?</code>', "", source, flags=re.DOTALL
    )
    parts = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", body, flags=re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", "", part).split()) for part in parts]
    return " ".join(text for text in texts if text.endswith((".", "?")))


def test_a_clerk_understands_every_page(client: PageClient, filled: str) -> None:
    pages = crawl(client, filled, pictures=False)
    texts = {address: sentences_of(text) for address, text in pages.items()}
    grades = sorted(
        (reading_grade(text), re.sub(r"[0-9a-f-]{20,}", "…", address))
        for address, text in texts.items()
        if len(text.split()) >= FEWEST_WORDS and not any(law in address for law in QUOTED_LAW)
    )
    for grade, address in grades:
        print(f"{grade:5.1f}  {address}")  # noqa: T201 - the grades are this test's output
    middle = median(grade for grade, _ in grades)
    print(f"{len(grades)} pages, median {middle:.1f}, highest {grades[-1][0]:.1f}")  # noqa: T201
    assert len(grades) > 20
    assert middle <= MEDIAN
    assert [one for one in grades if one[0] > MOST] == []
