"""`demo`: the whole job on scikit-learn's handwritten digits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import text
from tamiz.data.report import Paragraph, Report
from tamiz.stages.run import run


def demo(out: Path, on_event: OnEvent = ignore) -> Report:
    """Write the 1,797 digits (8 x 8 pixels) as PNG files under `out`/digits and run on them."""
    folder = out / "digits"
    write_digits(folder)
    report = run(folder, out / "run", on_event=on_event)
    hint = Paragraph(text("demo.next", model=str(out / "run" / "model"), images=str(folder / "7")))
    return replace(report, summary=(*report.summary, hint))


def write_digits(folder: Path) -> None:
    """Write scikit-learn's digits as class folders of PNG files, those not there yet."""
    import io

    import PIL.Image
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = np.round(digits.images * (255 / 16)).astype(np.uint8)  # the set counts from 0 to 16
    for number, (image, label) in enumerate(zip(pixels, digits.target, strict=True)):
        path = folder / str(label) / f"{number:04d}.png"
        if not path.exists():
            opened = io.BytesIO()
            PIL.Image.fromarray(image).save(opened, format="PNG")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(opened.getvalue())
