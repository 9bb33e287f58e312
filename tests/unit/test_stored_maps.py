"""A draft of a map is stored as JSON: what an earlier version stored is read, and what is stored comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from assistant.editions.catalog import FlatLine, get_edition
from assistant.editions.json_edition import edition_from_document, edition_to_document
from assistant.mapping.identity import Identity, IdentityDocument
from assistant.mapping.lines import MapLine, line_from_document

if TYPE_CHECKING:
    from assistant.mapping.lines import LineDocument

LINE = MapLine(
    number=3,
    blank="Text6",
    page=2,
    label="the name",
    side="agency",
    path="agency.legal_name",
    alternatives=("agency.represents", "agency.county"),
    widgets=(0, 2),
    places=(FlatLine(page=2, line=(1.5, 20.0, 300.25), size=9.5),),
    boxes=((2, (1.0, 2.0, 3.0, 4.0)),),
    sureness="likely",
    why="the words around it",
)
STORED: dict[str, Any] = {
    "number": 3, "blank": "Text6", "page": 2, "label": "the name", "side": "agency", "path": "agency.legal_name",
    "format": "text", "instead": ["agency.represents", "agency.county"], "optional": False, "reason": "",
    "widgets": [0, 2], "places": [{"page": 2, "line": [1.5, 20.0, 300.25], "size": 9.5}],
    "boxes": [[2, [1.0, 2.0, 3.0, 4.0]]], "sureness": "likely", "why": "the words around it",
}  # fmt: skip


def test_a_stored_line_keeps_the_keys_of_the_first_version() -> None:
    assert json.loads(json.dumps(LINE.to_document())) == STORED
    assert line_from_document(cast("LineDocument", STORED)) == LINE


def test_an_edition_comes_back_from_json_as_it_was() -> None:
    for name in ("moa-tfm/2025-03-07", "moa-wso/2025-02-14", "moa-jem/2025-02-15"):
        edition = get_edition(name)
        assert edition_from_document(json.loads(json.dumps(edition_to_document(edition)))) == edition


def test_a_stored_identity_keeps_the_keys_of_the_first_version() -> None:
    identity = Identity(
        form_id="moa-tfm",
        edition_id="2026-03-01",
        model="TFM",
        title="A title",
        revision_text="03/01/2026",
        words="Task Force Model",
        pages=14,
        acroform=True,
        active_sha256="",
        sha256="ab",
        agreement=True,
        revision_words="March 1, 2026",
    )
    stored = identity.to_document()
    assert (stored["stamp"], stored["stamp_words"]) == ("03/01/2026", "March 1, 2026")
    assert stored.keys() == IdentityDocument.__annotations__.keys()
    assert Identity.from_document(json.loads(json.dumps(stored))) == identity
