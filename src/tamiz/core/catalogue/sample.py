"""Texts on sample size: learning curve and the intervals to expect."""

TEXTS = {
    "section": ("Are there enough data?", "¿Hay datos suficientes?"),
    "too_few": (
        "No learning curve: {n:,} labelled {n:group|groups} outside the test part, at least "
        "{least} are needed.",
        "Sin curva de aprendizaje: {n:,} {n:grupo|grupos} con etiqueta fuera del test; hacen falta "
        "{least}.",
    ),
    "no_pictures": (
        "No learning curve: there are no pictures to learn from.",
        "Sin curva de aprendizaje: no hay imágenes de las que aprender.",
    ),
    "doubling": (
        "A quick classifier that learns from {n:,} {n:group|groups} errs in {now:.1f} % (balanced "
        "over classes). With twice as many groups its error would fall by about {points:.1f} "
        "points ({low:.1f} to {high:.1f}).",
        "Un clasificador rápido que aprende de {n:,} {n:grupo|grupos} yerra en el {now:.1f} % "
        "(equilibrado entre clases). Con el doble de grupos su error bajaría unos {points:.1f} "
        "puntos ({low:.1f} a {high:.1f}).",
    ),
    "measured": ("measured", "medido"),
    "expected": ("expected with twice the data", "esperado con el doble de datos"),
    "groups": ("groups learnt from", "grupos de los que aprende"),
    "error": ("balanced error (0 to 1)", "error equilibrado (0 a 1)"),
    "chart": ("Learning curve of a quick classifier", "Curva de un clasificador rápido"),
    "honest": (
        "It is a rough classifier on 16 px pictures: a network errs less, but what doubling the "
        "data does to it is of the same kind. The band is the 95 % range over repeats.",
        "Es un clasificador tosco con imágenes de 16 px: una red yerra menos, pero lo que le hace "
        "doblar los datos es parecido. La banda es el intervalo del 95 % entre repeticiones.",
    ),
    "widths": (
        "The interval to expect on the test part ({n:,} {n:image|images} in {n_groups:,} "
        "{n_groups:group|groups}): how far from the measured figure the truth may lie, in points",
        "El intervalo que cabe esperar en el test ({n:,} {n:imagen|imágenes} en {n_groups:,} "
        "{n_groups:grupo|grupos}): cuánto puede alejarse la verdad de la cifra medida, en puntos",
    ),
    "column_what": ("figure", "cifra"),
    "column_n": ("images", "imágenes"),
    "column_groups": ("groups", "grupos"),
    "column_at": ("if it is {at:.0%}", "si es {at:.0%}"),
    "accuracy": ("accuracy", "exactitud"),
    "recall": ("recall of '{label}'", "sensibilidad de '{label}'"),
    "how": (
        "Half the width of the 95 % Wilson interval. First figure: images of a group are right or "
        "wrong together (as many independent facts as groups); second: each image on its own.",
        "Media anchura del intervalo de Wilson del 95 %. Primera cifra: las imágenes de un grupo "
        "aciertan o fallan juntas (tantos datos independientes como grupos); segunda: cada imagen "
        "por su cuenta.",
    ),
    "small_class": (
        "Class '{label}' will have few groups in the test part ({n_groups:,}): its recall will be "
        "known to about ±{points:.0f} points at best",
        "La clase '{label}' tendrá pocos grupos en el test ({n_groups:,}): su sensibilidad se "
        "sabrá con ±{points:.0f} puntos en el mejor caso",
    ),
    "widths_folds": (
        "The interval to expect out of fold ({n:,} {n:image|images} in {n_groups:,} "
        "{n_groups:group|groups}, each held out once): how far from the measured figure the truth "
        "may lie, in points",
        "El intervalo que cabe esperar en la validación cruzada ({n:,} {n:imagen|imágenes} en "
        "{n_groups:,} {n_groups:grupo|grupos}, cada uno apartado una vez): cuánto puede alejarse "
        "la verdad de la cifra medida, en puntos",
    ),
    "small_class_folds": (
        "Class '{label}' has few groups in all folds together ({n_groups:,}): its recall will be "
        "known to about ±{points:.0f} points at best",
        "La clase '{label}' tiene pocos grupos en todas las partes juntas ({n_groups:,}): su "
        "sensibilidad se sabrá con ±{points:.0f} puntos en el mejor caso",
    ),
    "small_class_advice": (
        "Collect more groups of it, or say in the paper that nothing can be said about it",
        "Reúna más grupos de ella o diga en el artículo que nada puede afirmarse de ella",
    ),
}
