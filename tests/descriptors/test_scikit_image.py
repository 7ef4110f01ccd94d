"""Values of scikit-image 0.26 on one drawn picture, and the same by plain loops on any."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn_arrays

from tamiz.core.errors import WrongUse
from tamiz.descriptors.colour_histogram import ColourHistogram
from tamiz.descriptors.colour_spaces import RANGES, in_space
from tamiz.descriptors.described import preset
from tamiz.descriptors.edge_density import EdgeDensity
from tamiz.descriptors.glcm import PROPERTIES, Glcm
from tamiz.descriptors.hog import Hog
from tamiz.descriptors.hu_moments import HuMoments
from tamiz.descriptors.planes import as_grey, resized

ROWS, COLUMNS = np.mgrid[0:32, 0:40]
PICTURE = np.stack(
    [
        (ROWS * ROWS * 7 + COLUMNS * 3) % 256,
        (ROWS * 11 + COLUMNS * COLUMNS * 5) % 256,
        (ROWS * COLUMNS * 13) % 256,
    ],
    axis=2,
).astype(np.uint8)[None]
# hog(grey, cells_per_block=(2, 2), block_norm=norm): sum, sum of squares, [0], [-1], [17], [100],
# and the sum of value times place
HOGS = {
    "L2-Hys": [
        63.1006007028906, 11.9999999981626, 0.236234744666374, 0.252335409029182,
        0.209776050439609, 0.145852051331294, 13495.3961761468,
    ],
    "L1": [
        11.9999995612894, 0.500184398114991, 0.0418544937475516, 0.0643219067610189,
        0.0346941365659738, 0.024374752032976, 2581.85759096542,
    ],
    "L1-sqrt": [
        66.5637728808088, 11.9999995612894, 0.204583708411867, 0.253617638899622,
        0.186263621155538, 0.156124155827905, 14277.520318236,
    ],
    "L2": [
        58.8771730409402, 11.9999999999996, 0.21425360453898, 0.316357222176221,
        0.177599658962841, 0.116179413341098, 12532.5790154674,
    ],
}  # fmt: skip
# The same with transform_sqrt, 7 orientations, cells of 5 px and blocks of 3 cells
ROOT_HOG = [
    151.300188324952, 23.9999999968431, 0.133601227925802, 0.131939796850937,
    0.234706816127156, 0.0794958491757542, 113939.70508705,
]  # fmt: skip
# Of moments_hu, moments_normalized and moments_central, one after the other
HU = [
    0.00138359276995394, 9.97298829463907e-08, 1.17049867294783e-11, 8.14636159032378e-13,
    2.40160672546066e-24, -7.09707978958341e-17, -7.48478211205615e-25,
]  # fmt: skip
# numpy.histogram(rgb2...(PICTURE)[..., channel], 4, RANGES[space][channel])
HISTOGRAMS = {
    "hsv": [[320, 357, 332, 271], [78, 238, 375, 589], [42, 180, 393, 665]],
    "lab": [[105, 413, 475, 287], [71, 547, 554, 108], [109, 454, 589, 128]],
    "luv": [[105, 413, 475, 287], [401, 675, 172, 32], [178, 379, 587, 136]],
    "xyz": [[604, 522, 139, 15], [667, 345, 229, 39], [721, 277, 186, 96]],
    "ycbcr": [[130, 567, 515, 68], [86, 577, 543, 74], [101, 597, 511, 71]],
    "yuv": [[177, 507, 484, 112], [121, 542, 510, 107], [141, 557, 478, 104]],
    "yiq": [[177, 507, 484, 112], [96, 599, 485, 100], [127, 550, 532, 71]],
}
PIXELS = {  # of the pixel in row 3, column 7
    "hsv": [0.012438, 0.797619, 0.329412],
    "lab": [17.917192, 28.367718, 19.453589],
    "luv": [17.917192, 39.682354, 10.172532],
    "xyz": [0.040447, 0.024997, 0.007997],
    "ycbcr": [50.325459, 116.614063, 155.58851],
    "yuv": [0.156737, -0.044325, 0.151484],
    "yiq": [0.156737, 0.151186, 0.04533],
}
# graycoprops of PICTURE at 240 x 135, distance 5, 256 levels, at 0, 45, 90 and 135 degrees
WORKFLOW_C = {
    "dissimilarity": [30.0344208037823, 33.6255337042311, 25.2854166666668, 31.3716522189162],
    "homogeneity": [0.0332151264904055, 0.0297183685791033, 0.0341066857205161, 0.0329638884897314],
    "energy": [0.00966242309046284, 0.0093668621833182, 0.0105008922322156, 0.00947039111514196],
    "correlation": [0.55166372648589, 0.434511172469067, 0.659931322199282, 0.493648715603666],
}
SYMMETRIC = [
    30.0344208037825, 0.0332151264904059, 0.00867434415252307, 0.551470153814469,
    1420.32756501182, 7.52442464764112e-05, 9.69423188070785,
]  # fmt: skip

images = st.tuples(
    st.integers(1, 2), st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3])
).flatmap(lambda shape: drawn_arrays.arrays(np.uint8, shape))


def told(values):
    """Return the figures of a long row that are pinned above."""
    places = values @ np.arange(len(values))
    return [values.sum(), (values**2).sum(), *values[[0, -1, 17, 100]], places]


@pytest.mark.parametrize("norm", HOGS)
def test_hog_is_scikit_images(norm):
    one = Hog(width_px=40, height_px=32, norm=norm)
    found = one(PICTURE)[0]
    assert len(found) == len(one.names()) == 3 * 4 * 4 * 9
    assert told(found) == pytest.approx(HOGS[norm], rel=1e-12, abs=1e-12)


def test_hog_of_roots_with_other_cells_is_scikit_images():
    one = Hog(40, 32, orientations=7, cell_px=5, block_cells=3, is_root=True)
    assert told(one(PICTURE)[0]) == pytest.approx(ROOT_HOG, rel=1e-12, abs=1e-12)


@given(drawn_arrays.arrays(np.uint8, (2, 8, 9, 1)), st.integers(1, 12))
def test_cells_of_hog_are_those_that_plain_loops_add_up(drawn, orientations):
    one = Hog(9, 8, orientations=orientations, cell_px=4, block_cells=2, norm="L1")
    found = one(drawn).reshape(2, 2, 2, orientations)
    for image, cells in zip(drawn[..., 0].astype(float), found, strict=True):
        wanted = np.zeros((2, 2, orientations))
        for y in range(8):
            for x in range(8):
                down = image[y + 1, x] - image[y - 1, x] if 0 < y < 7 else 0.0
                across = image[y, x + 1] - image[y, x - 1] if x > 0 else 0.0
                turn = math.degrees(math.atan2(down, across)) % 180
                at = min(int(turn * orientations / 180 + 1e-9), orientations - 1)
                wanted[y // 4, x // 4, at] += math.hypot(down, across) / 16
        assert cells == pytest.approx(wanted / (wanted.sum() + 1e-5), abs=1e-6)


def test_hog_of_a_plain_image_is_zero_and_its_columns_are_all_different():
    one = Hog()
    assert not one(np.full((2, 5, 3, 1), 9, np.uint8)).any()
    assert len(set(one.names())) == 7 * 7 * 4 * 9


def test_hog_into_which_no_block_fits_says_what_it_needs():
    with pytest.raises(WrongUse) as error:
        Hog(width_px=28, height_px=12)
    assert "no block of HOG fits into 28 x 12 px: it needs 16 px a side" in str(error.value)


def test_hu_moments_are_scikit_images():
    assert HuMoments()(PICTURE)[0] == pytest.approx(HU, rel=1e-9, abs=1e-22)


def test_hu_moments_of_black_are_zero_and_of_one_pixel_too():
    assert not HuMoments()(np.zeros((1, 5, 4, 1), np.uint8)).any()
    assert not HuMoments("log")(np.full((1, 1, 1, 1), 77, np.uint8)).any()


@given(drawn_arrays.arrays(np.uint8, (1, 7, 7, 1)))
def test_hu_moments_do_not_turn_and_the_seventh_tells_a_mirror(drawn):
    # of many images, since sums of nearly equal numbers cancel
    plain = HuMoments()(drawn)[0]
    turned = HuMoments()(np.rot90(drawn, axes=(1, 2)))[0]
    mirrored = HuMoments()(drawn[:, :, ::-1])[0]
    room = 1e-9 * np.abs(plain[0]) ** np.array([1, 2, 3, 3, 6, 4, 6]) + 1e-12
    assert (np.abs(turned - plain) <= room).all()
    assert (np.abs(mirrored - plain * [1, 1, 1, 1, 1, 1, -1]) <= room).all()


def test_log_of_hu_moments_keeps_their_signs():
    raw, logs = HuMoments()(PICTURE)[0], HuMoments("log")(PICTURE)[0]
    assert logs == pytest.approx(-np.sign(raw) * np.log10(np.abs(raw)))


def test_edge_density_is_the_share_of_scikit_images_slopes():
    # One slope is exactly 10; rounding puts theirs below it
    wanted = [0.96171875 + 1 / 1280, 0.7640625, 0.353125]
    assert EdgeDensity()(PICTURE)[0] == pytest.approx(wanted, abs=1e-12)


def test_a_step_from_black_to_white_has_the_slope_180_on_both_sides():
    step = np.repeat(np.array([[0] * 4 + [255] * 4], np.uint8), 5, axis=0)[None, ..., None]
    assert EdgeDensity([1, 180, 181])(step)[0].tolist() == [0.25, 0.25, 0.0]


@pytest.mark.parametrize("space", HISTOGRAMS)
def test_colour_spaces_and_their_histograms_are_scikit_images(space):
    values = in_space(np.moveaxis(PICTURE, 3, 0), space)
    assert values[:, 0, 3, 7] == pytest.approx(PIXELS[space], abs=1e-6)
    shares = ColourHistogram(bins=4, space=space)(PICTURE)[0].reshape(3, 4)
    assert (shares * 1280).round(9).tolist() == HISTOGRAMS[space]


@given(images, st.sampled_from(sorted(RANGES)), st.sampled_from([2, 16, 33]))
def test_densities_times_the_width_of_a_bin_are_shares_and_nothing_is_lost(drawn, space, bins):
    densities = ColourHistogram(bins, space, is_density=True)(drawn)
    shares = ColourHistogram(bins, space)(drawn)
    widths = np.repeat([(high - low) / bins for low, high in RANGES[space]], bins)
    assert densities * widths == pytest.approx(shares, abs=1e-12)
    assert shares.reshape(len(drawn), -1, bins).sum(axis=2) == pytest.approx(1.0, abs=1e-12)


@given(images, st.sampled_from(["hsv", "lab", "luv", "xyz", "ycbcr", "yuv", "yiq"]))
def test_every_colour_lies_within_the_range_of_its_channel(drawn, space):
    values = in_space(np.repeat(np.moveaxis(drawn[..., :1], 3, 0), 3, axis=0), space)
    for plane, (low, high) in zip(values, RANGES[space], strict=True):
        assert plane.min() >= low - 1e-9
        assert plane.max() <= high + 1e-9


@pytest.mark.parametrize("space", ["ycbcr", "yuv"])
def test_greys_lie_in_the_bin_above_the_middle_of_a_chroma(space):
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None, None], 3, axis=3)
    shares = ColourHistogram(bins=16, space=space)(greys)[0].reshape(3, 16)
    assert shares[1:, 8].tolist() == [1.0, 1.0]


def test_rgb_densities_are_numpys():
    found = ColourHistogram(is_density=True)(PICTURE)[0].reshape(3, 16)
    for channel, row in enumerate(found):
        wanted = np.histogram(PICTURE[..., channel], bins=16, range=(0, 256), density=True)[0]
        assert row == pytest.approx(wanted, abs=1e-15)


def test_workflow_c_is_what_numpy_and_scikit_image_give():
    first, every = preset("workflow-c"), preset("workflow_c_all_angles")
    small = resized(PICTURE, (240, 135))
    histograms = ColourHistogram(is_density=True)(small)[0]
    for one, angles in ((first, [0]), (every, [0, 45, 90, 135])):
        found = dict(zip(one.columns(), one(PICTURE)[0], strict=True))
        assert len(found) == 48 + 4 * len(angles)
        assert list(found.values())[:48] == histograms.tolist()
        for name, wanted in WORKFLOW_C.items():
            values = [found[f"glcm_d5_a{angle}_{name}"] for angle in angles]
            assert values == pytest.approx(wanted[: len(angles)], abs=1e-10)


def test_symmetric_co_occurrences_are_scikit_images():
    one = Glcm([5], [0], levels=256, is_averaged=False, is_symmetric=True)
    found = one(resized(PICTURE, (240, 135)))[0]
    assert found == pytest.approx(SYMMETRIC, rel=1e-12, abs=1e-10)


@given(images, st.permutations(PROPERTIES), st.integers(1, 7))
def test_some_properties_are_the_same_numbers_as_among_all(drawn, order, n):
    some = Glcm(properties=order[:n])
    every = dict(zip(Glcm().names(), Glcm()(drawn).T, strict=True))
    for name, values in zip(some.names(), some(drawn).T, strict=True):
        assert values.tobytes() == every[name].tobytes()


@given(images)
def test_symmetric_counts_are_those_of_both_directions(drawn):
    grey = as_grey(drawn)[..., None]
    made = Glcm([2], [0, 45], levels=8, is_symmetric=True).matrices_of(grey)
    once = Glcm([2], [0, 45], levels=8).matrices_of(grey)
    assert (made == once + np.swapaxes(once, -1, -2)).all()
