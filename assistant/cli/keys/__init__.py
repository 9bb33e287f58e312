"""``moa keys``: the keys that seal stored data."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

keys = LateGroup(
    "keys",
    package="assistant.cli.keys",
    table={
        "rotate": "Make a new key and seal all stored data with it.",
    },
    help="Change the keys that seal stored data.",
)
