"""The lab's commands: what they show, what they write, and what they refuse in one line."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from tests.lab.test_layers import VGG16

from tamiz.cli.lab import command, sub_command
from tamiz.core.errors import TamizError, UnreadableItem, WrongUse
from tamiz.core.language import set_language
from tamiz.data.contracts import Policy
from tamiz.formats.reader import Reader
from tamiz.rendering.markdown import render_markdown
from tamiz.stages.lab import number_words
from tamiz.stages.laboratory.filters import (
    ConvolveHow,
    FilterHow,
    convolve,
    filter_numbers,
    filter_photo,
)
from tamiz.stages.laboratory.images import channels, grey
from tamiz.stages.laboratory.network import network_of_layers
from tamiz.testing.pictures import deep_png, draw, encode, png


def pixels_of(path):
    with Reader(path.parent, Policy()) as reader:
        return reader.read(path.name).pixels


def lab(*arguments: str):
    """Return the values that `tamiz lab ... --json` prints."""
    done = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False,
                              standalone_mode=False)  # fmt: skip
    return json.loads(done.output)["values"]["lab"]


def refused(*arguments: str) -> str:
    with pytest.raises(TamizError) as error:
        lab(*arguments)
    return str(error.value)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(png(3, (20, 14)))
    return path


def test_channels_are_told_with_their_range_and_written_as_pictures(photo, tmp_path):
    drawn = draw(3, (20, 14))
    report = channels(photo, out=tmp_path / "out")
    found = report.values["lab"]["channels"]
    assert list(found) == ["R", "G", "B"]
    for at, name in enumerate("RGB"):
        assert found[name]["mean"] == pytest.approx(drawn[..., at].mean())
        assert sum(found[name]["histogram"]) == 20 * 14
    red = pixels_of(tmp_path / "out" / "channel-r.png")
    assert red[0, 0].tolist() == [int(drawn[0, 0, 0])] * 3
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["channel-b.png", "channel-g.png", "channel-r.png", "channels.png",
                     "report.html"]  # fmt: skip


@pytest.mark.parametrize("space", ["hsv", "lab", "ycbcr"])
def test_the_channels_of_other_spaces_stay_in_their_ranges(photo, space):
    found = channels(photo, space=space).values["lab"]["channels"]
    assert all(sum(one["histogram"]) == 280 for one in found.values())


def test_a_grey_image_is_said_to_be_grey(tmp_path):
    path = tmp_path / "grey.png"
    path.write_bytes(png(1, (9, 9), channels=1))
    assert "red, green and blue are equal" in render_markdown(channels(path))
    assert "every formula gives the same numbers" in render_markdown(grey(path))


def test_the_numbers_of_a_patch_follow_the_formulas(photo):
    drawn = draw(3, (20, 14)).astype(float)
    found = grey(photo, at=(5, 6)).values["lab"]["patch"]
    assert len(found) == 9
    middle = found[4]
    assert middle[:4] == ["5, 6", *drawn[6, 5].astype(int).tolist()]
    assert middle[4] == pytest.approx(drawn[6, 5].mean(), abs=0.005)
    assert middle[5] == pytest.approx(drawn[6, 5] @ [0.3, 0.59, 0.11], abs=0.005)


def test_one_pixel_of_16_bits_can_be_looked_at(tmp_path):
    path = tmp_path / "deep.png"
    path.write_bytes(deep_png(np.array([[[65535, 257 * 7, 0]]], dtype=np.uint16)))
    report = grey(path, out=tmp_path / "out")
    assert "16 bits per channel" in render_markdown(report)
    assert report.values["lab"]["patch"][0][:4] == ["0, 0", 255, 7, 0]
    made = filter_photo(path, FilterHow()).values["lab"]
    assert made["result"] == [[[5 * 255, 35, 0]]]


def test_a_filtered_picture_is_clipped_and_the_true_range_is_told(tmp_path):
    path = tmp_path / "edge.png"
    steps = np.zeros((20, 20), dtype=np.uint8)
    steps[:, 10:] = 200
    path.write_bytes(encode(steps))
    how = FilterHow("sobel-x", "valid")
    report = filter_photo(path, how, tmp_path / "out")
    assert (report.values["lab"]["min"], report.values["lab"]["max"]) == (0, 800)
    assert "from 0 to 800" in render_markdown(report)
    clipped = pixels_of(tmp_path / "out" / "filtered.png")[..., 0]
    assert clipped.shape == (18, 18)
    assert np.unique(clipped).tolist() == [0, 255]
    assert np.flatnonzero(clipped[0]).tolist() == [8, 9]


def test_a_stride_halves_the_picture_and_rows_left_over_are_told(photo, tmp_path):
    report = filter_photo(photo, FilterHow("blur", "valid", 2), tmp_path / "out")
    assert pixels_of(tmp_path / "out" / "filtered.png").shape == (6, 9, 3)
    assert "The stride does not fit" in render_markdown(report)


def test_the_numbers_of_a_table_are_filtered_and_saved(tmp_path):
    table = tmp_path / "numbers.csv"
    table.write_text("1,2,3\n4,5,6\n7,8,9\n", encoding="utf-8")
    report = filter_numbers(str(table), FilterHow("1 1; 1 1"), tmp_path / "out")
    assert report.values["lab"]["result"] == [[12, 16, 9], [24, 28, 15], [15, 17, 9]]
    assert "A kernel of even size has no middle" in render_markdown(report)
    saved = (tmp_path / "out" / "result.csv").read_text(encoding="utf-8")
    assert saved.splitlines()[0] == "12.0,16.0,9.0"


def test_the_worked_example_comes_number_by_number():
    words = render_markdown(convolve(ConvolveHow(shows_all=True)))
    assert re.search(r"-73 +605 +-54 +→ +266", words)
    assert "cross-correlation, as networks compute it" in words
    assert "a true convolution gives the same numbers" in words
    assert words.count("of the result: input rows") >= 9


def test_a_kernel_that_changes_when_turned_shows_true_convolution_too():
    words = render_markdown(convolve(ConvolveHow("1 2; 3 4", "1 0; 0 -1")))
    assert "-3" in words
    assert "a true convolution gives other numbers" in words


def test_a_kernel_larger_than_the_numbers_has_a_padded_result_only():
    found = convolve(ConvolveHow("5", padding="same")).values["lab"]
    assert found["same"] == [[25]]
    assert "valid" not in found


def test_the_terminal_shows_first_steps_and_the_page_all(tmp_path):
    report = convolve(ConvolveHow(), tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("of the result: input rows") == 9
    shown = [getattr(one, "caption", "") for one in report.summary]
    assert sum("of the result: input rows" in str(one) for one in shown) == 2


def test_the_table_of_a_network_matches_the_course(tmp_path):
    layers = "conv 64 3 relu; pool 2; flatten; dense 15 tanh; dense 10 softmax"
    found = network_of_layers(layers, "28x28x1", out=tmp_path).values["lab"]
    assert [one["parameters"] for one in found["layers"]] == [640, 0, 0, 162_255, 160]
    assert found["parameters"] == 163_055
    lines = (tmp_path / "layers.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("conv 64 3 relu,26x26x64,640,389376,3x3,173056")


def test_a_long_network_is_shown_in_blocks_and_listed_in_full(tmp_path):
    report = network_of_layers(f"{VGG16}; relu; relu; relu", "224x224x3", out=tmp_path)
    assert report.values["lab"]["parameters"] == 138_357_544
    assert len((tmp_path / "layers.csv").read_text(encoding="utf-8").splitlines()) == 26


def test_a_pool_that_does_not_fit_is_a_note_and_with_strict_an_error():
    found = render_markdown(network_of_layers("conv 8 3; pool 2; pool 2", "28x28x1"))
    assert "Layer 3 'pool 2': (13 + 0 - 2)/2 + 1 = 6.5 is no whole number" in found
    with pytest.raises(WrongUse, match="layer 3 'pool 2': the stride does not fit"):
        network_of_layers("conv 8 3; pool 2; pool 2", "28x28x1", is_strict=True)


def test_commands_print_values_for_scripts(photo):
    assert lab("convolve", "--example")["valid"][0] == [266, -61, -30]
    assert lab("filter", "--numbers", "1 2; 3 4", "--kernel", "1 1", "--padding", "valid")[
        "result"
    ] == [[3], [7]]
    assert list(lab("grey", str(photo), "--by", "luma")["greys"]) == ["luma"]
    assert list(lab("channels", str(photo), "--space", "hsv")["channels"]) == ["H", "S", "V"]
    assert lab("filter", "--list")["sharpen"] == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("filter",), "an image and --numbers were both given, or neither"),
        (("filter", "--numbers", "1", "--grey"), "--grey is for images"),
        (("filter", "--numbers", "1 2", "--stride", "0"), "the kernel would never move on"),
        (("filter", "--numbers", "none.csv"), "none.csv: there is no such file"),
        (("convolve",), "--example and --numbers were both given, or neither"),
        (("convolve", "--numbers", ";".join(["1 " * 30] * 30)), "784 places"),
        (("grey", "none.png"), "none.png: there is no such file"),
        (("grey", "."), "this is a folder"),
        (("network",), "exactly one of --layers, --model and --recipe"),
        (("network", "--layers", "flatten"), "--input HEIGHTxWIDTHxCHANNELS"),
        (("network", "--layers", "flatten", "--input", "9x9", "--classes", "3"), "Leave out"),
        (("network", "--model", "small", "--input", "784"), "'784' is no size"),
        (("network", "--model", "small", "--input", "28x14x1"), "--input 28x28x3"),
        (("network", "--model", "mil", "--input", "28x28x1"), "reads bags of tiles"),
        (("network", "--model", "small", "--input", "28x28x1", "--classes", "0"), "0 classes"),
        (("nonsense",), "there is no command called 'nonsense'"),
    ],
)
def test_wrong_use_is_one_line_that_says_how_to_mend_it(arguments, told):
    assert told in refused(*arguments)


def test_places_outside_and_files_that_are_no_images_are_refused(photo, tmp_path):
    assert "Give x from 0 to 19 and y from 0 to 13" in refused("grey", str(photo), "--at", "20,0")
    assert "'5' is no pixel" in refused("grey", str(photo), "--at", "5")
    broken = tmp_path / "broken.png"
    broken.write_bytes(png()[:60])
    with pytest.raises(UnreadableItem):
        channels(broken)


def test_a_recipe_without_classes_asks_for_them(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[model]\nname = "cnn"\n[prepare]\nchannels = 1\n', encoding="utf-8")
    assert "Add --classes N" in refused("network", "--recipe", str(recipe))


def test_everything_can_be_said_in_spanish(photo):
    set_language("es")
    try:
        for report in (channels(photo), grey(photo), filter_photo(photo, FilterHow()),
                       convolve(ConvolveHow("1 2; 3 4", "1 2")),
                       network_of_layers("conv 8 3; pool 5", "28x28x1")):  # fmt: skip
            assert "{" not in render_markdown(report)
        assert sub_command("convolve").name == "convolve"
    finally:
        set_language("en")


def test_a_model_that_is_no_network_has_no_layers():
    told = refused("network", "--model", "descriptors", "--input", "28x28x1")
    assert "'descriptors' is no network: it has no layers" in told


def test_an_input_that_a_published_network_does_not_take_names_one_that_it_takes():
    told = refused("network", "--model", "torchvision:squeezenet1_0", "--input", "8x8x3")
    assert "cannot take images of 8 px" in told
    assert "224 px: prepare.size_px (--size), or --input" in told


def test_layers_of_a_published_network_have_its_own_names():
    from tamiz.stages.laboratory.network import NamedNetwork, network_named

    shape = (224, 224, 3)
    told = render_markdown(network_named(NamedNetwork("torchvision:squeezenet1_0", shape)))
    assert "features.0" in told
    assert "base.features" not in told


def test_sums_group_thousands_as_the_language_does():
    layers = "conv 64 3 relu; flatten; dense 10 softmax"
    assert "43264 x 10 + 10 = 432,650" in render_markdown(network_of_layers(layers, "28x28x1"))
    set_language("es")
    told = render_markdown(network_of_layers(layers, "28x28x1"))
    assert re.search(r"43264 x 10 \+ 10 = 432\s650 ", told)


def test_numbers_have_as_many_decimals_as_they_need():
    assert [number_words(one) for one in (-12.5, 10.0, 0.0, -0.0001, 1 / 3, 1200.0)] == [
        "-12.5", "10", "0", "0", "0.333", "1200",
    ]  # fmt: skip


def test_a_grey_photo_has_one_channel(tmp_path):
    path = tmp_path / "grey.png"
    path.write_bytes(png(3, (6, 5), 1))
    assert "6 x 5 pixels (width x height), 1 channel: grey" in render_markdown(grey(path))
