"""Several networks as one model: a bundle of bundles, whose answer is the mean of theirs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.core.files import read_json, write_json, write_text
from tamiz.core.language import say
from tamiz.metrics.decision import Decision
from tamiz.metrics.sureness import Sureness
from tamiz.models.bundle import SCHEMA_VERSION, Bundle
from tamiz.models.card import card_of
from tamiz.steps.apply import steps_to_tables

if TYPE_CHECKING:
    from torch import nn

_MEMBER: Final = re.compile(r"member-[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Ensemble(Bundle):
    """A bundle without weights of its own: probabilities are the mean over its members'.

    Each member's calibration is applied before the mean; the ensemble has none of its own. What the
    members have in common (classes, size, policy) stands in the ensemble too; `steps` are those of
    the first member, and of all where `has_one_input`.

    Attributes:
        members: the networks, each a whole bundle.
    """

    members: tuple[Bundle, ...] = ()

    @property
    def has_one_input(self) -> bool:
        """Return whether all members read the same pixels, so that one decoding serves all."""
        seen = {json.dumps(steps_to_tables(one.steps), sort_keys=True) for one in self.members}
        return len(seen) == 1

    def identity(self) -> str:
        """Return a SHA-256 over the members' identities, in order."""
        return hashlib.sha256("".join(one.identity() for one in self.members).encode()).hexdigest()

    def facts(self) -> dict[str, Any]:
        """Return the content of bundle.json, less the members' hashes."""
        return {
            "schema_version": SCHEMA_VERSION,
            "classes": list(self.classes),
            **({"decision": made} if (made := self.decision.facts()) else {}),
            "manifest_hash": self.manifest_hash,
            "training": dict(self.training),
            "metrics": dict(self.metrics),
            **({"sureness": made} if (made := self.sureness.facts()) else {}),
            "versions": dict(self.versions),
            "licence": self.licence,
            "intended_use": self.intended_use,
        }

    def save(self, folder: Path) -> None:
        """Write the members that are not there yet, the card and bundle.json (last).

        Raises:
            MachineTrouble: the disk is full.
            WrongUse: the folder cannot be written to.
        """
        members = []
        for number, one in enumerate(self.members, start=1):
            place = folder / member_name(number)
            if not _is_there(one, place):
                one.save(place)
            members.append({"folder": place.name, "sha256": _hash_of(place / "bundle.json")})
        card = {**Bundle.facts(self), "weights": {"sha256": self.identity()}}
        card["training"] = {"networks": len(members), **card["training"]}
        write_text(folder / "card.md", card_of(card))
        write_json(folder / "bundle.json", {**self.facts(), "members": members})

    def module(self) -> nn.Module:
        """Return one network that gives the logarithm of the members' mean probability.

        Raises:
            WrongData: a member's weights are not its architecture's, or the members do not read
                the same pixels (predict with each of `parts` then).
        """
        from tamiz.models.nets.averaged import Averaged

        if not self.has_one_input:
            raise ValueError("members with different steps have no module in common")
        nets = [one.module() for one in self.members]
        calibrations = [one.calibration for one in self.members]
        made = Averaged(nets, calibrations, is_multilabel=self.is_multilabel)
        return made.eval().requires_grad_(False)  # noqa: FBT003

    @classmethod
    def read(cls, folder: Path, facts: Mapping[str, Any]) -> Self:
        """Return the ensemble that `save` wrote; `facts` is its bundle.json.

        Raises:
            WrongData: a member is missing, damaged, changed since, or does not fit the others.
        """
        place = folder / "bundle.json"
        try:
            members = tuple(_read_member(folder, one) for one in facts["members"])
            own = {
                "manifest_hash": str(facts["manifest_hash"]),
                "training": dict(facts["training"]),
                "decision": Decision.from_facts(facts.get("decision", {}), facts["classes"]),
                "sureness": Sureness.from_facts(facts.get("sureness", {})),
                "metrics": dict(facts["metrics"]),
                "versions": dict(facts["versions"]),
                "licence": str(facts["licence"]),
                "intended_use": str(facts["intended_use"]),
            }
            made = ensemble_of(members)
        except KeyError as error:
            reason = say("models.bundle_lacks", name=error.args[0])
            raise WrongData.of("errors.broken_file", where=place, reason=reason) from error
        except (TypeError, ValueError, AttributeError) as error:
            raise WrongData.of("errors.broken_file", where=place, reason=str(error)) from error
        if list(made.classes) != facts.get("classes"):
            reason = say("folds.members_differ", name="classes")
            raise WrongData.of("errors.broken_file", where=place, reason=reason)
        return cls(**{one.name: getattr(made, one.name) for one in fields(cls)} | own)


