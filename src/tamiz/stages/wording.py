"""Parts of sentences: counted nouns, lists, figures with their interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tamiz.core.language import has_text, text
from tamiz.data.report import Words
from tamiz.stages.run_facts import RunFacts


def counted(noun: str, n: int) -> Words:
    """Return '1 image' or '12 images'; `noun` is the key in the catalogue: 'image'."""
    return text(f"words.{noun}_{'one' if n == 1 else 'many'}", n=n)


def listed(parts: Sequence[Words]) -> Words:
    """Return 'A', 'A and B', 'A, B and C'; '' for none."""
    if not parts:
        return ""
    made = parts[0]
    for one in parts[1:-1]:
        made = text("words.comma", first=made, last=one)
    return text("words.and", first=made, last=parts[-1]) if len(parts) > 1 else made


def enumerated(parts: Sequence[Words]) -> Words:
    """Return 'A; B; C', for names that have commas of their own."""
    made = parts[0] if parts else ""
    for one in parts[1:]:
        made = text("words.semicolon", first=made, last=one)
    return made


def class_counts(counts: Mapping[str, int]) -> Words:
    """Return 'cat: 12, dog: 9'."""
    parts: list[Words] = [text("words.class_count", name=k, n=n) for k, n in counts.items()]
    made = parts[0] if parts else ""
    for one in parts[1:]:
        made = text("words.comma", first=made, last=one)
    return made


def joined(sentences: Sequence[Words]) -> Words:
    """Return sentences as one paragraph, still in the reader's language; '' for none."""
    if not sentences:
        return ""
    made = sentences[0]
    for one in sentences[1:]:
        made = text("words.sentences", first=made, last=one)
    return made


def images_of(facts: RunFacts, items: int, groups: int) -> Words:
    """Return '104 images of 60 patients', without groups where each image stands alone."""
    images = counted("image", items)
    if not facts.has_groups and groups == items:
        return images
    return text("words.of", items=images, groups=counted(noun_of(facts), groups))


def noun_of(facts: RunFacts) -> str:
    """Return what images are counted by, where some belong together: the key of a noun."""
    if not facts.has_groups:
        return "unlike"
    return "patient" if facts.are_patients else "group"


def figure(
    facts: RunFacts, found: Mapping[str, Any], *, unit: str, is_short: bool = False
) -> Words:
    """Return a figure with its interval, n and groups, in words.

    Args:
        facts: of the run, for its level of confidence and what its groups are.
        found: as metrics.json states it: value, low, high, n, n_groups.
        unit: 'percent', 'points' (hundredths) or 'number'.
        is_short: without n, where the sentence has said it before.
    """
    scale = 1 if unit == "number" else 100
    bare = "number" if unit == "number" else "one_decimal"
    value = text(f"words.{unit}", value=scale * found["value"])

    short = "_short" if is_short else ""
    n = images_of(facts, int(found["n"]), int(found["n_groups"]))
    if is_pooled(facts):
        n = counted("patient" if facts.are_patients else "group", int(found["n"]))
    if found.get("low") is None or found.get("high") is None:
        return text(f"words.no_interval{short}", value=value, n=n)
    return text(
        f"words.from_to{short}",
        value=value,
        low=text(f"words.{bare}", value=scale * found["low"]),
        high=text(f"words.{bare}", value=scale * found["high"]),
        confidence=100 * facts.recipe.evaluate.confidence,
        n=n,
    )


def is_pooled(facts: RunFacts) -> bool:
    """Return whether figures are those of patients and not of images."""
    test = facts.parts.get("test")
    stated = [one for one in facts.figures.values() if isinstance(one, Mapping) and one.get("n")]
    if facts.part != "test" or test is None or not stated:
        return False
    return int(stated[0]["n"]) < test.items and int(stated[0]["n"]) == test.groups


def check_name(name: str) -> Words:
    """Return what a data check is called."""
    key = f"checks.name_{name}"
    return text(key) if has_text(key) else name.replace("_", " ")


def step_words(step: Mapping[str, Any]) -> str:
    """Return 'resize (size_px 48)' of a step's or an augmentation's table."""
    options = ", ".join(f"{k} {v}" for k, v in step.items() if k != "name")
    return f"{step['name']} ({options})" if options else str(step["name"])
