"""Many nominees at once: what was read is shown first, good rows are taken over once, nothing else is kept."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import text

from assistant.answers import Nominee
from assistant.services.application import applications, rosters
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

SHEET = (
    "Name\tBadge\tDOB\tStar code\tUS citizen\n"
    "Robin Sample\t2001\t4/1/1990\t77\tyes\n"
    "Kim Sample\t123-45-6789\t\t78\tyes\n"
    "Alex Nguyễn\t1412\t\t79\tyes\n"
    "Robin Sample\t2001\t\t80\tperhaps\n"
    "Chris Example\t2002\t\t81\t\n"
)


def give(client: PageClient, address: str, pasted: str = "", sheet: bytes | None = None) -> TestResponse:
    values: dict[str, Any] = {"csrf_token": client.token(), "pasted": pasted}
    if sheet is not None:
        values["sheet"] = (io.BytesIO(sheet), "x.csv")
    response = client.post(f"{address}nominees/roster/", data=values, content_type="multipart/form-data")
    response.request.environ["wsgi.input"].close()
    return response


def people(parts: Parts, address: str) -> list[Nominee]:
    with parts.reader() as session:
        return list(applications.get(session, parts.agency_id, UUID(address.split("/")[2])).answers.nominees)


def selected(page: str) -> dict[str, str]:
    """Return what the page would send for each column."""
    return {
        name: (re.search(r'value="([^"]*)" selected', inside) or ["", ""])[1]
        for name, inside in re.findall(r'<select[^>]* name="(column-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    }


def test_the_good_rows_are_shown_and_added_once(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    assert re.fullmatch(f"{filled}nominees/roster/[0-9a-f-]{{36}}/", look)
    page = client.get(look).text
    assert "3 rows can be added; 2 rows must be corrected first" in page
    assert "Already on the list (1)" in page
    assert "Add the 2 good rows" in page
    for key, what in (("cell-3-1", "Social Security"), ("cell-5-4", "perhaps")):
        assert re.search(rf'id="{key}-hint">[^<]*{what}', page), key
    assert "this program never keeps dates or places of birth" in page
    for held in ("1990", "123-45-6789"):
        assert held not in page
    values = {"go": "add", "models": ["WSO"], **selected(page)}
    for _ in range(2):
        location = client.send(look, **values).location
        assert location.endswith("/nominees/criteria/?added=2")
        assert "2 nominees are added" in client.get(location).text
    found = people(parts, filled)
    assert [(n.full_name, n.models) for n in found] == [
        ("Alex Nguyễn", ("TFM",)), ("Robin Sample", ("WSO",)), ("Chris Example", ("WSO",)),
    ]  # fmt: skip
    assert found[1].us_citizen
    assert found[2].us_citizen is None
    page = client.get(look).text
    assert "0 rows can be added; 2 rows must be corrected first. 2 from this roster were added before." in page
    assert "Alex Nguyễn" not in page, "who was added has left the store"
    client.send(look, go="save", **selected(page), **{"out-3": "yes", "out-5": "yes"})
    assert client.get(f"{look}what-to-do.xlsx").status_code == 200
    client.send(look, go="drop")
    assert client.get(look).status_code == 404


def test_who_is_listed_already_is_added_where_the_user_says_so(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    client.send(look, go="add", twins="yes", **selected(client.get(look).text))
    assert len(people(parts, filled)) == 4


def test_a_corrected_column_is_shown_before_anything_is_added(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    values = selected(client.get(look).text)
    assert values == {"column-0": "full_name", "column-1": "badge_number", "column-3": "", "column-4": "us_citizen"}
    values |= {"column-1": "", "column-3": "badge_number"}
    location = client.send(look, go="add", **values).location
    assert location.endswith("?again=1")
    assert len(people(parts, filled)) == 1, "nothing may be added that nobody has seen"
    page = client.get(location).text
    assert "4 rows can be added" in page
    assert selected(page) == values
    client.send(look, go="add", **values)
    assert [n.badge_number for n in people(parts, filled)][1:] == ["77", "78", "79", "81"]


def test_a_column_of_what_is_never_kept_cannot_be_chosen(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    values = selected(client.get(look).text) | {"column-2": "badge_number"}
    client.send(look, go="add", **values)
    assert "2001" in {n.badge_number for n in people(parts, filled)}


def test_without_a_name_the_page_comes_back(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    response = client.send(look, go="columns", **(selected(client.get(look).text) | {"column-0": ""}))
    assert response.status_code == 422
    assert 'href="#column-0"' in response.text
    assert "Choose the column with the names" in response.text


def test_the_marked_copy_comes_back(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    file = client.get(f"{look}what-to-do.xlsx")
    assert file.headers["Content-Disposition"] == 'attachment; filename="nominee-roster-what-to-do.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert page["F1"].value == "What to do"
    assert "Social Security" in page["F3"].value
    assert page["C2"].value is None
    assert page["B3"].value is None


def test_the_empty_roster_can_be_filled_and_given(client: PageClient, parts: Parts, filled: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/nominee-roster.xlsx").data))
    book.worksheets[0].append(["Jo Sample", "Deputy", "9", "WSO", "Yes"])
    kept = io.BytesIO()
    book.save(kept)
    look = give(client, filled, sheet=kept.getvalue()).location
    client.send(look, go="add", **selected(client.get(look).text))
    assert people(parts, filled)[1] == Nominee(
        full_name="Jo Sample", rank="Deputy", badge_number="9", models=("WSO",), us_citizen=True
    )


@pytest.mark.parametrize(
    ("pasted", "sheet", "box"),
    [
        ("", None, "sheet"),
        ("", b"", "sheet"),
        ("just words", None, "pasted"),
        ("Rank\tBadge\nDeputy\t2", None, "pasted"),
        ("Name\nAlex", b"Name\nAlex", "sheet"),
        ("", b"%PDF-1.7", "sheet"),
        ("", b"PK\x03\x04 no workbook", "sheet"),
        ("", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "sheet"),
        ('Name\tBadge\n"Alex\t1', None, "pasted"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_and_what_was_pasted_stays(
    client: PageClient, filled: str, pasted: str, sheet: bytes | None, box: str
) -> None:
    before = snapshot(client.parts)
    response = give(client, filled, pasted, sheet)
    assert response.status_code == 422
    assert f'href="#{box}"' in response.text
    if pasted:
        assert pasted.splitlines()[0] in response.text
    assert snapshot(client.parts) == before


def test_nothing_of_it_stands_in_the_open(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    with parts.engine.connect() as connection:
        rows = repr(connection.execute(text("SELECT * FROM roster_drafts")).all())
    for held in ("Robin", "2001", "1990", "123-45-6789"):
        assert held not in rows
    assert "Robin" not in look
    assert client.send(look, go="drop").status_code == 302
    assert client.get(look).status_code == 404


def test_a_roster_that_waits_too_long_is_forgotten(client: PageClient, parts: Parts, filled: str, clock: Clock) -> None:
    look = give(client, filled, SHEET).location
    clock.now += timedelta(days=1, minutes=1)
    assert give(client, filled, SHEET).status_code == 302
    assert client.get(look).status_code == 404
    assert len(people(parts, filled)) == 1


def test_a_deleted_application_takes_its_rosters_along(client: PageClient, parts: Parts, filled: str) -> None:
    give(client, filled, SHEET)
    client.send(f"{filled}delete")
    with parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM roster_drafts")).scalar() == 0


def test_a_lost_token_shows_the_pasted_rows_again(client: PageClient, filled: str) -> None:
    response = client.post(f"{filled}nominees/roster/", data={"pasted": SHEET, "csrf_token": "made-up"})
    assert response.status_code == 400
    assert "Robin Sample" in response.text


@pytest.mark.long
def test_thousands_of_rows_are_read_and_added(client: PageClient, parts: Parts, filled: str) -> None:
    rows = "".join(f"Officer N {n},P{n},yes\n" for n in range(4_999))
    look = give(client, filled, sheet=f"Name,Badge,US citizen\n{rows}Bad,=1,x\n".encode()).location
    page = client.get(look).text
    assert "4,999 rows can be added; 1 row must be corrected" in page
    assert "The first 25 of 4,999" in page
    client.send(look, go="add", models=["TFM"], **selected(page))
    assert len(people(parts, filled)) == 5_000
    more = give(client, filled, "Name\nOne Too Many").location
    refused = client.send(more, go="add", **selected(client.get(more).text))
    assert refused.status_code == 422
    assert "more than 5,000" in refused.text


def test_people_are_told_apart_by_badge_then_by_name(parts: Parts) -> None:
    nominees = (Nominee(full_name="Pat Same", badge_number="1"), Nominee(full_name="Lou None"))
    public_id = add_application(parts, parts.agency_id, replace(complete_answers(), nominees=nominees))
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, public_id)
        draft = rosters.keep(
            session, application, b"Name,Badge\nPAT SAME,2\nPat Same,1\nlou none,3\nLou Nine,\n", now=parts.clock()
        )
        found = [(twin.row, twin.shared) for twin in rosters.twins(application, rosters.read(draft))]
        session.commit()
    assert found == [(3, "badge number"), (4, "name")]


def test_the_grid_is_filtered_and_says_what_to_ask(client: PageClient, parts: Parts) -> None:
    known = complete_answers().nominees[0]
    nominees = (
        known,
        replace(known, full_name="No Citizen", us_citizen=False),
        replace(known, full_name="Not Asked", us_citizen=None),
        Nominee(full_name="No Model"),
    )
    address = (
        f"/applications/{add_application(parts, parts.agency_id, replace(complete_answers(), nominees=nominees))}/"
    )
    shown = {
        show: re.findall(r"<h3>([^<]+?) <span", client.get(f"{address}nominees/criteria/?show={show}").text)
        for show in ("open", "not-met", "not-known", "all", "x")
    }
    assert shown["open"] == shown["x"] == ["No Citizen", "Not Asked", "No Model"]
    assert shown["not-met"] == ["No Citizen"]
    assert shown["not-known"] == ["Not Asked", "No Model"]
    assert len(shown["all"]) == 4
    page = client.get(f"{address}nominees/criteria/?show=not-known").text
    assert "Find out whether this person:" in page
    assert "Is a citizen of the United States." in page
    assert "TFM MOA" in page
