"""A teacher's past, and its answers: what a student may hear, and what it must not.

A student never sees predictions made by a teacher that learnt from the student's validation or
test images, or from others of the same groups: they would carry over what the teacher remembers.
The teacher's validation images chose its epoch, so they must not be among the student's test
images either; among the student's validation images they may be, since those choose the student's
own epoch in the same way and no reported figure rests on them alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_bytes
from tamiz.core.language import Text, say, text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.models.registry import MODELS
from tamiz.splits.audit import CONTENT_COLUMN
from tamiz.stages.predict import load_bundle
from tamiz.stages.preparing import prepare_rows

if TYPE_CHECKING:
    from tamiz.engine.feed import Rows
    from tamiz.engine.teacher_options import TeacherOptions
    from tamiz.models.bundle import Bundle

_SHOWN: Final = 5
_MOST_GENERATIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a student is given of its teacher.

    Attributes:
        scores: (rows, classes) float32 in the student's order of classes; 0 where the teacher was
            not asked (rows that are not for training).
        features: (rows, d) float32, or None when they are not compared.
        options: how they are listened to.
        identity: hash of the teacher's weights.
        trusted: what could not be checked and was declared by the user; None: all was checked.
    """

    scores: NDArray[np.float32]
    features: NDArray[np.float32] | None
    options: TeacherOptions
    identity: str
    trusted: Text | None


@dataclass(frozen=True, slots=True)
class Past:
    """What one network learnt from.

    Attributes:
        contents: hashes of the pictures it was trained on.
        groups: names of the groups (patients, slides) that it was trained on.
        chosen_contents: hashes of the pictures that chose its epoch.
        chosen_groups: names of their groups.
    """

    contents: frozenset[str]
    groups: frozenset[str]
    chosen_contents: frozenset[str]
    chosen_groups: frozenset[str]


def lessons_for(
    recipe: Recipe,
    rows: Manifest,
    classes: Sequence[str],
    cache_folder: Path,
    on_event: OnEvent = ignore,
    *,
    whole: Manifest | None = None,
) -> Lessons | None:
    """Return what `train.teacher` says about the training rows; None without a teacher.

    Args:
        recipe: of the student.
        rows: what is trained and chosen on, by their split; others are not asked about.
        classes: the student's, in the order of its scores.
        cache_folder: where the answers are kept.
        on_event: told about progress and warnings.
        whole: all rows of the student's run with their splits, the test part too; None: `rows`.

    Raises:
        WrongUse: there is no teacher, it tells other classes apart, it learnt from the student's
            validation or test part, or that cannot be known.
    """
    if recipe.train.teacher is None:
        return None
    from tamiz.engine.teacher_options import teacher_options
    from tamiz.engine.teaching import refuse_other_classes

    options = teacher_options(recipe.train.teacher_options)
    folder = at_hand(Path(recipe.train.teacher))
    bundle = load_teacher(folder)
    refuse_other_classes(bundle.classes, classes)
    if bundle.is_multilabel != rows.is_multilabel:
        raise WrongUse.of("distil.other_kind", where=folder)
    trusted = refuse_leaks(folder, bundle, rows if whole is None else whole, options)
    if trusted is not None:
        on_event(Event("train", "warning", trusted))
    at = np.flatnonzero(np.array(rows.column("split"), dtype=object) == "train")
    student = _Student(recipe, cache_folder, rows.take(at.tolist()), tuple(classes))
    found = _answers(bundle, student, on_event, with_features=options.features > 0)
    spread = {name: _spread(values, at, len(rows)) for name, values in found.items()}
    return Lessons(
        scores=spread["scores"],
        features=spread.get("features"),
        options=options,
        identity=bundle.identity(),
        trusted=trusted,
    )


def with_lessons(taught: Rows, lessons: Lessons | None) -> Rows:
    """Return the student's rows with the teacher's answers beside them."""
    if lessons is None:
        return taught
    return replace(taught, teacher=lessons.scores, teacher_features=lessons.features)


def load_teacher(folder: Path) -> Bundle:
    """Return the teacher's bundle.

    Raises:
        WrongUse: there is none, or it reads slides.
        WrongData: it is damaged.
    """
    run = teacher_run(folder)
    if not any((place / "bundle.json").is_file() for place in (folder, folder / "model")):
        if run is None:
            raise WrongUse.of("distil.no_teacher", where=folder)
        raise WrongUse.of("distil.untrained", where=folder, folder=folder)
    bundle = load_bundle(folder)
    if MODELS.get(bundle.model).reads == "slides":
        raise WrongUse.of("distil.reads_slides", where=folder)
    return bundle


def teacher_run(folder: Path) -> Run | None:
    """Return the run that a model comes from: the folder itself or, of its 'model', the parent."""
    for place in (folder, folder.resolve().parent):
        run = Run(place)
        if run.exists and (place == folder or folder.resolve().name == run.model_folder.name):
            return run
    return None


def refuse_leaks(
    folder: Path, bundle: Bundle, student: Manifest, options: TeacherOptions
) -> Text | None:
    """Return the warning about what had to be taken on trust; None when all could be checked.

    Equal pictures on both sides are refused in any case; equal names of groups, and a past that
    cannot be known, unless the user has declared that there is no leak (`options.trust`).

    Args:
        folder: where the teacher lies.
        bundle: the teacher.
        student: the student's rows with their splits.
        options: how it is listened to.

    Raises:
        WrongUse: the teacher, or a teacher of it, learnt from the student's val or test part.
    """
    pasts, reason = _pasts(folder, bundle, student)
    for past in pasts:
        _refuse_same_images(past, student, folder)
    for past in pasts:
        n_same = _refuse_same_groups(past, student, folder, is_trusted=options.trust)
        if n_same and reason is None:
            reason = text("distil.reason_names", n=n_same)
    if reason is None:
        return None
    if not options.trust:
        raise WrongUse.of("distil.unknown_past", where=folder, reason=str(reason))
    return text("distil.trusted", reason=reason)


