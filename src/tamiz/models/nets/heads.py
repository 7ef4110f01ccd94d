"""What stands on a network's pooled features and gives the scores."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, one_hot, pad

_ALIGNMENT = 16  # float32 numbers in 64 bytes: see engine.infer
_NEAR = 0.07  # how fast a neighbour's vote fades with its cosine; Wu et al. 2018, arXiv 1805.01978


def make_head(
    kind: str, n_features: int, n_classes: int, hidden: int, dropout: float, n_rows: int = 0
) -> nn.Module:
    """Return a new head: (n, features) to (n, classes) scores.

    Args:
        kind: 'linear', 'mlp' (one hidden layer), 'logistic' (a linear one, to be fitted) or 'knn'.
        n_features: of the frozen network.
        n_classes: scores of a row.
        hidden: width of the hidden layer of 'mlp'.
        dropout: share of features without which 'linear' and 'mlp' do in a training step.
        n_rows: training rows that 'knn' remembers; 0 before it is fitted.
    """
    if kind == "knn":
        return NearestHead(n_features, n_classes, n_rows)
    layers: list[nn.Module] = [nn.Dropout(dropout)] if dropout > 0 and kind != "logistic" else []
    if kind == "mlp":
        layers += [nn.Linear(n_features, hidden), nn.ReLU(inplace=True)]
        if dropout > 0:
            layers.append(nn.Dropout(dropout))
        n_features = hidden
    last = nn.Linear(n_features, n_classes)
    nn.init.zeros_(last.weight)  # features may be large: a head that knows nothing says so
    nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, last) if layers else last


class NearestHead(nn.Module):
    """The k nearest training rows vote, near ones more, after Wu et al. 2018 (arXiv 1805.01978).

    Rows are centred and brought to length 1, so that nearness is the cosine. The votes' shares,
    smoothed, are the probabilities; scores are their logarithms (for several labels per image:
    their log odds). It remembers rows as float16, in a number that `n_rows` tells.
    """

    centre: Tensor
    rows: Tensor
    votes: Tensor
    n_nearest: Tensor
    smoothing: Tensor
    is_multi_label: Tensor

    def __init__(self, n_features: int, n_classes: int, n_rows: int = 0) -> None:
        super().__init__()
        self.n_features, self.n_rows = n_features, n_rows
        wide = (_up(n_rows), _up(n_features))
        self.register_buffer("centre", torch.zeros(n_features))
        self.register_buffer("rows", torch.zeros(wide, dtype=torch.float16))
        self.register_buffer("votes", torch.zeros(wide[0], n_classes, dtype=torch.uint8))
        self.register_buffer("n_nearest", torch.tensor(1))
        self.register_buffer("smoothing", torch.tensor(1.0))
        self.register_buffer("is_multi_label", torch.tensor(False))  # noqa: FBT003
        self._exact: Tensor | None = None
        self.register_load_state_dict_post_hook(_forget_exact)  # type: ignore[no-untyped-call]

    def remember(self, features: Tensor, targets: Tensor) -> None:
        """Take training rows as those that vote.

        Args:
            features: (n, features) float32.
            targets: (n,) class numbers, or (n, classes) 0 or 1 for several labels per image.
        """
        self.n_rows = len(features)
        self.is_multi_label = torch.tensor(targets.ndim == 2)
        votes = targets if targets.ndim == 2 else one_hot(targets, self.votes.shape[1])
        self.votes = pad(votes.to(torch.uint8), (0, 0, 0, _up(self.n_rows) - self.n_rows))
        self.centre = features.double().mean(0).float()
        near = normalize(features.float() - self.centre)
        missing = (0, _up(self.n_features) - self.n_features, 0, len(self.votes) - self.n_rows)
        self.rows = pad(near.half(), missing)
        self._exact = None

    def forget_exact(self) -> None:
        """Drop the float32 copy of the rows; made again when it is needed."""
        self._exact = None

    def nearest(self, features: Tensor, n: int) -> tuple[Tensor, Tensor]:
        """Return cosines and numbers, (batch, n) each, of the `n` nearest rows, nearest first."""
        if self._exact is None or self._exact.device != self.rows.device:
            self._exact = self.rows.float()
        own = normalize(features.float() - self.centre)
        own = pad(own, (0, self._exact.shape[1] - self.n_features))
        cosines = nn.functional.linear(own, self._exact)[:, : self.n_rows]
        made: tuple[Tensor, Tensor] = torch.topk(cosines, min(n, self.n_rows), dim=1)
        return made

    def shares(self, cosines: Tensor, rows: Tensor, smoothing: Tensor) -> Tensor:
        """Return (batch, classes) probabilities from the nearest rows' cosines and numbers."""
        weights = torch.exp((cosines - cosines[:, :1]) / _NEAR)
        votes = (weights[:, :, None] * self.votes[rows].float()).sum(1)
        parts = 2 if self.is_multi_label else votes.shape[1]
        return (votes + smoothing / parts) / (weights.sum(1, keepdim=True) + smoothing)

    def forward(self, features: Tensor) -> Tensor:
        """Return (batch, classes) log probabilities, or log odds for several labels per image."""
        cosines, rows = self.nearest(features, int(self.n_nearest))
        shares = self.shares(cosines, rows, self.smoothing)
        return torch.logit(shares) if self.is_multi_label else shares.log()


def _forget_exact(head: nn.Module, _keys: object) -> None:
    if isinstance(head, NearestHead):
        head.forget_exact()


def _up(n: int) -> int:
    return n + -n % _ALIGNMENT
