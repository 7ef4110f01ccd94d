"""Texts of the guard: how unlike the training images an image is."""

TEXTS = {
    "far": (
        "unlike the training images (distance {distance:.1f}, limit {limit:.1f})",
        "distinta de las imágenes de entrenamiento (distancia {distance:.1f}, límite {limit:.1f})",
    ),
    "colour": (
        "colour where training images are grey",
        "en color cuando las imágenes de entrenamiento son grises",
    ),
    "grey": (
        "grey where training images have colour",
        "gris cuando las imágenes de entrenamiento tienen color",
    ),
    "other_values": (
        "its pixel values mean something else than those of training images",
        "sus píxeles significan otra cosa que los de las imágenes de entrenamiento",
    ),
    "below": (
        "{fact} {value:.3g}, below what training images have ({limit:.3g})",
        "{fact} {value:.3g}, por debajo de lo que tienen las imágenes de entrenamiento "
        "({limit:.3g})",
    ),
    "above": (
        "{fact} {value:.3g}, above what training images have ({limit:.3g})",
        "{fact} {value:.3g}, por encima de lo que tienen las imágenes de entrenamiento "
        "({limit:.3g})",
    ),
    "fact_short_side_px": ("short side in pixels", "lado corto en píxeles"),
    "fact_aspect": ("width over height", "ancho entre alto"),
    "fact_brightness": ("brightness", "brillo"),
    "fact_contrast": ("contrast", "contraste"),
    "fact_sharpness": ("sharpness", "nitidez"),
    "fact_edge_brightness": ("brightness of the edge", "brillo del borde"),
    "fact_flat_edge": ("share of the edge that is flat", "parte lisa del borde"),
    "fact_colourfulness": ("strength of colour", "fuerza del color"),
    "fact_values": ("meaning of the pixel values", "significado de los píxeles"),
    "fitting": (
        "learning what training images look like",
        "aprendiendo cómo son las imágenes de entrenamiento",
    ),
    "too_few": (
        "No guard against images of another kind: {n:,} validation {n:image|images}; 33 are needed",
        "Sin guardia contra imágenes de otro tipo: {n:,} {n:imagen|imágenes} de validación; hacen "
        "falta 33",
    ),
    "odd_images": (
        "{odd:,} of {n:,} {n:image|images} {odd:is|are} unlike the training images: answers about "
        "{odd:it|them} deserve no trust. Of images like the training images about {rate:.1%} are "
        "taken for odd",
        "{odd:,} de {n:,} {n:imagen|imágenes} {odd:es distinta|son distintas} de las de "
        "entrenamiento: {odd:su respuesta no es|sus respuestas no son} de fiar. De las imágenes "
        "como las de entrenamiento, un {rate:.1%} se toma por distinta",
    ),
    "odd_advice": (
        "Look at them: another kind of picture, device or preparation is outside what the model "
        "knows",
        "Mírelas: otro tipo de imagen, otro equipo u otra preparación quedan fuera de lo que "
        "conoce el modelo",
    ),
    "abstained": (
        "They have no answer (--guard abstain)",
        "No tienen respuesta (--guard abstain)",
    ),
    "bad_word": (
        "'{found}' is nothing that a guard does",
        "'{found}' no es nada que haga la guardia",
    ),
    "bad_word_fix": ("Give warn, abstain or off", "Indique warn, abstain u off"),
    "misfit": (
        "the guard is not one of this network ({reason})",
        "la guardia no es de esta red ({reason})",
    ),
    "misfit_fix": (
        "Train again, or predict with --guard off",
        "Entrene de nuevo, o prediga con --guard off",
    ),
    "title": ("Images unlike the training images", "Imágenes distintas de las de entrenamiento"),
    "kind": ("taken for odd by", "tomadas por distintas según"),
    "share": ("share", "proporción"),
    "expected": ("on validation", "en validación"),
    "by_all": ("any of them", "cualquiera"),
    "by_distance": ("the network's features", "las características de la red"),
    "by_checks": ("facts of the picture", "datos de la imagen"),
    "table_caption": (
        "Share of {n:,} {n:image|images} that the guard takes for unlike the training images, with "
        "{confidence:.0%} intervals over groups, and the same on validation groups that did not "
        "set the limit",
        "Proporción de {n:,} {n:imagen|imágenes} que la guardia toma por distintas de las de "
        "entrenamiento, con intervalos del {confidence:.0%} sobre grupos, y lo mismo en grupos de "
        "validación que no fijaron el límite",
    ),
    "mean": (
        "Mean over {n} {n:network|networks} that have validation images in common",
        "Media de {n} {n:red|redes} que comparten imágenes de validación",
    ),
    "sampled": (
        "An even sample of {n:,} of {all:,} {all:image|images} was looked at.",
        "Se miró una muestra uniforme de {n:,} de {all:,} {all:imagen|imágenes}.",
    ),
    "accuracy_of": ("images", "imágenes"),
    "number": ("number", "número"),
    "accuracy": ("accuracy", "exactitud"),
    "usual": ("like the training images", "como las de entrenamiento"),
    "odd": ("taken for odd", "tomadas por distintas"),
    "accuracy_caption": (
        "How often the model is right on images of each sort, with {confidence:.0%} intervals",
        "Con qué frecuencia acierta el modelo en cada tipo de imagen, con intervalos del "
        "{confidence:.0%}",
    ),
    "reason": ("fact of the picture", "dato de la imagen"),
    "reasons_caption": (
        "Which fact of the picture was out of range, in {n:,} {n:image|images}",
        "Qué dato de la imagen quedó fuera de rango, en {n:,} {n:imagen|imágenes}",
    ),
    "high": (
        "{share:.1%} ({low:.1%} to {up:.1%}) of the images of this set are unlike the training "
        "images; on validation it was {rate:.1%}",
        "El {share:.1%} ({low:.1%} a {up:.1%}) de las imágenes de este conjunto son distintas de "
        "las de entrenamiento; en validación era el {rate:.1%}",
    ),
    "high_advice": (
        "Its figures say how the model does on other images than those it was made for",
        "Sus cifras dicen cómo va el modelo con imágenes distintas de aquellas para las que se "
        "hizo",
    ),
    "looking": ("looking for odd images", "buscando imágenes distintas"),
}
