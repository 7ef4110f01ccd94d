"""Texts of features that a frozen network gives, and of the heads fitted to them."""

TEXTS = {
    "computing": (
        "one pass of the frozen network over {n:,} {n:image|images}",
        "una pasada de la red fija por {n:,} {n:imagen|imágenes}",
    ),
    "reused": (
        "features of {n:,} {n:image|images} come from the cache",
        "las características de {n:,} {n:imagen|imágenes} se toman de la caché",
    ),
    "not_kept": (
        "the features cannot be kept for other runs: {reason}",
        "las características no se pueden guardar para otras ejecuciones: {reason}",
    ),
    "float32_instead": (
        "bfloat16 changes this network's features by {difference:.1%} of the largest value, more "
        "than {limit:.0%}: float32 is used",
        "bfloat16 cambia las características de esta red en {difference:.1%} del valor mayor, "
        "más de {limit:.0%}: se usa float32",
    ),
    "not_equal": (
        "features by {engine} ({precision}) differ from those of float32 by {difference:.1%} of "
        "the largest value; at most {limit:.0%} is borne",
        "las características con {engine} ({precision}) difieren de las de float32 en "
        "{difference:.1%} del valor mayor; se admite {limit:.0%} como mucho",
    ),
    "not_equal_fix": (
        "Set train.precision to float32 and model.options.features_engine to torch",
        "Ponga train.precision a float32 y model.options.features_engine a torch",
    ),
    "not_finite": (
        "the frozen network gives features that are no numbers",
        "la red fija da características que no son números",
    ),
    "not_finite_fix": (
        "Check the starting weights (model.weights), or train without freezing",
        "Revise los pesos de partida (model.weights) o entrene sin fijar la red",
    ),
    "why_openvino": (
        "model.options.features_engine = openvino",
        "model.options.features_engine = openvino",
    ),
    "openvino_failed": (
        "OpenVINO cannot run this network ({reason})",
        "OpenVINO no puede ejecutar esta red ({reason})",
    ),
    "openvino_failed_fix": (
        "Set model.options.features_engine to torch",
        "Ponga model.options.features_engine a torch",
    ),
    "openvino_device": (
        "OpenVINO computes on the processor only, not on {device}",
        "OpenVINO solo calcula en el procesador, no en {device}",
    ),
    "openvino_device_fix": (
        "Set train.device to cpu, or model.options.features_engine to torch",
        "Ponga train.device a cpu o model.options.features_engine a torch",
    ),
    "idle": (
        "{name} does nothing here: the head '{head}' is fitted at once to a frozen network",
        "{name} no hace nada aquí: la cabeza '{head}' se ajusta de una vez a una red fija",
    ),
    "fitting": ("fitting the head", "ajustando la cabeza"),
    "one_class": (
        "the training rows hold one class only; no head can be fitted",
        "las filas de entrenamiento tienen una sola clase; no se puede ajustar una cabeza",
    ),
    "several_labels": (
        "heads 'svm', 'forest' and 'boosting' give one label per image; these images have several",
        "las cabezas 'svm', 'forest' y 'boosting' dan una etiqueta por imagen; estas imágenes "
        "tienen varias",
    ),
    "several_labels_fix": (
        "Use the head 'logistic', 'knn', 'linear' or 'mlp'",
        "Use la cabeza 'logistic', 'knn', 'linear' o 'mlp'",
    ),
    "all_alike": (
        "the frozen network gives the same features for all {n:,} training {n:image|images}",
        "la red fija da las mismas características para {n:la|las} {n:,} {n:imagen|imágenes} de "
        "entrenamiento",
    ),
    "all_alike_fix": (
        "Give it pretrained weights (model.weights), or use another network",
        "Dele pesos preentrenados (model.weights) o use otra red",
    ),
    "not_of_head": (
        "'{name}' is an option of classical heads only ({heads})",
        "'{name}' es una opción solo de las cabezas clásicas ({heads})",
    ),
    "not_of_head_fix": (
        "Leave it out, or set model.options.head to one of these",
        "Omítala, o ponga model.options.head a una de ellas",
    ),
    "one_class_fix": (
        "Give training images of at least two classes",
        "Aporte imágenes de entrenamiento de al menos dos clases",
    ),
}
