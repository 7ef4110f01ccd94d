"""The registry of image formats; it fills itself from the files beside it."""

from __future__ import annotations

from typing import Final

from tamiz.core.registry import Registry
from tamiz.data.contracts import Format

FORMATS: Final[Registry[Format]] = Registry("formats", "tamiz.formats")
