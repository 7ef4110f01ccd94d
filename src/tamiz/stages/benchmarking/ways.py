"""The ways and the data sets of a benchmark: words become recipes, paths become names of folders.

A way says how images are prepared, which network there is and how it learns; all else (images,
split, evaluation) is common to the ways of a data set, or their figures could not be compared.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.core.recipe_io import Tables, load_tables
from tamiz.descriptors.described import PRESETS
from tamiz.inputs.run_folders import refuse_run
from tamiz.models.backbone import HEADS
from tamiz.models.descriptors import CLASSIFIERS, NAME
from tamiz.models.registry import MODELS

# Workflow C's network as its author trained it, as in recipes/workflow-c.toml.
WORKFLOW_C: Final[Tables] = {
    "model": {"name": "cnn"},
    "train": {"epochs": 10, "batch_size": 32, "optimiser": "adam"},
}
# Workflow C's comparison, less the pretrained network, whose weights are not everywhere.
USUAL_WAYS: Final = (NAME, f"{NAME}:svm", "cnn", "small")
_OF_WAYS: Final = ("prepare", "model", "train")
_FROZEN: Final = "frozen"
_RECIPE: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making a model.

    Attributes:
        word: as it was named; of a recipe its folder.
        folder: the name of its runs' folders.
        tables: sections of the recipe that it sets.
        left_out: sections of its recipe file that are common to all ways, and not taken from it.
    """

    word: str
    folder: str
    tables: Tables
    left_out: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        """Return the name of its network; '' where the plan chooses one."""
        return str(self.tables.get("model", {}).get("name", ""))


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set.

    Attributes:
        name: of its folder, and in the report.
        path: its absolute place.
        tables: sections of the recipe that are its own.
        left_out: sections of its recipe file that ways say.
    """

    name: str
    path: str
    tables: Tables
    left_out: tuple[str, ...] = ()


def ways_of(words: Sequence[str], weights: str | None) -> list[Way]:
    """Return the ways that these words name.

    Args:
        words: see the page of `tamiz benchmark`.
        weights: where pretrained networks start; None: the library's own weights.

    Raises:
        WrongUse: a word names nothing, or two of them the same.
    """
    if weights not in {None, "none", "auto"}:
        weights = _absolute(str(weights))
    made: list[Way] = []
    for word in words or USUAL_WAYS:
        tables, left_out = _tables_of(word, weights)
        same = next((one for one in made if one.tables == tables), None)
        if same is not None:
            raise WrongUse.of("benchmark.same_way", where=_place(word), other=same.word)
        is_recipe = word.endswith(_RECIPE)
        folder = distinct(Path(word).stem if is_recipe else word, {one.folder for one in made})
        made.append(Way(folder if is_recipe else word, folder, tables, left_out))
    return made


def data_sets_of(
    sources: Sequence[Path | str],
    recipes: Mapping[str, Path],
    known: Mapping[str, str],
) -> list[DataSet]:
    """Return the data sets, each with a name of its own.

    Args:
        sources: where they lie.
        recipes: of some of them, by path or name, a recipe file that says how they are read.
        known: names of earlier commands, by path; they stay.

    Raises:
        WrongUse: there is none, one is not there or named twice, or a recipe is for none of them.
    """
    if not sources:
        raise WrongUse.of("benchmark.no_source")
    paths: dict[str, str] = {}
    for source in map(str, sources):
        path = _absolute(source)
        if not Path(path).exists():
            raise WrongUse.of("errors.not_found", where=source)
        refuse_run(Path(path))
        if path in paths:
            raise WrongUse.of("benchmark.same_source", where=source)
        paths[path] = source
    names = _names_of(list(paths), known)
    left = dict(recipes)
    made = []
    for path, source in paths.items():
        asked = [left.pop(key) for key in (source, path, names[path]) if key in left]
        tables = load_tables(asked[0]) if asked else {}
        kept = {section: one for section, one in tables.items() if section not in _ABOUT_MODELS}
        out = tuple(section for section in tables if section in _ABOUT_MODELS)
        made.append(DataSet(names[path], path, kept, out))
    if left:
        choices = ", ".join(names.values())
        raise WrongUse.of("benchmark.for_none", where=f"--for {next(iter(left))}", choices=choices)
    return made


_ABOUT_MODELS: Final = ("model", "train")


def distinct(word: str, taken: Collection[str]) -> str:
    """Return `word` as the name of a folder that is not among `taken`."""
    plain = re.sub(r"[^\w.+-]+", "-", word).strip("-.") or "data"
    number, made = 2, plain
    while made in taken:
        made = f"{plain}-{number}"
        number += 1
    return made


def _names_of(paths: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each path: its last part, with those above it where others have it too."""
    made = {path: known[path] for path in paths if path in known}
    new = [path for path in paths if path not in known]
    plain = {path: _parts_of(path)[-1] for path in new}
    for path in new:
        parts = _parts_of(path)
        taken = {*known.values(), *(plain[other] for other in new if other != path)}
        whole = ("-".join(parts[-n:]) for n in range(1, len(parts) + 1))
        free = next((name for name in whole if name not in taken), parts[-1])
        made[path] = distinct(free, {*known.values(), *made.values()})
    return made


