"""Beside a question stands the blank where its answer lands, with the answer in it, and shorter wordings to take."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers, with_path
from assistant.services.application.applications import get
from assistant.services.form_maps import forms
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from assistant.answers import Model
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

NAME = "Example Springs County Sheriff’s Office"
OFFER = re.compile(r'name="take_shorter" value="agency-legal_name:([^"]+)"')
PICTURE = re.compile(r'<img src="([^"]+/blanks/[^"]+)"')


@pytest.fixture
def long_name(parts: Parts, official_forms: Path) -> UUID:
    with parts.writer() as session:
        for name in ("moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf"):
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
        session.commit()
    return add_application(parts, parts.agency_id, with_path(complete_answers(), "agency.legal_name", NAME))


def values_of(client: PageClient, address: str) -> dict[str, str]:
    """Return what the page of the agency sends by itself."""
    page = client.get(address).text
    values = dict(re.findall(r'<input class="usa-input[^>]* name="([^"]+)" value="([^"]*)"', page))
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    kind = {"agency-kind": "county", "agency-state": "FL"}
    return {name: unescape(value) for name, value in values.items()} | {"version": version} | kind


def test_the_page_shows_the_blank_with_the_saved_answer(client: PageClient, long_name: UUID) -> None:
    page = unescape(client.get(f"/applications/{long_name}/steps/agency").text)
    assert re.search(r"Prints at 4.8 pt in its tightest blank \(Task Force Model \(TFM\), page 11\)\.", page)
    assert re.search(r"2\d letters fit at 7 pt, you have 39\.", page)
    assert f"the blank with “{NAME}” in it" in page
    pictures = PICTURE.findall(page)
    assert len(pictures) == 3
    for address in pictures:
        picture = client.get(address)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        assert picture.data.startswith(b"\x89PNG")
        assert "Example" not in address


def test_a_picture_belongs_to_its_application(client: PageClient, parts: Parts, long_name: UUID) -> None:
    (address, *_) = PICTURE.findall(client.get(f"/applications/{long_name}/steps/agency").text)
    other = add_application(parts, parts.agency_id)
    assert client.get(address.replace(str(long_name), str(other))).status_code == 404
    assert client.get(f"{address[:-6]}AAAAAA").status_code == 404
    assert client.get(f"/applications/{long_name}/blanks/%C3%A9").status_code == 404


def test_what_is_typed_is_measured_and_not_saved(client: PageClient, parts: Parts, long_name: UUID) -> None:
    address = f"/applications/{long_name}/steps/agency"
    values = values_of(client, address)
    before = snapshot(parts)
    answer = client.send(f"{address}/fit", **(values | {"agency-legal_name": "Lee PD"}))
    assert answer.status_code == 200
    typed = unescape(answer.get_json()["parts"])
    assert "you have 6." in typed
    assert "the blank with “Lee PD (ECSO)” in it" in typed
    assert client.get(PICTURE.findall(typed)[0]).status_code == 200
    unreadable = client.send(f"{address}/fit", **(values | {"agency-legal_name": "x" * 200}))
    assert "you have 39." in unreadable.get_json()["parts"], "what cannot be saved leaves the saved answer there"
    assert snapshot(parts) == before


def test_an_offered_wording_is_taken_with_one_click(client: PageClient, parts: Parts, long_name: UUID) -> None:
    address = f"/applications/{long_name}/steps/agency"
    page = client.get(address).text
    wording = unescape(OFFER.findall(page)[0])
    assert wording == "Example Springs Co. SO"
    values = values_of(client, address) | {"agency-county": "Hernando"}
    answer = client.send(address, **values, take_shorter=f"agency-legal_name:{wording}")
    assert answer.status_code == 302
    assert "/steps/agency?saved=agency#agency-legal_name" in answer.location
    with parts.reader() as session:
        answers = get(session, parts.agency_id, long_name).answers
    assert answers.short_wordings == {"agency.legal_name": wording}
    assert (answers.agency.legal_name, answers.agency.county) == (NAME, "Hernando"), "all that was typed is saved"
    page = unescape(client.get(address).text)
    assert f"the shorter wording prints at 7.7 pt: “{wording}”" in page
    assert f"the blank with “{wording}” in it" in page


def test_nothing_is_shortened_unasked(client: PageClient, parts: Parts, long_name: UUID) -> None:
    address = f"/applications/{long_name}/steps/agency"
    client.send(address, **values_of(client, address))
    with parts.reader() as session:
        assert get(session, parts.agency_id, long_name).answers.short_wordings == {}
    form = client.get(address).text.partition('<form method="post"')[2]
    (first, *_) = re.findall(r"<button[^>]*>", form)
    assert 'name="go" value="on"' in first, "Enter in a box presses the first button"


@pytest.mark.parametrize("models", [(), ("TFM",)])
def test_without_the_form_its_map_is_measured(client: PageClient, parts: Parts, models: tuple[Model, ...]) -> None:
    application = add_application(parts, parts.agency_id, replace(complete_answers(), models=models))
    page = client.get(f"/applications/{application}/steps/agency").text
    assert "Measured without the form." in page
    assert "letters fit at 7 pt, you have 31." in page
    assert not PICTURE.findall(page)


@pytest.mark.usefixtures("long_name")
def test_an_empty_question_says_how_much_fits(client: PageClient, parts: Parts) -> None:
    page = client.get(f"/applications/{add_application(parts, parts.agency_id, Answers())}/steps/agency").text
    assert re.search(r"About \d+ letters fit at 7 pt in its tightest blank", page)
    assert "the blank still empty" in page


def test_an_answer_that_has_no_other_wording_gets_no_box(client: PageClient, long_name: UUID) -> None:
    page = client.get(f"/applications/{long_name}/steps/program-contact").text
    assert 'name="short-program_contact-email"' not in page
    assert 'name="short-program_contact-title"' in page
