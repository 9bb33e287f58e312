"""``moa program report``: count agreements by model, state and month, and pending ones, from the last lists loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.agencies.chart import bars_by_month
from assistant.agencies.line_chart import TREND_TITLE, lines_by_month
from assistant.agencies.tile_map import map_of_states
from assistant.answers import MODELS
from assistant.cli.database import session
from assistant.cli.options import OUTPUT_FILE, json_option
from assistant.cli.output import notice, print_json, printable
from assistant.disk import write_atomically
from assistant.program import states
from assistant.services.published_lists.listings import counts_of, report, trend_of

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.services.published_lists.listings import ListCounts, ListReport

WIDTH_OF_BARS = 40


@click.command("report")
@click.option("--chart", type=OUTPUT_FILE, metavar="FILE.svg", help="Draw the agreements by month.")
@click.option("--trend", type=OUTPUT_FILE, metavar="FILE.svg", help="Draw each model's agreements over time.")
@click.option("--map", "map_file", type=OUTPUT_FILE, metavar="FILE.svg", help="Draw the agreements by State.")
@click.option("--model", type=click.Choice(MODELS), help="With --map: only the agreements of this model.")
@json_option
def report_command(
    chart: Path | None, trend: Path | None, map_file: Path | None, model: str | None, *, as_json: bool
) -> None:
    """Count agreements and pending ones by model, state and month, from the last lists loaded."""
    with session() as opened:
        totals = report(opened)
    if chart:
        title = f"287(g) agreements by month of signing, list of {totals['as_of'] or 'no date'}"
        write_atomically(chart, bars_by_month(totals["by_month"], title=title).encode())
        notice(f"Wrote {chart}.")
    if trend:
        title = TREND_TITLE.format(day=totals["as_of"] or "no date")
        write_atomically(trend, lines_by_month(trend_of(totals), title=title).encode())
        notice(f"Wrote {trend}.")
    if map_file:
        day = totals["as_of"] or "no date"
        title = f"287(g) agreements{f', {model},' if model else ''} by State, list of {day}"
        write_atomically(map_file, map_of_states(counts_of(totals, model), states(), title=title).encode())
        notice(f"Wrote {map_file}.")
    if as_json:
        print_json(totals)
    else:
        _print_report(totals)


def _print_report(totals: ListReport) -> None:
    if totals["as_of"] is None:
        click.echo("No list of participating agencies is loaded. Load one with `moa program import FILE.xlsx`.")
    else:
        click.echo(f"As of {totals['as_of']}: {totals['total']:,} agreements in {places(totals)}.")
    for model, count in totals["by_model"].items():
        click.echo(f"  {model:8} {count['agreements']:6,} in {count['states']} States and territories")
    pending = totals["pending"]
    if pending["as_of"]:
        click.echo(f"Pending as of {pending['as_of']}: {pending['total']:,} in {places(pending)}.")
    _print_counts("By state", totals["by_state"])
    _print_counts("By month of signing", totals["by_month"])


def places(counts: ListCounts) -> str:
    """Return "39 States and 2 territories"."""
    territories = counts["territories"]
    words = f"{counts['states'] - territories} States"
    return f"{words} and {territories} {'territory' if territories == 1 else 'territories'}" if territories else words


def _print_counts(title: str, counts: dict[str, int]) -> None:
    if not counts:
        return
    click.echo(f"{title}:")
    most = max(counts.values())
    for name, count in counts.items():
        click.echo(printable(f"  {name:8} {count:6,}  {'#' * round(count / most * WIDTH_OF_BARS)}".rstrip()))
