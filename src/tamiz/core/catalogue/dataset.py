"""Texts of `TorchDataset` and `batches`."""

TEXTS = {
    "no_such_part": (
        "there is no part '{part}'",
        "no existe la parte '{part}'",
    ),
    "no_such_part_fix": (
        "Ask for train, val or test; without a part all but the test part is given",
        "Pida train, val o test; sin parte se da todo menos la de prueba",
    ),
    "sealed": (
        "the test part is sealed: what is looked at while a model is made can no longer judge it",
        "la parte de prueba está sellada: lo que se mira mientras se hace un modelo ya no puede "
        "juzgarlo",
    ),
    "sealed_fix": (
        "Use train and val; to judge a finished model, say opens_test=True",
        "Use train y val; para juzgar un modelo terminado, indique opens_test=True",
    ),
    "no_run": (
        "a manifest alone does not say how images are prepared",
        "un manifiesto solo no dice cómo se preparan las imágenes",
    ),
    "no_run_fix": (
        "Give the run, or leave prepared out",
        "Dé la ejecución, o quite prepared",
    ),
    "not_trained": (
        "a step of the recipe is fitted while training, and nothing is trained yet",
        "un paso de la receta se ajusta al entrenar y aún no se ha entrenado nada",
    ),
    "not_trained_fix": (
        "Train first (tamiz train), or leave prepared out",
        "Entrene antes (tamiz train), o quite prepared",
    ),
    "nothing": (
        "no usable image (part: {part})",
        "ninguna imagen utilizable (parte: {part})",
    ),
    "nothing_fix": (
        "Index the source first, and split it if you ask for a part: tamiz split SOURCE --out RUN",
        "Indexe antes la fuente, y divídala si pide una parte: tamiz split FUENTE --out EJECUCIÓN",
    ),
    "batch_size": (
        "a batch of {n} {n:image|images}",
        "un lote de {n} {n:imagen|imágenes}",
    ),
    "batch_size_fix": ("Give 1 or more", "Dé 1 o más"),
}
