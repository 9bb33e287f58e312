"""What changed on a form: its blanks beside those of another edition, mostly the one before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cache import LruCache, content_key
from assistant.editions import all_editions
from assistant.mapping.compare import both_flat, compare_editions
from assistant.pdf.template import compile_template

if TYPE_CHECKING:
    from assistant.editions import Edition
    from assistant.library import FormLibrary
    from assistant.mapping.compare import Difference, Kind

_WORDS: dict[Kind, str] = {
    "new": "new",
    "gone": "gone",
    "changed": "asking for something else",
    "moved": "moved",
    "resized": "resized",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs from an edition; ``measured`` says whether places and sizes are compared, not only meanings."""

    known: Edition
    differences: tuple[Difference, ...]
    measured: bool

    @property
    def summary(self) -> str:
        """Return how many blanks differ, in a sentence."""
        counts = Counter(difference.kind for difference in self.differences)
        said = [f"{counts[kind]} {words}" for kind, words in _WORDS.items() if counts[kind]]
        return f"Beside {self.known.name}: {', '.join(said) or 'no blank differs'}."


def alike(edition: Edition, library: FormLibrary) -> tuple[Edition, ...]:
    """Return the other known editions of the same form, the best to compare with first.

    Later ones come last; those of which places and sizes can be compared come before the others, as a map is mostly
    proposed from them; then goes the nearest by date.
    """
    known = [e for e in all_editions() if e.form_id == edition.form_id and e.fillable and e.name != edition.name]
    held = {form.edition.name for form in library.on_hand()}

    def order(other: Edition) -> tuple[object, ...]:
        unmeasured = other.name not in held and not both_flat(other, edition)
        return other.revision > edition.revision, unmeasured, _later(other.edition_id)

    return tuple(sorted(known, key=order))


def _later(edition_id: str) -> tuple[int, ...]:
    """Return what sorts later editions first."""
    return tuple(-ord(letter) for letter in edition_id)


def changes(edition: Edition, data: bytes, known: Edition, library: FormLibrary) -> Changes:
    """Return what differs from a known edition on the form ``data``, of which ``edition`` is the map."""
    held = next((form.data for form in library.on_hand() if form.edition == known), None)
    return Changes(
        known=known,
        differences=_compare(known, held, edition, data),
        measured=held is not None or both_flat(known, edition),
    )


def since_before(edition: Edition, data: bytes, library: FormLibrary) -> Changes | None:
    """Return what differs from the edition before, None where none is known."""
    known = before_it(edition, library)
    return changes(edition, data, known, library) if known else None


def before_it(edition: Edition, library: FormLibrary) -> Edition | None:
    """Return the known edition before this one, or another print of the same revision; one on hand where there is."""
    return next((known for known in alike(edition, library) if known.revision <= edition.revision), None)


_compared: LruCache[bytes, tuple[Difference, ...]] = LruCache(8)


def _compare(known: Edition, known_data: bytes | None, edition: Edition, data: bytes) -> tuple[Difference, ...]:
    there = compile_template(known_data) if known_data is not None else None
    here = compile_template(data)
    key = content_key(known, there and there.sha256, edition, here.sha256)
    return _compared.get_or_make(key, lambda: tuple(compare_editions(known, edition, there, here)))
