"""`tamiz sanity`."""

from __future__ import annotations

from pathlib import Path

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.engines import engine_options
from tamiz.cli.job import command_line, progress, show
from tamiz.cli.options import common_options, names_in
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS, WrongUse
from tamiz.core.language import say


@click.command("sanity", cls=Command, help=say("cli.help_sanity"))
@click.argument("run_folder", metavar=say("sanity.metavar_run"), type=click.Path(path_type=Path))
@click.option("--only", metavar=say("cli.metavar_list"), default="", help=say("sanity.help_only"))
@click.option(
    "--seeds",
    type=WholeNumber(),
    default=1,
    metavar=say("cli.metavar_whole_number"),
    help=say("sanity.help_seeds"),
)
@common_options
@engine_options
def command(
    run_folder: Path,
    only: str,
    seeds: int,
    *,
    quiet: bool,
    is_json: bool,
    **_shared: bool,
) -> int:
    """Make the experiments and show one table; exit code 1 where something leaks."""
    from tamiz.data.run_folder import Run
    from tamiz.stages.sanity import Sanity, sanity

    run = Run(run_folder)
    if not run.exists:
        raise WrongUse.of("run.no_run", where=run_folder)
    names = names_in(only)
    with progress(is_quiet=quiet) as on_event, run.opened(command_line()):
        report = sanity(run, Sanity(names, seeds), on_event)
    show(report, is_json=is_json)
    return EXIT_DONE if report.values["sanity"]["valid"] else EXIT_FOUND_PROBLEMS
