"""An application stays with an edition or takes the newest: told, shown blank by blank, moved, moved back."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.editions.catalog import get_edition
from assistant.services.application import applications
from assistant.services.form_maps import forms
from assistant.web.application.edition_rows import InUse
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from assistant.answers import Answers
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


def keep(parts: Parts, folder: Path, *names: str) -> None:
    with parts.writer() as session:
        for name in names:
            forms.keep(session, (folder / name).read_bytes(), now=NOW)
        session.commit()


def answers_of(parts: Parts, public_id: UUID) -> Answers:
    with parts.reader() as session:
        return applications.get(session, parts.agency_id, public_id).answers


@pytest.fixture
def both(parts: Parts, official_forms: Path) -> None:
    keep(parts, official_forms, "moa-tfm-rev2025-02-12.pdf", "moa-tfm-rev2025-03-07-flat.pdf")


@pytest.mark.usefixtures("both")
def test_an_application_is_pinned_moved_and_moved_back(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id)
    base = f"/applications/{public_id}/"
    for address in ("", "documents/"):
        page = client.get(base + address).text
        assert "revision 03/07/2025, the newest form added here" in page
        assert f'href="{base}editions/"' in page
    page = client.get(f"{base}editions/TFM/2025-02-12").text
    assert "name, under “For the LEA”" in page
    assert "“Jordan Núñez” (p. 9" in page
    response = client.send(f"{base}editions/TFM/2025-02-12", version="1")
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-02-12"}
    listing = client.get(response.location).text
    assert "revision 02/12/2025, chosen for this application" in listing
    assert "A newer one is registered: 03/07/2025" in listing
    assert "A newer one is registered" in client.get(base).text
    back = f"{base}editions/TFM/newest"
    assert f'href="{back}"' in listing
    assert "Switch to the newest form added here" in client.get(back).text
    client.send(back, version="2")
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-03-07"}
    assert replace(answers_of(parts, public_id), editions=complete_answers().editions) == complete_answers()


@pytest.mark.usefixtures("both")
def test_staying_with_the_edition_in_use_changes_no_print(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id)
    base = f"/applications/{public_id}/editions/TFM/2025-03-07"
    assert "Nothing will print differently" in client.get(base).text
    client.send(base, version="1")
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-03-07"}
    assert "The application already uses this edition" in client.get(base).text


@pytest.mark.usefixtures("both")
def test_a_move_that_is_sent_twice_keeps_the_way_back(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id)
    base = f"/applications/{public_id}/editions/"
    client.send(f"{base}TFM/2025-03-07", version="1")
    page = client.get(f"{base}TFM/2025-02-12").text
    assert 'name="before" value="2025-03-07"' in page
    first = client.send(f"{base}TFM/2025-02-12", version="2", before="2025-03-07").location
    before = snapshot(parts)
    second = client.send(f"{base}TFM/2025-02-12", version="2", before="2025-03-07")
    assert second.location == first
    assert f'href="{base}TFM/2025-03-07"' in client.get(first).text.partition("<h1>")[0]
    without = client.send(f"{base}TFM/2025-02-12", version="3").location
    assert "Switch back" not in client.get(without).text
    assert "Switch back" not in client.get(f"{without}&back=//elsewhere.example").text
    assert snapshot(parts) == before


@pytest.mark.usefixtures("both")
def test_a_text_that_the_other_edition_cuts_off_is_told_before_the_move(client: PageClient, parts: Parts) -> None:
    answers = with_path(
        complete_answers(), "agency.short_name", "Example County Joint Office of Sheriff and Corrections"
    )
    page = client.get(f"/applications/{add_application(parts, parts.agency_id, answers)}/editions/TFM/2025-02-12").text
    assert "A text would block the export" in page
    assert "it would be cut off, which blocks the export" in page


def test_two_prints_of_one_revision_are_told_apart() -> None:
    edition = replace(get_edition("moa-tfm/2025-03-07"), edition_id="2025-03-07.fields")
    used = InUse(model="TFM", name="TFM", edition=edition, on_hand=True, pinned=True, newer=None, choices=())
    assert used.words == "revision 03/07/2025 (fields), chosen for this application"


def save(client: PageClient, base: str, slug: str, **values: str) -> None:
    page = client.get(f"{base}steps/{slug}").text
    version = page.split('name="version" value="')[1].split('"')[0]
    assert client.send(f"{base}steps/{slug}", version=version, **values).status_code == 302


def test_an_application_stays_with_the_edition_it_was_begun_with(
    client: PageClient, parts: Parts, official_forms: Path
) -> None:
    keep(parts, official_forms, "moa-tfm-rev2025-02-12.pdf")
    public_id = add_application(parts, parts.agency_id, replace(complete_answers(), models=()))
    base = f"/applications/{public_id}/"
    save(client, base, "models", models="TFM")
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-02-12"}
    keep(parts, official_forms, "moa-tfm-rev2025-03-07-flat.pdf")
    hub = client.get(base).text
    assert "revision 02/12/2025, chosen for this application" in hub
    assert f'href="{base}editions/TFM/2025-03-07"' in hub
    save(client, base, "models", models="TFM")
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-02-12"}


def test_an_export_begins_with_the_edition_it_was_made_from(
    client: PageClient, parts: Parts, official_forms: Path
) -> None:
    public_id = add_application(parts, parts.agency_id)
    base = f"/applications/{public_id}/"
    assert client.send(f"{base}exports/").status_code == 302
    assert not answers_of(parts, public_id).editions, "an entry sheet begins with no edition"
    keep(parts, official_forms, "moa-tfm-rev2025-02-12.pdf")
    first = client.send(f"{base}exports/").location
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-02-12"}
    made = client.get(f"{first}bundle.zip").data
    keep(parts, official_forms, "moa-tfm-rev2025-03-07-flat.pdf")
    assert client.get(f"{first}bundle.zip").data == made
    assert client.send(f"{base}exports/").location == first, "the same bundle is the same export"


def test_a_page_that_is_saved_takes_no_notice_of_a_move_meanwhile(
    client: PageClient, parts: Parts, official_forms: Path
) -> None:
    public_id = add_application(parts, parts.agency_id)
    keep(parts, official_forms, "moa-tfm-rev2025-02-12.pdf")
    base = f"/applications/{public_id}/"
    assert client.send(f"{base}editions/TFM/2025-03-07", version="1").status_code == 302
    saved = client.send(f"{base}steps/models", version="1", models="WSO")
    assert saved.status_code == 302
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-03-07"}


def test_without_forms_on_hand_entry_sheets_are_told_of(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}editions/").text
    assert "not added here: you get an entry sheet instead" in page
    assert "Sizes are compared only if" in client.get(f"{filled}editions/TFM/2025-02-12").text


@pytest.mark.parametrize("inside", ["JEM/2025-02-15", "TFM/2031-01-01", "XXX/newest", "TFM/moa-tfm", "WSO/2025-02-12"])
def test_what_there_is_not_is_not_found(client: PageClient, parts: Parts, filled: str, inside: str) -> None:
    before = snapshot(parts)
    assert client.get(f"{filled}editions/{inside}").status_code == 404
    assert client.send(f"{filled}editions/{inside}", version="1").status_code == 404
    assert snapshot(parts) == before


@pytest.mark.usefixtures("both")
def test_two_who_move_at_once_are_told(client: PageClient, parts: Parts) -> None:
    address = f"/applications/{add_application(parts, parts.agency_id)}/editions/TFM/"
    assert client.send(f"{address}2025-02-12", version="1").status_code == 302
    stale = client.send(f"{address}2025-03-07", version="1")
    assert stale.status_code == 409
    assert "Someone else switched the edition" in stale.text
    before = snapshot(parts)
    assert client.post(f"{address}newest", data={"version": "2"}).status_code == 400
    assert snapshot(parts) == before


def test_a_pin_to_an_edition_that_is_gone_can_be_taken_out(client: PageClient, parts: Parts) -> None:
    answers = replace(complete_answers(), editions=MappingProxyType({"TFM": "2024-01-01"}))
    base = f"/applications/{add_application(parts, parts.agency_id, answers)}/editions/"
    assert client.get(base).status_code == 200
    assert client.get(f"{base}TFM/newest").status_code == 200
    assert client.send(f"{base}TFM/newest", version="1").status_code == 302


def test_an_application_without_models_has_no_editions(client: PageClient, started: str) -> None:
    assert "No model has been chosen yet" in client.get(f"{started}editions/").text


@pytest.mark.usefixtures("both")
def test_a_form_that_is_taken_out_leaves_an_entry_sheet_to_who_stays_with_it(client: PageClient, parts: Parts) -> None:
    base = f"/applications/{add_application(parts, parts.agency_id)}/"
    client.send(f"{base}editions/TFM/2025-02-12", version="1")
    with parts.reader() as session:
        held = next(form.sha256 for form in forms.stored_forms(session) if form.edition == "moa-tfm/2025-02-12")
    assert "get an entry sheet instead of the filled form" in client.get(f"/forms/{held}/remove").text
    assert client.send(f"/forms/{held}/remove").status_code == 302
    hub = client.get(base).text
    assert "revision 02/12/2025, not added here: you get an entry sheet instead" in hub
    assert f'href="{base}editions/TFM/2025-03-07"' in hub
    assert "02-entry-sheet-tfm" in client.get(f"{base}documents/").text
