"""Days are written one way on every page: March 7, 2025. A revision stands as it is printed on its form."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup

from assistant.editions.catalog import all_editions
from assistant.services.form_maps import forms
from assistant.web.kit.moments import days_in_words, short_title
from tests.web.made_up import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

PAGES = (
    "/", "/forms/", "/forms/add", "/check/", "/lists/", "/lists/import", "/program/", "/program/counsel",
    "/program/glossary", "/program/sources", "/program/contact", "/program/facts", "/program/rules",
    "{app}", "{app}steps/before-you-begin", "{app}steps/agency", "{app}steps/address", "{app}steps/eligibility",
    "{app}steps/models", "{app}steps/approvals", "{app}steps/signatory", "{app}steps/program-contact",
    "{app}steps/public-information-contact", "{app}steps/ice-office", "{app}nominees/", "{app}nominees/new",
    "{app}nominees/roster/", "{app}nominees/criteria/", "{app}review/?open=all", "{app}documents/", "{app}papers/",
    "{app}checklist/", "{app}editions/", "{app}signatory/", "{app}hand-over/", "{app}delete",
)  # fmt: skip
OTHER_FORMS = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})\b"
)
AS_PRINTED = re.compile(r"as updated \d\d/\d\d/\d{4}|[\w.-]+-287g-\d{4}-\d\d-\d\d\S*|moa-\w+/\S+|letter/\S+")
"""What ICE's page prints of itself, and names of files and editions."""


def other_dates(source: str) -> set[str]:
    main = re.search(r"<main.*?</main>", source, re.DOTALL)
    assert main
    text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<code>.*?</code>", " ", main[0], flags=re.DOTALL)))
    revisions = {edition.revision_label for edition in all_editions()}
    return set(OTHER_FORMS.findall(AS_PRINTED.sub(" ", text))) - revisions


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("address", PAGES)
def test_a_day_is_written_one_way(client: PageClient, filled: str, address: str) -> None:
    response = client.get(address.format(app=filled), follow_redirects=True)
    assert response.status_code == 200, address
    assert other_dates(response.text) == set()


@pytest.fixture
def kept(parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        session.commit()


@pytest.mark.parametrize("text", ["2026-01-12", "1/12/2026", "01.12.26", "Jan 12, 2026", "12 January 2026"])
def test_other_ways_are_noticed(text: str) -> None:
    assert other_dates(f"<main><p>Approved {text}.</p></main>") == {text}
    assert other_dates("<main>January 12, 2026, TFM rev. 02/12/2025</main>") == set()


def test_a_day_within_a_text_is_written_as_a_page_does() -> None:
    assert days_in_words("Signed 2025-07-14; as of 2026-01.") == "Signed July 14, 2025; as of January 2026."
    for text in ("Code mirror 2023-24", "https://example.gov/2025-07-14/x", "O.C.G.A. 36-80-23", "2025-13-40"):
        assert days_in_words(text) == text


def test_a_long_name_is_cut_in_the_title_alone() -> None:
    name = "Sample Springs and Example Lake Joint County Sheriff’s Office"
    assert short_title(Markup(f"Agency – {name}")) == "Agency – Sample Springs and Example Lake Joint County She…"  # noqa: S704 - our own words
    assert short_title(Markup("Agency – Smith &amp; Co")) == "Agency – Smith & Co"
