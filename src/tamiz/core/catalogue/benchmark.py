"""Texts of `benchmark`."""

TEXTS = {
    "title": ("Ways compared on data sets", "Maneras comparadas en conjuntos de datos"),
    "result": ("Result", "Resultado"),
    "differences": ("Differences", "Diferencias"),
    "choice": ("Which to choose", "Cuál elegir"),
    "cost": ("What it cost", "Lo que costó"),
    "data": ("Data sets", "Conjuntos de datos"),
    "at_work": ("{n} of {of}: {data}, {way}", "{n} de {of}: {data}, {way}"),
    "gap_event": ("left as a gap: {reason}", "queda sin cifra: {reason}"),
    "column_way": ("way", "manera"),
    "column_train_seconds": ("training, s", "entrenamiento, s"),
    "column_run_seconds": ("whole run, s", "ejecución entera, s"),
    "column_s": ("s", "s"),
    "column_data": ("data set", "conjunto"),
    "column_difference": ("difference", "diferencia"),
    "column_p": ("p", "p"),
    "column_p_corrected": ("corrected p", "p corregida"),
    "column_shows": ("what that shows", "qué demuestra"),
    "column_chosen": ("first on validation", "primera en validación"),
    "column_val": ("validation", "validación"),
    "column_result": ("its result", "su resultado"),
    "column_optimism": (
        "optimism if picked by result",
        "optimismo si se elige por el resultado",
    ),
    "column_input": ("input, px", "entrada, px"),
    "column_parameters": ("parameters", "parámetros"),
    "column_model_kb": ("model, kB", "modelo, kB"),
    "column_classes": ("classes", "clases"),
    "column_train": ("train", "entrenamiento"),
    "column_test": ("test", "prueba"),
    "column_groups": ("groups", "grupos"),
    "column_split_key": ("split", "división"),
    "head": (
        "{name} (n = {n:,}, groups: {n_groups:,})",
        "{name} (n = {n:,}, grupos: {n_groups:,})",
    ),
    "gap": ("no figure: {stage}", "sin cifra: {stage}"),
    "no_figure": ("no figure", "ninguna cifra"),
    "row_prior": ("(constant answer)", "(respuesta constante)"),
    "caption_test": (
        "{metric} on the sealed test part with {confidence:.0%} intervals over groups; s: seconds "
        "of learning",
        "{metric} en la parte de prueba sellada con intervalos del {confidence:.0%} por grupos; s: "
        "segundos de aprendizaje",
    ),
    "caption_oof": (
        "{metric} out of fold with {confidence:.0%} intervals over groups; s: seconds of learning",
        "{metric} fuera de la parte con intervalos del {confidence:.0%} por grupos; s: segundos de "
        "aprendizaje",
    ),
    "caption_reference": (
        "Each way less '{reference}'. Paired: the same images, the same resamples of groups. "
        "Better or worse is said by the p corrected for their number (Holm; comparisons: {n})",
        "Cada manera menos '{reference}'. Apareadas: las mismas imágenes, los mismos remuestreos "
        "de grupos. Mejor o peor lo dice la p corregida por su número (Holm; comparaciones: {n})",
    ),
    "caption_best": (
        "Each way less the one that is {reference} on validation. Paired: the same images, the "
        "same resamples of groups. Better or worse is said by the p corrected for their number "
        "(Holm; comparisons: {n})",
        "Cada manera menos la mejor en validación ({reference}). Apareadas: las mismas imágenes, "
        "los mismos remuestreos de grupos. Mejor o peor lo dice la p corregida por su número "
        "(Holm; comparaciones: {n})",
    ),
    "less": ("{way} less {other}", "{way} menos {other}"),
    "no_reference": (
        "{name}: nothing is compared, as '{reference}' has no figure there.",
        "{name}: no se compara nada, pues '{reference}' no tiene cifra ahí.",
    ),
    "not_compared": (
        "Ways are not compared with each other but with this one alone (`tamiz compare` compares "
        "neighbours), and figures of different data sets are not compared at all.",
        "Las maneras no se comparan entre sí, solo con esta (`tamiz compare` compara vecinas), y "
        "las cifras de conjuntos distintos no se comparan.",
    ),
    "caption_choice": (
        "The way that validation would choose, and what it does on images that chose nothing",
        "La manera que elegiría la validación, y lo que hace con imágenes que no eligieron nada",
    ),
    "choose": (
        "Choose by the validation figure. Whoever picks the best result has chosen on the images "
        "that are to judge: were all ways equally good, the best of them would still look better "
        "there by the last column.",
        "Elija por la cifra de validación. Quien toma el mejor resultado ha elegido con las "
        "imágenes que deben juzgar: aunque todas las maneras fueran iguales, la mejor parecería "
        "mejor ahí en lo que dice la última columna.",
    ),
    "looks": (
        "Looks at test parts by these runs: {n}. Each is counted in the ledger of its data set; "
        "the reports of the runs tell what many looks do to a figure.",
        "Miradas de estas ejecuciones a partes de prueba: {n}. Cada una cuenta en el registro de "
        "su conjunto; los informes de las ejecuciones dicen qué hacen muchas miradas con una "
        "cifra.",
    ),
    "ranks": (
        "Mean rank (1 is best, equals share; ways with a figure everywhere): {ranks}. It describes "
        "{n:this|these} {n} data {n:set|sets}. No test is made of it: to show that a way is better "
        "in general takes many data sets that stand for those to come (Demšar 2006).",
        "Rango medio (1 es el mejor, los iguales lo comparten; maneras con cifra en todas partes): "
        "{ranks}. Describe {n:este|estos} {n} {n:conjunto|conjuntos}. No se hace ninguna prueba "
        "con él: demostrar que una manera es mejor en general pide muchos conjuntos que "
        "representen a los que vendrán (Demšar 2006).",
    ),
    "frozen_seconds": (
        "A frozen network's features are kept in the user's cache. Where they lay there already, "
        "the seconds of training are those of the head alone.",
        "Las características de una red congelada quedan en la caché del usuario. Si ya estaban "
        "ahí, los segundos de entrenamiento son solo los de la cabeza.",
    ),
    "gap_finding": (
        "No figure, stopped at '{stage}': {cells}",
        "Sin cifra, detenida en '{stage}': {cells}",
    ),
    "way_on_data": ("{way} on {data}", "{way} en {data}"),
    "left_out": (
        "Of the recipe of '{name}', {sections} was not used: a way says how images are prepared, "
        "which network there is and how it learns; all else is said of the data set",
        "De la receta de '{name}' no se usó {sections}: una manera dice cómo se preparan las "
        "imágenes, qué red hay y cómo aprende; lo demás se dice del conjunto de datos",
    ),
    "other_split": (
        "the run stands on other images or another split than the others",
        "la ejecución se hizo con otras imágenes u otra división que las demás",
    ),
    "caption_cost": (
        "Training: learning alone. Whole run: all stages, as if it were the only way. Seconds by "
        "the clock of this machine",
        "Entrenamiento: solo aprender. Ejecución entera: todas las etapas, como si fuera la única "
        "manera. Segundos según el reloj de esta máquina",
    ),
    "caption_data": (
        "All ways of a data set learn, choose and are judged on the same images; the split is "
        "named by the start of its hash",
        "Todas las maneras de un conjunto aprenden, eligen y se juzgan con las mismas imágenes; la "
        "división se nombra por el comienzo de su resumen",
    ),
    "chart": ("Ways beside each other", "Maneras, una junto a otra"),
    "cost_chart": ("What the seconds bring", "Lo que traen los segundos"),
    "page": ("Page: {path}", "Página: {path}"),
    "unknown_way": (
        "there is no way '{name}'{suggestion}",
        "no hay ninguna manera '{name}'{suggestion}",
    ),
    "unknown_way_fix": (
        "A way is 'descriptors', with a classifier ({classifiers}) or a preset ({presets}) after a "
        "colon; a model ({models}) or a network of `tamiz list networks`; 'frozen:NETWORK', of "
        "which only the head learns; or a recipe file (.toml)",
        "Una manera es 'descriptors', con un clasificador ({classifiers}) o un preajuste "
        "({presets}) tras dos puntos; un modelo ({models}) o una red de `tamiz list networks`; "
        "'frozen:RED', de la que solo aprende la cabeza; o un archivo de receta (.toml)",
    ),
    "same_way": (
        "this way is '{other}' again",
        "esta manera es otra vez '{other}'",
    ),
    "same_way_fix": ("Name each way once", "Nombre cada manera una vez"),
    "frozen_at_random": (
        "a network without pretrained weights is not worth freezing",
        "no vale la pena congelar una red sin pesos preentrenados",
    ),
    "frozen_at_random_fix": (
        "Give a weights file, or leave --weights out",
        "Dé un archivo de pesos, o quite --weights",
    ),
    "nothing_to_freeze": (
        "'{name}' has no pretrained weights to freeze",
        "'{name}' no tiene pesos preentrenados que congelar",
    ),
    "nothing_to_freeze_fix": (
        "Name a network of timm or torchvision: tamiz list networks",
        "Nombre una red de timm o torchvision: tamiz list networks",
    ),
    "no_source": ("no data set was named", "no se nombró ningún conjunto de datos"),
    "no_source_fix": (
        "Give one or more: tamiz benchmark photos/ others/ --out bench",
        "Dé uno o más: tamiz benchmark fotos/ otras/ --out bench",
    ),
    "same_source": (
        "this data set was named twice",
        "este conjunto de datos se nombró dos veces",
    ),
    "same_source_fix": ("Name each once", "Nombre cada uno una vez"),
    "for_none": (
        "this recipe is for none of the data sets",
        "esta receta no es para ninguno de los conjuntos",
    ),
    "for_none_fix": ("Name one of: {choices}", "Nombre uno de: {choices}"),
    "bad_for": (
        "a data set and its recipe are wanted",
        "se esperan un conjunto de datos y su receta",
    ),
    "bad_for_fix": (
        "Write --for photos=photos.toml",
        "Escriba --for fotos=fotos.toml",
    ),
    "no_such_way": ("none of the ways is called so", "ninguna manera se llama así"),
    "no_such_way_fix": ("Choose one of: {choices}", "Elija una de: {choices}"),
    "model_is_a_way": (
        "settings for all runs cannot name a network",
        "los ajustes para todas las ejecuciones no pueden nombrar una red",
    ),
    "model_is_a_way_fix": (
        "Name the network, or the whole recipe file, as one of the --ways",
        "Nombre la red, o el archivo de receta entero, como una de las --ways",
    ),
    "settings": ("settings for all runs", "los ajustes para todas las ejecuciones"),
    "other": (
        "the folder holds a benchmark that was asked for otherwise: {changed}",
        "la carpeta contiene una comparación que se pidió de otra forma: {changed}",
    ),
    "other_fix": (
        "Repeat its command (ways and data sets may be added), choose another --out, or begin "
        "afresh with --overwrite",
        "Repita su orden (se pueden añadir maneras y conjuntos), elija otro --out, o empiece de "
        "nuevo con --overwrite",
    ),
}
