"""The course's recipe for 32 x 32 pixels in colour and ten classes, on data of that shape."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from tamiz.cli.lab import command as lab
from tamiz.cli.train import command as train
from tamiz.data.run_folder import Run
from tamiz.testing.sources import cifar_files, tar_bytes

RECIPE = Path(__file__).resolve().parents[2] / "recipes" / "cifar10.toml"


def test_its_network_reads_32_by_32_in_colour_and_has_ten_classes():
    words = ["network", "--recipe", str(RECIPE), "--classes", "10", "--json"]
    done = CliRunner().invoke(lab, words, catch_exceptions=False, standalone_mode=False)
    told = json.loads(done.stdout)["values"]["lab"]
    assert told["parameters"] == 896 + 18_496 + 73_856 + 65_664 + 1_290


def test_it_trains_on_the_archive_as_it_is_and_never_on_the_test_batch(tmp_path):
    files = {f"cifar-10-batches-bin/{name}": held for name, held in cifar_files(30, 20).items()}
    source = tmp_path / "cifar-10-binary.tar.gz"
    source.write_bytes(tar_bytes(files, "gz"))
    words = [str(source), "--recipe", str(RECIPE), "--epochs", "1", "--out", str(tmp_path / "run")]
    train.main([*words, "--quiet", "--json"], standalone_mode=False)
    run = Run(tmp_path / "run")
    rows = list(run.manifest().rows("path", "split", "label"))
    assert len(rows) == 80
    assert {part for path, part, _ in rows if "test_batch" in path} == {"test"}
    assert {part for path, part, _ in rows if "data_batch" in path} == {"train", "val"}
    assert len({label for *_, label in rows}) == 10
    prepare = run.recipe().prepare
    assert (prepare.size_px, prepare.channels) == (32, 3)
