"""``moa keys``: the keys that seal stored data."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

keys = LateGroup(
    "keys",
    package="assistant.cli.keys",
    table={
        "rotate": "Make a new key and seal all stored data with it.",
        "protect": "Protect the keys with a passphrase, or change it.",
        "unprotect": "Take the passphrase away from the keys.",
    },
    help="Change and protect the keys that seal stored data.",
)