def _pasts(folder: Path, bundle: Bundle, student: Manifest) -> tuple[list[Past], Text | None]:
    """Return the past of the teacher and of its own teachers, and what stays unknown of it."""
    pasts: list[Past] = []
    place, model = folder, bundle
    for _ in range(_MOST_GENERATIONS):
        run = teacher_run(place)
        if run is None or not run.manifest_path.is_file():
            is_known = model.manifest_hash == student.digest()
            return pasts, None if is_known else text("distil.reason_bare")
        manifest = run.manifest()
        if manifest.digest() != model.manifest_hash:
            return pasts, text("distil.reason_divided_anew")
        pasts.append(_past_of(manifest))
        its_teacher = run.recipe().train.teacher if run.recipe_path.is_file() else None
        if its_teacher is None:
            return pasts, None
        place = Path(its_teacher)
        try:
            place = at_hand(place)
            model = load_teacher(place)
        except TamizError:
            return pasts, text("distil.reason_its_teacher", name=place.name)
    return pasts, None


def _past_of(manifest: Manifest) -> Past:
    train, val = manifest.where(split="train"), manifest.where(split="val")
    return Past(_contents(train), _groups(train), _contents(val), _groups(val))


def _refuse_same_images(past: Past, student: Manifest, where: Path) -> None:
    if CONTENT_COLUMN not in student.column_names:
        return
    for part in _held_out(student):
        known = _forbidden(part, past.contents, past.chosen_contents)
        rows = student.where(split=part)
        names = [p for p, content in rows.rows("path", CONTENT_COLUMN) if content in known]
        if names:
            _refuse("distil.same_images", where, part, names)


def _refuse_same_groups(past: Past, student: Manifest, where: Path, *, is_trusted: bool) -> int:
    n_same = 0
    for part in _held_out(student):
        known = _forbidden(part, past.groups, past.chosen_groups)
        names = sorted(_groups(student.where(split=part)) & known)
        if names and not is_trusted:
            _refuse("distil.same_groups", where, part, names)
        n_same += len(names)
    return n_same


def _held_out(student: Manifest) -> list[str]:
    """Return the parts that are not trained on, 'test' first."""
    parts = {part for part in student.column("split") if part not in {None, "train"}}
    return sorted(parts, key=lambda part: (part != "test", part))


def _forbidden(part: str, trained: frozenset[str], chosen: frozenset[str]) -> frozenset[str]:
    """Return what a part of the student must not hold."""
    return trained | chosen if part == "test" else trained


def _refuse(key: str, where: Path, part: str, names: list[str]) -> None:
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    words = say("distil.part_test" if part == "test" else "distil.part_val")
    raise WrongUse.of(key, where=where, details=tuple(names), n=len(names), part=words, names=shown)


def _contents(rows: Manifest) -> frozenset[str]:
    if CONTENT_COLUMN not in rows.column_names:
        return frozenset()
    return frozenset(content for content in rows.column(CONTENT_COLUMN) if content is not None)


def _groups(rows: Manifest) -> frozenset[str]:
    """Return the groups that have a name; images that stand alone are known by their content."""
    return frozenset(group for group in rows.column("group") if group is not None)


@dataclass(frozen=True, slots=True)
class _Student:
    recipe: Recipe
    cache_folder: Path
    rows: Manifest
    classes: tuple[str, ...]


def _answers(
    bundle: Bundle, student: _Student, on_event: OnEvent, *, with_features: bool
) -> dict[str, NDArray[np.float32]]:
    """Return scores and features of the student's rows, from the cache when they are there."""
    from tamiz.engine.teaching import teacher_features, teacher_scores

    cache = student.cache_folder / f"teacher-{_identity(bundle, student, with_features)}"
    if (found := _load(cache)) is not None:
        return found
    on_event(Event("train", "progress", text("distil.scoring")))
    size = replace(student.recipe.prepare, size_px=bundle.size_px, channels=bundle.channels)
    recipe = replace(student.recipe, prepare=size)
    images = prepare_rows(student.rows, bundle.steps, bundle.policy, recipe, None, on_event)
    at = np.arange(len(images), dtype=np.int64)
    made = {"scores": teacher_scores(bundle, images, at, student.classes)}
    if with_features:
        made["features"] = teacher_features(bundle, images, at)
    from safetensors.numpy import save

    write_bytes(cache, save(made))
    return made


def _identity(bundle: Bundle, student: _Student, with_features: bool) -> str:  # noqa: FBT001
    key = [bundle.identity(), bundle.facts()["steps"], bundle.size_px, bundle.averages_mirrored]
    made = hashlib.sha256(json.dumps([*key, student.classes, with_features]).encode())
    for row in student.rows.rows("item", CONTENT_COLUMN):
        made.update(json.dumps(row).encode())
    return made.hexdigest()[:24]


def _load(cache: Path) -> dict[str, NDArray[np.float32]] | None:
    """Return what was kept; None when nothing was, or it is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    if not cache.is_file():
        return None
    try:
        found: dict[str, NDArray[np.float32]] = load(cache.read_bytes())
    except (SafetensorError, OSError):
        return None
    return found


def _spread(of_training: NDArray[np.float32], at: NDArray[np.int64], n: int) -> NDArray[np.float32]:
    """Return (n, columns): the training rows' values in their places, 0 elsewhere."""
    made = np.zeros((n, of_training.shape[1]), np.float32)
    made[at] = of_training
    return made
