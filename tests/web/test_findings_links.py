"""Where a finding is shown on a page, a link leads to where it is dealt with, and no command is named."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.services.form_maps import forms
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

TERMINAL = re.compile(r"`|\bmoa (?:forms|application|program)|answers file the|short_wordings|instance/")


@pytest.fixture
def kept(parts: Parts, official_forms: Path) -> None:
    with parts.writer() as session:
        for name in ("moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf"):
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
        session.commit()


def link_of(page: str, sentence: str) -> str:
    item = next(
        item for item in re.findall(r'<li class="finding.*?</li>', page, re.DOTALL) if sentence in unescape(item)
    )
    return str(re.findall(r'href="([^"]+)"', item)[0])


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("pinned", [True, False])
def test_an_older_form_leads_to_where_it_is_renewed(client: PageClient, parts: Parts, *, pinned: bool) -> None:
    pins: MappingProxyType[str, str] = MappingProxyType({"TFM": "2025-02-12"} if pinned else {})
    answers = replace(complete_answers(), editions=pins)
    base = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{base}review/").text
    link = link_of(page, "The TFM form is the revision of 02/12/2025")
    assert link == (f"{base}editions/" if pinned else "/forms/")
    assert client.get(link).status_code == 200
    assert link_of(page, "The WSO form is the revision of 02/14/2025") == "/forms/"
    for inside in ("review/", "checklist/", ""):
        assert not TERMINAL.search(unescape(client.get(base + inside).text)), inside


def test_a_form_that_is_not_on_hand_leads_to_the_forms(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}review/").text
    assert link_of(page, "add it under “Official forms”") == "/forms/"
    assert not TERMINAL.search(unescape(page))
