"""A form that cannot be filled is refused on the page where its map is kept, and stays a draft."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from assistant.services.form_maps import forms
from tests.unit.made_office_forms import field_of, office_letter
from tests.web.test_mapping import give, opened

if TYPE_CHECKING:
    from pathlib import Path

    import pikepdf

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def hide(pdf: pikepdf.Pdf) -> None:
    field_of(pdf, "title").F = 2


def test_a_form_that_cannot_be_filled_is_refused_where_it_is_kept(client: PageClient, parts: Parts) -> None:
    address = str(give(client, office_letter(hide)).location)
    draft = opened(parts, address)
    refused = client.send(f"{address}keep", version=str(draft.row.version), looked="yes")
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    summary = re.search(r'id="error-summary">.*?</ul>', refused.text, re.DOTALL)
    assert summary
    assert "title" in summary[0]
    assert "on page 1 could not be filled in a trial" in summary[0]
    assert "Leave it empty in the map" in summary[0]
    assert client.get(address).status_code == 200, "it is still a draft"
    with parts.reader() as session:
        assert not forms.stored_forms(session)


def test_an_office_letter_is_kept(client: PageClient, parts: Parts) -> None:
    address = str(give(client, office_letter()).location)
    draft = opened(parts, address)
    kept = client.send(f"{address}keep", version=str(draft.row.version), looked="yes")
    assert kept.location.startswith("/forms/?change=registered")
