"""The review: blockers first, nothing twice, one line a nominee, and parts that are closed where nothing is to fix."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from assistant.answers import Nominee, with_path
from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

PART = re.compile(r'<details class="review-group" id="part-([a-z-]+)"( open)?>')


def page_of(client: PageClient, parts: Parts, answers: Answers, query: str = "") -> str:
    return unescape(client.get(f"/applications/{add_application(parts, parts.agency_id, answers)}/review/{query}").text)


def crew(count: int) -> tuple[Nominee, ...]:
    (one,) = complete_answers().nominees
    return tuple(replace(one, full_name=f"Officer {n}", badge_number=str(n)) for n in range(1, count + 1))


def test_blockers_come_first_and_every_problem_stands_once(client: PageClient, parts: Parts) -> None:
    answers = with_path(with_path(complete_answers(), "signatory.title", None), "agency.address.zip", "1234")
    page = page_of(client, parts, answers)
    assert page.index("Fix before you export (1)") < page.index("Look at these (") < page.index("Check your answers")
    messages = [" ".join(text.split()) for text in re.findall(r'class="finding__message"><b>\d+</b>([^<]+)<', page)]
    assert len(messages) == len(set(messages)) > 3
    after = page.partition("Check your answers")[2]
    assert not any(message in after for message in messages)
    number = re.search(r'href="#finding-(\d+)">Blocker \d+, above', after)
    assert number
    assert f'id="finding-{number[1]}"' in page


def test_a_row_leads_to_each_of_its_problems_once(client: PageClient, parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        session.commit()
    name = "Office of the Sheriff of the Consolidated City and County of Example Falls and Sample Springs"
    page = page_of(client, parts, with_path(complete_answers(), "agency.legal_name", name))
    links = re.findall(r'href="#finding-([0-9]+)">(Blocker|Warning) ([0-9]+), above', page)
    assert len(links) == len(set(links)) > 1
    for number, kind, same in links:
        assert number == same
        assert f'class="finding finding--{kind.lower()}" id="finding-{number}"' in page


def test_a_part_with_nothing_to_fix_is_closed(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "signatory.title", None)
    page = page_of(client, parts, answers)
    assert [slug for slug, is_open in PART.findall(page) if is_open] == ["signatory"]
    assert "4 of 5 answered · <b>1 to fix</b>" in page
    assert all(is_open for _, is_open in PART.findall(page_of(client, parts, answers, "?open=all")))
    assert [slug for slug, is_open in PART.findall(page_of(client, parts, complete_answers())) if is_open] == []
    saved = page_of(client, parts, complete_answers(), "?saved=address")
    assert [slug for slug, is_open in PART.findall(saved) if is_open] == ["address"], "the row that was just changed"


def test_what_is_left_stands_beside_the_way_on(client: PageClient, parts: Parts) -> None:
    bar = page_of(client, parts, with_path(complete_answers(), "signatory.title", None)).partition("next-bar")[2]
    assert '<a class="usa-link" href="#blockers">1 left</a>' in bar
    assert "Continue to the documents" in bar
    assert "<b>Nothing left</b>" in page_of(client, parts, complete_answers())
    poor = page_of(client, parts, with_path(complete_answers(), "agency.address.zip", "1234"))
    assert '<a class="usa-link" href="#warnings">1 left</a>' in poor


def test_a_nominee_is_one_line(client: PageClient, parts: Parts) -> None:
    people = crew(7)
    people = (*people[:4], replace(people[4], us_citizen=None, enforced_laws=None), *people[5:])
    page = page_of(client, parts, replace(complete_answers(), nominees=people))
    lines = re.findall(r'<li class="nominee-lines__line".*?</li>', page, re.DOTALL)
    assert len(lines) == 7
    assert [line for line in lines if "to fix" in line] == [lines[4]]
    assert "2 to fix" in lines[4]
    assert page.count(">Officer 3<") == 1


def test_a_few_nominees_with_one_problem_share_its_line(client: PageClient, parts: Parts) -> None:
    people = crew(6)
    people = (*people[:3], *(replace(one, us_citizen=None) for one in people[3:]))
    page = page_of(client, parts, replace(complete_answers(), nominees=people))
    assert "Fix before you export (1)" in page
    assert page.count("Say whether each of these nominees is a citizen of the United States.") <= 2
    names = re.findall(r'\d+ <a class="usa-link" href="[^"]+/criteria[^"]*">(Officer \d)</a>', page)
    assert names == ["Officer 4", "Officer 5", "Officer 6"]
