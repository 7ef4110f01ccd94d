"""Texts of the demo."""

TEXTS = {
    "next": (
        "Try next: tamiz predict {model} {images}",
        "Pruebe después: tamiz predict {model} {images}",
    ),
}
