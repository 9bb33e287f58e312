"""The page for the person who signs: what is signed, what it means, what is open, and the documents."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from assistant.answers import with_path
from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def test_it_says_on_one_page_what_is_signed_and_what_it_means(
    client: PageClient, parts: Parts, official_forms: Path
) -> None:
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-03-07-flat.pdf").read_bytes(), now=NOW)
        session.commit()
    address = f"/applications/{add_application(parts, parts.agency_id)}/"
    page = unescape(client.get(f"{address}signatory/").text)
    assert "Before you sign – Example County Sheriff’s Office" in page
    assert "<b>Jordan Núñez</b>, Sheriff." in page
    assert "Nothing is left to fix." in page
    assert "Sign on page 9." in page
    assert "The official form is not added yet" in page, "of the WSO"
    for name in ("01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-entry-sheet-wso.pdf"):
        link = f"{address}documents/{name}/"
        assert f'href="{link}"' in page
        assert client.get(link).status_code == 200
    for words in ("Lets officers", "Does not allow", "Costs you", "Duties of the agency", "How it ends"):
        assert page.count(words) == 2, "for each model"
    assert "Approved January 12, 2026" in page
    assert "Alex" not in page, "no nominee is named"


def test_it_says_what_is_left_and_leads_there(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "agency.represents", None)
    answers = replace(answers, approvals=replace(answers.approvals, counsel_reviewed_on=None))
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = unescape(client.get(f"{address}signatory/").text)
    assert "<b>Do not sign yet:</b> 1 point left to fix." in page
    assert f'href="{address}steps/agency?back=row-agency.represents#agency-represents"' in page
    assert "No review entered" in page
    assert f'href="{address}signatory/"' in client.get(f"{address}papers/").text


def test_there_is_none_before_there_are_documents(client: PageClient, started: str) -> None:
    assert "cannot start yet" in client.get(f"{started}signatory/").text
