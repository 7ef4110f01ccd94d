"""Click's own words in the reader's language: usage, headings, option types and their faults."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from tamiz.core.errors import WrongUse
from tamiz.core.language import say

_HEADINGS: Final = {"Options": "cli.options", "Positional arguments": "cli.arguments"}
# What click calls the value of an option of each type, where the option itself says nothing.
_METAVARS: Final = {
    "text": "cli.metavar_text",
    "integer": "cli.metavar_whole_number",
    "integer range": "cli.metavar_whole_number",
    "float": "cli.metavar_number",
    "float range": "cli.metavar_number",
    "path": "cli.metavar_path",
    "file": "cli.metavar_path",
    "directory": "cli.metavar_path",
}


class _Formatter(click.HelpFormatter):
    """Writes 'Usage:' and the headings as the catalogue has them."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{say('cli.usage')} " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(say(_HEADINGS[heading]) if heading in _HEADINGS else heading)


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help and faults are told in the reader's language."""

    context_class = _Context
    allow_extra_args = True  # told below, in words of our own

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", say("cli.metavar_options"))
        super().__init__(*arguments, **settings)
        for one in self.params:
            key = _METAVARS.get(one.type.name)
            if key and one.metavar is None and isinstance(one, click.Option) and not one.is_flag:
                one.metavar = say(key)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help."""
        return in_words(super().get_help_option(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each with its default and its limits."""
        _write_options(self.get_params(ctx), ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of a command line; refuse those that are too many."""
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click forgets whose option has no value, or one too many
            raise
        if ctx.args and not ctx.resilient_parsing:
            raise click.UsageError(say("cli.extra_arguments", names=" ".join(ctx.args)), ctx)
        return rest


class Group(click.Group):
    """A group of commands, told in the reader's language.

    Args:
        name: of the group.
        helps: the key of each command's help in the catalogue, in the order in which they are told.
        load: returns the command of a name, which may be imported only then; None: those that
            were added.
        sections: headings and the commands under each; None: all under one.
        **settings: click's own.
    """

    context_class = _Context

    def __init__(
        self,
        name: str,
        helps: Mapping[str, str],
        load: Callable[[str], click.Command] | None = None,
        sections: Mapping[str, Sequence[str]] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(
            name,
            no_args_is_help=True,
            options_metavar=say("cli.metavar_options"),
            subcommand_metavar=say("cli.metavar_command"),
            **settings,
        )
        self._helps = helps
        self._load = load or self.commands.__getitem__
        self._sections = sections or {say("cli.commands"): tuple(helps)}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(self._helps)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        """Return the command called `cmd_name`.

        Raises:
            WrongUse: there is none; the text offers the nearest name and lists all.
        """
        if cmd_name not in self._helps:
            near = difflib.get_close_matches(cmd_name, self._helps, n=1)
            raise WrongUse.of(
                "errors.unknown_name",
                kind=say("errors.kind_commands"),
                name=cmd_name,
                suggestion=say("errors.did_you_mean", name=near[0]) if near else "",
                choices=", ".join(self._helps),
            )
        return self._load(cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the group's own options and its commands."""
        _write_options(self.get_params(ctx), ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the names of the commands and what each is for."""
        width = max(map(len, self._helps))
        for heading, names in self._sections.items():
            with formatter.section(heading):
                rows = [(name.ljust(width), say(self._helps[name])) for name in names]
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help."""
        return in_words(super().get_help_option(ctx))


def _write_options(
    params: Sequence[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write what click's own `format_options` writes; click has these words in English only."""
    records = [
        (named[0], _help_of(one, ctx))
        for one in params
        if isinstance(one, click.Option) and (named := one.get_help_record(ctx)) is not None
    ]
    if records:
        with formatter.section(say("cli.options")):
            formatter.write_dl(records)


def _help_of(option: click.Option, ctx: click.Context) -> str:
    """Return an option's help with, in brackets, its variables, default, limits and need."""
    extra = option.get_help_extra(ctx)
    words = []
    if "envvars" in extra:
        words.append(say("cli.extra_variable", names=", ".join(extra["envvars"])))
    if "default" in extra:
        words.append(say("cli.extra_default", value=extra["default"]))
    if "range" in extra:
        words.append(extra["range"])
    if "required" in extra:
        words.append(say("cli.extra_required"))
    told = f"[{'; '.join(words)}]" if words else ""
    return "  ".join(part for part in (option.help or "", told) if part)


def in_words(option: click.Option | None) -> click.Option | None:
    """Return click's --help, its text from the catalogue."""
    if option:
        option.help = say("cli.help_help")
    return option


class Choice(click.Choice[str]):
    """One of some words."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return what is wrong with `value`."""
        words = [str(one) for one in self.choices]
        near = difflib.get_close_matches(str(value), words, n=1)
        hint = say("errors.did_you_mean", name=near[0]) if near else ""
        return say("cli.not_a_choice", value=value, choices=", ".join(words)) + hint


class WholeNumber(click.types.IntParamType):
    """A whole number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return `value` as a whole number."""
        try:
            return int(value)
        except ValueError:
            self.fail(say("cli.not_a_whole_number", value=value), param, ctx)


class Number(click.types.FloatParamType):
    """A number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return `value` as a number."""
        try:
            return float(value)
        except ValueError:
            self.fail(say("cli.not_a_number", value=value), param, ctx)


def words_of(error: click.ClickException) -> str:
    """Return what is wrong with a command line."""
    match error:
        case click.NoSuchOption():
            near = error.possibilities or []
            hint = say("errors.did_you_mean", name=near[0]) if near else ""
            return say("cli.no_such_option", name=error.option_name, suggestion=hint)
        case click.MissingParameter() if error.param:
            return say("cli.missing_argument", name=error.param.get_error_hint(error.ctx))
        case click.BadParameter() if error.param:
            name = error.param.get_error_hint(error.ctx)
            is_closed = isinstance(error.param.type, click.Path)  # of paths we ask nothing else
            reason = say("cli.path_closed") if is_closed else error.message
            return say("cli.bad_value", name=name, reason=reason)
        case click.BadOptionUsage():
            key = "cli.takes_no_value" if _is_flag(error) else "cli.needs_value"
            return say(key, name=error.option_name)
    return error.format_message()


def _is_flag(error: click.BadOptionUsage) -> bool:
    options = error.ctx.command.get_params(error.ctx) if error.ctx else []
    return any(
        error.option_name in one.opts and isinstance(one, click.Option) and one.is_flag
        for one in options
    )
