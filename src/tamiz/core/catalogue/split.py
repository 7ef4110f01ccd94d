"""Texts of the stage `split`."""

TEXTS = {
    "title": ("Split", "Partición"),
    "section": ("Train, val and test", "Entrenamiento, validación y test"),
    "caption": (
        "Images and groups per part and class. A group (patient, slide, burst) lies in one part "
        "only; an image without one is its own group",
        "Imágenes y grupos por parte y clase. Un grupo (paciente, laminilla, ráfaga) está en una "
        "sola parte; una imagen sin grupo es su propio grupo",
    ),
    "caption_parts": ("Images per class and part", "Imágenes por clase y parte"),
    "column_class": ("class", "clase"),
    "column_part_images": ("{part} images", "imágenes {part}"),
    "column_part_groups": ("{part} groups", "grupos {part}"),
    "row_all": ("all images", "todas las imágenes"),
    "row_groups": ("all groups", "todos los grupos"),
    "part_train": ("train", "entrenamiento"),
    "part_val": ("val", "validación"),
    "part_test": ("test", "prueba"),
    "how_drawn": (
        "The split was drawn by tamiz: rule '{rule}', seed {seed}. Whole groups were placed by a "
        "hash of their names, class by class, so that new data do not move old ones.",
        "La partición la hizo tamiz: regla '{rule}', semilla {seed}. Cada grupo se colocó entero "
        "según un hash de su nombre, clase por clase, de modo que los datos nuevos no mueven los "
        "anteriores.",
    ),
    "how_given": (
        "The split is the one that came with the data.",
        "La partición es la que venía con los datos.",
    ),
    "how_mended": (
        "The split is the one that came with the data, mended: {n:,} of {total:,} "
        "{total:image|images} changed sides so that no group and no near-identical picture lies on "
        "two. Each union went where most of its images lay.",
        "La partición es la que venía con los datos, corregida: {n:,} de {total:,} "
        "{total:imagen|imágenes} {n:cambió|cambiaron} de lado para que ningún grupo ni imagen casi "
        "idéntica esté en dos. Cada unión fue adonde estaba la mayoría de sus imágenes.",
    ),
    "reason_mended": (
        "given as {part}; moved to its group's side",
        "dada como {part}; movida al lado de su grupo",
    ),
    "how_completed": (
        "The split came with the data; {carved} was drawn by groups out of its train part "
        "(rule '{rule}', seed {seed}).",
        "La partición venía con los datos; {carved} se extrajo por grupos de su parte de "
        "entrenamiento (regla '{rule}', semilla {seed}).",
    ),
    "reason_given": ("given", "dada"),
    "reason_drawn": (
        "drawn: {rule} by hash, seed {seed}",
        "sorteada: {rule} por hash, semilla {seed}",
    ),
    "reason_carved": (
        "drawn out of the given train part: {rule} by hash, seed {seed}",
        "extraída del entrenamiento dado: {rule} por hash, semilla {seed}",
    ),
    "reason_unlabelled": ("no label", "sin etiqueta"),
    "given_ignored": (
        "The data came with a split of its own; it was not used, as asked.",
        "Los datos traían su propia partición; no se usó, como se pidió.",
    ),
    "given_unknown": (
        "The data's own split was not used: its words ({names}) name no train, val or test.",
        "No se usó la partición de los datos: sus palabras ({names}) no dicen train, val ni test.",
    ),
    "given_one_part": (
        "All images of the source are marked '{part}'; tamiz drew the three parts out of them.",
        "Todas las imágenes de la fuente están marcadas '{part}'; tamiz sacó de ellas las tres "
        "partes.",
    ),
    "given_partial": (
        "{n:,} {n:image|images} {n:stands|stand} in no part of the given split; "
        "{n:it was|they were} added to train.",
        "{n:,} {n:imagen|imágenes} no {n:está|están} en ninguna parte de la partición dada; se "
        "{n:añadió|añadieron} al entrenamiento.",
    ),
    "tied": (
        "{n:,} {n:group|groups} {n:shares|share} identical or near-identical pictures with another "
        "group; {n:it was kept with it|they were kept together}. An image without a group counts "
        "with its copies as one in intervals.",
        "{n:,} {n:grupo|grupos} {n:comparte|comparten} imágenes idénticas o casi idénticas con "
        "otro grupo; {n:se mantuvo con él|se mantuvieron juntos}. En los intervalos, una imagen "
        "sin grupo y sus copias cuentan como una.",
    ),
    "class_absent": (
        "Class '{label}' has no image in {part}: nothing can be said about it there.",
        "La clase '{label}' no tiene imágenes en {part}: allí no se puede decir nada de ella.",
    ),
    "few_groups": (
        "{part} holds {n:,} {n:group|groups} only; intervals will be missing or very wide.",
        "{part} tiene solo {n:,} {n:grupo|grupos}; los intervalos faltarán o serán muy anchos.",
    ),
    "few_groups_advice": (
        "Collect more groups (patients), not more images of the same ones",
        "Reúna más grupos (pacientes), no más imágenes de los mismos",
    ),
    "no_given": (
        "the data do not say which image is for train, val or test",
        "los datos no dicen qué imagen es de train, val o test",
    ),
    "no_given_fix": (
        "Name the column with --split-column, or use --given-split auto",
        "Indique la columna con --split-column o use --given-split auto",
    ),
    "unknown_given": (
        "the given split has words that name no train, val or test: {names}",
        "la partición dada tiene palabras que no nombran train, val ni test: {names}",
    ),
    "unknown_given_fix": (
        "Rename them, or use --given-split ignore",
        "Cámbielas o use --given-split ignore",
    ),
    "leak": (
        "the given split is not valid for evaluation: {summary}",
        "la partición dada no vale para evaluar: {summary}",
    ),
    "leak_fix": (
        "Use --given-split mend to move as few images as possible, --given-split ignore to let "
        "tamiz draw a split that keeps groups together, or --allow-leak to go on with a stamp on "
        "every report; the whole list is in {path}",
        "Use --given-split mend para mover las menos imágenes posibles, --given-split ignore para "
        "que tamiz reparta manteniendo juntos los grupos, o --allow-leak para seguir con un aviso "
        "en cada informe; la lista completa está en {path}",
    ),
    "leak_ignore": (
        "the given split is not valid for evaluation: {summary}",
        "la partición dada no vale para evaluar: {summary}",
    ),
    "leak_ignore_fix": (
        "Use --given-split ignore to let tamiz draw a split that keeps groups together (moving "
        "images of the given one would take a class out of a part), or --allow-leak to go on with "
        "a stamp on every report; the whole list is in {path}",
        "Use --given-split ignore para que tamiz reparta manteniendo juntos los grupos (mover "
        "imágenes de la dada dejaría una parte sin una clase), o --allow-leak para seguir con un "
        "aviso en cada informe; la lista completa está en {path}",
    ),
    "leak_mend": (
        "the given split is not valid for evaluation: {summary}",
        "la partición dada no vale para evaluar: {summary}",
    ),
    "leak_mend_fix": (
        "Use --given-split mend to move as few images as possible (for a new split a class has too "
        "few groups), or --allow-leak to go on with a stamp on every report; the whole list is in "
        "{path}",
        "Use --given-split mend para mover las menos imágenes posibles (para una partición nueva "
        "una clase tiene muy pocos grupos), o --allow-leak para seguir con un aviso en cada "
        "informe; la lista completa está en {path}",
    ),
    "leak_for_good": (
        "the given split is not valid for evaluation, and no other is possible: {summary}",
        "la partición dada no vale para evaluar y no es posible otra: {summary}",
    ),
    "leak_for_good_fix": (
        "Collect more groups of the rare classes, merge classes or leave them out (--relabel), or "
        "use --allow-leak to go on with a stamp on every report; the whole list is in {path}",
        "Reúna más grupos de las clases raras, una clases o déjelas fuera (--relabel), o use "
        "--allow-leak para seguir con un aviso en cada informe; la lista completa está en {path}",
    ),
    "mend_only": (
        "Moving {n:,} of {total:,} {total:image|images} ({share:.1%}) to the side of their group "
        "mends it; nothing crosses then",
        "Mover {n:,} de {total:,} {total:imagen|imágenes} ({share:.1%}) al lado de su grupo lo "
        "corrige; ya nada cruza",
    ),
    "rule_leaks": (
        "the split rule '{rule}' does not keep groups together: {summary}",
        "la regla de partición '{rule}' no mantiene juntos los grupos: {summary}",
    ),
    "rule_leaks_fix": (
        "Use split.rule = 'grouped', or mend the rule",
        "Use split.rule = 'grouped' o corrija la regla",
    ),
}
