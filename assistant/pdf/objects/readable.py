"""A stranger's file as another program is to be given it: put together rightly, and refused where it would hang."""

from __future__ import annotations

from typing import Any

from assistant.errors import PdfError
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.repair import rewrite
from assistant.pdf.objects.syntax import Ref

MAX_FIELDS = 20_000
TANGLED = "The PDF nests the same fields so often that programs freeze on it. Get another copy of the form."


def refuse_tangled(document: Document, fields: list[Any]) -> None:
    """Refuse a form whose fields name the same kids again and again: other programs follow each way, and hang.

    Raises:
        PdfError: there are more than 20,000 ways from the form's list to a field.
    """
    ways: dict[int, int] = {}
    waiting = [ref.number for ref in fields if isinstance(ref, Ref)]
    open_: set[int] = set()
    while waiting:
        number = waiting[-1]
        kids = document.array(document.dictionary(Ref(number)).get("Kids"))
        kids = [kid.number for kid in kids if isinstance(kid, Ref)]
        if number not in open_ and number not in ways:
            open_.add(number)
            waiting += [kid for kid in kids if kid not in open_ and kid not in ways]
            continue
        waiting.pop()
        open_.discard(number)
        ways[number] = min(1 + sum(ways.get(kid, 0) for kid in kids), MAX_FIELDS + 1)
    if sum(ways.get(ref.number, 0) for ref in fields if isinstance(ref, Ref)) > MAX_FIELDS:
        raise PdfError(TANGLED)


def readable_bytes(document: Document, data: bytes) -> bytes:
    """Return a file as it is, or where its cross-reference is wrong written again; an encrypted one stays as it is.

    Raises:
        PdfError: an object is damaged.
    """
    return rewrite(document) if document.repaired and not document.encryption else data


def readable_pdf(data: bytes) -> bytes:
    """Return a stranger's file as another program is to be given it: as ``readable_bytes``; what cannot be, as it is.

    Raises:
        PdfError: its form would hang other programs (``refuse_tangled``).
    """
    try:
        document = Document(data)
        refuse_tangled(document, document.array(document.dictionary(document.root.get("AcroForm")).get("Fields")))
        return readable_bytes(document, data)
    except PdfError as error:
        if str(error) == TANGLED:
            raise
        return data
