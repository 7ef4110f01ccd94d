"""Texts of the stage `clean`."""

TEXTS = {
    "title": ("What may be wrong with the data", "Lo que puede estar mal en los datos"),
    "section": ("Suspicions", "Sospechas"),
    "searching": ("looking for near-identical pictures", "buscando imágenes casi idénticas"),
    "checking": ("checking", "comprobando"),
    "sentence": (
        "{n:,} of {total:,} {total:image|images} {n:is|are} worth a look; nothing was changed",
        "{n:,} de {total:,} {total:imagen|imágenes} {n:merece|merecen} una mirada; no se cambió "
        "nada",
    ),
    "sealed": (
        "The {n:label|labels} of the test part ({n:,} of {total:,} {total:image|images}) "
        "{n:was|were} not looked at: who mends labels after seeing a model's opinion of them mends "
        "the result.",
        "{n:La etiqueta|Las etiquetas} de la parte de test ({n:,} de {total:,} "
        "{total:imagen|imágenes}) no se {n:miró|miraron}: quien corrige etiquetas tras ver la "
        "opinión de un modelo corrige el resultado.",
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
        "tamiz clean RUN --apply {path}. A run with a trained model stays as it is: add --out NEW "
        "for a new run with the same settings, and train it with tamiz run NEW. Every decision can "
        "be undone.",
        "Rellene las columnas decision (leave-out, keep) y new_label de {path} y aplíquelo con "
        "tamiz clean CARPETA --apply {path}. Una ejecución con un modelo entrenado queda como "
        "está: añada --out NUEVA para una ejecución nueva con los mismos ajustes y entrénela con "
        "tamiz run NUEVA. Toda decisión puede deshacerse.",
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
