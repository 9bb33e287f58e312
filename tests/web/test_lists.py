"""ICE's published lists on pages: loaded, searched, counted, and held beside an application's agency."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from assistant.answers import with_path
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

HEAD = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
MOA = "https://www.ice.gov/doclib/made-up.pdf"
ROWS: list[list[object]] = [
    ["FLORIDA", "Example County Sheriff's Office", "County", "Pasco", "Task Force Model", date(2025, 3, 7), MOA],
    [
        "FLORIDA",
        "Example City Police Department",
        "Municipality",
        "Pasco",
        "Task Force Model",
        date(2025, 5, 2),
        "soon",
    ],
    ["FLORIDA", "Sample <b>County</b> Jail", "County", "Lee", "Jail Enforcement Model", "soon", None],
    ["GEORGIA", "Example County Sheriff's Office", "County", "Cobb", "Warrant Service Officer", date(2024, 1, 9), None],
]


def book(rows: Sequence[Sequence[object]], *, pending: bool = False) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    kept = [place for place, name in enumerate(HEAD) if not (pending and name in {"SIGNED", "MOA"})]
    for row in [HEAD, *rows]:
        page.append([row[place] for place in kept])
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def load(client: PageClient, data: bytes, name: str = "participatingAgencies01152026am.xlsx") -> TestResponse:
    return client.post("/lists/import", data={"csrf_token": client.token(), "list": (io.BytesIO(data), name)})


@pytest.fixture
def loaded(client: PageClient) -> None:
    assert load(client, book(ROWS)).status_code == 200
    pending = [["FLORIDA", "EXAMPLE COUNTY SHERIFFS OFFICE", "County", "Pasco", "Warrant Service Officer", "", ""]]
    assert load(client, book(pending, pending=True), "pendingAgencies01152026am.xlsx").status_code == 200


def test_without_a_list_every_page_says_so(client: PageClient, filled: str) -> None:
    assert "None yet" in client.get("/lists/").text
    assert "No list of participating agencies is loaded" in client.get("/lists/report").text
    assert client.get("/lists/by-month.svg").status_code == 404
    assert "No list is loaded" in client.get(f"{filled}steps/agency").text
    assert "No agency there is listed" in client.get("/lists/state/FL").text
    assert client.get("/lists/state/XX").status_code == 404


def test_a_list_is_loaded_and_told(client: PageClient) -> None:
    page = load(client, book(ROWS), "../<b>participatingAgencies01152026am.xlsx").text
    assert "4 rows of participating agencies: 4 added, 0 changed, 0 removed" in page
    assert "Cells to check" in page
    again = load(client, book(ROWS[:3])).text
    assert "0 added, 0 changed, 1 removed" in again
    page = client.get("/lists/").text
    assert page.count('<th scope="row">Participating</th>') == 2
    assert "<b>participating" not in page


@pytest.mark.parametrize("data", [b"", b"no list", b"%PDF-1.7", b"PK\x03\x04", b"NAME,RANK\nAlex,Deputy\n"])
def test_what_is_no_list_is_refused_in_a_sentence(client: PageClient, parts: Parts, data: bytes) -> None:
    before = snapshot(parts)
    response = load(client, data)
    assert response.status_code == 422
    assert 'href="#list"' in response.text
    assert snapshot(parts) == before


@pytest.mark.usefixtures("loaded")
def test_an_agency_is_looked_up_in_any_spelling(client: PageClient) -> None:
    location = client.send("/lists/find", name="Example Co. SO", state="FL").location
    assert location == "/lists/?name=Example+Co.+SO&state=FL#found"
    page = client.get(location).text
    found = page.partition('id="found"')[2].partition("Lists loaded")[0]
    assert "TFM, signed March 7, 2025" in found
    assert "WSO, pending" in found
    assert "Cobb" not in found
    link = re.search(r'<a class="[^"]+" href="([^"]+)" rel="([^"]+)">MOA on', found)
    assert link
    assert link[1] == MOA
    assert {"noreferrer", "noopener"} <= set(link[2].split())
    assert "Cobb" in client.get("/lists/?name=Example+County+Sheriff").text
    refused = client.send("/lists/find", name=" ")
    assert refused.status_code == 422
    assert 'href="#name"' in refused.text
    assert "Nothing found" in client.get("/lists/?name=Zzyzx+Rangers").text


@pytest.mark.usefixtures("loaded")
def test_counts_stand_as_table_and_chart(client: PageClient) -> None:
    page = client.get("/lists/report").text
    assert "4 agreements in 2 States" in page
    assert re.search(r"Task Force Model[^<]*</th><td>2</td><td>1</td><td>0</td>", page)
    assert re.search(r">Florida</a></th><td>3</td><td>1</td>", page)
    assert '<th scope="row">March 2025</th><td>1</td>' in page
    chart = client.get("/lists/by-month.svg")
    assert chart.mimetype == "image/svg+xml"
    assert "style=" not in chart.text
    assert "January 15, 2026" in chart.text
    state = client.get("/lists/state/FL").text
    assert "3 agencies" in state or "4 agencies" in state
    assert "Sample &lt;b&gt;County&lt;/b&gt; Jail" in state
    county = client.get("/lists/state/FL?county=Pasco+County").text
    assert "Example City Police Department" in county
    assert "Jail" not in county


@pytest.mark.usefixtures("loaded")
def test_the_agency_step_says_what_the_lists_say(client: PageClient, filled: str, started: str) -> None:
    page = client.get(f"{filled}steps/agency").text
    assert "It seems to be listed already" in page
    assert "TFM, signed March 7, 2025" in page
    assert "MOA on ICE’s site" in page
    assert "agencies in the same county" in page
    assert "Save the agency’s name and State" in client.get(f"{started}steps/agency").text


@pytest.mark.usefixtures("loaded")
def test_the_review_warns_of_what_is_held_pending_or_written_otherwise(client: PageClient, parts: Parts) -> None:
    answers = complete_answers()
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}review/").text
    assert "with TFM, signed March 7, 2025" in page
    assert "as pending for WSO" in page
    assert "writes this agency’s name" not in page
    assert "Ready to export" in page, "a list can be wrong, so it blocks nothing"
    other = with_path(answers, "agency.legal_name", "Sheriff of Example County")
    address = f"/applications/{add_application(parts, parts.agency_id, other)}/"
    assert "writes this agency" in client.get(f"{address}review/").text
    elsewhere = replace(answers, agency=replace(answers.agency, county="Lee"))
    address = f"/applications/{add_application(parts, parts.agency_id, elsewhere)}/"
    page = client.get(f"{address}review/").text
    assert "ICE already lists" not in page, "another county's agency of the same name"
    assert "most likely other agencies" in client.get(f"{address}steps/agency").text


@pytest.mark.usefixtures("loaded")
def test_what_is_exported_does_not_depend_on_the_lists(client: PageClient, filled: str) -> None:
    result = client.send(f"{filled}exports/").location
    bundle = client.get(f"{result}bundle.zip").data
    load(client, book(ROWS[1:]))
    assert client.get(f"{result}bundle.zip").data == bundle
