"""What `audit` advises where a split leaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tamiz.data.manifest import Manifest
from tamiz.splits.audit import audit as audit_split
from tamiz.splits.tying import mend, tie
from tamiz.stages.audit import _split_findings, _Verdict


def verdict(groups: str, labels: str, parts: list[str]) -> _Verdict:
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
