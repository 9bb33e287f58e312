"""What changed from one loaded list to the next: told once, in words, on a page, as CSV, as a feed; and the map."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from assistant.agencies.atom import ATOM
from assistant.agencies.tile_map import map_of_states
from assistant.program import states
from assistant.services.published_lists.listings import import_list, report
from assistant.services.published_lists.timeline import sentence, timeline
from tests.web.test_lists import MOA, book

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

SVG = "http://www.w3.org/2000/svg"
Row = list[object]
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PASCO: Row = ["FLORIDA", "Pasco County Sheriff's Office", "County", "Pasco", "Task Force Model", date(2025, 3, 7), None]
LEE: Row = ["FLORIDA", "Lee County Jail", "County", "Lee", "Jail Enforcement Model", date(2025, 5, 2), None]
COBB: Row = ["GEORGIA", "Cobb County Sheriff", "County", "Cobb", "Warrant Service Officer", date(2024, 1, 9), None]
GUAM: Row = ["GUAM", "Example Customs Agency", "State Agency", None, "Task Force Model", date(2025, 6, 1), None]
CITY: Row = ["FLORIDA", "Example City Police Department", "Municipality", "Pasco", "Task Force Model", None, None]


def load(parts: Parts, name: str, *rows: Row) -> None:
    with parts.writer() as session:
        import_list(session, book(rows, pending=name.startswith("pending")), filename=f"{name}.xlsx", now=NOW)
        session.commit()


def told(parts: Parts, **more: str) -> list[list[str]]:
    with parts.reader() as session:
        return [[sentence(event) for event in load.events] for load in timeline(session, **more)]


def changed(row: Row, place: int, value: object) -> Row:
    return [*row[:place], value, *row[place + 1 :]]


def test_the_first_list_changes_nothing_and_the_same_list_again_neither(parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", PASCO, LEE)
    load(parts, "participatingAgencies01162026am", PASCO, LEE)
    assert told(parts) == [[], []]
    with parts.reader() as session:
        assert [one.first for one in timeline(session)] == [False, True]


@pytest.mark.parametrize(
    ("after", "events"),
    [
        ([PASCO, LEE, GUAM], ["Example Customs Agency (GU, TFM): signed June 1, 2025"]),
        ([PASCO], ["Lee County Jail (FL, JEM): no longer listed"]),
        (
            [PASCO, changed(LEE, 5, date(2025, 5, 3))],
            ["Lee County Jail (FL, JEM): date of signing: 2025-05-02 → 2025-05-03"],
        ),
        ([PASCO, changed(LEE, 6, MOA)], [f"Lee County Jail (FL, JEM): MOA posted: {MOA}"]),
        ([PASCO, changed(LEE, 3, "Hendry")], ["Lee County Jail (FL, JEM): county: Lee → Hendry"]),
        # Nearly a change: other quotation marks and spaces are none.
        ([changed(PASCO, 1, "Pasco County  Sheriff’s Office "), LEE], []),
    ],
)
def test_each_change_is_told_once(parts: Parts, after: list[Row], events: list[str]) -> None:
    load(parts, "participatingAgencies01152026am", PASCO, LEE)
    load(parts, "participatingAgencies01162026am", *after)
    assert told(parts)[0] == events


def test_a_renamed_agency_is_no_new_one(parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", PASCO, COBB)
    load(parts, "participatingAgencies01162026am", PASCO, changed(COBB, 1, "Cobb County Sheriff's Office"))
    (event,) = told(parts)[0]
    assert event.endswith("name: Cobb County Sheriff → Cobb County Sheriff's Office")


def test_what_was_pending_is_told_as_moved_and_not_as_gone(parts: Parts) -> None:
    load(parts, "pendingAgencies01142026am", CITY, COBB)
    load(parts, "participatingAgencies01152026am", PASCO)
    load(parts, "participatingAgencies01162026am", PASCO, changed(CITY, 5, date(2026, 1, 15)))
    load(parts, "pendingAgencies01162026pm", LEE)
    pending, participating, *_ = told(parts)
    assert participating == ["Example City Police Department (FL, TFM): was pending, signed January 15, 2026"]
    assert pending == [
        "Lee County Jail (FL, JEM): pending",
        "Cobb County Sheriff (GA, WSO): no longer pending, and not listed as signed",
    ]
    assert told(parts, state="GA")[0] == pending[1:]


def test_the_page_the_table_and_the_feed_tell_the_same(client: PageClient, parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", PASCO)
    load(parts, "participatingAgencies01162026am", PASCO, changed(LEE, 1, "+<b>Lee</b> & Co. Jail"), COBB)
    page = client.get("/lists/timeline").text
    assert "+&lt;b&gt;Lee&lt;/b&gt; &amp; Co. Jail (FL, JEM): signed May 2, 2025" in page
    assert "Cobb" not in client.get("/lists/timeline?state=FL").text
    rows = list(csv.DictReader(io.StringIO(client.get("/lists/timeline.csv").text)))
    assert [(row["change"], row["agency"]) for row in rows] == [
        ("signed", "'+<b>Lee</b> & Co. Jail"),
        ("signed", "Cobb County Sheriff"),
    ]
    feed = ET.fromstring(client.get("/lists/timeline.xml").text)  # noqa: S314 - written here
    titles = [entry.findtext(f"{{{ATOM}}}title") for entry in feed.iter(f"{{{ATOM}}}entry")]
    assert titles == [
        "+<b>Lee</b> & Co. Jail (FL, JEM): signed May 2, 2025",
        "Cobb County Sheriff (GA, WSO): signed January 9, 2024",
    ]
    assert client.get("/lists/timeline.xml").data == client.get("/lists/timeline.xml").data
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in feed.iter(f"{{{ATOM}}}entry")]
    assert len(set(ids)) == len(ids)


def test_a_territory_is_no_state(client: PageClient, parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", PASCO, COBB, GUAM)
    with parts.reader() as session:
        totals = report(session)
    assert (totals["states"], totals["territories"]) == (3, 1)
    assert totals["by_state_and_model"] == {"FL": {"TFM": 1}, "GA": {"WSO": 1}, "GU": {"TFM": 1}}
    assert "3 agreements in 2 States and 1 territory" in client.get("/lists/report").text


def test_of_the_tribal_model_the_page_says_that_nothing_is_published(client: PageClient, parts: Parts) -> None:
    load(parts, "participatingAgencies01152026am", PASCO)
    assert "(TTFM): not yet published" in client.get("/lists/report").text
    load(parts, "participatingAgencies01162026am", PASCO, changed(GUAM, 4, "Tribal Task Force Model"))
    assert "not yet published" not in client.get("/lists/report").text


def test_the_map_shows_every_count_in_figures(client: PageClient, parts: Parts) -> None:
    assert client.get("/lists/by-state.svg").status_code == 404
    load(parts, "participatingAgencies01152026am", PASCO, LEE, COBB, GUAM)
    drawn = ET.fromstring(client.get("/lists/by-state.svg").data)  # noqa: S314 - drawn here
    tiles = [group.findtext(f"{{{SVG}}}title") for group in drawn.iter(f"{{{SVG}}}g")]
    assert {"Florida: 2", "Georgia: 1", "Guam: 1", "Texas: 0"} <= set(tiles)
    assert len(tiles) == len(states()), "every State and territory has one tile"
    one = client.get("/lists/by-state.svg?model=TFM").text
    assert "<title>Florida: 1</title>" in one
    assert "<title>Georgia: 0</title>" in one
    rows = list(csv.DictReader(io.StringIO(client.get("/lists/by-state.csv").text)))
    assert [(row["state"], row["TFM"], row["JEM"], row["all"]) for row in rows] == [
        ("FL", "1", "1", "2"), ("GA", "0", "0", "1"), ("GU", "1", "0", "1"),
    ]  # fmt: skip


def test_a_place_that_has_no_tile_is_told_in_words() -> None:
    svg = map_of_states({"FL": 3, "Atlantis": 2}, states(), title="a < b")
    assert '<title id="title">a &lt; b</title>' in svg
    assert "5 agreements, most first. Florida: 3; elsewhere: 2." in svg


def test_the_numbers_of_ices_page_stand_beside_its_list_of_that_day_only(client: PageClient, parts: Parts) -> None:
    load(parts, "participatingAgencies01272026am", PASCO)
    with parts.reader() as session:
        assert {row["list"] for row in report(session)["printed"]} == {None}
    assert "stand alone" in client.get("/lists/report").text
    load(parts, "participatingAgencies01282026pm", PASCO, GUAM)
    load(parts, "pendingAgencies01282026pm", CITY)
    with parts.reader() as session:
        rows = {row["what"]: row for row in report(session)["printed"]}
    assert (rows["agreements"]["page"], rows["agreements"]["list"]) == (1373, 2)
    assert "one TFM agreement less" in rows["agreements"]["reason"]
    assert (rows["TFM.pending"]["page"], rows["TFM.pending"]["list"], rows["WSO.pending"]["list"]) == (3, 1, 0)


def test_on_ices_own_lists_what_was_pending_moved(parts: Parts, program_sheets: Path) -> None:
    names = ("pendingAgencies05152025am", "participatingAgencies05162025am")
    for name in (*names, "participatingAgencies07012025pm", "pendingAgencies07032025pm"):
        with parts.writer() as session:
            data = (program_sheets / f"{name}.xlsx").read_bytes()
            import_list(session, data, filename=f"{name}.xlsx", now=NOW)
            session.commit()
    with parts.reader() as session:
        pending, participating, *_ = timeline(session)
    kinds = [event.kind for event in (*participating.events, *pending.events)]
    new, gone = kinds.count("signed") + kinds.count("moved-from-pending"), kinds.count("no-longer-pending")
    assert (new, kinds.count("dropped")) == (174, 1), "as the load counts them"
    assert kinds.count("moved-from-pending") + gone == 84, "every row that left the pending list is told once"
