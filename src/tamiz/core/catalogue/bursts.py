"""Texts of the check for bursts."""

TEXTS = {
    "found": (
        "Bursts of consecutive frames: {n:,} ({n_rows:,} {n_rows:image|images}; the longest has "
        "{longest:,})",
        "Ráfagas de imágenes consecutivas: {n:,} ({n_rows:,} {n_rows:imagen|imágenes}; la más "
        "larga, {longest:,})",
    ),
    "advice": (
        "Every split that tamiz draws keeps them on one side. Frames of one scene count as one: "
        "name the scene or the patient with --group or --group-from-name if you know it",
        "Toda partición que hace tamiz las mantiene en un solo lado. Las imágenes de una escena "
        "cuentan como una: indique la escena o el paciente con --group o --group-from-name si lo "
        "sabe",
    ),
    "certainty": (
        "likely: consecutive numbers, and pictures that correlate at {least:g} and more, far more "
        "than random pairs of this set do",
        "probable: números consecutivos e imágenes con correlación de {least:g} o más, mucho mayor "
        "que la de los pares al azar de este conjunto",
    ),
}
