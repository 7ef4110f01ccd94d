"""The closer looks at an evaluation, in the order in which the report tells them."""

from __future__ import annotations

from typing import Final

from tamiz.core.events import OnEvent
from tamiz.stages.evaluation import Evaluation, Look, Piece, joined_pieces
from tamiz.stages.pieces.baselines import baselines_piece
from tamiz.stages.pieces.calibration import calibration_piece
from tamiz.stages.pieces.guard import guard_piece
from tamiz.stages.pieces.ledger import ledger_piece
from tamiz.stages.pieces.operating import operating_piece
from tamiz.stages.pieces.subgroups import subgroups_piece

LOOKS: Final[tuple[Look, ...]] = (
    baselines_piece,
    operating_piece,
    calibration_piece,
    subgroups_piece,
    guard_piece,
    ledger_piece,
)


def look_closer(evaluation: Evaluation, on_event: OnEvent) -> Piece:
    """Return what all closer looks add to the report."""
    return joined_pieces([look(evaluation, on_event) for look in LOOKS])
