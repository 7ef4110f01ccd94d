"""Options that several commands share; words, limits and choices come from the recipe's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from tamiz.cli.click_words import Choice, Number, WholeNumber
from tamiz.cli.engines import engine_options
from tamiz.core.errors import WrongUse
from tamiz.core.fields import FieldFacts
from tamiz.core.language import LANGUAGES, say
from tamiz.core.recipe import recipe_fields
from tamiz.core.recipe_io import Tables, parse_setting, tables_from_settings

if TYPE_CHECKING:
    from tamiz.core.recipe import DataOptions

F = TypeVar("F", bound=Callable[..., Any])

DATA_OPTIONS: Final[Mapping[str, str]] = {
    "--kind": "data.kind",
    "--root": "data.root",
    "--path": "data.path",
    "--label": "data.label",
    "--group": "data.group",
    "--centre": "data.centre",
    "--split-column": "data.split",
    "--label-separator": "data.label_separator",
    "--label-columns": "data.label_columns",
    "--repeated": "data.repeated",
    "--label-from-name": "data.label_from_name",
    "--group-from-name": "data.group_from_name",
    "--label-table": "data.label_table",
    "--id": "data.id",
    "--id-from-name": "data.id_from_name",
    "--window": "data.window",
    "--frames": "data.frames",
    "--keep": "data.keep",
    "--key": "data.key",
    "--allow-names": "data.allow_names",
    "--encoding": "data.encoding",
    "--separator": "data.separator",
    "--missing-files": "data.missing_files",
    "--value-range": "data.value_range",
}
SPLIT_OPTIONS: Final[Mapping[str, str]] = {
    "--given-split": "split.given",
    "--test-fraction": "split.test_fraction",
    "--val-fraction": "split.val_fraction",
    "--allow-leak": "split.allow_leak",
    "--folds": "split.folds",
    "--fold-rule": "split.fold_rule",
    "--repeats": "split.repeats",
}
AUDIT_OPTIONS: Final[Mapping[str, str]] = {"--depth": "audit.depth"}
CLEAN_OPTIONS: Final[Mapping[str, str]] = {
    "--apply": "data.decisions",
    "--only": "clean.only",
    **AUDIT_OPTIONS,
}
TRAIN_OPTIONS: Final[Mapping[str, str]] = {
    "--model": "model.name",
    "--weights": "model.weights",
    "--size": "prepare.size_px",
    "--minutes": "train.minutes",
    "--epochs": "train.epochs",
    "--stages": "train.stages",
    "--balance": "train.balance",
    "--shards": "train.shards",
    "--learning-rate": "train.learning_rate",
    "--seed": "train.seed",
    "--metric": "evaluate.metric",
}
EVALUATE_OPTIONS: Final[Mapping[str, str]] = {
    "--by": "evaluate.by",
    "--positive": "evaluate.positive",
    "--decide": "evaluate.decide",
    "--abstain": "evaluate.abstain",
    "--prevalence": "evaluate.prevalence",
}
# A flag that stands for one value of a field, with the words of its help.
SHORTHANDS: Final[Mapping[str, tuple[str, str]]] = {
    "--freeze": ("train.stages", "head"),
    "--from-scratch": ("model.weights", "none"),
}
_TYPES: Final[Mapping[str, Any]] = {
    "text": click.STRING,
    "list": click.STRING,
    "whole number": WholeNumber(),
    "number": Number(),
}


def common_options(function: F) -> F:
    """Add --lang, --json, --quiet and --debug."""
    for add in (
        click.option("--debug", is_flag=True, help=say("cli.help_debug")),
        click.option("--quiet", is_flag=True, help=say("cli.help_quiet")),
        click.option("--json", "is_json", is_flag=True, help=say("cli.help_json")),
        click.option("--lang", type=Choice(LANGUAGES), help=say("cli.help_lang")),
    ):
        function = add(function)
    return function


def job_options(
    *groups: Mapping[str, str],
) -> Callable[[F], F]:
    """Add SOURCE, --out, --recipe, --set, --overwrite, --resume, engines, and `groups`' fields."""

    def decorate(function: F) -> F:
        known = {one.path: one for one in recipe_fields()}
        for group in reversed(groups):
            for flag, path in reversed(list(group.items())):
                function = _field_option(flag, known[path])(function)
                function = _shorthands_of(path, function)
        if any("--model" in group for group in groups):
            function = _options_of_model(function)
        for add in (
            click.option(
                "--relabel",
                metavar=say("cli.metavar_relabel"),
                multiple=True,
                help=say("cli.help_relabel"),
            ),
            click.option("--overwrite", is_flag=True, help=say("cli.help_overwrite")),
            click.option(
                "--set",
                "settings",
                metavar=say("cli.metavar_text"),
                multiple=True,
                help=say("cli.help_set"),
            ),
            _path_option("--recipe", "recipe_file", help_text=say("cli.help_recipe")),
            _path_option("--resume", help_text=say("cli.help_resume")),
            _path_option("--out", help_text=say("cli.help_out")),
            click.argument(
                "source",
                metavar=say("cli.metavar_source"),
                required=False,
                type=click.Path(path_type=Path),
            ),
        ):
            function = add(function)
        return common_options(engine_options(function))

    return decorate


