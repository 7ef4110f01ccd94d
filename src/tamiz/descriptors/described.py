"""Descriptors with their options and the size that images are brought to: one recipe of numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.fields import FieldFacts, convert, facts_of, fault_in_words
from tamiz.descriptors.limits import check_n_columns
from tamiz.descriptors.planes import check_tiles, resized
from tamiz.descriptors.registry import DESCRIPTORS, Descriptor
from tamiz.descriptors.tiles import columns_of, described_values

Options = Mapping[str, Any]
_SIDES: Final = ("width_px", "height_px")  # of descriptors that need one size, such as HOG
PRESETS: Final[Mapping[str, Sequence[int]]] = {
    "workflow-c": (0,),
    "workflow-c-all-angles": (0, 45, 90, 135),
}
"""Recipes with a name, and the angles of their co-occurrences; see `preset`."""
LARGEST_PX: Final = 4096
_WHOLE_NUMBERS: Final = frozenset({"distances", "angles", "radii", "slopes"})


@dataclass(frozen=True, slots=True)
class Described:
    """What is measured on each image, and at which size.

    A descriptor's name may be written with hyphens, and options that are left out get their
    defaults: afterwards `descriptors` holds every option, so what was stored keeps its meaning. A
    descriptor that needs one size of its own (HOG) takes `size_px` where its options name none.

    Attributes:
        descriptors: names and options; one may come twice where its columns differ.
        size_px: (width, height) that every image is brought to (stretched, bilinear with
            antialiasing); None leaves each as it is.

    Raises:
        WrongUse: a name or an option is unknown or outside its limits, two descriptors give the
            same column, there is none, or the size is not from 1 to 4096 px a side.
    """

    descriptors: tuple[tuple[str, Options], ...]
    size_px: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.size_px is not None:
            size = tuple(self.size_px)
            if len(size) != 2 or not all(_is_side(one) for one in size):
                raise WrongUse.of("descriptors.bad_size", where="size_px", high=LARGEST_PX)
            object.__setattr__(self, "size_px", size)
        if not self.descriptors:
            raise WrongUse.of("descriptors.none", choices=", ".join(DESCRIPTORS.names()))
        made = [_completed(name, dict(given), self.size_px) for name, given in self.descriptors]
        object.__setattr__(self, "descriptors", tuple(made))
        check_n_columns("descriptors", len(self.columns()))

    @classmethod
    def from_words(cls, words: str, size_px: tuple[int, int] | None = None) -> Self:
        """Return what 'colour-histogram:space=hsv:bins=8,glcm:distances=1+3,hog' asks for.

        Commas lie between descriptors, colons before options, plus signs within lists.

        Raises:
            WrongUse: as for the class, or an option has no '='.
        """
        return cls(tuple(_named_in(words)), size_px)

    def columns(self) -> tuple[str, ...]:
        """Return the names of the k numbers, all different."""
        return columns_of(self.made())

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, k), finite, in the order of `columns`; a row depends on its image only.

        Args:
            images: (n, height, width, 1 or 3).

        Raises:
            WrongData: these are no such images, or not 8-bit.
        """
        check_tiles(images)
        if self.size_px is not None:
            images = resized(images, self.size_px)
        return described_values(images, self.made())

    def made(self) -> list[Descriptor]:
        """Return the descriptors, ready to be called."""
        return [DESCRIPTORS.get(name)(**options) for name, options in self.descriptors]

    def to_table(self) -> dict[str, Any]:
        """Return it as plain values that JSON and TOML can hold."""
        made: dict[str, Any] = {
            "descriptors": [{"name": name, **options} for name, options in self.descriptors]
        }
        if self.size_px is not None:
            made["size_px"] = list(self.size_px)
        return made

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what `to_table` gave.

        Raises:
            WrongData: the table is damaged.
            WrongUse: a name or an option in it is unknown here.
        """
        try:
            size = table.get("size_px")
            found = [dict(one) for one in table["descriptors"]]
            pairs = tuple((str(one.pop("name")), one) for one in found)
            return cls(pairs, None if size is None else (int(size[0]), int(size[1])))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise WrongData.of("descriptors.damaged", reason=str(error)) from error


def check_words(words: str) -> None:
    """Raise where words name what does not exist; whether it suits a size is not asked.

    Raises:
        WrongUse: no descriptor is named, a name or an option is unknown, or a value is no value of
            its option.
    """
    named = _named_in(words)
    if not named:
        raise WrongUse.of("descriptors.none", choices=", ".join(DESCRIPTORS.names()))
    for name, given in named:
        _understood(name, given)


def preset(name: str) -> Described:
    """Return one of `PRESETS`: histograms and co-occurrences of images brought to 240 x 135.

    'workflow-c' is 16 bins of red, green and blue as densities, and the dissimilarity, homogeneity,
    energy and correlation of 256 grey levels at a distance of 5 px to the right;
    'workflow-c-all-angles' has the four properties at 0, 45, 90 and 135 degrees.

    Raises:
        WrongUse: there is none of this name.
    """
    known = name.strip().replace("_", "-")
    if known not in PRESETS:
        raise WrongUse.of("descriptors.no_preset", where=name, choices=", ".join(PRESETS))
    return _workflow_c(PRESETS[known])


def _named_in(words: str) -> list[tuple[str, Options]]:
    """Return names and options, as text, of 'glcm:distances=1+3,hog'."""
    made: list[tuple[str, Options]] = []
    for part in (part.strip() for part in words.split(",") if part.strip()):
        name, *options = (one.strip() for one in part.split(":"))
        given: dict[str, Any] = {}
        for one in options:
            option, equals, value = one.partition("=")
            if not equals or not option.strip() or not value.strip():
                raise WrongUse.of("descriptors.bad_words", where=part, option=one)
            given[option.strip().replace("-", "_")] = value.strip().replace("+", ",")
        made.append((name, given))
    return made


def _completed(name: str, given: Options, size_px: tuple[int, int] | None) -> Any:
    """Return the registered name and all options, checked."""
    known, plain = _understood(name, given)
    kind: Any = DESCRIPTORS.get(known)
    sides = {one.name for one in fields(kind)} & set(_SIDES)
    if size_px is not None and len(sides) == len(_SIDES) and not plain.keys() & sides:
        plain |= dict(zip(_SIDES, size_px, strict=True))
    made = kind(**plain)
    return known, {one.name: asdict(made)[one.name] for one in fields(made)}


def _understood(name: str, given: Options) -> tuple[str, dict[str, Any]]:
    """Return the registered name, and the given options in their types."""
    known = name.strip().replace("-", "_")
    facts = {one.name: one for one in facts_of(known, DESCRIPTORS.get(known))}
    strange = [one for one in given if one not in facts]
    if strange:
        choices = ", ".join(facts) or "-"
        raise WrongUse.of("descriptors.no_option", where=known, option=strange[0], choices=choices)
    return known, {option: _value(value, facts[option]) for option, value in given.items()}


def _value(value: object, facts: FieldFacts) -> object:
    """Return an option's value in its type; text from a command line is understood."""
    try:
        made = convert(value, facts)
    except ValueError as error:
        words = fault_in_words(facts, value, str(error) or "type")
        descriptor, _, option = facts.path.partition(".")
        usual = facts.default
        shown = "+".join(map(str, usual)) if isinstance(usual, list) else str(usual)
        example = f"{descriptor}:{option}={shown}"
        raise WrongUse.of("descriptors.wrong_option", words=words, example=example) from None
    if isinstance(made, list) and facts.name in _WHOLE_NUMBERS:
        return [_whole(one) for one in made]
    return made


def _whole(value: object) -> object:
    """Return a whole number; what is none as it is, for the descriptor to say which it takes."""
    words = str(value).strip()
    return int(words) if re.fullmatch(r"[+-]?[0-9]{1,9}", words) else value


def _is_side(value: object) -> bool:
    return isinstance(value, int) and 1 <= value <= LARGEST_PX


def _workflow_c(angles: Sequence[int]) -> Described:
    glcm = {
        "distances": [5],
        "angles": list(angles),
        "levels": 256,
        "is_averaged": False,
        "properties": ["dissimilarity", "homogeneity", "energy", "correlation"],
    }
    histogram = {"bins": 16, "space": "rgb", "is_density": True}
    return Described((("colour_histogram", histogram), ("glcm", glcm)), (240, 135))
