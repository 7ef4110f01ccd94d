"""Texts of `lab features`, `lab pool` and `lab softmax`."""

TEXTS = {
    "help_features": (
        "Show what a network has learnt: its kernels, and its feature maps of an image",
        "Muestra lo que una red ha aprendido: sus núcleos y sus mapas de características de una "
        "imagen",
    ),
    "help_pool": (
        "Show pooling: by numbers where the grid is small, by pictures where it is large",
        "Muestra la agrupación (pooling): con números si la cuadrícula es pequeña, con imágenes "
        "si es grande",
    ),
    "help_softmax": (
        "Take a real prediction apart: scores, exponentials, probabilities, loss, gradient",
        "Desarma una predicción real: puntuaciones, exponenciales, probabilidades, pérdida, "
        "gradiente",
    ),
    "help_replay": (
        "Train as a run did and show filters, confusion matrix and losses epoch by epoch",
        "Entrena como lo hizo una ejecución y muestra filtros, matriz de confusión y pérdidas "
        "época a época",
    ),
    "help_out": (
        "folder for the pictures and the page",
        "carpeta para las imágenes y la página",
    ),
    "help_image": (
        "which image, from 1, where the source holds several",
        "qué imagen, desde 1, si la fuente contiene varias",
    ),
    "help_layers": (
        "how many convolutions are drawn, from the first to the last; or the names of layers, in "
        "commas",
        "cuántas convoluciones se dibujan, de la primera a la última; o los nombres de capas, "
        "entre comas",
    ),
    "help_numbers": (
        "the grid itself, in place of an image: '1 3 2 4; 5 6 7 8'",
        "la propia cuadrícula, en lugar de una imagen: '1 3 2 4; 5 6 7 8'",
    ),
    "help_size": ("side of the window", "lado de la ventana"),
    "help_stride": (
        "step of the window; without it, the side of the window",
        "paso de la ventana; si no se da, el lado de la ventana",
    ),
    "help_kind": (
        "take the largest value of each window, or their mean",
        "tomar el mayor valor de cada ventana, o su media",
    ),
    "help_true": (
        "the true class (of several labels: repeat it for each true label): shows loss and "
        "gradient",
        "la clase verdadera (con varias etiquetas: repítalo por cada una): muestra pérdida y "
        "gradiente",
    ),
    "metavar_image": ("IMAGE", "IMAGEN"),
    "metavar_run": ("RUN", "EJECUCIÓN"),
    # errors
    "bad_kind": ("'{kind}' is no kind of pooling", "'{kind}' no es un tipo de agrupación"),
    "bad_kind_fix": ("Use max or mean", "Use max o mean"),
    "bad_length": ("{value} is below 1", "{value} es menor que 1"),
    "bad_length_fix": ("Give a whole number from 1 up", "Dé un número entero desde 1"),
    "window_larger": (
        "the window of {size}x{size} is larger than the grid of {height}x{width} (rows x columns)",
        "la ventana de {size}x{size} es mayor que la cuadrícula de {height}x{width} (filas x "
        "columnas)",
    ),
    "window_larger_fix": ("Give --size {most} or less", "Dé --size {most} o menos"),
    "image_or_numbers": (
        "one image or --numbers is needed, and not both",
        "hace falta una imagen o --numbers, y no ambos",
    ),
    "image_or_numbers_fix": (
        "Write tamiz lab pool photo.jpg, or tamiz lab pool --numbers '1 3; 2 4'",
        "Escriba tamiz lab pool foto.jpg, o tamiz lab pool --numbers '1 3; 2 4'",
    ),
    "image_of_numbers": (
        "--image is for a source of images, and --numbers was given",
        "--image es para una fuente de imágenes y se dio --numbers",
    ),
    "image_of_numbers_fix": ("Leave out --image", "Quite --image"),
    "no_such_image": (
        "there is no image {n}: the source holds {all:,}",
        "no hay imagen {n}: la fuente contiene {all:,}",
    ),
    "no_such_image_fix": ("Give a number from 1 to {all}", "Dé un número de 1 a {all}"),
    "reads_slides": (
        "'{name}' reads whole slides: it has no layers that read one image",
        "'{name}' lee laminillas enteras: no tiene capas que lean una imagen",
    ),
    "reads_slides_fix": (
        "Use tamiz explain, which draws what counted on a slide",
        "Use tamiz explain, que dibuja lo que contó en una laminilla",
    ),
    "no_layers": (
        "'{name}' is no network: it has no layers to be looked at",
        "'{name}' no es una red: no tiene capas que mirar",
    ),
    "no_layers_fix": (
        "Give a model that was trained with --model small, cnn, or a pretrained network",
        "Dé un modelo entrenado con --model small, cnn, o una red preentrenada",
    ),
    "no_such_layer": (
        "no layer '{name}' gives feature maps; those that do: {known}",
        "ninguna capa '{name}' da mapas de características; las que sí: {known}",
    ),
    "no_such_layer_fix": (
        "Take a name from this list, or a number of layers",
        "Tome un nombre de esta lista, o un número de capas",
    ),
    "bad_class": (
        "the model knows no class '{name}'; it knows {known}",
        "el modelo no conoce la clase '{name}'; conoce {known}",
    ),
    "bad_class_fix": ("Give one of these classes", "Dé una de estas clases"),
    "one_class": (
        "{n} true {n:class|classes} {n:is|are} given, but an image has one",
        "se dan {n} {n:clase verdadera|clases verdaderas}, pero una imagen tiene una",
    ),
    "one_class_fix": ("Give --true once", "Dé --true una sola vez"),
    # features
    "drawing": ("drawing layers", "dibujando capas"),
    "features_title": ("Learnt filters and feature maps", "Filtros aprendidos y mapas"),
    "features_lead": (
        "{model} on {name}. Layers: {n_layers:,}; convolutions drawn: {n:,}.",
        "{model} con {name}. Capas: {n_layers:,}; convoluciones dibujadas: {n:,}.",
    ),
    "image": ("The image", "La imagen"),
    "as_read": (
        "as the network reads it: {shape} (height x width x channels)",
        "como la lee la red: {shape} (alto x ancho x canales)",
    ),
    "layer_title": ("Convolution {number}: {name}", "Convolución {number}: {name}"),
    "kernels_first": (
        "{n:,} of {all:,} learnt {all:kernel|kernels} of {size}, all in one scale; channels of the "
        "image that each reads: {n_channels}",
        "{n:,} de {all:,} {all:núcleo aprendido|núcleos aprendidos} de {size}, todos en una misma "
        "escala; canales de la imagen que lee cada uno: {n_channels}",
    ),
    "kernels_deeper": (
        "{n:,} of {all:,} learnt {all:kernel|kernels} of {size}: each reads {n_channels:,} "
        "{n_channels:channel|channels}; shown is the channel with the largest weights. All in one "
        "scale",
        "{n:,} de {all:,} {all:núcleo aprendido|núcleos aprendidos} de {size}: cada uno lee "
        "{n_channels:,} {n_channels:canal|canales}; se muestra el canal con los mayores pesos. "
        "Todos en una misma escala",
    ),
    "kernels_of_one": (
        "The weights of {all:,} {all:filter|filters} of {size} (rows) on {n_channels:,} "
        "{n_channels:channel|channels} (columns)",
        "Los pesos de {all:,} {all:filtro|filtros} de {size} (filas) sobre {n_channels:,} "
        "{n_channels:canal|canales} (columnas)",
    ),
    "maps": (
        "{n:,} of {all:,} feature {all:map|maps} after {layer}, {size} each, all in one scale: "
        "{zeros:.1%} of the values are 0, {dead:,} {dead:map|maps} {dead:is|are} 0 everywhere; "
        "from {low:.3g} to {high:.3g}",
        "{n:,} de {all:,} {all:mapa|mapas} tras {layer}, de {size} cada uno, todos en una misma "
        "escala: el {zeros:.1%} de los valores es 0, {dead:,} {dead:mapa|mapas} {dead:es|son} 0 en "
        "todas partes; de {low:.3g} a {high:.3g}",
    ),
    "dense": ("Weights", "Pesos"),
    "weights_of_classes": (
        "The weights of {n:,} of {all:,} {all:class|classes} ({layer}), drawn as the image they "
        "read: red adds to the class's score where the image is bright, blue takes away. {names}",
        "Los pesos de {n:,} de {all:,} {all:clase|clases} ({layer}), dibujados como la imagen que "
        "leen: el rojo suma a la puntuación de la clase donde la imagen es clara, el azul resta. "
        "{names}",
    ),
    "weights_of_units": (
        "The weights of {n:,} of {all:,} {all:unit|units} of the first dense layer ({layer}), "
        "drawn as the image they read",
        "Los pesos de {n:,} de {all:,} {all:unidad|unidades} de la primera capa densa ({layer}), "
        "dibujados como la imagen que leen",
    ),
    "nothing_to_draw": (
        "This network has neither convolutions nor dense layers that read the pixels themselves; "
        "its layers stand in the table",
        "Esta red no tiene convoluciones ni capas densas que lean los propios píxeles; sus capas "
        "están en la tabla",
    ),
    "layers": ("All layers", "Todas las capas"),
    "layers_caption": (
        "{n:,} of {all:,} {all:layer|layers} in the order of computing, as they answer to this "
        "image",
        "{n:,} de {all:,} {all:capa|capas} en el orden de cálculo, según responden a esta imagen",
    ),
    "col_layer": ("Layer", "Capa"),
    "col_kind": ("Kind", "Tipo"),
    "col_shape": ("Output", "Salida"),
    "col_parameters": ("Parameters", "Parámetros"),
    "col_zeros": ("Zeros", "Ceros"),
    "col_lowest": ("Lowest", "Menor"),
    "col_highest": ("Highest", "Mayor"),
    "kernel_scale": (
        "weight: blue below 0, red above",
        "peso: azul bajo 0, rojo sobre 0",
    ),
    "colour_scale": (
        "red, green and blue of the weights; middle grey is 0, the ends are ±{most:.3g}",
        "rojo, verde y azul de los pesos; el gris medio es 0, los extremos son ±{most:.3g}",
    ),
    "maps_scale": ("value of the map", "valor del mapa"),
    # pooling
    "pool_title": ("Pooling", "Agrupación (pooling)"),
    "kind_max": ("the largest value", "el mayor valor"),
    "kind_mean": ("the mean", "la media"),
    "pool_exact": (
        "Each window of {size}x{size}, step {stride}, gives {kind}: ({height} - {size})/{stride} + "
        "1 = {rows} {rows:row|rows}, ({width} - {size})/{stride} + 1 = {columns} "
        "{columns:column|columns}. Every place lies in a window (left over: {below} rows, {right} "
        "columns).",
        "Cada ventana de {size}x{size}, paso {stride}, da {kind}: ({height} - {size})/{stride} + 1 "
        "= {rows} {rows:fila|filas}, ({width} - {size})/{stride} + 1 = {columns} "
        "{columns:columna|columnas}. Toda posición está en alguna ventana (sobran: {below} filas, "
        "{right} columnas).",
    ),
    "pool_left_over": (
        "Each window of {size}x{size}, step {stride}, gives {kind}: ({height} - {size})/{stride} + "
        "1, rounded down, = {rows} {rows:row|rows}, ({width} - {size})/{stride} + 1, rounded down, "
        "= {columns} {columns:column|columns}. Rows at the bottom in no window: {below}; columns "
        "at the right: {right}. What stands there is lost.",
        "Cada ventana de {size}x{size}, paso {stride}, da {kind}: ({height} - {size})/{stride} + "
        "1, redondeado hacia abajo, = {rows} {rows:fila|filas}, ({width} - {size})/{stride} + 1, "
        "redondeado hacia abajo, = {columns} {columns:columna|columnas}. Filas de abajo en ninguna "
        "ventana: {below}; columnas de la derecha: {right}. Lo que hay allí se pierde.",
    ),
    "before_max": (
        "Before (channel {channel} of {all}); in brackets what was taken",
        "Antes (canal {channel} de {all}); entre corchetes lo que se tomó",
    ),
    "before_mean": ("Before (channel {channel} of {all})", "Antes (canal {channel} de {all})"),
    "after": ("After (channel {channel} of {all})", "Después (canal {channel} de {all})"),
    "winners": (
        "Where each value was taken from: (row, column); of equal values the first",
        "De dónde se tomó cada valor: (fila, columna); entre iguales, el primero",
    ),
    "winners_picture": (
        "where the values were taken from, each channel in its own colour: the brighter, the more "
        "windows took it (at most {most})",
        "de dónde se tomaron los valores, cada canal en su color: cuanto más claro, más ventanas "
        "lo tomaron (máximo {most})",
    ),
    "size_px": ("{width} x {height} px", "{width} x {height} px"),
    # softmax
    "softmax_title": ("A prediction, step by step", "Una predicción, paso a paso"),
    "softmax_of_classes": (
        "{model} on {name}: {n:,} {n:score|scores} z become probabilities p = exp(z) / sum of "
        "exp(z).",
        "{model} con {name}: {n:,} {n:puntuación|puntuaciones} z se vuelven probabilidades p = "
        "exp(z) / suma de exp(z).",
    ),
    "softmax_of_labels": (
        "{model} on {name}: an image can have several labels, so each of {n:,} {n:score|scores} z "
        "becomes a probability of its own: p = 1 / (1 + exp(-z)).",
        "{model} con {name}: una imagen puede tener varias etiquetas, así que cada una de {n:,} "
        "{n:puntuación|puntuaciones} z da su propia probabilidad: p = 1 / (1 + exp(-z)).",
    ),
    "as_trained": (
        "Softmax of the network's scores, as in training. exp is taken of z less the highest score "
        "({highest:.4f}): it changes no probability, and nothing becomes too large",
        "Softmax de las puntuaciones de la red, como al entrenar. exp se toma de z menos la mayor "
        "puntuación ({highest:.4f}): no cambia ninguna probabilidad y nada crece demasiado",
    ),
    "as_answered": (
        "Softmax of the calibrated scores (highest {highest:.4f}): what predict answers",
        "Softmax de las puntuaciones calibradas (mayor {highest:.4f}): lo que responde predict",
    ),
    "not_calibrated": (
        "The model has no calibration (temperature 1): predict answers with these probabilities.",
        "El modelo no tiene calibración (temperatura 1): predict responde estas probabilidades.",
    ),
    "by_temperature": (
        "Calibration: every score is divided by the temperature {temperature:.4f}, chosen on "
        "validation images; above 1 it makes answers less sure, below 1 surer.",
        "Calibración: cada puntuación se divide por la temperatura {temperature:.4f}, elegida con "
        "imágenes de validación; por encima de 1 hace las respuestas menos seguras, por debajo "
        "más.",
    ),
    "by_vector": (
        "Calibration: each class's log-probability times a scale of its own (from {low:.4f} to "
        "{high:.4f}) plus a shift, bend {bend:.4f}; chosen on validation images.",
        "Calibración: el logaritmo de la probabilidad de cada clase por su propia escala (de "
        "{low:.4f} a {high:.4f}) más un desplazamiento, curvatura {bend:.4f}; elegida con imágenes "
        "de validación.",
    ),
    "loss_as_trained": (
        "Cross-entropy of the true class: -ln {share:.4g} = {loss:.6f}. Knowing nothing costs "
        "ln {n} = {ignorance:.4f}. The gradient p - y is what the loss grows by with each score; a "
        "training step goes the other way.",
        "Entropía cruzada de la clase verdadera: -ln {share:.4g} = {loss:.6f}. No saber nada "
        "cuesta ln {n} = {ignorance:.4f}. El gradiente p - y es lo que crece la pérdida con cada "
        "puntuación; un paso de entrenamiento va en sentido contrario.",
    ),
    "loss_as_answered": (
        "Cross-entropy of the answer: -ln {share:.4g} = {loss:.6f} (ln {n} = {ignorance:.4f} for "
        "knowing nothing). The gradient is by the calibrated scores.",
        "Entropía cruzada de la respuesta: -ln {share:.4g} = {loss:.6f} (ln {n} = {ignorance:.4f} "
        "por no saber nada). El gradiente es respecto a las puntuaciones calibradas.",
    ),
    "sigmoid_caption": (
        "The sigmoid of each label's calibrated score: what predict answers",
        "La sigmoide de la puntuación calibrada de cada etiqueta: lo que responde predict",
    ),
    "loss_of_labels": (
        "Mean binary cross-entropy of {n:,} {n:label|labels}: {loss:.6f}. The gradient p - y is "
        "that of each label's own loss by its calibrated score.",
        "Entropía cruzada binaria media de {n:,} {n:etiqueta|etiquetas}: {loss:.6f}. El gradiente "
        "p - y es el de la pérdida de cada etiqueta respecto a su puntuación calibrada.",
    ),
    "other_classes": ("{n:,} other {n:class|classes}", "otras {n:,} {n:clase|clases}"),
    "sum": ("Sum", "Suma"),
    "mean": ("Mean", "Media"),
    "network_number": ("Network {n}", "Red {n}"),
    "members_caption": (
        "The model is an ensemble: its answer is the mean over {n:,} {n:network|networks}; taken "
        "apart above is the first",
        "El modelo es un conjunto: su respuesta es la media de {n:,} {n:red|redes}; arriba se "
        "desarma la primera",
    ),
    "yes": ("yes", "sí"),
    "no": ("no", "no"),
    "col_class": ("Class", "Clase"),
    "col_label": ("Label", "Etiqueta"),
    "col_score": ("Score z", "Puntuación z"),
    "col_calibrated": ("Calibrated z", "z calibrada"),
    "col_power": ("exp(z - highest)", "exp(z - mayor)"),
    "col_negative_power": ("exp(-z)", "exp(-z)"),
    "col_probability": ("p", "p"),
    "col_threshold": ("Threshold", "Umbral"),
    "col_said": ("Said", "Se dice"),
    "col_wanted": ("y", "y"),
    "col_loss": ("Loss", "Pérdida"),
    "col_gradient": ("p - y", "p - y"),
}
