"""Beside each value that is not sure stands the strip of the page that it was read from."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from assistant.cache import forget_people
from assistant.services.agreements import read_agreement
from assistant.web.application import from_agreement
from assistant.web.application.from_agreement import WORDS

if TYPE_CHECKING:
    from tests.web.conftest import PageClient


def picture(width: int = 60) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, 20), 200).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def agreement(monkeypatch: pytest.MonkeyPatch) -> read_agreement.FinishedAgreement:
    value = read_agreement.Value
    made = read_agreement.FinishedAgreement(
        model="TFM",
        edition="moa-tfm/2025-02-12",
        exact=True,
        values=(
            value(path="agency.legal_name", text="Example County Sheriff’s Office", page=1, sure=True),
            value(path="agency.represents", text="Example Countv", page=1, sure=False, strip=picture(61)),
            value(path="signatory.full_name", text="", page=9, sure=False, readable=False, strip=picture(62)),
        ),
        unread=(
            read_agreement.UnreadBlank(page=9, blank="date, under “For the LEA”", strip=picture(63)),
            read_agreement.UnreadBlank(page=9, blank="signature, under “For the LEA”"),
        ),
    )
    monkeypatch.setattr(read_agreement, "read", lambda _: made)
    return made


def give(client: PageClient) -> str:
    values = {"csrf_token": client.token(), "whose": "own", "agreement": (io.BytesIO(b"%PDF-"), "a.pdf")}
    return client.post("/applications/from-agreement/", data=values).text


@pytest.mark.usefixtures("agreement")
def test_what_is_not_sure_has_its_strip_and_is_not_ticked(client: PageClient) -> None:
    page = give(client)
    strips = re.findall(r'<img class="strip" src="([^"]+)" alt="([^"]+)"', page)
    assert [alt.removesuffix(", as it is on the page: open the picture alone") for _, alt in strips] == [
        WORDS["agency.represents"],
        WORDS["signatory.full_name"],
        "date, under “For the LEA”",
    ]
    widths = [Image.open(io.BytesIO(client.get(address).data)).width for address, _ in strips]
    assert widths == [61, 62, 63]
    assert 'id="take-agency.legal_name" name="take" value="agency.legal_name" checked' in page
    assert 'id="take-agency.represents" name="take" value="agency.represents">' in page
    assert "could not be read: type what the picture shows" in page


@pytest.mark.usefixtures("agreement")
def test_a_strip_is_the_agencys_own_and_is_forgotten(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = re.findall(r'<img class="strip" src="([^"]+)"', give(client))[0]
    assert client.get(address).status_code == 200
    assert client.get(address.replace("/strips/", "/strips/x")).status_code == 404
    with monkeypatch.context() as other:
        other.setattr(from_agreement, "agency_id", lambda: "another agency")
        assert client.get(address).status_code == 404
    forget_people()
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("agreement")
def test_a_page_that_is_shown_again_keeps_its_strips(client: PageClient) -> None:
    page = give(client)
    token = re.findall(r'name="strips" value="([^"]+)"', page)[0]
    values = {
        "strips": token,
        "take": "agency.represents",
        "text-agency.represents": "Example\x07 County",
        "models": "TFM",
    }
    again = client.send("/applications/from-agreement/start", **values)
    assert again.status_code == 422
    assert f"/strips/{token}/agency.represents" in again.text
    assert f'name="strips" value="{token}"' in again.text
