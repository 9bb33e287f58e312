"""``moa document``: check a finished agreement from anywhere, or compare a signed copy with the issued file."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

document = LateGroup(
    "document",
    package="assistant.cli.document",
    table={
        "check": "Review a finished agreement for what is empty, wrong, too small, inconsistent or out of date.",
        "verify": "Say whether a signed or scanned copy matches the document that was issued.",
    },
    help="Check a finished agreement, or compare a signed copy with the issued file.",
)
