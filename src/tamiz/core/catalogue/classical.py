"""Texts of models on descriptors: fitted at once, by classical classifiers."""

TEXTS = {
    "channels": (
        "images of {n} {n:channel|channels} cannot be described: descriptors read grey or colour",
        "las imágenes de {n} {n:canal|canales} no se {n:puede|pueden} describir: los descriptores "
        "leen gris o color",
    ),
    "channels_fix": (
        "Set prepare.channels to 1 or 3, or use another model",
        "Ponga prepare.channels a 1 o 3, o use otro modelo",
    ),
    "other_version": (
        "the descriptors of this model are of version {found}; this tamiz makes version {known}",
        "los descriptores de este modelo son de la versión {found}; este tamiz hace la {known}",
    ),
    "other_version_fix": (
        "Install the tamiz that trained it, or train again",
        "Instale el tamiz que lo entrenó o entrene de nuevo",
    ),
    "bad_sizes": (
        "the sizes of the fitted arrays cannot be understood",
        "no se entienden los tamaños de las matrices ajustadas",
    ),
    "bad_sizes_fix": (
        "The bundle was edited or damaged: copy it again, or train again",
        "El modelo fue editado o dañado: cópielo de nuevo o entrene otra vez",
    ),
    "class_lacks": (
        "no training image is of class {names} (such classes: {n}); what is fitted at once could "
        "never give it",
        "ninguna imagen de entrenamiento es de la clase {names} (clases así: {n}); lo que se "
        "ajusta de una vez no podría darla nunca",
    ),
    "class_lacks_fix": (
        "Gather more images of it, join it to another class with --relabel, or leave it out",
        "Reúna más imágenes de ella, únala a otra clase con --relabel, o déjela fuera",
    ),
    "constant": (
        "no descriptor differs between the {n} training {n:image|images}",
        "ningún descriptor cambia entre {n:la|las} {n} {n:imagen|imágenes} de entrenamiento",
    ),
    "constant_fix": (
        "Name others in model.options.describe, or use a network",
        "Indique otros en model.options.describe, o use una red",
    ),
    "several_labels": (
        "model '{name}' gives one label per image; these images have several",
        "el modelo '{name}' da una etiqueta por imagen; estas imágenes tienen varias",
    ),
    "several_labels_fix": (
        "Use a network, --model small say",
        "Use una red, por ejemplo --model small",
    ),
    "cannot": (
        "a model or head that is fitted at once cannot follow '{value}' here",
        "un modelo o una cabeza que se ajusta de una vez no puede seguir '{value}' aquí",
    ),
    "cannot_fix": (
        "Leave it out (classes can be balanced with train.balance = weights), or use a network",
        "Omítalo (las clases se equilibran con train.balance = weights), o use una red",
    ),
    "no_effect": (
        "{name} does nothing here: the model is fitted at once, without epochs",
        "{name} no hace nada aquí: el modelo se ajusta de una vez, sin épocas",
    ),
    "not_converged": (
        "the classifier stopped before its end; its figures may be a little low",
        "el clasificador paró antes de terminar; sus cifras pueden ser algo bajas",
    ),
    "no_steps": (
        "model '{name}' is fitted at once: nothing is learnt in steps from changed images",
        "el modelo '{name}' se ajusta de una vez: nada se aprende por pasos de imágenes cambiadas",
    ),
    "no_steps_fix": (
        "Do this with a network, --model small say",
        "Hágalo con una red, por ejemplo --model small",
    ),
    "plan_epochs": (
        "fitted at once: there are no epochs, steps or stages",
        "se ajusta de una vez: no hay épocas, pasos ni etapas",
    ),
    "plan_augment": (
        "each image is described once, as it is",
        "cada imagen se describe una vez, tal cual es",
    ),
    "plan_mirrored": (
        "nothing was learnt from mirrored images",
        "no se aprendió de imágenes reflejadas",
    ),
    "plan_minutes": (
        "The minutes decide nothing here: the model is fitted at once. model.options.rows limits "
        "how many images it learns from.",
        "Los minutos no deciden nada aquí: el modelo se ajusta de una vez. model.options.rows "
        "limita de cuántas imágenes aprende.",
    ),
    "chosen": (
        "The settings were chosen by cross-validation within the training part; the validation "
        "part served the calibration and the table of importance.",
        "Los ajustes se eligieron por validación cruzada dentro de la parte de entrenamiento; la "
        "de validación sirvió para la calibración y la tabla de importancia.",
    ),
    "chosen_head": (
        "The head was fitted at once, on features of the frozen network: there is one epoch.",
        "La cabeza se ajustó de una vez, con características de la red fija: hay una sola época.",
    ),
    "no_importance": (
        "There is no table of what the columns are worth: features of a network have no names. "
        "See where it looks instead: tamiz explain --with occlusion",
        "No hay tabla de cuánto valen las columnas: las características de una red no tienen "
        "nombre. Vea en cambio dónde mira: tamiz explain --with occlusion",
    ),
    "classifier": ("Classifier", "Clasificador"),
    "kind_logistic": ("logistic regression", "regresión logística"),
    "kind_svm": (
        "support vector machine, radial kernel",
        "máquina de vectores de soporte, núcleo radial",
    ),
    "kind_forest": ("random forest", "bosque aleatorio"),
    "kind_boosting": ("gradient boosting of trees", "árboles con refuerzo de gradiente"),
    "kind_knn": ("nearest neighbours", "vecinos más próximos"),
    "settings": ("Settings", "Ajustes"),
    "columns": ("Columns", "Columnas"),
    "columns_value": (
        "{n:,} of {described:,} described",
        "{n:,} de {described:,} {described:descrita|descritas}",
    ),
    "components_value": (
        "{n:,} principal {n:component|components} of {columns:,}",
        "{n:,} {n:componente principal|componentes principales} de {columns:,}",
    ),
    "rows": ("Learnt from", "Aprendido de"),
    "rows_value": (
        "{n:,} of {all:,} training {all:image|images}",
        "{n:,} de {all:,} {all:imagen|imágenes}",
    ),
    "compared": ("Stored arrays against scikit-learn", "Matrices guardadas frente a scikit-learn"),
    "compared_value": (
        "equal within {apart} on {n:,} {n:image|images}",
        "iguales salvo {apart} en {n:,} {n:imagen|imágenes}",
    ),
    "loss": ("Cross-validation", "Validación cruzada"),
    "tried_errors": (
        "Share of errors, three folds by group; lower is better",
        "Proporción de errores, tres particiones por grupo; menor es mejor",
    ),
    "tried_log_loss": (
        "Log loss, three folds by group; lower is better",
        "Pérdida logarítmica, tres particiones por grupo; menor es mejor",
    ),
    "importance": ("What the columns are worth", "Cuánto valen las columnas"),
    "importance_columns": ("Columns", "Columnas"),
    "importance_n": ("How many", "Cuántas"),
    "importance_lost": ("Lost when shuffled: {metric}", "Se pierde al barajarlas: {metric}"),
    "importance_caption": (
        "Columns are shuffled between validation images, all of a line together; mean of three "
        "shuffles, {confidence:.0%} intervals over groups. Lines overlap: what two say alike is "
        "lost with neither alone.",
        "Las columnas se barajan entre imágenes de validación, todas las de una línea a la vez; "
        "media de tres veces, intervalos del {confidence:.0%} sobre grupos. Las líneas se solapan: "
        "lo que dos dicen por igual no se pierde con una sola.",
    ),
    "importance_progress": ("weighing columns", "pesando columnas"),
    "describing": ("describing images", "describiendo imágenes"),
    "try": ("trying settings", "probando ajustes"),
}
