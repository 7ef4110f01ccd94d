"""Stain augmentation: what it changes, what it leaves, and that every batch gives the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.stain import _STAINS, Stain, _density_table

seeds = st.integers(0, 2**32 - 1)


def noise(n, seed=0, height=7, width=9):
    drawn = np.random.default_rng(seed).integers(0, 256, (n, 3, height, width))
    return torch.from_numpy(drawn.astype(np.uint8))


def stained(haematoxylin, eosin):
    """Return (1, 3, 8, 8): white at the left, at the right a mixture of the stains."""
    stains = np.array(_STAINS)
    values = 256 * np.exp(-(haematoxylin * stains[0] + eosin * stains[1])) - 1
    pixels = np.full((1, 3, 8, 8), 255, np.uint8)
    pixels[..., 4:] = np.rint(values)[None, :, None, None]
    return torch.from_numpy(pixels)


def concentrations_of(images):
    """Return haematoxylin and eosin of the lower right pixel of the first image."""
    densities = -np.log((images[0, :, -1, -1].numpy() + 1.0) / 256)
    return densities @ np.linalg.pinv(np.array(_STAINS))


def middle(n):
    return torch.full((n, 4), 0.5, dtype=torch.float64)


@given(seeds, st.integers(1, 5))
def test_the_middle_of_the_range_gives_the_images_back(seed, n):
    images = noise(n, seed)
    assert torch.equal(Stain(0.5, 0.5)(images, middle(n)), images)


@given(seeds)
def test_no_strength_gives_the_images_back_whatever_is_drawn(seed):
    images = noise(3, seed)
    drawn = torch.from_numpy(np.random.default_rng(seed).random((3, 4)))
    assert torch.equal(Stain(0.0, 0.0)(images, drawn), images)


@pytest.mark.parametrize(("uniform", "factor"), [(0.0, 0.8), (0.75, 1.1), (1 - 1e-12, 1.2)])
@pytest.mark.parametrize("which", [0, 1])
def test_one_stain_is_multiplied_and_the_other_stays(which, uniform, factor):
    drawn = middle(1)
    drawn[0, which] = uniform
    expected = np.array([0.9, 0.7])
    expected[which] *= factor
    made = Stain(alpha=0.2, beta=0.0)(stained(0.9, 0.7), drawn)
    assert concentrations_of(made) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("which", [0, 1])
def test_a_shift_adds_to_one_stain_and_leaves_white_white(which):
    drawn = middle(1)
    drawn[0, 2 + which] = 1 - 1e-12
    expected = np.array([0.9, 0.7])
    expected[which] += 0.3
    made = Stain(alpha=0.0, beta=0.3)(stained(0.9, 0.7), drawn)
    assert concentrations_of(made) == pytest.approx(expected, abs=0.02)
    assert (made[..., :4] == 255).all()


@given(seeds, st.floats(0, 0.9), st.floats(0, 1))
def test_nothing_gets_brighter_than_the_image_was_and_the_strongest_change_overflows_not(
    seed, alpha, beta
):
    images = noise(4, seed)
    corners = torch.from_numpy(np.random.default_rng(seed).integers(0, 2, (4, 4)) * (1 - 1e-12))
    made = Stain(alpha, beta)(images, corners)
    assert made.dtype == torch.uint8
    assert (made.amax(dim=(1, 2, 3)) <= images.amax(dim=(1, 2, 3))).all()
    assert made.shape == images.shape


def test_more_of_both_stains_is_darker_everywhere():
    images = stained(0.9, 0.7)
    more = Stain(0.9, 1.0)(images, torch.full((1, 4), 1 - 1e-12, dtype=torch.float64))
    assert (more[..., 4:] < images[..., 4:]).all()
    black = torch.zeros_like(images)
    assert torch.equal(Stain()(black, middle(1)), black)


def test_a_colour_that_is_neither_stain_keeps_its_rest():
    images = stained(0.4, 0.4)
    images[0, 2, :, 4:] = 20  # far more blue held back than the stains do
    drawn = torch.tensor([[0.9, 0.2, 0.7, 0.3]], dtype=torch.float64)
    across = np.cross(*np.array(_STAINS))
    made = Stain(0.1, 0.02)(images, drawn)
    table = _density_table().numpy()
    before, after = (table[one[0, :, -1, -1].numpy()] @ across for one in (images, made))
    assert after == pytest.approx(before, rel=0.02)


@pytest.mark.parametrize("value", [0, 90, 255])
def test_a_flat_image_counts_as_light_and_stays(value):
    flat = torch.full((2, 3, 5, 5), value, dtype=torch.uint8)
    assert torch.equal(Stain()(flat, torch.rand(2, 4, dtype=torch.float64)), flat)


def test_grey_images_stay():
    grey = noise(2)[:, :1]
    assert torch.equal(Stain()(grey, torch.rand(2, 4, dtype=torch.float64)), grey)


@given(seeds, st.permutations(range(8)), st.integers(1, 7))
def test_an_image_does_not_depend_on_its_batch(seed, order, cut):
    images = noise(8, seed, height=13, width=11)
    drawn = torch.from_numpy(np.random.default_rng(seed).random((8, 4)))
    together, at = Stain()(images, drawn), torch.tensor(list(order))
    apart = [Stain()(images[part], drawn[part]) for part in (at[:cut], at[cut:])]
    assert torch.equal(torch.cat(apart), together[at])


def test_the_bytes_never_change():
    drawn = torch.tensor([[0.1, 0.9, 0.7, 0.2]], dtype=torch.float64)
    made = Stain()(stained(0.8, 0.5), drawn)
    assert made[0, :, 0, -1].tolist() == [156, 90, 197]


def test_the_recipe_names_it_and_its_limits():
    assert Pipeline([{"name": "stain", "alpha": 0.3}]).n_uniforms == 4
    with pytest.raises(WrongUse, match="alpha"):
        Pipeline([{"name": "stain", "alpha": 2}])
