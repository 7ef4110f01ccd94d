"""`tamiz lab classify`."""

from __future__ import annotations

from pathlib import Path

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say


@click.command("classify", cls=Command, help=say("lab_classify.help_classify"))
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    metavar=say("lab_classify.metavar_photos"),
    type=click.Path(path_type=Path),
)
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar=say("cli.metavar_text"),
    help=say("lab_classify.help_network"),
)
@click.option(
    "--weights",
    multiple=True,
    metavar=say("cli.metavar_path"),
    help=say("lab_classify.help_weights"),
)
@click.option(
    "--top",
    type=WholeNumber(),
    default=5,
    show_default=True,
    metavar=say("cli.metavar_whole_number"),
    help=say("lab_classify.help_top"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar=say("cli.metavar_path"),
    help=say("lab.help_out"),
)
@common_options
def classify_command(
    photos: tuple[Path, ...],
    networks: tuple[str, ...],
    weights: tuple[str, ...],
    top: int,
    out: Path | None,
    *,
    quiet: bool,
    is_json: bool,
    **_asked: object,
) -> int:
    """Classify photos by pretrained networks."""
    from tamiz.stages.lab_classify import AskNetworks, lab_classify

    names = tuple(name.strip() for words in networks for name in words.split(",") if name.strip())
    with progress(is_quiet=quiet) as on_event:
        report = lab_classify(photos, AskNetworks(names, weights, top), out, on_event)
    show(report, is_json=is_json)
    return EXIT_FOUND_PROBLEMS if report.values["lab"]["left_out"] else EXIT_DONE
