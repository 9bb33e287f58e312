"""Documents: shown as they leave, exported once, made again to the byte."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.pdf.viewer.render import page_png
from assistant.services.form_maps import forms
from assistant.web.application import bundle_preview
from tests.web.made_up import NOW, add_application, complete_answers
from tests.web.test_nominees import only_id

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient


@pytest.fixture
def kept(parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        for name in ("moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf"):
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
        session.commit()


def names_of(page: str) -> list[str]:
    return re.findall(r'/documents/([^/"]+)/file"', page)


@pytest.mark.usefixtures("kept")
def test_every_document_is_shown_page_by_page_and_leaves_as_shown(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}documents/").text
    names = names_of(page)
    assert {"01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-moa-wso.pdf", "email.eml"} <= set(names)
    assert "DRAFT" not in page
    result = client.send(f"{filled}exports/").location
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{result}bundle.zip").data))
    packed = {info.filename.rpartition("/")[2]: archive.read(info) for info in archive.infolist()}
    assert set(packed) == set(names)
    for name in names:
        download = client.get(f"{filled}documents/{name}/file")
        assert download.data == packed[name]
        assert download.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    shown = client.get(f"{filled}documents/02-moa-tfm.pdf/").text
    pictures = re.findall(r'<img src="([^"]+)"', shown)
    assert len(pictures) == 14
    assert "ECSO" in shown, "the text of the page stands below its picture"
    picture = client.get(pictures[0])
    assert picture.data.startswith(b"\x89PNG")
    assert picture.headers["Cache-Control"] == "no-store"
    for number in (0, 15, 999_999):
        assert client.get(f"{filled}documents/02-moa-tfm.pdf/page-{number}.png").status_code == 404
    assert client.get(f"{filled}documents/03-nominee-roster.xlsx/page-1.png").status_code == 404
    for name in ("nothing.pdf", "..%2f..%2fetc%2fpasswd", "%00"):
        assert client.get(f"{filled}documents/{name}/file").status_code == 404


def test_without_the_official_form_an_entry_sheet_stands_in_its_place(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}documents/").text
    assert "No blank form has been added" in page
    assert {"02-entry-sheet-tfm.pdf", "02-entry-sheet-wso.pdf"} <= set(names_of(page))


def test_a_blocker_makes_drafts(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "nominees.0.us_citizen", False)  # noqa: FBT003 - the answer
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}documents/").text
    assert "These are drafts" in page
    assert "Export drafts" in page
    assert "marked" in client.get(f"{address}documents/01-letter-of-interest.pdf/").text
    result = client.get(client.send(f"{address}exports/").location).text
    assert "The drafts are exported" in result
    assert json.loads(client.get(f"{address}documents/manifest.json/file").data)["draft"] is True


@pytest.mark.usefixtures("kept")
def test_the_result_says_what_was_made_and_that_nothing_was_sent(client: PageClient, filled: str, clock: Clock) -> None:
    result = client.send(f"{filled}exports/").location
    again = client.send(f"{filled}exports/").location
    assert again == result, "a double click makes one record"
    page = client.get(result).text
    for words in ("Nothing has been sent", "ERO287g@ice.dhs.gov", "Reference", "02-moa-tfm.pdf", "300 dpi"):
        assert words in page
    bundle = client.get(f"{result}bundle.zip")
    shown = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert shown
    assert hashlib.sha256(bundle.data).hexdigest() == shown[1]
    clock.now = clock.now.replace(month=3)
    client.send(f"{filled}steps/signatory", **{"version": "1", "signatory-full_name": "Somebody Else"})
    assert client.get(f"{result}bundle.zip").data == bundle.data, "an export stays what it was"
    assert client.send(f"{filled}exports/").location != result


@pytest.mark.usefixtures("kept")
def test_the_longest_part_of_a_composed_blank_takes_a_shorter_wording(client: PageClient, parts: Parts) -> None:
    answers = with_path(complete_answers(), "agency.legal_name", "Example County Sheriff’s Office, Corrections Bureau")
    answers = with_path(
        with_path(answers, "models", ("WSO",)), "signatory.title", "Sheriff and Superintendent of County Corrections"
    )
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    assert 'name="short-agency-legal_name"' in client.get(f"{address}steps/agency").text
    assert "pt in the blank" in client.get(f"{address}review/").text


@pytest.mark.usefixtures("kept")
def test_a_long_value_shows_its_size_and_takes_a_shorter_wording(client: PageClient, parts: Parts) -> None:
    name = "The Greater Example County and Surrounding Municipalities Sheriff’s Office of Florida"
    answers = with_path(complete_answers(), "agency.legal_name", name)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}steps/agency").text
    assert "size-line--cut" in page
    assert 'name="short-agency-legal_name"' in page
    assert (
        "text-clipped" in str(client.get(f"{address}review/").text) or "cut off" in client.get(f"{address}review/").text
    )
    values = {
        "version": "1", "agency-legal_name": name, "agency-short_name": "ECSO", "agency-kind": "county",
        "agency-state": "FL",
        "agency-represents": "Example County, Florida", "agency-county": "Pasco",
        "short-agency-legal_name": "Example County SO",
    }  # fmt: skip
    assert client.send(f"{address}steps/agency", **values).status_code == 302
    page = client.get(f"{address}steps/agency").text
    assert "the shorter wording prints" in page
    assert 'value="Example County SO"' in page
    refused = client.send(
        f"{address}steps/agency", **(values | {"version": "2", "short-agency-legal_name": "123-45-6789"})
    )
    assert refused.status_code == 422
    assert 'href="#short-agency-legal_name"' in refused.text
    assert 'value="123-45-6789"' in refused.text
    client.send(f"{address}steps/agency", **(values | {"version": "2", "short-agency-legal_name": ""}))
    assert "the shorter wording prints" not in client.get(f"{address}steps/agency").text


def card_of(page: str, name: str) -> str:
    """Return the card of a document on the page of the documents."""
    return next(card for card in page.split('<li class="documents__document">')[1:] if f"{name}, " in card)


def group_titles(page: str) -> list[str]:
    return re.findall(r'<h2 id="group-[a-z]+">([^<]+)</h2>', page)


@pytest.mark.usefixtures("kept")
def test_documents_stand_in_three_groups_with_a_small_picture_of_the_first_page(
    client: PageClient, filled: str
) -> None:
    page = client.get(f"{filled}documents/").text
    assert group_titles(page) == ["Sign and send", "Keep", "Technical files"]
    sign, keep, technical = page.split('<h2 id="group-')[1:]
    assert [names_of(part) for part in (keep, technical)] == [
        ["03-nominee-roster.pdf", "03-nominee-roster.xlsx", "04-checklist.pdf", "06-proof.pdf"],
        ["answers.json", "README.txt", "manifest.json"],
    ]
    assert {"01-letter-of-interest.pdf", "02-moa-tfm.pdf", "email.eml"} < set(names_of(sign))
    assert page.index("Export everything") < page.index("Sign and send")
    pictures = re.findall(r'<img class="documents__picture" src="([^"]+)"', page)
    assert len(pictures) == len([name for name in names_of(page) if name.endswith(".pdf")])
    for address in pictures:
        data = client.get(address).data
        assert data.startswith(b"\x89PNG")
        assert int.from_bytes(data[16:20], "big") == 240, "twice as wide as it is shown"
        assert len(data) < 30_000
    assert client.get(f"{filled}documents/email.eml/first-page.png").status_code == 404


@pytest.mark.usefixtures("kept")
def test_the_page_of_the_documents_draws_no_picture_before_it_answers(
    client: PageClient, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def draw(data: bytes, page: int, *, width: int) -> bytes:
        drawn.append(page)
        return page_png(data, page, width=width)

    monkeypatch.setattr(bundle_preview, "page_png", draw)
    bundle_preview.forget()
    client.get(f"{filled}documents/")
    assert not drawn
    for _ in range(2):
        client.get(f"{filled}documents/02-moa-tfm.pdf/first-page.png")
        client.get(f"{filled}documents/02-moa-tfm.pdf/page-2.png")
    assert drawn == [0, 1], "each is drawn once, and then kept"


@pytest.mark.usefixtures("kept")
def test_the_last_export_says_which_documents_are_out_of_date(client: PageClient, filled: str) -> None:
    assert "Your last export" not in client.get(f"{filled}documents/").text
    client.send(f"{filled}exports/")
    page = client.get(f"{filled}documents/").text
    assert "Your last export" in page
    assert "Up to date" in page
    assert "Changed since the last export" not in page
    client.send(f"{filled}steps/signatory", **{"version": "1", "signatory-full_name": "Somebody Else"})
    page = client.get(f"{filled}documents/").text
    assert "Out of date" in page
    assert "Signatory: Full name" in page
    assert "Its text would be different." in card_of(page, "01-letter-of-interest.pdf")
    for name in ("03-nominee-roster.pdf", "04-checklist.pdf", "answers.json"):
        assert "Changed since the last export" not in card_of(page, name)


@pytest.mark.usefixtures("kept")
def test_an_answer_on_the_agreements_alone_leaves_the_letter_as_it_is(client: PageClient, filled: str) -> None:
    client.send(f"{filled}exports/")
    values = {"version": "1", "ice-field_office": "Miami", "ice-opla_location": "Somewhere else"}
    assert client.send(f"{filled}steps/ice-office", **values).status_code == 302
    page = client.get(f"{filled}documents/").text
    outdated = {name for name in names_of(page) if "Changed since the last export" in card_of(page, name)}
    assert outdated == {"02-moa-tfm.pdf", "02-moa-wso.pdf", "05-signature-pages.pdf"}


@pytest.mark.usefixtures("kept")
def test_a_changed_nominee_puts_the_roster_out_of_date(client: PageClient, parts: Parts, filled: str) -> None:
    client.send(f"{filled}exports/")
    assert client.send(f"{filled}nominees/{only_id(parts, filled)}/remove", version="1").status_code == 302
    page = client.get(f"{filled}documents/").text
    assert "One nominee is new, gone or different." in page
    for name in ("03-nominee-roster.pdf", "03-nominee-roster.xlsx"):
        assert "1 nominee is new, gone or different." in card_of(page, name)
