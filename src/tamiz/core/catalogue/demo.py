"""Texts of the demo."""

TEXTS = {
    "next": (
        "Try next: tamiz predict {model} {images}, or in the browser: tamiz serve {model}",
        "Pruebe después: tamiz predict {model} {images}, o en el navegador: tamiz serve {model}",
    ),
}
