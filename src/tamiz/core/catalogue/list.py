"""Texts of `tamiz list`."""

TEXTS = {
    "title": ("What a recipe may name", "Lo que una receta puede nombrar"),
    "models": ("models", "modelos"),
    "formats": ("formats", "formatos"),
    "inputs": ("inputs", "entradas"),
    "steps": ("steps", "pasos"),
    "augmentations": ("augmentations", "aumentos"),
    "splits": ("split rules", "reglas de división"),
    "metrics": ("metrics", "métricas"),
    "fields": ("recipe fields", "campos de la receta"),
    "default": ("default", "por defecto"),
    "limits": ("limits", "límites"),
    "what": ("what it is", "qué es"),
}
