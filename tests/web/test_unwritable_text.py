"""Texts that no document can hold, numbers like Social Security numbers, and form parts without a name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.web.made_up import add_application, complete_answers
from tests.web.test_wizard import AGENCY, stored

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Example\uffffCounty", "a noncharacter (U+FFFF)"),
        ("Example\U0001fffeCounty", "a noncharacter (U+1FFFE)"),
        ("Example\ufdd0County", "a noncharacter (U+FDD0)"),
        ("Example\x00County", "a control character (U+0000)"),
        ("Example\x85County", "a line break"),
        ("Example\u2028County", "a line break"),
        ("Example\tCounty", "a tab"),
        ("Unit 123 45 6789", "Social Security number"),
        ("Unit 123.45.6789", "Social Security number"),
        ("Unit 123–45–6789", "Social Security number"),
        ("Unit 123456789", "Social Security number"),
    ],
)
def test_a_text_is_refused_by_its_kind_and_stays_on_the_page(
    client: PageClient, parts: Parts, started: str, text: str, kind: str
) -> None:
    page = client.send(f"{started}steps/agency", version="1", go="on", **(AGENCY | {"agency-legal_name": text}))
    assert page.status_code == 422
    assert kind in page.text
    assert stored(parts, started).answers.agency.legal_name is None


@pytest.mark.parametrize(
    "text", ["Example 1234 County", "Example\u00a0County", "District 123-456-7890", "Łódź \U0001f600"]
)
def test_a_nearly_wrong_text_is_saved_to_the_letter(client: PageClient, parts: Parts, started: str, text: str) -> None:
    response = client.send(f"{started}steps/agency", version="1", go="on", **(AGENCY | {"agency-legal_name": text}))
    assert response.status_code == 302
    assert stored(parts, started).answers.agency.legal_name == text


@pytest.mark.parametrize("header", ["form-data", 'form-data; filename="a.pdf"', "attachment", ""])
def test_a_form_part_without_a_name_is_a_bad_request(client: PageClient, started: str, header: str) -> None:
    disposition = f"Content-Disposition: {header}\r\n" if header else ""
    body = f"--x\r\n{disposition}\r\ntext\r\n--x--\r\n".encode()
    for address in (f"{started}steps/agency", "/applications/from-file", "/roster", "/forms/"):
        page = client.post(address, data=body, content_type="multipart/form-data; boundary=x")
        assert page.status_code in {400, 404, 405}, address


@pytest.mark.parametrize(
    "text", ["Example\uffffCounty", "Example\x07County", "Example\nCounty", "Unit 123456789", "\U0001fffe"]
)
def test_an_application_saved_before_the_text_was_refused_still_opens(
    client: PageClient, parts: Parts, text: str
) -> None:
    answers = complete_answers()
    answers = replace(
        answers,
        agency=replace(answers.agency, legal_name=text),
        nominees=(replace(answers.nominees[0], rank=text), *answers.nominees[1:]),
    )
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    for name in ("", "steps/agency", "review", "nominees/", "documents/"):
        page = client.get(f"{address}{name}", follow_redirects=True)
        assert page.status_code == 200, name
    assert client.send(f"{address}exports/").status_code in {302, 422}
