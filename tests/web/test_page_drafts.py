"""What a page's script may send, what the page offers back, and what never becomes a draft."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text

from assistant.services.application import applications, nominees, page_drafts
from assistant.services.application.page_drafts import DraftOwner
from assistant.web.kit.form_fields import field_names, fill_form
from tests.web.forms_sent import fields_of
from tests.web.made_up import NOW, add_application
from tests.web.test_outages import add_map

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

TYPED = "A Name Nobody Saved"
OFFER = "You left this page before saving."


def mark_of(source: str) -> dict[str, str]:
    """Return what the form of a page says of itself."""
    found = re.search(r'<form [^>]*class="page-form"[^>]*>', source)
    assert found
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', found[0])}


def send(client: PageClient, address: str, typed: dict[str, list[str]], /, **changed: Any) -> TestResponse:
    """Send what was typed on a page as its script does; ``changed`` replaces a part of the message."""
    source = client.get(address).text
    mark, own = mark_of(source), fields_of(source)
    form = re.search(r'<form [^>]*class="page-form".*?</form>', source, re.DOTALL)
    assert form
    hidden = {name: own[name] for name in ("version", "nominee_id") if name in own}
    message = {"names": field_names(form[0]), "fields": typed, "hidden": hidden, "number": 1}
    data = {
        "csrf_token": own["csrf_token"][0],
        "id": own["page_draft"][0],
        "page": mark["page"],
        "seal": mark["seal"],
    }
    message |= {name: value for name, value in changed.items() if name in message}
    data |= {name: value for name, value in changed.items() if name in data}
    return client.post(changed.get("to", mark["draft"]), data={**data, "typed": json.dumps(message)})


def kept(parts: Parts, filled: str, page: str = "wizard.step slug=agency") -> list[page_drafts.DraftValues]:
    owner = DraftOwner(agency_id=parts.agency_id, application=UUID(filled.strip("/").rpartition("/")[2]))
    with parts.reader() as session:
        return [one.values for one in page_drafts.drafts_of_page(session, owner, page, now=NOW)]


def restore_address(source: str) -> str:
    found = re.search(r'href="([^"]*restore=[^"]*)"', source)
    assert found
    return unescape(found[1])


def test_what_was_typed_is_offered_and_restored(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    fields = {"agency-legal_name": [TYPED], "agency-kind": ["state"], "agency-state": ["TX"]}
    assert send(client, address, fields).status_code == 204
    page = client.get(address).text
    assert OFFER in page
    assert TYPED not in page, "nothing is filled in unasked"
    shown = fields_of(client.get(restore_address(page)).text)
    assert {name: shown[name] for name in fields} == fields
    assert shown["agency-represents"] == fields_of(page)["agency-represents"]
    assert client.post(address, data=shown).status_code == 302
    assert fields_of(client.get(address).text)["agency-legal_name"] == [TYPED]
    assert kept(parts, filled) == []


def test_a_draft_holds_the_own_fields_of_the_page_alone(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    fields = {"agency-legal_name": [TYPED], "signatory-full_name": ["Mallory"], "csrf_token": ["x"]}
    assert send(client, address, fields).status_code == 204
    assert [one.fields for one in kept(parts, filled)] == [{"agency-legal_name": [TYPED]}]


@pytest.mark.parametrize(
    "changed",
    [
        {"names": ["agency-legal_name", "made-up"]},
        {"page": "wizard.step slug=signatory"},
        {"page": "applications.delete"},
        {"seal": "0" * 64},
        {"id": "no id"},
        {"fields": {"agency-legal_name": "no list"}},
        {"fields": ["no mapping"]},
        {"fields": {"agency-legal_name": ["x"] * 51}},
        {"number": -1},
        {"number": True},
    ],
    ids=str,
)
def test_what_no_page_of_ours_sends_is_refused(
    client: PageClient, parts: Parts, filled: str, changed: dict[str, Any]
) -> None:
    response = send(client, f"{filled}steps/agency", {"agency-legal_name": [TYPED]}, **changed)
    assert response.status_code == 400
    with parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM page_drafts")).scalar() == 0


def test_a_page_of_one_application_keeps_nothing_in_another(client: PageClient, parts: Parts, filled: str) -> None:
    other = f"/applications/{add_application(parts, parts.agency_id)}/"
    response = send(client, f"{filled}steps/agency", {"agency-legal_name": [TYPED]}, to=f"{other}page-drafts/")
    assert response.status_code == 400
    assert kept(parts, other) == []


@pytest.mark.parametrize("secret", ["078-05-1120", "his number is 078-05-1120."])
def test_a_number_like_that_of_social_security_is_not_kept(
    client: PageClient, parts: Parts, filled: str, secret: str
) -> None:
    address = f"{filled}steps/agency"
    assert send(client, address, {"agency-legal_name": [secret], "agency-county": ["Polk"]}).status_code == 204
    assert [(one.fields, one.incomplete) for one in kept(parts, filled)] == [({"agency-county": ["Polk"]}, True)]
    shown = client.get(restore_address(client.get(address).text)).text
    assert "looked like a Social Security number" in shown
    assert fields_of(shown)["agency-legal_name"] == ["Example County Sheriff’s Office"]
    # What is nearly one is kept.
    assert send(client, address, {"agency-legal_name": ["Unit 078-05-112"]}).status_code == 204
    assert {"agency-legal_name": ["Unit 078-05-112"]} in [one.fields for one in kept(parts, filled)]


def test_a_restored_page_still_says_what_it_was_made_from(client: PageClient, filled: str) -> None:
    address = f"{filled}steps/agency"
    assert send(client, address, {"agency-legal_name": [TYPED]}).status_code == 204
    before = fields_of(client.get(address).text)
    theirs = before | {"agency-legal_name": ["Saved By Another"], "agency-county": ["Polk"], "offered_draft": []}
    assert client.post(address, data=theirs).status_code == 302
    shown = fields_of(client.get(restore_address(client.get(address).text)).text)
    assert shown["version"] == before["version"]
    assert shown["agency-county"] == ["Polk"], "what was not typed here shows what is saved"
    assert client.post(address, data=shown).status_code == 409, "both changed the name: it is asked, not overwritten"


def test_an_offer_ends_after_a_week(client: PageClient, filled: str, clock: Clock) -> None:
    address = f"{filled}steps/agency"
    send(client, address, {"agency-legal_name": [TYPED]})
    page = client.get(address).text
    clock.now += page_drafts.STORED_FOR - timedelta(seconds=1)
    assert OFFER in client.get(address).text
    clock.now += timedelta(seconds=1)
    assert OFFER not in client.get(address).text
    gone = client.get(restore_address(page))
    assert gone.status_code == 200
    assert "What you typed here before is gone" in gone.text


def test_discard_leads_back_to_the_page(client: PageClient, parts: Parts, filled: str) -> None:
    for page in ("steps/agency", "nominees/new"):
        address = f"{filled}{page}"
        name = "agency-legal_name" if page == "steps/agency" else "nominee-full_name"
        assert send(client, address, {name: [TYPED]}).status_code == 204
        found = re.search(r'action="([^"]*/discard)".*?name="id" value="([^"]+)"', client.get(address).text)
        assert found
        to, draft = found[1], found[2]
        response = client.send(to, id=draft)
        assert response.status_code == 302
        assert response.location == address
        assert OFFER not in client.get(address).text
    again = client.send(to, id=draft)
    assert again.location == filled, "pressed twice: nothing is wrong"
    with parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM page_drafts")).scalar() == 0


def test_a_draft_stands_for_its_own_page_alone(client: PageClient, filled: str) -> None:
    send(client, f"{filled}steps/agency", {"agency-legal_name": [TYPED]})
    for other in ("steps/address", "nominees/new", ""):
        assert OFFER not in client.get(f"{filled}{other}").text


def test_saving_another_page_leaves_it(client: PageClient, parts: Parts, filled: str) -> None:
    send(client, f"{filled}steps/agency", {"agency-legal_name": [TYPED]})
    other = fields_of(client.get(f"{filled}steps/address").text)
    assert client.post(f"{filled}steps/address", data=other).status_code == 302
    assert len(kept(parts, filled)) == 1


def test_a_page_that_could_not_be_saved_keeps_its_draft(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    send(client, address, {"agency-legal_name": [TYPED]})
    shown = fields_of(client.get(restore_address(client.get(address).text)).text)
    failed = client.post(address, data=shown | {"agency-legal_name": ["x" * 300]})
    assert failed.status_code == 422
    assert fields_of(failed.text)["page_draft"] == shown["page_draft"]
    assert len(kept(parts, filled)) == 1
    assert client.post(address, data=fields_of(failed.text) | {"agency-legal_name": ["Short"]}).status_code == 302
    assert kept(parts, filled) == []


def test_going_back_from_an_error_loses_nothing_without_scripts(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    before = fields_of(client.get(address).text)
    typed = {"agency-legal_name": ["x" * 300], "agency-short_name": ["SHORT"], "agency-kind": ["state"]}
    failed = client.post(address, data=before | typed)
    assert failed.status_code == 422
    shown = fields_of(client.get(restore_address(client.get(address).text)).text)
    assert shown["agency-legal_name"] == ["x" * 300]
    assert (shown["agency-short_name"], shown["agency-kind"]) == (["SHORT"], ["state"])
    assert client.post(address, data=fields_of(failed.text) | {"agency-legal_name": ["Fits"]}).status_code == 302
    assert kept(parts, filled) == []


def test_a_page_that_somebody_else_saved_meanwhile_loses_nothing_either(client: PageClient, filled: str) -> None:
    address = f"{filled}steps/agency"
    before = fields_of(client.get(address).text)
    assert client.post(address, data=before | {"agency-legal_name": ["Saved By Another"]}).status_code == 302
    fields = before | {"agency-legal_name": [TYPED], "page_draft": ["0" * 8 + "-0000-4000-8000-" + "0" * 12]}
    assert client.post(address, data=fields).status_code == 409
    shown = fields_of(client.get(restore_address(client.get(address).text)).text)
    assert shown["agency-legal_name"] == [TYPED]
    assert shown["version"] == before["version"]


def test_a_failed_page_keeps_no_social_security_number(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    before = fields_of(client.get(address).text)
    failed = client.post(address, data=before | {"agency-legal_name": ["078-05-1120"]})
    assert failed.status_code == 422
    (one,) = kept(parts, filled)
    assert "agency-legal_name" not in one.fields
    assert one.incomplete
    assert "078-05-1120" not in repr(one)


def test_the_pages_of_a_map_and_of_a_roster_offer_drafts_too(
    client: PageClient, parts: Parts, filled: str, tmp_path: Path
) -> None:
    base = add_map(parts, tmp_path)
    given = fields_of(client.get(f"{filled}nominees/roster/").text) | {"pasted": ["Name\tBadge\nAlex Example\t1\n"]}
    look = str(client.post(f"{filled}nominees/roster/", data=given).location)
    person = re.search(r"/nominees/(?!criteria)([2-9a-z]{8})", client.get(f"{filled}nominees/").text)
    assert person
    pages = {
        f"{base}form": {"title": ["Agreement of spring"], "printed": ["no"]},
        f"{base}pages/1": {"label-2": ["Name of the agency"], "meaning-2": ["agency.legal_name"]},
        look: {"column-1": ["rank"]},
        f"{filled}nominees/{person[1]}": {"nominee-full_name": ["Robin Peña"]},
        f"{filled}nominees/{person[1]}/criteria": {"criteria-us_citizen": ["no"]},
    }
    for address, typed in pages.items():
        assert send(client, address, typed).status_code == 204, address
        page = client.get(address).text
        assert OFFER in page, address
        shown = fields_of(client.get(restore_address(page)).text)
        assert {name: shown[name] for name in typed} == typed, address
    saved = client.post(f"{base}pages/1", data=fields_of(client.get(f"{base}pages/1").text))
    assert saved.status_code == 302
    assert OFFER not in client.get(f"{base}pages/1").text


def test_a_window_that_was_open_brings_back_nothing_of_a_nominee_who_was_removed(
    client: PageClient, parts: Parts, filled: str
) -> None:
    person = re.search(r"/nominees/(?!criteria)([2-9a-z]{8})", client.get(f"{filled}nominees/").text)
    assert person
    address, public_id = f"{filled}nominees/{person[1]}", UUID(filled.strip("/").rpartition("/")[2])
    source = client.get(address).text
    mark, own = mark_of(source), fields_of(source)
    form = re.search(r'<form [^>]*class="page-form".*?</form>', source, re.DOTALL)
    assert form
    typed = {"nominee-full_name": ["Robin Peña"]}
    message = {"names": field_names(form[0]), "fields": typed, "hidden": {}, "number": 1}
    sent = {"csrf_token": own["csrf_token"][0], "id": own["page_draft"][0], "page": mark["page"], "seal": mark["seal"]}
    assert client.post(mark["draft"], data={**sent, "typed": json.dumps(message)}).status_code == 204
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, public_id)
        nominees.remove_nominee(session, application, person[1], version=application.version, now=NOW)
        session.commit()
    assert client.post(mark["draft"], data={**sent, "typed": json.dumps(message)}).status_code == 404
    assert kept(parts, filled, mark["page"]) == []


def test_the_pasted_roster_is_no_draft(client: PageClient, filled: str) -> None:
    assert "data-draft" not in client.get(f"{filled}nominees/roster/").text


def test_what_the_page_has_no_box_for_is_shown_all_the_same(client: PageClient, parts: Parts, filled: str) -> None:
    address = f"{filled}steps/agency"
    send(client, address, {"agency-legal_name": [TYPED]})
    owner = DraftOwner(agency_id=parts.agency_id, application=UUID(filled.strip("/").rpartition("/")[2]))
    with parts.writer() as session:
        one = page_drafts.drafts_of_page(session, owner, "wizard.step slug=agency", now=NOW)[0]
        fields = {"short-agency-legal_name": ["A <b>short</b> name"]}
        typed = page_drafts.DraftValues(fields=fields, hidden={}, number=9)
        page_drafts.store_draft(session, owner, one.public_id, one.page, typed, now=NOW)
        session.commit()
    shown = client.get(restore_address(client.get(address).text)).text
    assert "Shorter wording of “Full legal name of the agency”" in shown
    assert "A &lt;b&gt;short&lt;/b&gt; name" in shown


FORM = (
    '<form method="post" class="page-form"><input type="hidden" name="csrf_token" value="secret">'
    '<input type="hidden" name="version" value="3"><input type="text" id="a" name="a" value="old">'
    '<input class="x" type="radio" name="r" value="1" checked><input class="x" type="radio" name="r" value="2">'
    '<input type="checkbox" name="c" value="x&amp;y"><select name="s"><option value="">None</option>'
    '<option value="1" selected>One</option><option value="2">Two</option></select>'
    '<textarea name="t" rows="2">\nold</textarea><input type="text" name="m" value="1">'
    '<input type="text" name="m" value="2">'
    '<button name="go" value="on">Save</button></form>'
)


def test_a_form_is_filled_to_the_letter() -> None:
    values = {
        "a": ['"><script>\\1 & \\g<0>'], "r": ["2"], "c": ["x&y"], "s": ["2"], "t": ["two\nlines </textarea>"],
        "m": ["first", "second"], "version": ["7"], "csrf_token": ["forged"], "nowhere": ["x"],
    }  # fmt: skip
    filled, placed = fill_form(FORM, values)
    assert placed == values.keys() - {"csrf_token", "nowhere"}
    found = fields_of(filled)
    assert found == {name: texts for name, texts in values.items() if name != "nowhere"} | {"csrf_token": ["secret"]}
    assert "<script>" not in filled
    assert field_names(filled) == ["a", "c", "go", "m", "r", "s", "t", "version"]


def test_a_form_is_emptied_to_the_letter() -> None:
    filled, _ = fill_form(FORM, {"a": [""], "r": [], "s": [""], "t": [""], "m": ["only"]})
    assert fields_of(filled) == {
        "csrf_token": ["secret"], "version": ["3"], "a": [""], "s": [""], "t": [""], "m": ["only", ""],
    }  # fmt: skip


def test_only_hidden_fields_are_put_back_where_the_page_shows_what_was_typed() -> None:
    filled, _ = fill_form(FORM, {"version": ["2"], "a": ["typed"], "csrf_token": ["old"]}, hidden_only=True)
    assert fields_of(filled)["version"] == ["2"]
    assert fields_of(filled)["a"] == ["old"]
    assert fields_of(filled)["csrf_token"] == ["secret"]
