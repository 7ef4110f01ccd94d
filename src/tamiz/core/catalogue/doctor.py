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
    "engines": ("Where work is done", "Dónde se trabaja"),
    "engine": ("engine", "motor"),
    "state": ("what is here", "qué hay aquí"),
    "threads": (
        "{n} {n:thread|threads} of one process (the default)",
        "{n} {n:hilo|hilos} de un proceso (por omisión)",
    ),
    "processes": ("{n} {n:process|processes} at once", "{n} {n:proceso|procesos} a la vez"),
    "no_ray": (
        "not installed; pip install 'tamiz[cluster]'",
        "no instalado; pip install 'tamiz[cluster]'",
    ),
    "ray_alone": (
        "Ray {version}; no cluster is running here, --engine ray starts one for itself",
        "Ray {version}; aquí no hay ningún clúster, --engine ray arranca uno propio",
    ),
    "ray_cluster": (
        "Ray {version}; a cluster answers at {address}: --address auto",
        "Ray {version}; un clúster responde en {address}: --address auto",
    ),
    "gpus": (
        "{n} {n:GPU|GPUs}; without one, processes share {cores} cores",
        "{n} GPU; sin ninguna, los procesos comparten {cores} núcleos",
    ),
    "missing": ("the package {name} is missing", "falta el paquete {name}"),
    "missing_fix": ("Install it: pip install tamiz", "Instálelo: pip install tamiz"),
    "not_writable": (
        "this folder cannot be written to; name another with --out",
        "no se puede escribir en esta carpeta; indique otra con --out",
    ),
}
