"""The closer looks at an evaluation, in the order in which the report tells them."""

from __future__ import annotations

from typing import Final

from tamiz.core.events import OnEvent
from tamiz.stages.baselines_piece import baselines_piece
from tamiz.stages.calibration_piece import calibration_piece
from tamiz.stages.evaluation import Evaluation, Look, Piece, joined_pieces
from tamiz.stages.guard_piece import guard_piece
from tamiz.stages.ledger_piece import ledger_piece
from tamiz.stages.operating_piece import operating_piece
from tamiz.stages.subgroups_piece import subgroups_piece

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
