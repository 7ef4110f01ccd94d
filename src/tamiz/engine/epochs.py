"""What somebody who watches a training is shown after each epoch: the network as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.engine.feed import Rows
from tamiz.engine.infer import groups_of

_PIXELS_AT_ONCE = 2**22


@dataclass(frozen=True, slots=True)
class EndOfEpoch:
    """A network between two epochs; to be looked at, not to be changed.

    Attributes:
        number: of the epoch, from 1, counted over all stages.
        net: the whole network as it would be kept.
        judged: what gives scores of `rows`: `net`, or its head alone where the rest is frozen.
        rows: what `judged` reads, with their targets.
        figures: of the epoch, as they stand in the history.
    """

    number: int
    net: nn.Module
    judged: nn.Module
    rows: Rows
    figures: Mapping[str, Any]

    @torch.inference_mode()
    def validation_scores(self) -> NDArray[np.float32]:
        """Return (validation rows, classes) float32 raw scores, in the rows' order."""
        self.judged.eval()
        device = next(self.judged.parameters()).device
        n_values = max(1, int(np.prod(self.rows.images.shape)))
        groups = groups_of(self.rows.val, max(1, min(256, _PIXELS_AT_ONCE // n_values)))
        made = [
            self.judged(one.to(device)).float().cpu() for one in self.rows.images.batches(groups)
        ]
        if not made:
            return np.zeros((0, len(self.rows.classes)), dtype=np.float32)
        scores: NDArray[np.float32] = torch.cat(made).numpy()
        return scores

    def tensor(self, name: str) -> Tensor:
        """Return a parameter of `net` by its name, on the CPU, as it is now.

        Raises:
            KeyError: it has none of that name.
        """
        found: Tensor = self.net.state_dict()[name]
        return found.detach().float().cpu().clone()


OnEpoch = Callable[[EndOfEpoch], None]
