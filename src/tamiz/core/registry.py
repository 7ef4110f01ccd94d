"""Registries of plug-ins: one file in a folder, one decorator, one name."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from tamiz.core.errors import WrongUse
from tamiz.core.language import has_text, say

T = TypeVar("T")


class Registry(Generic[T]):
    """Names mapped to plug-ins; filled by importing its folder when first asked.

    Outside packages join through the entry-point group `tamiz.<plural>`. Members that are too
    many to list, or dear to load, are made by `more` when somebody asks for one by name.
    """

    def __init__(
        self,
        plural: str,
        package: str,
        *,
        more: Callable[[str], T | None] = lambda _name: None,
        more_names: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.plural = plural
        self._package = package
        self._more = more
        self._more_names = more_names
        self._members: dict[str, T] = {}
        self._is_filled = False

    def add(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers its function or class under `name`.

        Raises:
            ValueError: the name is taken by something else.
        """

        def register(member: T) -> T:
            known = self._members.get(name)
            if known is not None and _origin(known) != _origin(member):
                raise ValueError(
                    f"{self.plural}: the name {name!r} is taken by {_origin(known)}; "
                    f"{_origin(member)} needs another"
                )
            self._members[name] = member
            return member

        return register

    def names(self) -> list[str]:
        """Return all names, sorted, less those that `more` knows."""
        self._fill()
        return sorted(self._members)

    def get(self, name: str) -> T:
        """Return the member called `name`.

        Raises:
            WrongUse: there is none; the text offers the nearest name and lists all.
        """
        self._fill()
        if name not in self._members:
            found = self._more(name)
            if found is not None:
                return found
            known = sorted((*self._more_names(), *self._members), key=len, reverse=True)
            full = {one.rpartition(":")[2]: one for one in known}  # the plain name wins
            near = difflib.get_close_matches(name.rpartition(":")[2], full, n=1)
            suggestion = say("errors.did_you_mean", name=full[near[0]]) if near else ""
            raise WrongUse.of(
                "errors.unknown_name",
                kind=self._kind(),
                name=name,
                suggestion=suggestion,
                choices=", ".join(sorted(self._members)),
            )
        return self._members[name]

    def _kind(self) -> str:
        key = f"errors.kind_{self.plural}"
        return say(key) if has_text(key) else self.plural.rstrip("s")

    def _fill(self) -> None:
        if self._is_filled:
            return
        folder = importlib.import_module(self._package)
        for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda found: found.name):
            if not module.ispkg:
                importlib.import_module(f"{self._package}.{module.name}")
        for entry in entry_points(group=f"tamiz.{self.plural}"):
            self.add(entry.name)(entry.load())
        self._is_filled = True


def _origin(member: object) -> str:
    return f"{getattr(member, '__module__', '?')}.{getattr(member, '__qualname__', repr(member))}"
