"""Words about several trainings at once, wherever they are done."""

TEXTS = {
    "not_shared": (
        "a worker here does not see the run's folder {folder}",
        "un proceso de esta máquina no ve la carpeta del análisis {folder}",
    ),
    "not_shared_fix": (
        "Put the run on a disk that all machines see under the same path.",
        "Ponga el análisis en un disco que todas las máquinas vean con la misma ruta.",
    ),
    "how_far": (
        "{done} of {n} done, {at_work} at work",
        "{done} de {n} {done:hecho|hechos}, {at_work} en curso",
    ),
    "said": (
        "{name}: {words}",
        "{name}: {words}",
    ),
    "taken_over": (
        "{name}: its worker was lost; another goes on from the last checkpoint",
        "{name}: se perdió su proceso; otro continúa desde el último punto de control",
    ),
}
