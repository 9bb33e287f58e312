"""Prove an update: the official file is its beginning, and every changed object differs only where a fill may differ.

Changed widgets and fields are nearly all written as a head that is the same for every fill of a form, and a value. A
head is parsed and compared with the official object once for each form; after that its bytes are enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assistant.cache import IdentityCache
from assistant.errors import FillError, PdfError
from assistant.pdf.filling.fill import SPLIT
from assistant.pdf.filling.graphics_state import SAVE
from assistant.pdf.form.fields import PRINT, VALUE
from assistant.pdf.objects.document import Document
from assistant.pdf.objects.syntax import Lexer, PdfDictionary, Ref, Stream

if TYPE_CHECKING:
    from assistant.pdf.form.template import Template

_FIELD_KEYS = frozenset({"V", "AP", "DA", "F"})
_SPLIT_KEYS = _FIELD_KEYS | {"Parent", "FT", "Ff", "T", "TU", "Q", "MaxLen"}
_PAGE_KEYS = frozenset({"Contents", "Resources"})
_VALUE_KEYS = frozenset({"V", "AP"})
OFFICIAL = "the official form"
END = b"%%EOF\n"


def prove_bytes(template: Template, data: bytes) -> tuple[int, int]:
    """Return how many objects differ from the official file's and how many are new.

    Raises:
        FillError: the beginning is not the official file, or an object differs where it must not.
    """
    _, changed, new = compare(template, data)
    return len(changed), new


def compare(template: Template, data: bytes) -> tuple[Document, list[int], int]:
    """Return the filled file, which of the official objects it changes, and how many are new.

    Raises:
        FillError: as ``prove_bytes``.
    """
    before = template.document
    try:
        filled = Document.following(before, data)
        changed: list[int] = []
        new = 0
        heads = _heads.get_or_make(template, None, dict)
        for number, (_, at, _) in filled.fresh.items():
            if before.offsets.get(number, (0, 0, 0))[0] == 0:
                new += 1
                continue
            changed.append(number)
            head = heads.get(number)
            if head is None or not filled.data.startswith(head, at) or not _is_value(filled.data, at + len(head)):
                _prove_object(number, filled, template)
                _learn(number, template, heads)
    except PdfError:
        if not data.startswith(template.data):
            raise FillError(OFFICIAL, "its bytes are not the beginning of the filled form.") from None
        raise FillError(OFFICIAL, "the filled form does not follow on it.") from None
    if not data.endswith(END):
        raise FillError(OFFICIAL, "there is something after the end of the filled form.")
    return filled, changed, new


_heads: IdentityCache[dict[int, bytes]] = IdentityCache(1)
"""Heads of objects, by form and number, that say what the official object says, but for /V, /AP and the Print flag."""


_PLAIN_VALUE = re.compile(
    rb"(?:/V (?:\((?:[^()\\]|\\.)*+\)|<[0-9A-Fa-f]*+>))?(?:/AP<</N \d++ 0 R>>)?>>\nendobj\n", re.DOTALL
)
"""As a fill writes it: a string without brackets of its own, an appearance; anything else is read word by word."""


def _is_value(data: bytes, at: int) -> bool:
    """Say whether an object's dictionary, open at this place, goes on with /V and /AP only, and ends the object."""
    if _PLAIN_VALUE.match(data, at):
        return True
    lexer = Lexer(data, at)
    key = lexer.next_object()
    while key != b">>":
        if key not in _VALUE_KEYS:
            return False
        lexer.next_object()
        key = lexer.next_object()
    return bool(lexer.next_object() == b"endobj")


def _learn(number: int, template: Template, heads: dict[int, bytes]) -> None:
    """Keep the head that a fill writes for an object, if it is what the official object says."""
    if template.document.encryption:
        return
    head = template.object_prefixes.get(number)
    if head is None:
        return
    lexer = Lexer(head + b">>")
    words = [lexer.next_object() for _ in range(3)]
    fresh, old = lexer.next_object(), template.document.dictionary(Ref(number))
    flags = old.get("F") or 0
    same = {k: v for k, v in fresh.items() if k != "F"} == {
        k: v for k, v in old.items() if k not in VALUE and k not in {"AP", "AS", "F"}
    }
    if words == [number, 0, b"obj"] and same and fresh.get("F", flags) in {flags, flags | PRINT}:
        heads[number] = head


