"""The list of applications asks to copy the keys until a person says it is done, and again after a new key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.services.installation.rotate_keys import rotate_keys

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

HEADING = "Copy your keys"


def test_nothing_is_asked_while_there_is_nothing_to_lose(client: PageClient) -> None:
    assert HEADING not in client.get("/").text


def test_it_is_asked_until_a_person_says_that_it_is_done(client: PageClient, parts: Parts, started: str) -> None:
    assert started
    page = client.get("/").text
    assert HEADING in page
    assert str(parts.config.keys_dir) in page
    assert client.send("/keys-copied").location == "/"
    assert HEADING not in client.get("/").text


def test_a_new_key_is_asked_for_again(client: PageClient, parts: Parts, started: str) -> None:
    assert started
    client.send("/keys-copied")
    rotate_keys(parts.engine, parts.config.keyring_file)
    with parts.writer() as session:
        session.connection()  # as a save would: the server takes the new key over
    assert HEADING in client.get("/").text
