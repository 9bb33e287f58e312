"""Active content in a PDF: scripts, launches, submissions, embedded files. Searched for and reported, never run.

And, since it looks at every object too, whether every stream of the file is whole.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import PdfError
from assistant.pdf.objects.filters import inflates
from assistant.pdf.objects.syntax import PdfDictionary, Ref, Stream, write_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.pdf.objects.document import Document

ACTIVE = frozenset(
    {
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE"),
        *("Rendition", "RichMediaExecute", "Movie", "Sound", "SetOCGState", "Trans"),
        *("ResetForm", "Hide", "Named", "Thread", "GoTo3DView"),
    }
)
MAX_NODES = 2_000_000
MAX_UNPACKED = 256_000_000
"""Bytes of all streams together; the official forms have a hundredth."""


@dataclass(frozen=True, slots=True)
class ActiveContent:
    """The kinds of active content in a file, and a digest by which two files' can be compared."""

    kinds: frozenset[str]
    sha256: str
    """Empty where there is none."""


def active_content(document: Document) -> ActiveContent:
    """Return the active content of a file, whatever object it hides in.

    Raises:
        PdfError: an object is damaged.
    """
    kinds: set[str] = set()
    digests: set[bytes] = set()
    budget = MAX_NODES
    for number in sorted(document.offsets):
        for node in _dictionaries(document.get(Ref(number))):
            budget -= 1
            if not budget:
                raise PdfError("The PDF has more objects than this program can search. Download the form again.")
            kind = document.get(node.get("S"))
            if isinstance(kind, str) and kind in ACTIVE:
                kinds.add(str(kind))
                digests.add(_digest(document, node))
            for action in _links_that_open(document, node):
                kinds.add("URI")
                digests.add(_digest(document, action))
            if document.get(node.get("Type")) == "Filespec" or "EmbeddedFiles" in node:
                kinds.add("EmbeddedFile")
                digests.add(b"embedded file")
    joined = hashlib.sha256(b"".join(sorted(digests))).hexdigest() if digests else ""
    return ActiveContent(frozenset(kinds), joined)


def all_streams_whole(document: Document) -> bool:
    """Say whether every stream that is packed with Flate unpacks to its end: damage inside one shows nowhere else.

    A stream of no bytes is whole: so some programs write the look of an empty check box.
    """
    room = MAX_UNPACKED
    for number in sorted(document.offsets):
        stream = document.get(Ref(number))
        if isinstance(stream, Stream) and stream.raw and document.get(stream.dictionary.get("Filter")) == "FlateDecode":
            size = inflates(stream.raw, room)
            if size < 0:
                return False
            room -= size
    return True


def _links_that_open(document: Document, node: PdfDictionary) -> Iterator[PdfDictionary]:
    """Yield links that nobody has to press: the official forms have links, but none that opens by itself."""
    events = document.dictionary(node.get("AA")).values()
    for value in (node.get("OpenAction"), *events):
        action = document.get(value)
        if isinstance(action, dict) and document.get(action.get("S")) == "URI":
            yield action


def _dictionaries(value: Any) -> Iterator[PdfDictionary]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Stream):
            item = item.dictionary
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _digest(document: Document, action: PdfDictionary) -> bytes:
    parts = []
    for key, value in sorted(action.items()):
        if key == "Next":
            continue
        plain = document.get(value)
        if isinstance(plain, Stream):
            plain = document.decoded(plain)
        parts.append(
            key.encode("utf-8", "surrogateescape")
            + write_object(plain if isinstance(plain, bytes | str) else repr(plain).encode())
        )
    return hashlib.sha256(b"\0".join(parts)).digest()
