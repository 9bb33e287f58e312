"""An edition is registered with its form, and taken back with its map, or neither: also where the commit fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import all_editions, local_editions_dir
from assistant.services.installation.undo import undo_unless_committed
from tests.web.conftest import snapshot
from tests.web.test_mapping import give, opened, typed
from tests.web.test_mapping_identity import AGREEMENT, SAID, decide, form
from tests.web.test_outages import full_disk

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

NAME = "moa-tfm/2026-01-05"
PAGE = f"/forms/editions/{NAME}/unregister"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    return tmp_path / "instance"


def files() -> dict[str, bytes]:
    """Return what lies in the folders of editions."""
    folders = (local_editions_dir(), local_editions_dir().parent / "unregistered")
    return {str(file): file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def test_an_edition_is_registered_and_taken_back_whole_or_not_at_all(
    client: PageClient, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(give(client, form(tmp_path, AGREEMENT)).location)
    client.post(f"{address}form", data=typed(client.get(f"{address}form").text) | SAID)
    decide(client, address)
    values = {"version": str(opened(parts, address).row.version), "looked": "yes"}
    token = client.token()

    def commit() -> None:
        raise OSError(28, "No space left on device")

    for page, more in ((f"{address}keep", values), (PAGE, {})):
        before, lying = snapshot(parts), files()
        with full_disk(parts):
            response = client.post(page, data={"csrf_token": token, **more})
            assert response.status_code == 503
            assert "because the disk of this computer is full" in response.text
        assert (snapshot(parts), files()) == (before, lying)
        # The disk may be full at the very last step as well, when the files are in their place already.
        with monkeypatch.context() as patch:
            module = "mapping_keep" if more else "kept_forms"
            patch.setattr(f"assistant.web.form_maps.{module}.commit", commit)
            assert client.post(page, data={"csrf_token": token, **more}).status_code == 503
        assert (snapshot(parts), files()) == (before, lying)
        assert (NAME in {known.name for known in all_editions()}) == (page == PAGE)
        assert client.post(page, data={"csrf_token": token, **more}).status_code == 302
        assert files() != lying


def test_what_was_committed_is_not_undone(parts: Parts) -> None:
    done: list[str] = []
    with parts.writer() as session:
        session.begin()
        undo_unless_committed(session, lambda: done.append("committed"))
        with session.begin_nested():
            pass
        session.commit()
    with parts.writer() as session:
        session.begin()
        undo_unless_committed(session, lambda: done.append("rolled back"))
        with session.begin_nested():
            pass
        session.rollback()
        session.commit()
    with parts.writer() as session:
        session.begin()
        undo_unless_committed(session, lambda: done.append("closed"))
    assert done == ["rolled back", "closed"]
