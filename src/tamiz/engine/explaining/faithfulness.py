"""Is a map true? What the network says as parts of the image go in the map's order, and by lot.

Deletion and insertion of Petsiuk et al. 2018 ("RISE", BMVC, section 3.3) on a grid of patches, and
the test of Adebayo et al. 2018 ("Sanity checks for saliency maps", NeurIPS): does the map change
when the network has learnt nothing?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamiz.core.seeds import derive_seed
from tamiz.engine.explaining.registry import Explainer
from tamiz.engine.explaining.subject import Subject
from tamiz.metrics.maps import area_under, patch_means, spearman
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.nets.columns import ColumnsNet
from tamiz.models.nets.described import DescribedNet
from tamiz.models.nets.heads import NearestHead

GRID: Final = 8  # patches on a side
STEPS: Final = 8
N_ORDERS: Final = 20
N_RANDOM_NETS: Final = 3


@dataclass(frozen=True, slots=True)
class Curves:
    """How the probability of a class goes as patches are taken away, or put in.

    Attributes:
        deletion: (steps + 1,), from the whole image to nothing, the map's highest patches first.
        insertion: (steps + 1,), from nothing to the whole image.
        random: (orders, 2, steps + 1), deletion in orders drawn by lot and in their reverse; read
            backwards, insertion.
    """

    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]
    random: NDArray[np.float64]

    @property
    def separation(self) -> float:
        """Return area under insertion less area under deletion; 0 for an order by lot."""
        return float(area_under(self.insertion) - area_under(self.deletion))

    @property
    def random_separations(self) -> NDArray[np.float64]:
        """Return (2 * orders,), the separation of each order by lot and of its reverse.

        Putting in by an order is taking away by its reverse, seen backwards; so the two have the
        same separation but for the sign.
        """
        areas = area_under(self.random)
        made = areas[:, 1] - areas[:, 0]
        return np.concatenate([made, -made])

    @property
    def contrast(self) -> float:
        """Return by how much the whole image is more probable than nothing."""
        return float(self.deletion[0] - self.deletion[-1])


def curves_of(
    subjects: list[tuple[Subject, NDArray[np.uint8]]],
    order_by: NDArray[np.float64],
    target: int,
    *,
    key: str,
    n_orders: int = N_ORDERS,
) -> Curves:
    """Return the curves of one map.

    Args:
        subjects: the networks, each with the image as it reads it; their mean is asked.
        order_by: (height, width), the map.
        target: class number.
        key: what the random orders are drawn by; the same for the same image.
        n_orders: how many orders by lot.
    """
    rows, columns, _ = subjects[0][0].shape
    grid = (min(GRID, rows), min(GRID, columns))
    n = grid[0] * grid[1]
    best = np.argsort(-patch_means(order_by, grid).ravel(), kind="stable")
    rng = np.random.default_rng(derive_seed("explain", key))
    orders = [best, best[::-1]]
    for _ in range(n_orders):
        drawn = rng.permutation(n)
        orders += [drawn, drawn[::-1]]
    cuts = np.unique(np.round(np.linspace(0, n, STEPS + 1)).astype(np.int64))
    gone = np.zeros((len(orders), len(cuts), n), dtype=np.bool_)
    for number, order in enumerate(orders):
        for step, cut in enumerate(cuts.tolist()):
            gone[number, step, order[:cut]] = True
    flat = gone.reshape(-1, *grid)
    found = np.mean(
        [
            subject.probabilities(_without(pixels, flat, subject))[:, target]
            for subject, pixels in subjects
        ],
        axis=0,
    ).reshape(len(orders), len(cuts))
    return Curves(found[0], found[1][::-1].copy(), found[2:].reshape(n_orders, 2, len(cuts)))


def _without(
    pixels: NDArray[np.uint8], gone: NDArray[np.bool_], subject: Subject
) -> NDArray[np.uint8]:
    """Return (n, height, width, channels), the image with patches in the baseline's colour."""
    height, width, _ = subject.shape
    rows = np.arange(height) * gone.shape[1] // height
    columns = np.arange(width) * gone.shape[2] // width
    is_gone = gone[:, rows][:, :, columns]
    fill = np.asarray(subject.fill, dtype=np.uint8)
    return np.where(is_gone[..., np.newaxis], fill, pixels)


def random_subjects(bundle: Bundle, subject: Subject, n: int = N_RANDOM_NETS) -> list[Subject]:
    """Return the same network with weights that were never trained, `n` times, keyed by number.

    Every layer is drawn as for a new training. Heads, which begin at 0 there, are drawn like any
    dense layer, or all maps would be empty; a head that remembers training rows, or was fitted at
    once, keeps what it knows. Descriptors have no weights: there each column is read in another's
    place, so that what was learnt of the columns is worthless.
    """
    return [
        Subject.of(bundle, subject.how, _random_net(bundle, subject, number)) for number in range(n)
    ]


def _random_net(bundle: Bundle, subject: Subject, number: int) -> nn.Module:
    seed = derive_seed("explain", "random weights", number)
    made = build_network(
        bundle.model, bundle.options, bundle.shape, mean=bundle.mean, std=bundle.std, seed=seed
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for part in made.modules():
            if isinstance(part, nn.Linear):
                part.reset_parameters()
    trained = dict(subject.net.named_modules())
    for name, part in made.named_modules():
        if isinstance(part, (NearestHead, ColumnsNet)):
            part.load_state_dict(trained[name].state_dict())
        if isinstance(part, DescribedNet):
            order = np.random.default_rng(seed).permutation(len(part.columns))
            part.mix_up(torch.from_numpy(order))
    return made.eval().requires_grad_(False)  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class Randomised:
    """A map beside those of the same network with random weights.

    Attributes:
        correlation: mean rank correlation with those maps, -1 to 1; with their signs, since a
            place that stands out may weigh for the class by chance, or against it.
        separations: (networks,), what `Curves.separation` is for each of them and its own map.
    """

    correlation: float
    separations: tuple[float, ...]


def against_random_weights(
    explainer: Explainer,
    randoms: list[Subject],
    pixels: NDArray[np.uint8],
    values: NDArray[np.float64],
    target: int,
) -> Randomised:
    """Return how a map compares with those of networks that learnt nothing."""
    correlations, separations = [], []
    for subject in randoms:
        made = explainer.explain(subject, pixels, target).values
        correlations.append(spearman(values, made))
        curves = curves_of([(subject, pixels)], made, target, key="", n_orders=0)
        separations.append(curves.separation)
    return Randomised(float(np.mean(correlations)), tuple(separations))
