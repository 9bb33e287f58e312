"""Nobody waits while a page is worked out: SQLite's one lock for writing is held for the writing alone.

While a request reads, fills or parses, somebody else saves; were the lock held, that save would wait for 30 seconds
and then fail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from assistant.services.application import applications, export_log, roster_work
from assistant.web.application import bundle_preview
from assistant.web.nominees import nominee_forms
from tests.web.made_up import NOW, add_application
from tests.web.test_nominees import only_id
from tests.web.test_roster import SHEET, give, people, selected

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def save(parts: Parts, address: str, path: str, text: str) -> None:
    """Save an answer as another process would."""
    with parts.writer() as session:
        found = applications.get(session, parts.agency_id, UUID(address.split("/")[2]))
        applications.save_values(session, found, {path: text}, version=found.version, now=NOW)
        session.commit()


@pytest.fixture
def meanwhile(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Return a function: from now on, whenever a place is passed, somebody else saves; what it returns counts that."""

    def watch(holder: object, name: str, address: str, path: str = "agency.county") -> list[int]:
        whole = getattr(holder, name)
        passed: list[int] = []

        def passing(*args: Any, **kwargs: Any) -> Any:
            passed.append(len(passed))
            if len(passed) == 1:
                save(parts, address, path, "Sample")
            return whole(*args, **kwargs)

        monkeypatch.setattr(holder, name, passing)
        return passed

    return watch


@pytest.fixture
def other(parts: Parts) -> str:
    return f"/applications/{add_application(parts, parts.agency_id)}/"


def test_a_nominee_is_saved_without_a_wait(
    client: PageClient, parts: Parts, filled: str, meanwhile: Callable[..., list[int]]
) -> None:
    nominee_id = only_id(parts, filled)
    passed = meanwhile(nominee_forms.NomineePage, "validate", filled)
    values = {"version": "1", "nominee-full_name": "Robin Sample", "nominee-models": ["TFM"]}
    assert client.send(f"{filled}nominees/{nominee_id}", **values).status_code == 302
    assert passed
    (nominee,) = people(parts, filled)
    assert nominee.full_name == "Robin Sample"
    with parts.reader() as session:
        kept = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        assert (kept.answers.agency.county, kept.version) == ("Sample", 3)


def test_a_nominee_is_added_and_taken_out_without_a_wait(
    client: PageClient, parts: Parts, filled: str, meanwhile: Callable[..., list[int]]
) -> None:
    fresh = re.search(r'name="nominee_id" value="([2-9a-z]{8})"', client.get(f"{filled}nominees/new").text)
    assert fresh
    passed = meanwhile(nominee_forms.NomineePage, "validate", filled)
    values = {"nominee_id": fresh[1], "nominee-full_name": "Robin Sample", "nominee-models": ["WSO"]}
    assert client.send(f"{filled}nominees/new", **values).status_code == 302
    assert passed
    assert len(people(parts, filled)) == 2
    assert client.send(f"{filled}nominees/{fresh[1]}/remove", version="9").status_code == 302
    assert len(people(parts, filled)) == 1


def test_a_bundle_is_made_without_a_wait(
    client: PageClient, parts: Parts, filled: str, other: str, meanwhile: Callable[..., list[int]]
) -> None:
    passed = meanwhile(bundle_preview, "make_planned", other)
    first = client.send(f"{filled}exports/").location
    assert passed
    assert client.send(f"{filled}exports/").location == first
    with parts.reader() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        (export,) = export_log.exports_of(session, application)
    assert export.version == application.version


def test_what_is_saved_while_a_bundle_is_made_is_not_said_to_be_in_it(
    client: PageClient, parts: Parts, filled: str, meanwhile: Callable[..., list[int]]
) -> None:
    meanwhile(bundle_preview, "make_planned", filled, "signatory.title")
    client.send(f"{filled}exports/")
    with parts.reader() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        (export,) = export_log.exports_of(session, application)
    assert export.version == 0


def test_a_roster_is_read_without_a_wait(
    client: PageClient, parts: Parts, filled: str, meanwhile: Callable[..., list[int]]
) -> None:
    passed = meanwhile(roster_work, "open_roster", filled)
    look = give(client, filled, SHEET).location
    assert passed
    values = {"go": "add", "models": ["WSO"], **selected(client.get(look).text)}
    passed = meanwhile(roster_work, "load_sheet", filled, "signatory.title")
    assert client.send(look, **values).location.endswith("/nominees/criteria/?added=2")
    assert passed
    assert len(people(parts, filled)) == 3
    with parts.reader() as session:
        kept = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        assert (kept.answers.agency.county, kept.answers.signatory.title) == ("Sample", "Sample")
