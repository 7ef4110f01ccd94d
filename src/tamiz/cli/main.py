"""The command line: finds the command, runs it, and turns every error into one clear line."""

from __future__ import annotations

import difflib
import importlib
import json
import sys
from typing import Final

import click

from tamiz.cli.click_words import Choice, Group
from tamiz.cli.failing import crash, told_as
from tamiz.core.errors import EXIT_DONE, TamizError, WrongUse
from tamiz.core.language import LANGUAGES, language_from_environment, say, set_language
from tamiz.core.threads import spin_briefly

COMMANDS: Final = (
    "pacs",
    "convert",
    "prepare",
    "tiles",
    "run",
    "index",
    "check",
    "explore",
    "describe",
    "clean",
    "audit",
    "split",
    "plan",
    "augment",
    "ablate-augmentation",
    "lr-range",
    "train",
    "search",
    "distil",
    "evaluate",
    "report",
    "compare",
    "sanity",
    "predict",
    "explain",
    "lab",
    "demo",
    "list",
    "doctor",
)
_DETAILS_SHOWN = 20


class _Commands(Group):
    """Commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
            raise WrongUse.of(
                "errors.unknown_name",
                kind=say("errors.kind_commands"),
                name=cmd_name,
                suggestion=say("errors.did_you_mean", name=near[0]) if near else "",
                choices=", ".join(COMMANDS),
            )
        return command_named(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        rows = [(name, say(f"cli.help_{module_of(name)}")) for name in COMMANDS]
        with formatter.section(say("cli.commands")):
            formatter.write_dl(rows)


def command_named(word: str) -> click.Command:
    """Return the command `word`; its module is imported now."""
    command: click.Command = importlib.import_module(f"tamiz.cli.{module_of(word)}").command
    return command


def module_of(word: str) -> str:
    """Return the name of a command's module: 'lr-range' is `lr_range`."""
    return word.replace("-", "_")


def _make_group() -> click.Group:
    group = _Commands(
        "tamiz",
        help=say("cli.help_tamiz"),
        epilog=say("cli.epilog"),
        invoke_without_command=True,
        no_args_is_help=True,
        options_metavar=say("cli.metavar_options"),
        subcommand_metavar=say("cli.metavar_command"),
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
    sys.exit(_run(arguments))


def _language_of(arguments: list[str]) -> str:
    """Return what --lang says anywhere on the line, or what the environment says."""
    for position, word in enumerate(arguments):
        value = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        if value in LANGUAGES:
            return value
    return language_from_environment()


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
