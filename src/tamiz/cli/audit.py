"""`tamiz audit`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import AUDIT_OPTIONS, DATA_OPTIONS, SPLIT_OPTIONS, job_options
from tamiz.core.language import say


@click.command("audit", cls=Command, help=say("cli.help_audit"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, AUDIT_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'audit'."""
    values["audit__depth"] = values["audit__depth"] or "full"
    return do_stages("audit", values)
