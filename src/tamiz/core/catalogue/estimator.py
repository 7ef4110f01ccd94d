"""Texts of the estimator for scikit-learn."""

TEXTS = {
    "odd_shape": (
        "an array of {shape} holds no images; give (n, height, width) or (n, height, width, "
        "channels) with 1 to 4 channels",
        "una matriz de {shape} no contiene imágenes; dé (n, alto, ancho) o (n, alto, ancho, "
        "canales) con 1 a 4 canales",
    ),
    "mixed_kinds": (
        "some arrays are of 8 or 16 bits and some hold fractions; give all of one kind",
        "unas matrices son de 8 o 16 bits y otras contienen fracciones; délas todas de una clase",
    ),
    "other_kind": (
        "trained on values of another kind: give files and integers of 8 or 16 bits where they "
        "were given to fit, and floats where floats were",
        "se entrenó con valores de otra clase: dé archivos y enteros de 8 o 16 bits si fit los "
        "recibió así, y decimales si recibió decimales",
    ),
    "one_class": (
        "all images are of one class, {label}: a classifier needs 2 classes at least",
        "todas las imágenes son de una clase, {label}: un clasificador necesita al menos 2",
    ),
    "no_labels": (
        "{name} requires y to be passed, but the target y is None",
        "faltan las etiquetas: {name} necesita y, y vale None (requires y to be passed)",
    ),
    "unequal": (
        "{n:,} {n:image|images} and {n_labels:,} {n_labels:label|labels}: found inconsistent "
        "numbers of samples",
        "{n:,} {n:imagen|imágenes} y {n_labels:,} {n_labels:etiqueta|etiquetas}: no son tantas "
        "unas como otras",
    ),
    "no_val": (
        "no validation part, so probabilities are not calibrated: {reason}",
        "sin parte de validación, así que las probabilidades no se calibran: {reason}",
    ),
}