def processes_option(function: F) -> F:
    """Add --processes."""
    return click.option(
        "--processes",
        metavar=say("cli.metavar_whole_number"),
        type=click.IntRange(min=1),
        help=say("together.help_processes"),
    )(function)


def field_options(group: Mapping[str, str]) -> Callable[[F], F]:
    """Add an option for each of these fields of the recipe."""

    def decorate(function: F) -> F:
        known = {one.path: one for one in recipe_fields()}
        for flag, path in reversed(list(group.items())):
            function = _field_option(flag, known[path])(function)
        return function

    return decorate


def relabelling(words: tuple[str, ...]) -> dict[str, str]:
    """Return {old: new} for '--relabel old=new'.

    Raises:
        WrongUse: there is no '='.
    """
    made = {}
    for word in words:
        old, equals, new = word.rpartition("=")
        if not equals or not old:
            raise WrongUse.of("cli.bad_relabel", where=f"--relabel {word}")
        made[old] = new
    return made


def tables_of(settings: tuple[str, ...], fields: Mapping[str, Any]) -> Tables:
    """Return the recipe sections that the command line asks for; --set wins over options."""
    asked = {name.replace("__", "."): value for name, value in fields.items() if value is not None}
    asked.update(parse_setting(words) for words in settings)
    return tables_from_settings(asked)


def names_in(words: str) -> tuple[str, ...]:
    """Return the names between commas."""
    return tuple(name.strip() for name in words.split(",") if name.strip())


def data_of(source: Path, values: Mapping[str, Any]) -> DataOptions:
    """Return the section `data` that a command's options ask for, among its other values."""
    from tamiz.stages.convert import data_options

    fields = {name: value for name, value in values.items() if "__" in name and value is not None}
    return data_options(source, fields)


def _path_option(*names: str, help_text: str) -> Callable[[F], F]:
    return click.option(
        *names,
        metavar=say("cli.metavar_path"),
        type=click.Path(path_type=Path),
        help=help_text,
    )


def _options_of_model(function: F) -> F:
    return click.option(
        "--options",
        "model__options",
        metavar=say("cli.metavar_text"),
        multiple=True,
        callback=_table_of_options,
        help=say("cli.help_options"),
    )(function)


def _table_of_options(
    _context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]
) -> dict[str, object] | None:
    """Return the model's options of `classifier=svm` and the like; None where there are none."""
    made: dict[str, object] = {}
    for one in words:
        if not one.partition("=")[1] or not one.partition("=")[0].strip():
            raise WrongUse.of("cli.bad_model_option", where=f"--options {one}")
        name, value = parse_setting(f"model.options.{one}")
        made[name.removeprefix("model.options.")] = value
    return made or None


def _shorthands_of(path: str, function: F) -> F:
    """Add the flags that stand for a value of the field at `path`."""
    for flag, (field, value) in SHORTHANDS.items():
        if field == path:
            name, words = path.replace(".", "__"), flag.strip("-").replace("-", "_")
            help_text = say(f"cli.help_flag_{words}")
            function = click.option(flag, name, flag_value=value, default=None, help=help_text)(
                function
            )
    return function


def _field_option(flag: str, facts: FieldFacts) -> Callable[[F], F]:
    name = facts.path.replace(".", "__")
    help_text = str(facts.help)
    if facts.type_name == "yes/no":
        return click.option(flag, name, is_flag=True, default=None, help=help_text)
    if facts.choices:
        return click.option(flag, name, type=Choice(facts.choices), default=None, help=help_text)
    metavar = say(f"cli.metavar_{facts.type_name.replace(' ', '_')}")
    kind = _TYPES[facts.type_name]
    return click.option(flag, name, metavar=metavar, type=kind, default=None, help=help_text)
