"""What a search varies: fields of the recipe, each with its range or its choices."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tamiz.core.errors import WrongUse
from tamiz.core.fields import FieldFacts, convert, facts_of, fault_in_words
from tamiz.core.recipe import Recipe, recipe_fields
from tamiz.core.recipe_io import Tables, tables_from_settings
from tamiz.models.backbone import FITTED_HEADS
from tamiz.models.descriptors import CLASSIFIERS
from tamiz.models.registry import MODELS

Kind = Literal["number", "whole number", "choice"]
AUGMENT: Final = "train.augment"
PLANNED: Final = "planned"
_MODEL: Final = "model.options."
_LOG_FROM: Final = 50.0  # ranges that span more than this factor are walked in factors
_UNIT_S: Final = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "min": 60.0, "s": 1.0}
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(min|[dhms])")
# Fields of the section `train` that say where or how long, not how; or that trials must share.
_FIXED: Final = frozenset((
    "seed", "device", "threads", "checkpoint_s", "max_minutes", "watch", "teacher",
    "teacher_options", "monitor", "patience", "stages", "shards", "replay",
))  # fmt: skip
USUAL: Final = (
    "train.learning_rate", "train.weight_decay", "train.batch_size", "train.label_smoothing",
    "train.optimiser", "train.schedule", AUGMENT,
)  # fmt: skip
_USUAL_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "train.schedule": ("one-cycle", "cosine", "linear"),
    "train.optimiser": ("adamw", "sgd"),
}
_USUAL_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "train.weight_decay": (1e-4, 0.5),
    "train.label_smoothing": (0.0, 0.2),
    "train.warmup_fraction": (0.0, 0.5),
    "train.ema_decay": (0.9, 0.9999),
    "train.clip_norm": (0.1, 10.0),
    "train.layer_decay": (0.5, 1.0),
    "model.options.dropout": (0.0, 0.5),
}
# Of what is fitted at once, without steps, nothing else changes how it learns.
_OF_AT_ONCE: Final[Mapping[str, tuple[str, ...]]] = {
    "model.options.classifier": CLASSIFIERS,
    "model.options.head": FITTED_HEADS,
    "model.options.select": ("0", "100", "400"),
    "model.options.project": ("0", "32", "128"),
    "train.balance": ("none", "weights"),
}
_BATCHES: Final = (16, 32, 64, 128, 256, 512)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One field that a search varies.

    Attributes:
        path: its dotted name in the recipe.
        kind: 'number', 'whole number' or 'choice'.
        low: of a number, smallest value tried.
        high: largest value tried.
        is_log: whether equal factors count as equally far apart.
        choices: of a choice, the values tried, as text.
    """

    path: str
    kind: Kind
    low: float = 0.0
    high: float = 0.0
    is_log: bool = False
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as `--field` takes it."""
        if self.kind == "choice":
            return f"{self.path}={','.join(self.choices)}"
        show = (lambda x: f"{x:.0f}") if self.kind == "whole number" else repr
        return f"{self.path}={show(self.low)}..{show(self.high)}"

    @property
    def n_values(self) -> float:
        """Return how many values there are; infinite for a number."""
        if self.kind == "number":
            return math.inf
        return len(self.choices) if self.kind == "choice" else self.high - self.low + 1


def parse_budget(words: str) -> float:
    """Return seconds from '2h', '30m', '1h30m', '90s' or '1.5h'.

    Raises:
        WrongUse: it is no span of time above 0.
    """
    plain = words.strip().lower()
    parts = _SPAN.findall(plain)
    is_whole = re.fullmatch(rf"(?:{_SPAN.pattern}\s*)+", plain) is not None
    seconds = sum(float(number) * _UNIT_S[unit] for number, unit in parts)
    if not is_whole or not 0 < seconds < math.inf:
        raise WrongUse.of("search.bad_budget", where=f"--budget {words}")
    return seconds


def parse_dimension(words: str, recipe: Recipe) -> Dimension:
    """Return the dimension that `--field` names: 'train.learning_rate=1e-4..1e-2' or 'f=a,b'.

    Raises:
        WrongUse: there is no such field, it cannot be searched over, or a value is wrong.
    """
    path, equals, values = words.partition("=")
    facts = _searchable(path.strip(), recipe)
    where = f"--field {words}"
    if not equals or not values.strip():
        raise WrongUse.of("search.bad_field", where=where)
    start, dots, end = values.strip().partition("..")
    if dots and facts.type_name in {"number", "whole number"}:
        low, high = (_checked(facts, word, where) for word in (start, end))
        return _range(facts, float(low), float(high), where)
    names = [part.strip() for part in values.split(",")]
    if facts.path == AUGMENT:
        made = tuple(names)
        for name in made:
            policy(name, recipe)
    else:
        made = tuple(_as_text(_checked(facts, name, where)) for name in names)
    if len(set(made)) < len(made) or len(made) < 2:
        raise WrongUse.of("search.few_choices", where=where)
    return Dimension(facts.path, "choice", choices=made)


def usual_dimension(path: str, recipe: Recipe, n_train: int) -> Dimension:
    """Return a field with a sensible range around what the recipe says.

    Raises:
        WrongUse: there is no such field, it cannot be searched over, or it has no usual range.
    """
    facts = _searchable(path, recipe)
    if path == "train.learning_rate":
        centre = recipe.train.learning_rate
        low, high = max(centre / 10, facts.low or 0.0), min(centre * 10, facts.high or math.inf)
        return Dimension(path, "number", low, high, is_log=True)
    if path == "train.batch_size":
        sizes = [str(size) for size in _BATCHES if size <= max(32, n_train // 8)]
        return Dimension(path, "choice", choices=tuple(sizes))
    if path == AUGMENT:
        return Dimension(path, "choice", choices=_usual_policies(recipe))
    known = {**_USUAL_CHOICES, **(_OF_AT_ONCE if is_fitted_at_once(recipe) else {})}
    if path in known or facts.choices:
        names = known.get(path, facts.choices)
        now = _as_text(_value_of(path, recipe))
        return Dimension(path, "choice", choices=tuple(dict.fromkeys((*names, now))))
    if facts.type_name == "yes/no":
        return Dimension(path, "choice", choices=("false", "true"))
    return _from_limits(facts)


def usual_dimensions(recipe: Recipe, n_train: int) -> list[Dimension]:
    """Return what is searched over when the user names nothing."""
    if is_fitted_at_once(recipe):
        first = "head" if "head" in recipe.model.options else "classifier"
        # with another head, options of the one at hand would be wrong
        more = () if first == "head" else (f"{_MODEL}select", f"{_MODEL}project")
        names = [f"{_MODEL}{first}", *more, "train.balance"]
        return [usual_dimension(name, recipe, n_train) for name in names]
    names = [*USUAL]
    options = MODELS.get(recipe.model.name).options
    names += [f"{_MODEL}{one.name}" for one in facts_of("model.options", options)
              if f"{_MODEL}{one.name}" in _USUAL_RANGES]  # fmt: skip
    made = [usual_dimension(name, recipe, n_train) for name in names]
    return [one for one in made if one.n_values > 1]


def dimensions(
    fields: Sequence[str], ranges: Sequence[str], recipe: Recipe, n_train: int
) -> list[Dimension]:
    """Return the space: fields by name with their usual ranges, and fields with given ranges.

    With neither, the usual fields. A given range wins over a usual one.

    Raises:
        WrongUse: see `parse_dimension` and `usual_dimension`.
    """
    given = {one.path: one for one in (parse_dimension(words, recipe) for words in ranges)}
    if fields:
        named = [usual_dimension(path, recipe, n_train) for path in fields if path not in given]
    else:
        named = [] if given else usual_dimensions(recipe, n_train)
    return sorted([*named, *given.values()], key=lambda one: one.path)


def settings_of(values: Mapping[str, Any], recipe: Recipe) -> Tables:
    """Return the recipe's sections for one point of the space (path -> number or text)."""
    made: dict[str, object] = {}
    for path, value in values.items():
        if path == AUGMENT:
            made[path] = policy(value, recipe)
        else:
            made[path] = convert(value, _searchable(path, recipe))
    return tables_from_settings(made)


