"""Results in words: the first section of a report."""

TEXTS = {
    "title": ("Results", "Resultados"),
    "data": (
        "The data set '{source}' holds {n} in use, in {classes} ({counts}).",
        "El conjunto de datos '{source}' tiene {n} en uso, en {classes} ({counts}).",
    ),
    "data_labels": (
        "The data set '{source}' holds {n} in use, with {labels}, of which an image can have "
        "several ({counts}).",
        "El conjunto de datos '{source}' tiene {n} en uso, con {labels}, de las que una imagen "
        "puede tener varias ({counts}).",
    ),
    "no_groups": (
        "Nothing says which images belong together, so each one, with its near-identical copies, "
        "was taken as a case of its own; where several are of one patient, all intervals here are "
        "too narrow.",
        "Nada dice qué imágenes van juntas, así que cada una, con sus copias casi idénticas, se "
        "tomó como un caso aparte; si varias son de un mismo paciente, todos los intervalos de "
        "aquí son demasiado estrechos.",
    ),
    "parts": (
        "{train} served for training and {val} for choosing the model; {test} were kept sealed "
        "for testing.",
        "Para entrenar se usaron {train} y para elegir el modelo {val}; se reservaron selladas "
        "para la prueba {test}.",
    ),
    "folds_patient": (
        "They were divided into {folds} for cross-validation; each image was judged by networks "
        "trained without its patient.",
        "Se dividieron en {folds} para la validación cruzada; cada imagen la juzgaron redes "
        "entrenadas sin su paciente.",
    ),
    "folds_group": (
        "They were divided into {folds} for cross-validation; each image was judged by networks "
        "trained without its group.",
        "Se dividieron en {folds} para la validación cruzada; cada imagen la juzgaron redes "
        "entrenadas sin su grupo.",
    ),
    "folds_image": (
        "They were divided into {folds} for cross-validation; each image was judged by networks "
        "trained without it.",
        "Se dividieron en {folds} para la validación cruzada; cada imagen la juzgaron redes "
        "entrenadas sin ella.",
    ),
    "apart_patient": (
        "No patient is in two parts.",
        "Ningún paciente está en dos partes.",
    ),
    "apart_group": ("No group is in two parts.", "Ningún grupo está en dos partes."),
    "left_out": ("Left out: {what}.", "Quedaron fuera: {what}."),
    "nothing_left_out": ("Nothing was left out.", "No se dejó nada fuera."),
    "fate_duplicate": (
        "{files} that repeat another byte for byte",
        "{files} que repiten otro byte por byte",
    ),
    "fate_unreadable": (
        "{files} that could not be read",
        "{files} que no se pudieron leer",
    ),
    "fate_excluded": ("{files} by decision", "{files} por decisión"),
    "fate_unlabelled": ("{files} without a label", "{files} sin etiqueta"),
    "fate_not_an_image": ("{files} that are no images", "{files} que no son imágenes"),
    "trained": (
        "The network '{model}' ({n_parameters:,} {n_parameters:parameter|parameters}, {start}) was "
        "trained on images of {size} x {size} px for {epochs}; epoch {best}, with the best "
        "validation {monitor}, was kept.",
        "La red '{model}' ({n_parameters:,} {n_parameters:parámetro|parámetros}, {start}) se "
        "entrenó con imágenes de {size} x {size} px durante {epochs}; se conservó la época {best}, "
        "con el mejor valor de {monitor} en validación.",
    ),
    "trained_briefly": (
        "The network '{model}' ({start}) was trained on the training part alone.",
        "La red '{model}' ({start}) se entrenó solo con la parte de entrenamiento.",
    ),
    "trained_ensemble": (
        "The model is the mean of {networks} of type '{model}' ({start}).",
        "El modelo es la media de {networks} de tipo '{model}' ({start}).",
    ),
    "start_random": ("from random weights", "con pesos iniciales al azar"),
    "start_given": (
        "from weights trained before",
        "a partir de pesos ya entrenados",
    ),
    "monitor_loss": ("loss", "pérdida (loss)"),
    "monitor_accuracy": ("accuracy", "exactitud (accuracy)"),
    "monitor_f1": ("F1", "F1"),
    "accuracy": (
        "The model classified {figure} of the test images correctly.",
        "El modelo clasificó bien el {figure} de las imágenes de prueba.",
    ),
    "most_probable": (
        "By the most probable class, which the tables of figures and the comparison with "
        "baselines go by, it is {figure}.",
        "Por la clase más probable, la que siguen las tablas de cifras y la comparación con las "
        "referencias, es el {figure}.",
    ),
    "accuracy_oof": (
        "In cross-validation {figure} of the images were classified correctly.",
        "En la validación cruzada se clasificó bien el {figure} de las imágenes.",
    ),
    "accuracy_patients": (
        "The model classified {figure} of the test patients correctly, each by the mean over their "
        "images.",
        "El modelo clasificó bien el {figure} de los pacientes de prueba, cada uno por la media "
        "de sus imágenes.",
    ),
    "exact_match": (
        "All labels were right for {figure} of the test images; the F1 over all labels (micro) "
        "was {f1}.",
        "Todas las etiquetas fueron correctas en el {figure} de las imágenes de prueba; el F1 de "
        "todas las etiquetas (micro) fue de {f1}.",
    ),
    "auroc": ("The AUROC was {figure}.", "El AUROC fue de {figure}."),
    "two_classes": (
        "With '{positive}' as the class looked for, sensitivity was {sensitivity} and specificity "
        "{specificity}.",
        "Con '{positive}' como la clase buscada, la sensibilidad fue del {sensitivity} y la "
        "especificidad del {specificity}.",
    ),
    "operating": (
        "With '{positive}' as the class looked for and the rule '{rule}', whose threshold "
        "({threshold:.3f}) was set on the validation part, sensitivity was {sensitivity} and "
        "specificity {specificity}.",
        "Con '{positive}' como la clase buscada y la regla '{rule}', cuyo umbral "
        "({threshold:.3f}) se fijó en la parte de validación, la sensibilidad fue del "
        "{sensitivity} y la especificidad del {specificity}.",
    ),
    "worst_class": (
        "The class recognised best was '{best}', with {high}; the one recognised worst was "
        "'{worst}', with {low}.",
        "La clase mejor reconocida fue '{best}', con el {high}; la peor reconocida fue '{worst}', "
        "con el {low}.",
    ),
    "calibration": (
        "The expected calibration error, the mean distance of stated probabilities from what was "
        "found, was {figure}.",
        "El error de calibración esperado, lo que en promedio se apartan las probabilidades de lo "
        "hallado, fue de {figure}.",
    ),
    "all_better": (
        "It is shown to be better than {baselines}.",
        "Se demuestra que es mejor que {baselines}.",
    ),
    "some_better": (
        "It is shown to be better than {baselines}, but not than {others}.",
        "Se demuestra que es mejor que {baselines}, pero no que {others}.",
    ),
    "none_better": (
        "It is not shown to be better than {others}.",
        "No se demuestra que sea mejor que {others}.",
    ),
    "baseline": ("{name} ({figure})", "{name} ({figure})"),
    "metric": ("{name} {value:.3f}", "{name} {value:.3f}"),
    "metric_accuracy": ("accuracy {value:.1f}%", "exactitud {value:.1f}\u00a0%"),
    "metric_balanced_accuracy": (
        "balanced accuracy {value:.1f}%",
        "exactitud balanceada {value:.1f}\u00a0%",
    ),
    "baseline_prior": (
        "answering with the class frequencies alone",
        "responder solo con las frecuencias de las clases",
    ),
    "baseline_even": (
        "giving all classes alike",
        "dar todas las clases por igual",
    ),
    "baseline_nearest-thumbnail": (
        "copying the label of the most similar thumbnail",
        "copiar la etiqueta de la miniatura más parecida",
    ),
    "baseline_descriptors": (
        "a logistic regression on descriptors (edges, texture, colour)",
        "una regresión logística sobre descriptores (bordes, textura, color)",
    ),
    "baseline_usual-set": (
        "always answering the most frequent set of labels",
        "responder siempre el conjunto de etiquetas más frecuente",
    ),
    "baseline_mean-pooling": (
        "the mean over all tiles",
        "la media de todas las teselas",
    ),
    "limit_leak": (
        "This is not a valid evaluation: the split leaks, and this was allowed by hand.",
        "Esta evaluación no es válida: la división tiene fugas y se permitió a mano.",
    ),
    "limit_few": (
        "With {groups} judged, differences of a few points cannot be told from chance.",
        "Con {groups} en la evaluación, las diferencias de unos pocos puntos no se distinguen del "
        "azar.",
    ),
    "limit_looks": (
        "The test part was looked at {times}; each choice made after a look makes these figures "
        "look better than they are.",
        "La parte de prueba se miró {times}; cada elección hecha tras mirarla hace que estas "
        "cifras parezcan mejores de lo que son.",
    ),
    "limit_models": (
        "{models} were measured on this test part: the best of them looks better than it is.",
        "{models} se midieron con esta parte de prueba: el mejor parece mejor de lo que es.",
    ),
    "limit_shortcuts": (
        "The label can be told in part from what is not the object ({probes}), so the model may "
        "rest on it.",
        "La etiqueta se adivina en parte por lo que no es el objeto ({probes}), así que el modelo "
        "puede apoyarse en ello.",
    ),
    "limit_external": (
        "All images come from one data set: what the model does with images from elsewhere was not "
        "measured.",
        "Todas las imágenes vienen de un solo conjunto de datos: no se midió qué hace el modelo "
        "con imágenes de otro lugar.",
    ),
    "limit_subgroups": (
        "Whether it does equally well for all ages, sexes or sites was not measured.",
        "No se midió si funciona igual de bien en todas las edades, sexos o centros.",
    ),
    "subgroups_shown": (
        "By '{column}' the model does worst for '{worst}' ({metric}: {figure}); that the groups "
        "differ is shown (p = {p:.3f}, corrected).",
        "Por '{column}' el modelo va peor en '{worst}' ({metric}: {figure}); se demuestra que los "
        "grupos difieren (p = {p:.3f}, corregida).",
    ),
    "subgroups_not_shown": (
        "By '{column}' the lowest figure is that of '{worst}' ({metric}: {figure}); no difference "
        "between the groups is shown (p = {p:.3f}, corrected).",
        "Por '{column}' la cifra más baja es la de '{worst}' ({metric}: {figure}); no se "
        "demuestra una diferencia entre los grupos (p = {p:.3f}, corregida).",
    ),
    "subgroups_none": (
        "By '{column}' the lowest figure is that of '{worst}' ({metric}: {figure}); the groups are "
        "too few to test for a difference.",
        "Por '{column}' la cifra más baja es la de '{worst}' ({metric}: {figure}); hay muy pocos "
        "grupos para comprobar si difieren.",
    ),
    "external": (
        "On the external set '{name}', {figure} of the images were classified correctly.",
        "En el conjunto externo '{name}', se clasificó bien el {figure} de las imágenes.",
    ),
    "none": (
        "There are no figures yet: this run was not evaluated.",
        "Aún no hay cifras: esta ejecución no se ha evaluado.",
    ),
}
