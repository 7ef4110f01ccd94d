"""Texts of `tamiz doctor`."""

TEXTS = {
    "title": ("This machine", "Este equipo"),
    "package": ("package", "paquete"),
    "version": ("version", "versión"),
    "absent": ("not installed", "no instalado"),
    "machine": ("machine", "equipo"),
    "python": ("Python", "Python"),
    "system": ("system", "sistema"),
    "cores": ("processor cores", "núcleos del procesador"),
    "free_disk_gib": ("free disk, GiB", "disco libre, GiB"),
    "device": ("device for training", "dispositivo para entrenar"),
    "precision": ("fastest precision", "precisión más rápida"),
    "missing": ("the package {name} is missing", "falta el paquete {name}"),
    "missing_fix": ("Install it: pip install tamiz", "Instálelo: pip install tamiz"),
    "not_writable": (
        "this folder cannot be written to; name another with --out",
        "no se puede escribir en esta carpeta; indique otra con --out",
    ),
}