def policy(name: str, recipe: Recipe) -> list[dict[str, object]]:
    """Return the augmentations that a choice names: 'none', 'planned', 'planned+erase', 'flip'.

    Raises:
        WrongUse: one of them does not exist.
    """
    made: list[dict[str, object]] = []
    for part in name.split("+"):
        if part == PLANNED:
            made += recipe.train.augment
        elif part != "none":
            made.append({"name": part})
    if any(part not in {PLANNED, "none"} for part in name.split("+")):
        from tamiz.engine.augment.pipeline import Pipeline

        Pipeline(made)
    return made


def is_fitted_at_once(recipe: Recipe) -> bool:
    """Return whether there are no steps: of the model, or of its head, all is fitted at once."""
    is_whole = MODELS.get(recipe.model.name).learns == "at once"
    return is_whole or recipe.model.options.get("head") in FITTED_HEADS


def point_of(recipe: Recipe, space: Sequence[Dimension]) -> dict[str, Any] | None:
    """Return the recipe's own values in the space; None when they lie outside of it."""
    made: dict[str, Any] = {}
    for one in space:
        value = PLANNED if one.path == AUGMENT else _value_of(one.path, recipe)
        if one.kind == "choice":
            value = _as_text(value)
            if value not in one.choices:
                return None
        elif not isinstance(value, (int, float)) or not one.low <= value <= one.high:
            return None
        made[one.path] = value
    return made


