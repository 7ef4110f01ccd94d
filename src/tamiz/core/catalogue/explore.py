"""Texts of the stage `explore`."""

TEXTS = {
    "title": ("What the data are", "Qué son los datos"),
    "overview": ("Overview of the data", "Los datos de un vistazo"),
    "measuring": ("looking at every image", "mirando cada imagen"),
    "sentence": (
        "{n:,} {n:image|images} described; {n_missing:,} {n_missing:row|rows} "
        "{n_missing:names|name} a file that is not there",
        "{n:,} {n:imagen descrita|imágenes descritas}; {n_missing:,} {n_missing:fila|filas} "
        "{n_missing:nombra|nombran} un archivo que no está",
    ),
    "sampled": (
        "Pixels were looked at in {n:,} of {total:,} {total:image|images}, drawn by their ids; "
        "labels, groups and the table were counted in all.",
        "Se miraron los píxeles de {n:,} de {total:,} {total:imagen|imágenes}, elegidas por su "
        "identificador; las etiquetas, los grupos y la tabla se contaron en todas.",
    ),
    "contact": ("Pictures of each class", "Imágenes de cada clase"),
    "more_classes": (
        "{n:,} more {n:class|classes} {n:is|are} not shown.",
        "{n:Otra|Otras} {n:,} {n:clase|clases} no se {n:muestra|muestran}.",
    ),
    "extremes": ("The largest and the smallest", "Las mayores y las menores"),
    "largest": ("The largest images", "Las imágenes mayores"),
    "smallest": ("The smallest images", "Las imágenes menores"),
    "no_label": ("without label", "sin etiqueta"),
}
