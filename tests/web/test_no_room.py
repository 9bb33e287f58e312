"""A text that cannot be shortened: the finding names a way that works, and taking it in the wizard unblocks."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers, Model
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

FORMS: dict[str, tuple[Model, str, str]] = {
    "TFM with fields": ("TFM", "2025-02-12", "moa-tfm-rev2025-02-12.pdf"),
    "TFM flat": ("TFM", "2025-03-07", "moa-tfm-rev2025-03-07-flat.pdf"),
    "WSO": ("WSO", "2025-02-14", "moa-wso-rev2025-02-14.pdf"),
    "JEM": ("JEM", "2025-02-15", "moa-jem-rev2025-02-15-flat.pdf"),
}
LONG = (
    "wilhelmina.anastasia.oshaughnessy.of.the.records.office"
    "@" + ".".join(["public-information-and-records-office-of-the-county"] * 3) + ".example.gov"
)
SHORT = "pio@example.gov"
EMAIL = "public_information_contact.email"
STEP, BOX = "public-information-contact", "public_information_contact-{}"


def application(parts: Parts, official_forms: Path, name: str, answers: Answers) -> str:
    model, edition, file = FORMS[name]
    with parts.writer() as session:
        forms.keep(session, (official_forms / file).read_bytes(), now=NOW)
        session.commit()
    nominees = tuple(replace(one, models=(model,)) for one in answers.nominees)
    pins: MappingProxyType[str, str] = MappingProxyType({model: edition})
    kept = replace(answers, models=(model,), editions=pins, nominees=nominees[:0] if model != "TFM" else nominees)
    return f"/applications/{add_application(parts, parts.agency_id, kept)}/"


def send(client: PageClient, base: str, **changes: str) -> None:
    """Save the page of the public-information contact as a browser does, with these boxes changed."""
    source = client.get(f"{base}steps/{STEP}").text
    values = dict(re.findall(r'<input class="usa-input[^>]* name="([^"]+)" value="([^"]*)"', source))
    (version,) = re.findall(r'name="version" value="(\d+)"', source)
    values = {name: unescape(value) for name, value in values.items()}
    assert client.send(f"{base}steps/{STEP}", version=version, **values | changes).status_code == 302


def blockers(client: PageClient, base: str) -> str:
    page = unescape(client.get(f"{base}review/").text)
    return page.partition("Look at these")[0]


def bundled(client: PageClient, base: str) -> str:
    """Return the answers in the bundle, whose forms were filled and read back; it is no draft."""
    result = client.send(f"{base}exports/").location
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{result}bundle.zip").data))
    (answers,) = [archive.read(name).decode() for name in archive.namelist() if name.endswith("answers.json")]
    assert b'"draft": false' in next(
        archive.read(name) for name in archive.namelist() if name.endswith("manifest.json")
    )
    return answers


@pytest.mark.parametrize("way", ["another address", "the telephone alone"])
@pytest.mark.parametrize("name", FORMS)
def test_an_address_without_room_is_put_right_as_the_finding_says(
    client: PageClient, parts: Parts, official_forms: Path, name: str, way: str
) -> None:
    base = application(parts, official_forms, name, with_path(complete_answers(), EMAIL, LONG))
    found = blockers(client, base)
    assert "An e-mail address cannot be shortened: enter another address that is shorter" in found
    assert "or delete it and give only the telephone number." in found
    assert "Choose a shorter wording" not in found
    step = unescape(client.get(f"{base}steps/{STEP}").text)
    assert "enter another address that is shorter" in step
    assert 'name="short-public_information_contact-email"' not in step, "a shorter wording of it would be another one"
    send(client, base, **{BOX.format("email"): SHORT if way == "another address" else ""})
    assert "Ready to export" in client.get(f"{base}review/").text
    assert (SHORT in bundled(client, base)) == (way == "another address")


@pytest.mark.parametrize("name", ["TFM with fields", "TFM flat"])
def test_a_title_without_room_still_takes_a_shorter_wording(
    client: PageClient, parts: Parts, official_forms: Path, name: str
) -> None:
    title = "Director of Communications and of Public Information for the Consolidated Government of Example County"
    answers = with_path(complete_answers(), "public_information_contact.title", title)
    base = application(parts, official_forms, name, answers)
    assert "Choose a shorter wording for this blank." in blockers(client, base)
    assert 'name="short-public_information_contact-title"' in client.get(f"{base}steps/{STEP}").text
    send(client, base, **{f"short-{BOX.format('title')}": "Director"})
    assert "Ready to export" in client.get(f"{base}review/").text
    assert bundled(client, base)
