"""Explaining images from model to page: true maps pass, empty ones are called so; resuming."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest
from tests.engine.corner_world import CORNER, bundle_of, corner_image, share_in_corner
from tests.stages.explain_world import saved, trained_bundle, write_images

from tamiz.cli.main import main
from tamiz.core.errors import WrongUse
from tamiz.core.language import set_language
from tamiz.data.image import Image
from tamiz.data.report import Findings, Severity
from tamiz.models.ensemble import ensemble_of
from tamiz.stages.explain import ExplainOptions, explain
from tamiz.stages.explaining.drawing import box_of, heat_over
from tamiz.stages.explaining.making import ExplainImages
from tamiz.steps.centre_crop import CentreCrop
from tamiz.steps.resize import Resize

METHODS = ("gradcam", "integrated-gradients", "occlusion")


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    bundle = trained_bundle(folder / "checkpoint")
    return saved(bundle, folder / "model"), write_images(folder / "images", 10)


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def warnings_of(report):
    found = [
        one for block in report.summary if isinstance(block, Findings) for one in block.findings
    ]
    return [str(one.what) for one in found if one.severity is Severity.WARNING]


def explained(model, images, out, by=METHODS, **how):
    return explain(model, [images], out, ExplainOptions(by, images=ExplainImages(**how)))


def test_maps_of_a_model_that_learnt_find_the_corner_and_pass_the_check(world, tmp_path):
    methods = ("gradcam", "occlusion")
    report = explained(world[0], world[1], tmp_path, methods, stride=0.2)
    told = report.values["explain"]
    assert len(told["maps"]) == 20
    for one in told["maps"]:
        assert one["probability"] > 0.9
        values = np.load(tmp_path / one["map"])
        if one["method"] != "gradcam":  # its grid is as coarse as 4 x 4
            assert share_in_corner(values.astype(float), CORNER + 6) > 0.6, one
        with PIL.Image.open(tmp_path / one["picture"]) as picture:
            assert picture.width > 600  # 32 px, enlarged, and its map beside it
    for method in methods:
        check = told["check"][method]
        assert check["p"] < 0.01
        assert check["separation"]["n_groups"] == 10
        assert check["is_learnt"]
        assert check["is_changing"]
        if method != "gradcam":
            assert check["beaten"]["low"] > 0.5
            assert check["explains"]
    assert [one for one in warnings_of(report) if not one.startswith("gradcam")] == []
    rows = list(csv.DictReader((tmp_path / "maps.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["class"] for row in rows if row["method"] == "occlusion"][:2] == [
        "upright",
        "lying",
    ]
    assert json.loads((tmp_path / "explain.json").read_text())["check"].keys() == set(methods)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Are the maps true?" in page
    assert "the model lies in no run" in page


def test_a_model_with_random_weights_is_said_to_explain_nothing(tmp_path):
    model = saved(bundle_of(), tmp_path / "model")
    report = explained(model, write_images(tmp_path / "images", 2), tmp_path / "out", stride=0.2)
    told = warnings_of(report)
    for method in METHODS:
        assert not report.values["explain"]["check"][method]["explains"]
        assert any(
            one.startswith(f"{method}: this map explains nothing that we could show")
            for one in told
        )
    assert "networks with random weights" in " ".join(told)


def test_what_was_interrupted_goes_on_and_ends_in_the_same_bytes(world, tmp_path):
    class Stop(Exception):
        pass

    def stop_at_five(event):
        if event.done == 5:
            raise Stop

    whole, broken = tmp_path / "whole" / "out", tmp_path / "broken" / "out"
    how = ExplainOptions(("occlusion",), images=ExplainImages(n_checked=1))
    for out in (whole, broken):
        out.parent.mkdir()
    explain(world[0], [world[1]], whole, how)
    with pytest.raises(Stop):
        explain(world[0], [world[1]], broken, how, stop_at_five)
    begun = {p: p.stat().st_mtime_ns for p in broken.glob("*.png")}
    assert len(begun) == 5
    explain(world[0], [world[1]], broken, how)
    assert {p: p.stat().st_mtime_ns for p in begun} == begun
    assert files_in(whole) == files_in(broken)


def test_another_model_or_option_is_not_mistaken_for_the_one_before(world, tmp_path):
    image = world[1] / "00.png"
    explained(world[0], image, tmp_path, by=("occlusion",), n_checked=0)
    before = (tmp_path / "00_occlusion.png").read_bytes()
    explained(world[0], image, tmp_path, by=("occlusion",), n_checked=0, patch=0.5)
    assert (tmp_path / "00_occlusion.png").read_bytes() != before


def test_one_image_shows_little_and_the_page_says_so(world, tmp_path):
    report = explained(world[0], world[1] / "00.png", tmp_path, by=("occlusion",))
    assert any("one image shows little" in one for one in warnings_of(report))
    assert report.values["explain"]["check"]["occlusion"]["separation"]["low"] is None
    report = explained(world[0], world[1] / "00.png", tmp_path, by=("occlusion",), n_checked=0)
    assert any("nobody knows whether they are true" in one for one in warnings_of(report))


def test_classes_that_are_asked_for_have_maps_of_their_own(world, tmp_path):
    asked = {"classes": ("lying", "upright"), "n_checked": 0}
    report = explained(world[0], world[1] / "00.png", tmp_path, ("integrated-gradients",), **asked)
    lying, upright = report.values["explain"]["maps"]
    assert (lying["class"], upright["class"]) == ("lying", "upright")
    assert lying["score_difference"] < 0 < upright["score_difference"]
    assert lying["picture"] == "00_integrated-gradients_lying.png"


def test_each_label_that_is_predicted_has_a_map_where_there_can_be_several(world, tmp_path):
    from tamiz.models.bundle import Bundle

    bundle = Bundle.load(world[0]).with_thresholds((0.0, 0.0))
    model = saved(bundle, tmp_path / "model")
    report = explained(model, world[1] / "00.png", tmp_path / "o", ("gradcam",), n_checked=1)
    maps = report.values["explain"]["maps"]
    assert [one["class"] for one in maps] == ["upright", "lying"]
    assert {one["predicted"] for one in maps} == {"lying|upright"}


def test_the_map_of_an_ensemble_is_the_mean_of_its_networks(world, tmp_path):
    from tamiz.models.bundle import Bundle

    one, other = Bundle.load(world[0]), replace(bundle_of(), options={"widths": [8, 16]})
    how = {"n_checked": 0, "stride": 0.2, "classes": ("upright",)}
    made = []
    for name, bundle in (("a", one), ("b", other), ("both", ensemble_of([one, other]))):
        model = saved(bundle, tmp_path / name)
        report = explained(model, world[1] / "00.png", tmp_path / f"out-{name}", METHODS, **how)
        made.append([np.load(tmp_path / f"out-{name}" / m["map"])
                     for m in report.values["explain"]["maps"]])  # fmt: skip
    for first, second, both in zip(*made, strict=True):
        np.testing.assert_allclose(both, (first + second) / 2, atol=1e-6)
    explained(tmp_path / "both", world[1] / "00.png", tmp_path / "p", ("gradcam",), n_checked=1)
    page = (tmp_path / "p" / "report.html").read_text(encoding="utf-8")
    assert "mean of 2 networks" in page
    assert "the first network of the ensemble stands for all" in page


def test_a_model_without_feature_maps_is_explained_by_occlusion_and_says_why(world, tmp_path):
    model = saved(bundle_of(model="softmax"), tmp_path / "model")
    report = explained(model, world[1] / "00.png", tmp_path / "out", by=(), n_checked=0)
    assert {one["method"] for one in report.values["explain"]["maps"]} == {"occlusion"}
    assert "no feature maps" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    with pytest.raises(WrongUse, match="no feature maps"):
        explained(model, world[1] / "00.png", tmp_path / "out", by=("gradcam",))


@pytest.mark.parametrize(
    ("by", "how", "message"),
    [
        (("gradcamm",), {}, "gradcam"),
        ((), {"classes": ("sitting",)}, "no class 'sitting'"),
        ((), {"n_checked": -1}, "no whole number from 0 on"),
        ((), {"n_mistakes": -1}, "no whole number from 0 on"),
        ((), {"baseline": "blur"}, "no baseline"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(world, tmp_path, by, how, message):
    with pytest.raises(WrongUse, match=message):
        explained(world[0], world[1], tmp_path, by=by, **how)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "1 image could not be read"), ("es", "no se pudo leer")]
)
def test_the_command_speaks_both_languages_and_counts_what_it_cannot_read(
    world, tmp_path, capsys, language, words
):
    images = write_images(tmp_path / "images", 2)
    (images / "broken.png").write_bytes(b"no picture")
    asked = ["explain", str(world[0]), str(images), "--with", "gradcam,occlusion", "--check", "1"]
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--out", str(tmp_path / "out"), "--lang", language, "--quiet"])
    assert ended.value.code == 1
    told = " ".join(capsys.readouterr().out.split())
    assert words in told
    assert "broken.png" in told
    assert f'lang="{language}"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    set_language("en")


@pytest.mark.parametrize(
    ("step", "box"),
    [
        (Resize(16, "stretch"), (0, 0, 1, 1)),
        (Resize(16, "crop"), (0.25, 0, 0.75, 1)),
        (Resize(16, "pad"), (0, -0.5, 1, 1.5)),
        (CentreCrop(16, 32), (0.375, 0.25, 0.625, 0.75)),
    ],
)
def test_the_networks_input_is_found_on_the_image(step, box):
    wide = np.zeros((40, 80, 1), dtype=np.uint8)
    assert box_of(Image(wide), [step]) == pytest.approx(box)
    twice = box_of(Image(wide), [Resize(64, "crop"), step])
    if isinstance(step, Resize):
        assert twice == pytest.approx((0.25, 0, 0.75, 1))


def test_heat_lies_where_the_network_looked_and_nowhere_else():
    values = np.array([[0.0, 1.0], [0.0, 1.0]])
    made = heat_over(values, (0.25, 0, 0.75, 1), (8, 2))
    assert np.isnan(made[:, [0, 1, 6, 7]]).all()
    assert made[0, 2:6].tolist() == pytest.approx([0.0, 0.25, 0.75, 1.0])
    padded = heat_over(np.arange(16.0).reshape(4, 4), (0, -0.5, 1, 1.5), (4, 2))
    assert padded.tolist() == [[4, 5, 6, 7], [8, 9, 10, 11]]


def test_a_step_of_somebody_else_that_changes_the_size_has_no_known_place():
    class Halved:
        def fit(self, images):
            return self

        def __call__(self, image: Image) -> Image:
            return Image(image.pixels[::2, ::2])

    assert box_of(Image(corner_image(1)), [Halved()]) is None
