"""``moa history``: the record of who changed what, and when."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

history = LateGroup(
    "history",
    package="assistant.cli.history",
    table={
        "show": "Show the history of one application, the newest line first.",
        "verify": "Check that no line of the history was changed, removed or added.",
    },
    help="Show and check the record of who changed what, and when.",
)
