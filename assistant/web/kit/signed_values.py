"""The values that a page shows, signed, in a hidden field: the base of a merge where no history is kept.

The page could carry anything else back; what is not signed by us, or for another page, counts as not known.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.storage.tables import KEYRING
from assistant.web.kit.context import db

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_VALUE_LETTERS = 100_000
PURPOSE = b"values shown on a page"


ShownValues: TypeAlias = dict[str, Any]
"""Values that a page showed, as JSON: of the shapes that ``sign_shown`` was given, since we signed them; or empty."""


def sign_shown(place: str, values: Mapping[str, Any]) -> str:
    """Return the values as a page carries them along; ``place`` names the page, and whose it is."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{_signature(place, text)}.{text}"


def read_shown(place: str, sent: str) -> ShownValues:
    """Return the values that a page carried along; nothing where we did not sign them for this place."""
    signature, _, text = sent.partition(".")
    if len(sent) > MAX_VALUE_LETTERS or not hmac.compare_digest(signature.encode(), _signature(place, text).encode()):
        return {}
    values: ShownValues = json.loads(text)
    return values


def _signature(place: str, text: str) -> str:
    signed: bytes = db().info[KEYRING].sign(PURPOSE, place.encode(), text.encode("utf-8", "surrogatepass"))
    return signed.hex()
