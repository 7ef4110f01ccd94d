"""`tamiz lab`: a group of commands; each stands in a module of its own, imported when called."""

from __future__ import annotations

import difflib
import importlib
from typing import Final

import click

from tamiz.cli.click_words import Group
from tamiz.core.errors import WrongUse
from tamiz.core.language import say

# word: the module `cli/<module>.py` that holds a command of that name, and the catalogue's area
# with its `help_<word>`.
MODULES: Final = {
    "channels": "lab_images",
    "grey": "lab_images",
    "filter": "lab_filters",
    "convolve": "lab_filters",
    "network": "lab_network",
    "features": "lab_learnt",
    "pool": "lab_learnt",
    "softmax": "lab_learnt",
    "replay": "lab_learnt",
}


class _Lab(Group):
    """The words of the lab, told in the reader's language."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        if cmd_name not in MODULES:
            near = difflib.get_close_matches(cmd_name, MODULES, n=1)
            raise WrongUse.of(
                "errors.unknown_name",
                kind=say("errors.kind_commands"),
                name=cmd_name,
                suggestion=say("errors.did_you_mean", name=near[0]) if near else "",
                choices=", ".join(MODULES),
            )
        return sub_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        rows = [(word, say(f"{module}.help_{word}")) for word, module in MODULES.items()]
        with formatter.section(say("cli.commands")):
            formatter.write_dl(rows)


def sub_command(word: str) -> click.Command:
    """Return the command `tamiz lab <word>`; its module is imported now."""
    module = importlib.import_module(f"tamiz.cli.{MODULES[word]}")
    command: click.Command = getattr(module, f"{word}_command")
    return command


command = _Lab(
    "lab",
    help=say("lab.help_group"),
    no_args_is_help=True,
    options_metavar=say("cli.metavar_options"),
    subcommand_metavar=say("cli.metavar_command"),
)
