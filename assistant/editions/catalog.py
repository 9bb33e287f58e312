"""Form editions: the folders ``<form-id>/<edition-id>/edition.toml`` in ``forms/`` and ``instance/forms/``.

What stands in such a file is ``edition_files``; ``library`` brings edition and PDF together.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import config
from assistant.cache import FileState, LruCache, content_key, file_state
from assistant.editions.edition_files import (
    LETTER,
    NOT_ON_PAPER,
    Edition,
    Entry,
    FlatLine,
    LeftBlank,
    LineSpan,
    RecognitionCriteria,
    Side,
    read_edition,
)
from assistant.errors import EditionError, UnknownFormError

if TYPE_CHECKING:
    from assistant.answers import Model

__all__ = [
    "LETTER",
    "NOT_ON_PAPER",
    "Edition",
    "Entry",
    "FlatLine",
    "LeftBlank",
    "LineSpan",
    "LocalFingerprint",
    "RecognitionCriteria",
    "Side",
    "all_editions",
    "editions_fingerprint",
    "editions_for",
    "former_prints",
    "get_edition",
    "is_built_in",
    "letter_editions",
    "local_editions_dir",
    "local_fingerprint",
    "read_edition",
]  # fmt: skip


def all_editions() -> tuple[Edition, ...]:
    """Return every edition, those in ``forms/`` and the user's own, by form and then from newest to oldest.

    A folder of the user's own that is new or changed is noticed at the next call. One that is badly written is left
    out, so that it stops nobody's work (``moa forms check`` names it), and none takes a built-in edition's place.

    Raises:
        EditionError: a built-in folder's map is badly written; the message names file and entry.
    """
    fingerprint = local_fingerprint()
    return _by_fingerprint.get_or_make(fingerprint, lambda: _read_all_editions(fingerprint))


LocalFingerprint = tuple[FileState, ...]
_by_fingerprint: LruCache[LocalFingerprint, tuple[Edition, ...]] = LruCache(2)
_fingerprints: LruCache[LocalFingerprint, bytes] = LruCache(2)


def editions_fingerprint() -> bytes:
    """Return what changes whenever an edition comes, goes, or gets another map."""
    return _fingerprints.get_or_make(local_fingerprint(), lambda: content_key(all_editions()))


def local_fingerprint() -> LocalFingerprint:
    """Return the state of the files of the user's own editions."""
    states = []
    for file in local_editions_dir().glob("*/*/edition.toml"):
        with suppress(OSError):  # removed in the meantime
            states.append(file_state(file))
    return tuple(sorted(states))


def local_editions_dir() -> Path:
    """Return the folder of the user's own editions."""
    return config.instance_dir() / "forms"


def _read_all_editions(fingerprint: LocalFingerprint) -> tuple[Edition, ...]:
    editions = list(_built_in())
    names = {edition.name for edition in editions}
    for file, *_ in fingerprint:
        with suppress(EditionError, OSError):
            edition = read_edition(Path(file))
            if edition.name not in names:
                editions.append(edition)
    editions.sort(key=_age, reverse=True)
    return tuple(sorted(editions, key=lambda e: e.form_id))


def _age(edition: Edition) -> tuple[str, bool, str]:
    """Return what sorts editions by date; of two prints of one revision the one with fields is ICE's own, so newer."""
    return edition.revision, edition.recognise is not None and edition.recognise.acroform, edition.edition_id


@cache
def _built_in() -> tuple[Edition, ...]:
    return tuple(read_edition(file) for file in config.resource_dir("forms").glob("*/*/edition.toml"))


@cache
def former_prints() -> tuple[Edition, ...]:
    """Return the prints that ICE no longer offers (``former.toml``): known by their words, and never filled."""
    return tuple(read_edition(file) for file in sorted(config.resource_dir("forms").glob("*/*/former.toml")))


def is_built_in(name: str) -> bool:
    """Say whether an edition comes with the program."""
    return any(edition.name == name for edition in (*_built_in(), *former_prints()))


def get_edition(name: str) -> Edition:
    """Return the edition called "form-id/edition-id".

    Raises:
        UnknownFormError: there is none.
    """
    for edition in (*all_editions(), *former_prints()):
        if edition.name == name:
            return edition
    raise UnknownFormError(f"There is no form edition {name}. `moa forms list` shows the known ones.")


def editions_for(model: Model) -> tuple[Edition, ...]:
    """Return the editions of a model's agreement, newest first."""
    return tuple(edition for edition in all_editions() if edition.model == model)


def letter_editions() -> tuple[Edition, ...]:
    """Return the editions of ICE's own Letter of Interest, newest first; the agency's plain letter is none of them."""
    return tuple(edition for edition in all_editions() if edition.is_letter and edition.fillable)
