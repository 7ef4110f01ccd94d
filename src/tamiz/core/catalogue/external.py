"""Texts of `evaluate --data`: the model on a set that took no part in the run."""

TEXTS = {
    "title": ("Result on '{name}', an external set", "Resultado en '{name}', un conjunto externo"),
    "start": ("reading {name}", "leyendo {name}"),
    "section": (
        "External set '{name}': {n:,} {n:image|images} of {n_groups:,} {n_groups:group|groups}",
        "Conjunto externo '{name}': {n:,} {n:imagen|imágenes} de {n_groups:,} "
        "{n_groups:grupo|grupos}",
    ),
    "what": (
        "{source}: {n:,} {n:image|images} measured, of {found:,} found. The model was not trained "
        "on this set and nothing was chosen on it: thresholds and calibration are the run's own, "
        "from its validation part.",
        "{source}: {n:,} {n:imagen medida|imágenes medidas}, de {found:,} "
        "{found:encontrada|encontradas}. El modelo no se entrenó con este conjunto ni se eligió "
        "nada en él: los umbrales y la calibración son los de la ejecución, de su parte de "
        "validación.",
    ),
    "column_internal": ("internal: {part}", "interno: {part}"),
    "column_external": ("external: {name}", "externo: {name}"),
    "column_difference": ("external less internal", "externo menos interno"),
    "beside_caption": (
        "External beside internal, with {confidence:.0%} intervals over groups. ↓: lower is "
        "better. Other images, so the difference is not paired",
        "Externo junto a interno, con intervalos del {confidence:.0%} por grupos. ↓: menor es "
        "mejor. Son otras imágenes, así que la diferencia no es apareada",
    ),
    "worse": (
        "{metric} is lower in quality outside than inside the run's own data: {difference}.",
        "{metric} es de peor calidad fuera que dentro de los datos de la ejecución: {difference}.",
    ),
    "better": (
        "{metric} is better outside than inside the run's own data: {difference}. Is the external "
        "set easier?",
        "{metric} es mejor fuera que dentro de los datos de la ejecución: {difference}. ¿Es más "
        "fácil el conjunto externo?",
    ),
    "not_shown": (
        "No difference in {metric} between outside and inside shown: {difference}.",
        "No se demuestra diferencia de {metric} entre fuera y dentro: {difference}.",
    ),
    "left_column": ("why", "por qué"),
    "left_images": ("images", "imágenes"),
    "left_caption": (
        "What was found and not measured",
        "Lo que se encontró y no se midió",
    ),
    "reason_class": (
        "the model was not trained on the class '{label}'",
        "el modelo no se entrenó con la clase '{label}'",
    ),
    "left_classes": (
        "{n:,} {n:image|images} of classes that the model does not know {n:was|were} left out, as "
        "asked: {names}. The figures speak of the other images only",
        "Se dejaron fuera, como se pidió, {n:,} {n:imagen|imágenes} de clases que el modelo no "
        "conoce: {names}. Las cifras solo hablan de las demás",
    ),
    "absent": (
        "{n} of the model's {k} {k:class|classes} {k:has|have} no image here: {names}. What the "
        "model does with {n:it|them} stays unknown",
        "{n} de {k:la|las} {k} {k:clase|clases} del modelo no {n:tiene|tienen} ninguna imagen "
        "aquí: {names}. No se sabe qué hace el modelo con {n:ella|ellas}",
    ),
    "one_class": (
        "All images here are '{label}': the figures say how many of them the model finds, and "
        "nothing of how it tells them from others",
        "Todas las imágenes son '{label}': las cifras dicen cuántas encuentra el modelo y nada de "
        "cómo las distingue de otras",
    ),
    "leak_content": (
        "{n:,} of the {total:,} {total:image|images} {n:is|are} also in the run's training data "
        "(same bytes): this result is not valid",
        "{n:,} de {total:la|las} {total:,} {total:imagen|imágenes} {n:está|están} también en los "
        "datos de entrenamiento (mismos bytes): este resultado no es válido",
    ),
    "leak_groups": (
        "{n:,} {n:group|groups} with {images:,} of the {total:,} {total:image|images} {n:has|have} "
        "the same name as {n:a group|groups} in the run's training data: if "
        "{n:it is the same patient|they are the same patients}, this result is not valid",
        "{n:,} {n:grupo|grupos} con {images:,} de {total:la|las} {total:,} {total:imagen|imágenes} "
        "se {n:llama|llaman} igual que {n:un grupo|grupos} de los datos de entrenamiento: si "
        "{n:es el mismo paciente|son los mismos pacientes}, este resultado no es válido",
    ),
    "leak_advice": (
        "Take them out of the external set and evaluate again",
        "Quítelas del conjunto externo y evalúe de nuevo",
    ),
    "leak_groups_advice": (
        "If both sets merely count from 1, give the groups of one of them other names; if they "
        "are the same patients, take them out",
        "Si ambos conjuntos solo numeran desde 1, dé otros nombres a los grupos de uno; si son los "
        "mismos pacientes, quítelos",
    ),
    "also_test": (
        "{n:,} of the {total:,} {total:image|images} {n:is|are} also in the run's test part (same "
        "bytes): {n:it is|they are} nothing new",
        "{n:,} de {total:la|las} {total:,} {total:imagen|imágenes} {n:está|están} también en la "
        "parte de prueba (mismos bytes): no {n:es|son} nada nuevo",
    ),
    "options_fell": (
        "Options of the run that mean nothing for this source were left aside: {names}",
        "Se dejaron a un lado opciones de la ejecución que no significan nada en esta fuente: "
        "{names}",
    ),
    "relabelled": ("Labels renamed: {words}", "Etiquetas renombradas: {words}"),
    "whole": (
        "Its whole report, with classes, subgroups and mistakes: {path}",
        "Su informe completo, con clases, subgrupos y errores: {path}",
    ),
    "saved": ("Saved in {path}", "Guardado en {path}"),
    "other_classes": (
        "{n:,} of {total:,} {total:image|images} {n:is|are} of classes that the model was not "
        "trained on: {names}. It knows: {classes}",
        "{n:,} de {total:,} {total:imagen|imágenes} {n:es|son} de clases con las que el modelo no "
        "se entrenó: {names}. Conoce: {classes}",
    ),
    "other_classes_fix": (
        "Rename a class (--relabel '{first}={known}'), or leave these images out and have them "
        "counted (--other-classes leave-out)",
        "Renombre una clase (--relabel '{first}={known}') o deje fuera esas imágenes, contadas "
        "(--other-classes leave-out)",
    ),
    "none_left": (
        "no image with a label that the model knows is left; it knows: {classes}",
        "no queda ninguna imagen con una etiqueta que el modelo conozca; conoce: {classes}",
    ),
    "none_left_fix": (
        "Name the column of the labels (--label), or rename classes (--relabel OLD=NEW)",
        "Indique la columna de las etiquetas (--label) o renombre clases (--relabel VIEJA=NUEVA)",
    ),
    "other_kind": (
        "the model gives {model} per image, and this set gives {found}",
        "el modelo da {model} por imagen y este conjunto da {found}",
    ),
    "other_kind_fix": (
        "Say how labels are written with --label-separator, --label-columns or --label",
        "Diga cómo se escriben las etiquetas con --label-separator, --label-columns o --label",
    ),
    "one_label": ("one label", "una etiqueta"),
    "several_labels": ("several labels", "varias etiquetas"),
    "bad_name": (
        "'{name}' cannot name an external set",
        "'{name}' no puede nombrar un conjunto externo",
    ),
    "bad_name_fix": (
        "Use up to 40 letters a to z, digits, '-' and '_', beginning with a letter or digit; not "
        "train, val, test or oof",
        "Use hasta 40 letras de la a a la z, cifras, '-' y '_', empezando por letra o cifra; no "
        "train, val, test ni oof",
    ),
    "taken": (
        "the run has an external set '{name}' already",
        "la ejecución ya tiene un conjunto externo '{name}'",
    ),
    "taken_fix": (
        "Choose another --name, or measure it anew with --overwrite",
        "Elija otro --name o mídalo de nuevo con --overwrite",
    ),
    "no_run": ("this is no run", "esto no es una ejecución"),
    "no_run_fix": (
        "Name a finished run before --data: tamiz evaluate runs/first --data other",
        "Nombre una ejecución terminada antes de --data: tamiz evaluate runs/primera --data otros",
    ),
    "only_data": (
        "with --data the model stays as it is: {name} cannot be set",
        "con --data el modelo se queda como está: no se puede fijar {name}",
    ),
    "only_data_fix": (
        "Give options of the source and of the evaluation only (--label, --group, --by, --metric)",
        "Dé solo opciones de la fuente y de la evaluación (--label, --group, --by, --metric)",
    ),
    "needs_data": (
        "--name and --other-classes speak of an external set, and there is none",
        "--name y --other-classes hablan de un conjunto externo y no hay ninguno",
    ),
    "needs_data_fix": (
        "Name it: --data FOLDER",
        "Indíquelo: --data CARPETA",
    ),
    "own_source": (
        "these are the images that the run itself was made of",
        "estas son las imágenes con las que se hizo la propia ejecución",
    ),
    "own_source_fix": (
        "Its test part was measured already: tamiz evaluate RUN. Give other images to --data",
        "Su parte de prueba ya se midió: tamiz evaluate EJECUCIÓN. Dé otras imágenes a --data",
    ),
}
