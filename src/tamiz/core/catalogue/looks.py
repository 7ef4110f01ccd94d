"""Texts of the ledger of looks at sealed parts."""

TEXTS = {
    "title": ("Looks at these images", "Miradas a estas imágenes"),
    "sentence": (
        "Looks at this part of the data: {looks:,}. Models measured on it: {models:,}. Runs: "
        "{runs:,}. The ledger lies beside the data: {ledger}.",
        "Miradas a esta parte de los datos: {looks:,}. Modelos medidos en ella: {models:,}. "
        "Ejecuciones: {runs:,}. El registro está junto a los datos: {ledger}.",
    ),
    "sentence_elsewhere": (
        "Looks at this part of the data: {looks:,}. Models measured on it: {models:,}. Runs: "
        "{runs:,}. The ledger {ledger} lies in the user's own folder, for the data's folder "
        "cannot be written to or another place was asked for: looks of other people are not in it.",
        "Miradas a esta parte de los datos: {looks:,}. Modelos medidos en ella: {models:,}. "
        "Ejecuciones: {runs:,}. El registro {ledger} está en la carpeta del usuario, porque en la "
        "de los datos no se puede escribir o se pidió otro lugar: no contiene las miradas de "
        "otras personas.",
    ),
    "many": (
        "{models:,} {models:model|models} {models:was|were} measured on this part. If this one is "
        "preferred because of its figure, that figure ({metric}) is too good by up to about "
        "{points:.3f}; for the best of {models:,} the interval is {low:.3f} to {high:.3f}",
        "Se midieron {models:,} {models:modelo|modelos} en esta parte. Si este se prefiere por su "
        "cifra, esa cifra ({metric}) es demasiado buena hasta en unos {points:.3f}; para el mejor "
        "de {models:,} el intervalo es de {low:.3f} a {high:.3f}",
    ),
    "many_plain": (
        "{models:,} {models:model|models} {models:was|were} measured on this part. If this one is "
        "preferred because of its figure, that figure ({metric}) is too good; by how much cannot "
        "be said without an interval",
        "Se midieron {models:,} {models:modelo|modelos} en esta parte. Si este se prefiere por su "
        "cifra, esa cifra ({metric}) es demasiado buena; sin intervalo no se puede decir cuánto",
    ),
    "many_advice": (
        "Choose between models on the validation part (tamiz search, tamiz compare), and report "
        "the one figure of the model chosen there",
        "Elija entre modelos con la parte de validación (tamiz search, tamiz compare) e informe "
        "solo de la cifra del modelo elegido así",
    ),
    "again": (
        "The same model was measured on this part {looks:,} {looks:time|times}; that changes no "
        "figure",
        "El mismo modelo se midió en esta parte {looks:,} {looks:vez|veces}; eso no cambia ninguna "
        "cifra",
    ),
    "others": (
        "Other test parts of the same data were looked at too: {n:,}. Images of one may have been "
        "learnt from in another",
        "También se miraron otras partes de prueba de los mismos datos: {n:,}. Las imágenes de una "
        "pueden haberse usado para aprender en otra",
    ),
    "others_advice": (
        "Keep one split for all experiments on the same data (split.seed)",
        "Mantenga una sola división para todos los experimentos con los mismos datos (split.seed)",
    ),
    "not_whole": (
        "The ledger of looks {ledger} was changed by hand or is damaged: how often the test part "
        "was looked at is not known",
        "El registro de miradas {ledger} se cambió a mano o está dañado: no se sabe cuántas veces "
        "se miró la parte de prueba",
    ),
    "not_whole_advice": (
        "Put the file back from a backup, or test on new data",
        "Recupere el archivo de una copia de seguridad o pruebe con datos nuevos",
    ),
    "caption": (
        "The last {n:,} of {all:,} {all:look|looks}",
        "Las últimas {n:,} de {all:,} {all:mirada|miradas}",
    ),
    "when": ("When (UTC)", "Cuándo (UTC)"),
    "who": ("Who", "Quién"),
    "run": ("Run", "Ejecución"),
    "model": ("Model", "Modelo"),
    "metric": ("Metric", "Métrica"),
    "figure": ("Figure", "Cifra"),
    "no_figure": ("interrupted", "interrumpida"),
}
