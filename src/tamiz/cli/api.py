"""`tamiz api`."""

from __future__ import annotations

import json
from typing import Any

import click

from tamiz.cli.click_words import Command, Number
from tamiz.cli.listening import listening_options, number_option
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say


@click.command("api", cls=Command, help=say("cli.help_api"))
@click.argument("model", metavar=say("cli.metavar_model"))
@listening_options(8000, 256, say("cli.help_api_token"))
@number_option("--workers", "workers", 2, say("cli.help_api_workers"))
@number_option("--queue", "queue", 32, say("cli.help_api_queue"))
@click.option(
    "--timeout",
    "timeout_s",
    type=Number(),
    default=60.0,
    show_default=True,
    metavar=say("cli.metavar_number"),
    help=say("cli.help_api_timeout"),
)
@click.option("--show-card", "shows_card", is_flag=True, help=say("cli.help_api_show_card"))
@common_options
def command(**values: Any) -> int:
    """Serve a model over HTTP."""
    from tamiz.service.settings import Settings

    is_quiet, is_json = values.pop("quiet"), values.pop("is_json")
    is_debugging = values.pop("debug")
    values.pop("lang")
    settings = Settings(**values, is_debugging=is_debugging)
    from tamiz.service.api import log_to_stderr, opened

    with opened(settings) as api:
        log_to_stderr(is_quiet=is_quiet)
        if is_json:
            answerer = api.calls.answerer
            facts = {"url": api.url, "model": answerer.bundle.model, "identity": answerer.identity}
            print(json.dumps(facts), flush=True)
        else:
            print(say("service.serving", url=api.url), flush=True)
        api.serve()
    return EXIT_DONE
