"""Texts of `predict`."""

TEXTS = {
    "title": ("Answers", "Respuestas"),
    "counted": (
        "{n:,} images classified, {bad:,} could not be read",
        "{n:,} imágenes clasificadas, {bad:,} no se pudieron leer",
    ),
    "class": ("class", "clase"),
    "images": ("images", "imágenes"),
    "path": ("image", "imagen"),
    "probability": ("probability", "probabilidad"),
    "bad_top": ("{top} classes cannot be shown", "no se pueden mostrar {top} clases"),
    "bad_top_fix": ("Give 1 or more", "Indique 1 o más"),
    "rank": ("rank", "puesto"),
    "top": (
        "The {top} most probable classes of the first {n} of {all:,} images",
        "Las {top} clases más probables de las primeras {n} de {all:,} imágenes",
    ),
    "first": ("The first {n} of {all:,} answers", "Las primeras {n} de {all:,} respuestas"),
    "problems": (
        "{n:,} files could not be read and have no answer",
        "{n:,} archivos no se pudieron leer y no tienen respuesta",
    ),
    "saved": ("All answers: {path}", "Todas las respuestas: {path}"),
    "progress": ("classifying", "clasificando"),
    "meaning": (
        "Of 100 answers as sure as this, about {value:.0f} were right in the model's test "
        "({confidence:.0%} interval {low:.0f} to {high:.0f}; answers: {n:,}, groups: "
        "{n_groups:,}). It holds for images like those of the test.",
        "De 100 respuestas tan seguras como esta, unas {value:.0f} fueron correctas en la prueba "
        "del modelo (intervalo del {confidence:.0%}: {low:.0f} a {high:.0f}; respuestas: {n:,}, "
        "grupos: {n_groups:,}). Vale para imágenes como las de la prueba.",
    ),
}
