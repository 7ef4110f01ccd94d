"""`tamiz list`."""

from __future__ import annotations

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.errors import WrongUse
from tamiz.core.language import say

KINDS = (
    "models",
    "formats",
    "inputs",
    "steps",
    "descriptors",
    "augmentations",
    "splits",
    "metrics",
    "checks",
    "probes",
    "explainers",
    "engines",
    "fields",
)


@click.command("list", cls=Command, help=say("cli.help_list"))
@click.argument("what", type=Choice((*KINDS, "networks")), required=False)
@click.argument("pattern", metavar=say("cli.metavar_pattern"), default="")
@common_options
def command(
    what: str | None,
    pattern: str,
    *,
    is_json: bool,
    quiet: bool,  # noqa: ARG001 - there is no progress to hide
    lang: str | None,  # noqa: ARG001 - read before the command is known
    debug: bool,  # noqa: ARG001 - read where errors are told
) -> int:
    """List what can be named in a recipe."""
    from tamiz.stages.list import list_names, list_networks

    if pattern and what != "networks":
        raise WrongUse.of("list.no_pattern", where=pattern)
    report = list_networks(pattern) if what == "networks" else None
    show(report or list_names((what,) if what else KINDS), is_json=is_json)
    return 0
