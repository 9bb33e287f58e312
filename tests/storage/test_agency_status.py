"""What the lists say of an agency: never a wrong name for sure, never more than they say, waits with their number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant.errors import NotFoundError
from assistant.services.after_export.list_decision import (
    LISTED_AS,
    decide_listing,
    status_of_application,
    undo_decision,
)
from assistant.services.application import applications, history
from assistant.services.published_lists.agency_status import agency_status, ids_of_name
from assistant.services.published_lists.listings import import_list
from assistant.services.published_lists.status_words import model_words, status_document, wait_limits, wait_words
from assistant.services.published_lists.waiting_time import usual_wait
from tests.web.test_lists import MOA, book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.services.published_lists.agency_status import ModelStatus
    from tests.storage.conftest import Store

NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
TODAY = NOW.date()
NAME = "Example County Sheriff's Office"


def row(
    name: str = NAME,
    model: str = "Task Force Model",
    signed: date | None = None,
    *,
    county: str = "Pasco",
    kind: str = "County",
    moa: str | None = None,
    state: str = "FLORIDA",
) -> list[object]:
    return [state, name, kind, county, model, signed, moa]


def load(session: Session, rows: Sequence[list[object]], day: date, *, pending: bool = False) -> None:
    kind = "pending" if pending else "participating"
    filler = row(
        "Filler Police Department", "Warrant Service Officer", date(2025, 1, 1), state="TEXAS", county="Filler"
    )
    name = f"{kind}Agencies{day:%m%d%Y}am.xlsx"
    import_list(session, book([*rows, filler], pending=pending), filename=name, now=NOW)


def of_model(session: Session, answers: Answers, model: str = "TFM") -> ModelStatus:
    return next(one for one in agency_status(session, answers).models if one.model == model)


@pytest.fixture
def agency(answers: Answers) -> Answers:
    return replace(answers, agency=replace(answers.agency, county="Pasco"))


def test_nothing_is_known_without_a_list(session: Session, agency: Answers) -> None:
    status = agency_status(session, agency)
    assert (status.lists, status.sureness) == ((), None)
    document = status_document(status, {}, agency="x", state="FL", today=TODAY)
    assert [one["status"] for one in document["models"]] == ["no-list", "no-list"]
    assert "No list is loaded" in document["models"][0]["words"]


def test_the_way_from_pending_to_signed_posted_and_gone(session: Session, agency: Answers) -> None:
    days = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(8)]
    load(session, [], days[0], pending=True)
    load(session, [], days[0])
    assert of_model(session, agency).status == "not-listed"
    load(session, [row()], days[1], pending=True)
    load(session, [row()], days[2], pending=True)
    pending = of_model(session, agency)
    assert (pending.status, pending.pending_since, pending.since_first_list) == ("pending", days[1], False)
    assert pending.as_of == days[2]
    load(session, [], days[3], pending=True)
    gone = of_model(session, agency)
    assert (gone.status, gone.gone_on, gone.pending_since) == ("no-longer-pending", days[3], days[1])
    assert "does not say what ICE decided" in model_words(gone, agency_status(session, agency))
    load(session, [row(signed=days[3])], days[4])
    signed = of_model(session, agency)
    assert (signed.status, signed.signed, signed.moa_url, signed.pending_since) == (
        "participating", days[3], None, days[1],
    )  # fmt: skip
    load(session, [row(signed=days[3], moa=MOA)], days[5])
    assert of_model(session, agency).moa_url == MOA
    load(session, [], days[6])
    removed = of_model(session, agency)
    assert (removed.status, removed.gone_on, removed.signed) == ("gone", days[6], days[3])
    for one in (pending, gone, signed, removed):
        words = model_words(one, agency_status(session, agency))
        assert "approv" not in words.lower()
    assert of_model(session, agency, "WSO").status == "not-listed"


def test_what_the_first_pending_list_names_may_be_older(session: Session, agency: Answers) -> None:
    load(session, [row()], date(2026, 1, 5), pending=True)
    load(session, [row()], date(2026, 1, 15), pending=True)
    pending = of_model(session, agency)
    assert pending.since_first_list
    words = model_words(pending, agency_status(session, agency))
    assert "first on the list of January 5, 2026. That is the first pending list loaded here" in words
    assert "By the day of the last list that is at least 10 days." in words


@pytest.mark.parametrize(
    ("listed", "county", "kind"),
    [
        ("Example Co. Sheriff Office", "Pasco", "County"),
        ("EXAMPLE COUNTY SHERIFF’S OFFICE (Addendum)", "", "County"),
        (NAME, "Pasco County", ""),
    ],
)
def test_a_name_that_is_surely_the_agencys_is_taken(
    session: Session, agency: Answers, listed: str, county: str, kind: str
) -> None:
    load(session, [row(listed, signed=date(2025, 3, 7), county=county, kind=kind)], date(2026, 1, 5))
    status = agency_status(session, agency)
    assert (status.sureness, status.models[0].status) == ("sure", "participating")


@pytest.mark.parametrize(
    ("listed", "county", "kind"),
    [
        # Nearly: another county, another kind of agency, another word, a police department of the same place.
        (NAME, "Lee", "County"),
        (NAME, "Pasco", "Municipality"),
        ("Exampler County Constable", "Pasco", "County"),
        ("Example County Police Department", "Pasco", "County"),
        ("North Example County Sheriff's Office", "Pasco", "County"),
    ],
)
def test_a_name_that_is_only_like_the_agencys_is_not_taken(
    session: Session, agency: Answers, listed: str, county: str, kind: str
) -> None:
    load(session, [row(listed, signed=date(2025, 3, 7), county=county, kind=kind)], date(2026, 1, 5))
    status = agency_status(session, agency)
    assert status.sureness is None
    assert [one.status for one in status.models] == ["not-listed", "not-listed"]
    assert "nothing is said" in model_words(status.models[0], status)


def test_one_name_in_two_counties_is_nobodys_until_a_person_says(session: Session, answers: Answers) -> None:
    rows = [row(signed=date(2025, 3, 7), county=county) for county in ("Pasco", "Lee")]
    load(session, rows, date(2026, 1, 5))
    status = agency_status(session, answers)
    assert status.sureness is None
    assert {one.county for one in status.possible} == {"Pasco", "Lee"}
    assert agency_status(session, replace(answers, agency=replace(answers.agency, county="Lee"))).sureness == "sure"


def test_a_person_decides_and_the_decision_follows_a_rename(session: Session, store: Store, agency: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=agency)
    day = date(2025, 3, 7)
    load(session, [row(county="Lee", signed=day, moa=MOA)], date(2026, 1, 5))
    (possible,) = status_of_application(session, application).possible
    with pytest.raises(NotFoundError):
        decide_listing(session, application, [possible.ids[0] + 999], now=NOW)
    decide_listing(session, application, possible.ids[:1], now=NOW)
    status = status_of_application(session, application)
    assert (status.sureness, status.models[0].status) == ("confirmed", "participating")
    load(session, [row("Quite Another Name", county="Lee", signed=day, moa=MOA)], date(2026, 1, 12))
    assert status_of_application(session, application).own[0].agency == "Quite Another Name"
    assert history.verify(session, application) == []
    decide_listing(session, application, [], now=NOW)
    assert status_of_application(session, application).sureness is None
    assert status_of_application(session, application).is_decided
    undo_decision(session, application, now=NOW)
    assert LISTED_AS not in application.progress
    assert not status_of_application(session, application).is_decided


def test_a_decision_stores_no_name(session: Session, store: Store, agency: Answers) -> None:
    application = applications.create(session, store.agency_id, now=NOW, answers=agency)
    load(session, [row(signed=date(2025, 3, 7))], date(2026, 1, 5))
    decide_listing(session, application, ids_of_name(session, NAME, "FL"), now=NOW)
    assert all(isinstance(number, int) for number in application.progress[LISTED_AS])


def test_the_usual_wait_is_counted_from_the_lists_themselves(session: Session) -> None:
    first, second, later = date(2026, 1, 1), date(2026, 1, 11), date(2026, 3, 1)
    names = [f"{letter}-Town Police Department" for letter in "ABCDEFGHIJKLMN"]

    def town(number: int, signed: date | None = None) -> list[object]:
        return row(names[number], signed=signed, county=names[number][0], kind="Municipality")

    load(session, [town(0), town(1), town(13)], first, pending=True)
    load(session, [town(number) for number in range(14)], second, pending=True)
    # Listed as signed on the very day of the pending list: no later list tells it.
    load(session, [town(12, second)], second)
    assert usual_wait(session, "TFM") is None
    signed = {0: first + timedelta(days=40), 1: first - timedelta(days=3)}
    signed |= {number: second + timedelta(days=number) for number in range(2, 12)}
    load(session, [town(number, day) for number, day in signed.items()], later)
    wait = usual_wait(session, "TFM")
    assert wait
    assert (wait.model, wait.count, wait.shortest, wait.longest) == ("TFM", 11, 2, 40)
    assert (wait.lower_quarter, wait.middle, wait.upper_quarter) == (4, 7, 10)
    assert (wait.began_before, wait.left_out) == (1, 1)
    assert wait_words(wait) == (
        "From 2 to 40 days, counted from 11 TFM agreements. Half of them took from 4 to 10 days."
    )
    assert any(limit.startswith("1 more has a date of signing before that list") for limit in wait_limits(wait))
    all_models = usual_wait(session, "JEM")
    assert all_models
    assert (all_models.model, all_models.count) == (None, 11)
