"""Write what changed in the lists as an Atom feed (RFC 4287), a file for a feed reader; no address is in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ATOM = "http://www.w3.org/2005/Atom"
PLACE = uuid.UUID("8d9f4c1e-3e0a-5c41-9a55-287287287287")
"""The namespace of the entries' ids, so that the same change has the same id in every file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed. ``key`` tells it from all others; ``updated`` has a time zone."""

    key: str
    title: str
    text: str
    updated: datetime
    link: str | None = None


def write_feed(title: str, author: str, entries: Sequence[FeedEntry], *, updated: datetime) -> bytes:
    """Return an Atom feed in UTF-8, the entries in the order given."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", title)
    _add(feed, "id", uuid.uuid5(PLACE, title).urn)
    _add(feed, "updated", updated.isoformat())
    _add(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", author)
    for entry in entries:
        element = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(element, "title", entry.title)
        _add(element, "id", uuid.uuid5(PLACE, entry.key).urn)
        _add(element, "updated", entry.updated.isoformat())
        _add(element, "content", entry.text).set("type", "text")
        if entry.link:
            ET.SubElement(element, f"{{{ATOM}}}link", {"rel": "related", "href": entry.link})
    ET.indent(feed)
    data: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element