def _parts_of(path: str) -> tuple[str, ...]:
    """Return the parts of a path, the last without the ending of a file."""
    place = Path(path)
    last = place.name.removesuffix(place.suffix) if place.is_file() else place.name
    return (*place.parts[1:-1], last.removesuffix(".tar") or "data")


def _tables_of(word: str, weights: str | None) -> tuple[Tables, tuple[str, ...]]:
    """Return the sections that a word sets, and those that its recipe file sets in vain."""
    head, _, rest = word.partition(":")
    if word.endswith(_RECIPE):
        tables = load_tables(Path(word))
        kept = {section: one for section, one in tables.items() if section in _OF_WAYS}
        return kept, tuple(section for section in tables if section not in _OF_WAYS)
    if head == NAME:
        return _described(word, rest), ()
    if head == _FROZEN:
        return _frozen(word, rest, weights), ()
    if word == WORKFLOW_C["model"]["name"]:
        return {section: dict(values) for section, values in WORKFLOW_C.items()}, ()
    return _network(word, word, weights), ()


def _described(word: str, rest: str) -> Tables:
    """Return 'descriptors', with a preset or a classifier or both after colons."""
    options: dict[str, Any] = {"classifier": CLASSIFIERS[0]}
    for part in filter(None, rest.split(":")):
        if part in CLASSIFIERS:
            options["classifier"] = part
        elif part in PRESETS:
            options["describe"] = part
        else:
            raise _unknown(word, [f"{NAME}:{one}" for one in (*CLASSIFIERS, *PRESETS)])
    return {"model": {"name": NAME, "options": options}}


def _frozen(word: str, rest: str, weights: str | None) -> Tables:
    """Return a pretrained network of which the head alone learns: 'frozen:NAME' or with ':HEAD'."""
    name, _, head = rest.rpartition(":")
    if not name or head not in HEADS:
        name, head = rest, ""
    if weights == "none":
        raise WrongUse.of("benchmark.frozen_at_random", where=_place(word))
    tables = _network(name, word, weights)
    if MODELS.get(name).preferred is None:
        raise WrongUse.of("benchmark.nothing_to_freeze", where=_place(word), name=name)
    options = {"options": {"head": head}} if head else {}
    return {"model": {**tables["model"], **options}, "train": {"stages": ["head"]}}


def _network(name: str, word: str, weights: str | None) -> Tables:
    try:
        is_pretrained = MODELS.get(name).preferred is not None
    except WrongUse as error:
        raise _unknown(word, [*USUAL_WAYS, *MODELS.names()]) from error
    start = {"weights": weights} if weights is not None and is_pretrained else {}
    return {"model": {"name": name, **start}}


def _unknown(word: str, words: Sequence[str]) -> WrongUse:
    near = difflib.get_close_matches(word, words, n=1)
    suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
    return WrongUse.of(
        "benchmark.unknown_way",
        where=_place(word),
        name=word,
        suggestion=suggestion,
        classifiers=", ".join(CLASSIFIERS),
        presets=", ".join(PRESETS),
        models=", ".join(name for name in MODELS.names() if name != NAME),
    )


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111 - links stay as named


def _place(word: str) -> str:
    return f"--ways {word}"
