"""Texts of the forms in which a model leaves tamiz, ONNX aside."""

TEXTS = {
    "several_looks": (
        "this form holds one look by one network; the model is the mean of several",
        "este formato admite una sola mirada de una sola red; el modelo es la media de varias",
    ),
    "several_looks_fix": (
        "Take --format onnx or torch-export, which hold the mean",
        "Use --format onnx o torch-export, que contienen la media",
    ),
    "not_of_timm": (
        "the network '{name}' is none of timm's",
        "la red '{name}' no es de timm",
    ),
    "not_of_timm_fix": (
        "Take --format onnx, torch-export or safetensors",
        "Use --format onnx, torch-export o safetensors",
    ),
    "head_not_of_timm": (
        "on top of '{name}' stands something else than timm's one dense layer",
        "sobre '{name}' hay algo distinto de la única capa densa de timm",
    ),
    "head_not_of_timm_fix": (
        "Take --format onnx, torch-export or safetensors, or train with model.options.head=linear",
        "Use --format onnx, torch-export o safetensors, o entrene con model.options.head=linear",
    ),
    "timm_use": (
        "Scores are equal to those of tamiz for equal pixels. timm's own transform (crop_mode "
        "'{mode}') is near to the steps of the training, and not equal; the exact steps, and how "
        "scores become probabilities, are in {facts}.",
        "Las puntuaciones son iguales a las de tamiz con píxeles iguales. La transformación de "
        "timm (crop_mode '{mode}') se parece a los pasos del entrenamiento, sin ser igual; los "
        "pasos exactos, y cómo las puntuaciones pasan a probabilidades, están en {facts}.",
    ),
    "reads_slides": (
        "the model '{name}' reads bags of tiles, and not an image",
        "el modelo '{name}' lee conjuntos de teselas y no una imagen",
    ),
    "reads_slides_fix": (
        "Predict with tamiz itself: tamiz predict, tamiz serve",
        "Prediga con el propio tamiz: tamiz predict, tamiz serve",
    ),
    "several_inputs": (
        "the networks of this model prepare an image in different ways",
        "las redes de este modelo preparan una imagen de modos distintos",
    ),
    "several_inputs_fix": (
        "Export each network by itself: its folders are member-1, member-2, ...",
        "Exporte cada red por separado: sus carpetas son member-1, member-2, ...",
    ),
    "no_int8": (
        "this form has no 8-bit numbers",
        "este formato no tiene números de 8 bits",
    ),
    "no_int8_fix": (
        "Leave --int8 out, or take --format onnx",
        "Quite --int8 o use --format onnx",
    ),
    "no_program": (
        "the network cannot be written as operators of torch: {reason}",
        "la red no se puede escribir con operadores de torch: {reason}",
    ),
    "no_program_fix": (
        "Predict with tamiz itself (tamiz predict, tamiz serve), or train a network or a linear "
        "head",
        "Prediga con el propio tamiz (tamiz predict, tamiz serve) o entrene una red o una cabeza "
        "lineal",
    ),
    "prepared_pixels": (
        "Reads prepared pixels: {size} by {size}, channels {channels}, 0 to 255. How an image "
        "becomes these is in its input.json.",
        "Lee píxeles preparados: {size} por {size}, canales {channels}, de 0 a 255. Cómo una "
        "imagen llega a serlo está en su input.json.",
    ),
    "rebuild": (
        "{file} tells input, every operation and the answer; "
        "docs/howto/use-a-model-elsewhere.md shows a reader of 20 lines.",
        "{file} describe la entrada, cada operación y la respuesta; "
        "docs/howto/use-a-model-elsewhere.md muestra un lector de 20 líneas.",
    ),
    "timm_facts": (
        "Gives scores of prepared pixels; {file} says how an image becomes these, and how scores "
        "become probabilities.",
        "Da puntuaciones de píxeles preparados; {file} dice cómo una imagen llega a serlo y cómo "
        "las puntuaciones pasan a probabilidades.",
    ),
    "mlflow_input": (
        "Takes a table with the column 'image': the bytes of image files, or pixels (height, "
        "width, 3).",
        "Recibe una tabla con la columna 'image': los bytes de archivos de imagen, o píxeles "
        "(alto, ancho, 3).",
    ),
}
