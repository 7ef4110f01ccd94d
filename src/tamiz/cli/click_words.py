"""Click's own words in the reader's language: usage, headings, option types and their faults."""

from __future__ import annotations

from typing import Any, Final

import click

from tamiz.core.language import say

_HEADINGS: Final = {"Options": "cli.options", "Positional arguments": "cli.arguments"}


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

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help."""
        return in_words(super().get_help_option(ctx))

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
    """A group of commands whose help is told in the reader's language."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help."""
        return in_words(super().get_help_option(ctx))


def in_words(option: click.Option | None) -> click.Option | None:
    """Return click's --help, its text from the catalogue."""
    if option:
        option.help = say("cli.help_help")
    return option


class Choice(click.Choice[str]):
    """One of some words."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return what is wrong with `value`."""
        return say("cli.not_a_choice", value=value, choices=", ".join(map(str, self.choices)))


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
            return say("cli.bad_value", name=name, reason=error.message)
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
