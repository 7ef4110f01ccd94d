"""`doctor`: what is installed and what this machine can do."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tamiz.core.language import Text, text
from tamiz.data.report import Finding, Findings, Report, Section, Severity, Table
from tamiz.workers.ray_address import cluster_here

_NEEDED: Final = (
    "click", "imagecodecs", "jinja2", "matplotlib", "numpy", "optuna", "pillow", "polars",
    "rich", "safetensors", "scikit-learn", "tifffile", "timm", "torch", "torchvision",
)  # fmt: skip


def doctor(folder: Path | None = None) -> Report:
    """Return versions, device, cores, memory, free disk and whether `folder` can be written to."""
    folder = Path() if folder is None else folder
    packages = {name: _version(name) for name in ("tamiz", *_NEEDED)}
    missing = [name for name, found in packages.items() if found is None]
    machine = _machine(folder)
    is_writable = os.access(folder, os.W_OK)
    findings = [
        Finding(Severity.STOP, text("doctor.missing", name=name), text("doctor.missing_fix"))
        for name in missing
    ]
    if not is_writable:
        findings.append(Finding(Severity.WARNING, text("doctor.not_writable")))
    table = Table(
        columns=(text("doctor.package"), text("doctor.version")),
        rows=tuple((name, found or text("doctor.absent")) for name, found in packages.items()),
    )
    facts = Table(
        columns=(text("doctor.machine"), ""),
        rows=tuple((text(f"doctor.{name}"), str(value)) for name, value in machine.items()),
    )
    engines = _engines(int(str(machine["cores"])))
    known = Table(
        columns=(text("doctor.engine"), text("doctor.state")),
        rows=tuple(engines.items()),
        caption=text("doctor.engines"),
    )
    blocks = (table, facts, known, *((Findings(tuple(findings)),) if findings else ()))
    return Report(
        stage="doctor",
        title=text("doctor.title"),
        sections=(Section("doctor", text("doctor.title"), blocks),),
        summary=blocks,
        values={
            "is_ready": not missing,
            "packages": packages,
            "machine": machine,
            "engines": {name: str(words) for name, words in engines.items()},
            "is_writable": is_writable,
        },
    )


def _machine(folder: Path) -> dict[str, object]:
    has_affinity = hasattr(os, "sched_getaffinity")
    facts: dict[str, object] = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count(),
        "free_disk_gib": round(shutil.disk_usage(folder).free / 2**30, 1),
    }
    try:
        from tamiz.engine import device as devices
    except ModuleNotFoundError:  # without torch the light half still works
        return facts
    device = devices.pick_device()
    facts["device"] = devices.describe_device(device)
    facts["precision"] = devices.choose_precision("auto", device)
    return facts


def _engines(n_cores: int) -> dict[str, Text]:
    """Return what each way of working on many images, or of training, finds here."""
    ray, address = _version("ray"), cluster_here()
    state = text("doctor.no_ray")
    if ray is not None:
        key = "doctor.ray_cluster" if address else "doctor.ray_alone"
        state = text(key, version=ray, address=address)
    found = {
        "local": text("doctor.threads", n=n_cores),
        "processes": text("doctor.processes", n=n_cores),
        "ray": state,
    }
    try:
        from tamiz.engine.device import n_gpus
    except ModuleNotFoundError:
        return found
    return {**found, "torchrun": text("doctor.gpus", n=n_gpus(), cores=n_cores)}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
