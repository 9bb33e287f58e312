"""``moa history``: the record of who changed what, and when."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

history = LateGroup(
    "history",
    package="assistant.cli.history",
    table={
        "show": "Show what happened to one application, or what differs between two lines.",
        "verify": "Check that no line of the history was changed, removed or added.",
    },
    help="Show and check the record of who changed what, and when.",
)
