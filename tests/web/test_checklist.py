"""The checklist on pages: the words of the printed one, who has what to do, and the way to each place."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from assistant.answers import with_path
from assistant.documents.blocks import Checks
from assistant.documents.checklist import compose_checklist
from assistant.editions.library import FormLibrary
from assistant.services.application.review import review
from assistant.web.kit.moments import days_in_words
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def counts(page: str) -> dict[str, tuple[int, ...]]:
    rows = re.findall(r'<th scope="row">([^<]+)</th>((?:<td>\d+</td>){3})</tr>', page)
    return {who: tuple(map(int, re.findall(r"\d+", cells))) for who, cells in rows}


def test_a_ready_application(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}checklist/").text
    assert "Nothing blocks the export." in page
    assert counts(page)["Agency"] == (2, 0, 0)
    assert counts(page)["Counsel"] == counts(page)["Governing body"] == (1, 0, 0)
    assert counts(page)["Signatory"] == (0, 1, 0)
    hub = client.get(filled).text
    assert counts(hub) == counts(page)
    assert f'href="{filled}checklist/"' in hub


def test_what_blocks_is_led_to_its_place(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "nominees.0.us_citizen", None)
    answers = with_path(answers, "signatory.title", None)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}checklist/").text
    assert "Fix before signing (" in page
    assert counts(page)["Signatory"] == (0, 0, 1)
    assert re.search(r'href="[^"]+/nominees/[^"]+/criteria[^"]*">Nominees: Alex Nguyễn', page)
    assert re.search(r'href="[^"]+steps/signatory[^"]*#signatory-title">Signatory: Title', page)


def test_the_page_says_what_the_document_says(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "approvals.counsel_reviewed_on", None)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    found = review(answers, FormLibrary([]), today=NOW.date())
    composed = compose_checklist(answers, found, today=NOW.date(), draft=not found.ready)
    page = client.get(f"{address}checklist/").text
    texts = [check.text for block in composed.blocks if isinstance(block, Checks) for check in block.checks]
    assert len(texts) > 8
    assert page.count('class="checklist__line"') == len(texts)
    for text in texts:
        assert days_in_words(text) in unescape(page)


def test_an_empty_application_has_one_too(client: PageClient, started: str) -> None:
    page = client.get(f"{started}checklist/").text
    assert "[agency’s legal name: not given]" not in page.partition("</h1>")[0]
    assert counts(page)["Agency"][2] == 1


def test_an_application_is_copied_from_its_task_list(client: PageClient, filled: str) -> None:
    assert f'action="{filled}copy"' in client.get(filled).text


def test_many_nominees_with_the_same_problem_are_one_line_on_both_pages(client: PageClient, parts: Parts) -> None:
    whole = complete_answers()
    people = tuple(replace(whole.nominees[0], full_name=f"Officer N{n}", badge_number=str(n)) for n in range(120))
    people = tuple(replace(one, us_citizen=None) for one in people)
    address = f"/applications/{add_application(parts, parts.agency_id, replace(whole, nominees=people))}/"
    for page in (client.get(f"{address}checklist/").text, client.get(f"{address}review/").text):
        assert page.count("Say whether each of these nominees is a citizen of the United States.") >= 1
        assert "Say whether Officer N7 is a citizen" not in page.partition("Check your answers")[0]
        assert "<summary>120 nominees</summary>" in page
        assert re.search(r'<li>8 <a class="usa-link" href="[^"]+/nominees/[^"]+/criteria[^"]*">Officer N7</a>', page)
        assert "And 20 more. The checklist among the documents, 04-checklist.pdf, names them all." in page
    assert ">1 left</a>" in page
