"""Names of files that are safe on every system: plain ASCII, no path, no reserved word, no two alike."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_SLUG = 60
# Windows takes these for devices, with any ending and in any case.
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
# Letters that do not decompose into an ASCII letter and an accent.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ı": "i"})  # noqa: RUF001 - the dotless i is meant


def slug(text: str, *, otherwise: str = "agency") -> str:
    """Return the text as lower-case ASCII words joined by hyphens: "example-county-sheriffs-office"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN)).encode("ascii", "ignore").decode()
    plain = re.sub(r"['`]", "", plain.lower())
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-")
    return f"{words}-file" if words in RESERVED else words or otherwise


def safe_name(name: str, used_names: Collection[str] = ()) -> str:
    """Return a file name made of a slug and its ending ("scan-1.pdf"), unlike every name taken, in any case."""
    path = PurePosixPath(name.replace("\\", "/"))
    ending = re.sub(r"[^a-z0-9]", "", path.suffix.lower())[:8]
    stem = slug(path.stem, otherwise="file")
    ending = f".{ending}" if ending else ""
    used = {other.lower() for other in used_names}
    number, candidate = 1, f"{stem}{ending}"
    while candidate in used:
        number += 1
        candidate = f"{stem}-{number}{ending}"
    return candidate
