"""Whether Ray answers at an address: known in seconds, where Ray itself would try for minutes."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Final

_WAIT_S: Final = 5.0
_OWN_WAIT_S: Final = 1.0  # for this machine to answer itself
# Ray speaks gRPC, that is HTTP/2: whoever connects begins with these bytes and a frame of settings,
# and is answered by a frame of settings (RFC 9113, 3.4 and 4.1).
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_SETTINGS: Final = 4
_HEAD_BYTES: Final = 9


def find_cluster(ray: ModuleType, address: str) -> tuple[str, bool]:
    """Return the address of a cluster that answers, and whether it listens on loopback alone.

    Args:
        ray: the package.
        address: 'HOST:6379', 'auto', or of Ray's own other kinds ('ray://...'), which pass.

    Raises:
        OSError: nothing answers.
        ValueError: it is no address.
    """
    if address == "auto":
        address = ray._private.services.canonicalize_bootstrap_address_or_die(address)  # noqa: SLF001
    if "://" in address:
        return address, False
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(address)
    host = host.strip("[]")
    if _is_loopback(host):  # Ray takes it for this machine's address in the network
        with suppress(OSError):
            _greet(str(ray.util.get_node_ip_address()), int(port), _OWN_WAIT_S)
            return address, False
        _greet(host, int(port), _WAIT_S)
        return address, True
    _greet(host, int(port), _WAIT_S)
    return address, False


def cluster_here() -> str:
    """Return the address of the cluster that 'auto' would find; '' where none answers.

    Ray notes it in a file; Ray itself is not needed to ask.
    """
    noted = Path(
        os.environ.get("RAY_TMPDIR") or tempfile.gettempdir(), "ray", "ray_current_cluster"
    )
    address = os.environ.get("RAY_ADDRESS", "")
    if not address:
        with suppress(OSError, UnicodeDecodeError):
            address = noted.read_text(encoding="utf-8").strip()
    return address if address and answers(address) else ""


def answers(address: str) -> bool:
    """Return whether Ray answers at 'HOST:PORT'."""
    host, _, port = address.rpartition(":")
    try:
        _greet(host.strip("[]"), int(port), _WAIT_S)
    except (OSError, ValueError):
        return False
    return True


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _greet(host: str, port: int, wait_s: float) -> None:
    """Raise `OSError` unless somebody who speaks as Ray does answers there."""
    with socket.create_connection((host, port), timeout=wait_s) as opened:
        opened.settimeout(wait_s)
        opened.sendall(_PREFACE)
        head = b""
        while len(head) < _HEAD_BYTES:
            more = opened.recv(_HEAD_BYTES - len(head))
            if not more:
                break
            head += more
    if len(head) < _HEAD_BYTES or head[3] != _SETTINGS:
        raise ConnectionError(f"{host}:{port} is no Ray")
