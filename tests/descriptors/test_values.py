"""Descriptors: values worked out by hand, by plain loops and by scikit-image 0.26."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn_arrays

from tamiz.descriptors.colour_histogram import ColourHistogram
from tamiz.descriptors.counts import counts_of, summary_of
from tamiz.descriptors.edges import Edges
from tamiz.descriptors.glcm import PROPERTIES, Glcm
from tamiz.descriptors.lbp import Lbp
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.stain import Stain

# The worked example of scikit-image's documentation: four grey levels.
EXAMPLE = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 2, 2, 2], [2, 2, 3, 3]], dtype=np.uint8)
# graycoprops(graycomatrix(EXAMPLE, [1, 2], [0, pi/4, pi/2, 3 pi/4], levels=4), name)
EXAMPLE_PROPERTIES = {
    "dissimilarity": [
        [0.416666666667, 1.111111111111, 0.666666666667, 0.444444444444],
        [1.0, 1.111111111111, 1.5, 0.444444444444],
    ],
    "homogeneity": [
        [0.808333333333, 0.511111111111, 0.7, 0.777777777778],
        [0.525, 0.511111111111, 0.375, 0.777777777778],
    ],
    "energy": [
        [0.408248290464, 0.458122847291, 0.424918292799, 0.430331482912],
        [0.586301969978, 0.458122847291, 0.53033008589, 0.430331482912],
    ],
    "correlation": [
        [0.796988466564, 0.643595902935, 0.701169591459, 0.810443200859],
        [0.856348838578, 0.643595902935, 0.57735026919, 0.810443200859],
    ],
    "contrast": [
        [0.583333333333, 1.777777777778, 1.0, 0.444444444444],
        [1.25, 1.777777777778, 2.75, 0.444444444444],
    ],
    "asm": [
        [0.166666666667, 0.20987654321, 0.180555555556, 0.185185185185],
        [0.34375, 0.20987654321, 0.28125, 0.185185185185],
    ],
    "entropy": [
        [1.863679987341, 1.676987774322, 1.748155457248, 1.735126456963],
        [1.21300756598, 1.676987774322, 1.320888343149, 1.735126456963],
    ],
}
# The same for 256 levels, distance 5, of the picture (7 y^2 + 3 x) mod 256, 240 x 135.
LARGE_PROPERTIES = {
    "dissimilarity": [28.200252167061, 85.601500840987, 84.963333333331, 85.908914477939],
    "homogeneity": [0.0041673410345728, 0.0043125543244253, 0.010937129692076, 0.0042977403959984],
    "energy": [0.062545636425016, 0.011292498736059, 0.0057478235311444, 0.011292498736059],
    "correlation": [0.66903646150033, -0.0060261870878953, 0.0043309297294266, -0.0092821356709257],
    "contrast": [3604.2645547675, 10970.839177125, 10865.890256411, 11005.567602536],
    "asm": [0.0039119566358102, 0.00012752052770389, 3.3037475345178e-05, 0.00012752052770389],
    "entropy": [5.5444421993998, 8.9781389224539, 10.326845768244, 8.9781389224539],
}
# Uniform patterns by scikit-image, 8 neighbours at a radius, row by row.
ROWS, COLUMNS = np.mgrid[0:6, 0:7]
SMALL = ((ROWS * ROWS * 37 + COLUMNS * 53 + COLUMNS * ROWS * 11) % 256).astype(np.uint8)
SMALL_PATTERNS = {
    1: "8339072 4510890 2089089 5908905 4189081 0720504",
    2: "8390043 4320640 1079993 4008104 2174032 0440493",
}
COLOURS = np.array(
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [200, 120, 160], [12, 34, 56], [255] * 3, [0] * 3],
    dtype=np.uint8,
)
# rgb2hsv and rgb2lab of them
HSV = [
    [0.0, 1.0, 1.0], [0.3333, 1.0, 1.0], [0.6667, 1.0, 1.0], [0.9167, 0.4, 0.7843],
    [0.5833, 0.7857, 0.2196], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0],
]  # fmt: skip
LAB = [
    [53.241, 80.092, 67.203], [87.735, -86.183, 83.18], [32.296, 79.186, -107.857],
    [60.116, 36.603, -8.027], [12.656, 0.121, -16.832], [100.0, -0.002, 0.005], [0.0, 0.0, 0.0],
]  # fmt: skip

grey_tiles = st.tuples(st.integers(1, 2), st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: drawn_arrays.arrays(np.uint8, (*shape, 1))
)


def as_table(one, tile):
    """Return name: value for a single tile."""
    return dict(zip(one.names(), one(tile)[0], strict=True))


@pytest.mark.parametrize("name", PROPERTIES)
def test_glcm_of_the_documented_example_is_scikit_images(name):
    one = Glcm(distances=[1, 2], levels=4, is_averaged=False)
    found = as_table(one, (EXAMPLE * 64)[None, ..., None])
    for distance, row in zip((1, 2), EXAMPLE_PROPERTIES[name], strict=True):
        for angle, value in zip((0, 45, 90, 135), row, strict=True):
            assert found[f"glcm_d{distance}_a{angle}_{name}"] == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize("name", PROPERTIES)
def test_glcm_of_256_levels_is_scikit_images(name):
    rows, columns = np.mgrid[0:135, 0:240]
    tile = ((rows * rows * 7 + columns * 3) % 256).astype(np.uint8)[None, ..., None]
    found = as_table(Glcm(distances=[5], levels=256, is_averaged=False), tile)
    values = [found[f"glcm_d5_a{angle}_{name}"] for angle in (0, 45, 90, 135)]
    assert values == pytest.approx(LARGE_PROPERTIES[name], rel=1e-12, abs=1e-10)


@given(grey_tiles, st.sampled_from([2, 5, 16, 32, 33, 256]))
def test_co_occurrences_are_those_that_plain_loops_count(drawn, levels):
    one = Glcm(distances=[1, 3], angles=[0, 45, 90, 135, 200], levels=levels)
    made = one.matrices_of(drawn)
    wanted = np.zeros_like(made)
    merged = drawn[..., 0].astype(int) * levels // 256
    for i, distance in enumerate(one.distances):
        for j, angle in enumerate(one.angles):
            down = round(math.sin(math.radians(angle)) * distance)
            across = round(math.cos(math.radians(angle)) * distance)
            for place, value in np.ndenumerate(merged):
                y, x = place[1] + down, place[2] + across
                if 0 <= y < merged.shape[1] and 0 <= x < merged.shape[2]:
                    wanted[place[0], i, j, value, merged[place[0], y, x]] += 1
    assert (made == wanted).all()


def test_averaged_glcm_is_the_mean_over_the_angles():
    tile = (EXAMPLE * 64)[None, ..., None]
    found = as_table(Glcm(distances=[1], levels=4), tile)
    for name in PROPERTIES:
        mean = np.mean(EXAMPLE_PROPERTIES[name][0])
        assert found[f"glcm_d1_{name}"] == pytest.approx(mean, abs=1e-10)


def test_one_grey_has_correlation_1_and_no_entropy():
    found = as_table(Glcm(distances=[1]), np.full((1, 8, 8, 1), 200, dtype=np.uint8))
    assert found == {
        "glcm_d1_dissimilarity": 0, "glcm_d1_homogeneity": 1, "glcm_d1_energy": 1,
        "glcm_d1_correlation": 1, "glcm_d1_contrast": 0, "glcm_d1_asm": 1, "glcm_d1_entropy": 0,
    }  # fmt: skip


@pytest.mark.parametrize("radius", [1, 2])
def test_uniform_patterns_are_scikit_images(radius):
    digits = [int(digit) for digit in SMALL_PATTERNS[radius].replace(" ", "")]
    wanted = np.bincount(digits, minlength=10) / 42
    assert Lbp([radius])(SMALL[None, ..., None])[0] == pytest.approx(wanted, abs=1e-15)


def plain_pattern(grey, y, x, radius):
    """Return the class of one pixel by scikit-image's arithmetic, neighbour by neighbour."""

    def value(row, column):
        is_inside = 0 <= row < grey.shape[0] and 0 <= column < grey.shape[1]
        return float(grey[row, column]) if is_inside else 0.0

    bits = []
    for neighbour in range(8):
        row = y + round(-radius * math.sin(2 * math.pi * neighbour / 8), 5)
        column = x + round(radius * math.cos(2 * math.pi * neighbour / 8), 5)
        top, left, bottom, right = map(
            int, (math.floor(row), math.floor(column), math.ceil(row), math.ceil(column))
        )
        part, side = row - top, column - left
        above = (1 - side) * value(top, left) + side * value(top, right)
        below = (1 - side) * value(bottom, left) + side * value(bottom, right)
        bits.append((1 - part) * above + part * below >= grey[y, x])
    changes = sum(a != b for a, b in zip(bits, bits[1:] + bits[:1], strict=True))
    return sum(bits) if changes <= 2 else 9


