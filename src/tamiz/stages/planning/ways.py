"""Which ways of training are worth considering: our own network, and what pretrained ones offer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import tables_from_settings, with_tables
from tamiz.models.registry import MODELS
from tamiz.models.weights import network_at_hand
from tamiz.stages.planning.budget import Rung, rungs_of_small
from tamiz.stages.planning.choices import Choice, Draft, draft
from tamiz.stages.planning.facts import DataFacts

_SMALL_PX: Final = 64  # of smaller pictures a pretrained network sees little
_HEADS: Final = ("mlp", "linear", "logistic")  # the costliest first: it is the one that is timed
NO_FILE: Final = frozenset({"auto", "none"})  # what `model.weights` says where it names none


@dataclass(frozen=True, slots=True)
class Way:
    """One way of training.

    Attributes:
        name: 'small', 'frozen', 'tuned' or 'asked'; the key of its words.
        rungs: drafts of it, the cheapest first.
        variants: that cost nothing more once the first was tried: other heads on the same
            features.
    """

    name: str
    rungs: tuple[Rung, ...]
    variants: tuple[Draft, ...] = ()


def ways_for(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> list[Way]:
    """Return the ways that what the user fixed leaves open, the plain one first.

    Raises:
        WrongUse: a setting is wrong, or the weights file is not there.
        WrongData: the weights file is damaged.
    """
    if "model.name" in asked:
        return [_asked_way(facts, recipe, asked)]
    network = _network(facts, recipe)
    small = Way("small", tuple(rungs_of_small(_small(facts, recipe, asked), facts)))
    if network is None:
        return [small]
    made = [small]
    if "train.stages" not in asked and "model.options" not in asked:
        made.append(_frozen(network, facts, recipe, asked))
        made.append(Way("tuned", (_tuned(network, facts, recipe, asked),)))
    return made


def plain_draft(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Draft:
    """Return the draft where no time was given: nothing is tried.

    A weights file of a pretrained network without its name means that network, frozen: that is
    what can be done with it wherever images are few.
    """
    is_file = recipe.model.weights not in NO_FILE
    if is_file and "model.name" not in asked:
        network = network_at_hand(recipe.model.weights)
        if network is not None:
            return _head_draft("linear", network, facts, recipe, asked)
    return draft("small", facts, recipe, asked)


def _network(facts: DataFacts, recipe: Recipe) -> str | None:
    """Return the pretrained network to consider; None where there is none, or images are tiny."""
    if facts.side_px <= _SMALL_PX:
        return None
    return network_at_hand(recipe.model.weights)


def _small(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Draft:
    """Return our own network; weights of another one are set aside, whatever the images' size."""
    is_file = recipe.model.weights not in NO_FILE
    network = network_at_hand(recipe.model.weights) if is_file else None
    if network is None:
        return draft("small", facts, recipe, asked)
    fixed = set(asked) - {"model.weights"}  # they are another network's
    none = Choice("model.weights", "none", text("budget.weights_aside", model=network))
    recipe = with_tables(recipe, tables_from_settings({"model.weights": "none"}))
    return draft("small", facts, recipe, fixed).chosen(none)


def _asked_way(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Way:
    made = draft("asked", facts, recipe, asked)
    if recipe.model.name == "small":
        return Way("asked", tuple(rungs_of_small(made, facts)))
    usual = max(1, made.recipe.train.epochs)
    if MODELS.get(recipe.model.name).preferred is None or "train.stages" in asked:
        return Way("asked", (Rung(made, 1, usual),))
    has_start = recipe.model.weights != "none" and not recipe.model.options.get("head")
    tuned = Rung(made, 1, usual if not made.recipe.train.stages else 8)
    if not has_start:
        return Way("asked", (tuned,))
    frozen = _head_draft("linear", recipe.model.name, facts, recipe, asked)
    return Way("asked", (Rung(frozen, 1, 30), tuned))


def _frozen(network: str, facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Way:
    drafts = [_head_draft(head, network, facts, recipe, asked) for head in _HEADS]
    return Way("frozen", (Rung(drafts[0], 1, drafts[0].recipe.train.epochs),), tuple(drafts))


def _head_draft(
    head: str, network: str, facts: DataFacts, recipe: Recipe, asked: Collection[str]
) -> Draft:
    options = {**recipe.model.options} | ({} if head == "linear" else {"head": head})
    wanted = {"model.name": network, "model.options": options, "train.stages": ["head"]}
    changed = with_tables(recipe, tables_from_settings(wanted), where="plan")
    made = draft("frozen", facts, changed, {*asked, "train.stages"})
    told = [
        Choice("model.name", network, text("budget.network", model=network, side=facts.side_px)),
        Choice("train.stages", ["head"], text("budget.frozen", n=facts.n_train)),
    ]
    if options:
        told.append(Choice("model.options", options, text(f"budget.head_{head}")))
    return Draft(made.name, made.recipe, made.choices, frozenset(asked)).chosen(*told)


def _tuned(network: str, facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Rung:
    changed = with_tables(recipe, tables_from_settings({"model.name": network}), where="plan")
    made = draft("tuned", facts, changed, asked)
    why = text("budget.network", model=network, side=facts.side_px)
    return Rung(made.chosen(Choice("model.name", network, why)), 1, 8)
