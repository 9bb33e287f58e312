"""``moa roster``: read nominees from a spreadsheet, and make the empty one."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

roster = LateGroup(
    "roster",
    package="assistant.cli.roster",
    table={
        "read": "Read nominees from FILE, a .csv or .xlsx.",
        "template": "Write the empty roster: column names, choices and one example row.",
    },
    help="Read nominees from a spreadsheet, or make an empty one.",
)
