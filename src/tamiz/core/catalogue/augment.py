"""Texts of augmentations: what they are, which suit which images, which help."""

TEXTS = {
    "not_a_part": (
        "{name} is not among the augmentations to draw from",
        "{name} no está entre los aumentos que se pueden sortear",
    ),
    "not_a_part_fix": (
        "Draw from these: {choices}",
        "Sortee entre estos: {choices}",
    ),
    "policy_digits": (
        "digits, letters, left and right hands: never mirrored, turned by a little only, because "
        "a mirror image is something else",
        "dígitos, letras, manos izquierda y derecha: nunca se reflejan y se giran solo un poco, "
        "porque el reflejo es otra cosa",
    ),
    "policy_natural": (
        "photographs: mirrored left and right where that was measured to be harmless",
        "fotografías: se reflejan izquierda y derecha si se midió que es inocuo",
    ),
    "policy_clothes": (
        "grey pictures of things: mirrored left and right where that was measured to be harmless",
        "imágenes grises de objetos: se reflejan izquierda y derecha si se midió que es inocuo",
    ),
    "policy_radiograph": (
        "radiographs: never mirrored, because the heart lies on the left",
        "radiografías: nunca se reflejan, porque el corazón está a la izquierda",
    ),
    "policy_tomography": (
        "sections of the body: never mirrored, because organs have their side; brightness is left "
        "alone, because values are measurements",
        "cortes del cuerpo: nunca se reflejan, porque los órganos tienen su lado; no se cambia el "
        "brillo, porque los valores son medidas",
    ),
    "policy_histology": (
        "tissue under the microscope: it has no upper side, so all 8 turns and mirror images are "
        "the same tissue",
        "tejido al microscopio: no tiene lado de arriba, así que sus 8 giros y reflejos son el "
        "mismo tejido",
    ),
    "policy_none": (
        "nothing is known of these images: only what is harmless to nearly all images",
        "no se sabe nada de estas imágenes: solo lo que es inocuo para casi todas",
    ),
    "why_histology": (
        "parts of slides: tissue has no upper side, so it is mirrored and turned by quarters (all "
        "8 ways); to switch this off: --set train.augment=[]",
        "partes de laminillas: el tejido no tiene lado de arriba, así que se refleja y se gira por "
        "cuartos (las 8 formas); para desactivarlo: --set train.augment=[]",
    ),
    "why_radiograph": (
        "no mirroring: radiographs ({modality}); the heart lies on the left. To mirror all the "
        'same, add {{ name = "flip" }} to train.augment',
        "sin reflejar: radiografías ({modality}); el corazón está a la izquierda. Para reflejar de "
        'todos modos, añada {{ name = "flip" }} a train.augment',
    ),
    "why_tomography": (
        "no mirroring: sections of the body ({modality}), whose organs have their side. To mirror "
        'all the same, add {{ name = "flip" }} to train.augment',
        "sin reflejar: cortes del cuerpo ({modality}), cuyos órganos tienen su lado. Para reflejar "
        'de todos modos, añada {{ name = "flip" }} a train.augment',
    ),
    "why_radiograph_by_name": (
        "no mirroring: the names of folders say that these are radiographs, where the heart lies "
        'on the left. If they are not, add {{ name = "flip" }} to train.augment',
        "sin reflejar: los nombres de las carpetas dicen que son radiografías, donde el corazón "
        'está a la izquierda. Si no lo son, añada {{ name = "flip" }} a train.augment',
    ),
    "why_mirrored": (
        "mirroring is harmless here: with mirror images among them, {mixed} % of an image's "
        "nearest neighbours share its class, without them {same} % (n = {n:,}). Where sides "
        "matter (radiographs, hands), take flip out of train.augment",
        "reflejar es inocuo aquí: con imágenes reflejadas entre ellos, el {mixed} % de los vecinos "
        "más próximos de una imagen comparten su clase; sin ellas, el {same} % (n = {n:,}). Donde "
        "importe el lado (radiografías, manos), quite flip de train.augment",
    ),
    "why_not_mirrored": (
        "no mirroring: with mirror images among them, only {mixed} % of an image's nearest "
        "neighbours share its class, without them {same} % (n = {n:,})",
        "sin reflejar: con imágenes reflejadas entre ellos, solo el {mixed} % de los vecinos más "
        "próximos de una imagen comparten su clase; sin ellas, el {same} % (n = {n:,})",
    ),
    "slides": (
        "the network {name} reads slides, which are not augmented",
        "la red {name} lee laminillas, que no se aumentan",
    ),
    "slides_fix": (
        "Choose a network that reads images, or cut the slides into tiles first: tamiz tiles",
        "Elija una red que lea imágenes o corte antes las laminillas en teselas: tamiz tiles",
    ),
    "no_policy": ("there is no policy called {name}", "no hay ninguna política llamada {name}"),
    "no_policy_fix": ("Choose one of: {choices}", "Elija una de: {choices}"),
    "title": ("What augmentations do to these images", "Qué hacen los aumentos con estas imágenes"),
    "how": (
        "First the image as the network sees it without augmentation, then six draws, as strong "
        "as training may draw them; where an augmentation has a probability, it is applied here "
        "each time. Whoever knows the classes should recognise each one: an augmentation that "
        "makes another class of an image teaches a wrong answer.",
        "Primero la imagen como la ve la red sin aumentos; después seis sorteos, tan fuertes como "
        "puede sortearlos el entrenamiento; si un aumento tiene una probabilidad, aquí se aplica "
        "siempre. Quien conoce las clases debería reconocer cada una: un aumento que convierte una "
        "imagen en otra clase enseña una respuesta equivocada.",
    ),
    "shown_all": (
        "all {n} {n:augmentation|augmentations}, at their defaults",
        "{n:el|los} {n} {n:aumento|aumentos}, sin ajustes",
    ),
    "shown_recipe": ("the augmentations of the recipe", "los aumentos de la receta"),
    "shown_policy": ("policy '{policy}': {reason}", "política «{policy}»: {reason}"),
    "shown_policy_instead": (
        "the recipe has no augmentations; these would suit, policy '{policy}': {reason}",
        "la receta no tiene aumentos; estos convendrían, política «{policy}»: {reason}",
    ),
    "together": ("all together, as in training", "todos juntos, como al entrenar"),
    "together_note": (
        "what the first six epochs of training see, with every probability as the recipe says",
        "lo que ven las seis primeras épocas, con cada probabilidad como dice la receta",
    ),
    "original": ("original: {label}", "original: {label}"),
    "for_recipe": ("For the recipe", "Para la receta"),
    "fragment": (
        "these augmentations as lines of a recipe",
        "estos aumentos como líneas de una receta",
    ),
    "nothing_to_try": (
        "there is no augmentation to measure",
        "no hay ningún aumento que medir",
    ),
    "nothing_to_try_fix": (
        "Name some, for example: --try shift,rotate,brightness",
        "Nombre algunos, por ejemplo: --try shift,rotate,brightness",
    ),
    "no_val": (
        "there are no validation images to compare on",
        "no hay imágenes de validación para comparar",
    ),
    "no_val_fix": ("Raise split.val_fraction", "Aumente split.val_fraction"),
    "no_repeats": (
        "{n} {n:training|trainings} of each kind are none",
        "{n} {n:entrenamiento|entrenamientos} no {n:es|son} ninguno",
    ),
    "no_repeats_fix": (
        "Ask for 1 or more; 3 tell chance from effect better",
        "Pida 1 o más; con 3 se distingue mejor el azar del efecto",
    ),
    "one_seed": (
        "one training of each kind: what another seed would change is not in the interval",
        "un entrenamiento de cada tipo: el intervalo no incluye lo que cambiaría otra semilla",
    ),
    "training": (
        "training: {name}, seed {seed} of {n}",
        "entrenando: {name}, semilla {seed} de {n}",
    ),
    "ablate_title": (
        "Which augmentations help",
        "Qué aumentos ayudan",
    ),
    "ablated": (
        "{n} {n:training|trainings} of {epochs} {epochs:epoch|epochs}, {repeats} "
        "{repeats:seed|seeds} for each way, measured on {items:,} validation {items:image|images} "
        "of {groups:,} {groups:group|groups}; the test part was not read. The intervals count "
        "chance among groups and among seeds, and hold all together at {percent} %.",
        "{n} {n:entrenamiento|entrenamientos} de {epochs} {epochs:época|épocas}, {repeats} "
        "{repeats:semilla|semillas} de cada forma, medidos en {items:,} {items:imagen|imágenes} de "
        "validación de {groups:,} {groups:grupo|grupos}; no se leyó la parte de prueba. Los "
        "intervalos cuentan el azar entre grupos y entre semillas, y valen todos a la vez con "
        "{percent} %.",
    ),
    "way": ("augmentation", "aumento"),
    "way_none": ("none", "ninguno"),
    "way_all": ("all", "todos"),
    "accuracy": ("accuracy", "exactitud"),
    "log_loss": ("log loss", "pérdida logarítmica"),
    "f1_samples": ("mean F1 per image", "F1 medio por imagen"),
    "accuracy_over_seeds": (
        "accuracy, lowest and highest seed",
        "exactitud, peor y mejor semilla",
    ),
    "f1_samples_over_seeds": (
        "mean F1 per image, lowest and highest seed",
        "F1 medio por imagen, peor y mejor semilla",
    ),
    "levels": (
        "Each way of training, mean over seeds",
        "Cada forma de entrenar, media de semillas",
    ),
    "accuracy_gain": ("accuracy: difference", "exactitud: diferencia"),
    "f1_samples_gain": ("mean F1 per image: difference", "F1 medio por imagen: diferencia"),
    "loss_gain": (
        "log loss: difference (below 0 is better)",
        "pérdida logarítmica: diferencia (menos de 0 es mejor)",
    ),
    "verdict": ("it", "este aumento"),
    "verdict_helps": ("helps", "ayuda"),
    "verdict_hurts": ("hurts", "perjudica"),
    "verdict_mixed": (
        "helps one figure and hurts the other",
        "mejora una cifra y empeora la otra",
    ),
    "verdict_no_difference": ("no difference shown", "sin diferencia demostrada"),
    "differences": (
        "Each one alone, and all together, against training without augmentation",
        "Cada uno solo, y todos juntos, frente a entrenar sin aumentos",
    ),
    "differences_left_out": (
        "All without this one, against all; 'all' is against training without augmentation. The "
        "last column says what the augmentation itself does",
        "Todos menos este, frente a todos; «todos» es frente a entrenar sin aumentos. La última "
        "columna dice qué hace el aumento mismo",
    ),
    "ablate_caution": (
        "No difference shown does not mean that there is none: more seeds and more validation "
        "images show smaller ones. What helps alone need not help together, and what helps in few "
        "epochs need not help in many. Figures of what was chosen here are too good by the choice; "
        "the test part tells.",
        "Sin diferencia demostrada no significa que no la haya: más semillas y más imágenes de "
        "validación muestran diferencias menores. Lo que ayuda solo puede no ayudar en conjunto, y "
        "lo que ayuda en pocas épocas puede no ayudar en muchas. Las cifras de lo elegido aquí son "
        "demasiado buenas por haberlo elegido; la parte de prueba lo dirá.",
    ),
    "fragment_helps": (
        "For the recipe: what helped. Measure them together before you trust them",
        "Para la receta: lo que ayudó. Mídalos juntos antes de confiar en ellos",
    ),
    "none_helps": (
        "None was shown to help, so there are no lines for the recipe.",
        "No se demostró que ninguno ayude, así que no hay líneas para la receta.",
    ),
}
