"""A model in an ONNX file that `tamiz export` wrote: asked by onnxruntime, without torch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import explain_read_error
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.models.bundle import Bundle, fields_from
from tamiz.models.ensemble import Ensemble
from tamiz.models.guard import Guard

SUFFIX: Final = ".onnx"
SCHEMA_VERSION: Final = 1
IMAGE: Final = "image"
PROBABILITIES: Final = "probabilities"
DISTANCE: Final = "distance"
ANSWER: Final = "answer"
KEY: Final = "tamiz"  # of the metadata that holds what follows, as JSON


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """A model in one file, ready to be asked.

    Attributes:
        bundle: what the file tells of the bundle it was made from: all but weights.
        identity: of that bundle.
        facts: what `tamiz export` found out about the file: 'parity', 'int8', versions.
    """

    bundle: Bundle
    identity: str
    facts: Mapping[str, Any]
    _session: Any

    @classmethod
    def load(cls, path: Path, threads: int = 0) -> Self:
        """Return the model in a file.

        Args:
            path: of the file.
            threads: to compute with; 0: as many as cores, or OMP_NUM_THREADS.

        Raises:
            MissingDependency: onnxruntime is not installed.
            WrongUse: there is no such file, or it may not be read.
            WrongData: it is no ONNX file, or none that `tamiz export` wrote.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise WrongUse.of("errors.not_found", where=path) from error
        except OSError as error:
            raise explain_read_error(error, path) from error
        return cls.of(content, path, threads)

    @classmethod
    def of(cls, content: bytes, where: Path, threads: int = 0) -> Self:
        """Return the model that a file's content holds; arguments and errors as in `load`."""
        why = say("export.why_runtime", name=where.name)
        runtime: Any = require("onnxruntime", extra="export", why=why)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads or threads_here()
        options.log_severity_level = 3
        try:
            session = runtime.InferenceSession(content, options, ["CPUExecutionProvider"])
            told = session.get_modelmeta().custom_metadata_map
        except Exception as error:  # onnxruntime's own errors share no base but this
            reason = " ".join(str(error).split())[:160]
            raise WrongData.of("errors.broken_file", where=where, reason=reason) from error
        try:
            facts = json.loads(told[KEY])
            schema = int(facts["schema_version"])
            if schema != SCHEMA_VERSION:
                raise WrongData.of(
                    "export.other_schema", where=where, found=schema, known=SCHEMA_VERSION
                )
            model = cls(_bundle_from(facts), str(facts["identity"]), facts, session)
        except (KeyError, TypeError, ValueError, AttributeError, WrongUse) as error:
            raise WrongData.of("export.foreign", where=where) from error
        if not _is_told(session, model.bundle):
            reason = say("export.other_graph")
            raise WrongData.of("errors.broken_file", where=where, reason=reason)
        return model

    def ask(self, images: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return (n, classes) probabilities and (n, guards) distances.

        Args:
            images: (n, height, width, channels) decoded, as `Reader` gives them; of bytes also
                with alpha.
        """
        names = [one.name for one in self._session.get_outputs()]
        made = dict(zip(names, self._session.run(names, {IMAGE: images}), strict=True))
        distance = made.get(DISTANCE, np.zeros((len(images), 0), np.float32))
        return made[PROBABILITIES].astype(np.float64), distance


def _is_told(session: Any, bundle: Bundle) -> bool:
    """Return whether a graph takes and gives what its metadata say."""
    kind = "tensor(float)" if bundle.policy.window == "values" else "tensor(uint8)"
    members = bundle.members if isinstance(bundle, Ensemble) else (bundle,)
    n_far = sum(one.guard is not None and one.guard.distance is not None for one in members)
    widths = {one.name: one.shape[-1] for one in session.get_outputs() if one.shape}
    return (
        [(one.name, one.type) for one in session.get_inputs()] == [(IMAGE, kind)]
        and widths.get(PROBABILITIES) == len(bundle.classes)
        and widths.get(DISTANCE, 0) == n_far
    )


def facts_of(bundle: Bundle) -> dict[str, Any]:
    """Return what `OnnxModel` reads of a bundle, JSON-ready."""
    members = bundle.members if isinstance(bundle, Ensemble) else (bundle,)
    return {
        "schema_version": SCHEMA_VERSION,
        "identity": bundle.identity(),
        "bundle": Bundle.facts(bundle),
        "is_ensemble": isinstance(bundle, Ensemble),
        "members": [{**one.facts(), "weights": {"sha256": one.identity()}} for one in members],
    }


def _bundle_from(facts: Mapping[str, Any]) -> Bundle:
    """Return the bundle that `facts_of` told, without weights."""
    guards = _guards_from(facts["members"])
    pairs = zip(facts["members"], guards, strict=True)
    members = tuple(Bundle(**fields_from(one), weights={}, guard=guard) for one, guard in pairs)
    if not facts["is_ensemble"]:
        return members[0]
    whole = Bundle(**fields_from(facts["bundle"]), weights={})
    shared = {one.name: getattr(whole, one.name) for one in fields(Bundle)}
    return Ensemble(**shared, members=members)


def _guards_from(members: Sequence[Mapping[str, Any]]) -> list[Guard | None]:
    """Return the guards; each takes its distance, ready made, from its column."""
    made: list[Guard | None] = []
    n_distances = 0
    for one in members:
        told = one.get("guard")
        arrays = {
            "places": np.array([n_distances]),
            "mean": np.zeros(1),
            "scale": np.ones(1),
            "basis": np.zeros((1, 0)),
            "variances": np.ones(1),
            "centres": np.zeros((1, 1)),
        }
        made.append(None if told is None else Guard.of(told, arrays))
        n_distances += told is not None and "distance" in told
    return made


def threads_here() -> int:
    """Return how many threads to compute with: OMP_NUM_THREADS, or as many as cores."""
    shared_out = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, int(shared_out) if shared_out.isdecimal() else len(os.sched_getaffinity(0)))
