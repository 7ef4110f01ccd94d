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
    "first": ("The first {n} of {all:,} answers", "Las primeras {n} de {all:,} respuestas"),
    "problems": (
        "{n:,} files could not be read and have no answer",
        "{n:,} archivos no se pudieron leer y no tienen respuesta",
    ),
    "saved": ("All answers: {path}", "Todas las respuestas: {path}"),
    "progress": ("classifying", "clasificando"),
}
