"""Reporting checklists: items, and how far a run answers each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tamiz.data.report import Words

ALWAYS = "always"


class Answered(StrEnum):
    """How far an item is answered."""

    YES = "answered"
    PARTLY = "partly"
    OPEN = "open"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist.

    Attributes:
        number: as published: '7', '3a'.
        section: key of its section.
        needs: facts of a run that answer it, all of them; empty: only a person can.
        also: facts that are told where they are known.
        asks: what a person must add: '' nothing, 'always' something, or the fact without which
            there is something.
        todo: key of the command that makes a missing fact; '' where no command does.
        unless: fact that makes the item not apply.
        weight: what it counts for where the list is a score.
    """

    number: str
    section: str
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    asks: str = ""
    todo: str = ""
    unless: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Checklist:
    """A published list: its name on the command line, its items in order."""

    name: str
    items: tuple[Item, ...]

    @property
    def area(self) -> str:
        """Return the area of the catalogue with its words."""
        return f"checklist_{self.name.replace('-', '_')}"

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the keys of its sections, in order."""
        return tuple(dict.fromkeys(item.section for item in self.items))


@dataclass(frozen=True, slots=True)
class Filled:
    """An item with what the run says to it.

    `facts` are sentences from the run; empty for what is open or not done.
    """

    item: Item
    how: Answered
    facts: tuple[Words, ...] = ()


def fill(checklist: Checklist, facts: Mapping[str, Sequence[Words]]) -> tuple[Filled, ...]:
    """Return each item with its answer; nothing is answered without the facts that it needs.

    Args:
        checklist: which items.
        facts: sentences by name of the fact; a fact that the run does not show is not in it.
    """
    return tuple(_fill_one(item, facts) for item in checklist.items)


def counts_of(filled: Sequence[Filled]) -> dict[Answered, int]:
    """Return how many items are answered how far; they add up to the length of the list."""
    found = Counter(one.how for one in filled)
    return {how: found[how] for how in Answered}


def _fill_one(item: Item, facts: Mapping[str, Sequence[Words]]) -> Filled:
    if item.unless and facts.get(item.unless):
        return Filled(item, Answered.NOT_APPLICABLE, tuple(facts[item.unless]))
    if not item.needs:
        return Filled(item, Answered.OPEN)
    if not all(facts.get(name) for name in item.needs):
        return Filled(item, Answered.NOT_DONE if item.todo else Answered.OPEN)
    known = [name for name in (*item.needs, *item.also) if facts.get(name)]
    told = tuple(sentence for name in known for sentence in facts[name])
    is_whole = not item.asks or (item.asks != ALWAYS and bool(facts.get(item.asks)))
    return Filled(item, Answered.YES if is_whole else Answered.PARTLY, told)
