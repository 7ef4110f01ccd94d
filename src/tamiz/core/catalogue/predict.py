"""Texts of `predict`."""

TEXTS = {
    "title": ("Answers", "Respuestas"),
    "counted": (
        "{n:,} {n:image|images} classified, {bad:,} could not be read",
        "{n:,} {n:imagen clasificada|imágenes clasificadas}, {bad:,} no se {bad:pudo|pudieron} "
        "leer",
    ),
    "class": ("class", "clase"),
    "images": ("images", "imágenes"),
    "path": ("image", "imagen"),
    "probability": ("probability", "probabilidad"),
    "bad_top": (
        "{top} {top:class|classes} cannot be shown",
        "no se pueden mostrar {top} {top:clase|clases}",
    ),
    "bad_top_fix": ("Give 1 or more", "Indique 1 o más"),
    "rank": ("rank", "puesto"),
    "top": (
        "The {top} most probable classes of the first {n} of {all:,} {all:image|images}",
        "{top:La|Las} {top} {top:clase más probable|clases más probables} de las primeras {n} de "
        "{all:,} {all:imagen|imágenes}",
    ),
    "first": (
        "The first {n} of {all:,} {all:answer|answers}",
        "Las primeras {n} de {all:,} {all:respuesta|respuestas}",
    ),
    "none_all_odd": (
        "No image got an answer ({n:,} withheld): {n:it is|they are} unlike the training images, "
        "and such images get none with --guard abstain. Why stands below",
        "Ninguna imagen obtuvo respuesta (retenidas: {n:,}): {n:es distinta|son distintas} de las "
        "de entrenamiento, y con --guard abstain esas imágenes no obtienen ninguna. El porqué está "
        "más abajo",
    ),
    "none_all_unsure": (
        "No image got an answer ({n:,} withheld): the model is less sure of each than {limit:.3g}, "
        "and then it keeps silent",
        "Ninguna imagen obtuvo respuesta (retenidas: {n:,}): en cada una el modelo está menos "
        "seguro que {limit:.3g}, y entonces calla",
    ),
    "none_of_both": (
        "No image got an answer ({n:,} withheld): {odd:,} {odd:is|are} unlike the training images "
        "(--guard abstain), and of {unsure:,} the model is less sure than {limit:.3g}",
        "Ninguna imagen obtuvo respuesta (retenidas: {n:,}): {odd:,} {odd:es distinta|son "
        "distintas} de las de entrenamiento (--guard abstain) y en {unsure:,} el modelo está menos "
        "seguro que {limit:.3g}",
    ),
    "no_label_at_all": (
        "No image got a label: of {n:,} {n:image|images} none has a class that reaches its limit",
        "Ninguna imagen obtuvo etiqueta: de {n:,} {n:imagen|imágenes}, ninguna tiene una clase que "
        "llegue a su límite",
    ),
    "problems": (
        "{n:,} {n:file|files} could not be read and {n:has|have} no answer",
        "{n:,} {n:archivo|archivos} no se {n:pudo|pudieron} leer y no {n:tiene|tienen} respuesta",
    ),
    "saved": ("All answers: {path}", "Todas las respuestas: {path}"),
    "progress": ("classifying", "clasificando"),
    "meaning": (
        "Of 100 answers as sure as this, about {value:.0f} were right in the model's test "
        "({confidence:.0%} interval {low:.0f} to {high:.0f}; answers: {n:,}, groups: "
        "{n_groups:,}). It holds for images like those of the test.",
        "De 100 respuestas tan seguras como esta, unas {value:.0f} fueron correctas en la prueba "
        "del modelo (intervalo del {confidence:.0%}: {low:.0f} a {high:.0f}; respuestas: {n:,}, "
        "grupos: {n_groups:,}). Vale para imágenes como las de la prueba.",
    ),
}
