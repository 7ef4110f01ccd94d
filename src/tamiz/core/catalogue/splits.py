"""Texts of split rules and of the audit for leaks."""

_FIX_GROUPS = (
    "Add groups, leave the class out or merge it with another; "
    "if the groups are not real (one per file), drop the group column",
    "Añada grupos, deje fuera la clase o únala a otra; "
    "si los grupos no son reales (uno por archivo), quite la columna de grupos",
)

TEXTS = {
    "and": ("{first} and {last}", "{first} y {last}"),
    "and_others": (
        " ({n:,} more {n:class|classes} likewise)",
        " (y otras {n:,} {n:clase|clases} igual)",
    ),
    "nothing": (
        "no usable image with a label is left to split",
        "no queda ninguna imagen útil con etiqueta que repartir",
    ),
    "nothing_fix": (
        "Look at ledger.csv: it says what became of every file",
        "Mire ledger.csv: dice qué fue de cada archivo",
    ),
    "unlabelled": (
        "none of {n:,} {n:image|images} has a label",
        "ninguna de {n:,} {n:imagen|imágenes} tiene etiqueta",
    ),
    "unlabelled_fix": (
        "Put the images of each class into a folder of its own and name the folder above them, or "
        "say where the labels are: --label-from-name REGEX, or a table and --label COLUMN",
        "Ponga las imágenes de cada clase en una carpeta propia e indique la carpeta que las "
        "contiene todas, o diga dónde están las etiquetas: --label-from-name EXPRESIÓN, o una "
        "tabla y --label COLUMNA",
    ),
    "one_class": (
        "all {n:,} {n:image|images} {n:carries|carry} the label '{label}'; a classifier needs at "
        "least 2 classes",
        "{n:la|las} {n:,} {n:imagen|imágenes} {n:lleva|llevan} la etiqueta '{label}'; un "
        "clasificador necesita 2 clases o más",
    ),
    "one_class_fix": (
        "Add images of another class, or name the right label column with --label",
        "Añada imágenes de otra clase o indique la columna correcta con --label",
    ),
    "label_each": (
        "each of the {n:,} {n:image|images} has a label of its own (such as '{label}'): these are "
        "names or measurements, not classes",
        "cada una de {n:la|las} {n:,} {n:imagen|imágenes} tiene una etiqueta propia (como "
        "'{label}'): son nombres o medidas, no clases",
    ),
    "label_each_fix": (
        "Name the column of classes with --label, or make classes of the numbers in the table",
        "Indique la columna de las clases con --label o convierta los números de la tabla en "
        "clases",
    ),
    "one_label": (
        "'{label}' is the only label; of one label there is nothing to tell apart but yes and no",
        "'{label}' es la única etiqueta; con una sola solo se distingue entre sí y no",
    ),
    "one_label_fix": (
        "Make two classes of it and give each image one of them, without --label-separator, "
        "--label-columns and --repeated",
        "Haga de ella dos clases y dé una a cada imagen, sin --label-separator, --label-columns ni "
        "--repeated",
    ),
    "no_labels": (
        "none of {n:,} {n:image|images} has any label: there is nothing to learn",
        "ninguna de {n:,} {n:imagen|imágenes} tiene etiquetas: no hay nada que aprender",
    ),
    "no_labels_fix": (
        "Check --label-columns or the column of labels",
        "Revise --label-columns o la columna de etiquetas",
    ),
    "one_group": (
        "all {n:,} {n:image|images} {n:belongs|belong} to one group ('{group}'); {parts} need one "
        "each, so at least {needed}",
        "{n:la|las} {n:,} {n:imagen|imágenes} {n:pertenece|pertenecen} a un solo grupo "
        "('{group}'); {parts} necesitan uno cada uno, es decir, al menos {needed}",
    ),
    "one_group_fix": (
        "Add patients, or name the right group column with --group",
        "Añada pacientes o indique la columna correcta con --group",
    ),
    "rare_class": (
        "class '{label}' has {n:,} group; {parts} need one each, so at least {needed}{others}",
        "la clase '{label}' tiene {n:,} grupo; {parts} necesitan uno cada uno, "
        "es decir, al menos {needed}{others}",
    ),
    "rare_class_fix": _FIX_GROUPS,
    "rare_classes": (
        "class '{label}' has {n:,} {n:group|groups}; {parts} need one each, so at least "
        "{needed}{others}",
        "la clase '{label}' tiene {n:,} {n:grupo|grupos}; {parts} necesitan uno cada uno, es "
        "decir, al menos {needed}{others}",
    ),
    "rare_classes_fix": _FIX_GROUPS,
    "rare_detail": (
        "class '{label}': {n:,} {n:group|groups}",
        "clase '{label}': {n:,} {n:grupo|grupos}",
    ),
    "cannot_spread": (
        "class '{label}' cannot be put into {part} without taking another class out of a part: "
        "its groups are also the only ones of other classes",
        "la clase '{label}' no cabe en {part} sin quitar otra clase de alguna parte: "
        "sus grupos son además los únicos de otras clases",
    ),
    "cannot_spread_fix": _FIX_GROUPS,
    "no_train": (
        "test ({test:g}) and val ({val:g}) together leave nothing to train on",
        "test ({test:g}) y val ({val:g}) juntos no dejan nada para entrenar",
    ),
    "no_train_fix": (
        "Make split.test_fraction + split.val_fraction smaller than 1",
        "Haga que split.test_fraction + split.val_fraction sea menor que 1",
    ),
    "given_no_train": (
        "the given split has no train part (only {parts})",
        "la partición dada no tiene parte de entrenamiento (solo {parts})",
    ),
    "given_no_train_fix": (
        "Point to the folder that holds train too, or use --given-split ignore",
        "Indique la carpeta que contiene también train o use --given-split ignore",
    ),
    "given_class_not_trained": (
        "class '{label}' is in {parts} but not in the train part of the given split ({n:,} such "
        "{n:class|classes})",
        "la clase '{label}' está en {parts} pero no en el entrenamiento de la partición dada "
        "({n:,} {n:clase|clases} así)",
    ),
    "given_class_not_trained_fix": (
        "Correct the class names, or use --given-split ignore to let tamiz draw a split",
        "Corrija los nombres de las clases o use --given-split ignore para que tamiz reparta",
    ),
    "leak_groups": (
        "{n:,} {n:group|groups} {n:(patient, slide)|(patients, slides)} {n:lies|lie} on more than "
        "one side (first: {first})",
        "{n:,} {n:grupo|grupos} {n:(paciente, laminilla) está|(pacientes, laminillas) están} en "
        "más de un lado (primeros: {first})",
    ),
    "leak_group": (
        "1 group (patient, slide) lies on more than one side ({first})",
        "1 grupo (paciente, laminilla) está en más de un lado ({first})",
    ),
    "leak_both": (
        "{groups}; identical pictures too: {pictures:,}",
        "{groups}; también imágenes idénticas: {pictures:,}",
    ),
    "leak_content": (
        "1 identical picture lies on more than one side ({first})",
        "1 imagen idéntica está en más de un lado ({first})",
    ),
    "leak_contents": (
        "{n:,} identical {n:picture|pictures} {n:lies|lie} on more than one side (first: {first})",
        "{n:,} {n:imagen idéntica|imágenes idénticas} {n:está|están} en más de un lado (primeras: "
        "{first})",
    ),
    "leak_identical": ("identical: {names}", "idénticas: {names}"),
    "leak_alike": (
        "{n:,} {n:set|sets} of near-identical pictures {n:lies|lie} on more than one side; "
        "{n:it concerns|they concern} {share:.1%} of the test part (first: {first})",
        "{n:,} {n:conjunto|conjuntos} de imágenes casi idénticas {n:está|están} en más de un lado; "
        "{n:afecta|afectan} al {share:.1%} de la parte de test (primeras: {first})",
    ),
    "leak_near": ("near-identical: {names}", "casi idénticas: {names}"),
    "leak_alike_advice": (
        "Look at them (tamiz clean): test figures are too good where the test part was nearly "
        "seen in training. Up to {limit:.0%} of the test part this is a warning, beyond it the "
        "split is refused",
        "Mírelas (tamiz clean): las cifras de test son demasiado buenas cuando la parte de test "
        "casi se vio al entrenar. Hasta el {limit:.0%} de la parte de test es un aviso; por "
        "encima, la partición se rechaza",
    ),
    "leak_stamp": (
        "Not a valid evaluation, the split leaks: {summary}",
        "Evaluación no válida, la partición filtra información: {summary}",
    ),
    "leak_stamp_advice": (
        "The test figures are too good: part of the test was seen in training. "
        "Let tamiz draw a split that keeps groups together",
        "Las cifras de test son demasiado buenas: parte del test se vio al entrenar. "
        "Deje que tamiz reparta manteniendo juntos los grupos",
    ),
}
