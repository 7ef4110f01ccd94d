"""Texts of the search over recipes."""

_FINISHED = (
    "{n:,} {n:trial|trials} besides the recipe as planned; "
    "{n_pruned:,} {n_pruned:was|were} given up early, "
    "{n_failed:,} could not be trained"
)
_TERMINADAS = (
    "{n:,} {n:prueba|pruebas} además de la receta planeada; "
    "{n_pruned:,} se {n_pruned:abandonó|abandonaron} pronto, "
    "{n_failed:,} no se {n_failed:pudo|pudieron} entrenar"
)

TEXTS = {
    "title": ("Search over recipes", "Búsqueda entre recetas"),
    "result": ("Result", "Resultado"),
    "trials": ("Trials", "Pruebas"),
    "recipe": ("The best recipe", "La mejor receta"),
    "importance": ("Which fields mattered", "Qué campos importaron"),
    "bad_budget": ("this is no span of time", "esto no es un tiempo"),
    "bad_budget_fix": (
        "Write it with its unit: 2h, 30m, 90s or 1h30m",
        "Escríbalo con su unidad: 2h, 30m, 90s o 1h30m",
    ),
    "bad_trials": ("at least one trial is needed", "hace falta al menos una prueba"),
    "bad_trials_fix": ("Set --trials to 1 or more", "Ponga --trials a 1 o más"),
    "bad_at_once": ("a round has at least one trial", "una ronda tiene al menos una prueba"),
    "bad_at_once_fix": ("Set --at-once to 1 or more", "Ponga --at-once a 1 o más"),
    "no_limit": (
        "neither a time nor a number of trials says when to stop",
        "ni un tiempo ni un número de pruebas dicen cuándo parar",
    ),
    "no_limit_fix": ("Give --budget 2h or --trials 50", "Indique --budget 2h o --trials 50"),
    "bad_field": ("a range or choices are missing", "falta un rango o las opciones"),
    "bad_field_fix": (
        "Write --field train.learning_rate=1e-4..1e-2 or --field train.optimiser=adamw,sgd",
        "Escriba --field train.learning_rate=1e-4..1e-2 o --field train.optimiser=adamw,sgd",
    ),
    "bad_value": ("{reason}", "{reason}"),
    "bad_value_fix": (
        "Keep both ends of the range, and every choice, within the field's limits",
        "Mantenga ambos extremos del rango, y cada opción, dentro de los límites del campo",
    ),
    "few_choices": (
        "there must be at least two different choices",
        "debe haber al menos dos opciones distintas",
    ),
    "few_choices_fix": (
        "Add a choice, or set the field with --set",
        "Añada una opción o fije el campo con --set",
    ),
    "empty_range": (
        "the range from {low:g} to {high:g} holds nothing to search in",
        "el rango de {low:g} a {high:g} no contiene nada que buscar",
    ),
    "empty_range_fix": ("Put the smaller end first", "Ponga primero el extremo menor"),
    "no_usual_range": (
        "{path} has no usual range",
        "{path} no tiene un rango habitual",
    ),
    "no_usual_range_fix": (
        "Say it: --field {path}=LOW..HIGH, or --field {path}=A,B",
        "Indíquelo: --field {path}=MÍNIMO..MÁXIMO, o --field {path}=A,B",
    ),
    "not_searchable": (
        "this field cannot be searched over: the images, their division and the seed are the "
        "same for all trials. Fields: {names}",
        "en este campo no se puede buscar: las imágenes, su división y la semilla son las mismas "
        "para todas las pruebas. Campos: {names}",
    ),
    "not_searchable_fix": (
        "Choose one of these fields, or set the field once for all trials with --set",
        "Elija uno de estos campos o fíjelo una vez para todas las pruebas con --set",
    ),
    "val_too_small": (
        "the validation part ({n:,} {n:group|groups}) cannot be divided into one half that "
        "compares trials and one that measures the winner: {reason}",
        "la parte de validación ({n:,} {n:grupo|grupos}) no se puede dividir en una mitad que "
        "compare las pruebas y otra que mida a la ganadora: {reason}",
    ),
    "val_too_small_fix": (
        "Give it more: --val-fraction 0.2, in a new --out",
        "Déle más: --val-fraction 0.2, en otro --out",
    ),
    "reads_slides": (
        "networks that read whole slides cannot be searched over",
        "no se puede buscar con redes que leen portaobjetos enteros",
    ),
    "reads_slides_fix": (
        "Choose a network that reads images, or train with two recipes and compare them",
        "Elija una red que lea imágenes o entrene con dos recetas y compárelas",
    ),
    "other_search": (
        "this folder holds a search over other fields, or from another recipe or other images; "
        "it was: {before}",
        "esta carpeta contiene una búsqueda en otros campos, o desde otra receta u otras "
        "imágenes; era: {before}",
    ),
    "other_search_fix": (
        "Ask for the same fields to go on with it, or choose another --out",
        "Pida los mismos campos para continuarla o elija otro --out",
    ),
    "told_done": (
        "trial {number} of {total}: {value} (best so far {best})",
        "prueba {number} de {total}: {value} (la mejor hasta ahora {best})",
    ),
    "told_pruned": (
        "trial {number} of {total}: given up early (best so far {best})",
        "prueba {number} de {total}: abandonada pronto (la mejor hasta ahora {best})",
    ),
    "told_failed": (
        "trial {number} of {total}: could not be trained (best so far {best})",
        "prueba {number} de {total}: no se pudo entrenar (la mejor hasta ahora {best})",
    ),
    "ended_trials": (f"{_FINISHED}.", f"{_TERMINADAS}."),
    "ended_budget": (
        f"The time is up: {_FINISHED}. How many fit into it depends on the machine.",
        f"Se acabó el tiempo: {_TERMINADAS}. Cuántas caben depende de la máquina.",
    ),
    "ended_stopped": (
        f"Stopped: {_FINISHED}. The same command goes on from here.",
        f"Detenida: {_TERMINADAS}. La misma orden continúa desde aquí.",
    ),
    "ended_exhausted": (
        f"Nothing is left to try: {_FINISHED}.",
        f"No queda nada que probar: {_TERMINADAS}.",
    ),
    "figure": ("on validation", "en validación"),
    "row_compared": (
        "best of {n:,} {n:trial|trials}, on the half that chose it (too good)",
        "la mejor de {n:,} {n:prueba|pruebas}, en la mitad que la eligió (demasiado buena)",
    ),
    "row_fresh": (
        "the same network on the half that chose nothing",
        "la misma red en la mitad que no eligió nada",
    ),
    "row_planned": (
        "the recipe as planned, there",
        "la receta planeada, ahí mismo",
    ),
    "row_gain": ("difference, paired over groups", "diferencia, pareada por grupos"),
    "optimism": (
        "A figure that is the best of {n:,} on the same images is too good by about {by:.3f} here. "
        "The figures of the other half, and of the test part, are not: they chose nothing.",
        "Una cifra que es la mejor de {n:,} con las mismas imágenes resulta aquí demasiado buena "
        "en unos {by:.3f}. Las de la otra mitad y las de prueba no: no eligieron nada.",
    ),
    "optimism_unknown": (
        "A figure that is the best of {n:,} on the same images is too good; by how much cannot be "
        "told from so few groups. The figures of the other half, and of the test part, chose "
        "nothing.",
        "Una cifra que es la mejor de {n:,} con las mismas imágenes es demasiado buena; con tan "
        "pocos grupos no se puede decir cuánto. Las de la otra mitad y las de prueba no eligieron "
        "nada.",
    ),
    "planned_is_best": (
        "None of {n:,} {n:trial|trials} was better than the recipe as planned; it is kept.",
        "Ninguna de {n:la|las} {n:,} {n:prueba|pruebas} fue mejor que la receta planeada; se "
        "conserva.",
    ),
    "tested": (
        "The winner was trained as a run of its own, with the whole validation part, and looked at "
        "the test part once: {folder}",
        "La ganadora se entrenó en una ejecución propia, con toda la parte de validación, y miró "
        "la de prueba una vez: {folder}",
    ),
    "next": (
        "The test part has not been read. The best recipe so far: {recipe}. The same command, "
        "run to its end and without --only-search, trains it and measures it once on the test "
        "part.",
        "La parte de prueba no se ha leído. La mejor receta hasta ahora: {recipe}. La misma "
        "orden, llevada hasta el final y sin --only-search, la entrena y la mide una vez con la "
        "parte de prueba.",
    ),
    "reason_best": (
        "best of {n} {n:trial|trials} on validation",
        "la mejor de {n} {n:prueba|pruebas} en validación",
    ),
    "reason_planned": (
        "as planned: none of {n} {n:trial|trials} was better on validation",
        "como se planeó: ninguna de {n} {n:prueba|pruebas} fue mejor en validación",
    ),
    "number": ("trial", "prueba"),
    "trial": ("trial (0: as planned)", "prueba (0: la planeada)"),
    "state": ("how it ended", "cómo acabó"),
    "state_done": ("finished", "terminada"),
    "state_pruned": ("given up", "abandonada"),
    "state_failed": ("not trained", "sin entrenar"),
    "trials_caption": (
        "{shown:,} of {n:,} {n:trial|trials}, the best first; only the best has an interval: it is "
        "the one that is used.",
        "{shown:,} de {n:,} {n:prueba|pruebas}, la mejor primero; solo la mejor lleva intervalo: "
        "es la que se usa.",
    ),
    "tried": ("what was tried", "qué se probó"),
    "as_planned": ("the recipe as planned", "la receta planeada"),
    "each": ("each trial", "cada prueba"),
    "best_so_far": ("best so far", "la mejor hasta ahora"),
    "history": ("How the search went", "Cómo fue la búsqueda"),
    "field": ("field", "campo"),
    "share": ("share", "parte"),
    "importance_caption": (
        "Share of each field in what sets the best trials apart from the rest; a rough guide.",
        "Parte de cada campo en lo que distingue las mejores pruebas del resto; una guía gruesa.",
    ),
}
