"""Beside every question stands why it is asked; words of the glossary are explained on the page."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant import program
from assistant.answers import with_path
from assistant.documents.board_packet import compose_board_packet
from assistant.documents.checklist import compose_checklist
from assistant.documents.letter import compose_letter
from assistant.editions.library import FormLibrary
from assistant.services.application.review import review
from assistant.web.nominees.nominee_forms import PersonForm
from assistant.web.wizard.question_help import HELP, TERMS, help_beside, terms_of
from assistant.web.wizard.steps import STEPS
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

PAGES = [step for step in STEPS if step.page_form and step.slug != "models"]


@pytest.mark.parametrize("step", PAGES, ids=lambda step: step.slug)
def test_every_question_says_why_it_is_asked(client: PageClient, filled: str, step: object) -> None:
    page = unescape(client.get(f"{filled}steps/{step.slug}").text)  # type: ignore[attr-defined]
    for path in step.page_form.paths():  # type: ignore[attr-defined]
        assert HELP[path].why in page
        assert HELP[path].citation in page
    assert page.count("Why we ask.") == len(step.page_form.paths())  # type: ignore[attr-defined]


def test_a_nominee_page_says_it_too(client: PageClient, filled: str) -> None:
    page = unescape(client.get(f"{filled}nominees/new").text)
    assert set(help_beside(nominee=True)) == set(PersonForm.paths())
    assert all(HELP[path].why in page for path in PersonForm.paths())


def test_no_help_is_left_without_its_question() -> None:
    asked = {path for step in PAGES if step.page_form for path in step.page_form.paths()} | set(PersonForm.paths())
    assert set(HELP) == asked


def test_words_of_the_glossary_are_explained_in_place(client: PageClient, filled: str) -> None:
    known = {term.term for term in program.glossary()}
    for slug, names in TERMS.items():
        assert set(names) <= known
        assert len(terms_of(slug)) == len(names)
    page = client.get(f"{filled}steps/ice-office").text
    meanings = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page))
    assert {"ERO", "Field office", "OPLA"} <= set(meanings)


@pytest.mark.parametrize(("body", "is_open"), [("None needed, per counsel", False), ("Example Board", True)])
def test_a_page_is_complete_where_no_body_has_to_approve(
    client: PageClient, parts: Parts, body: str, *, is_open: bool
) -> None:
    answers = with_path(complete_answers(), "approvals.governing_body_approved_on", None)
    answers = with_path(answers, "approvals.governing_body", body)
    application = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    row = client.get(application).text.partition('id="status-approvals"')[2][:100]
    assert ("In progress" in row, "Completed" in row) == (is_open, not is_open)
    assert '<option value="None needed, per counsel">' in client.get(f"{application}steps/approvals").text


def test_papers_know_that_no_body_has_to_approve() -> None:
    none = with_path(complete_answers(), "approvals.governing_body", "None needed, per counsel")
    found = review(none, FormLibrary([]), today=NOW.date())
    assert "None needed" not in repr(compose_letter(none, today=NOW.date(), draft=False))
    assert "None needed" not in repr(compose_board_packet(none, today=NOW.date()))
    checklist = repr(compose_checklist(none, found, today=NOW.date(), draft=False))
    assert "No governing body has to approve the agreement." in checklist
    assert "None needed, per counsel approves" not in checklist
