"""Texts of the checks on labels and on pictures that are out of place."""

TEXTS = {
    "labels": (
        "{n:,} of {total:,} {total:label|labels} ({share:.1%}) "
        "{n:looks doubtful; it stands|look doubtful; they stand} in decisions.csv, the most "
        "doubtful first",
        "{n:,} de {total:,} {total:etiqueta|etiquetas} ({share:.1%}) "
        "{n:parece dudosa; está|parecen dudosas; están} en decisions.csv, las más dudosas primero",
    ),
    "labels_advice": (
        "Look at each picture and decide for yourself what it shows: the classifier's own answer "
        "is kept from you, so that it does not sway you. Hard pictures are among them as well as "
        "wrong labels",
        "Mire cada imagen y decida por sí mismo qué muestra: la respuesta del clasificador no se "
        "le enseña para no influirle. Entre ellas hay imágenes difíciles además de etiquetas "
        "equivocadas",
    ),
    "labels_certainty": (
        "a suspicion: the classifier agrees with {accuracy:.1%} of the labels it never saw "
        "({folds}-fold cross-validation by group), so some of these are its own mistakes",
        "una sospecha: el clasificador coincide con el {accuracy:.1%} de las etiquetas que no vio "
        "(validación cruzada de {folds} {folds:pliegue|pliegues} por grupo), así que algunas son "
        "errores suyos",
    ),
    "labels_not_asked": (
        "Doubtful labels were not looked for: {reason}",
        "No se buscaron etiquetas dudosas: {reason}",
    ),
    "labels_blind": (
        "the quick classifier is right in {accuracy:.1%} of cases, hardly more than always giving "
        "the largest class ({chance:.1%}); asked were {n:,} {n:image|images} of the {n_classes} "
        "{n_classes:class|classes} that have {least} {least:group|groups} outside the test part",
        "el clasificador rápido acierta el {accuracy:.1%} de los casos, apenas más que dar siempre "
        "la clase mayor ({chance:.1%}); se preguntó por {n:,} {n:imagen|imágenes} de las "
        "{n_classes} {n_classes:clase|clases} que tienen {least} {least:grupo|grupos} fuera "
        "del test",
    ),
    "labels_too_few": (
        "fewer than two classes have {least} {least:group|groups} outside the test part",
        "menos de dos clases tienen {least} {least:grupo|grupos} fuera del test",
    ),
    "out_of_place": (
        "Images that are like no other of the set: {n:,} ({share:.1%})",
        "Imágenes que no se parecen a ninguna otra del conjunto: {n:,} ({share:.1%})",
    ),
    "out_of_place_advice": (
        "Look whether they belong here at all: another view, another object, a form, a failed "
        "exposure",
        "Mire si deben estar aquí: otra proyección, otro objeto, un formulario, una exposición "
        "fallida",
    ),
    "out_of_place_certainty": (
        "a suspicion: farther from its neighbours than {limit:g} robust standard deviations "
        "(the farthest {highest:.1f})",
        "una sospecha: más lejos de sus vecinas que {limit:g} desviaciones típicas robustas (la "
        "más lejana, {highest:.1f})",
    ),
}