def _usual_policies(recipe: Recipe) -> tuple[str, ...]:
    """Return policies that change no class: none, the planned one, the planned one and erasing."""
    has_erase = any(table.get("name") == "erase" for table in recipe.train.augment)
    more = () if has_erase else (f"{PLANNED}+erase",)
    return ("none", PLANNED, *more) if recipe.train.augment else (PLANNED, *more)


def _searchable(path: str, recipe: Recipe) -> FieldFacts:
    if path.startswith(_MODEL):
        options = MODELS.get(recipe.model.name).options
        known = {f"{_MODEL}{one.name}": one for one in facts_of("model.options", options)}
    else:
        known = {one.path: one for one in recipe_fields() if one.section == "train"}
        if is_fitted_at_once(recipe):
            known = {path: one for path, one in known.items() if path in _OF_AT_ONCE}
    facts = known.get(path)
    is_fixed = path.removeprefix("train.") in _FIXED
    is_table = facts is not None and path != AUGMENT and "table" in facts.type_name
    if facts is None or is_fixed or is_table:
        names = [name for name in known if name.removeprefix("train.") not in _FIXED]
        raise WrongUse.of("search.not_searchable", where=path, names=", ".join(names))
    return facts


def _value_of(path: str, recipe: Recipe) -> Any:
    if path.startswith(_MODEL):
        name = path.removeprefix(_MODEL)
        options = MODELS.get(recipe.model.name).options
        defaults = {one.name: one.default for one in facts_of("model.options", options)}
        return recipe.model.options.get(name, defaults[name])
    return getattr(recipe.train, path.removeprefix("train."))


def _from_limits(facts: FieldFacts) -> Dimension:
    low, high = _USUAL_RANGES.get(facts.path, (facts.low, facts.high))
    if facts.type_name not in {"number", "whole number"} or low is None or high is None:
        raise WrongUse.of("search.no_usual_range", where=facts.path, path=facts.path)
    return _range(facts, low, high, facts.path)


def _range(facts: FieldFacts, low: float, high: float, where: str) -> Dimension:
    if not low < high:
        raise WrongUse.of("search.empty_range", where=where, low=low, high=high)
    kind: Kind = "whole number" if facts.type_name == "whole number" else "number"
    is_log = low > 0 and high / low >= _LOG_FROM
    return Dimension(facts.path, kind, low, high, is_log)


def _checked(facts: FieldFacts, word: str, where: str) -> Any:
    try:
        return convert(word.strip(), facts)
    except ValueError as error:
        reason = fault_in_words(facts, word, str(error))
        raise WrongUse.of("search.bad_value", where=where, reason=reason) from error


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
