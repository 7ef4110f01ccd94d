"""The chart of a share against a probability, bin by bin."""

from __future__ import annotations

from dataclasses import dataclass

from tamiz.data.report import Chart, Series, Words
from tamiz.metrics.intervals import wilson
from tamiz.metrics.sums import Floats


@dataclass(frozen=True, slots=True)
class BinWords:
    """What stands on a chart of bins: its title, its axes, the name of its points."""

    title: Words
    x_label: Words
    y_label: Words
    series: Words


def chart_of_bins(n: Floats, probability: Floats, happened: Floats, words: BinWords) -> Chart:
    """Return how often something happened against its mean probability, per bin that has items.

    The band is Wilson's, for items taken one by one: with several items per group it is too
    narrow, and serves to tell full bins from nearly empty ones.

    Args:
        n: (bins,) items in each.
        probability: (bins,) sums of their probabilities.
        happened: (bins,) for how many of them it happened.
        words: title, axes, name.
    """
    used = [index for index in range(len(n)) if n[index] > 0]
    bounds = [wilson(float(happened[index]), float(n[index])) for index in used]
    series = Series(
        name=words.series,
        x=tuple(float(probability[index] / n[index]) for index in used),
        y=tuple(float(happened[index] / n[index]) for index in used),
        low=tuple(low for low, _ in bounds),
        high=tuple(high for _, high in bounds),
    )
    return Chart(
        kind="scatter",
        title=words.title,
        x_label=words.x_label,
        y_label=words.y_label,
        series=(series,),
        diagonal=True,
    )
