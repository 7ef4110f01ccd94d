"""Texts of `compare`."""

TEXTS = {
    "title": ("Runs compared", "Ejecuciones comparadas"),
    "measuring": ("measuring differences", "midiendo diferencias"),
    "no_runs": (
        "no evaluated run to compare: {reason}",
        "no hay ninguna ejecución evaluada que comparar: {reason}",
    ),
    "no_runs_fix": (
        "Give the folders of finished runs: tamiz compare runs/*",
        "Dé las carpetas de ejecuciones terminadas: tamiz compare runs/*",
    ),
    "no_run": ("holds no run", "no contiene ninguna ejecución"),
    "not_evaluated": (
        "was not evaluated yet (tamiz run FOLDER goes on with it)",
        "aún no se ha evaluado (tamiz run CARPETA la continúa)",
    ),
    "apart": (
        "These runs stand in {n} {n:ladder|ladders}: other images, labels or groups, or another "
        "split. Figures of different ladders are not compared.",
        "Estas ejecuciones forman {n} {n:escalera|escaleras}: otras imágenes, etiquetas o grupos, "
        "u otra división. Las cifras de escaleras distintas no se comparan.",
    ),
    "ladder": (
        "{source}: {n:,} {n:image|images}, runs: {runs}",
        "{source}: {n:,} {n:imagen|imágenes}, ejecuciones: {runs}",
    ),
    "ladder_numbered": (
        "Ladder {number}: {source}, {n:,} {n:image|images}, runs: {runs}",
        "Escalera {number}: {source}, {n:,} {n:imagen|imágenes}, ejecuciones: {runs}",
    ),
    "column_run": ("run", "ejecución"),
    "column_changed": ("what changed", "qué cambió"),
    "column_val": ("validation", "validación"),
    "column_test": ("test", "prueba"),
    "column_oof": ("out of fold", "fuera de la parte"),
    "column_result": ("test or out of fold", "prueba o fuera de la parte"),
    "column_difference_above": ("against the run above", "frente a la anterior"),
    "column_difference_best": (
        "against the best on validation",
        "frente a la mejor en validación",
    ),
    "column_p": ("p", "p"),
    "column_p_corrected": ("corrected p", "p corregida"),
    "p": ("{p} ({name})", "{p} ({name})"),
    "test_mcnemar": ("McNemar, exact", "McNemar, exacta"),
    "test_mcnemar_groups": ("McNemar for groups", "McNemar por grupos"),
    "test_delong": ("DeLong", "DeLong"),
    "test_delong_groups": ("DeLong for groups", "DeLong por grupos"),
    "test_bootstrap": ("bootstrap of groups", "bootstrap de grupos"),
    "column_shows": ("what that shows", "qué demuestra"),
    "column_seconds": ("seconds", "segundos"),
    "caption": (
        "{metric}, with intervals over groups",
        "{metric}, con intervalos por grupos",
    ),
    "caption_above": (
        "{metric}: each run less the one above. Paired: the same images, the same resamples of "
        "groups. Better or worse is said by the p corrected for {n} {n:comparison|comparisons} "
        "(Holm)",
        "{metric}: cada ejecución menos la anterior. Apareadas: las mismas imágenes, los mismos "
        "remuestreos de grupos. Mejor o peor lo dice la p corregida por {n} "
        "{n:comparación|comparaciones} (Holm)",
    ),
    "caption_best": (
        "{metric}: each run less '{name}', the best on validation; corrected likewise",
        "{metric}: cada ejecución menos '{name}', la mejor en validación; corregida igual",
    ),
    "optimism_points": (
        "Were these {k} {k:run|runs} all equally good, the best of them in the result column would "
        "look {amount} points better than it is ({metric}), only for having been picked there.",
        "Si estas {k} {k:ejecución|ejecuciones} fueran igual de buenas, la mejor de la columna de "
        "resultados parecería {amount} puntos mejor de lo que es ({metric}), solo por elegirla "
        "ahí.",
    ),
    "optimism": (
        "Were these {k} {k:run|runs} all equally good, the best of them in the result column would "
        "look better than it is by {amount} ({metric}), only for having been picked there.",
        "Si estas {k} {k:ejecución|ejecuciones} fueran igual de buenas, la mejor de la columna de "
        "resultados parecería mejor de lo que es en {amount} ({metric}), solo por elegirla ahí.",
    ),
    "first": ("first", "primera"),
    "nothing_changed": ("no setting", "ningún ajuste"),
    "more_changes": ("{shown}; and {n} more", "{shown}; y {n} más"),
    "better": ("better", "mejor"),
    "worse": ("worse", "peor"),
    "not_shown": ("no difference shown", "sin diferencia demostrada"),
    "too_few": (
        "no difference shown: {n} {n:group|groups}, at least {needed} are needed",
        "sin diferencia demostrada: {n} {n:grupo|grupos}, hacen falta al menos {needed}",
    ),
    "chosen_test": (
        "Choose on validation only: there '{name}' is first ({metric}: {val:.4f}). What it will "
        "do on new images is its test figure, {value:.4f}. The best figure of the test column is "
        "too good once it has been chosen by that column.",
        "Elija solo por la validación: ahí '{name}' es la primera ({metric}: {val:.4f}). Lo que "
        "hará con imágenes nuevas es su cifra de prueba, {value:.4f}. La mejor cifra de la "
        "columna de prueba es demasiado buena si se eligió por esa columna.",
    ),
    "chosen_oof": (
        "Choose on validation only: there '{name}' is first ({metric}: {val:.4f}). What such a "
        "network will do on new images is its out-of-fold figure, {value:.4f}. The best figure of "
        "that column is too good once it has been chosen by that column.",
        "Elija solo por la validación: ahí '{name}' es la primera ({metric}: {val:.4f}). Lo que "
        "una red así hará con imágenes nuevas es su cifra fuera de la parte, {value:.4f}. La "
        "mejor cifra de esa columna es demasiado buena si se eligió por esa columna.",
    ),
    "chart": ("From run to run", "De ejecución en ejecución"),
    "left_out_title": ("Left out", "No incluidas"),
    "left_out": (
        "{n} of the folders cannot be compared",
        "{n} de las carpetas no se pueden comparar",
    ),
}
