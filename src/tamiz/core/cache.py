"""Where work that several runs share is kept: the user's cache folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "TAMIZ_CACHE"


def cache_folder() -> Path:
    """Return the folder: $TAMIZ_CACHE, or `tamiz` in $XDG_CACHE_HOME or in ~/.cache.

    Everything in it can be made again; it may be deleted at any time.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "tamiz"
