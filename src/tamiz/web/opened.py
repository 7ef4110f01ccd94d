"""What this process serves: set once before the first page is asked for, read by every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LANGUAGE_OF_BROWSER: Final = "auto"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the web app.

    Attributes:
        name: in the address, also the page's key: a plain word.
        title: key of the catalogue.
        icon: a Material symbol that Streamlit brings along, ':material/search:' say.
        show: draws the page; called in the reader's language.
    """

    name: str
    title: str
    icon: str
    show: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """What the pages show.

    Attributes:
        pages: in the order of the menu; the first is the one that opens.
        language: 'en', 'es', or 'auto': the browser's.
        most_mib: of one upload.
        parts: what pages need, by name (the model, the workbench's folder).
        scripts: that stand inline in frames of the pages; the server allows these and no others.
    """

    pages: tuple[Page, ...]
    language: str = LANGUAGE_OF_BROWSER
    most_mib: int = 200
    parts: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()

    @property
    def most_bytes(self) -> int:
        """Return the bytes of one upload that are taken."""
        return self.most_mib * 2**20


_HELD: dict[str, Opened] = {}


def hold(opened: Opened) -> None:
    """Make this what the process serves from now on."""
    _HELD["opened"] = opened


def opened() -> Opened:
    """Return what the process serves.

    Raises:
        LookupError: `hold` was not called (a fault of the program).
    """
    return _HELD["opened"]
