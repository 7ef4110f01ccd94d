"""The closer looks at an evaluation, in the order in which the report tells them."""

from __future__ import annotations

from typing import Final

from tamiz.core.events import OnEvent
from tamiz.stages.evaluation import Evaluation, Look, Piece, joined_pieces
from tamiz.stages.ledger_piece import ledger_piece

LOOKS: Final[tuple[Look, ...]] = (ledger_piece,)


def look_closer(evaluation: Evaluation, on_event: OnEvent) -> Piece:
    """Return what all closer looks add to the report."""
    return joined_pieces([look(evaluation, on_event) for look in LOOKS])
