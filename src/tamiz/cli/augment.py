"""`tamiz augment`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import Asked, begun, command_line, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say


@click.command("augment", cls=Command, help=say("cli.help_augment"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS)
@click.option("--all", "every", is_flag=True, help=say("cli.help_augment_all"))
@click.option(
    "--policy", metavar=say("cli.metavar_text"), default="", help=say("cli.help_augment_policy")
)
def command(*, every: bool, policy: str, **values: Any) -> int:
    """Do every stage up to 'plan', then show what augmentations do."""
    asked = Asked.of(values)
    from tamiz.stages.augment import ShowAugmentations, augment
    from tamiz.stages.pipeline import advance, recipe_of

    run, tables = begun(asked)
    with progress(is_quiet=asked.is_quiet) as on_event:
        advance(run, tables, "plan", on_event, command=command_line())
        how = ShowAugmentations(every, policy)
        report = augment(recipe_of(run, tables), run, how, on_event)
    show(report, is_json=asked.is_json)
    return EXIT_DONE
