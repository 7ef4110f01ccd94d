"""Recipe fields: default, type, limits and help, written once and read by every face."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from tamiz.core.errors import WrongUse
from tamiz.core.language import Text, say

T = TypeVar("T")


def option(
    default: T,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    is_first_page: bool = False,
) -> T:
    """Return a recipe field.

    Args:
        default: its value when nobody says otherwise; a list or dict is copied for each recipe.
        low: smallest value allowed, None for no limit.
        high: largest value allowed.
        choices: the only words allowed.
        is_first_page: whether it belongs to the dozen that a newcomer is shown.
    """
    metadata = {"low": low, "high": high, "choices": choices, "is_first_page": is_first_page}
    if isinstance(default, (list, dict)):
        return cast("T", field(default_factory=default.copy, metadata=metadata))
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What a face needs to know about one recipe field."""

    section: str
    name: str
    type_name: str
    default: object
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    is_first_page: bool

    @property
    def path(self) -> str:
        """Return 'section.name', as `--set` takes it."""
        return f"{self.section}.{self.name}"

    @property
    def help(self) -> Text:
        """Return the one-line help."""
        return Text(f"recipe.{self.section}_{self.name}")


def facts_of(section: str, options: type) -> Iterator[FieldFacts]:
    """Yield the facts of every field of an options dataclass."""
    hints = get_type_hints(options)
    for one in fields(options):
        yield FieldFacts(
            section=section,
            name=one.name,
            type_name=type_name(hints[one.name]),
            default=_default_of(one),
            low=one.metadata.get("low"),
            high=one.metadata.get("high"),
            choices=one.metadata.get("choices", ()),
            is_first_page=one.metadata.get("is_first_page", False),
        )


def type_name(hint: Any) -> str:
    """Return 'text', 'whole number', 'number', 'yes/no', 'table', 'list of tables' or 'list'."""
    plain = {str: "text", int: "whole number", float: "number", bool: "yes/no", dict: "table"}
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(part for part in get_args(hint) if part is not type(None))
    origin = get_origin(hint) or hint
    if origin is list:
        inner = get_args(hint)
        return "list of tables" if inner and (get_origin(inner[0]) or inner[0]) is dict else "list"
    return plain[origin]


def convert(value: object, facts: FieldFacts) -> object:
    """Return `value` as the field's type, or raise ValueError with the reason in few words.

    Text from a command line ('20', 'true', 'none') is understood; a number where text belongs
    stays a fault, because ids and labels are text.

    Raises:
        ValueError: 'type', 'value', 'low', 'high' or 'choices'.
        WrongUse: the number is infinite or none at all (nan).
    """
    is_word = isinstance(value, str) and value.lower() == "none"
    if value is None or (is_word and (facts.default is None or facts.type_name != "text")):
        if facts.default is None:
            return None
        raise ValueError("value")
    made = _converters[facts.type_name](value)
    if isinstance(made, float) and not math.isfinite(made):
        raise WrongUse.of("errors.not_finite", where=f"{facts.path} = {value}")
    if isinstance(made, (int, float)) and not isinstance(made, bool):
        if facts.low is not None and not made >= facts.low:
            raise ValueError("low")
        if facts.high is not None and not made <= facts.high:
            raise ValueError("high")
    if facts.choices and made not in facts.choices:
        raise ValueError("choices")
    return made


def fault_in_words(one: FieldFacts, value: object, reason: str) -> str:
    """Return what is wrong with a value, for the `reason` that `convert` raised."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    wanted = {
        "low": say("recipe.too_low", low=one.low),
        "high": say("recipe.too_high", high=one.high),
        "choices": say("recipe.not_a_choice", choices=", ".join(one.choices)),
    }.get(reason)
    if wanted is None:
        word = one.type_name.replace(" ", "_").replace("/", "_")
        wanted = say("recipe.wrong_type", type=say(f"recipe.type_{word}"))
    return f"{one.path} = {shown}: {wanted}"


def _default_of(one: Field[Any]) -> object:
    return one.default_factory() if callable(one.default_factory) else one.default


def _to_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("type")
    return value


def _to_int(value: object) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("type")
    try:
        return int(value)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError):
        raise ValueError("type") from None


def _to_float(value: object) -> float:
    if isinstance(value, bool):
        raise ValueError("type")
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError("type") from None


def _to_bool(value: object) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("type")


def _to_table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("type")
    return value


def _to_list(value: object) -> list[object]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise ValueError("type")
    return value


def _to_tables(value: object) -> list[object]:
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise ValueError("type")
    return value


_converters = {
    "text": _to_text,
    "whole number": _to_int,
    "number": _to_float,
    "yes/no": _to_bool,
    "table": _to_table,
    "list": _to_list,
    "list of tables": _to_tables,
}
