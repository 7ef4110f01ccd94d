"""`tamiz serve`: a model or the workbench, and options that fit."""

from __future__ import annotations

import pytest

from tamiz.cli.main import main

WRONG = [
    ([], "a model to ask or --workbench DATA"),
    (["x", "--workbench", "y"], "one of the two"),
    (["--workbench", "nowhere"], "nowhere: there is no such file or folder"),
    (["--workbench", ".", "--show-training", "r"], "--show-training means nothing"),
    (["--workbench", ".", "--max-upload", "0"], "--max-upload"),
    (["nowhere"], "there is no trained model here"),
]


@pytest.mark.parametrize(("words", "told"), WRONG)
def test_wrong_use_is_one_line(words, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["serve", *words, "--no-browser", "--port", "0"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
