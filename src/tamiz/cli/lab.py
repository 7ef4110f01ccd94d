"""`tamiz lab`: a group of commands; each stands in a module of its own, imported when called."""

from __future__ import annotations

import importlib
from typing import Final

import click

from tamiz.cli.click_words import Group
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
    "classify": "lab_classify",
}


def sub_command(word: str) -> click.Command:
    """Return the command `tamiz lab <word>`; its module is imported now."""
    module = importlib.import_module(f"tamiz.cli.{MODULES[word]}")
    command: click.Command = getattr(module, f"{word}_command")
    return command


command = Group(
    "lab",
    {word: f"{module}.help_{word}" for word, module in MODULES.items()},
    sub_command,
    help=say("lab.help_group"),
)
