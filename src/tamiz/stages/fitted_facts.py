"""What was fitted at once, for a report: classifier, settings, columns, equality of the arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tamiz.core.language import Text, text
from tamiz.data.report import Cell, Table

Fact = tuple[Text, Cell]


def fitted_facts(told: Mapping[str, Any]) -> list[Fact]:
    """Return the facts of a classical model or head; of 'logistic' and 'knn' heads their choices.

    Args:
        told: `training.fitted` of a bundle.
    """
    if "classifier" not in told:
        chosen = ", ".join(f"{n} = {told[n]:.3g}" for n in _CHOSEN if told.get(n) is not None)
        return [
            (text("classical.classifier"), text(f"classical.kind_{told['head']}")),
            (text("classical.settings"), chosen),
        ]
    params = ", ".join(f"{name} = {value:.4g}" for name, value in told["params"].items())
    columns: Text = text(
        "classical.columns_value", n=told["n_columns"], described=told["n_described"]
    )
    if told["n_components"]:
        columns = text(
            "classical.components_value", n=told["n_components"], columns=told["n_columns"]
        )
    learnt = text("classical.rows_value", n=told["n_rows"], all=told["n_train"])
    equal = text(
        "classical.compared_value",
        n=told["compared_rows"],
        apart=f"{told['largest_difference']:.1g}",
    )
    return [
        (text("classical.classifier"), text(f"classical.kind_{told['classifier']}")),
        (text("classical.settings"), params),
        (text("classical.columns"), columns),
        (text("classical.rows"), learnt),
        (text("classical.compared"), equal),
    ]


def tried_table(told: Mapping[str, Any]) -> Table | None:
    """Return settings with their figure over the folds; None where nothing was tried."""
    if not told.get("tried"):
        return None
    columns = (text("classical.settings"), text("classical.loss"))
    key = "errors" if told["classifier"] == "svm" else "log_loss"
    rows = tuple((words, loss) for words, loss in told["tried"].items())
    return Table(columns, rows, text(f"classical.tried_{key}"))


_CHOSEN = ("strength", "neighbours", "smoothing")
