"""The one door to optional packages."""

from __future__ import annotations

import importlib
from types import ModuleType

from tamiz.core.errors import MissingDependency


def require(package: str, *, extra: str, why: str) -> ModuleType:
    """Return the imported optional `package`.

    Args:
        package: its import name.
        extra: the extra of tamiz that installs it.
        why: what needs it, in the user's words ('reading scan.dcm').

    Raises:
        MissingDependency: it is not installed; the text names the command that installs it.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise MissingDependency.of(
            "errors.missing_package", package=package, extra=extra, why=why
        ) from error
