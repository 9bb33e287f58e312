"""What a fill added to a form, alone: the same pages with the official content taken out.

Letters on these pages are read twenty times as fast, since nothing of the agreement's text is drawn. What this
cannot show, how the official content leaves the page's coordinates, is the same for every fill of a form: the first
fill of a form in a process is read whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.syntax import write_object
from assistant.pdf.update import cross_reference, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.pdf.document import Document
    from assistant.pdf.template import Template


def added_layer(template: Template, filled: Document, pages: Iterable[int]) -> bytes:
    """Return a filled form as bytes, its pages (from 0) drawn without the official content.

    ``filled`` may be the template's own document: then nothing but what its fields show by themselves is left.
    """
    data = filled.data
    parts = [data, b"\n"]
    at = len(data) + 1
    offsets: dict[int, int] = {}
    if "XRefStm" in template.document.trailer:
        # What a hybrid file hides is looked up before the update below: its objects are listed once more.
        offsets = {n: at for n, (kind, at, _) in filled.fresh.items() if kind == 1}
    for number in pages:
        ref = template.pages[number].ref
        page = filled.dictionary(ref)
        before = filled.array(template.pages[number].dictionary.get("Contents")) or [
            template.pages[number].dictionary.get("Contents")
        ]
        now = filled.get(page.get("Contents"))
        added = [item for item in now if item not in before] if isinstance(now, list) else []
        body = b"%d 0 obj\n%s\nendobj\n" % (ref.number, write_object({**page, "Contents": added}))
        if filled.encryption:
            body = sealed(filled.encryption, body)
        offsets[ref.number] = at
        parts.append(body)
        at += len(body)
    numbers = sorted(offsets)
    starts = [offsets[number] for number in numbers]
    size = max(filled.offsets) + 1
    trailer = template.trailer + b"/ID[%s <00>]/Prev %d" % (template.first_id or b"<00>", filled.startxref)
    parts.append(cross_reference(numbers, starts, at, size, trailer, as_stream=filled.has_xref_stream))
    return b"".join(parts)
