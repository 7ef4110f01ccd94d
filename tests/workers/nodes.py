"""Ray node processes on this machine, in a process of their own that obeys one word a line.

`python nodes.py FOLDER` starts a head without cores and prints its address. Then 'add' adds a node
with one core, 'kill' kills the last one as a power cut would, 'quit' ends all. Each is answered by
a line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

QUICK = {  # to see that a node is gone
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 3,
    "health_check_timeout_ms": 1000,
}
NODE: dict[str, Any] = {
    "include_dashboard": False,
    "object_store_memory": 100_000_000,
    "node_ip_address": "127.0.0.1",
}


class Nodes:
    """The process, from the side of a test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.address = self._answer()

    def ask(self, word: str) -> str:
        """Do what the word says; return when it is done."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, _, rest = line.partition(" ")
            if word == "answer":
                return rest.strip()
        raise AssertionError("the nodes have ended")


@contextmanager
def nodes(folder: Path) -> Iterator[Nodes]:
    """Yield Ray nodes that keep their sockets in the folder (its path must be short)."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Nodes(process)
    finally:
        if process.poll() is None:
            process.communicate("quit\n", timeout=60)


def _obey(folder: str) -> None:
    from ray._common.utils import get_ray_address_file
    from ray.cluster_utils import Cluster

    # Ray notes the head's address there, and on a machine where it never ran there is no folder.
    Path(get_ray_address_file(None)).parent.mkdir(parents=True, exist_ok=True)
    head: dict[str, Any] = {"num_cpus": 0, "temp_dir": folder, "_system_config": QUICK, **NODE}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    added: list[Any] = []
    _answer(cluster.address)
    for line in sys.stdin:
        word = line.strip()
        if word == "add":
            added.append(cluster.add_node(num_cpus=1, **NODE))
        elif word == "kill":
            cluster.remove_node(added.pop(), allow_graceful=False)
        elif word == "kill all":
            for node in (*added, cluster.head_node):
                for processes in node.all_processes.values():
                    for one in processes:
                        one.process.kill()
        elif word == "quit":
            break
        _answer(word)
    cluster.shutdown()


def _answer(word: str) -> None:
    sys.stdout.write(f"answer {word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _obey(sys.argv[1])
