"""Texts of the stage `check`."""

TEXTS = {
    "title": ("Check of every image", "Comprobación de cada imagen"),
    "section": ("Every image decoded", "Cada imagen, decodificada"),
    "kinds": ("Kinds of image", "Tipos de imagen"),
    "decoding": ("decoding every image", "decodificando cada imagen"),
    "sentence": (
        "{n:,} {n:image|images} decoded in full; {n_usable:,} can be used",
        "{n:,} {n:imagen decodificada|imágenes decodificadas} por completo; {n_usable:,} "
        "{n_usable:es utilizable|son utilizables}",
    ),
    "usable": ("usable", "utilizables"),
    "column_format": ("format", "formato"),
    "column_mode": ("colours", "colores"),
    "column_bits": ("bits", "bits"),
    "column_width": ("width", "ancho"),
    "column_height": ("height", "alto"),
    "column_images": ("images", "imágenes"),
    "caption_kinds": (
        "The most frequent of {n} {n:kind|kinds} (sizes in pixels)",
        "Los más frecuentes de {n} {n:tipo|tipos} (tamaños en píxeles)",
    ),
    "reason_unlabelled": ("it has no label", "no tiene etiqueta"),
    "reason_duplicate": ("same bytes as {other}", "los mismos bytes que {other}"),
    "reason_contradiction": (
        "same bytes, different labels: {files}",
        "los mismos bytes con etiquetas distintas: {files}",
    ),
    "unreadable": (
        "{n:,} of {total:,} {total:image|images} cannot be read and {n:is|are} left out",
        "{n:,} de {total:,} {total:imagen|imágenes} no se {n:puede|pueden} leer y {n:queda|quedan} "
        "fuera",
    ),
    "contradictions": (
        "{n} {n:image|images} {n:lies|lie} there with different labels ({n_rows} "
        "{n_rows:file|files}); all of them {n_rows:is|are} left out",
        "{n} {n:imagen|imágenes} {n:aparece|aparecen} con etiquetas distintas ({n_rows} "
        "{n_rows:archivo|archivos}); quedan fuera todas",
    ),
    "contradictions_advice": (
        "Decide which label is right and delete the other copy",
        "Decida qué etiqueta es correcta y borre la otra copia",
    ),
    "copies": (
        "{n:,} {n:file|files} {n:is|are} copies, byte for byte, of others ({n_sets:,} "
        "{n_sets:set|sets}); one of each is kept",
        "{n:,} {n:archivo|archivos} {n:es|son} copias, byte a byte, de otros ({n_sets:,} "
        "{n_sets:conjunto|conjuntos}); se conserva uno de cada",
    ),
    "crossing": (
        "{n} {n:image|images} {n:lies|lie}, byte for byte, on more than one side of the given "
        "split",
        "{n} {n:imagen|imágenes} {n:está|están}, byte a byte, en más de un lado de la partición "
        "dada",
    ),
    "wrong_suffix": (
        "{n} {n:file|files} {n:is|are} of another format than "
        "{n:its name says; it is|their name says; they are} read by their content",
        "{n} {n:archivo|archivos} {n:tiene|tienen} otro formato que el de su nombre; se leen por "
        "su contenido",
    ),
    "frames": (
        "{n} {n:file|files} {n:holds|hold} several frames or pages; only the first is used",
        "{n} {n:archivo|archivos} {n:contiene|contienen} varios fotogramas o páginas; solo se usa "
        "la primera imagen de cada uno",
    ),
    "changed": (
        "{n:,} of {total:,} {total:file|files} {n:is|are} no longer "
        "{n:the one that was|those that were} checked; the first: {first}",
        "{n:,} de {total:,} {total:archivo|archivos} ya no "
        "{n:es el que se comprobó|son los que se comprobaron}; el primero: {first}",
    ),
    "changed_fix": (
        "Put them back, or repeat the command when nobody writes to the source: changed files are "
        "checked anew.",
        "Restáurelos, o repita la orden cuando nadie escriba en el origen: los archivos cambiados "
        "se comprueban de nuevo.",
    ),
    "too_many": (
        "{n:,} of {total:,} {total:image|images} cannot be read, more than max_problems = "
        "{percent:g} %; the first: {reason}",
        "no se pueden leer {n:,} de {total:,} {total:imagen|imágenes}, más que max_problems = "
        "{percent:g} %; la primera: {reason}",
    ),
    "too_many_fix": (
        "All are listed in {ledger}. Repair them, or go on without them: --set "
        "data.max_problems={enough:g}",
        "Todas figuran en {ledger}. Repárelas o siga sin ellas: --set data.max_problems={enough:g}",
    ),
    "none_readable": (
        "none of {total:,} {total:image|images} can be read; the first: {reason}",
        "no se puede leer ninguna de {total:la|las} {total:,} {total:imagen|imágenes}; la primera: "
        "{reason}",
    ),
    "none_readable_fix": (
        "All are listed in {ledger}. See that they were copied whole, then repeat the command",
        "Todas figuran en {ledger}. Compruebe que se copiaron enteras y repita la orden",
    ),
    "and_more": ("... and {n:,} more", "... y {n:,} más"),
}
