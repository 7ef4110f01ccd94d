"""Help in the reader's language: not one of click's own English words is left in Spanish."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator

import click
import pytest

from tamiz.cli.click_words import Command
from tamiz.core.language import say, set_language

ENGLISH = re.compile(
    r"\[default|; default|required|env var|\(dynamic\)|Usage|Options:|Commands:|Show this message"
    r"|\b(TEXT|INTEGER|FLOAT|BOOLEAN|PATH|FILE|FILENAME|DIRECTORY|RANGE|UUID|OPTIONS|COMMAND)\b"
)


@pytest.fixture
def spanish_commands() -> Iterator[None]:
    """Import the commands anew, in Spanish: their words are said when they are made."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if is_command(name)}
    set_language("es")
    yield
    for name in [name for name in sys.modules if is_command(name)]:
        del sys.modules[name]
    sys.modules.update(kept)
    for name, module in kept.items():
        package, _, word = name.rpartition(".")
        setattr(sys.modules[package], word, module)


def is_command(name: str) -> bool:
    return name.startswith("tamiz.cli.")


def helps_of(
    command: click.Command, name: str, above: click.Context | None = None
) -> Iterator[str]:
    """Yield the help of a command and of all below it."""
    context = command.context_class(command, info_name=name, parent=above)
    yield command.get_help(context)
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None
            yield from helps_of(below, word, context)


@pytest.mark.usefixtures("spanish_commands")
def test_no_command_speaks_english_in_its_spanish_help():
    main = importlib.import_module("tamiz.cli.main")
    told = list(helps_of(main._make_group(), "tamiz"))
    assert len(told) > 40
    left = {line for words in told for line in words.splitlines() if ENGLISH.search(line)}
    assert not left
    everything = " ".join(" ".join(told).split())
    assert "[por defecto: sharpen]" in everything
    assert "[obligatoria]" in everything
    assert "[por defecto: TAMIZ]" in everything


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "how sure  [env var: SURE; default: 0.5; 0<=x<=1; required]"),
        ("es", "how sure  [variable de entorno: SURE; por defecto: 0.5; 0<=x<=1; obligatoria]"),
    ],
)
def test_variable_default_limits_and_need_stand_in_brackets(language, wanted):
    set_language(language)
    option = click.Option(
        ["--sure"],
        type=click.FloatRange(0, 1),
        default=0.5,
        show_default=True,
        required=True,
        envvar="SURE",
        show_envvar=True,
        help="how sure",
    )
    plain = click.Option(["--plain"], is_flag=True)
    hidden = click.Option(["--hidden"], hidden=True, help="hidden")
    command = Command("one", params=[option, plain, hidden])
    words = command.get_help(command.context_class(command, info_name="one", max_content_width=200))
    assert wanted in re.sub(r" {3,}|\n +", " ", words)
    assert "--plain" in words
    assert "hidden" not in words


def test_values_without_a_name_of_their_own_are_called_in_the_language():
    set_language("es")
    kinds = {"a": str, "b": int, "c": click.FloatRange(0, 1), "d": click.Path(), "e": bool}
    options = [click.Option([f"--{name}"], type=kind) for name, kind in kinds.items()]
    options[4] = click.Option(["--e"], is_flag=True)
    command = Command("one", params=[*options, click.Option(["--own"], metavar="X,Y")])
    words = " ".join(command.get_help(command.context_class(command, info_name="one")).split())
    assert "--a TEXTO --b ENTERO --c NÚMERO [0<=x<=1] --d RUTA --e --own X,Y" in words


def test_english_help_is_what_click_itself_writes():
    option = click.Option(["--kernel"], default="sharpen", show_default=True, help="a kernel")
    command = Command("one", params=[option])
    context = command.context_class(command, info_name="one")
    wanted = option.get_help_record(context)
    assert wanted is not None
    assert wanted[1] == f"a kernel  [{say('cli.extra_default', value='sharpen')}]"
    assert wanted[1] in command.get_help(context)
