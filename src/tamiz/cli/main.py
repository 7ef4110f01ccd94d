"""The command line: finds the command, runs it, and turns every error into one clear line."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from typing import Final

import click

from tamiz.cli.click_words import Choice, Group
from tamiz.cli.failing import crash, told_as
from tamiz.core.errors import EXIT_DONE, TamizError
from tamiz.core.language import LANGUAGES, language_from_environment, say, set_language
from tamiz.core.places import place, take_place
from tamiz.core.processes import leave
from tamiz.core.threads import spin_briefly

# What the overview tells, under which heading, in the order in which somebody needs it.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "begin": ("run", "demo", "doctor"),
    "gather": ("pacs", "convert", "prepare", "tiles"),
    "data": ("index", "check", "explore", "describe", "clean", "audit", "split"),
    "train": (
        "plan",
        "train",
        "search",
        "distil",
        "augment",
        "ablate-augmentation",
        "lr-range",
        "cost",
    ),
    "judge": ("evaluate", "report", "compare", "benchmark", "sanity", "explain"),
    "use": ("predict", "export", "bench-model", "serve", "api", "node"),
    "look": ("lab", "list"),
}
COMMANDS: Final = tuple(word for words in SECTIONS.values() for word in words)
_DETAILS_SHOWN = 20


def command_named(word: str) -> click.Command:
    """Return the command `word`; its module is imported now."""
    command: click.Command = importlib.import_module(f"tamiz.cli.{module_of(word)}").command
    return command


def module_of(word: str) -> str:
    """Return the name of a command's module: 'lr-range' is `lr_range`."""
    return word.replace("-", "_")


def _make_group() -> click.Group:
    group = Group(
        "tamiz",
        {word: f"cli.help_{module_of(word)}" for word in COMMANDS},
        command_named,
        sections={say(f"cli.section_{name}"): words for name, words in SECTIONS.items()},
        help=say("cli.help_tamiz"),
        epilog=say("cli.epilog"),
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help=say("cli.help_version"),
        )
    )
    group.params.append(
        click.Option(
            ["--lang"],
            type=Choice(LANGUAGES),
            expose_value=False,
            help=say("cli.help_lang"),
        )
    )
    return group


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        from tamiz import __version__

        click.echo(f"tamiz {__version__}")
        ctx.exit()


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code (see `tamiz.core.errors`)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    set_language(_language_of(arguments))
    spin_briefly()
    leave(_run(arguments) if take_place().n == 1 else _run_together(arguments))


def _language_of(arguments: list[str]) -> str:
    """Return what --lang says anywhere on the line, or what the environment says."""
    for position, word in enumerate(arguments):
        value = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        if value in LANGUAGES:
            return value
    return language_from_environment()


def _run_together(arguments: list[str]) -> int:
    """Return the exit code of one of several processes: the first does it, the others help."""
    from tamiz.stages.together import ToldToEnd, help_train, leading, say_code

    if not place().is_first:
        help_train()
        return EXIT_DONE
    with leading():
        try:
            code = _run(arguments)
        except ToldToEnd as end:
            code = _tell(end.told(), arguments)
        say_code(code)
    return code


def _run(arguments: list[str]) -> int:
    """Return the exit code; every error ends here as one line."""
    try:
        result = _make_group().main(arguments, prog_name="tamiz", standalone_mode=False)
        return result if isinstance(result, int) else EXIT_DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return EXIT_DONE
    except BrokenPipeError:
        return EXIT_DONE
    except (Exception, KeyboardInterrupt) as error:
        told = told_as(error, arguments)
        if told is None and "--debug" in arguments:
            raise
        return _tell(told or crash(error, arguments), arguments)


def _tell(error: TamizError, arguments: list[str]) -> int:
    print(f"{say('cli.error')}: {error}", file=sys.stderr)
    is_told = len(error.details) == 1 and error.details[0] in str(error)  # one fault: one line
    for detail in () if is_told else error.details[:_DETAILS_SHOWN]:
        print(f"  {detail}", file=sys.stderr)
    hidden = len(error.details) - _DETAILS_SHOWN
    if hidden > 0:
        print(f"  {say('cli.and_more', n=hidden)}", file=sys.stderr)
    if "--json" in arguments:
        facts: dict[str, object] = {"what": error.what, "where": error.where, "fix": error.fix}
        facts |= {"details": error.details, "exit_code": error.exit_code}
        print(json.dumps({"error": facts}, ensure_ascii=False))
    return error.exit_code


if __name__ == "__main__":
    main()
