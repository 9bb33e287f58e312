"""``moa jobs``: what waits in the queue, and what has failed for good."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

jobs = LateGroup(
    "jobs",
    package="assistant.cli.jobs",
    table={
        "list": "List the jobs that wait, run or failed for good.",
        "retry": "Let a job that failed for good be tried again.",
        "cancel": "Remove a job that waits or failed for good.",
    },
    help="List, retry and cancel the jobs of the queue.",
)
