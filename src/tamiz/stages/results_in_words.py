"""A run's result as a few paragraphs: data, training, figures, and what they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tamiz.core.language import has_text, text
from tamiz.data.report import Paragraph, Section, Words
from tamiz.stages.figures_in_words import figure_sentences
from tamiz.stages.run_facts import RunFacts
from tamiz.stages.wording import class_counts, counted, images_of, joined, listed, noun_of

FEW_GROUPS: Final = 100  # an accuracy near 0.9 then has an interval wider than 10 points
_LEFT_OUT: Final = ("duplicate", "unreadable", "excluded", "unlabelled", "not an image")
_OF_THE_OBJECT: Final = ("whole", "exposure")  # probes that see the object too
_MOST_CLASSES: Final = 12  # named with their counts in a sentence


def results_section(facts: RunFacts) -> Section:
    """Return the section 'Results' of a report."""
    blocks = tuple(Paragraph(part) for part in results_paragraphs(facts))
    return Section("results", text("results.title"), blocks)


def results_paragraphs(facts: RunFacts) -> list[Words]:
    """Return two to four paragraphs; only what the run shows is said."""
    if not facts.part:
        return [text("results.none")]
    found = (data_sentences, training_sentences, figure_sentences, limit_sentences)
    told = [list(tell(facts)) for tell in found]
    return [joined(sentences) for sentences in told if sentences]


def data_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield what the data are, how they were divided, and what was left out."""
    n = images_of(facts, facts.n_items, facts.n_groups)
    names = facts.classes
    counts: dict[str, int] = dict.fromkeys(names, 0)
    for part in facts.parts.values():
        for name, n_of in part.classes.items():
            counts[name] = counts.get(name, 0) + n_of
    few = dict(list(counts.items())[:_MOST_CLASSES])
    shown = class_counts(few)
    if len(counts) > len(few):
        shown = text("words.comma", first=shown, last="…")
    if facts.is_multilabel:
        labels = counted("label", len(names))
        yield text("results.data_labels", source=facts.source, n=n, labels=labels, counts=shown)
    else:
        classes = counted("class", len(names))
        yield text("results.data", source=facts.source, n=n, classes=classes, counts=shown)
    if not facts.has_groups:
        yield text("results.no_groups")
    yield from split_sentences(facts)
    yield left_out(facts)


def split_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield which images served for what, and whether groups were kept apart."""
    unit = unit_of(facts)
    if facts.part == "oof":
        folds = counted("fold", facts.recipe.split.folds or len(facts.metrics.get("folds", [])))
        yield text(f"results.folds_{unit}", folds=folds)
    parts = {name: images_of(facts, part.items, part.groups) for name, part in facts.parts.items()}
    if {"train", "val", "test"} <= parts.keys():
        yield text("results.parts", **parts)
    if facts.has_groups and not facts.leaks:
        yield text(f"results.apart_{unit}")


def unit_of(facts: RunFacts) -> str:
    """Return what is independent: 'patient', 'group' or 'image'."""
    if not facts.has_groups:
        return "image"
    return "patient" if facts.are_patients else "group"


def left_out(facts: RunFacts) -> Words:
    """Return one sentence on the files that take no part, and why."""
    gone = [
        text(f"results.fate_{fate.replace(' ', '_')}", files=counted("file", facts.fates[fate]))
        for fate in _LEFT_OUT
        if facts.fates.get(fate)
    ]
    if not gone:
        return text("results.nothing_left_out")
    return text("results.left_out", what=listed(gone))


def training_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield one sentence on how the model was made."""
    model, trained = facts.bundle.get("model", {}), facts.bundle.get("training", {})
    if not model:
        return
    start = text("results.start_given" if facts.bundle.get("start") else "results.start_random")
    members = len(facts.bundle.get("members", []))
    if members:
        networks = counted("network", members)
        yield text("results.trained_ensemble", networks=networks, model=model["name"], start=start)
    elif trained.get("best_epoch") and trained.get("n_parameters") and trained.get("epochs"):
        yield text(
            "results.trained",
            model=model["name"],
            n_parameters=trained["n_parameters"],
            start=start,
            size=facts.bundle["input"]["size_px"],
            epochs=counted("epoch", int(trained["epochs"])),
            best=trained["best_epoch"],
            monitor=text(f"results.monitor_{facts.recipe.train.monitor}"),
        )
    else:
        yield text("results.trained_briefly", model=model["name"], start=start)


def limit_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield what limits the result, as far as the run shows it."""
    if facts.leaks:
        yield text("results.limit_leak")
    judged = next((one for one in facts.figures.values() if one.get("n_groups")), None)
    if judged and 0 < judged["n_groups"] < FEW_GROUPS:
        is_alone = not facts.has_groups and judged["n_groups"] == judged.get("n")
        noun = "image" if is_alone else noun_of(facts)
        yield text("results.limit_few", groups=counted(noun, int(judged["n_groups"])))
    if facts.models_tried > 1:
        yield text("results.limit_models", models=counted("model", facts.models_tried))
    elif facts.looks > 1:
        yield text("results.limit_looks", times=counted("look", facts.looks))
    probes = flagged_probes(facts)
    if probes:
        yield text("results.limit_shortcuts", probes=listed(probes))
    if not facts.external:
        yield text("results.limit_external")
    if not facts.metrics.get("subgroups"):
        yield text("results.limit_subgroups")


def flagged_probes(facts: RunFacts) -> list[Words]:
    """Return the names of what the label can be told from without the object."""
    probes = facts.values.get("audit", {}).get("shortcuts", {}).get("probes", {})
    names = [name for name in sorted(probes) if probes[name].get("flagged")]
    return [
        text(f"probes.name_{name}") if has_text(f"probes.name_{name}") else name
        for name in names
        if name not in _OF_THE_OBJECT
    ]
