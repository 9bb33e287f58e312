"""``moa history``: the record of who changed what, and when."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

history = LateGroup(
    "history",
    package="assistant.cli.history",
    table={
        "verify": "Check that no line of the history was changed, removed or added.",
    },
    help="Check the record of who changed what, and when.",
)
