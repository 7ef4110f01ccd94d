"""Texts of the stage `audit`."""

TEXTS = {
    "title": ("Audit: leaks and shortcuts", "Auditoría: fugas y atajos"),
    "section_split": ("Is the split valid?", "¿Es válida la partición?"),
    "probing": ("looking for shortcuts", "buscando atajos"),
    "valid": (
        "Valid for evaluation: no group and no identical picture lies on more than one side "
        "({alike:,} {alike:set|sets} of near-identical pictures {alike:does|do}).",
        "Válida para evaluar: ningún grupo ni imagen idéntica está en más de un lado ({alike:,} "
        "{alike:conjunto|conjuntos} de imágenes casi idénticas sí).",
    ),
    "not_valid": (
        "NOT VALID for evaluation. On more than one side lie: {groups:,} {groups:group|groups} "
        "(patients, slides), {pictures:,} identical {pictures:picture|pictures}, {alike:,} "
        "{alike:set|sets} of near-identical pictures.",
        "NO VÁLIDA para evaluar. En más de un lado están: {groups:,} {groups:grupo|grupos} "
        "(pacientes, laminillas), {pictures:,} {pictures:imagen idéntica|imágenes idénticas}, "
        "{alike:,} {alike:conjunto|conjuntos} de casi idénticas.",
    ),
    "connected": (
        "Groups, identical and near-identical pictures taken together make {n:,} {n:union|unions} "
        "out of {n_groups:,} {n_groups:group|groups}; the largest holds {largest:,} "
        "{largest:image|images}. The split keeps each together.",
        "Grupos, imágenes idénticas y casi idénticas juntos forman {n:,} {n:unión|uniones} a "
        "partir de {n_groups:,} {n_groups:grupo|grupos}; la mayor tiene {largest:,} "
        "{largest:imagen|imágenes}. La partición mantiene cada una junta.",
    ),
    "mend": (
        "Moving {n:,} of {total:,} {total:image|images} ({share:.1%}) to the side of their group "
        "mends it; nothing crosses then. Or let tamiz draw a new split with --given-split ignore",
        "Mover {n:,} de {total:,} {total:imagen|imágenes} ({share:.1%}) al lado de su grupo lo "
        "corrige; ya nada cruza. O deje que tamiz haga una partición nueva con --given-split "
        "ignore",
    ),
    "mend_loses": (
        "Moving {n:,} of {total:,} {total:image|images} ({share:.1%}) to the side of their group "
        "mends it, but then {part} has no '{label}': let tamiz draw a new split with --given-split "
        "ignore",
        "Mover {n:,} de {total:,} {total:imagen|imágenes} ({share:.1%}) al lado de su grupo lo "
        "corrige, pero entonces {part} se queda sin '{label}': deje que tamiz haga una partición "
        "nueva con --given-split ignore",
    ),
    "certain": (
        "certain: the same group names, the same bytes",
        "seguro: los mismos nombres de grupo, los mismos bytes",
    ),
    "likely": (
        "likely: pictures laid upon each other agree; look at them",
        "probable: las imágenes superpuestas coinciden; mírelas",
    ),
    "no_split": (
        "no honest evaluation is possible: {reason}",
        "no es posible una evaluación honesta: {reason}",
    ),
    "no_split_advice": (
        "Collect more groups of the rare classes, merge classes or leave them out (--relabel)",
        "Reúna más grupos de las clases raras, una clases o déjelas fuera (--relabel)",
    ),
    "column_given": ("{part} now", "{part} ahora"),
    "column_proposed": ("{part} proposed", "{part} propuesta"),
    "caption_proposed": (
        "Images per class: the split as it is and the nearest valid one ({n:,} {n:image|images} "
        "moved; written to {path})",
        "Imágenes por clase: la partición como está y la válida más próxima ({n:,} "
        "{n:imagen movida|imágenes movidas}; escrita en {path})",
    ),
    "sizing": ("estimating the learning curve", "estimando la curva de aprendizaje"),
    "written": (
        "The nearest valid split is written to {path}",
        "La partición válida más próxima está escrita en {path}",
    ),
    "written_loses": (
        "{path} lists what would have to move so that nothing crosses. It is no split to train "
        "with: its {part} part has no '{label}'; use --given-split ignore",
        "{path} dice qué tendría que moverse para que nada cruce. No es una partición con la que "
        "entrenar: su parte {part} se queda sin '{label}'; use --given-split ignore",
    ),
    "caption_loses": (
        "Images per class: the split as it is and the one nearest to it in which nothing crosses "
        "({n:,} {n:image|images} moved; written to {path}), which is no split to train with: its "
        "{part} part has no '{label}'",
        "Imágenes por clase: la partición como está y la más próxima en la que nada cruza ({n:,} "
        "{n:imagen movida|imágenes movidas}; escrita en {path}), con la que no se puede entrenar: "
        "su parte {part} se queda sin '{label}'",
    ),
}
