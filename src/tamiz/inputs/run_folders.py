"""The folder of a run named where its images are meant."""

from __future__ import annotations

from pathlib import Path

from tamiz.core.errors import WrongUse
from tamiz.data.run_folder import Run


def refuse_run(source: Path) -> None:
    """Raise where a source is the folder of a run that has its images from elsewhere.

    Raises:
        WrongUse: it is; the run's own source is named.
    """
    known = Run(source).state().get("asked", {}).get("data", {}).get("source")
    if known and Path(known) != source.absolute():
        raise WrongUse.of("inputs.is_run", where=source, source=known)
