"""Texts of `export`, and of asking exported models."""

TEXTS = {
    "title": ("Exported model", "Modelo exportado"),
    "why_runtime": ("asking {name}", "preguntar a {name}"),
    "tracing": ("writing the network as a graph", "escribiendo la red como grafo"),
    "quantising": (
        "finding the range of each layer for 8-bit numbers",
        "buscando el rango de cada capa para números de 8 bits",
    ),
    "asking": ("asking both models", "preguntando a ambos modelos"),
    "saved": (
        "Saved: {path} ({mib:.1f} MiB), format {format}.",
        "Guardado: {path} ({mib:.1f} MiB), formato {format}.",
    ),
    "parity": (
        "It gives the answers of `tamiz predict`: on {n} reference {n:image|images} ({real} of "
        "your data, {drawn} drawn in odd sizes and modes) the class is always the same, and no "
        "probability differs by more than {dp:.1e}.",
        "Da las respuestas de `tamiz predict`: en {n} {n:imagen|imágenes} de referencia ({real} de "
        "sus datos, {drawn} dibujadas en tamaños y modos raros) la clase es siempre la misma, y "
        "ninguna probabilidad difiere más de {dp:.1e}.",
    ),
    "no_real": (
        "No image of your own was compared: the run's data are not where they were. Give some with "
        "--reference SOURCE",
        "No se comparó ninguna imagen propia: los datos de la ejecución no están donde estaban. "
        "Dé algunas con --reference FUENTE",
    ),
    "no_real_what": (
        "Compared on drawn images only",
        "Comparado solo con imágenes dibujadas",
    ),
    "parity_failed": (
        "the exported model does not answer as `tamiz predict` does: {n_bad} of {n} reference "
        "{n:image|images}, largest difference of a probability {dp:.2g} ({name})",
        "el modelo exportado no responde como `tamiz predict`: {n_bad} de {n} {n:imagen|imágenes} "
        "de referencia, mayor diferencia de una probabilidad {dp:.2g} ({name})",
    ),
    "parity_failed_fix": (
        "Nothing was written. Take another format (tamiz list exports)",
        "No se escribió nada. Use otro formato (tamiz list exports)",
    ),
    "int8_title": ("What 8 bits cost", "Lo que cuestan los 8 bits"),
    "int8_agree": (
        "The 8-bit model was not held to equal answers. On {n} reference {n:image|images} the "
        "class is the same for {same:.1%}; the largest difference of a probability is {dp:.2g}.",
        "Al modelo de 8 bits no se le exigieron respuestas iguales. En {n} {n:imagen|imágenes} de "
        "referencia la clase coincide en {same:.1%}; la mayor diferencia de una probabilidad es "
        "{dp:.2g}.",
    ),
    "int8_metric": (
        "{metric} on validation images, 8-bit less exact",
        "{metric} en imágenes de validación, 8 bits menos exacto",
    ),
    "int8_speed": (
        "Speed of the whole file, 8-bit over exact",
        "Velocidad del archivo entero, 8 bits entre exacto",
    ),
    "int8_size": ("Size, 8-bit over exact", "Tamaño, 8 bits entre exacto"),
    "int8_unmeasured": (
        "The loss of accuracy was not measured: the run's validation images are not where they "
        "were",
        "La pérdida de exactitud no se midió: las imágenes de validación de la ejecución no están "
        "donde estaban",
    ),
    "int8_unmeasured_advice": (
        "Export on the machine that holds the data before you rely on it",
        "Exporte en la máquina que tiene los datos antes de confiar en él",
    ),
    "int8_changed": (
        "8 bits change the {metric} by {value:+.3f}, and its interval does not hold 0",
        "Los 8 bits cambian la medida {metric} en {value:+.3f}, y su intervalo no contiene el 0",
    ),
    "int8_changed_advice": (
        "Stay with the exact file, or give up to 100 training images with --calibrate",
        "Quédese con el archivo exacto, o dé hasta 100 imágenes de entrenamiento con --calibrate",
    ),
    "measure": ("Measure", "Medida"),
    "value": ("Value", "Valor"),
    "images": ("Images", "Imágenes"),
    "groups": ("Groups", "Grupos"),
    "loss_caption": (
        "With the {confidence:.0%} interval of the difference, paired over groups",
        "Con el intervalo del {confidence:.0%} de la diferencia, pareada por grupos",
    ),
    "speed_caption": (
        "One image at a time, in {blocks} timed {blocks:block|blocks} of each in turn; "
        "{confidence:.0%} interval over blocks",
        "Una imagen cada vez, en {blocks} {blocks:bloque medido|bloques medidos} de cada uno por "
        "turnos; intervalo del {confidence:.0%} por bloques",
    ),
    "onnx_input": (
        "Give it one decoded, upright image as (1, height, width, channels) of type {type}, of any "
        "size, with {channels} {channels:channel|channels}; resizing and normalising are inside.",
        "Dele una imagen decodificada y derecha como (1, alto, ancho, canales) de tipo {type}, de "
        "cualquier tamaño, con {channels} {channels:canal|canales}; el redimensionado y la "
        "normalización van dentro.",
    ),
    "onnx_guard": (
        "The guard's distance is an output of the graph; its checks of size, tone and colour are "
        "made by `tamiz predict model.onnx` only.",
        "La distancia de la guarda es una salida del grafo; sus comprobaciones de tamaño, tono y "
        "color solo las hace `tamiz predict model.onnx`.",
    ),
    "use": ("Predict without torch", "Predecir sin torch"),
    "suffix": (
        "the name must end in {suffix}",
        "el nombre debe terminar en {suffix}",
    ),
    "suffix_fix": ("Choose another --out", "Elija otro --out"),
    "exists": ("there is something already", "ya hay algo ahí"),
    "exists_fix": (
        "Choose another --out, or delete it first",
        "Elija otro --out, o bórrelo antes",
    ),
    "step": (
        "the step '{step}' cannot be written as operators of ONNX",
        "el paso '{step}' no se puede escribir con operadores de ONNX",
    ),
    "step_fix": (
        "Export with --format safetensors, which `tamiz predict` and Python read, or train without "
        "this step",
        "Exporte con --format safetensors, que leen `tamiz predict` y Python, o entrene sin este "
        "paso",
    ),
    "not_bytes": (
        "the steps do not end in 8-bit values",
        "los pasos no acaban en valores de 8 bits",
    ),
    "not_bytes_fix": (
        "Train with a step 'window', which makes grey of values",
        "Entrene con un paso 'window', que convierte valores en grises",
    ),
    "operator": (
        "the network '{name}' cannot be written in ONNX: {reason}",
        "la red '{name}' no se puede escribir en ONNX: {reason}",
    ),
    "operator_fix": (
        "Export with --format torch-export or safetensors, or train another network",
        "Exporte con --format torch-export o safetensors, o entrene otra red",
    ),
    "reads_slides": (
        "'{name}' reads slides, tile after tile: there is no single image to give to a graph",
        "'{name}' lee laminillas, tesela a tesela: no hay una sola imagen que dar a un grafo",
    ),
    "reads_slides_fix": (
        "Export with --format safetensors; `tamiz predict` reads the folder",
        "Exporte con --format safetensors; `tamiz predict` lee la carpeta",
    ),
    "describes": (
        "'{name}' computes its descriptors in NumPy, which ONNX cannot express",
        "'{name}' calcula sus descriptores en NumPy, que ONNX no puede expresar",
    ),
    "describes_fix": (
        "Export with --format safetensors, or train a network",
        "Exporte con --format safetensors, o entrene una red",
    ),
    "calibrate_alone": (
        "--calibrate says nothing without --int8",
        "--calibrate no dice nada sin --int8",
    ),
    "calibrate_alone_fix": ("Add --int8, or leave it out", "Añada --int8, o quítelo"),
    "no_calibration": (
        "8-bit numbers need training images, and the run's are not where they were",
        "los números de 8 bits necesitan imágenes de entrenamiento, y las de la ejecución no están "
        "donde estaban",
    ),
    "no_calibration_fix": (
        "Give some like them with --calibrate SOURCE",
        "Dé algunas parecidas con --calibrate FUENTE",
    ),
    "no_images": ("no image here could be read", "aquí no se pudo leer ninguna imagen"),
    "no_images_fix": (
        "Name a folder or a file of images",
        "Indique una carpeta o un archivo de imágenes",
    ),
    "foreign": (
        "this ONNX file was not written by `tamiz export`: it does not say what its classes are",
        "este archivo ONNX no lo escribió `tamiz export`: no dice cuáles son sus clases",
    ),
    "foreign_fix": (
        "Export a trained model: tamiz export RUN/model --format onnx --out model.onnx",
        "Exporte un modelo entrenado: tamiz export EJECUCIÓN/model --format onnx --out model.onnx",
    ),
    "other_schema": (
        "another version of tamiz wrote this ONNX file (layout {found}; this one reads {known})",
        "este archivo ONNX lo escribió otra versión de tamiz (formato {found}; esta lee {known})",
    ),
    "other_schema_fix": (
        "Export the model again with this version, or install the one that wrote it",
        "Exporte de nuevo el modelo con esta versión, o instale la que lo escribió",
    ),
    "other_graph": (
        "its graph does not take or give what its metadata say",
        "su grafo no toma o no da lo que dicen sus metadatos",
    ),
    "needs_folder": (
        "this is an ONNX file, which `tamiz predict` and `tamiz bench-model` read; all else needs "
        "the model's folder",
        "esto es un archivo ONNX, que leen `tamiz predict` y `tamiz bench-model`; lo demás "
        "necesita la carpeta del modelo",
    ),
    "needs_folder_fix": (
        "Name the run's model folder, such as runs/first/model",
        "Indique la carpeta del modelo, como runs/first/model",
    ),
    "no_backend": (
        "there is no backend '{found}'",
        "no existe el backend '{found}'",
    ),
    "no_backend_fix": (
        "Choose auto, torch or onnxruntime",
        "Elija auto, torch u onnxruntime",
    ),
    "backend": (
        "--backend torch needs the model's folder, and this is an ONNX file",
        "--backend torch necesita la carpeta del modelo, y esto es un archivo ONNX",
    ),
    "backend_fix": (
        "Leave --backend out, or name the run's model folder",
        "Quite --backend, o indique la carpeta del modelo",
    ),
    "weights": (
        "--weights suits networks by name, not an ONNX file",
        "--weights sirve con redes por su nombre, no con un archivo ONNX",
    ),
    "weights_fix": ("Leave --weights out", "Quite --weights"),
}
