"""The links at the head of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flask import request, url_for

from assistant.cache import LruCache

if TYPE_CHECKING:
    from flask import Flask

LINKS = (
    ("applications.listing", "Applications"),
    ("forms.listing", "Official forms"),
    ("checking.document", "Check an agreement"),
    ("lists.home", "Known agencies"),
    ("program.models_page", "About the program"),
)


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link; ``current`` is what ``aria-current`` says of it: this page, or a page of this part, or "" elsewhere."""

    address: str
    words: str
    current: Literal["page", "true", ""]


_addresses: LruCache[str, tuple[str, ...]] = LruCache(4)
"""The addresses of ``LINKS``, by the path under which the program is served; every page shows them."""


def site_links() -> list[SiteLink]:
    """Return the links for the page of this request."""
    addresses = _addresses.get_or_make(request.root_path, lambda: tuple(url_for(name) for name, _ in LINKS))
    endpoint = request.endpoint or ""
    part = endpoint.partition(".")[0]
    return [
        SiteLink(address, words, "page" if name == endpoint else "true" if name.partition(".")[0] == part else "")
        for address, (name, words) in zip(addresses, LINKS, strict=True)
    ]


def register_template_helpers(app: Flask) -> None:
    """Let every page ask for the links at its head."""
    app.jinja_env.globals.update(site_links=site_links)
