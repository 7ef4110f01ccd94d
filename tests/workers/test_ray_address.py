"""Whether a Ray cluster answers: told in seconds, whatever listens there instead."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from tamiz.workers import ray_address
from tamiz.workers.ray_address import answers, cluster_here, find_cluster

SETTINGS = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))


def ray_at(address: str) -> ModuleType:
    """Return what of Ray is asked: this machine's address in the network."""
    util: Any = SimpleNamespace(get_node_ip_address=lambda: address)
    return cast("ModuleType", SimpleNamespace(util=util))


@contextmanager
def server(answer: bytes) -> Iterator[str]:
    """Yield the address of something that answers every caller with these bytes, or not at all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    opened, _ = listening.accept()
                except OSError:
                    return
                with opened:
                    opened.recv(100)
                    opened.sendall(answer)
                    if not answer:
                        opened.recv(100)  # silent until the caller gives up

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)  # wakes who waits for callers


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(ray_address, "_WAIT_S", 0.3)
    monkeypatch.setattr(ray_address, "_OWN_WAIT_S", 0.1)


def test_what_speaks_as_ray_does_is_found():
    with server(SETTINGS) as address:
        assert answers(address)
        assert find_cluster(ray_at("127.0.0.1"), address) == (address, False)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"short"])
def test_what_is_no_ray_is_told_in_time(answer):
    with server(answer) as address:
        assert not answers(address)
        with pytest.raises(OSError, match=r"is no Ray|timed out"):
            find_cluster(ray_at("127.0.0.1"), address)


def test_a_cluster_on_loopback_alone_is_found_though_the_machine_has_a_network():
    with server(SETTINGS) as address:
        assert find_cluster(ray_at("127.0.0.9"), address) == (address, True)


def test_addresses_of_other_kinds_are_left_to_ray():
    assert find_cluster(ray_at(""), "ray://head:10001") == ("ray://head:10001", False)
    with pytest.raises(ValueError, match="head"):
        find_cluster(ray_at(""), "head")


def test_the_cluster_of_this_machine_is_known_without_ray(tmp_path, monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    assert cluster_here() == ""
    (tmp_path / "ray").mkdir()
    with server(SETTINGS) as address:
        (tmp_path / "ray" / "ray_current_cluster").write_text(address + "\n")
        assert cluster_here() == address
    assert cluster_here() == ""  # it has ended, the file is still there
