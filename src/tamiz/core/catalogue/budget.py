"""Texts of `plan` where time counts: what is timed, what is tried, what fits."""

TEXTS = {
    "section": ("Time and memory (approximate)", "Tiempo y memoria (aproximados)"),
    "estimate": (
        "Measured on this machine with a few steps on random pictures: preparing the images "
        "{prepare}, training {training} (an epoch {epoch}; trainings: {n_fits:,}). Other work on "
        "the machine makes it longer.",
        "Medido en esta máquina con unos pasos sobre imágenes al azar: preparar las imágenes "
        "{prepare}, entrenar {training} (una época {epoch}; entrenamientos: {n_fits:,}). Otro "
        "trabajo en la máquina lo alarga.",
    ),
    "memory": (
        "Memory: about {images:,.0f} MiB for the prepared images and {step:,.0f} MiB for a "
        "training step, besides the program itself.",
        "Memoria: unos {images:,.0f} MiB para las imágenes preparadas y {step:,.0f} MiB para un "
        "paso de entrenamiento, aparte del propio programa.",
    ),
    "spent": (
        "Of the {minutes:g} minutes given the plan itself took {spent}. Checking, splitting and "
        "evaluating are not counted.",
        "De los {minutes:g} minutos dados, el propio plan usó {spent}. Comprobar, dividir y "
        "evaluar no se cuentan.",
    ),
    "timing": ("timing a few steps of {model}", "midiendo unos pasos de {model}"),
    "trying": ("trying: {way}", "probando: {way}"),
    "trial": ("a short trial", "una prueba breve"),
    "size_less": (
        "{size} px instead of {usual} px, so that enough epochs fit into the time",
        "{size} px en vez de {usual} px, para que quepan épocas suficientes en el tiempo",
    ),
    "pairs": (
        "there is time for residual pairs and more epochs: a point better on Fashion-MNIST",
        "hay tiempo para pares residuales y más épocas: un punto mejor en Fashion-MNIST",
    ),
    "network": (
        "pretrained weights of {model} are at hand, and pictures of {side} px show enough for it",
        "hay pesos preentrenados de {model}, y en imágenes de {side} px tiene bastante que ver",
    ),
    "frozen": (
        "the pretrained network stays as it is and only a new head learns: {n:,} {n:image|images} "
        "{n:is|are} few to teach a whole network",
        "la red preentrenada queda como está y solo aprende una cabeza nueva: {n:,} "
        "{n:imagen|imágenes} {n:es|son} pocas para enseñar una red entera",
    ),
    "head_mlp": (
        "a head with a hidden layer, on the features of the frozen network",
        "una cabeza con una capa oculta, sobre las características de la red fija",
    ),
    "head_logistic": (
        "logistic regression, fitted at once to the features of the frozen network",
        "regresión logística, ajustada de una vez a las características de la red fija",
    ),
    "weights_aside": (
        "the weights given are those of {model}, another network",
        "los pesos dados son los de {model}, otra red",
    ),
    "tried_accuracy": (
        "tried on the validation part ({n:,} {n:image|images}, {n_groups:,} "
        "{n_groups:group|groups}), accuracy of {model}: {value:.3f}, of {other}: {other_value:.3f}",
        "probado en la parte de validación ({n:,} {n:imagen|imágenes}, {n_groups:,} "
        "{n_groups:grupo|grupos}), exactitud de {model}: {value:.3f}, de {other}: "
        "{other_value:.3f}",
    ),
    "tried_f1": (
        "tried on the validation part ({n:,} {n:image|images}, {n_groups:,} "
        "{n_groups:group|groups}), mean F1 of {model}: {value:.3f}, of {other}: {other_value:.3f}",
        "probado en la parte de validación ({n:,} {n:imagen|imágenes}, {n_groups:,} "
        "{n_groups:grupo|grupos}), F1 medio de {model}: {value:.3f}, de {other}: {other_value:.3f}",
    ),
    "epochs": (
        "{n:,} {n:epoch|epochs} of {seconds:.1f} s (measured) and {fixed:.0f} s that come once fit "
        "into the {minutes:g} minutes given, with a margin",
        "{n:,} {n:época|épocas} de {seconds:.1f} s (medido) y {fixed:.0f} s que van una sola vez "
        "caben en los {minutes:g} minutos dados, con un margen",
    ),
    "max_minutes": (
        "what is left of the {minutes:g} minutes: a hard stop, should an epoch take longer than "
        "measured",
        "lo que queda de los {minutes:g} minutos: un tope, por si una época tarda más de lo medido",
    ),
    "not_tried": (
        "Nothing was compared, for there is no single validation part to judge ways by: this is "
        "what the plan does without a time, too",
        "No se comparó nada, pues no hay una parte de validación única con que juzgar: es lo que "
        "el plan hace también sin un tiempo",
    ),
    "too_dear": (
        "Not considered, for it would take about {seconds:,.0f} s and leave too little time to "
        "compare it with another way: {way}",
        "No considerado, pues tardaría unos {seconds:,.0f} s y quedaría poco tiempo para "
        "compararlo con otra manera: {way}",
    ),
    "sizes_not_tried": (
        "Too little time to try two sizes of the input: the largest with enough epochs is taken",
        "Muy poco tiempo para probar dos tamaños de entrada: se toma el mayor con épocas "
        "suficientes",
    ),
    "no_time_beside": (
        "Too little time was left to train this way as well and compare it: {way}",
        "Quedó poco tiempo para entrenar también esta manera y compararla: {way}",
    ),
    "does_not_fit": (
        "Not considered, for it does not fit into the time: {way} (needs about {minutes:.1f} "
        "minutes at least)",
        "No considerado, pues no cabe en el tiempo: {way} (necesita unos {minutes:.1f} minutos "
        "como mínimo)",
    ),
    "slides": (
        "Slides are not timed: the minutes given are only a stop of the training",
        "Las laminillas no se cronometran: los minutos dados son solo un tope del entrenamiento",
    ),
    "over": (
        "What you fixed needs about {needed:.1f} minutes, more than the {minutes:g} given",
        "Lo que usted fijó necesita unos {needed:.1f} minutos, más que los {minutes:g} dados",
    ),
    "over_advice": (
        "Training stops when the time is over and keeps the best epoch; leave the epochs open and "
        "the plan makes them fit",
        "El entrenamiento para al acabar el tiempo y conserva la mejor época; deje libres las "
        "épocas y el plan las ajusta",
    ),
    "way_small": ("our own network, from scratch", "nuestra red, desde cero"),
    "way_frozen": (
        "a frozen pretrained network with a new head",
        "una red preentrenada fija con cabeza nueva",
    ),
    "way_tuned": ("a pretrained network, fine-tuned", "una red preentrenada, ajustada entera"),
    "way_asked": ("the network you asked for", "la red que usted pidió"),
    "trials": ("What was tried", "Lo que se probó"),
    "trial_way": ("way", "manera"),
    "trial_images": ("training images", "imágenes de entrenamiento"),
    "trial_whole": ("{way} (in full)", "{way} (entera)"),
    "trial_short": ("{way} (a short trial)", "{way} (prueba breve)"),
    "is_trained": (
        "The plan trained it in full to compare it: training only takes it up.",
        "El plan la entrenó entera para compararla: el entrenamiento solo la recoge.",
    ),
    "trial_epochs": ("epochs", "épocas"),
    "trial_figure": ("{figure}, validation part", "{figure}, parte de validación"),
    "figure_accuracy": ("accuracy", "exactitud"),
    "figure_f1": ("mean F1 of the classes", "F1 medio de las clases"),
    "no_interval": (
        "compared only; no interval is made for a trial's F1",
        "solo para comparar; no se da intervalo del F1 de una prueba",
    ),
    "too_slow": (
        "Given up for taking longer than its share of the time: {way}",
        "Abandonado por tardar más que su parte del tiempo: {way}",
    ),
    "trial_seconds": ("seconds", "segundos"),
    "trials_caption": (
        "Learnt from the training part, measured on the validation part; the test part stays "
        "sealed. The best of several is a little too good by luck: the test part will tell.",
        "Aprendido en la parte de entrenamiento, medido en la de validación; el test sigue "
        "sellado. El mejor de varios sale algo favorecido por el azar: el test lo dirá.",
    ),
    "least": (
        "Not even one epoch surely fits into {minutes:g} minutes: the least is done, one epoch, "
        "and it may take up to about {least:.1f} minutes with all that belongs to it: {way}",
        "Ni una época cabe con seguridad en {minutes:g} minutos: se hace lo mínimo, una época, que "
        "puede tardar hasta unos {least:.1f} minutos con todo lo suyo: {way}",
    ),
    "only_planned": (
        "Nothing was kept: this plan was made in a temporary folder. To do it for real:",
        "No se ha guardado nada: el plan se hizo en una carpeta temporal. Para hacerlo de verdad:",
    ),
}