def _prove_object(number: int, filled: Document, template: Template) -> None:
    old, fresh = template.document.get(Ref(number)), filled.get(Ref(number))
    if not isinstance(old, dict) or not isinstance(fresh, dict):
        raise FillError(f"object {number}", "it differs from the official form.")
    differing = {key for key in old.keys() | fresh.keys() if old.get(key) != fresh.get(key)}
    page = next((page for page in template.pages if page.ref.number == number), None)
    if page:
        allowed = _PAGE_KEYS
        _prove_page(number, old, fresh, filled, template)
    elif number in {template.acroform and template.acroform.number, template.document.trailer["Root"].number}:
        allowed = _prove_form(number, old, fresh, filled, template)
    else:
        allowed = _prove_field(number, old, fresh, template)
    # The old value as rich text, or as a place in a list, goes with it.
    if differing - allowed - (VALUE - fresh.keys()):
        raise FillError(f"object {number}", f"/{min(differing - allowed)} differs from the official form.")


def _prove_form(
    number: int, old: PdfDictionary, fresh: PdfDictionary, filled: Document, template: Template
) -> frozenset[str]:
    """Return which keys may differ; of the form's own dictionary only the list of fields, and the order to redraw."""
    allowed = frozenset({"Fields", "NeedAppearances"})
    if not template.acroform:
        allowed = frozenset({"AcroForm"})
        old, fresh = old.get("AcroForm", {}), fresh.get("AcroForm", {})
        if {**old, "Fields": None, "NeedAppearances": None} != {**fresh, "Fields": None, "NeedAppearances": None}:
            raise FillError("the form", "it differs from the official form.")
    elif number != template.acroform.number:
        return frozenset()
    redrawn = fresh.get("NeedAppearances")
    if redrawn != old.get("NeedAppearances") and not (template.redrawn and redrawn is False):
        raise FillError("the form", "/NeedAppearances differs from the official form.")
    old_fields, now = template.document.array(old.get("Fields")), filled.array(fresh.get("Fields"))
    if now[: len(old_fields)] != old_fields or not all(
        _is_split(field, filled, template) for field in now[len(old_fields) :]
    ):
        raise FillError("the form's list of fields", "it differs from the official form.")
    return allowed


def _is_split(field: Any, filled: Document, template: Template) -> bool:
    """Say whether a field is a widget of the official form that a fill made a field of its own."""
    official = isinstance(field, Ref) and template.document.offsets.get(field.number, (0, 0, 0))[0]
    name = filled.dictionary(field).get("T") if official else None
    return isinstance(name, bytes) and SPLIT[:-1].encode("ascii") in name


def _prove_field(number: int, old: PdfDictionary, fresh: PdfDictionary, template: Template) -> frozenset[str]:
    """Return which keys of a field or widget may differ."""
    flags = old.get("F") or 0
    if (fresh.get("F") or 0) not in {flags, flags | PRINT}:
        raise FillError(f"object {number}", "a flag other than Print differs from the official form.")
    if fresh.get("T") != old.get("T"):
        if SPLIT[:-1].encode("ascii") not in fresh.get("T", b""):
            raise FillError(f"object {number}", "/T differs from the official form.")
        parent = template.document.dictionary(old.get("Parent"))
        return _SPLIT_KEYS | {key for key in parent.keys() - {"Kids"} if fresh.get(key) == parent[key]}
    if fresh.get("Kids") == old.get("Kids"):
        return _FIELD_KEYS
    if not set(fresh.get("Kids", [])) < set(template.document.array(old.get("Kids"))):
        raise FillError(f"object {number}", "it has widgets that the official form does not give it.")
    return frozenset({"Kids"})


def _prove_page(number: int, old: PdfDictionary, fresh: PdfDictionary, filled: Document, template: Template) -> None:
    before = template.document.get(old.get("Contents"))
    old_contents = before if isinstance(before, list) else [old["Contents"]] if "Contents" in old else []
    now = list(fresh["Contents"])
    first = filled.get(now[0]) if now and now[:1] != old_contents[:1] else None
    if isinstance(first, Stream) and first.raw == SAVE:
        now = now[1:]
    if now[: len(old_contents)] != old_contents or len(now) != len(old_contents) + 1:
        raise FillError(f"object {number}", "a page's own content differs from the official form.")
    page = next(page for page in template.pages if page.ref.number == number)
    fonts = template.document.dictionary(page.resources.get("Font"))
    if {k: v for k, v in fresh["Resources"].items() if k != "Font"} != {
        k: v for k, v in page.resources.items() if k != "Font"
    }:
        raise FillError(f"object {number}", "a page's resources differ from the official form.")
    if any(fresh["Resources"]["Font"].get(k) != v for k, v in fonts.items()):
        raise FillError(f"object {number}", "a page's fonts differ from the official form.")
