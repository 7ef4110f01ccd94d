"""Texts of `evaluate`."""

TEXTS = {
    "title": ("Result on the sealed test part", "Resultado en la parte de prueba sellada"),
    "metrics": ("Figures", "Cifras"),
    "classes": ("Per class", "Por clase"),
    "confusion": ("Confusion matrix", "Matriz de confusión"),
    "calibration": ("Calibration", "Calibración"),
    "mistakes": ("Worst mistakes", "Peores errores"),
    "measuring": ("measuring", "midiendo"),
    "leak": (
        "Not valid for evaluation: the split leaks, and --allow-leak was given",
        "No válido como evaluación: la división tiene fugas y se dio --allow-leak",
    ),
    "no_better_not_shown": (
        "The network is not shown to be better than the baseline '{baseline}' (difference in "
        "{metric}: {difference})",
        "No se demuestra que la red sea mejor que la referencia '{baseline}' (diferencia en "
        "{metric}: {difference})",
    ),
    "no_better_worse": (
        "The network is worse than the baseline '{baseline}' (difference in {metric}: "
        "{difference})",
        "La red es peor que la referencia '{baseline}' (diferencia en {metric}: {difference})",
    ),
    "baselines": ("Against baselines", "Frente a las referencias"),
    "baseline": ("Baseline", "Referencia"),
    "baselines_caption": (
        "The model less each baseline on the same images, with {confidence:.0%} intervals over "
        "groups",
        "El modelo menos cada referencia en las mismas imágenes, con intervalos del "
        "{confidence:.0%} por grupos",
    ),
    "than_baseline": ("Difference", "Diferencia"),
    "than_baseline_shows": ("What it shows", "Qué demuestra"),
    "than_baseline_better": ("better", "mejor"),
    "than_baseline_worse": ("worse", "peor"),
    "than_baseline_not_shown": ("no difference shown", "no se demuestra diferencia"),
    "than_baseline_unknown": (
        "too few groups to say ({n:,})",
        "demasiado pocos grupos para decirlo ({n:,})",
    ),
    "no_better_advice": (
        "Look at labels and mistakes, train longer, or gather more images",
        "Mire etiquetas y errores, entrene más o reúna más imágenes",
    ),
    "no_better_advice_descriptors": (
        "A model that trains in moments on a processor does as well: tamiz train SOURCE --model "
        "descriptors. Look at labels and mistakes before a larger network",
        "Un modelo que se entrena en momentos en un procesador lo hace igual: tamiz train FUENTE "
        "--model descriptors. Mire etiquetas y errores antes de una red mayor",
    ),
    "earned": (
        "The network earned its cost: beside a logistic regression on descriptors, which trains "
        "in seconds, {metric} changes by {value} ({low} to {high}).",
        "La red valió lo que cuesta: frente a una regresión logística sobre descriptores, que se "
        "entrena en segundos, {metric} cambia en {value} ({low} a {high}).",
    ),
    "not_earned": (
        "The network is not shown to have earned its cost: beside a logistic regression on "
        "descriptors, which trains in seconds, {metric} changes by {value} ({low} to {high}).",
        "No se demuestra que la red valga lo que cuesta: frente a una regresión logística sobre "
        "descriptores, que se entrena en segundos, {metric} cambia en {value} ({low} a {high}).",
    ),
    "patients_caption": (
        "Figures of patients with {confidence:.0%} intervals. ↓: lower is better. {n:,} test "
        "{n:patient|patients}, the mean of {n:its|their} {n_items:,} {n_items:slide|slides} or "
        "tiles; tiles are no independent cases and get no figures",
        "Cifras de pacientes con intervalos del {confidence:.0%}. ↓: menor es mejor. {n:,} "
        "{n:paciente|pacientes} de prueba, media de sus {n_items:,} {n_items:laminilla|laminillas} "
        "o teselas; estas no son casos independientes y no tienen cifras propias",
    ),
    "constant": (
        "A constant answer scores {value} ({metric}): a model must be better than that.",
        "Una respuesta constante obtiene {value} ({metric}): un modelo debe superarla.",
    ),
    "no_mistakes": (
        "All {n:,} test {n:image|images} {n:was|were} classified right; the interval says how much "
        "that means.",
        "{n:La única imagen|Todas las imágenes} de prueba ({n:,}) se {n:clasificó|clasificaron} "
        "bien; el intervalo dice cuánto significa.",
    ),
    "mistake": (
        "{true}, taken for {predicted} ({percent} %)",
        "{true}, tomada por {predicted} ({percent} %)",
    ),
    "mistakes_caption": (
        "The {n} most confident of {all:,} {all:mistake|mistakes} among {of:,} test "
        "{of:image|images}",
        "{n:El|Los} {n} más {n:confiado|confiados} de {all:,} {all:error|errores} entre {of:,} "
        "{of:imagen|imágenes} de prueba",
    ),
}
