"""The profile of a set of images: kinds, sizes, tones, and what of them stands out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.profile.images_facts import ImageFacts, ImageReport
from tamiz.profile.images_kinds import kind_findings, kind_values, kinds_section
from tamiz.profile.images_sizes import (
    extreme_rows,
    size_figures,
    size_findings,
    size_values,
    sizes_section,
    spacing_section,
)
from tamiz.profile.images_tones import apart_findings, tone_values, tones_section

__all__ = ["ImageFacts", "ImageReport", "contact_rows", "image_sections"]

N_CONTACT: Final = 8


def image_sections(facts: ImageFacts) -> ImageReport:
    """Return the profile of `facts`: sections, findings, values and rows worth showing.

    Everything is computed from the rows given: leave out those whose labels are sealed.
    """
    if not len(facts):
        return ImageReport()
    figures = size_figures(facts)
    sections = [kinds_section(facts), sizes_section(facts, figures), spacing_section(facts)]
    tones = tones_section(facts)
    if tones is not None:
        sections.append(tones)
    findings = [
        *kind_findings(facts),
        *size_findings(facts, figures),
        *apart_findings(facts, figures),
    ]
    largest, smallest = extreme_rows(figures)
    return ImageReport(
        sections=tuple(sections),
        findings=tuple(sorted(findings, key=lambda one: one.rank)),
        values={
            "n": len(facts),
            **kind_values(facts),
            "sizes": size_values(figures),
            "means": tone_values(facts),
        },
        largest=largest,
        smallest=smallest,
        contact=contact_rows(facts),
    )


def _rows_by_label(facts: ImageFacts) -> dict[str, NDArray[np.int64]]:
    """Return the rows with each label; those without, or of an unknown one, under ''."""
    rows: dict[str, list[int]] = {}
    for row, labels in enumerate(facts.manifest.label_sets()):
        for label in labels or ("",):
            rows.setdefault(label, []).append(row)
    return {label: np.array(at, dtype=np.int64) for label, at in rows.items()}


def contact_rows(facts: ImageFacts, n: int = N_CONTACT) -> dict[str, tuple[int, ...]]:
    """Return up to `n` rows of each class, drawn at random, of different groups where it can.

    Classes in the manifest's order; images without label under ''. The draw of a class depends
    on the seed and its own images only.
    """
    groups = facts.group_numbers()
    by_label = _rows_by_label(facts)
    order = [label for label in (*facts.manifest.classes(), "") if label in by_label]
    made = {}
    for label in dict.fromkeys(order):
        at = np.random.default_rng(facts.seed).permutation(by_label[label])
        _, first = np.unique(groups[at], return_index=True)
        is_first = np.isin(np.arange(len(at)), first)
        chosen = np.concatenate([at[is_first], at[~is_first]])[:n]
        made[label] = tuple(sorted(chosen.tolist()))
    return made
