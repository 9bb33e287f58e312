"""``moa document``: check a finished agreement from anywhere, or hold a signed copy against the issued file."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

document = LateGroup(
    "document",
    package="assistant.cli.document",
    table={
        "check": "Review a finished agreement: what is empty, wrong, too small, inconsistent, out of date.",
        "verify": "Say whether a signed or scanned copy is the document that was issued.",
    },
    help="Check a finished agreement, or a signed copy against what was issued.",
)
