"""The engine of many machines: Ray, of which nothing but tasks is used."""

from __future__ import annotations

import platform
import re
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import MachineTrouble, MissingDependency, TamizError, WrongUse
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.workers.local import n_cores
from tamiz.workers.ray_session import RaySession, set_up_environment
from tamiz.workers.registry import ENGINES, Part, Place, Result, Wishes
from tamiz.workers.shared_paths import Seen, check_same, check_seen_once, seen

_AHEAD: Final = 2  # parts handed out for each core
_RETRIES: Final = 3  # of a part whose worker or machine was lost
_LOOK_S: Final = 5.0  # between looks whether the cluster is still there
_STOP_S: Final = 20.0  # for tasks to end when nobody needs them any more
# Results depend on these: two versions may decode the same file, or train, to other bytes.
_PACKAGES: Final = (
    "tamiz", "numpy", "pillow", "simplejpeg", "imagecodecs", "pydicom", "torch", "scikit-learn"
)  # fmt: skip


@ENGINES.add("ray")
class OnRay:
    """Tasks on a Ray cluster; without an address, on a Ray of its own on this machine.

    Nothing is kept on the cluster: a part goes out, its result comes back. Ray starts a task again
    when its process or machine is lost; a task is a function of its part, so the result is the
    same. Workers read sources from the same paths as this machine.
    """

    def __init__(self, place: Place) -> None:
        set_up_environment(is_own=not place.address)
        self._ray = require("ray", extra="cluster", why=say("workers.ray_why"))
        self._n = place.n_workers
        self._where = place.address or "ray"
        self._shared: Seen = ()
        self._is_gone = False
        self._session: RaySession | None = None
        if not self._ray.is_initialized():
            self._session = self._connected(place)
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def _connected(self, place: Place) -> RaySession:
        faults = (ConnectionError, RuntimeError, ValueError, OSError)
        try:
            return RaySession(self._ray, place.address, place.n_workers or n_cores())
        except (*faults, self._ray.exceptions.RayError) as error:
            reason = " ".join(str(error).split())[:200]
            raise WrongUse.of("workers.no_cluster", where=self._where, reason=reason) from error

    def _check_workers(self) -> None:
        """Raise when a machine of the cluster would give other results than this one.

        Raises:
            WrongUse: it has another version of Python, of tamiz or of a package that counts.
        """
        here = software()
        for name, there in self._on_each_machine(software):
            for package in here:
                if there.get(package) != here[package]:
                    raise WrongUse.of(
                        "workers.other_version", where=name, package=package,
                        here=here[package] or "-", there=there.get(package) or "-",
                    )  # fmt: skip

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        """Raise when a machine does not see these places as this one does (see `Engine`)."""
        read = seen(places)
        # What a lock says was written just now: a folder of the same name has another, or none.
        written = seen([out / ".lock"]) if out is not None else ()
        if read == self._shared and not written:
            return
        asked = [Path(path) for path, _ in (*read, *written)]
        for name, there in self._on_each_machine(partial(seen, asked)):
            check_same((*read, *written), there, name)
        self._shared = read

    def _on_each_machine(self, work: Callable[[], Result]) -> Iterator[tuple[str, Result]]:
        """Yield each machine's name and what `work()` gives there; all are asked at once.

        Raises:
            WrongUse: the cluster has no machine with a core.
        """
        ray = self._ray
        strategy = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
        if not nodes:
            raise WrongUse.of("workers.no_nodes", where=self._where)
        probe = ray.remote(num_cpus=0, max_retries=1)(_called)
        asked = [
            probe.options(scheduling_strategy=strategy(node["NodeID"], soft=False)).remote(work)
            for node in nodes
        ]
        for node, ref in zip(nodes, asked, strict=True):
            name = node["NodeManagerAddress"]
            yield name, self._result_of(ref, name)

    def n_hands(self, wishes: Wishes) -> int:
        """Return how many parts are worked on at once: as many as the cluster has room for."""
        needs = self._needs(wishes)
        has = self._ray.cluster_resources()
        room = min(int(has.get(name, 0) / each) for name, each in needs.items())
        return min(self._n or room, max(1, room))

    def _needs(self, wishes: Wishes) -> dict[str, float]:
        """Return what a part asks of a machine, by Ray's names; some machine has it.

        A part that nobody could ever take would wait for ever.
        """
        machines = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        cores = max((int(one.get("CPU", 0)) for one in machines), default=1)
        wanted = max(1, wishes.n_cores)
        if self._n:  # so many at once are asked for: nobody takes more than a share
            total = int(self._ray.cluster_resources().get("CPU", 1))
            wanted = min(wanted, max(1, total // self._n))
        needs: dict[str, float] = {"CPU": min(wanted, max(1, cores))}
        if wishes.needs_gpu and any(one.get("GPU") for one in machines):
            needs |= {"GPU": 1, "CPU": 1}
        return needs

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        """Yield `work(part)` for each part, in order (see `registry.Engine`)."""
        needs = self._needs(wishes)
        task = self._ray.remote(
            num_cpus=needs["CPU"],
            num_gpus=needs.get("GPU", 0),
            max_retries=_RETRIES,
            scheduling_strategy="SPREAD",
        )(_done)
        known = self._ray.put(work)
        rest = iter(parts)
        ahead = self._n or _AHEAD * self.n_hands(wishes)
        waiting = deque(task.remote(known, part, self._shared) for part in islice(rest, ahead))
        try:
            while waiting:
                made = self._result_of(waiting[0], wishes.what or self._where)
                waiting.popleft()
                waiting.extend(task.remote(known, part, self._shared) for part in islice(rest, 1))
                yield made
        finally:
            self._stop(list(waiting))

    def _stop(self, refs: list[Any]) -> None:
        """Stop tasks as by Ctrl-C, and wait a moment: a training ends its step and saves."""
        if not refs or self._is_gone:
            return
        with suppress(self._ray.exceptions.RayError):
            for ref in refs:
                self._ray.cancel(ref)
            self._ray.wait(refs, num_returns=len(refs), timeout=_STOP_S, fetch_local=False)

    def _result_of(self, ref: Any, where: str) -> Any:
        """Return what a task gave; raise what it raised, as it raised it.

        Raises:
            MachineTrouble: it was lost with its worker too often, or the cluster is gone.
            WrongUse: the worker lacks a package.
        """
        faults = self._ray.exceptions
        try:
            return self._awaited(ref)
        except faults.RayTaskError as error:
            cause = error.cause
            package = _missing_package(cause)
            if package:
                raise WrongUse.of("workers.worker_lacks", where=where, package=package) from error
            if isinstance(cause, MissingDependency):
                raise WrongUse.of(
                    "workers.worker_misses", where=where, reason=str(cause)
                ) from error
            if isinstance(cause, TamizError | KeyboardInterrupt):
                raise cause from error
            raise
        except faults.LocalRayletDiedError as error:
            raise self._gone() from error
        except faults.RayError as error:
            reason = " ".join(str(error).split())[:200]
            raise MachineTrouble.of(
                "workers.lost_on_cluster", where=where, reason=reason, n=_RETRIES
            ) from error

    def _awaited(self, ref: Any) -> Any:
        """Return what a task gave; look now and then whether the cluster is there.

        Raises:
            MachineTrouble: it is not.
        """
        while True:
            try:
                return self._ray.get(ref, timeout=_LOOK_S)
            except self._ray.exceptions.GetTimeoutError:
                if self._session is not None and not self._session.answers():
                    raise self._gone() from None

    def _gone(self) -> MachineTrouble:
        self._is_gone = True
        if self._session is not None:
            self._session.give_up()
        return MachineTrouble.of("workers.cluster_gone", where=self._where)

    def close(self) -> None:
        """End the connection, and the Ray that was started here."""
        if self._session is not None:
            self._session.close()


def software() -> dict[str, str]:
    """Return the versions of what results depend on, by package; '' for what is not there."""
    made = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            made[package] = version(package)
        except PackageNotFoundError:
            made[package] = ""
    return made


def _missing_package(cause: BaseException) -> str:
    """Return what could not be imported; '' where that is not what happened.

    Of work that cannot even be unpickled there, Ray tells in words alone.
    """
    if isinstance(cause, ModuleNotFoundError):
        return cause.name or str(cause)
    found = re.search(r"No module named '([^']+)'", str(cause))
    return found.group(1) if found and not isinstance(cause, TamizError) else ""


def _called(work: Callable[[], Result]) -> Result:
    return work()


def _done(work: Callable[[Part], Result], part: Part, shared: Seen) -> Result:
    """Return what the work makes of a part, on a machine that sees what it is to see.

    Machines may join long after the others were asked.
    """
    check_seen_once(shared, socket.gethostname())
    return work(part)
