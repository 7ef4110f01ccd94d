"""The registry of preprocessing steps."""

from __future__ import annotations

from typing import Final

from tamiz.core.registry import Registry
from tamiz.data.contracts import Step

STEPS: Final[Registry[type[Step]]] = Registry("steps", "tamiz.steps")
