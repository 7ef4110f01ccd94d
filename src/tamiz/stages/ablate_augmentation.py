"""Stage `ablate-augmentation`: which augmentations help and which hurt, on the validation part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.report import Block, Code, Estimate, Paragraph, Report, Section, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.paired import paired_difference
from tamiz.stages.ablating import (
    ALL,
    NONE,
    Answers,
    Variant,
    answers_of,
    check_ablation,
    variants_of,
)
from tamiz.stages.augment import check_augmentable, train_fragment
from tamiz.stages.folding import refuse_folds
from tamiz.stages.planning.facts import look_at
from tamiz.stages.policies import AugmentTable, candidates_for
from tamiz.stages.showing import with_page

HELPS: Final = "helps"
HURTS: Final = "hurts"
UNCLEAR: Final = "no_difference"
MIXED: Final = "mixed"


@dataclass(frozen=True, slots=True)
class AblateAugmentation:
    """How augmentations are compared.

    Attributes:
        tried: names of augmentations at their defaults (the recipe's own table where it has one);
            empty: the recipe's and those that suit the kind of image.
        repeats: trainings of each way, with different seeds.
        leave_out: whether each is left out of all, instead of tried alone.
    """

    tried: tuple[str, ...] = ()
    repeats: int = 3
    leave_out: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One way of training against the one that it is compared with.

    Attributes:
        name: of the way.
        accuracy: its share of right answers minus the other's; of several labels, mean F1.
        loss: its log loss minus the other's; below 0 is better.
        verdict: 'helps', 'hurts', 'mixed' or 'no_difference', on what the name says.
    """

    name: str
    accuracy: Estimate
    loss: Estimate
    verdict: str


def ablate_augmentation(
    recipe: Recipe, run: Run, how: AblateAugmentation, on_event: OnEvent = ignore
) -> Report:
    """Train without, with all, and with each augmentation, and compare on the validation part.

    All trainings have the same budget and the same seeds; the test part is not read. What a
    stopped call had finished is not done again.

    Args:
        recipe: in force.
        run: planned.
        how: which augmentations, how many trainings.
        on_event: told about progress.

    Raises:
        WrongUse: an augmentation does not exist, or the network or the labels do not suit.
        WrongData: there are no validation rows, or a training diverged.
    """
    check_augmentable(recipe)
    refuse_folds(recipe.split)
    if how.repeats < 1:
        raise WrongUse.of("augment.no_repeats", where="--repeats", n=how.repeats)
    tables = _tables(recipe, run, how, on_event)
    check_ablation(run, tables)
    variants = variants_of(tables, leave_out=how.leave_out)
    answers = answers_of(variants, recipe, run, how.repeats, on_event)
    groups = _groups(run)
    compared = _compare(variants, answers, groups, recipe, how)
    return with_page(_report(compared, variants, answers, recipe, how), run)


def _tables(
    recipe: Recipe, run: Run, how: AblateAugmentation, on_event: OnEvent
) -> list[AugmentTable]:
    """Return what is tried; every fault of a name is found before anything is trained."""
    from tamiz.engine.augment.pipeline import Pipeline

    own = {str(one["name"]): dict(one) for one in recipe.train.augment}
    if how.tried:
        tables = [own.get(name, {"name": name}) for name in how.tried]
    else:
        facts = look_at(run.manifest(), recipe, on_event)
        is_grey = recipe.prepare.channels == 1
        tables = candidates_for(facts.kind.kind, recipe.train.augment, is_grey=is_grey)
    Pipeline(tables)
    return tables


def _groups(run: Run) -> NDArray[np.int64]:
    """Return (val rows,) the number of each row's group."""
    keys = run.manifest().where(split="val").group_keys()
    number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], dtype=np.int64)


def _compare(
    variants: Sequence[Variant],
    answers: Mapping[str, Answers],
    groups: NDArray[np.int64],
    recipe: Recipe,
    how: AblateAugmentation,
) -> list[Compared]:
    """Return each way against the one without (or, left out, against all); all hold together."""
    others = [one for one in variants if one.name != NONE]
    # Bonferroni: two figures of each way
    confidence = 1 - (1 - recipe.evaluate.confidence) / (2 * len(others))
    made = []
    for one in others:
        base = answers[ALL if how.leave_out and one.name != ALL else NONE]
        accuracy, loss = (
            paired_difference(
                second - first,
                groups,
                confidence=confidence,
                n_resamples=recipe.evaluate.resamples,
                seed=recipe.evaluate.seed,
            )
            for second, first in (
                (answers[one.name].right, base.right),
                (answers[one.name].losses, base.losses),
            )
        )
        is_left_out = how.leave_out and one.name != ALL
        accuracy = within_shares(accuracy)
        made.append(Compared(one.name, accuracy, loss, verdict_of(accuracy, loss, is_left_out)))
    return made


