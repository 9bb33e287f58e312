"""The preview of a document: its text behind the pages, and the way between a value and its question."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

VALUE = re.compile(r'<a id="(value-[^"]+)" href="([^"]+)" tabindex="-1">')


@pytest.fixture(autouse=True)
def kept(parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        for name in ("moa-tfm-rev2025-03-07-flat.pdf", "moa-wso-rev2025-02-14.pdf"):
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
        session.commit()


def test_the_text_of_a_page_stands_behind_its_picture(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}documents/02-moa-tfm.pdf/").text
    assert page.count('<svg class="paper-page__text"') == page.count("as it will print") == 14
    lines = re.findall(r"<text [^>]+>([^<]+)</text>", page)
    assert "MEMORANDUM OF AGREEMENT" in lines
    assert any(line.startswith("Name: ____") for line in lines), "of a font that does not say what its letters are"
    assert "1DPH" not in page
    assert len(page) < 150_000


def test_a_value_leads_to_its_question_and_back(client: PageClient, filled: str) -> None:
    address = f"{filled}documents/02-moa-tfm.pdf/"
    page = client.get(address).text
    values = {name: unescape(link) for name, link in VALUE.findall(page)}
    question = values["value-program_contact.full_name"]
    assert question.endswith("#program_contact-full_name")
    assert unescape(page).count(f'href="{question}"') == 2, "on the picture, and in the list beside it"
    form = client.get(question)
    assert "Back to the document" in form.text
    back = f"{address}#value-program_contact.full_name"
    assert f'href="{back}"' in form.text
    saved = client.send(
        f"{filled}steps/program-contact",
        **{
            "version": "1", "back": "paper-02-moa-tfm.pdf-10-program_contact.full_name",
            "program_contact-full_name": "Robin Lee", "program_contact-title": "Captain",
            "program_contact-phone": "(727) 555-0102", "program_contact-email": "sam@ecso.example.gov",
        },
    )  # fmt: skip
    assert saved.location == f"{address}?saved=program-contact#value-program_contact.full_name"
    page = client.get(saved.location).text
    assert "Program contact</b> is saved" in page
    assert "Robin Lee" in page


def test_a_question_leads_to_its_place_on_paper(client: PageClient, filled: str) -> None:
    for address in (f"{filled}steps/program-contact", f"{filled}review/?open=all"):
        page = client.get(address).text
        link = f'href="{filled}documents/02-moa-tfm.pdf/#value-program_contact.full_name"'
        assert link in page
        assert "See it on paper" in page
    page = client.get(f"{filled}documents/02-moa-tfm.pdf/").text
    assert 'id="value-program_contact.full_name"' in page
    assert "See it on paper" not in client.get(f"{filled}steps/eligibility").text


def test_what_is_on_no_form_leads_to_no_paper(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "models", ("JEM",))
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    assert "See it on paper" not in client.get(f"{address}review/?open=all").text


def test_every_value_of_a_form_is_where_its_text_is_drawn(client: PageClient, filled: str) -> None:
    for name in ("02-moa-tfm.pdf", "02-moa-wso.pdf"):
        page = client.get(f"{filled}documents/{name}/").text
        for part in page.split('<figure class="paper-page"')[1:]:
            lines = [
                (float(x), float(y), unescape(text))
                for x, y, text in re.findall(r'<text x="([-0-9.]+)" y="([-0-9.]+)"[^>]*>([^<]+)</text>', part)
            ]
            boxes = re.findall(r'<rect x="([-0-9.]+)" y="([-0-9.]+)" width="([0-9.]+)" height="([0-9.]+)"', part)
            texts = re.findall(r'<li><a class="usa-link" href="[^"]+">([^<]+)<span class="filled-in__label">', part)
            assert len(boxes) == len(texts)
            for (x, y, width, height), text in zip(boxes, texts, strict=True):
                x0, y0, x1, y1 = float(x), float(y), float(x) + float(width), float(y) + float(height)
                inside = [line for left, base, line in lines if y0 <= base <= y1 + 2 and left <= x1]
                assert any(unescape(text) in line for line in inside), (name, text, (x0, y0, x1, y1))


def test_the_letter_and_the_roster_lead_to_their_questions(client: PageClient, parts: Parts) -> None:
    answers = complete_answers()
    names = (
        [f"Officer {n}" for n in range(8)] + ["Kim Lee", "Kim Lee", "Chris Achterberg-Villaseñor"] + ["Sam Lee"] * 20
    )
    people = tuple(replace(answers.nominees[0], full_name=name, badge_number=str(n)) for n, name in enumerate(names))
    answers = replace(answers, nominees=people)
    base = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{base}documents/01-letter-of-interest.pdf/").text
    values = {name.removeprefix("value-"): unescape(link) for name, link in VALUE.findall(page)}
    shown = {
        "agency.legal_name", "agency.short_name", "agency.address.street", "agency.phone", "agency.email",
        "agency.represents", "models", "models-2", "signatory.full_name", "signatory.title",
        "approvals.governing_body", "approvals.governing_body_approved_on",
        "program_contact.full_name", "program_contact.phone", "program_contact.email",
        "public_information_contact.full_name", "public_information_contact.phone", "public_information_contact.email",
    }  # fmt: skip
    assert shown <= values.keys()
    link = values["signatory.title"]
    assert link == f"{base}steps/signatory?back=paper-01-letter-of-interest.pdf-1-signatory.title#signatory-title"
    assert f'href="{base}documents/01-letter-of-interest.pdf/#value-signatory.title"' in client.get(link).text
    roster = client.get(f"{base}documents/03-nominee-roster.pdf/").text
    links = [unescape(link) for _, link in VALUE.findall(roster)]
    assert len(set(links)) == len(names), "two people of one name are two, on every page"
    for place in (0, 8, 9, 10, 30):
        assert f'value="{names[place]}"' in client.get(links[place]).text


def test_a_preview_is_shown_larger_and_as_text(client: PageClient, filled: str) -> None:
    address = f"{filled}documents/02-moa-tfm.pdf/"
    usual = client.get(address).text
    assert 'class="paper-page__sheet paper-page__sheet--100"' in usual
    assert 'tabindex="0"' not in usual
    large = client.get(f"{address}?view=200").text
    assert 'tabindex="0" role="region"' in large, "a page wider than the window scrolls by keyboard"
    (picture, *_) = re.findall(r'<img src="([^"]+)"', large)
    data = client.get(picture).data
    assert int.from_bytes(data[16:20], "big") == 2000
    text = client.get(f"{address}?view=text").text
    assert "<img" not in text
    assert text.count('<h2 id="page-') == 14
    assert "For the LEA:  For ICE:" in text
    assert 'id="value-program_contact.full_name"' in text
    for view in ("5000", "", "<b>"):
        assert client.get(f"{address}?view={view}").text == usual


def test_a_long_document_comes_in_several_parts(client: PageClient, parts: Parts) -> None:
    answers = complete_answers()
    (one,) = answers.nominees
    people = tuple(replace(one, full_name=f"Officer {n}", badge_number=str(n)) for n in range(1200))
    base = f"/applications/{add_application(parts, parts.agency_id, replace(answers, nominees=people))}/"
    address = f"{base}documents/03-nominee-roster.pdf/"
    first = client.get(address).text
    assert first.count("as it will print") == 24
    assert "Officer 0" in first
    assert "Officer 1199" not in first
    second = client.get(f"{address}?first=25").text
    assert "Page 25 of" in second
    assert ">1 to 24</a>" in second
    for wrong in ("0", "-3", "x", "99999999", "26"):
        assert client.get(f"{address}?first={wrong}").status_code == 200


def test_only_a_document_of_ours_is_gone_back_to(client: PageClient, filled: str) -> None:
    for back in ("paper-//evil.example-1-x", "paper-a.pdf-1-x%22%3E", "paper-../x.pdf-1-y"):
        page = client.get(f"{filled}steps/agency?back={back}").text
        assert "evil.example" not in re.findall(r'back-link" href="([^"]*)"', page)[0]
        assert "Back to review" in page
