"""Texts of `prepare`."""

TEXTS = {
    "title": ("Slides prepared", "Laminillas preparadas"),
    "progress": ("preparing slides", "preparando laminillas"),
    "sentence": (
        "{prepared:,} of {slides:,} {slides:slide|slides} prepared in {out} ({prepared_now:,} now)",
        "{prepared:,} de {slides:,} {slides:laminilla preparada|laminillas preparadas} en {out} "
        "({prepared_now:,} ahora)",
    ),
    "n_unreadable": (
        "{n:,} of {total:,} {total:slide|slides} cannot be read; {n:it stands|they stand} in "
        "unplaced.csv",
        "{n:,} de {total:,} {total:laminilla|laminillas} no se {n:puede|pueden} leer; "
        "{n:está|están} en unplaced.csv",
    ),
    "n_missing": (
        "{n:,} of {total:,} {total:row|rows} of the table {n:names|name} a slide that is not there",
        "{n:,} de {total:,} {total:fila|filas} de la tabla {n:nombra|nombran} una laminilla que no "
        "está",
    ),
    "table": (
        "Labels, groups and what was done: {table}. The folder is a source for tamiz run",
        "Etiquetas, grupos y lo que se hizo: {table}. La carpeta es una fuente para tamiz run",
    ),
    "bad_blur": (
        "{n} is no width of a blur",
        "{n} no es un ancho de desenfoque",
    ),
    "bad_blur_fix": (
        "Give an odd number up to {high}, or 0 for none",
        "Indique un número impar hasta {high}, o 0 para ninguno",
    ),
    "bad_threads": ("{n} is no number of threads", "{n} no es un número de hilos"),
    "bad_threads_fix": ("Give 1 or more, or 0 for all cores", "Indique 1 o más, o 0 para todos"),
    "bad_scale": ("{scale} is no scale", "{scale} no es una escala"),
    "bad_scale_fix": (
        "Give a number above 0 and at most 1, such as 0.05",
        "Indique un número mayor que 0 y hasta 1, como 0.05",
    ),
}
