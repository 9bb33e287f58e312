"""What changed on a form: its blanks beside those of another edition, mostly the one before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.cache import LruCache, content_key
from assistant.editions.catalog import all_editions
from assistant.editions.json_edition import edition_to_document
from assistant.mapping.compare import Difference, both_flat
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox

if TYPE_CHECKING:
    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.mapping.compare import DifferenceKind, DifferenceRow

_WORDS: dict[DifferenceKind, str] = {
    "new": "new",
    "gone": "gone",
    "changed": "changed",
    "moved": "moved",
    "resized": "resized",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs from an edition; ``measured`` says whether places and sizes are compared, not only meanings."""

    compared_with: Edition
    differences: tuple[Difference, ...]
    measured: bool

    @property
    def summary(self) -> str:
        """Return how many blanks differ, in a sentence."""
        counts = Counter(difference.kind for difference in self.differences)
        parts = [f"{counts[kind]} {words}" for kind, words in _WORDS.items() if counts[kind]]
        return f"Beside {self.compared_with.name}: {', '.join(parts) or 'no blank differs'}."


def alike(edition: Edition, library: FormLibrary) -> tuple[Edition, ...]:
    """Return the other known editions of the same form, the best to compare with first.

    Later ones come last; those of which places and sizes can be compared come before the others, as a map is mostly
    proposed from them; then goes the nearest by date.
    """
    others = [e for e in all_editions() if e.form_id == edition.form_id and e.fillable and e.name != edition.name]
    on_hand = {form.edition.name for form in library.on_hand()}

    def order(other: Edition) -> tuple[object, ...]:
        unmeasured = other.name not in on_hand and not both_flat(other, edition)
        return other.revision > edition.revision, unmeasured, _later(other.edition_id)

    return tuple(sorted(others, key=order))


def _later(edition_id: str) -> tuple[int, ...]:
    """Return what sorts later editions first."""
    return tuple(-ord(letter) for letter in edition_id)


def changes(edition: Edition, data: bytes, other: Edition, library: FormLibrary) -> Changes:
    """Return what differs from a known edition on the form ``data``, of which ``edition`` is the map.

    The form is read in the sandbox.

    Raises:
        PdfError: a form cannot be read.
        BusyError: this computer has no time for it now.
    """
    other_data = next((form.data for form in library.on_hand() if form.edition == other), None)
    return Changes(
        compared_with=other,
        differences=_compare(other, other_data, edition, data),
        measured=other_data is not None or both_flat(other, edition),
    )


def since_before(edition: Edition, data: bytes, library: FormLibrary) -> Changes | None:
    """Return what differs from the edition before, None where none is known."""
    earlier = before_it(edition, library)
    return changes(edition, data, earlier, library) if earlier else None


def before_it(edition: Edition, library: FormLibrary) -> Edition | None:
    """Return the known edition before this one, or another print of the same revision; one available where there is."""
    earlier = [other for other in alike(edition, library) if other.revision <= edition.revision]
    stored = {form.edition.name for form in library.on_hand()}
    return next((other for other in earlier if other.name in stored), earlier[0] if earlier else None)


def _compare(other: Edition, known_data: bytes | None, edition: Edition, data: bytes) -> tuple[Difference, ...]:
    def compare() -> tuple[Difference, ...]:
        with TemporaryDirectory(prefix="moa-forms-") as folder:
            file = Path(folder) / "known.pdf"
            if known_data is not None:
                file.write_bytes(known_data)
            file_name = str(file) if known_data is not None else ""
            rows = run_in_sandbox(COMPARE, data, other.name, file_name, edition_to_document(edition))
        return tuple(Difference(**row) for row in rows)

    return _compared.get_or_make(content_key(other, known_data, edition, data), compare)


COMPARE: Task[list[DifferenceRow]] = define_task(
    "assistant.services.form_maps.draft_tasks", "compare_forms", seconds_per_page=1
)
_compared: LruCache[bytes, tuple[Difference, ...]] = LruCache(8)
