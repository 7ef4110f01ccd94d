"""Texts of `explain`."""

TEXTS = {
    "title": ("What the answers rest on", "En qué se apoyan las respuestas"),
    "progress": ("drawing heatmaps", "dibujando mapas de calor"),
    "sentence": (
        "{n:,} {n:slide|slides} explained in {out}: a picture, a pyramidal TIFF for any slide "
        "viewer, and a table of the tiles of each.",
        "{n:,} {n:laminilla explicada|laminillas explicadas} en {out}: una imagen, un TIFF "
        "piramidal para cualquier visor y una tabla de las teselas de cada una.",
    ),
    "slide": ("slide", "laminilla"),
    "tiles": ("tiles", "teselas"),
    "caption": (
        "Answers are those of 'tamiz predict'; they have no interval, being single slides.",
        "Las respuestas son las de 'tamiz predict'; no llevan intervalo, por ser laminillas "
        "sueltas.",
    ),
    "attention": (
        "Attention says how much a tile counted in the slide's mean, not for which class, and is "
        "no proof of a cause: compare with --with occlusion.",
        "La atención dice cuánto contó una tesela en la media de la laminilla, no a favor de qué "
        "clase, y no prueba una causa: compárela con --with occlusion.",
    ),
    "occlusion": (
        "Occlusion says by how much the probability of the answer falls when a tile is hidden; "
        "where many tiles say the same, hiding one changes little.",
        "La oclusión dice cuánto cae la probabilidad de la respuesta al ocultar una tesela; si "
        "muchas dicen lo mismo, ocultar una cambia poco.",
    ),
    "unreadable": (
        "{n:,} {n:slide|slides} could not be read",
        "{n:,} {n:laminilla|laminillas} no se {n:pudo|pudieron} leer",
    ),
    "empty": (
        "{n:,} {n:slide|slides} {n:holds|hold} no tissue: there is nothing to answer from",
        "{n:,} {n:laminilla|laminillas} no {n:contiene|contienen} tejido: no hay de qué responder",
    ),
    "bad_method": ("'{name}' is not one of: {known}", "'{name}' no es ninguno de: {known}"),
    "bad_method_fix": ("Choose one of them", "Elija uno de ellos"),
    "bad_downsample": ("{value} is no whole number from 0 on", "{value} no es un entero desde 0"),
    "bad_downsample_fix": (
        "Give 8, or 0 for no pyramidal TIFF",
        "Indique 8, o 0 para no escribir el TIFF piramidal",
    ),
}
