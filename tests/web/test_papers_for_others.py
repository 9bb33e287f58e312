"""Papers for the people around an application, and the calendar that counts from the day both sides had signed."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from assistant.documents.board_packet import board_packet
from assistant.documents.calendar_file import calendar_file
from assistant.documents.signatory_brief import signatory_brief
from assistant.editions.catalog import get_edition
from assistant.program.calendar_entries import calendar_entries
from assistant.program.models import get_model
from assistant.rules import Review
from assistant.services.application import export_log
from assistant.services.application.applications import get, save_values
from assistant.services.application.make_bundle import make
from assistant.services.form_maps.forms import library
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

TODAY = date(2026, 2, 1)
MODELS: tuple[Model, ...] = ("JEM", "TFM", "TTFM", "WSO")
EDITIONS: dict[Model, str] = {"JEM": "moa-jem/2025-02-15", "TFM": "moa-tfm/2025-03-07", "WSO": "moa-wso/2025-02-15"}


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def days_of(data: bytes) -> dict[str, tuple[date, Any]]:
    calendar = Calendar.from_ical(data)
    return {str(e["summary"]): (e.decoded("dtstart"), e.get("rrule")) for e in calendar.walk("VEVENT")}


@pytest.mark.parametrize("model", MODELS)
def test_the_brief_of_one_model_is_one_page(model: Model) -> None:
    answers = replace(complete_answers(), models=(model,))
    editions = {model: get_edition(EDITIONS[model])} if model in EDITIONS else {}
    data = signatory_brief(answers, editions, Review(findings=()), today=TODAY)
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    text = words_of(data)
    assert "no blocker and no warning" in text
    for topic in ("agency_pays", "ending"):
        assert get_model(model).on(topic)[0].text.split(".")[0].split(";")[0] in text
    assert all(nominee.full_name not in text for nominee in answers.nominees if nominee.full_name)


def test_the_packet_says_its_sources_and_that_it_is_a_draft_for_counsel() -> None:
    answers = replace(complete_answers(), models=("JEM", "TFM"))
    reader = PdfReader(io.BytesIO(board_packet(answers, today=TODAY)))
    for page in reader.pages:
        assert "DRAFT FOR COUNSEL" in page.extract_text()
    text = words_of(board_packet(answers, today=TODAY))
    for model in ("JEM", "TFM"):
        for statement in get_model(model).statements:
            assert statement.citation
            assert str(statement.citation).split(",")[0] in text
    assert "Draft resolution" in text
    assert all(nominee.full_name not in text for nominee in answers.nominees if nominee.full_name)


@pytest.mark.parametrize(
    ("signed_on", "meeting"),
    [
        (date(2025, 3, 26), date(2026, 3, 26)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 28), date(2025, 2, 28)),
        (date(2024, 12, 31), date(2025, 12, 31)),
    ],
)
def test_the_calendar_counts_from_the_day_both_sides_had_signed(signed_on: date, meeting: date) -> None:
    days = days_of(calendar_file("Example", calendar_entries(("WSO",), signed_on), signed_on=signed_on))
    day, rule = days["287(g) Warrant Service Officer: Meet with the ICE Field Office"]
    assert day == meeting
    assert (rule["FREQ"], rule["INTERVAL"]) == (["YEARLY"], [1])


def test_each_model_has_its_own_days_and_no_others() -> None:
    named = {model: {entry.key.rpartition("-")[0] for entry in calendar_entries((model,), TODAY)} for model in MODELS}
    assert "authorizations-end" in named["TFM"]
    assert "three-year-review" in named["JEM"]
    assert all("authorizations-end" not in keys for model, keys in named.items() if model != "TFM")
    assert named["TTFM"] == {"training-dates", "no-answer"}, "nothing is published of it"


def test_what_no_agreement_sets_is_one_reminder_and_says_so() -> None:
    entries = calendar_entries(("TFM", "WSO"), TODAY)
    (training,) = [entry for entry in entries if entry.key.startswith("training-dates")]
    assert training.models == ("TFM", "WSO")
    assert training.source == "a reminder of this program"
    assert all(entry.citation or "reminder of this program" in entry.text for entry in entries)


def test_the_same_calendar_has_the_same_bytes_and_ids_of_its_own() -> None:
    entries = calendar_entries(("JEM", "TFM", "WSO"), TODAY)
    data = calendar_file("Éxample; Co, “x”\nSUMMARY:forged", entries, signed_on=TODAY)
    assert data == calendar_file("Éxample; Co, “x”\nSUMMARY:forged", entries, signed_on=TODAY)
    calendar = Calendar.from_ical(data)
    ids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(set(ids)) == len(entries)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    other = Calendar.from_ical(calendar_file("Another", entries, signed_on=TODAY))
    assert not set(ids) & {str(event["uid"]) for event in other.walk("VEVENT")}


def test_the_page_gives_the_papers_and_the_calendar(client: PageClient, parts: Parts) -> None:
    home = f"/applications/{add_application(parts, parts.agency_id, complete_answers())}"
    assert f'href="{home}/papers/"' in client.get(f"{home}/documents/").text
    page = client.get(f"{home}/papers/").text
    for name in ("signatory-brief.pdf", "board-packet.pdf"):
        assert f"{home}/papers/{name}" in page
        assert client.get(f"{home}/papers/{name}").data.startswith(b"%PDF-")
    values = {"signed_on-month": "March", "signed_on-day": "26", "signed_on-year": "2025"}
    sent = client.send(f"{home}/papers/calendar", **values)
    assert sent.mimetype == "text/calendar"
    assert any(day == date(2027, 3, 26) for day, _ in days_of(sent.data).values())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "Enter the day both sides had signed."),
        ({"signed_on-month": "2", "signed_on-day": "30", "signed_on-year": "2025"}, "exists in the calendar"),
        ({"signed_on-month": "2", "signed_on-year": "2025"}, "Enter the day of the day both sides"),
    ],
)
def test_a_day_that_is_none_is_asked_again_with_what_was_typed(
    client: PageClient, parts: Parts, values: dict[str, str], told: str
) -> None:
    home = f"/applications/{add_application(parts, parts.agency_id, complete_answers())}"
    answer = client.send(f"{home}/papers/calendar", **values)
    assert answer.status_code == 422
    assert told in answer.text
    assert answer.text.count('value="2025"') == ("signed_on-year" in values)


def test_the_sheet_for_the_day_of_signing_is_made_from_the_last_final_export(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id, complete_answers())
    home = f"/applications/{public_id}"
    assert "Export the bundle first" in client.get(f"{home}/papers/").text
    assert client.get(f"{home}/papers/signing-day.pdf").status_code == 404
    with parts.writer() as session:
        row = get(session, parts.agency_id, public_id)
        made = make(row.answers, library(session), today=NOW.date(), draft=True)
        export_log.record_export(session, row, made, now=NOW)
        session.commit()
    assert client.get(f"{home}/papers/signing-day.pdf").status_code == 404, "a draft is nothing to sign"
    exported = client.send(f"{home}/exports/").location
    assert exported
    reference = exported.rstrip("/").rpartition("/")[2][:8].upper()
    page = client.get(f"{home}/papers/").text
    assert f"reference {reference}" in page
    assert "have changed since" not in page
    sent = client.get(f"{home}/papers/signing-day.pdf")
    assert sent.mimetype == "application/pdf"
    assert f"Bundle {reference}" in words_of(sent.data)
    with parts.writer() as session:
        row = get(session, parts.agency_id, public_id)
        save_values(session, row, {"signatory.title": "Chief"}, version=row.version, now=NOW)
        session.commit()
    assert "Export again before you sign" in client.get(f"{home}/papers/").text


@pytest.mark.parametrize("paper", ["signatory-brief", "board-packet", "cost-sheet"])
def test_each_paper_is_a_page_with_the_words_of_its_file(client: PageClient, parts: Parts, paper: str) -> None:
    home = f"/applications/{add_application(parts, parts.agency_id, complete_answers())}"
    page = client.get(f"{home}/papers/{paper}/").text
    assert f"{home}/papers/{paper}.pdf" in page
    start, end = page.index('<article class="paper">'), page.index("</article>")
    bare = re.sub(r"\s", "", html.unescape(re.sub("<[^>]*>", "", page[start:end])))
    pdf = re.sub(r"[\s•]", "", words_of(client.get(f"{home}/papers/{paper}.pdf").data))
    for line in re.findall(r"<(?:p|li|h[123]|td)>([^<]{20,})</", page[start:end]):
        assert re.sub(r"\s", "", html.unescape(line)) in pdf
    assert bare
    assert client.get(f"{home}/papers/no-such/").status_code == 404
    assert client.get(f"{home}/papers/no-such.pdf").status_code == 404
