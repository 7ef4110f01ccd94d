"""Words of what keeps a model ready: decoding apart, uploads, limits."""

TEXTS = {
    "closing": ("the service is closing", "el servicio se está cerrando"),
    "closing_fix": ("Ask again when it is back", "Vuelva a preguntar cuando esté de vuelta"),
    "no_decoder": (
        "the process that decodes images does not start",
        "el proceso que decodifica las imágenes no arranca",
    ),
    "no_decoder_fix": (
        "Allow it more memory (--decode-memory), or see `tamiz doctor`",
        "Déle más memoria (--decode-memory) o vea `tamiz doctor`",
    ),
    "decoder_died": (
        "this file takes more time or memory to read than is allowed",
        "leer este archivo requiere más tiempo o memoria de lo permitido",
    ),
    "decoder_died_fix": (
        "Send a smaller image, or fewer in one archive",
        "Envíe una imagen más pequeña, o menos en un mismo archivo comprimido",
    ),
    "reads_slides": (
        "this model reads whole slides",
        "este modelo lee portaobjetos completos",
    ),
    "reads_slides_fix": (
        "Send a slide (TIFF), not a photo",
        "Envíe un portaobjetos (TIFF), no una foto",
    ),
    "too_many": (
        "{n:,} {n:image|images} in one upload, at most {limit:,} {limit:is|are} answered",
        "{n:,} {n:imagen|imágenes} en un solo envío; se responde a {limit:,} como máximo",
    ),
    "too_many_fix": (
        "Send them in several parts",
        "Envíelas en varias partes",
    ),
    "too_large": (
        "larger than the {limit_mib:,} MiB that are taken",
        "mayor que los {limit_mib:,} MiB que se admiten",
    ),
    "too_large_fix": (
        "Send a smaller file, or several",
        "Envíe un archivo más pequeño, o varios",
    ),
    "empty": ("the upload is empty", "el envío está vacío"),
    "empty_fix": ("Choose a file with content", "Elija un archivo con contenido"),
    "disk_full": (
        "there is no room on the server for this upload",
        "no queda espacio en el servidor para este envío",
    ),
    "disk_full_fix": ("Try again later", "Inténtelo más tarde"),
    "no_maps": (
        "no map can be made of this model's answers here",
        "aquí no se puede hacer un mapa de las respuestas de este modelo",
    ),
    "no_maps_fix": (
        "Slides: `tamiz explain`; classical models: their report tells what columns are worth",
        "Portaobjetos: `tamiz explain`; modelos clásicos: su informe dice cuánto vale cada columna",
    ),
    "map_words": (
        "Bright: what speaks for '{target}' by {name}. A map shows where a network looks, not why; "
        "it is no proof.",
        "Claro: lo que habla a favor de '{target}' según {name}. Un mapa muestra dónde mira una "
        "red, no por qué; no es una prueba.",
    ),
    "no_training": (
        "this is no run, so there are no training images to show",
        "esto no es una ejecución, así que no hay imágenes de entrenamiento que mostrar",
    ),
    "no_training_fix": (
        "Name the folder of the run that trained the model: --show-training runs/x",
        "Indique la carpeta de la ejecución que entrenó el modelo: --show-training runs/x",
    ),
    "other_training": (
        "this run trained another model",
        "esta ejecución entrenó otro modelo",
    ),
    "other_training_fix": (
        "Name the run that trained this one, or leave --show-training out",
        "Indique la ejecución que entrenó este, o quite --show-training",
    ),
    "training_gone": (
        "none of the training images can be read any more",
        "ya no se puede leer ninguna imagen de entrenamiento",
    ),
    "training_gone_fix": (
        "Bring the data back to where it was, or leave --show-training out",
        "Devuelva los datos a su sitio, o quite --show-training",
    ),
}
