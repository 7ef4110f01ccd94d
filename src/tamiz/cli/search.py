"""`tamiz search`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import Asked, begun, command_line, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options, names_in
from tamiz.core.errors import EXIT_DONE, EXIT_STOPPED
from tamiz.core.language import say


@click.command("search", cls=Command, help=say("cli.help_search"))
@click.option(
    "--budget",
    default="",
    metavar=say("cli.metavar_text"),
    help=say("cli.help_search_budget"),
)
@click.option(
    "--trials",
    type=WholeNumber(),
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_search_trials"),
)
@click.option(
    "--fields",
    default="",
    metavar=say("cli.metavar_text"),
    help=say("cli.help_search_fields"),
)
@click.option(
    "--field",
    "ranges",
    multiple=True,
    metavar=say("cli.metavar_text"),
    help=say("cli.help_search_field"),
)
@click.option("--only-search", is_flag=True, help=say("cli.help_search_only"))
@click.option(
    "--at-once",
    type=WholeNumber(),
    default=1,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_search_at_once"),
)
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS)
def command(
    *,
    budget: str,
    trials: int | None,
    fields: str,
    ranges: tuple[str, ...],
    only_search: bool,
    at_once: int,
    **values: Any,
) -> int:
    """Compare recipes on validation, never on test."""
    from tamiz.stages.search import SearchHow, search

    names = names_in(fields)
    how = SearchHow(budget, trials, names, ranges, only_search, at_once)
    how.seconds()  # before anything is begun
    asked = Asked.of(values)
    run, tables = begun(asked)
    with progress(is_quiet=asked.is_quiet) as on_event:
        report = search(run, tables, how, on_event, command=command_line())
    show(report, is_json=asked.is_json)
    return EXIT_STOPPED if report.values["search"]["ended"] == "stopped" else EXIT_DONE
