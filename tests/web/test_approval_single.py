"""With one person at one computer nothing is called approved: no page, no link, no word of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.conftest import PageClient


@pytest.mark.parametrize("address", ["", "review/", "signatory/", "steps/agency", "documents/"])
def test_no_page_says_anything_of_approval(client: PageClient, filled: str, address: str) -> None:
    page = client.get(f"{filled}{address}").text
    for words in ("Review and approval", "comments/", "Decline", "Locked for changes"):
        assert words not in page


@pytest.mark.parametrize(
    "address",
    [
        "approval/ask", "approval/finish-review", "approval/lock", "approval/unlock", "approval/decide", "comments/add",
        "comments/00000000-0000-4000-8000-000000000000/resolve",
    ],
)  # fmt: skip
def test_there_is_no_such_page(client: PageClient, filled: str, address: str) -> None:
    assert client.send(f"{filled}{address}", go="approve", on="agency.phone", text="Right?").status_code == 404
    assert client.get(f"{filled}approval/").status_code == 404
    assert client.get(f"{filled}comments/").status_code == 404