@given(
    st.tuples(st.integers(1, 2), st.integers(1, 9), st.integers(1, 9)).flatmap(
        # few greys: neighbours that balance exactly are what is hard
        lambda shape: drawn_arrays.arrays(np.uint8, shape, elements=st.integers(7, 10))
    ),
    st.sampled_from([1, 2, 3, 5]),
)
def test_uniform_patterns_are_those_of_plain_loops(grey, radius):
    made = Lbp([radius])(grey[..., None])
    for row, tile in zip(made, grey, strict=True):
        classes = [plain_pattern(tile, y, x, radius) for y, x in np.ndindex(tile.shape)]
        assert row == pytest.approx(np.bincount(classes, minlength=10) / tile.size, abs=1e-15)


def test_colour_bins_are_numpys_densities_times_their_width():
    tile = np.random.default_rng(0).integers(0, 256, (1, 20, 30, 3)).astype(np.uint8)
    made = ColourHistogram()(tile).reshape(3, 16)
    for channel in range(3):
        values = tile[..., channel]
        wanted, _ = np.histogram(values, bins=16, range=(0, 256), density=True)
        assert made[channel] == pytest.approx(wanted * 16, abs=1e-12)


@pytest.mark.parametrize(
    ("space", "low", "high", "values"),
    [("hsv", (0, 0, 0), (1, 1, 1), HSV), ("lab", (0, -128, -128), (100, 128, 128), LAB)],
)
def test_each_colour_falls_into_the_bin_of_its_place_in_the_space(space, low, high, values):
    bins = 25
    one = ColourHistogram(bins=bins, space=space)
    made = one(COLOURS[:, None, None, :]).reshape(-1, 3, bins)
    places = (np.array(values) - low) / (np.array(high) - low) * bins
    found = made.argmax(axis=2)
    assert (made.max(axis=2) == 1).all()
    assert (found >= np.clip(np.floor(places - 0.02), 0, bins - 1)).all()
    assert (found <= np.clip(np.floor(places + 0.02), 0, bins - 1)).all()


