"""Signed copies in the browser's pages: added, matched, compared, looked at, confirmed, sent."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.services.after_export import copy_store
from assistant.services.after_export.copy_files import CopyFile
from assistant.services.application.applications import get
from assistant.services.jobs.place import ThreadOfJobs
from tests.web import made_copies
from tests.web.made_copies import LETTER, TFM, WSO
from tests.web.made_up import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

SECONDS = 600
"""After so long a test gives up; nothing is measured."""


@pytest.fixture
def checker(parts: Parts) -> Iterator[ThreadOfJobs]:
    assert isinstance(parts.jobs, ThreadOfJobs)
    yield parts.jobs
    assert parts.jobs.wait(SECONDS)


@pytest.fixture
def exported(parts: Parts, official_forms: Path) -> str:
    """Return the address of an application that was exported."""
    return f"/applications/{made_copies.add_export(parts, official_forms)}"


def add(client: PageClient, address: str, files: dict[str, bytes], **values: str) -> TestResponse:
    sent = {
        "csrf_token": client.token(),
        "copies": [(io.BytesIO(data), name) for name, data in files.items()],
        **values,
    }
    response = client.post(f"{address}/signed-copies/", data=sent)
    response.request.environ["wsgi.input"].close()
    return response


def links(page: str) -> dict[str, str]:
    """Return the addresses of the copies on the page, by the words of the link."""
    found = re.findall(r'href="([^"]+/signed-copies/[0-9a-f-]{36}/)">([^<]+)<', page)
    return {words: address for address, words in found}


def address_of(client: PageClient, exported: str, words: str) -> str:
    """Return the address of the copy whose link has these words: a file name where it belongs to no document."""
    page = client.get(f"{exported}/signed-copies/").text
    (address,) = [address for text, address in links(page).items() if words in text]
    return address


@pytest.mark.long
def test_scans_are_matched_compared_confirmed_and_attached(
    client: PageClient, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    files = {f"Scan {n}.pdf": made_copies.scanned(official_forms, name) for n, name in enumerate((WSO, LETTER, TFM))}
    assert add(client, exported, files).status_code == 302
    assert "Copies are being compared" in client.get(f"{exported}/signed-copies/").text
    assert checker.wait(SECONDS)
    page = client.get(f"{exported}/signed-copies/").text
    assert page.count(">Look at it</span>") == 3
    assert "No signed copy is ready yet" in client.get(f"{exported}/send/").text
    for words, address in links(page).items():
        copy = client.get(address).text
        assert words in copy
        client.send(f"{address}confirm", go="same")
        for number in re.findall(r"/pages/([0-9]+)/", client.get(address).text):
            assert client.send(f"{address}confirm", go="page", page=number).status_code == 302
    page = client.get(f"{exported}/signed-copies/").text
    assert "Every signed copy is here, and a person looked at each page." in page
    send = client.get(f"{exported}/send/").text
    assert "What is missing" not in send
    addresses = re.findall(r'href="([^"]+[.]eml)"', send)
    attached: dict[str, bytes] = {}
    for number, address in enumerate(addresses, 1):
        message = email.message_from_bytes(client.get(address).data, policy=email.policy.default)
        assert message["X-Unsent"] == "1"
        assert str(message["Subject"]).endswith(f"({number} of {len(addresses)})") == (len(addresses) > 1)
        attached |= {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}
    assert list(attached) == ["letter-of-interest-signed.pdf", "moa-tfm-signed.pdf", "moa-wso-signed.pdf"]
    assert list(attached.values()) == [files["Scan 1.pdf"], files["Scan 2.pdf"], files["Scan 0.pdf"]]
    for data in attached.values():
        assert hashlib.sha256(data).hexdigest() in send
    with zipfile.ZipFile(io.BytesIO(client.get(f"{exported}/send/package.zip").data)) as packed:
        names = [name.rpartition("/")[2] for name in packed.namelist()]
        manifest = json.loads(packed.read(packed.namelist()[-1]))
    assert names == [*attached, *(address.rpartition("/")[2] for address in addresses), "README.txt", "manifest.json"]
    assert manifest["sent"] is False


def test_what_waited_when_the_server_stopped_is_compared_after_a_press(
    client: PageClient, parts: Parts, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    public_id = UUID(exported.rpartition("/")[2])
    with parts.writer() as session:
        row = get(session, parts.agency_id, public_id)
        data = made_copies.scanned(official_forms, LETTER)
        copy_store.add_copies(session, row, [CopyFile(name="a.pdf", data=data, pages=1)], side="agency", now=NOW)
        session.commit()
    page = client.get(f"{exported}/signed-copies/").text
    assert "Copies wait to be compared." in page
    assert "data-live" not in page
    assert client.send(f"{exported}/signed-copies/", go="resume").status_code == 302
    assert checker.wait(SECONDS)
    assert ">Look at it</span>" in client.get(f"{exported}/signed-copies/").text


@pytest.mark.long
def test_a_page_that_was_scanned_again_is_put_into_the_copy(
    client: PageClient, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    unsigned, signed = (made_copies.pictures(official_forms, WSO, unsigned=unsigned) for unsigned in (True, False))
    (page_number,) = [n for n, pair in enumerate(zip(unsigned, signed, strict=True), 1) if pair[0] != pair[1]]
    add(client, exported, {"whole.pdf": made_copies.as_pdf(unsigned)})
    assert checker.wait(SECONDS)
    whole = address_of(client, exported, "WSO")
    client.send(f"{whole}confirm", go="page", page="1")
    client.send(f"{whole}confirm", go="page", page=str(page_number))
    assert "The agency’s signature is missing" in client.get(whole).text
    add(client, exported, {"IMG 7.jpg": made_copies.as_jpeg(signed[page_number - 1])})
    assert checker.wait(SECONDS)
    joined = address_of(client, exported, "WSO")
    assert joined != whole
    shown = client.get(joined).text
    assert f"Page {page_number} comes from IMG 7.jpg, the other pages from whole.pdf." in shown
    assert "The agency’s signature is missing" not in shown
    assert ">Missing<" not in shown
    # What a person has looked at stays so, but for the page that is new.
    assert "A person looked at this page" in client.get(f"{joined}pages/1/").text
    assert "A person looked at this page" not in client.get(f"{joined}pages/{page_number}/").text


@pytest.mark.long
def test_pages_can_be_added_in_several_goes(
    client: PageClient, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    pages = made_copies.pictures(official_forms, WSO)
    add(client, exported, {"first.pdf": made_copies.as_pdf(pages[:4])})
    assert checker.wait(SECONDS)
    first = address_of(client, exported, "WSO")
    assert client.get(first).text.count(">Missing<") == len(pages) - 4
    add(client, exported, {"rest.pdf": made_copies.as_pdf(pages[4:])})
    assert checker.wait(SECONDS)
    page = client.get(f"{exported}/signed-copies/").text
    assert ">Missing<" not in client.get(address_of(client, exported, "WSO")).text
    assert "first.pdf, 10 pages" in page


def test_our_own_sheet_in_a_scan_is_left_out_and_tells_the_bundle(
    client: PageClient, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    sheet = made_copies.scan_pages(made_copies.signing_sheet(official_forms, "A1B2C3D4"))
    (letter,) = made_copies.pictures(official_forms, LETTER)
    add(client, exported, {"scan.pdf": made_copies.as_pdf([*sheet, letter])})
    assert checker.wait(SECONDS)
    copy = client.get(address_of(client, exported, "etter")).text
    assert "the signing-day sheet of bundle A1B2C3D4." in copy
    assert "look at whether the right print was signed" in copy
    assert "scan.pdf, 1 page" in copy


@pytest.mark.long
def test_the_agreement_of_another_agency_or_model_takes_nobodys_place(
    client: PageClient, checker: ThreadOfJobs, exported: str, official_forms: Path
) -> None:
    add(client, exported, {"whole.pdf": made_copies.scanned(official_forms, WSO)})
    assert checker.wait(SECONDS)
    others = {
        "agency.pdf": made_copies.other_agency(official_forms),
        "model.pdf": made_copies.other_model(official_forms),
    }
    scans = {name: made_copies.as_pdf(made_copies.scan_pages(data)[:9]) for name, data in others.items()}
    add(client, exported, scans)
    assert checker.wait(SECONDS)
    assert "whole.pdf, 10 pages" in client.get(f"{exported}/signed-copies/").text
    assert "Harlan Valley" in client.get(address_of(client, exported, "agency.pdf")).text
    assert "Choose which document it is" in client.get(address_of(client, exported, "model.pdf")).text