def ensemble_of(members: Sequence[Bundle]) -> Ensemble:
    """Return the ensemble of these networks; the threshold of each label is their mean.

    Raises:
        ValueError: there are none, or they do not answer the same question.
    """
    if not members:
        raise ValueError(say("folds.no_members"))
    first = members[0]
    for name in ("classes", "size_px", "channels", "kind", "is_multilabel", "policy"):
        if any(getattr(one, name) != getattr(first, name) for one in members):
            raise ValueError(say("folds.members_differ", name=name))
    shared = {one.name: getattr(first, one.name) for one in fields(Bundle)}
    thresholds = np.array([one.thresholds for one in members], dtype=np.float64).mean(axis=0)
    shared |= {
        "weights": {},
        "temperature": 1.0,
        "scales": (),
        "shifts": (),
        "bend": 0.0,
        "decision": Decision(),
        "sureness": Sureness(),
        "guard": None,  # each member has its own
        "thresholds": tuple(map(float, thresholds)),
        "averages_mirrored": False,  # each member does so itself
        "metrics": {},
        "training": {},
    }
    return Ensemble(**shared, members=tuple(members))


def parts_of(bundle: Bundle) -> tuple[Bundle, ...]:
    """Return what is to be asked in turn, the mean of the answers being the bundle's answer.

    The bundle itself, unless it is an ensemble whose members prepare their images differently.
    """
    if isinstance(bundle, Ensemble) and not bundle.has_one_input:
        return bundle.members
    return (bundle,)


def without_mirroring(bundle: Bundle) -> Bundle:
    """Return the bundle that looks at each image once."""
    made = replace(bundle, averages_mirrored=False)
    if isinstance(made, Ensemble):
        return replace(made, members=tuple(without_mirroring(one) for one in made.members))
    return made


def is_mirroring(bundle: Bundle) -> bool:
    """Return whether answers are the mean over an image and its mirror image."""
    members = bundle.members if isinstance(bundle, Ensemble) else (bundle,)
    return any(one.averages_mirrored for one in members)


def member_name(number: int) -> str:
    """Return the folder of a member, counted from 1."""
    return f"member-{number}"


def _read_member(folder: Path, entry: Mapping[str, Any]) -> Bundle:
    name = str(entry["folder"])
    if not _MEMBER.fullmatch(name):
        raise ValueError(say("folds.member_name", name=name[:80]))
    place = folder / name
    if not (place / "bundle.json").is_file():
        raise WrongData.of("errors.not_found", where=place / "bundle.json")
    if _hash_of(place / "bundle.json") != entry["sha256"]:
        raise WrongData.of("models.bundle_hash", where=place / "bundle.json")
    if "members" in read_json(place / "bundle.json"):
        raise ValueError(say("folds.member_name", name=name))
    return Bundle.load(place)


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_there(bundle: Bundle, place: Path) -> bool:
    """Return whether `place` holds this very bundle."""
    if not (place / "bundle.json").is_file():
        return False
    try:
        found = Bundle.load(place)
    except WrongData:
        return False
    return found.identity() == bundle.identity() and found.facts() == bundle.facts()
