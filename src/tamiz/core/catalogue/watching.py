"""Texts of what watches a training: checks at its start and end, exporters, the range test."""

TEXTS = {
    "images_alike": (
        "the {n} training {n:image|images} that were looked at are all the same, pixel by pixel. "
        "Look at the value range and the window: most likely they make one colour of every image",
        "{n:la|las} {n} {n:imagen|imágenes} de entrenamiento que se miraron son idénticas, píxel a "
        "píxel. Mire el intervalo de valores y la ventana: lo más probable es que lo vuelvan todo "
        "de un color",
    ),
    "images_empty": (
        "of {total} training {total:image|images} looked at, {n} {n:is|are} of one colour. Look at "
        "the value range, the window and the steps of [prepare]",
        "{n} de {total:la|las} {total} {total:imagen|imágenes} de entrenamiento que se miraron son "
        "de un solo color. Mire el intervalo de valores, la ventana y los pasos de [prepare]",
    ),
    "start_no_number": (
        "the loss is no number before the first step. Images, starting weights or the class "
        "weights hold values that are no numbers",
        "la pérdida no es un número antes del primer paso. Hay valores que no son números en las "
        "imágenes, en los pesos iniciales o en los pesos de las clases",
    ),
    "start_high": (
        "the loss before the first step is {loss:.3f}; a network that knows nothing has "
        "{expected:.3f}. Look at the images' values and at the labels; starting weights of "
        "another task need a new head",
        "la pérdida antes del primer paso es {loss:.3f}; una red que no sabe nada tiene "
        "{expected:.3f}. Mire los valores de las imágenes y las etiquetas; unos pesos iniciales "
        "de otra tarea necesitan una cabeza nueva",
    ),
    "nothing_attached": (
        "none of {n} trainable {n:part|parts} of the network gets a gradient from the loss, so "
        "nothing can be learnt. All layers are frozen, or the network cuts its output off",
        "ninguna de {n} {n:parte entrenable|partes entrenables} de la red recibe gradiente de "
        "la pérdida: no puede aprender nada. Todas las capas están congeladas o la red separa su "
        "salida",
    ),
    "gradient_no_number": (
        "the gradient of {n} {n:part|parts} of the network is no number: {names}. Set "
        "train.precision to float32; if it stays, look at the images' values",
        "el gradiente de {n} {n:parte|partes} de la red no es un número: {names}. Ponga "
        "train.precision a float32; si sigue igual, mire los valores de las imágenes",
    ),
    "detached": (
        "{n} trainable {n:part|parts} of the network {n:has|have} no way to the loss and will stay "
        "as {n:it is|they are}: {names}. Freeze {n:it|them}, or mend the network",
        "{n} {n:parte entrenable|partes entrenables} de la red no {n:llega|llegan} a la pérdida y "
        "{n:quedará como está|quedarán como están}: {names}. {n:Congélela|Congélelas} o corrija la "
        "red",
    ),
    "no_gradient": (
        "{n} trainable {n:part|parts} of the network {n:gets|get} a gradient of zero and will not "
        "learn: {names}. A dead layer before or after {n:it|them} does this; try other starting "
        "weights, another seed or a lower learning rate",
        "{n} {n:parte entrenable|partes entrenables} de la red {n:recibe|reciben} un gradiente "
        "nulo y no {n:aprenderá|aprenderán}: {names}. Lo causa una capa muerta antes o después; "
        "pruebe otros pesos iniciales, otra semilla o una tasa de aprendizaje menor",
    ),
    "not_learnt": (
        "{n} {n:image|images} could not be learnt by heart: the loss went from {start:.3f} to "
        "{end:.3f} and no lower, about what guessing gives. A sound network manages this; look at "
        "the network and its starting weights, and whether images of different classes look "
        "different at this size",
        "no se consiguió aprender {n} {n:imagen|imágenes} de memoria: la pérdida fue de "
        "{start:.3f} a {end:.3f} y no bajó más, lo que se logra adivinando. Una red sana lo "
        "consigue; mire la red y sus pesos iniciales, y si las imágenes de clases distintas se "
        "distinguen a este tamaño",
    ),
    "like_prior": (
        "the validation loss of the best epoch, {loss:.3f}, is not below {prior:.3f}, which "
        "knowing how frequent each class is would give. Nothing was learnt that holds for new "
        "images: try `tamiz lr-range`, more epochs or a pretrained network; look at the labels",
        "la pérdida de validación de la mejor época, {loss:.3f}, no baja de {prior:.3f}, lo que da "
        "saber la frecuencia de cada clase. No se aprendió nada que valga para imágenes nuevas: "
        "pruebe `tamiz lr-range`, más épocas o una red preentrenada, y mire las etiquetas",
    ),
    "like_majority": (
        "the validation accuracy of the best epoch, {accuracy:.1f} %, is not above {majority:.1f} "
        "%, which always naming the largest class would give. With classes of unequal size look "
        "at the recall of each, and try train.balance",
        "la exactitud de validación de la mejor época, {accuracy:.1f} %, no supera el "
        "{majority:.1f} % que da nombrar siempre la clase mayor. Con clases de tamaño desigual "
        "mire la sensibilidad de cada una y pruebe train.balance",
    ),
    "kind_exporters": ("exporter", "ningún exportador"),
    "exporter_failed": (
        "{name} could not be told about this epoch and is left out from now on: {reason}",
        "no se pudo informar a {name} de esta época y queda fuera desde ahora: {reason}",
    ),
    "trying_rates": ("trying learning rates", "probando tasas de aprendizaje"),
    "column_epoch": ("epoch", "época"),
    "column_train_loss": ("train loss", "pérdida"),
    "column_val_loss": ("val loss", "pérdida val"),
    "column_val_accuracy": ("val accuracy", "exactitud val"),
    "column_rate": ("rate", "tasa"),
    "column_time": ("time", "tiempo"),
    "lr_title": ("Learning-rate range test", "Prueba de tasas de aprendizaje"),
    "lr_chart": (
        "Loss while the learning rate grows",
        "Pérdida mientras crece la tasa",
    ),
    "lr_rate": ("learning rate", "tasa de aprendizaje"),
    "lr_smoothed": ("loss, smoothed", "pérdida, suavizada"),
    "lr_suggested": ("suggestion", "sugerencia"),
    "lr_sentence": (
        "Suggested learning rate: {rate}. {n} {n:rate|rates} from {low} to {high} were tried, one "
        "step each, on a network that was thrown away.",
        "Tasa de aprendizaje sugerida: {rate}. Se probaron {n} {n:tasa|tasas} de {low} a {high}, "
        "un paso cada una, con una red que se desechó.",
    ),
    "lr_never_rose": (
        "The loss never rose again, so no rate was found to be too large (a few images are soon "
        "known by heart): the suggestion is the rate at which the loss falls fastest.",
        "La pérdida no volvió a subir, así que no se halló ninguna tasa demasiado grande (pocas "
        "imágenes pronto se saben de memoria): la sugerencia es la tasa con la que la pérdida "
        "baja más deprisa.",
    ),
    "lr_part": (
        "It holds for the first stage of the training, which trains this part: {part}.",
        "Vale para la primera etapa del entrenamiento, que entrena esta parte: {part}.",
    ),
    "lr_stage": (
        "The recipe's train.stages name a rate of their own; write it there: {stage}",
        "Las etapas de train.stages nombran su propia tasa; escríbala allí: {stage}",
    ),
    "lr_applied": (
        "train.learning_rate = {rate} now stands in the run's recipe.toml.",
        "train.learning_rate = {rate} está ahora en el recipe.toml de la ejecución.",
    ),
    "lr_use": (
        "The recipe still says {now}. To train with the suggestion:",
        "La receta sigue diciendo {now}. Para entrenar con la sugerencia:",
    ),
    "lr_picture": ("The curve as a picture: {path}", "La curva como imagen: {path}"),
    "lr_rules": (
        "What different rules take from this curve",
        "Lo que distintas reglas toman de esta curva",
    ),
    "lr_rule": ("rule", "regla"),
    "lr_rule_edge": (
        "a third of the rate at which the loss stops falling (used here)",
        "un tercio de la tasa con la que la pérdida deja de bajar (se usa aquí)",
    ),
    "lr_rule_minimum": (
        "a tenth of the rate with the lowest loss",
        "un décimo de la tasa con la menor pérdida",
    ),
    "lr_rule_steepest": (
        "where the loss falls fastest",
        "donde la pérdida baja más deprisa",
    ),
    "lr_rule_valley": (
        "the middle of the longest descent",
        "la mitad del descenso más largo",
    ),
    "lr_no_fall": (
        "the loss fell at none of the rates",
        "la pérdida no bajó con ninguna de las tasas",
    ),
    "lr_no_number": (
        "the loss is no number from the first step on",
        "la pérdida no es un número desde el primer paso",
    ),
    "lr_no_fall_advice": (
        "Look at the images as the network sees them and at the labels; train one epoch: its "
        "checks at the start say more",
        "Mire las imágenes como las ve la red y las etiquetas; entrene una época: sus "
        "comprobaciones del inicio dicen más",
    ),
    "lr_slides": (
        "the range test is for networks that read images; {name} reads slides",
        "esta prueba es para redes que leen imágenes; {name} lee preparaciones",
    ),
    "lr_slides_fix": (
        "Choose a network that reads images: tamiz list models",
        "Elija una red que lea imágenes: tamiz list models",
    ),
}
