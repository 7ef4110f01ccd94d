"""Texts of cross-validation: folds, out-of-fold figures, ensembles."""

TEXTS = {
    "too_few": (
        "{n} fold is no cross-validation",
        "{n} parte no es una validación cruzada",
    ),
    "too_few_fix": (
        "Set split.folds to 2 or more, or to 0 for a single split",
        "Ponga split.folds a 2 o más, o a 0 para una sola división",
    ),
    "more_than_groups": (
        "{n} {n:fold|folds} {n:needs|need} at least {n} {n:group|groups}; there are {n_groups}",
        "{n} {n:parte|partes} {n:necesita|necesitan} al menos {n} {n:grupo|grupos}; hay {n_groups}",
    ),
    "more_than_groups_fix": (
        "Set --folds to {n_groups} at most, or say with --group what belongs together",
        "Ponga --folds a {n_groups} como mucho o indique con --group qué va junto",
    ),
    "more_than_centres": (
        "{n} {n:fold|folds} {n:needs|need} at least {n} {n:centre|centres} that share no group; "
        "there are {n_groups}",
        "{n} {n:parte|partes} {n:necesita|necesitan} al menos {n} {n:centro|centros} que no "
        "compartan grupo; hay {n_groups}",
    ),
    "more_than_centres_fix": (
        "Leave --folds out to hold out one centre after the other",
        "Omita --folds para apartar un centro tras otro",
    ),
    "no_centre": (
        "{n:,} of {total:,} {total:image|images} {n:does|do} not say which centre "
        "{n:it comes|they come} from",
        "{n:,} de {total:,} {total:imagen|imágenes} no {n:dice|dicen} de qué centro "
        "{n:viene|vienen}",
    ),
    "no_centre_fix": (
        "Name the column that holds the centre with --centre and fill it in, or use "
        "--fold-rule grouped",
        "Indique con --centre la columna del centro y complétela, o use --fold-rule grouped",
    ),
    "one_centre": (
        "all images come from one centre ({name}), or from centres that share groups",
        "todas las imágenes vienen de un centro ({name}) o de centros que comparten grupos",
    ),
    "no_single_val": (
        "with folds every network has a validation part of its own: there is no single one to "
        "compare on",
        "con partes cruzadas cada red tiene su propia parte de validación: no hay una única en "
        "la que comparar",
    ),
    "no_single_val_fix": (
        "Compare without folds, in another --out; then give what was found to the run with folds",
        "Compare sin partes cruzadas, en otro --out; después dé lo hallado a la ejecución con "
        "partes",
    ),
    "one_centre_fix": (
        "Use --fold-rule grouped with --folds 5",
        "Use --fold-rule grouped con --folds 5",
    ),
    "unlearnt": (
        "class '{label}' is in one fold only ({fold}; groups with it: {n}){others}: the network "
        "that is tested there would never have seen it",
        "la clase '{label}' está en una sola parte ({fold}; grupos con ella: {n}){others}: la red "
        "que se prueba allí nunca la habría visto",
    ),
    "unlearnt_fix": (
        "Gather more groups of this class, join it to another with --relabel, or leave its "
        "images out",
        "Reúna más grupos de esa clase, únala a otra con --relabel o deje fuera sus imágenes",
    ),
    "unlearnt_detail": (
        "class '{label}': groups {n}, all in fold {fold}",
        "clase '{label}': grupos {n}, todos en la parte {fold}",
    ),
    "no_validation": (
        "none of {n} {n:group|groups} can be set aside to choose the epoch on: each class has one",
        "ninguno de {n} {n:grupo|grupos} se puede apartar para elegir la época: cada clase "
        "tiene uno",
    ),
    "no_validation_fix": (
        "Gather more groups of each class, or use fewer folds",
        "Reúna más grupos de cada clase o use menos partes",
    ),
    "reason": (
        "in the folds: held out once, learnt from otherwise",
        "en las partes: apartada una vez, aprendida las demás",
    ),
    "how_drawn": (
        "Cross-validation: all {n:,} {n:image|images} {n:is|are} in the folds, and each is judged "
        "only by networks that never saw its group. No test part is kept aside.",
        "Validación cruzada: {n:la|las} {n:,} {n:imagen|imágenes} {n:está|están} en las partes y a "
        "cada una solo la juzgan redes que nunca vieron su grupo. No se reserva una parte de test.",
    ),
    "how_given": (
        "The test part that came with the data ({n_test:,} {n_test:image|images}) stays sealed; "
        "the other {n:,} {n:image|images} {n:is|are} in the folds, and each is judged only by "
        "networks that never saw its group.",
        "La parte de test que venía con los datos ({n_test:,} {n_test:imagen|imágenes}) queda "
        "sellada; las otras {n:,} están en las partes y a cada una solo la juzgan redes que nunca "
        "vieron su grupo.",
    ),
    "given_unused": (
        "the split that came with the data has no test part; the folds take its place",
        "la división que venía con los datos no tiene parte de test; las partes la sustituyen",
    ),
    "united": (
        "the centres {names} share groups or near-identical pictures and are held out together",
        "los centros {names} comparten grupos o imágenes casi idénticas y se apartan juntos",
    ),
    "absent": (
        "class '{label}' is missing in {n} of {total} {total:fold|folds} ({names}): it is not "
        "tested there",
        "la clase '{label}' falta en {n} de {total} {total:parte|partes} ({names}): allí no se "
        "prueba",
    ),
    "absent_in_repeat": (
        "repeat {repeat}: class '{label}' is missing in {n} of {total} {total:fold|folds} "
        "({names}): it is not tested there",
        "repetición {repeat}: la clase '{label}' falta en {n} de {total} {total:parte|partes} "
        "({names}): allí no se prueba",
    ),
    "title": ("Folds: {n}, repeats: {repeats}", "Partes: {n}, repeticiones: {repeats}"),
    "column_fold": ("fold", "parte"),
    "column_images": ("images", "imágenes"),
    "column_groups": ("groups", "grupos"),
    "caption": (
        "What each fold holds out (first repeat). A group lies in one fold only",
        "Qué aparta cada parte (primera repetición). Un grupo está en una sola parte",
    ),
    "no_members": ("an ensemble without networks", "un conjunto sin redes"),
    "members_differ": (
        "its networks differ in '{name}'",
        "sus redes difieren en '{name}'",
    ),
    "member_name": ("'{name}' is no network of it", "'{name}' no es una red suya"),
    "slides": (
        "cross-validation of models that read slides ('{model}') is not built",
        "la validación cruzada de modelos que leen laminillas ('{model}') no está hecha",
    ),
    "slides_fix": (
        "Leave --folds out: with a centre column, such models are tested on each centre left out",
        "Omita --folds: con una columna de centro, esos modelos se prueban apartando cada centro",
    ),
    "other_config": (
        "a fold of this run was trained with other settings or data",
        "una parte de esta ejecución se entrenó con otros ajustes o datos",
    ),
    "other_config_fix": (
        "Restore the recipe, start with --overwrite, or use another --out",
        "Recupere la receta, empiece con --overwrite o use otro --out",
    ),
    "fold_of": ("fold {n} of {total}", "parte {n} de {total}"),
    "fold_name": ("fold {name}", "parte {name}"),
    "column_learnt": ("learnt from", "aprendidas"),
    "column_chosen_on": ("epoch chosen on", "para elegir la época"),
    "column_held_out": ("held out", "apartadas"),
    "column_best_epoch": ("best epoch", "mejor época"),
    "column_seconds": ("seconds", "segundos"),
    "training_caption": (
        "Networks '{model}', one per fold: images of each part",
        "Redes '{model}', una por parte: imágenes de cada grupo",
    ),
    "training_how": (
        "Each network learns without one fold. The epoch and the temperature are chosen on a part "
        "of what it may see, by whole groups; the held-out fold decides nothing. The model is the "
        "mean of all networks' probabilities.",
        "Cada red aprende sin una parte. La época y la temperatura se eligen con un trozo de lo "
        "que puede ver, por grupos enteros; la parte apartada no decide nada. El modelo es la "
        "media de las probabilidades de todas las redes.",
    ),
    "one_fold": (
        "split.folds = 1: one fold is no cross-validation; give 2 or more, or 0 for a single split",
        "split.folds = 1: una parte no es una validación cruzada; ponga 2 o más, o 0 para una sola "
        "división",
    ),
    "repeats_alone": (
        "split.repeats = {n} {n:repeat|repeats} a cross-validation, and there is none: give "
        "split.folds too",
        "split.repeats = {n} repite una validación cruzada, y no hay ninguna: dé también "
        "split.folds",
    ),
    "column_oof": ("out of fold", "fuera de la parte"),
    "column_ensemble": ("ensemble", "conjunto"),
    "column_single": ("single network (mean)", "una sola red (media)"),
    "evaluate_title": ("Result of the cross-validation", "Resultado de la validación cruzada"),
    "result": ("Result", "Resultado"),
    "by_fold": ("Fold by fold", "Parte por parte"),
    "in_repeat": ("{name} (repeat {repeat})", "{name} (repetición {repeat})"),
    "by_fold_caption": (
        "Each fold's network on what that fold held out",
        "La red de cada parte sobre lo que esa parte apartó",
    ),
    "spread": (
        "The spread over folds is no interval: the networks share most of what they learnt from, "
        "and each fold is small. The intervals above are over groups.",
        "La dispersión entre partes no es un intervalo: las redes comparten la mayoría de lo que "
        "aprendieron y cada parte es pequeña. Los intervalos de arriba son por grupos.",
    ),
    "oof_how": (
        "Folds: {n}, repeats: {repeats}. Each image was judged by a network that never saw its "
        "group; these are the figures of such single networks (over repeats: their mean).",
        "Partes: {n}, repeticiones: {repeats}. A cada imagen la juzgó una red que nunca vio su "
        "grupo; estas son las cifras de esas redes sueltas (entre repeticiones: su media).",
    ),
    "oof_caption": (
        "Figures with {confidence:.0%} intervals over groups. ↓: lower is better. Out of fold: "
        "{n:,} {n:item|items} of {n_groups:,} {n_groups:group|groups}",
        "Cifras con intervalos del {confidence:.0%} por grupos. ↓: menor es mejor. Fuera de la "
        "parte: {n:,} {n:caso|casos} de {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "ensemble_unknown": (
        "The model of this run is the mean of its {n} {n:network|networks}. No image is left that "
        "none of them saw, so its own figure is not known; it is usually no worse than theirs.",
        "El modelo de esta ejecución es la media de sus {n} {n:red|redes}. No queda imagen que "
        "ninguna viera, así que su propia cifra no se conoce; no suele ser peor que la de ellas.",
    ),
    "gain_ensemble": (
        "The mean of all networks against one of them, test part, {metric}: {difference}; "
        "{verdict} ({n:,} {n:item|items}, {n_groups:,} {n_groups:group|groups}).",
        "La media de todas las redes frente a una de ellas, parte de prueba, {metric}: "
        "{difference}; {verdict} ({n:,} {n:caso|casos}, {n_groups:,} {n_groups:grupo|grupos}).",
    ),
    "gain_mirrored": (
        "Looking at the mirror image too, against once only, validation part, {metric}: "
        "{difference}; {verdict} ({n:,} {n:item|items}, {n_groups:,} {n_groups:group|groups}).",
        "Mirar también la imagen reflejada, frente a una sola vez, parte de validación, {metric}: "
        "{difference}; {verdict} ({n:,} {n:caso|casos}, {n_groups:,} {n_groups:grupo|grupos}).",
    ),
    "verdict_better": ("a gain", "una ganancia"),
    "verdict_worse": ("a loss", "una pérdida"),
    "verdict_not_shown": ("no difference shown", "sin diferencia demostrada"),
    "difference": (
        "{value:+.4f} ({low:+.4f} to {high:+.4f})",
        "{value:+.4f} ({low:+.4f} a {high:+.4f})",
    ),
    "difference_alone": (
        "{value:+.4f} (no interval: too few groups)",
        "{value:+.4f} (sin intervalo: pocos grupos)",
    ),
}
