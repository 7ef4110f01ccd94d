"""`tamiz ablate-augmentation`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import Asked, begun, command_line, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options, names_in
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say

_SPLIT = {flag: path for flag, path in SPLIT_OPTIONS.items() if flag != "--repeats"}
_TEXT = say("cli.metavar_text")


@click.command("ablate-augmentation", cls=Command, help=say("cli.help_ablate_augmentation"))
@job_options(DATA_OPTIONS, _SPLIT, TRAIN_OPTIONS)
@click.option(
    "--repeats",
    type=WholeNumber(),
    default=3,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_ablate_repeats"),
)
@click.option("--try", "tried", metavar=_TEXT, default="", help=say("cli.help_ablate_try"))
@click.option("--leave-out", is_flag=True, help=say("cli.help_ablate_leave_out"))
def command(*, repeats: int, tried: str, leave_out: bool, **values: Any) -> int:
    """Do every stage up to 'plan', then compare trainings."""
    asked = Asked.of(values)
    from tamiz.stages.ablate_augmentation import AblateAugmentation, ablate_augmentation
    from tamiz.stages.pipeline import advance, recipe_of

    run, tables = begun(asked)
    names = names_in(tried)
    line = command_line()
    with progress(is_quiet=asked.is_quiet) as on_event:
        advance(run, tables, "plan", on_event, command=line)
        with run.opened(line):
            how = AblateAugmentation(names, repeats, leave_out)
            report = ablate_augmentation(recipe_of(run, tables), run, how, on_event)
    show(report, is_json=asked.is_json)
    return EXIT_DONE
