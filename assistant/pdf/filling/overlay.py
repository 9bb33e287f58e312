"""What a fill added to a form, alone: the same pages with the official content taken out.

Letters on these pages are read twenty times as fast, since nothing of the agreement's text is drawn. What this
cannot show, how the official content leaves the page's coordinates, is the same for every fill of a form: the first
fill of a form in a process is read whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.filling.update import cross_reference, encrypted_object, indirect_object
from assistant.pdf.form.fields import VALUE
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.syntax import Ref, write_object, write_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.pdf.form.fields import Field, Widget
    from assistant.pdf.form.template import Template


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
            body = encrypted_object(filled.encryption, body)
        offsets[ref.number] = at
        parts.append(body)
        at += len(body)
    numbers = sorted(offsets)
    starts = [offsets[number] for number in numbers]
    size = max(filled.offsets) + 1
    trailer = template.trailer + b"/ID[%s <00>]/Prev %d" % (template.first_id or b"<00>", filled.startxref)
    parts.append(cross_reference(numbers, starts, at, size, trailer, as_stream=filled.has_xref_stream))
    return b"".join(parts)


def comparable_form(
    template: Template, filled: Document, widgets_by_field: Mapping[str, tuple[int, ...] | None]
) -> Document:
    """Return the official form as it looks without the fill, drawn under the same rules as the filled one.

    A fill turns /NeedAppearances off, and then a reader draws the other fields otherwise than before: that is no work
    of the fill. A text that the fill replaces (a published default) is taken away here, so that the same text in the
    same place still counts as written. ``widgets_by_field`` are the fields written to, each with the numbers of its
    widgets that were (None: all of them).
    """
    objects: dict[int, bytes] = {}
    number = template.first_free
    drawn_anew = filled.get(filled.dictionary(filled.root.get("AcroForm")).get("NeedAppearances")) is True
    if template.redrawn and not drawn_anew:
        form = template.acroform_dictionary | {"NeedAppearances": False}
        if template.acroform:
            objects[template.acroform.number] = write_object(form)
        else:
            objects[template.document.trailer["Root"].number] = write_object(
                {**template.document.root, "AcroForm": form}
            )
    for name, numbers in widgets_by_field.items():
        field = template.fields[name]
        if field.value:
            emptied = [widget for n, widget in enumerate(field.widgets) if numbers is None or n in numbers]
            # A widget without any appearance would be given one by some readers.
            objects[number] = write_stream({"Type": "XObject", "Subtype": "Form", "BBox": [0, 0, 0, 0]}, b"")
            objects |= _without_value(field, emptied, number)
            number += 1
    if not objects:
        return template.document
    return Document.following(template.document, _with_objects(template, objects, number))


def _without_value(field: Field, widgets: list[Widget], empty: int) -> dict[int, bytes]:
    """Return the objects of a field whose widgets show nothing; the form object ``empty`` is what they show."""
    replacements = {}
    for widget in widgets:
        node = {key: value for key, value in widget.dictionary.items() if key not in VALUE}
        replacements[widget.number] = write_object({**node, "AP": {"N": Ref(empty)}})
    if len(widgets) == len(field.widgets) and field.number not in replacements:
        replacements[field.number] = write_object(
            {key: value for key, value in field.dictionary.items() if key not in VALUE}
        )
    return replacements


def _with_objects(template: Template, objects: Mapping[int, bytes], size: int) -> bytes:
    """Return the official form with other versions of some objects appended; ``size`` is the first free number."""
    document = template.document
    parts = [template.data, b"\n"]
    at = len(template.data) + 1
    numbers = sorted(objects)
    starts = []
    for number in numbers:
        body = indirect_object(number, objects[number])
        if document.encryption:
            body = encrypted_object(document.encryption, body)
        starts.append(at)
        parts.append(body)
        at += len(body)
    trailer = template.trailer + b"/ID[%s <00>]/Prev %d" % (template.first_id or b"<00>", document.startxref)
    parts.append(cross_reference(numbers, starts, at, size, trailer, as_stream=document.has_xref_stream))
    return b"".join(parts)
