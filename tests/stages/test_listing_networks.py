"""`list networks`: all networks of timm and torchvision, or those of a pattern."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tamiz.cli.list import command
from tamiz.core.errors import WrongUse
from tamiz.data.report import Table
from tamiz.stages.list import list_names, list_networks


def test_a_part_of_a_name_finds_its_networks():
    report = list_networks("squeezenet")
    assert report.values["networks"] == ["torchvision:squeezenet1_0", "torchvision:squeezenet1_1"]
    (table,) = report.summary
    assert isinstance(table, Table)
    assert [row[1:3] for row in table.rows] == [(224, "bilinear")] * 2


def test_a_pattern_fits_whole_names_in_any_case():
    found = list_networks("TF_EfficientNet_B*").values["networks"]
    assert {f"tf_efficientnet_b{n}" for n in range(8)} <= set(found)
    assert all(name.startswith("tf_efficientnet_b") for name in found)


def test_all_networks_are_many_and_each_can_be_named():
    found = list_networks().values["networks"]
    assert len(found) > 1000
    assert {"vgg16", "densenet201", "torchvision:vgg16"} <= set(found)


def test_a_pattern_that_fits_nothing_is_said():
    with pytest.raises(WrongUse, match="no network's name is like this"):
        list_networks("no-such-thing")


def test_a_pattern_goes_with_networks_only():
    with pytest.raises(WrongUse, match="goes with 'networks' only"):
        CliRunner().invoke(
            command, ["models", "vgg"], standalone_mode=False, catch_exceptions=False
        )


def test_the_command_gives_them_as_json():
    shown = CliRunner().invoke(command, ["networks", "vgg1?", "--json"], standalone_mode=False)
    assert "vgg16" in json.loads(shown.output)["values"]["networks"]


def test_the_list_of_models_says_that_there_are_more():
    (table,) = list_names(("models",)).summary
    assert isinstance(table, Table)
    assert "tamiz list networks" in str(table.caption)
