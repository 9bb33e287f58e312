"""Digital signatures of a file, checked with pyHanko: what they cover, and whether the file was changed since.

Offline; whether a certificate is trusted is not judged, for that is a question of whom the reader trusts.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any, TypedDict

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MARKER = b"/ByteRange"
MOST_SIGNATURES = 20
HARMLESS = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
"""What may be added to a signed file without a change to what it shows: more proof of the signatures themselves."""
COUNTERSIGNED = HARMLESS | {ModificationLevel.FORM_FILLING}
"""What may be added where the next signer signs digitally too: that signature, and the blanks filled for it."""


class SignatureCheck(TypedDict):
    """What one digital signature tells; ``signed_at`` is the time that it claims, ISO."""

    signer: str
    intact: bool
    whole_file: bool
    unchanged: bool
    signed_at: str | None


def check_signatures(data: bytes) -> list[SignatureCheck]:
    """Return what each digital signature of a PDF tells: signer, intact, whole_file, unchanged, and the day it claims.

    ``intact``: the bytes that it covers are those that were signed. ``unchanged``: nothing that shows was added since,
    or only what another signature covers: ICE signs after the agency, and fills its own side.
    """
    if MARKER not in data:
        return []
    try:
        signatures = list(PdfFileReader(BytesIO(data), strict=False).embedded_signatures)[:MOST_SIGNATURES]
    except Exception:  # noqa: BLE001 - a parser can fail on a hostile file in any way; then no signature is shown
        return []
    return [_check_signature(signature, is_last=signature is signatures[-1]) for signature in signatures]


def _check_signature(signature: Any, *, is_last: bool) -> SignatureCheck:
    broken: SignatureCheck = {"signer": "", "intact": False, "whole_file": False, "unchanged": False, "signed_at": None}
    try:
        context = ValidationContext(trust_roots=[], allow_fetching=False)
        status = asyncio.run(async_validate_pdf_signature(signature, signer_validation_context=context))
    except Exception:  # noqa: BLE001 - as above: what cannot be checked is not intact
        return broken
    at = status.signer_reported_dt
    allowed_changes = HARMLESS if is_last else COUNTERSIGNED
    return {
        "signer": str(status.signing_cert.subject.native.get("common_name") or ""),
        "intact": bool(status.intact and status.valid),
        "whole_file": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "unchanged": status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        or status.modification_level in allowed_changes,
        "signed_at": at.isoformat() if at else None,
    }
