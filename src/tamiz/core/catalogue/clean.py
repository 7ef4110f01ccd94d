"""Texts of the stage `clean`."""

TEXTS = {
    "title": ("What may be wrong with the data", "Lo que puede estar mal en los datos"),
    "section": ("Suspicions", "Sospechas"),
    "searching": ("looking for near-identical pictures", "buscando imágenes casi idénticas"),
    "checking": ("checking", "comprobando"),
    "sentence": (
        "{n:,} of {total:,} images are worth a look; nothing was changed",
        "{n:,} de {total:,} imágenes merecen una mirada; no se cambió nada",
    ),
    "sealed": (
        "The labels of the test part ({n:,} of {total:,} images) were not looked at: who mends "
        "labels after seeing a model's opinion of them mends the result.",
        "Las etiquetas de la parte de test ({n:,} de {total:,} imágenes) no se miraron: quien "
        "corrige etiquetas tras ver la opinión de un modelo corrige el resultado.",
    ),
    "nothing_sealed": (
        "No label was sealed, because no test part can be made: {reason}",
        "No se selló ninguna etiqueta, porque no puede hacerse una parte de test: {reason}",
    ),
    "skipped": (
        "Not made at this depth: {names}",
        "No se hicieron a esta profundidad: {names}",
    ),
    "how_to_decide": (
        "Fill the columns decision (leave-out, keep) and new_label of {path}, then apply it with "
        "tamiz clean --apply. Every decision can be undone.",
        "Rellene las columnas decision (leave-out, keep) y new_label de {path} y aplíquelo con "
        "tamiz clean --apply. Toda decisión puede deshacerse.",
    ),
    "caption_checks": (
        "Checks: images looked at, sets of images and images suspected",
        "Comprobaciones: imágenes miradas, conjuntos e imágenes sospechosas",
    ),
    "column_check": ("check", "comprobación"),
    "column_asked": ("images", "imágenes"),
    "column_clusters": ("sets", "conjuntos"),
    "column_suspected": ("suspected", "sospechosas"),
}
