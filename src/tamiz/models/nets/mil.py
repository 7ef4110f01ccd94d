"""Networks that answer for a bag of tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from tamiz.models.mil import MilOptions

_TILES_AT_ONCE: Final = 4096
_SHARPER_VALUE: Final = 3.0  # found on drawn slides, benchmarks/bench_mil.py
_SHARPER_WEIGHT: Final = 5.0


class BagNet(nn.Module):
    """Scores of slides from their tiles: each tile described, the tiles pooled, one dense layer.

    With h = relu(W x) of each tile, the slide is z = sum of a h, and its scores are dense(z):

    - 'attention': a = softmax over the slide's tiles of w . (tanh(V h) * sigmoid(U h));
    - 'mean': a = 1 / number of tiles;
    - 'plain-mean': likewise, and h = x.

    Source: gated attention as in Ilse, Tomczak, Welling, "Attention-based deep multiple instance
    learning", ICML 2018, equations 7 to 9.
    """

    def __init__(self, n_features: int, n_classes: int, options: MilOptions) -> None:
        super().__init__()
        is_plain = options.pooling == "plain-mean"
        width = n_features if is_plain else options.hidden
        self.hidden = None if is_plain else nn.Linear(n_features, width)
        self.gated = self.weight = None
        if options.pooling == "attention":
            self.gated = nn.Linear(width, 2 * options.attention)  # V above U: one product for both
            self.weight = nn.Linear(options.attention, 1, bias=False)  # softmax forgets a bias
            _sharpen(self.gated, self.weight)
        self.head = nn.Linear(width, n_classes)
        self._dropout = options.dropout

    def describe(self, tiles: Tensor) -> Tensor:
        """Return (..., width): what the network sees in each of (..., features) tiles."""
        return tiles if self.hidden is None else torch.relu(self.hidden(tiles))

    def interest(self, described: Tensor) -> Tensor:
        """Return (...): how much each described tile is to count, before softmax."""
        if self.gated is None or self.weight is None:
            return described.new_zeros(described.shape[:-1])
        value, gate = self.gated(described).chunk(2, dim=-1)
        made: Tensor = self.weight(torch.tanh(value) * torch.sigmoid(gate)).squeeze(-1)
        return made

    def forward(self, tiles: Tensor, is_tile: Tensor) -> Tensor:
        """Return (slides, classes) scores.

        Args:
            tiles: (slides, places, features), standardised.
            is_tile: (slides, places) bool; False where a slide has fewer tiles than places. Each
                slide has a tile at least.
        """
        described = self._thinned(self.describe(tiles))
        interest = self.interest(described).masked_fill(~is_tile, -torch.inf)
        share = torch.softmax(interest, dim=1)
        pooled = torch.bmm(share.unsqueeze(1), described).squeeze(1)
        scores: Tensor = self.head(pooled)
        return scores

    @torch.inference_mode()
    def look(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        """Return float64 (classes,) scores of one slide, and (tiles,) how much each tile counted.

        Tiles are described in float32, some thousands at once, and pooled in float64.
        """
        described = [self.describe(chunk) for chunk in torch.split(tiles, _TILES_AT_ONCE)]
        share = torch.softmax(torch.cat([self.interest(one) for one in described]).double(), dim=0)
        pooled = (share[:, None] * torch.cat(described)).sum(dim=0)
        return self.head.weight.double() @ pooled + self.head.bias.double(), share

    @torch.inference_mode()
    def without_each(self, tiles: Tensor) -> Tensor:
        """Return float64 (tiles, classes): the slide's scores when that one tile is hidden.

        With e = exp(interest), the mean without tile i is (sum e h - e_i h_i) / (sum e - e_i).
        Of a slide of a single tile nothing would be left: its own scores stand.
        """
        described = [self.describe(chunk) for chunk in torch.split(tiles, _TILES_AT_ONCE)]
        share = torch.softmax(torch.cat([self.interest(one) for one in described]).double(), dim=0)
        weighted = share[:, None] * torch.cat(described)
        rest = weighted.sum(dim=0) - weighted
        left = (1 - share)[:, None]
        pooled = torch.where(left > 1e-9, rest / left.clamp(min=1e-9), weighted.sum(dim=0))
        return pooled @ self.head.weight.double().T + self.head.bias.double()

    def _thinned(self, described: Tensor) -> Tensor:
        """Drop whole channels of a slide: what is dropped tile by tile averages out in pooling."""
        if not self.training or self._dropout == 0:
            return described
        keep = 1 - self._dropout
        shape = (len(described), 1, described.shape[-1])
        kept = torch.bernoulli(torch.full(shape, keep)) / keep
        return described * kept


@torch.no_grad()
def _sharpen(gated: nn.Linear, weight: nn.Linear) -> None:
    """Let first attention differ between tiles.

    From usual first weights all tiles count nearly alike, and what a rare tile shows is lost in
    the mean until the network has learnt the training slides by heart.
    """
    gated.weight[: len(gated.weight) // 2].mul_(_SHARPER_VALUE)
    weight.weight.mul_(_SHARPER_WEIGHT)
