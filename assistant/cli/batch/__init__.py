"""``moa batch``: one bundle for each answers file in a folder, on as many cores as are asked for."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

batch = LateGroup(
    "batch",
    package="assistant.cli.batch",
    table={
        "export": "Make one bundle for each answers file (*.json) in DIR.",
    },
    help="Make one bundle for each answers file in a folder.",
)