def within_shares(one: Estimate) -> Estimate:
    """Return the difference of two shares with an interval that stays within -1 to 1.

    Of two or three seeds Student's t may reach further, which no difference can.
    """
    if one.low is None or one.high is None:
        return one
    return replace(one, low=max(-1.0, one.low), high=min(1.0, one.high))


def verdict_of(accuracy: Estimate, loss: Estimate, is_left_out: bool = False) -> str:  # noqa: FBT001, FBT002
    """Return what an augmentation does, from two differences with intervals.

    Args:
        accuracy: above 0 is better.
        loss: below 0 is better.
        is_left_out: whether the differences are those of leaving it out.
    """
    better = _is_above(accuracy) or _is_above(_negative(loss))
    worse = _is_above(_negative(accuracy)) or _is_above(loss)
    if is_left_out:
        better, worse = worse, better
    if better and worse:
        return MIXED
    return HELPS if better else HURTS if worse else UNCLEAR


def _is_above(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.low > 0


def _negative(one: Estimate) -> Estimate:
    low, high = (None if end is None else -end for end in (one.high, one.low))
    return Estimate(-one.value, low, high, one.n, one.n_groups, one.method, one.note)


def _report(
    compared: Sequence[Compared],
    variants: Sequence[Variant],
    answers: Mapping[str, Answers],
    recipe: Recipe,
    how: AblateAugmentation,
) -> Report:
    tables = _helping(compared, variants, how)
    first = compared[0].accuracy
    opening = text(
        "augment.ablated",
        n=len(variants) * how.repeats,
        repeats=how.repeats,
        epochs=recipe.train.epochs,
        items=first.n,
        groups=first.n_groups,
        percent=f"{100 * recipe.evaluate.confidence:g}",
    )
    advice: Block = Paragraph(text("augment.none_helps"))
    if tables:
        advice = Code(train_fragment(tables, recipe), text("augment.fragment_helps"))
    blocks: tuple[Block, ...] = (
        Paragraph(opening),
        _levels(variants, answers),
        _differences(compared, _kind(answers), how),
        Paragraph(text("augment.ablate_caution")),
        advice,
    )
    values = {
        "ablate_augmentation": {
            "compared": [
                {
                    "name": one.name,
                    "verdict": one.verdict,
                    _kind(answers): [one.accuracy.value, one.accuracy.low, one.accuracy.high],
                    "log_loss": [one.loss.value, one.loss.low, one.loss.high],
                }
                for one in compared
            ],
            "helping": tables,
            "repeats": how.repeats,
        }
    }
    title = text("augment.ablate_title")
    section = Section("ablate_augmentation", title, blocks)
    return Report("ablate-augmentation", title, (section,), blocks, values)


def _helping(
    compared: Sequence[Compared], variants: Sequence[Variant], how: AblateAugmentation
) -> list[dict[str, Any]]:
    """Return the tables of the augmentations that help, in the recipe's order."""
    helping = {one.name for one in compared if one.verdict == HELPS and one.name != ALL}
    everything = next(one for one in variants if one.name == ALL)
    if len(variants) == 2:  # one augmentation: alone is all
        is_helping = compared[0].verdict == HELPS
        return [dict(one) for one in everything.tables] if is_helping else []
    alone = {one.name: one for one in variants}
    if not how.leave_out:
        return [dict(alone[one.name].tables[0]) for one in compared if one.name in helping]
    kept = []
    for table, variant in zip(everything.tables, variants[2:], strict=True):
        if variant.name in helping:
            kept.append(dict(table))
    return kept


def _levels(variants: Sequence[Variant], answers: Mapping[str, Answers]) -> Table:
    kind = _kind(answers)
    columns = ("augment.way", f"augment.{kind}", "augment.log_loss", f"augment.{kind}_over_seeds")
    rows = []
    for one in variants:
        right, losses = answers[one.name].right.mean(axis=1), answers[one.name].losses
        ends = f"{right.min():.4f} .. {right.max():.4f}"
        rows.append((_way(one.name), float(right.mean()), float(losses.mean()), ends))
    return Table(tuple(map(text, columns)), tuple(rows), text("augment.levels"))


def _kind(answers: Mapping[str, Answers]) -> str:
    """Return the figure that is compared, as keys of texts and values call it."""
    return "f1_samples" if answers[NONE].is_multilabel else "accuracy"


def _differences(compared: Sequence[Compared], kind: str, how: AblateAugmentation) -> Table:
    columns = ("augment.way", f"augment.{kind}_gain", "augment.loss_gain", "augment.verdict")
    rows = tuple(
        (_way(one.name), one.accuracy, one.loss, text(f"augment.verdict_{one.verdict}"))
        for one in compared
    )
    caption = "augment.differences_left_out" if how.leave_out else "augment.differences"
    return Table(tuple(map(text, columns)), rows, text(caption))


def _way(name: str) -> Text | str:
    return text(f"augment.way_{name}") if name in {NONE, ALL} else name
