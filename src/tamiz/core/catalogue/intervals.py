"""Texts on how much the groups of images tell: the design effect, too few groups."""

TEXTS = {
    "design_effect": (
        "Design effect, {metric}: {effect:.1f}. The {n:,} images of {n_groups:,} groups are as "
        "informative as {n_alone:,} independent images.",
        "Efecto del diseño, {metric}: {effect:.1f}. Las {n:,} imágenes de {n_groups:,} grupos "
        "informan tanto como {n_alone:,} imágenes independientes.",
    ),
    "few": (
        "{n_groups:,} groups are few for intervals: with {simulated:,} groups, simulated "
        "{confidence:.0f} % intervals held the truth in {lowest:.0f} to {highest:.0f} % of the "
        "data sets, depending on the data and the figure",
        "{n_groups:,} grupos son pocos para dar intervalos: con {simulated:,} grupos, los "
        "intervalos del {confidence:.0f} % simulados contenían la verdad entre el {lowest:.0f} y "
        "el {highest:.0f} % de las veces, según los datos y la cifra",
    ),
    "few_advice": (
        "Read these intervals as rough, and test on 50 groups or more",
        "Tome estos intervalos como aproximados y pruebe con 50 grupos o más",
    ),
}
