"""Texts of the stage `check`."""

TEXTS = {
    "title": ("Check of every image", "Comprobación de cada imagen"),
    "section": ("Every image decoded", "Cada imagen, decodificada"),
    "kinds": ("Kinds of image", "Tipos de imagen"),
    "decoding": ("decoding every image", "decodificando cada imagen"),
    "sentence": (
        "{n:,} images decoded in full; {n_usable:,} can be used",
        "{n:,} imágenes decodificadas por completo; {n_usable:,} son utilizables",
    ),
    "usable": ("usable", "utilizables"),
    "column_format": ("format", "formato"),
    "column_mode": ("colours", "colores"),
    "column_bits": ("bits", "bits"),
    "column_width": ("width", "ancho"),
    "column_height": ("height", "alto"),
    "column_images": ("images", "imágenes"),
    "caption_kinds": (
        "The most frequent of {n} kinds (sizes in pixels)",
        "Los más frecuentes de {n} tipos (tamaños en píxeles)",
    ),
    "reason_unlabelled": ("it has no label", "no tiene etiqueta"),
    "reason_duplicate": ("same bytes as {other}", "los mismos bytes que {other}"),
    "reason_contradiction": (
        "same bytes, different labels: {files}",
        "los mismos bytes con etiquetas distintas: {files}",
    ),
    "unreadable": (
        "{n:,} of {total:,} images cannot be read and are left out",
        "{n:,} de {total:,} imágenes no se pueden leer y quedan fuera",
    ),
    "contradictions": (
        "{n} images lie there with different labels ({n_rows} files); all of them are left out",
        "{n} imágenes aparecen con etiquetas distintas ({n_rows} archivos); todas quedan fuera",
    ),
    "contradictions_advice": (
        "Decide which label is right and delete the other copy",
        "Decida qué etiqueta es correcta y borre la otra copia",
    ),
    "copies": (
        "{n:,} files are copies, byte for byte, of others ({n_sets:,} sets); one of each is kept",
        "{n:,} archivos son copias, byte a byte, de otros ({n_sets:,} conjuntos); se conserva "
        "uno de cada",
    ),
    "crossing": (
        "{n} images lie, byte for byte, on more than one side of the given split",
        "{n} imágenes están, byte a byte, en más de un lado de la partición dada",
    ),
    "wrong_suffix": (
        "{n} files are of another format than their name says; they are read by their content",
        "{n} archivos tienen otro formato que el de su nombre; se leen por su contenido",
    ),
    "frames": (
        "{n} files hold several frames or pages; only the first is used",
        "{n} archivos contienen varios fotogramas o páginas; solo se usa la primera imagen",
    ),
    "changed": (
        "{n:,} of {total:,} files are no longer those that were checked; the first: {first}",
        "{n:,} de {total:,} archivos ya no son los que se comprobaron; el primero: {first}",
    ),
    "changed_fix": (
        "Put them back, or repeat the command when nobody writes to the source: changed files are "
        "checked anew.",
        "Restáurelos, o repita la orden cuando nadie escriba en el origen: los archivos cambiados "
        "se comprueban de nuevo.",
    ),
    "too_many": (
        "{n:,} of {total:,} images cannot be read, more than max_problems = {percent:g} %; the "
        "first: {reason}",
        "no se pueden leer {n:,} de {total:,} imágenes, más que max_problems = {percent:g} %; la "
        "primera: {reason}",
    ),
    "too_many_fix": (
        "All are listed in {ledger}. Repair them, or go on without them: --set "
        "data.max_problems={enough:g}",
        "Todas figuran en {ledger}. Repárelas o siga sin ellas: --set data.max_problems={enough:g}",
    ),
    "none_readable": (
        "none of the {total:,} images can be read; the first: {reason}",
        "no se puede leer ninguna de las {total:,} imágenes; la primera: {reason}",
    ),
    "none_readable_fix": (
        "All are listed in {ledger}. See that they were copied whole, then repeat the command",
        "Todas figuran en {ledger}. Compruebe que se copiaron enteras y repita la orden",
    ),
    "and_more": ("... and {n:,} more", "... y {n:,} más"),
}
