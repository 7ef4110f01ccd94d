"""Texts on how much the groups of images tell: the design effect, too few groups."""

TEXTS = {
    "design_effect": (
        "Design effect, {metric}: {effect:.1f}. The {n:,} {n:image|images} of {n_groups:,} "
        "{n_groups:group|groups} {n:is|are} as informative as {n_alone:,} independent "
        "{n_alone:image|images}.",
        "Efecto del diseño, {metric}: {effect:.1f}. {n:La|Las} {n:,} {n:imagen|imágenes} de "
        "{n_groups:,} {n_groups:grupo|grupos} {n:informa|informan} tanto como {n_alone:,} "
        "{n_alone:imagen independiente|imágenes independientes}.",
    ),
    "few": (
        "{n_groups:,} {n_groups:group|groups} {n_groups:is|are} few for intervals: with "
        "{simulated:,} {simulated:group|groups}, simulated {confidence:.0f} % intervals held the "
        "truth in {lowest:.0f} to {highest:.0f} % of the data sets, depending on the data and the "
        "figure",
        "{n_groups:,} {n_groups:grupo|grupos} {n_groups:es poco|son pocos} para dar intervalos: "
        "con {simulated:,} {simulated:grupo|grupos}, los intervalos del {confidence:.0f} % "
        "simulados contenían la verdad entre el {lowest:.0f} y el {highest:.0f} % de las veces, "
        "según los datos y la cifra",
    ),
    "few_advice": (
        "Read these intervals as rough, and test on 50 groups or more",
        "Tome estos intervalos como aproximados y pruebe con 50 grupos o más",
    ),
}
