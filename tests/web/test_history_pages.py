"""The history as a timeline, filtered and in pages; and what differs between two of its points, in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from assistant.answers import with_path
from assistant.services.application import applications, history
from assistant.services.application.changes import Change
from assistant.services.application.saving import lock, store
from assistant.services.application.timeline import KINDS, fold_changes
from assistant.services.installation import purge
from assistant.storage.account_tables import PersonRow
from assistant.storage.tables import set_actor
from assistant.web.application.history_words import ACTS
from tests.web.made_up import NOW, add_agency, add_application, complete_answers

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

NAMES = re.compile(r'<h3 class="timeline__title">([^<]+)</h3>')
LINES = re.compile(r"<dt>([^<]+)</dt><dd>(.*?)</dd>")


def id_of(address: str) -> UUID:
    return UUID(address.split("/")[2])


def titles(page: str) -> list[str]:
    return [unescape(title) for title in NAMES.findall(page)]


def lines_of(page: str) -> dict[str, str]:
    """Return each answer that is shown, "before → after", by the words of its question; the first where it is twice."""
    plain: dict[str, str] = {}
    for label, words in LINES.findall(page):
        text = re.sub(r'<span class="usa-sr-only">.*?</span>|<[^>]+>', "", words)
        plain.setdefault(unescape(label), " ".join(unescape(text).split()))
    return plain


@pytest.fixture
def changed(client: PageClient, filled: str, clock: Clock) -> str:
    """Return the address of an application with an export between two saves, on different days."""
    values = {"version": "1", "signatory-full_name": "Robin Lee", "signatory-title": "Sheriff"}
    client.send(f"{filled}steps/signatory", **values)
    clock.now += timedelta(days=1)
    client.send(f"{filled}exports/")
    clock.now += timedelta(days=1)
    client.send(f"{filled}steps/signatory", **(values | {"version": "3", "signatory-full_name": "Kim Poe"}))
    return filled


def save(parts: Parts, address: str, answers: Answers) -> None:
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, id_of(address))
        applications.save(session, application, answers, version=application.version, section="agency", now=NOW)
        session.commit()


def test_the_newest_comes_first_by_day_and_in_the_words_of_the_questions(client: PageClient, changed: str) -> None:
    page = client.get(f"{changed}history/").text
    days = re.findall(r'<h2 class="timeline__day">([^<]+)</h2>', page)
    assert days == ["January 22, 2026", "January 21, 2026", "January 20, 2026"]
    (newest, export, *_, oldest) = titles(page)
    assert newest == "Signatory: saved"
    assert re.fullmatch(r"(Drafts|Bundle) exported, reference [0-9A-F]{8}", export)
    assert oldest == "Application started"
    assert "Robin Lee → Kim Poe" in lines_of(page).values()
    assert "Open this export" in page
    assert f'href="{changed}history/"' in client.get(changed).text, "the task list leads here"


def test_one_kind_alone_and_its_number(client: PageClient, changed: str) -> None:
    page = client.get(f"{changed}history/").text
    assert "Exports (1)" in page
    exports = client.get(f"{changed}history/?kind=exports").text
    assert len(titles(exports)) == 1
    assert 'aria-current="true">Exports (1)</a>' in exports
    for wrong in ("nothing", "<b>", ""):
        assert titles(client.get(f"{changed}history/?kind={wrong}").text) == titles(page)
    assert "There is nothing of this kind." in client.get(f"{changed}history/?kind=sending").text


def test_a_long_history_comes_in_pages(client: PageClient, parts: Parts, filled: str) -> None:
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, id_of(filled))
        for number in range(100):
            change = Change(path="signatory.title", before=f"Rank {number}", after=f"Rank {number + 1}")
            history.record(session, application, "changed", [change], section="signatory", now=NOW)
        session.commit()
    address, numbers = f"{filled}history/", []
    while address:
        page = client.get(address).text
        numbers += [int(number) for number in re.findall(r'id="line-(\d+)"', page)]
        assert page.count("timeline__row") <= 41
        more = re.search(r'href="([^"]+)">Show older lines', page)
        address = unescape(more[1]) if more else ""
    assert numbers == list(range(101, 0, -1))
    assert client.get(f"{filled}history/?before=x").status_code == 200


def test_two_points_are_compared_and_what_came_back_is_not_shown(client: PageClient, parts: Parts, filled: str) -> None:
    answers = complete_answers()
    for name in ("Another Office", "Example County Sheriff’s Office"):
        answers = with_path(answers, "agency.legal_name", name)
        save(parts, filled, answers)
    save(parts, filled, with_path(with_path(answers, "models", ("TFM",)), "approvals.counsel_reviewed_on", None))
    page = client.get(f"{filled}history/compare/?first=1&last=4").text
    lines = lines_of(page)
    assert "Another Office" not in page
    assert "Task Force Model (TFM), Warrant Service Officer (WSO) → Task Force Model (TFM)" in lines.values()
    assert "January 8, 2026 → no answer" in lines.values()
    assert "Another Office" in client.get(f"{filled}history/compare/?first=1&last=2").text
    same = client.get(f"{filled}history/compare/?first=2&last=2").text
    assert "Nothing differs between these two points." in same
    assert lines_of(client.get(f"{filled}history/compare/?first=4&last=1").text) == lines, "in either order"


def test_the_form_leads_to_an_address_of_its_own_and_changes_nothing(client: PageClient, changed: str) -> None:
    sent = client.send(f"{changed}history/compare/", first="1", last="3")
    assert sent.location == f"{changed}history/compare/?first=1&last=3"
    page = client.get(f"{changed}history/compare/").text
    first, last = re.findall(r'<option value="(\d+)" selected>', page)
    assert int(first) < int(last)
    for wrong in ("first=-1&last=x", "first=99999999&last=1", "first=&last="):
        assert client.get(f"{changed}history/compare/?{wrong}").status_code == 200
    refused = client.post(f"{changed}history/compare/", data={"first": "1", "last": "3"})
    assert "open too long" in refused.text


def test_nominees_are_named_as_added_removed_and_changed(client: PageClient, parts: Parts, filled: str) -> None:
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, id_of(filled))
        (one,) = application.answers.nominees
        other = replace(one, full_name="Pat Doe", badge_number="77")
        changed_one = replace(one, rank="Sergeant", us_citizen=None)
        everyone = replace(application.answers, nominees=(changed_one, other))
        history_before = application.history_count
        lock(session, application)
        ids = [*application.nominee_ids, "new1"]
        store(session, application, everyone, ids, conflicts=lambda _: (), section="nominees", now=NOW)
        store(
            session, application, replace(everyone, nominees=(other,)), ids[1:], conflicts=lambda _: (),
            section="nominees", now=NOW,
        )  # fmt: skip
        session.commit()
    first = client.get(f"{filled}history/compare/?first={history_before}&last={history_before + 1}").text
    assert "<b>Pat Doe</b> added" in first
    assert "<b>Alex Nguyễn</b> changed" in first
    assert "Deputy → Sergeant" in lines_of(first).values()
    assert "Yes → no answer" in lines_of(first).values()
    both = client.get(f"{filled}history/compare/?first={history_before}&last={history_before + 2}").text
    assert "<b>Alex Nguyễn</b> removed" in both


def test_what_was_erased_is_told_and_named_no_more(client: PageClient, parts: Parts, filled: str) -> None:
    assert client.get(f"{filled}history/compare/?first=0&last=1").text.count("Alex Nguyễn</b> added") == 1
    with parts.writer() as session:
        purge.purge_application(session, applications.get(session, parts.agency_id, id_of(filled)), now=NOW)
        session.commit()
    page = client.get(f"{filled}history/").text
    assert "Data of the nominees erased" in titles(page)
    assert "What this line said of nominees was erased on January 20, 2026" in page
    compared = client.get(f"{filled}history/compare/?first=0&last=2").text
    assert "Data of nominees was erased on January 20, 2026" in compared
    assert "Nguyễn" not in page + compared


def test_whoever_acted_is_named_where_people_sign_in(client: PageClient, parts: Parts, filled: str) -> None:
    with parts.writer() as session:
        person = PersonRow(email_digest=b"x" * 32, code_step=0, created_at=NOW)
        person.public_id = uuid4()
        session.add(person)
        with session.no_autoflush:
            person.email, person.name = "kim@ecso.example.gov", "Kim Poe"
            person.password, person.code_secret = "", ""
        session.flush()
        application = applications.get(session, parts.agency_id, id_of(filled))
        for who in (str(person.public_id), str(uuid4())):
            set_actor(session, who)
            history.record(session, application, "locked", section="approval", now=NOW)
        session.commit()
    page = client.get(f"{filled}history/?kind=approvals").text
    assert titles(page) == ["Locked against changes"] * 2
    assert "3:30 pm, Kim Poe" in page
    assert "someone without an account" in page


def test_another_agency_sees_no_history(client: PageClient, parts: Parts) -> None:
    theirs = add_application(parts, add_agency(parts))
    for address in ("history/", "history/compare/"):
        assert client.get(f"/applications/{theirs}/{address}").status_code == 404


def test_every_act_that_is_recorded_has_its_words_and_its_kind() -> None:
    kinds = frozenset().union(*KINDS.values())
    assert kinds <= ACTS.keys()
    assert ACTS.keys() - kinds == {"nominees purged", "deleted"}


def test_changes_fold_to_the_first_before_and_the_last_after() -> None:
    changes = [
        Change(path="a", before=1, after=2), Change(path="b", before=None, after="x"),
        Change(path="a", before=2, after=3), Change(path="b", before="x", after=None),
    ]  # fmt: skip
    assert fold_changes(changes) == (Change(path="a", before=1, after=3),)
    assert fold_changes([]) == ()