def test_optical_density_bins_put_white_first_and_black_last():
    tile = np.array([255, 255, 255, 0], dtype=np.uint8).reshape(1, 2, 2, 1)
    made = ColourHistogram(bins=8, space="od")(tile).reshape(3, 8)
    assert (made[:, 0] == 0.75).all()
    assert (made[:, 7] == 0.25).all()


@pytest.mark.parametrize(
    ("stain", "direction"),
    [("haematoxylin", (0.650, 0.704, 0.286)), ("eosin", (0.072, 0.990, 0.105))],
)
def test_a_pure_stain_is_found_at_its_density_and_the_other_is_not(stain, direction):
    unit = np.array(direction) / np.linalg.norm(direction)
    colour = np.rint(256 * np.exp(-0.8 * unit) - 1).astype(np.uint8)
    found = as_table(Stain(), np.broadcast_to(colour, (1, 40, 40, 3)))
    other = {"haematoxylin": "eosin", "eosin": "haematoxylin"}[stain]
    for end in ("mean", "q05", "q50", "q95"):
        assert found[f"stain_{stain}_{end}"] == pytest.approx(0.8, abs=0.02)
        assert found[f"stain_{other}_{end}"] == pytest.approx(0.0, abs=0.02)
        assert found[f"stain_rest_{end}"] == pytest.approx(0.0, abs=0.02)
    assert found[f"stain_{stain}_sd"] == 0


def test_a_grid_of_a_large_tile_says_what_all_its_pixels_say():
    rng = np.random.default_rng(5)
    tile = (rng.normal(160, 30, (1, 256, 256, 3)).clip(0, 255)).astype(np.uint8)
    assert Stain()(tile) == pytest.approx(Stain(grid_px=256)(tile), abs=0.03)


def test_the_slope_of_a_ramp_is_found_at_each_scale():
    ramp = np.broadcast_to(np.arange(64, dtype=np.uint8) * 3, (1, 64, 64))[..., None]
    found = as_table(Edges(steep=5), ramp)
    for scale in (1, 2, 4):
        assert found[f"edges_s{scale}_mean"] == pytest.approx(3 * scale, abs=0.2)
        assert found[f"edges_s{scale}_sd"] < 0.1
        assert found[f"edges_s{scale}_density"] == (3 * scale >= 5)


@given(drawn_arrays.arrays(np.uint8, (2, 7, 6), elements=st.integers(0, 5)))
def test_means_spreads_and_quantiles_are_those_of_the_values_themselves(codes):
    quantiles = (0.05, 0.25, 0.5, 0.95, 1.0)
    made = summary_of(counts_of(codes, 6), np.arange(-1.0, 2.0, 0.5), quantiles)
    for row, tile in zip(made, codes.reshape(2, -1) * 0.5 - 1, strict=True):
        assert row[0] == pytest.approx(tile.mean(), abs=1e-12)
        assert row[1] == pytest.approx(tile.std(), abs=1e-7)
        wanted = np.quantile(tile, quantiles, method="inverted_cdf")
        assert row[2:] == pytest.approx(wanted, abs=1e-12)


@given(drawn_arrays.arrays(np.uint8, (1, 3, 4, 3)))
def test_grey_is_the_luma_of_the_step_grey(drawn):
    from tamiz.data.image import Image
    from tamiz.steps.grey import Grey

    wanted = Grey()(Image(drawn[0])).pixels[..., 0]
    assert (as_grey(drawn)[0] == wanted).all()
