"""Texts of `plan`: each choice has its reason."""

TEXTS = {
    "title": ("Plan", "Plan"),
    "field": ("field", "campo"),
    "value": ("value", "valor"),
    "why": ("why", "por qué"),
    "recipe": ("The complete recipe (recipe.toml)", "La receta completa (recipe.toml)"),
    "looking": ("looking at training images", "mirando imágenes de entrenamiento"),
    "asked": ("set by you", "fijado por usted"),
    "channels_grey": (
        "every training image is grey",
        "todas las imágenes de entrenamiento son grises",
    ),
    "channels_windows": (
        "{n} windows, one channel each",
        "{n} ventanas, un canal cada una",
    ),
    "channels_colour": ("there are colour images", "hay imágenes en color"),
    "size_own": (
        "all images have this size ({side} px)",
        "todas las imágenes tienen este tamaño ({side} px)",
    ),
    "size_shrunk": (
        "the median image is {side} px; {size} px is what a small network trained from scratch "
        "on a CPU can use, raise it if fine detail decides",
        "la imagen mediana mide {side} px; {size} px es lo que aprovecha una red pequeña entrenada "
        "desde cero en una CPU; auméntelo si decide el detalle fino",
    ),
    "aspect_stretch": (
        "the images are square or nearly so",
        "las imágenes son cuadradas o casi",
    ),
    "aspect_pad": (
        "the proportions differ between images and are kept",
        "las proporciones varían entre imágenes y se conservan",
    ),
    "channels_repeated": (
        "every image is grey; {model} reads colour, so grey is repeated",
        "todas las imágenes son grises; {model} lee color, así que el gris se repite",
    ),
    "size_of_network": (
        "{model} was made for {size} px; fewer cost less and tell less",
        "{model} se hizo para {size} px; con menos cuesta menos y distingue menos",
    ),
    "interpolation_of_network": (
        "as the images were resized that {model} learnt from",
        "como se redimensionaron las imágenes con que aprendió {model}",
    ),
    "weights_public": (
        "the public pretrained weights of {model}",
        "los pesos públicos preentrenados de {model}",
    ),
    "augment_frozen": (
        "none: with a frozen network each image goes through it once, and epochs cost nothing",
        "ninguna: con la red fija cada imagen pasa por ella una vez y las épocas no cuestan",
    ),
    "model_slides": (
        "it reads slides; its options say which tiles and how it learns",
        "lee laminillas; sus opciones dicen qué teselas y cómo aprende",
    ),
    "model": (
        "our own network for small images; {n:,} training images, no pretrained weights needed",
        "nuestra red para imágenes pequeñas; {n:,} imágenes de entrenamiento, sin pesos previos",
    ),
    "suggested": (
        "measured to suit the network '{model}' with this many images",
        "medido como adecuado para la red '{model}' con esta cantidad de imágenes",
    ),
    "usual": (
        "usual for a network such as '{model}'; not measured on these images",
        "usual para una red como '{model}'; no medido con estas imágenes",
    ),
    "average_mirrored": (
        "worth it where training used mirrored images, and only there",
        "conviene donde se entrenó con imágenes reflejadas, y solo ahí",
    ),
    "mirror_unknown": (
        "no mirroring: too few images to tell whether it would change the class",
        "sin reflejar: hay muy pocas imágenes para saber si cambiaría la clase",
    ),
}
