"""Texts of the stage `explore`."""

TEXTS = {
    "title": ("What the data are", "Qué son los datos"),
    "overview": ("Overview of the data", "Los datos de un vistazo"),
    "measuring": ("looking at every image", "mirando cada imagen"),
    "sentence": (
        "{n:,} images described; {n_missing:,} rows name a file that is not there",
        "{n:,} imágenes descritas; {n_missing:,} filas nombran un archivo que no está",
    ),
    "sampled": (
        "Pixels were looked at in {n:,} of {total:,} images, drawn by their ids; labels, groups "
        "and the table were counted in all.",
        "Se miraron los píxeles de {n:,} de {total:,} imágenes, elegidas por su identificador; "
        "las etiquetas, los grupos y la tabla se contaron en todas.",
    ),
    "contact": ("Pictures of each class", "Imágenes de cada clase"),
    "more_classes": (
        "{n:,} more classes are not shown.",
        "Otras {n:,} clases no se muestran.",
    ),
    "extremes": ("The largest and the smallest", "Las mayores y las menores"),
    "largest": ("The largest images", "Las imágenes mayores"),
    "smallest": ("The smallest images", "Las imágenes menores"),
    "no_label": ("without label", "sin etiqueta"),
}
