"""`tamiz doctor`."""

from __future__ import annotations

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.language import say


@click.command("doctor", cls=Command, help=say("cli.help_doctor"))
@common_options
def command(
    *,
    is_json: bool,
    quiet: bool,  # noqa: ARG001 - there is no progress to hide
    lang: str | None,  # noqa: ARG001 - read before the command is known
    debug: bool,  # noqa: ARG001 - read where errors are told
) -> int:
    """Look at this machine."""
    from tamiz.stages.doctor import doctor

    report = doctor()
    show(report, is_json=is_json)
    return 0 if report.values["is_ready"] else 1
