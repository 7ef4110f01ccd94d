"""`tamiz serve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.job import progress
from tamiz.cli.listening import listening_options
from tamiz.core.errors import EXIT_DONE, WrongUse
from tamiz.core.language import LANGUAGES, say

if TYPE_CHECKING:
    from tamiz.serving.decoders import Limits
    from tamiz.web.serve import Address

_LEAST_MEMORY_MIB: Final = 256


@click.command("serve", cls=Command, help=say("cli.help_serve"))
@click.argument("model", metavar=f"[{say('cli.metavar_model')}]", required=False)
@click.option(
    "--workbench",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_serve_workbench"),
)
@click.option(
    "--runs",
    default="runs",
    show_default=True,
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_serve_runs"),
)
@listening_options(8501, 200, say("cli.help_serve_token"))
@click.option(
    "--language",
    type=Choice(("auto", *LANGUAGES)),
    default="auto",
    help=say("cli.help_serve_language"),
)
@click.option(
    "--weights",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_predict_weights"),
)
@click.option(
    "--show-training",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_serve_training"),
)
@click.option("--no-browser", is_flag=True, help=say("cli.help_serve_no_browser"))
@click.option("--lang", type=Choice(LANGUAGES), help=say("cli.help_lang"))
@click.option("--quiet", is_flag=True, help=say("cli.help_quiet"))
@click.option("--debug", is_flag=True, help=say("cli.help_debug"))
def command(**values: Any) -> int:
    """Serve the web app of a model, or the workbench, until it is stopped."""
    from tamiz.web.serve import Address, serve_model, serve_workbench
    from tamiz.web.served import Choice

    model, workbench = values["model"], values["workbench"]
    if (model is None) == (workbench is None):
        raise WrongUse.of("web.model_or_workbench", where="tamiz serve")

    address = Address(
        host=values["host"],
        port=values["port"],
        names=values["allow_hosts"],
        token=values["token"],
        opens_browser=not values["no_browser"],
    )
    pages: dict[str, Any] = {"language": values["language"], "most_mib": values["max_upload_mib"]}

    def ready(url: str) -> None:
        click.echo(_told(url, address))

    if workbench is not None:
        _refuse_idle(values)
        serve_workbench(workbench, values["runs"], address, ready, **pages)
        return EXIT_DONE
    limits = _limits(values["decode_memory_mib"])
    choice = Choice(model, values["guard"], values["weights"], values["show_training"])
    with progress(is_quiet=values["quiet"]) as on_event:
        serve_model(choice, address, ready, **pages, limits=limits, on_event=on_event)
    return EXIT_DONE


def _refuse_idle(values: dict[str, Any]) -> None:
    """Refuse options that mean nothing for the workbench."""
    for option in ("weights", "show_training"):
        if values[option] is not None:
            name = f"--{option.replace('_', '-')}"
            raise WrongUse.of("web.not_for_workbench", where="--workbench", name=name)


def _limits(memory_mib: int) -> Limits:
    from tamiz.serving.decoders import Limits

    if memory_mib and memory_mib < _LEAST_MEMORY_MIB:
        raise WrongUse.of("web.bad_memory", where="--decode-memory", found=memory_mib)
    return Limits(memory_mib=memory_mib)


def _told(url: str, address: Address) -> str:
    told = say("web.ready_at", url=url)
    return told if address.is_loopback else f"{told}\n{say('web.open_to_network')}"
