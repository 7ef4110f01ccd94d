"""The web app in this process, with files to upload."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from PIL import Image as Pillow
from streamlit.runtime import Runtime
from tests.faces.conftest import drawn

from tamiz.metrics.decision import Decision
from tamiz.models.bundle import Bundle
from tamiz.serving.answering import Answerer
from tamiz.serving.explaining import Explanations
from tamiz.web.model_page import pages_of_model
from tamiz.web.opened import Opened, hold
from tamiz.web.serve import Address, application, bound
from tamiz.web.served import PART, Served

HOSTILE = (
    "<img src=x onerror=alert(1)>.png",
    "**bold** [x](javascript:alert(1)) $e=mc^2$ :smile: :red[red].png",
    "=1+1 ñandú 日本.png",
)


def opened_of(answerer: Answerer, model: Path, **changed: Any) -> Opened:
    """Return what the app shows of a model."""
    served = Served(answerer, Explanations(answerer.bundle), str(model))
    return replace(Opened(pages_of_model(), parts={PART: served}), **changed)


@contextmanager
def running(opened: Opened, address: Address | None = None, token: str = "") -> Iterator[str]:
    """Yield the address of the app, served by a thread of this process."""
    address = address or Address(port=0)
    with bound(address) as listening:
        port = int(listening.getsockname()[1])
        hold(opened)
        app: Any = application(opened, address, token, port=port)
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
            # Streamlit has one of these in a process; the next file's app needs its own.
            Runtime._instance = None


def png(kind: str = "left", number: int = 0, side: int = 24) -> bytes:
    """Return a picture of one of the two kinds."""
    with io.BytesIO() as file:
        picture = drawn(np.random.default_rng(number), kind, side)
        Pillow.fromarray(picture).save(file, format="PNG")
        return file.getvalue()


def elsewhere() -> bytes:
    """Return a picture from another world: colours, as JPEG."""
    with io.BytesIO() as file:
        down, right = np.mgrid[0:300, 0:400] / 400
        waves = [np.sin(9 * down * k + 7 * right) for k in (1, 2, 3)]
        pixels = np.rint(127 + 120 * np.stack(waves, axis=-1)).astype(np.uint8)
        Pillow.fromarray(pixels).save(file, format="JPEG")
        return file.getvalue()


def zipped(n: int) -> bytes:
    """Return an archive of images, one broken one and one that is none."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as made:
            for number in range(n):
                made.writestr(f"in/{number:03}.png", png(("left", "upper")[number % 2], number))
            made.writestr("in/bad.png", b"\x89PNG\r\n\x1a\n broken")
            made.writestr("in/notes.txt", "hello")
        return file.getvalue()


def cautious(model: Path, folder: Path) -> Path:
    """Return a copy of a model that answers only when it is nearly certain."""
    Bundle.load(model).with_decision(Decision(abstain_below=0.9999)).save(folder)
    return folder
