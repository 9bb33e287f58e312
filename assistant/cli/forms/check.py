"""``moa forms check``: compare every field map with the kept form it was written for."""

from __future__ import annotations

import click

from assistant.cli.database import session
from assistant.cli.options import json_option
from assistant.cli.output import print_json, printable
from assistant.services.form_maps.edition_drafts import left_out
from assistant.services.form_maps.forms import check_maps


@click.command("check")
@json_option
def check(*, as_json: bool) -> int:
    """Compare every field map with the form it was written for."""
    with session(reads_only=True) as opened:
        results = check_maps(opened)
    results += [{"edition": file, "ok": False, "message": why} for file, why in left_out()]
    if as_json:
        print_json(results)
    else:
        for result in results:
            click.echo(printable(f"{result['edition']}: {result['message']}"))
    return 1 if any(result["ok"] is False for result in results) else 0
