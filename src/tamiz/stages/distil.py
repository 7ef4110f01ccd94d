"""`distil`: a student learns from a teacher's answers besides the labels.

The way is the one of `train`; what is added is the teacher's own division of the images, so that
the student's validation and test images are new to both, and a look at the teacher's past.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables
from tamiz.core.urls import name_of
from tamiz.data.manifest import Manifest
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Severity, Table
from tamiz.data.run_folder import Run
from tamiz.splits.audit import CONTENT_COLUMN
from tamiz.stages.distil_teacher import load_teacher, refuse_leaks, teacher_run
from tamiz.stages.folding import FOLDS_FILE, has_folds
from tamiz.stages.pipeline import advance, merge_tables, recipe_of
from tamiz.stages.predict import load_bundle
from tamiz.stages.searching.space import is_fitted_at_once

if TYPE_CHECKING:
    from tamiz.engine.teacher_options import TeacherOptions
    from tamiz.models.bundle import Bundle


def distil(
    teacher: Path | str,
    run: Run,
    asked: Tables,
    on_event: OnEvent = ignore,
    *,
    is_own_split: bool = False,
    command: str = "",
) -> Report:
    """Train a student up to its bundle; what is done already is not done again.

    Args:
        teacher: the folder of a run or of a model.
        run: the student's run, from `pipeline.begin`.
        asked: what the user asked for, likewise.
        on_event: told about progress.
        is_own_split: draw a division of the student's own instead of taking over the teacher's.
        command: as typed, for run.json.

    Raises:
        WrongUse: there is no such teacher, it tells other classes apart, or it learnt from the
            student's validation or test part.
        WrongData: the data do not allow an honest result.
    """
    folder = at_hand(Path(teacher).expanduser()).absolute()
    _refuse_at_once(recipe_of(run, asked))
    bundle = load_teacher(folder)
    _refuse_folds(folder, run, asked, is_own_split=is_own_split)
    asked = merge_tables(asked, {"train": {"teacher": name_of(folder)}})
    how = text("distil.split_own")
    if not is_own_split:
        # asked for from the start: `check` depends on it, and need not be done twice
        respecting = merge_tables(asked, {"split": {"given": "respect"}})
        advance(run, respecting, "check", on_event, command=command)
        n_taken, n = _take_over_split(folder, run)
        if n_taken:
            how = text("distil.split_copied", n=n_taken, total=n)
            on_event(Event("split", "note", how))
        asked = respecting if n_taken else _with_own_split(asked)
    advance(run, asked, "split", on_event, command=command)
    _refuse_other_classes(bundle, run)
    options = _options(asked, run)
    trusted = refuse_leaks(folder, bundle, run.manifest(), options)
    trained = advance(run, asked, "train", on_event, command=command)
    return _report(trained, run, (folder, bundle, options), how, trusted)


def _refuse_at_once(recipe: Recipe) -> None:
    """Raise, before any work, where the student is fitted at once and cannot listen."""
    if is_fitted_at_once(recipe):
        head = recipe.model.options.get("head")
        name = recipe.model.name if head is None else f"{recipe.model.name}, {head}"
        raise WrongUse.of("distil.student_at_once", where="model.name", name=name)


def _refuse_folds(folder: Path, run: Run, asked: Tables, *, is_own_split: bool) -> None:
    """Raise when a division with folds cannot leave the student images new to both.

    A teacher of folds learnt, as a whole, from all that is in them; a student of folds holds out
    by turns all that the teacher learnt from. With a division of its own the images may be others.
    """
    if is_own_split:
        return
    if has_folds(recipe_of(run, asked).split):
        raise WrongUse.of("distil.student_folds", where="split.folds")
    past = teacher_run(folder)
    if past is not None and (past.folder / FOLDS_FILE).is_file():
        raise WrongUse.of("distil.teacher_folds", where=folder)


def _with_own_split(asked: Tables) -> Tables:
    """Return what is asked for when there is no division to take over."""
    given = asked.get("split", {}).get("given", "auto")
    return merge_tables(asked, {"split": {"given": given}})


def _take_over_split(folder: Path, run: Run) -> tuple[int, int]:
    """Write the teacher's parts into the manifest's `given_split`; return (n found, n rows).

    An image is the same when its bytes are, or, where they were not read, its place is. What the
    teacher did not have follows its group, if the teacher had that; else it is for training.
    """
    past = teacher_run(folder)
    if past is None or not past.manifest_path.is_file():
        return 0, 0
    theirs, ours = past.manifest(), run.manifest()
    by_content = _parts_by(theirs, CONTENT_COLUMN)
    if not by_content or CONTENT_COLUMN not in ours.column_names:
        return 0, len(ours)
    contents = ours.column(CONTENT_COLUMN)
    parts = [by_content.get(content) if content else None for content in contents]
    n_taken = sum(part is not None for part in parts)
    if n_taken == 0:
        return 0, len(ours)
    by_group = _parts_by(theirs, "group")
    groups = ours.column("group")
    parts = [p or by_group.get(g) for p, g in zip(parts, groups, strict=True)]
    if parts != ours.column("given_split"):
        ours.with_columns({"given_split": parts}).save(run.manifest_path)
    return n_taken, len(ours)


def _parts_by(manifest: Manifest, column: str) -> dict[str, str]:
    if column not in manifest.column_names:
        return {}
    pairs = manifest.rows(column, "split")
    return {key: part for key, part in pairs if key is not None and part is not None}


def _refuse_other_classes(bundle: Bundle, run: Run) -> None:
    from tamiz.engine.teaching import refuse_other_classes

    refuse_other_classes(bundle.classes, run.manifest().where(split="train").classes())


def _options(asked: Tables, run: Run) -> TeacherOptions:
    from tamiz.engine.teacher_options import teacher_options

    return teacher_options(recipe_of(run, asked).train.teacher_options)


def _report(
    trained: Report,
    run: Run,
    taught: tuple[Path, Bundle, TeacherOptions],
    how: Text,
    trusted: Text | None,
) -> Report:
    folder, teacher, options = taught
    student = load_bundle(run.model_folder)
    listened = text(
        "distil.listened",
        share=options.share,
        temperature=options.temperature,
        features=options.features,
    )
    table = Table(
        ("", text("distil.teacher"), text("distil.student")),
        (
            (text("distil.network"), teacher.model, student.model),
            (text("distil.size"), str(teacher.size_px), str(student.size_px)),
            (text("distil.numbers"), _n_numbers(teacher), _n_numbers(student)),
        ),
    )
    checked: Block = Paragraph(text("distil.checked"))
    if trusted is not None:
        checked = Findings((Finding(Severity.WARNING, trusted),))
    blocks: tuple[Block, ...] = (Paragraph(how), checked, Paragraph(listened), table)
    end = Paragraph(text("distil.next", folder=str(run.folder)))
    title = text("distil.title", teacher=folder.name)
    sections = (replace(trained.sections[0], title=title, blocks=blocks), *trained.sections)
    values: dict[str, Any] = {
        "teacher": str(folder),
        "identity": teacher.identity(),
        "checked": trusted is None,
        "temperature": options.temperature,
        "share": options.share,
        "features": options.features,
    }
    return Report(
        stage="distil",
        title=title,
        sections=sections,
        summary=(*blocks, *trained.summary, end),
        values={**trained.values, "distil": values},
    )


def _n_numbers(bundle: Bundle) -> str:
    n = bundle.training.get("n_parameters")
    return f"{n:,}" if isinstance(n, int) else "?"
