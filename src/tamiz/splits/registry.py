"""The registry of split rules: one file in this folder, one decorator, one name."""

from __future__ import annotations

from tamiz.core.registry import Registry
from tamiz.data.contracts import SplitRule

SPLITS: Registry[SplitRule] = Registry("splits", "tamiz.splits")
