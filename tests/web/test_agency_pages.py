"""An agency's page, a State by county, lines over time, and the table of a kept report."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.test_encounter_reports import ADDRESS, send
from tests.web.test_lists import MOA, ROWS, book, load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.conftest import PageClient

LATER: list[list[object]] = [
    [*ROWS[0][:5], date(2025, 3, 9), MOA],
    [
        "FLORIDA",
        "Example County Sheriff's Office",
        "County",
        "Pasco",
        "Warrant Service Officer",
        date(2025, 6, 2),
        None,
    ],
    *ROWS[2:],
]


@pytest.fixture
def listed(client: PageClient) -> PageClient:
    """The list of July, then one in which an agreement is dated anew, one is new, and one is gone."""
    load(client, book(ROWS), "participatingAgencies07152025am.xlsx")
    load(client, book(LATER), "participatingAgencies08152025am.xlsx")
    return client


def address_of(client: PageClient, name: str, state: str = "FL") -> str:
    page = unescape(client.get(f"/lists/state/{state}").text)
    match = re.search(rf'href="(/lists/agency/\d+)">{re.escape(name)}', page)
    assert match is not None
    return match[1]


def test_an_agency_has_a_page_with_its_agreements_and_their_history(listed: PageClient) -> None:
    page = unescape(listed.get(address_of(listed, "Example County Sheriff's Office")).text)
    assert "signed March 9, 2025" in page
    assert "July 15, 2025 to August 15, 2025" in page
    assert "WSO" in page
    assert (
        "List of August 15, 2025: Example County Sheriff's Office (FL, TFM): "
        "date of signing: March 7, 2025 → March 9, 2025" in page
    )
    assert "signed June 2, 2025" in page
    assert f'href="{MOA}"' in page
    # One of the same name in Georgia is another agency.
    assert "January 9, 2024" not in page
    assert "No other agency in Pasco is listed." in page


def test_what_left_the_list_is_told_on_its_page_and_on_no_other(listed: PageClient) -> None:
    # The row keeps its number though no list names it any more.
    pages = [unescape(listed.get(f"/lists/agency/{number}").text) for number in range(1, 6)]
    (gone,) = [page for page in pages if "<h1>Example City Police Department</h1>" in page]
    assert "signed May 2, 2025; no longer listed" in gone
    assert "On the lists" in gone
    assert sum("no longer listed" in page for page in pages) == 1
    assert listed.get("/lists/agency/999").status_code == 404


def test_a_search_leads_to_the_page(listed: PageClient) -> None:
    found = listed.get("/lists/?name=example+county+so&state=FL").text
    assert f'href="{address_of(listed, "Example County Sheriff")}"'.rpartition('"')[0] in found


def test_a_state_is_counted_by_county(listed: PageClient) -> None:
    page = unescape(listed.get("/lists/state/FL").text)
    assert re.search(r'county=Pasco">Pasco</a></th><td>2</td>', page)
    svg = listed.get("/lists/state/FL/by-county.svg")
    assert (svg.status_code, svg.mimetype) == (200, "image/svg+xml")
    assert "Pasco" in svg.text
    assert listed.get("/lists/state/AL/by-county.svg").status_code == 404
    assert listed.get("/lists/state/XX/by-county.svg").status_code == 404
    # Within one county there is nothing to count by county.
    assert "By county</h2>" not in listed.get("/lists/state/FL?county=Pasco").text


def test_models_over_time_as_lines_table_and_csv(listed: PageClient) -> None:
    page = listed.get("/lists/report").text
    assert "By model over time" in page
    svg = listed.get("/lists/trend.svg").text
    assert "Agreements on the list of August 15, 2025, by month of signing, added up" in svg
    assert "TFM: 1" in svg
    rows = listed.get("/lists/by-month.csv").text.splitlines()
    assert rows[0] == "month,TFM,WSO,all"
    assert (rows[1], rows[-1]) == ("2024-01,0,1,1", "2025-06,0,1,1")


def test_without_a_list_there_is_no_picture(client: PageClient) -> None:
    assert client.get("/lists/trend.svg").status_code == 404
    assert client.get("/lists/report").status_code == 200


def test_a_kept_table_is_drawn_and_a_kept_pdf_is_not(client: PageClient) -> None:
    send(client, b'Month,Encounters,Removals\nOct 2025,12,1\nNov 2025,"1,234",2\n', "2025-11", "nov.csv")
    send(client, b"Agency,Encounters\nExample SO,4\n", "2025-10", "oct.csv")
    listing = client.get(ADDRESS).text
    assert f'href="{ADDRESS}/2025-11/table"' in listing
    assert f'href="{ADDRESS}/2025-10/table"' not in listing
    page = client.get(f"{ADDRESS}/2025-11/table").text
    assert "<td>1,234</td>" in page
    assert "It cannot tell what ICE counts in each column." in page
    assert "Removals: 2" in client.get(f"{ADDRESS}/2025-11/table.svg").text
    for missing in ("2025-10", "2025-01", "nonsense"):
        assert client.get(f"{ADDRESS}/{missing}/table").status_code == 404


def test_ices_own_sheets(client: PageClient, shared: Path) -> None:
    """In Florida, nearly every county has an agreement; each row leads to a page."""
    for name in ("participatingAgencies05162025am.xlsx", "participatingAgencies07012025pm.xlsx"):
        load(client, (shared / "program-sheets" / name).read_bytes(), name)
    page = client.get("/lists/state/FL").text
    assert page.count("county=") > 60
    for number in (1, 300, 700):
        assert client.get(f"/lists/agency/{number}").status_code == 200
