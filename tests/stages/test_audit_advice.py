"""What `audit` advises where a split leaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.splits.audit import audit as audit_split
from tamiz.splits.tying import mend, tie
from tamiz.stages.audit import _comparison, _split_findings, _Verdict, _where_proposed


def verdict(groups: str, labels: str | list[str], parts: list[str]) -> _Verdict:
    rows = Manifest.from_columns(
        {
            "path": [f"{at}.png" for at in range(len(parts))],
            "label": list(labels),
            "group": list(groups),
            "split": parts,
        },
        Path("photos"),
    )
    tied = tie(list(groups), [None] * len(parts))
    return _Verdict(rows, audit_split(rows), tied, mend(parts, tied))


def test_the_nearest_valid_split_is_advised_where_every_part_keeps_its_classes():
    found = verdict("pppqrs", "aaabba", ["train", "train", "test", "train", "test", "test"])
    assert found.lost() is None
    [one] = _split_findings(found, cast(Any, None))
    assert one.command == "tamiz run {run} --given-split mend"


def test_a_nearest_valid_split_that_loses_a_class_is_not_advised():
    found = verdict("pppqqq", "aaabbb", ["train", "train", "test", "train", "train", "test"])
    assert found.lost() == ("test", "a")
    [one] = _split_findings(found, cast(Any, None))
    assert "then test has no 'a'" in str(one.advice)
    assert one.command == "tamiz run {run} --given-split ignore"


def test_a_nearest_valid_split_that_loses_a_class_is_called_no_split_to_train_with():
    found = verdict("pppqqq", "aaabbb", ["train", "train", "test", "train", "train", "test"])
    where = str(_where_proposed(found, Run("runs/r")).text)
    assert where.startswith(str(Path("runs/r/split_proposed.csv")))
    assert "no split to train with: its test part has no 'a'" in where
    assert "--given-split ignore" in where
    caption = str(_comparison(found).caption)
    assert "its test part has no 'a'" in caption
    for words in (where, caption):
        assert "nearest valid" not in words


def test_a_nearest_valid_split_that_keeps_every_class_is_called_so():
    found = verdict("pppqrs", "aaabba", ["train", "train", "test", "train", "test", "test"])
    assert "The nearest valid split is written to" in str(_where_proposed(found, Run("r")).text)
    assert "the nearest valid one" in str(_comparison(found).caption)
