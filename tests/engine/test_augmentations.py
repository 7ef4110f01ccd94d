"""Augmentations: the same numbers give the same bytes in any batch, and known truths hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.engine.augment.blur import Blur
from tamiz.engine.augment.colour import Colour
from tamiz.engine.augment.composed import _MADE, RandAugment, TrivialAugment
from tamiz.engine.augment.crop import Crop
from tamiz.engine.augment.elastic import Elastic
from tamiz.engine.augment.erase import Erase
from tamiz.engine.augment.flip import Flip
from tamiz.engine.augment.noise import Noise, SaltPepper
from tamiz.engine.augment.noise_bits import noise_normals, noise_uniforms, noise_words
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.registry import AUGMENTATIONS
from tamiz.engine.augment.rotate import Rotate
from tamiz.engine.augment.shift import Shift
from tamiz.engine.augment.stain import Stain
from tamiz.engine.augment.tones import Brightness, Contrast
from tamiz.engine.augment.zoom import Zoom
from tamiz.engine.keyed import item_keys_of, keyed_uniforms

CHANGES = [name for name in AUGMENTATIONS.names() if not hasattr(AUGMENTATIONS.get(name), "mix")]
IDLE = [
    Flip(0.0),
    Shift(0.0),
    Crop(1.0),
    Erase(0.0, 1.0),
    Stain(0.0, 0.0),
    Rotate(0.0),
    Zoom(0.0),
    Brightness(0.0),
    Contrast(0.0),
    Colour(0.0, 0.0),
    Blur(0.0, 1.0),
    SaltPepper(0.0, 1.0),
    Noise(0.0, 1.0),
    Elastic(0.0, probability=1.0),
    RandAugment(strength=0.0, only=["rotate", "zoom", "shift", "brightness", "noise", "blur"]),
]
NEVER = [
    Flip(0.0), Erase(0.3, 0.0), Rotate(90.0, probability=0.0), Zoom(0.5, 0.0), Brightness(0.5, 0.0),
    Contrast(0.5, 0.0), Colour(0.5, 90.0, 0.0), Blur(2.0, 0.0), SaltPepper(0.5, 0.0),
    Noise(50.0, 0.0), Elastic(probability=0.0),
]  # fmt: skip
seeds = st.integers(0, 2**32 - 1)


def batch(n, channels=3, height=9, width=7, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 256, (n, height, width, channels))
    return torch.from_numpy(drawn.astype(np.uint8)).permute(0, 3, 1, 2)


def uniforms(n, part, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).random((n, part.n_uniforms)))


def numbers(*rows):
    return torch.tensor(rows, dtype=torch.float64)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("channels", [1, 3])
@settings(max_examples=12)
@given(seed=seeds, n=st.integers(1, 6), height=st.integers(1, 14), width=st.integers(1, 14))
def test_every_augmentation_keeps_shape_type_and_input(name, channels, seed, n, height, width):
    images = batch(n, channels, height, width, seed % 7)
    part: Any = AUGMENTATIONS.get(name)()
    before = images.clone()
    made = part(images, uniforms(n, part, seed))
    assert torch.equal(images, before), "the input was changed"
    assert made.shape == images.shape
    assert made.dtype == torch.uint8


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("channels", [1, 3])
@settings(max_examples=10)
@given(seed=seeds, order=st.permutations(range(13)), cut=st.integers(1, 12))
def test_an_augmented_image_does_not_depend_on_its_company(name, channels, seed, order, cut):
    pipeline, images = Pipeline([{"name": name}]), batch(13, channels, 11, 13)
    keys = item_keys_of([f"i{number}" for number in range(13)])

    def changed(at):
        drawn = keyed_uniforms(seed, 2, keys[at], pipeline.n_uniforms)
        return pipeline(images[torch.tensor(at)], torch.from_numpy(drawn))

    together = changed(list(range(13)))
    apart = torch.cat([changed(order[:cut]), changed(order[cut:])])
    assert torch.equal(apart, together[torch.tensor(order)])
    assert torch.equal(changed(list(range(13))), together)


@pytest.mark.parametrize("part", [*IDLE, *NEVER], ids=repr)
@pytest.mark.parametrize("channels", [1, 3])
def test_without_strength_or_chance_nothing_changes(part, channels):
    images = batch(9, channels, 10, 10)
    assert torch.equal(part(images, uniforms(9, part)), images)


@pytest.mark.parametrize("name", CHANGES)
def test_every_augmentation_changes_something_at_its_defaults(name):
    part: Any = AUGMENTATIONS.get(name)()
    images = batch(40, 3, 12, 12)
    assert not torch.equal(part(images, uniforms(40, part)), images)


@pytest.mark.parametrize("axis", ["horizontal", "vertical"])
def test_flipping_twice_gives_the_image_back_and_once_the_mirror_image(axis):
    images, always = batch(5), torch.zeros(5, 1, dtype=torch.float64)
    once = Flip(1.0, axis)(images, always)
    assert torch.equal(once, images.flip(3 if axis == "horizontal" else 2))
    assert torch.equal(Flip(1.0, axis)(once, always), images)


@pytest.mark.parametrize("angle", [90, -90, 180, 270, -270, 360])
@pytest.mark.parametrize("side", [1, 2, 7, 28, 224, 511])
def test_a_quarter_turn_is_exactly_rot90(angle, side):
    images = batch(2, 3, side, side)
    turned = Rotate(angles=[angle])(images, numbers([0.3, 0], [0.9, 0]))
    expected = np.rot90(images.numpy(), angle // 90, axes=(2, 3))
    assert np.array_equal(turned.numpy(), expected)


def test_angles_are_drawn_from_the_list_and_degrees_from_the_range():
    images = batch(400, 1, 8, 8)[:1].expand(400, -1, -1, -1)
    part = Rotate(angles=[0, 90])
    made = part(images, uniforms(400, part))
    quarter = torch.from_numpy(np.rot90(images[0].numpy(), 1, axes=(1, 2)).copy())
    is_turned = torch.tensor([torch.equal(one, quarter) for one in made])
    is_kept = torch.tensor([torch.equal(one, images[0]) for one in made])
    assert bool((is_turned | is_kept).all())
    assert 150 < int(is_turned.sum()) < 250


def test_a_disc_in_the_middle_stays_where_it_is_when_turned():
    yy, xx = np.mgrid[:41, :41] - 20
    disc = torch.from_numpy((np.hypot(yy, xx) < 12).astype(np.uint8) * 200)[None, None]
    turned = Rotate(180.0)(disc, numbers([0.63, 0]))
    away = (turned.int() - disc.int()).abs()
    assert int((away > 0).sum()) < 110  # only its rim (2 pi 12 = 75 long) is blended
    assert torch.equal(turned[..., 14:27, 14:27], disc[..., 14:27, 14:27])


def test_zoom_scales_lengths_about_the_middle():
    image = torch.zeros(1, 1, 60, 60, dtype=torch.uint8)
    image[..., 20:40, 25:35] = 255
    larger = Zoom(0.5)(image, numbers([0.9999999, 0]))
    assert float(larger.float().sum()) == pytest.approx(255 * 200 * 1.5**2, rel=0.01)
    smaller = Zoom(0.5)(image, numbers([0.0, 0]))
    assert float(smaller.float().sum()) == pytest.approx(255 * 200 * 0.5**2, rel=0.01)
    rows = (larger[0, 0, :, 30] > 127).nonzero()[:, 0]
    assert (int(rows.min()), int(rows.max())) == (15, 44)


@pytest.mark.parametrize("fill", ["edge", "reflect"])
@pytest.mark.parametrize("kind", [Rotate, Zoom, Elastic])
def test_a_flat_image_stays_flat_where_nothing_black_comes_in(kind, fill):
    flat = torch.full((4, 3, 11, 13), 77, dtype=torch.uint8)
    part = kind(probability=1.0, fill=fill)
    assert torch.equal(part(flat, uniforms(4, part)), flat)


def test_brightness_multiplies_and_contrast_keeps_the_mean():
    images = torch.tensor([[100, 50, 200, 0]], dtype=torch.uint8).reshape(1, 1, 2, 2)
    brighter = Brightness(0.4)(images, numbers([0.75, 0]))
    assert brighter.flatten().tolist() == [120, 60, 240, 0]
    assert Brightness(1.0)(images, numbers([0.0, 0])).max() == 0
    inner = torch.tensor([[100, 120, 140, 80]], dtype=torch.uint8).reshape(1, 1, 2, 2)
    softer = Contrast(0.5)(inner, numbers([0.0, 0]))
    assert softer.flatten().tolist() == [105, 115, 125, 95]
    assert int(Contrast(1.0)(inner, numbers([0.0, 0])).float().std()) == 0


def test_colour_leaves_grey_alone_and_keeps_brightness():
    grey = batch(4, 1, 6, 6).expand(-1, 3, -1, -1)
    part = Colour(0.5, 60.0)
    assert torch.equal(part(grey, uniforms(4, part)), grey)
    mild = (batch(4, 3, 6, 6).float() * 0.2 + 100).to(torch.uint8)
    made = part(mild, uniforms(4, part))
    luma = torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]
    assert not torch.equal(made, mild)
    away = ((made.float() - mild.float()) * luma).sum(1).abs().max()
    assert away < 1.0  # rounding of three channels


def test_without_saturation_everything_is_grey_and_half_a_turn_swaps_hues():
    red = torch.tensor([200, 100, 100], dtype=torch.uint8).reshape(1, 3, 1, 1)
    dull = Colour(1.0, 0.0)(red, numbers([0.0, 0.5, 0]))
    assert dull.flatten().tolist() == [130, 130, 130]
    other = Colour(0.0, 180.0)(red, numbers([0.5, 0.0, 0])).flatten().tolist()
    assert other == [60, 160, 160]


def test_blur_is_a_gaussian_and_keeps_the_sum():
    dot = torch.zeros(1, 1, 41, 41, dtype=torch.uint8)
    dot[..., 20, 20] = 255
    wide = dot.expand(1, 3, 41, 41).clone()
    wide[..., 18:23, 18:23] = 255
    made = Blur(2.0, 1.0)(wide, numbers([0.9999, 0]))[0, 0].double()
    at = torch.arange(41).double() - 20
    spread = float((made.sum(0) * at**2).sum() / made.sum())
    assert spread == pytest.approx(2.0 + 4.0, rel=0.06)  # variances of box and Gaussian add up
    assert float(made.sum()) == pytest.approx(25 * 255, rel=0.01)
    assert float((made - made.T).abs().max()) <= 1
    flat = torch.full((2, 3, 9, 9), 255, dtype=torch.uint8)
    assert torch.equal(Blur(3.0, 1.0)(flat, numbers([0.5, 0], [0.99, 0])), flat)


def test_noise_is_normal_with_the_strength_that_was_drawn():
    flat = torch.full((3, 1, 100, 100), 128, dtype=torch.uint8)
    made = Noise(20.0, 1.0)(flat, numbers([0.1, 0, 0.5], [0.2, 0, 1 - 2**-53], [0.3, 0, 0.25]))
    away = made.double() - 128
    assert away.std(dim=(1, 2, 3)).tolist() == pytest.approx([10, 20, 5], rel=0.03)
    assert float(away.mean(dim=(1, 2, 3)).abs().max()) < 0.6
    pairs = np.corrcoef(away.reshape(3, -1).numpy()) - np.eye(3)
    assert abs(pairs).max() < 0.05


def test_salt_and_pepper_hit_the_share_that_was_drawn_in_all_channels_at_once():
    flat = torch.full((1, 3, 200, 200), 90, dtype=torch.uint8)
    made = SaltPepper(0.2, 1.0)(flat, numbers([0.77, 0, 0.5]))[0]
    assert float((made == 0).double().mean()) == pytest.approx(0.05, abs=0.005)
    assert float((made == 255).double().mean()) == pytest.approx(0.05, abs=0.005)
    assert torch.equal(made[0], made[2])
    assert set(made.unique().tolist()) == {0, 90, 255}


def test_random_words_are_uniform_and_independent_between_places_and_images():
    keys = torch.arange(60, dtype=torch.float64) * 2.0**-53  # the worst keys there are
    drawn = noise_uniforms(keys, 4000)
    counts = np.histogram(drawn.numpy(), bins=20, range=(0, 1))[0]
    assert abs(counts - 12_000).max() < 550  # 5 standard deviations
    images = np.corrcoef(drawn.numpy()) - np.eye(60)
    assert abs(images).max() < 0.085
    shifted = np.corrcoef(drawn[:, 1:].flatten(), drawn[:, :-1].flatten())[0, 1]
    assert abs(shifted) < 0.011
    assert torch.equal(noise_words(keys[3:4], 500), noise_words(keys, 4000)[3:4, :500])
    normals = noise_normals(keys, 4001).double()
    assert normals.shape == (60, 4001)
    assert float(normals.std()) == pytest.approx(1, abs=0.01)
    assert float((normals**4).mean()) == pytest.approx(3, abs=0.1)


def test_elastic_moves_nothing_farther_than_its_fraction():
    ramp = torch.arange(100, dtype=torch.uint8).expand(1, 1, 100, 100)  # a value tells its column
    part = Elastic(0.05, probability=1.0)
    moved = torch.cat([part(ramp, numbers([u, 0])) for u in (0.1, 0.4, 0.7)]).int() - ramp.int()
    assert 1.5 <= float(moved.abs().max()) <= 5
    assert float((moved[..., 1:] - moved[..., :-1]).abs().max()) <= 1  # smooth


def test_rand_augment_applies_what_it_is_told_to_draw_from():
    images = batch(6, 3, 12, 12)
    drawn = uniforms(6, RandAugment())
    one = RandAugment(n_parts=1, strength=1.0, only=["brightness"])(images, drawn)
    assert torch.equal(one, Brightness(0.5)(images, drawn[:, 1:3]))
    twice = RandAugment(n_parts=2, strength=1.0, only=["brightness"])(images, drawn)
    assert torch.equal(twice, Brightness(0.5)(one, drawn[:, 5:7]))


def test_composed_augmentations_draw_each_part_for_some_images():
    n, part = 360, TrivialAugment()
    images = batch(n, 3, 12, 12)
    made = part(images, uniforms(n, part))
    changed = (made != images).flatten(1).any(1)
    assert 0.8 < float(changed.double().mean()) < 0.97  # one draw of twelve leaves it as it is
    assert all(make(1.0).n_uniforms <= 3 for make in _MADE.values())
    assert "flip" not in _MADE


@pytest.mark.parametrize("name", ["rand_augment", "trivial_augment"])
def test_an_unknown_part_is_refused_and_the_known_ones_are_named(name):
    with pytest.raises(WrongUse) as error:
        Pipeline([{"name": name, "only": ["blur", "flip"]}])
    assert "flip is not among the augmentations to draw from" in str(error.value)
    assert "rotate" in str(error.value)


def test_wrong_angles_are_refused():
    with pytest.raises(WrongUse) as error:
        Pipeline([{"name": "rotate", "angles": [0, 400]}])
    assert "400" in str(error.value)
