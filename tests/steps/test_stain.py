"""Stain normalisation: measured stains, colours made alike, tiles that have nothing to measure."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn_arrays

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.data.image import Image
from tamiz.steps.apply import build_steps, steps_to_tables
from tamiz.steps.macenko import Macenko
from tamiz.steps.optical_density import angle_between, densities_of, pixels_of
from tamiz.steps.reinhard import Reinhard

STEPS = [Macenko(min_tissue_px=3), Reinhard(min_tissue_px=3)]
LABORATORY_A = np.array([[0.65, 0.70, 0.29], [0.18, 0.90, 0.40]])
LABORATORY_B = np.array([[0.50, 0.72, 0.48], [0.25, 0.75, 0.61]])

tiles = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda size: drawn_arrays.arrays(np.uint8, (*size, 3))
)
stain_pairs = st.tuples(
    st.floats(0.45, 0.75), st.floats(0.25, 0.50), st.floats(0.0, 0.25), st.floats(0.25, 0.60)
)


def concentrations(side=96, seed=0):
    """Return (side, side, 2): nuclei on pink tissue, a fifth of it without either stain."""
    rng = np.random.default_rng(seed)
    made = np.stack([rng.gamma(2.0, 0.4, (side, side)), rng.gamma(4.0, 0.2, (side, side))], axis=2)
    kind = rng.random((side, side))
    made[kind < 0.4, 0] = 0  # cytoplasm: eosin only
    made[(kind >= 0.4) & (kind < 0.5), 1] = 0
    made[kind > 0.8] = 0
    return made


def stained(vectors, shares, background=240):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    values = (background + 1) * np.exp(-(shares @ unit)) - 1
    return Image(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def distance(one, other):
    return np.abs(one.pixels.astype(float) - other.pixels).mean()


def degrees(one, other):
    return math.degrees(angle_between(np.stack([one, other])))


@pytest.mark.parametrize("background", [200, 240, 255])
def test_densities_and_back_give_every_value_back(background):
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(pixels_of(densities_of(values, background), background), values)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@given(pixels=tiles)
def test_any_tile_gives_a_tile_of_that_size_and_stays_itself_untouched(step, pixels):
    before = pixels.copy()
    made = step(Image(pixels)).pixels
    assert made.dtype == np.uint8
    assert made.shape == pixels.shape
    assert np.array_equal(pixels, before)
    assert np.array_equal(step(Image(pixels)).pixels, made)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@given(
    colour=st.tuples(*[st.integers(0, 255)] * 3), height=st.integers(1, 20), width=st.integers(1, 9)
)
def test_a_tile_of_one_colour_is_unchanged(step, colour, height, width):
    image = Image(np.full((height, width, 3), colour, np.uint8))
    assert step(image) is image


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_grey_values_in_three_channels_are_unchanged(step):
    grey = np.random.default_rng(0).integers(0, 200, (40, 40, 1), dtype=np.uint8)
    image = Image(np.repeat(grey, 3, axis=2))
    assert distance(step(image), image) == 0


@pytest.mark.parametrize("step", [Macenko(), Reinhard()], ids=lambda step: step.name)
def test_a_tile_with_too_little_tissue_is_unchanged(step):
    pixels = np.full((64, 64, 3), 250, np.uint8)
    pixels[:9, :11] = stained(LABORATORY_A, concentrations(11)).pixels[:9]
    image = Image(pixels)
    assert step(image) is image


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_white_beside_tissue_keeps_its_colour(step):
    pixels = stained(LABORATORY_A, concentrations()).pixels
    pixels[:10] = (253, 241, 255)
    made = step(Image(pixels)).pixels
    assert np.abs(made[:10].astype(int) - pixels[:10]).max() <= 1
    assert distance(Image(made), Image(pixels)) > 2


@given(stain_pairs, st.integers(0, 99))
def test_the_stains_of_a_mixed_tile_are_found_again(parts, seed):
    red_h, blue_h, red_e, blue_e = parts
    vectors = np.array([[red_h, 0.7, blue_h], [red_e, 0.9, blue_e]])
    shares = concentrations(seed=seed)
    found = Macenko().measure(stained(vectors, shares))
    assert found is not None
    assert degrees(found.vectors[0], vectors[0]) < 3
    assert degrees(found.vectors[1], vectors[1]) < 3
    assert found.most == pytest.approx(np.percentile(shares[shares.sum(2) > 0.3], 99, 0), rel=0.15)


def test_a_tile_taken_to_its_own_stains_is_the_tile():
    image = stained(LABORATORY_A, concentrations())
    own = Macenko(learn="target").fit([image])
    difference = np.abs(own(image).pixels.astype(int) - image.pixels)
    assert difference.max() <= 6
    assert difference.mean() < 1


def test_a_tile_taken_to_its_own_statistics_is_the_tile():
    image = stained(LABORATORY_A, concentrations())
    own = Reinhard(learn="target").fit([image])
    assert np.abs(own(image).pixels.astype(int) - image.pixels).max() <= 1


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("vectors", [LABORATORY_A, LABORATORY_B], ids="AB")
def test_normalising_again_changes_next_to_nothing(step, vectors):
    image = stained(vectors, concentrations())
    once = step(image)
    assert distance(step(once), once) < 0.25 * distance(once, image)
    assert distance(step(once), once) < 3


@pytest.mark.parametrize(("step", "factor"), [(STEPS[0], 8), (STEPS[1], 2.5)], ids=["m", "r"])
def test_one_tissue_from_two_laboratories_becomes_alike(step, factor):
    shares = concentrations()
    one, other = stained(LABORATORY_A, shares), stained(LABORATORY_B, 0.7 * shares)
    assert distance(step(one), step(other)) * factor < distance(one, other)


def test_reinhard_gives_the_tissue_the_targets_statistics():
    shares = concentrations()[concentrations().sum(axis=2) > 0.6].reshape(1, -1, 2)
    target = stained(LABORATORY_B, 0.8 * shares)
    wanted = Reinhard(learn="target").fit([target])
    got = Reinhard(learn="target").fit([wanted(stained(LABORATORY_A, shares))])
    assert got.target_mean == pytest.approx(wanted.target_mean, abs=0.02)
    assert got.target_deviation == pytest.approx(wanted.target_deviation, rel=0.05)


def test_fitting_takes_the_median_tile_and_leaves_out_those_without_tissue():
    images = [stained(LABORATORY_A, concentrations(seed=seed)) for seed in range(4)]
    odd = [stained(LABORATORY_B, concentrations()), Image(np.full((50, 50, 3), 250, np.uint8))]
    for learn in ("target", "source"):
        step = Macenko(learn=learn).fit(iter([*images, *odd]))
        rows = step.target_stains if learn == "target" else step.source_stains
        assert degrees(np.array(rows[0]), LABORATORY_A[0]) < 3
        assert degrees(np.array(rows[1]), LABORATORY_A[1]) < 3
        assert step.learn == "nothing"
        assert step.fit(odd) is step


def test_one_source_for_all_keeps_a_tile_of_eosin_alone_pink():
    shares = concentrations()
    step = Macenko(learn="source").fit([stained(LABORATORY_A, shares)])
    pink = stained(LABORATORY_A, shares * np.array([0, 1]))
    target = np.array(step.target_stains)
    moved = densities_of(np.asarray(step(pink).pixels, np.uint8), 240).reshape(-1, 3).sum(axis=0)
    assert degrees(moved.astype(float), target[1]) < 3


@pytest.mark.parametrize("learn", ["target", "source"])
@pytest.mark.parametrize("name", ["macenko", "reinhard"])
def test_a_fitted_step_survives_json_with_the_same_pixels(name, learn):
    if (name, learn) == ("reinhard", "source"):
        learn = "nothing"
    (step,) = build_steps([{"name": name, "learn": learn}])
    image = stained(LABORATORY_A, concentrations())
    fitted = step.fit([image, stained(LABORATORY_B, concentrations(seed=1))])
    (again,) = build_steps(json.loads(json.dumps(steps_to_tables([fitted]))))
    assert again == fitted
    assert np.array_equal(again(image).pixels, fitted(image).pixels)


@pytest.mark.parametrize("step", [Macenko(), Reinhard()], ids=lambda step: step.name)
def test_grey_images_and_other_depths_are_refused(step):
    with pytest.raises(WrongData, match="the image has 1 channel"):
        step(Image(np.zeros((5, 5, 1), np.uint8)))
    with pytest.raises(WrongData, match="the values are uint16"):
        step(Image(np.zeros((5, 5, 3), np.uint16)))
    set_language("es")
    with pytest.raises(WrongData, match=f"Ponga «{step.name}» antes de «grey»"):
        step(Image(np.zeros((5, 5, 1), np.uint8)))


@pytest.mark.parametrize("kind", [Macenko, Reinhard])
def test_a_step_that_should_learn_says_so_before_it_has(kind):
    step = kind(learn="target")
    with pytest.raises(WrongUse, match="has seen no training images"):
        step(stained(LABORATORY_A, concentrations()))
    white = Image(np.full((50, 50, 3), 250, np.uint8))
    with pytest.raises(WrongData, match="none of 2 images"):
        step.fit([white, white])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"name": "macenko", "target_stains": [[1, 2, 3]]}, "two different rows"),
        ({"name": "macenko", "target_stains": [[1, 2, 3], [2, 4, 6]]}, "two different rows"),
        ({"name": "macenko", "target_stains": [[1, 2, 3], [0, 0, -1]]}, "two different rows"),
        ({"name": "macenko", "target_stains": ["1", "2"]}, "two different rows"),
        ({"name": "macenko", "target_concentrations": [1, 0]}, "must be 2 numbers"),
        ({"name": "macenko", "source_concentrations": [1, 1]}, "belong together"),
        ({"name": "macenko", "learn": "all"}, "nothing, target, source"),
        ({"name": "reinhard", "target_mean": [1, 2, float("nan")]}, "must be 3 numbers"),
        ({"name": "reinhard", "target_deviation": [1, 2, 0]}, "must be 3 numbers"),
    ],
)
def test_wrong_targets_are_refused_when_the_recipe_is_read(table, words):
    with pytest.raises(WrongUse, match=words):
        build_steps([table])


def real_tiles(folder):
    from PIL import Image as Pillow

    for path in sorted(folder.glob("*tiles/*.*")):
        with Pillow.open(path) as opened:
            image = opened.convert("RGBA")
        white = Pillow.new("RGBA", image.size, "white")
        white.alpha_composite(image)
        yield path.stem, Image(np.asarray(white.convert("RGB")))


@pytest.mark.shared_data
@pytest.mark.parametrize("step", [Macenko(), Reinhard()], ids=lambda step: step.name)
def test_real_tiles_with_ink_dust_or_nothing_on_them_break_nothing(shared_data, step):
    n_tiles = 0
    for name, image in real_tiles(shared_data / "slides"):
        made = step(image)
        assert made.pixels.shape == image.pixels.shape
        assert made.pixels.dtype == np.uint8
        white = image.pixels.min(axis=2) >= 240
        moved = np.abs(made.pixels.astype(int) - image.pixels)[white]
        assert moved.size == 0 or moved.max() <= 3, name
        if name in {"almost-white-1", "almost-white-ihc", "no-tissue"}:
            assert made is image
        n_tiles += 1
    assert n_tiles >= 40


@pytest.mark.shared_data
def test_real_tissue_reaches_the_target_stains(shared_data):
    step = Macenko()
    tissue = [
        (name, image)
        for name, image in real_tiles(shared_data / "slides")
        if name.startswith("tissue")
    ]
    for name, image in tissue:
        found = step.measure(step(image))
        assert found is not None
        for row in (0, 1):
            assert degrees(found.vectors[row], np.array(step.target_stains[row])) < 6, name
        assert found.most == pytest.approx(step.target_concentrations, rel=0.2), name
    assert len(tissue) == 6


@pytest.mark.shared_data
def test_reinhards_default_is_the_median_of_the_inkless_tiles(shared_data):
    chosen = [
        image
        for name, image in real_tiles(shared_data / "slides")
        if name.startswith(("tissue", "high", "medium", "low")) and "pen" not in name
    ]
    assert len(chosen) == 14
    fitted = Reinhard(learn="target").fit(chosen)
    assert fitted.target_mean == pytest.approx(Reinhard().target_mean, abs=1e-4)
    assert fitted.target_deviation == pytest.approx(Reinhard().target_deviation, abs=1e-4)
