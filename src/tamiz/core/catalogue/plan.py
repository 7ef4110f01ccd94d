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
        "{n} {n:window|windows}, one channel each",
        "{n} {n:ventana|ventanas}, un canal cada una",
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
    "epochs_of_stages": (
        "of all stages together: each says itself how many it takes",
        "de todas las etapas juntas: cada una dice cuántas dura",
    ),
    "model_slides": (
        "it reads slides; its options say which tiles and how it learns",
        "lee laminillas; sus opciones dicen qué teselas y cómo aprende",
    ),
    "model": (
        "our own network for small images; {n:,} training {n:image|images}, no pretrained weights "
        "needed",
        "nuestra red para imágenes pequeñas; {n:,} {n:imagen|imágenes} de entrenamiento, sin pesos "
        "previos",
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
    "fingerprint": ("Fingerprint of the data", "Huella de los datos"),
    "decisions": ("Decisions and their reasons", "Decisiones y sus razones"),
    "validation": ("What the figures will be worth", "Lo que valdrán las cifras"),
    "fp_what": ("what", "qué"),
    "fp_value": ("found", "hallado"),
    "fp_caption": (
        "Labels, sizes and pictures are those of the training part; of the test part only the "
        "number of images and groups is known.",
        "Etiquetas, tamaños e imágenes son de la parte de entrenamiento; del test solo se conoce "
        "el número de imágenes y grupos.",
    ),
    "fp_images": ("images used", "imágenes usadas"),
    "fp_images_value": (
        "{n:,} in {n_groups:,} independent {n_groups:group|groups}",
        "{n:,} en {n_groups:,} {n_groups:grupo independiente|grupos independientes}",
    ),
    "fp_training": ("to learn from", "para aprender"),
    "fp_training_value": (
        "{n:,} in {n_groups:,} {n_groups:group|groups}",
        "{n:,} en {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "fp_set_aside": ("set aside", "apartadas"),
    "fp_aside_value": (
        "{copies:,} {copies:copy|copies} of other images, {others:,} for other reasons",
        "{copies:,} {copies:copia|copias} de otras imágenes, {others:,} por otras razones",
    ),
    "fp_classes": ("classes", "clases"),
    "fp_classes_value": (
        "{n:,}; the smallest is '{label}' with {least:,} training {least:image|images}",
        "{n:,}; la menor es '{label}', con {least:,} {least:imagen|imágenes} de entrenamiento",
    ),
    "fp_imbalance": ("imbalance", "desequilibrio"),
    "fp_imbalance_value": (
        "the largest class has {times:.1f} times the images of the smallest",
        "la clase mayor tiene {times:.1f} veces las imágenes de la menor",
    ),
    "fp_size": ("size", "tamaño"),
    "fp_one_size": ("all alike, {n:,} px", "todas iguales, {n:,} px"),
    "fp_sizes": (
        "{low:,} to {high:,} px; the median of the longer side is {middle:,} px",
        "de {low:,} a {high:,} px; la mediana del lado mayor es {middle:,} px",
    ),
    "fp_channels": ("colour", "color"),
    "fp_grey": ("all grey", "todas grises"),
    "fp_colour": ("there are colour images", "hay imágenes en color"),
    "fp_bits": ("depth", "profundidad"),
    "fp_bits_value": ("{n} {n:bit|bits} per channel", "{n} {n:bit|bits} por canal"),
    "fp_kind": ("kind of picture", "tipo de imagen"),
    "fp_centres": ("centres", "centros"),
    "fp_centres_value": ("{n:,} in the training part", "{n:,} en la parte de entrenamiento"),
    "fp_machine": ("this machine", "esta máquina"),
    "fp_cpu": (
        "{n} {n:core|cores}, {gib:.0f} GiB of free memory, no GPU",
        "{n} {n:núcleo|núcleos}, {gib:.0f} GiB de memoria libre, sin GPU",
    ),
    "fp_gpu": (
        "{n} {n:core|cores}; {gpu} with {gib:.0f} GiB free",
        "{n} {n:núcleo|núcleos}; {gpu} con {gib:.0f} GiB libres",
    ),
    "kind_digits": (
        "signs or digits: mirrored ones would mean something else",
        "signos o cifras: reflejados significarían otra cosa",
    ),
    "kind_natural": ("colour photographs", "fotografías en color"),
    "kind_clothes": ("grey pictures of things", "imágenes grises de cosas"),
    "kind_radiograph": ("radiographs", "radiografías"),
    "kind_tomography": ("tomography or other volumes", "tomografía u otros volúmenes"),
    "kind_histology": ("histology", "histología"),
    "kind_none": ("cannot be told: too few images", "no se sabe: muy pocas imágenes"),
    "metric_even": (
        "the largest class has {times:.1f} times the images of the smallest, '{label}': accuracy "
        "tells enough",
        "la clase mayor tiene {times:.1f} veces las imágenes de la menor, '{label}': la exactitud "
        "dice bastante",
    ),
    "metric_uneven": (
        "the largest class has {times:.1f} times the images of the smallest, '{label}', which "
        "could vanish in plain accuracy: look at balanced accuracy and AUROC, too",
        "la clase mayor tiene {times:.1f} veces las imágenes de la menor, '{label}', que podría "
        "desaparecer en la exactitud simple: mire también la exactitud equilibrada y el AUROC",
    ),
    "uneven": (
        "'{label}' has {n:,} training {n:image|images}, the largest class {times:.1f} times as "
        "many: who always says the largest class looks good in accuracy",
        "'{label}' tiene {n:,} {n:imagen|imágenes} de entrenamiento y la clase mayor {times:.1f} "
        "veces más: quien dice siempre la clase mayor queda bien en exactitud",
    ),
    "uneven_advice": (
        "Judge by the mean over classes, if all classes matter alike",
        "Juzgue por la media entre clases, si todas importan igual",
    ),
    "width_what": ("figure", "cifra"),
    "width_groups": ("groups", "grupos"),
    "width_accuracy": ("accuracy on what is held out", "exactitud en lo apartado"),
    "width_recall": (
        "recall of '{label}', the smallest class (groups estimated from the training part)",
        "sensibilidad de '{label}', la clase menor (grupos estimados con el entrenamiento)",
    ),
    "width_folds": (
        "accuracy with {n} {n:fold|folds}: each group held out once",
        "exactitud con {n} {n:pliegue|pliegues}: cada grupo apartado una vez",
    ),
    "width_caption": (
        "The 95 % interval to expect, in points: how far from the measured figure the truth may "
        "lie, if images of a group are right or wrong together",
        "El intervalo del 95 % que cabe esperar, en puntos: cuánto puede alejarse la verdad de la "
        "cifra medida, si las imágenes de un grupo aciertan o fallan juntas",
    ),
    "scheme_holdout": (
        "One test part is enough: {n:,} {n:group|groups} {n:tells|tell} an accuracy of 90 % to "
        "about ±{held:.1f} points (with folds, {all:,} {all:group|groups}: ±{folded:.1f})",
        "Basta una parte de test: {n:,} {n:grupo|grupos} {n:da|dan} una exactitud del 90 % con "
        "unos ±{held:.1f} puntos (con pliegues, {all:,} {all:grupo|grupos}: ±{folded:.1f})",
    ),
    "scheme_folds": (
        "The test part is small: {n:,} {n:group|groups} {n:tells|tell} an accuracy of 90 % to "
        "about ±{held:.1f} points; folds would use all {all:,} {all:group|groups}: ±{folded:.1f}",
        "La parte de test es pequeña: {n:,} {n:grupo|grupos} {n:da|dan} una exactitud del 90 % con "
        "unos ±{held:.1f} puntos; con pliegues contarían {all:,} {all:grupo|grupos}: ±{folded:.1f}",
    ),
    "scheme_small": (
        "The test part is small: {n:,} {n:group|groups} {n:tells|tell} an accuracy of 90 % to "
        "about ±{held:.1f} points",
        "La parte de test es pequeña: {n:,} {n:grupo|grupos} {n:da|dan} una exactitud del 90 % con "
        "unos ±{held:.1f} puntos",
    ),
    "scheme_small_advice": (
        "Collect more groups; with a centre column, read the figures of each centre left out",
        "Reúna más grupos; con una columna de centros, lea las cifras de cada centro apartado",
    ),
    "scheme_folds_advice": (
        "Use {folds} {folds:fold|folds}, at {folds} {folds:time|times} the training time",
        "Use {folds} {folds:pliegue|pliegues}, con {folds} {folds:vez|veces} el tiempo de "
        "entrenamiento",
    ),
}
