"""Every page that can be reached by links holds what every page must hold (the client looks)."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant.answers import Answers, with_path
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; alert(1) //", "{{617*1000}}", "</title><h1>x",
    "javascript:alert(1)", "%3Cscript%3E", "<!-- ", "&lt;b&gt;",
)  # fmt: skip
TEXTS = (
    "agency.legal_name", "agency.short_name", "agency.represents", "agency.county", "agency.address.street",
    "agency.address.city", "agency.address.zip", "agency.phone", "agency.email", "signatory.full_name",
    "signatory.title", "signatory.email", "signatory.phone", "program_contact.full_name", "program_contact.title",
    "program_contact.phone", "program_contact.email", "public_information_contact.full_name",
    "public_information_contact.title", "public_information_contact.phone", "public_information_contact.email",
    "ice.field_office", "ice.opla_location", "approvals.governing_body", "nominees.0.full_name", "nominees.0.rank",
    "nominees.0.badge_number",
)  # fmt: skip


def crawl(client: PageClient, start: str, *, pictures: bool = True) -> dict[str, str]:
    """Return every page that links lead to, by its address; a picture or file only has to come."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in found or (address.endswith(".png") and not pictures):
            continue
        response = client.get(address)
        assert response.status_code in {200, 302}, f"{address}: {response.status_code}"
        found[address] = response.text if response.mimetype == "text/html" else ""
        if response.location:
            waiting.append(response.location)
        waiting += [unescape(link) for link in re.findall(r'(?:href|src)="(/[^"#]*)', found[address])]
    return found


def test_every_page_of_a_complete_application(client: PageClient, filled: str) -> None:
    client.send(f"{filled}exports/")
    pages = crawl(client, filled)
    assert len(pages) > 60
    for step in ("agency", "ice-office", "models", "approvals"):
        assert any(f"/steps/{step}" in address for address in pages)
    assert any("/exports/" in address for address in pages)


def test_every_page_of_an_empty_application(client: PageClient, started: str) -> None:
    assert any("before-you-begin" in address for address in crawl(client, started))


@pytest.mark.parametrize("turn", range(3))
def test_what_was_typed_is_shown_as_text(client: PageClient, parts: Parts, turn: int) -> None:
    answers: Answers = complete_answers()
    for number, path in enumerate(TEXTS):
        answers = with_path(answers, path, PAYLOADS[(number + 3 * turn) % len(PAYLOADS)])
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    for page, source in crawl(client, address, pictures=False).items():
        for hostile in ("<script>alert", "<img src=x", "</title><h1>x", "617000", "<!-- "):
            assert hostile not in source, f"{page} lets a payload through"


def test_a_page_needs_no_installed_style(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.kit.static_files.assets_digest", lambda: None)
    page = client.get("/").text
    assert "uswds" not in page
    assert "app.css" in page


def test_the_first_page_is_light(client: PageClient) -> None:
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    size = len(page.data)
    for address in re.findall(r'(?:href|src)="(/(?:static|assets)/[^"]+)"', page.text):
        size += len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    # Two weights of one font come on top, 20 kB each.
    assert size < 250_000


def test_no_name_stands_in_an_address_or_in_the_log(
    client: PageClient, filled: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    client.send(f"{filled}steps/signatory", **{"version": "1", "signatory-full_name": "Canary Nobody"})
    client.post(f"{filled}steps/signatory", data={"signatory-full_name": "Canary Nobody"})
    addresses = crawl(client, filled, pictures=False)
    out, err = capfd.readouterr()
    for word in ("Canary", "Jordan", "Nguy", "Dana", "sheriff@", "555-01"):
        assert word not in caplog.text + out + err
        assert not [address for address in addresses if word in address]


def test_a_deleted_application_is_let_go_of(client: PageClient, filled: str) -> None:
    from assistant.web.application import bundle_preview  # noqa: PLC0415

    client.get(f"{filled}documents/01-letter-of-interest.pdf/")
    assert len(bundle_preview._bundles)
    client.send(f"{filled}delete")
    assert not len(bundle_preview._bundles)
    assert not len(bundle_preview._page_texts)
