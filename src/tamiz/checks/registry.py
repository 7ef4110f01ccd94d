"""The registry of checks: one file in this folder, one decorator, one name."""

from __future__ import annotations

from typing import Final

from tamiz.core.registry import Registry
from tamiz.data.evidence import Check

CHECKS: Final[Registry[Check]] = Registry("checks", "tamiz.checks")
