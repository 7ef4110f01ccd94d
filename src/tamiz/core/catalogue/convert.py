"""Texts of `convert`."""

TEXTS = {
    "title": ("Conversion", "Conversión"),
    "progress": ("converting", "convirtiendo"),
    "sentence_png": (
        "{pictures:,} PNG {pictures:picture|pictures} of {files:,} {files:file|files} in {out} "
        "({converted_now:,} {converted_now:file|files} converted now)",
        "{pictures:,} {pictures:imagen|imágenes} PNG de {files:,} {files:archivo|archivos} en "
        "{out} ({converted_now:,} {converted_now:archivo convertido|archivos convertidos} ahora)",
    ),
    "sentence_dicom": (
        "{pictures:,} of {files:,} DICOM {files:file|files} without identities in {out} "
        "({converted_now:,} written now)",
        "{pictures:,} de {files:,} {files:archivo|archivos} DICOM sin identidades en {out} "
        "({converted_now:,} {converted_now:escrito|escritos} ahora)",
    ),
    "caption": ("Every file and what became of it", "Cada archivo y qué fue de él"),
    "column_fate": ("what became of it", "qué fue de él"),
    "column_n": ("n", "n"),
    "fate_pictures": ("converted (pictures)", "convertidos (imágenes)"),
    "fate_unreadable": ("cannot be read", "no se pueden leer"),
    "fate_unlabelled": ("no label, so no class folder", "sin etiqueta, luego sin carpeta de clase"),
    "no_label": ("no label in the table", "sin etiqueta en la tabla"),
    "n_unreadable": (
        "{n:,} of {total:,} {total:file|files} cannot be read",
        "{n:,} de {total:,} {total:archivo|archivos} no se {n:puede|pueden} leer",
    ),
    "n_unlabelled": (
        "{n:,} of {total:,} {total:file|files} {n:has|have} no label and no place",
        "{n:,} de {total:,} {total:archivo|archivos} no {n:tiene|tienen} etiqueta ni lugar",
    ),
    "see_unplaced": (
        "They stand in unplaced.csv, each with its reason",
        "Están en unplaced.csv, cada uno con su razón",
    ),
    "odd_windows": (
        "{n:,} {n:file|files} {n:has|have} a window that cannot be applied; the whole range stands "
        "in for it",
        "{n:,} {n:archivo|archivos} {n:tiene|tienen} una ventana inaplicable; en su lugar, todo el "
        "rango",
    ),
    "tables": (
        "What was done to each: {table}. It can be a source itself: tamiz run with it keeps "
        "patients together",
        "Qué se hizo con cada uno: {table}. Puede ser a su vez una fuente: con ella tamiz run "
        "mantiene juntos a los pacientes",
    ),
    "needs_window": (
        "a PNG holds grey, not Hounsfield units",
        "un PNG contiene grises, no unidades Hounsfield",
    ),
    "needs_window_fix": (
        "Choose another window, such as --window lung, and --bits 16 for fine steps",
        "Elija otra ventana, como --window lung, y --bits 16 para pasos finos",
    ),
    "bad_box": ("this is no region", "esto no es una región"),
    "bad_box_fix": (
        "Give X,Y,WIDTH,HEIGHT in pixels, such as --blank 0,0,200,40",
        "Indique X,Y,ANCHO,ALTO en píxeles, como --blank 0,0,200,40",
    ),
    "not_ours": (
        "the folder holds files that no conversion made",
        "la carpeta contiene archivos que ninguna conversión ha hecho",
    ),
    "not_ours_fix": ("Give a new or empty --out", "Indique una --out nueva o vacía"),
    "out_inside": (
        "the results would lie in the folder that is converted",
        "los resultados quedarían en la carpeta que se convierte",
    ),
    "out_inside_fix": ("Give a folder beside it", "Indique una carpeta junto a ella"),
    "other_settings": (
        "the folder holds a conversion of another source or made with other settings",
        "la carpeta contiene una conversión de otra fuente o hecha con otros ajustes",
    ),
    "other_settings_fix": (
        "Give another --out, or the same settings to go on",
        "Indique otra --out, o los mismos ajustes para seguir",
    ),
}
