"""What was exported stays downloadable to the byte, whatever changes later, until a purge; the pages say which."""

from __future__ import annotations

import hashlib
import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import text

from assistant.app import create_app
from assistant.services.application import applications
from assistant.services.form_maps import forms
from assistant.services.installation import purge
from tests.unit.made_letters import letter_pdf
from tests.web.made_up import NOW
from tests.web.test_official_letter import keep

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.config import Config
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def export(client: PageClient, filled: str) -> tuple[str, bytes]:
    """Return the address of an export and its ZIP; the page shows the hash of it."""
    address = str(client.send(f"{filled}exports/").location)
    data = client.get(f"{address}bundle.zip").data
    shown = re.search(r"<code>([0-9a-f]{64})</code>", client.get(address).text)
    assert shown
    assert hashlib.sha256(data).hexdigest() == shown[1]
    return address, data


def forget_zips(parts: Parts) -> None:
    """Leave the exports as a version that stored no ZIPs has left them."""
    with parts.engine.begin() as connection:
        connection.execute(text("UPDATE exports SET bundle_sealed = NULL"))


def purge_now(parts: Parts, filled: str) -> None:
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        purge.purge_application(session, application, now=NOW)
        session.commit()


def test_it_stays_when_a_form_comes_and_goes(client: PageClient, parts: Parts, filled: str) -> None:
    address, data = export(client, filled)
    keep(client, letter_pdf(fields=True))
    assert client.get(f"{address}bundle.zip").data == data, "another form was added"
    second, with_form = export(client, filled)
    assert with_form != data
    with parts.writer() as session:
        for form in forms.stored_forms(session):
            forms.remove(session, form.sha256)
        session.commit()
    assert client.get(f"{second}bundle.zip").data == with_form, "that form was removed"
    listing = client.get(f"{filled}documents/").text
    assert {address, second} <= set(re.findall(r'href="([^"]+/exports/[^"]+)"', listing))


def test_it_stays_after_a_restart(client: PageClient, config: Config, clock: Clock, filled: str) -> None:
    address, data = export(client, filled)
    keep(client, letter_pdf(fields=True))
    restarted = create_app(config, clock=clock)
    found = restarted.test_client().get(f"{address}bundle.zip", base_url="http://127.0.0.1/")
    assert found.data == data
    restarted.extensions["assistant"].engine.dispose()


def test_an_export_from_before_is_made_again_where_nothing_changed(
    client: PageClient, parts: Parts, filled: str
) -> None:
    address, data = export(client, filled)
    forget_zips(parts)
    assert client.get(f"{address}bundle.zip").data == data
    assert "Download the bundle" in client.get(address).text


def test_an_export_from_before_that_cannot_be_made_again_says_so(client: PageClient, parts: Parts, filled: str) -> None:
    address, _ = export(client, filled)
    forget_zips(parts)
    keep(client, letter_pdf(fields=True))
    page = client.get(address).text
    assert "did not yet store the ZIP when this export was made" in page
    assert "Download the bundle" not in page
    gone = client.get(f"{address}bundle.zip")
    assert gone.status_code == 404
    assert "was not stored, and the same ZIP cannot be made again" in unescape(gone.text)


def test_a_purge_is_told_on_the_page_and_in_the_list(client: PageClient, parts: Parts, filled: str) -> None:
    address, data = export(client, filled)
    purge_now(parts, filled)
    page = client.get(address).text
    assert "The ZIP was removed" in page
    assert "It was removed on January 20, 2026" in page
    assert hashlib.sha256(data).hexdigest() in page, "a copy of one's own can be recognized"
    assert "Download the bundle" not in page
    assert "Print the letter" not in page, "there is nothing to print"
    gone = client.get(f"{address}bundle.zip")
    assert gone.status_code == 404
    assert "removed when its nominees’ data was erased" in unescape(gone.text)
    listing = client.get(f"{filled}documents/").text
    assert "ZIP removed with the nominee data" in listing
    fresh, _ = export(client, filled)
    assert fresh != address
    assert client.get(f"{filled}documents/").text.count("ZIP removed with the nominee data") == 1


def test_nothing_is_left_of_it_when_the_application_is_deleted(client: PageClient, parts: Parts, filled: str) -> None:
    address, _ = export(client, filled)
    assert "every stored export" in client.get(f"{filled}delete").text
    assert client.send(f"{filled}delete").status_code == 302
    assert client.get(f"{address}bundle.zip").status_code == 404
    with parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(bundle_sealed) FROM exports")).scalar_one() == 0
