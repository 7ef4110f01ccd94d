"""Texts of the data layer."""

TEXTS = {
    "columns_missing": ("columns missing: {names}", "faltan columnas: {names}"),
    "not_finite": (
        "the model gives a probability that is no number (NaN or infinite) for this item",
        "el modelo da una probabilidad que no es un número (NaN o infinita) para este elemento",
    ),
    "not_finite_fix": (
        "Train again with a smaller learning rate, or look at this image",
        "Entrene de nuevo con una tasa de aprendizaje menor o mire esta imagen",
    ),
}
