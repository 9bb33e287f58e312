"""What a reader would run or open in a finished agreement, beyond what the form itself carries: reported, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.editions.catalog import all_editions
from assistant.errors import PdfError
from assistant.pdf.objects.actions import ActiveContent, active_content
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.syntax import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = frozenset(
    {
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "URI", "EmbeddedFile"),
        *("Rendition", "RichMediaExecute", "Movie", "Sound"),
    }
)
"""Kinds that run, send or open something; the others move about in the file, or hide a part of it."""


def strange_actions(data: bytes) -> frozenset[str]:
    """Return the kinds of active content that no known form carries; of a file that cannot be looked through, none.

    A form's own scripts stand in its fields. One that runs when the file or a page is opened is never the form's.
    """
    try:
        document = Document(data)
        content = active_content(document)
        if not content.kinds & RUNS or content.sha256 in _known_active_sha256():
            return frozenset()
        return content.kinds & RUNS - _own(document, content)
    except PdfError:
        return frozenset()


def _known_active_sha256() -> frozenset[str]:
    return frozenset(e.recognise.active_sha256 for e in all_editions() if e.recognise and e.recognise.active_sha256)


def _own(document: Document, content: ActiveContent) -> frozenset[str]:
    """Return "JavaScript" where every script of the file stands in a field."""
    scripts = {"JavaScript"} if "JavaScript" in content.kinds else set()
    return frozenset(scripts) if not any(_is_script(document, action) for action in _opening(document)) else frozenset()


def _opening(document: Document) -> Iterator[Any]:
    """Yield what runs when the file or one of its pages is opened, closed, printed or saved (12.6.3)."""
    names = document.dictionary(document.root.get("Names"))
    yield from (document.root.get("OpenAction"), *document.dictionary(document.root.get("AA")).values())
    if "JavaScript" in names:
        yield {"S": "JavaScript"}
    for number in sorted(document.offsets):
        node = document.get(Ref(number))
        if isinstance(node, dict) and document.get(node.get("Type")) == "Page":
            yield from document.dictionary(node.get("AA")).values()


def _is_script(document: Document, action: Any) -> bool:
    plain = document.get(action)
    return isinstance(plain, dict) and document.get(plain.get("S")) == "JavaScript"
