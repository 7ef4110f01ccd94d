"""Texts of `lab classify`."""

TEXTS = {
    "help_classify": (
        "Classify photos by pretrained networks: the top classes with their probabilities",
        "Clasificar fotos con redes preentrenadas: las clases más probables y su probabilidad",
    ),
    "metavar_photos": ("PHOTO...", "FOTO..."),
    "help_network": (
        "networks of timm or torchvision, with commas between them: vgg16,resnet50; see: tamiz "
        "list networks",
        "redes de timm o torchvision separadas por comas: vgg16,resnet50; véase: tamiz list "
        "networks",
    ),
    "help_weights": (
        "safetensors file with the weights; of several networks repeat it in their order, auto "
        "for the public ones; public ones when left out",
        "archivo safetensors con los pesos; con varias redes, repítala en su orden, auto para los "
        "públicos; si falta, los públicos",
    ),
    "help_top": ("how many classes to show", "cuántas clases mostrar"),
    "title": (
        "What pretrained networks see in a photo",
        "Qué ven las redes preentrenadas en una foto",
    ),
    "networks": (
        "The networks, and what each wants to see",
        "Las redes y lo que pide ver cada una",
    ),
    "networks_short": ("The networks", "Las redes"),
    "network": ("Network", "Red"),
    "parameters": ("Parameters", "Parámetros"),
    "classes": ("Classes", "Clases"),
    "resize": ("Resize", "Cambio de tamaño"),
    "shorter_side": ("shorter side to {n} px", "lado corto a {n} px"),
    "both_sides": ("both sides to {n} px", "ambos lados a {n} px"),
    "interpolation": ("Interpolation", "Interpolación"),
    "mean": ("Mean (R, G, B)", "Media (R, G, B)"),
    "std": ("Std (R, G, B)", "Desv. (R, G, B)"),
    "weights": ("Weights", "Pesos"),
    "input": ("Input, the middle", "Entrada, el centro"),
    "normalised": (
        "Values become (value / 255 - mean) / std, channel by channel, as in the training of the "
        "network.",
        "Los valores pasan a (valor / 255 - media) / desviación, canal a canal, como al entrenar "
        "la red.",
    ),
    "cut_away": (
        "Only the middle is seen: the picture on the page shows what each network gets.",
        "Solo se ve el centro: la imagen de la página muestra lo que recibe cada red.",
    ),
    "place": ("Place", "Puesto"),
    "class": ("Class", "Clase"),
    "probability": ("Probability", "Probabilidad"),
    "side": ("{n} x {n} px", "{n} x {n} px"),
    "count": ("{n:,}", "{n:,}"),
    "answer": ("{name} {share:.1%}", "{name} {share:.1%}"),
    "share": ("{share:.2%}", "{share:.2%}"),
    "others": ("the other {n:,} {n:class|classes}", "las otras {n:,} {n:clase|clases}"),
    "rest": ("all others", "las demás"),
    "answers": ("What it says of {photo}", "Lo que dice de {photo}"),
    "answers_of_several": ("What they say of {photo}", "Lo que dicen de {photo}"),
    "original": ("{photo} as stored", "{photo} tal como está guardada"),
    "drawn_title": (
        "{network}: {size} x {size} px, {n:,} {n:parameter|parameters}",
        "{network}: {size} x {size} px, {n:,} {n:parámetro|parámetros}",
    ),
    "drawn_line": ("{share:.1%}  {name}", "{share:.1%}  {name}"),
    "remarks": ("How to read this", "Cómo leerlo"),
    "closed": (
        "A network knows its {n:,} {n:class|classes} only. A photo of anything else gets an answer "
        "all the same, often with a high probability.",
        "Una red solo conoce sus {n:,} {n:clase|clases}. Una foto de cualquier otra cosa recibe "
        "igualmente una respuesta, a menudo con una probabilidad alta.",
    ),
    "not_calibrated": (
        "The probabilities are the network's softmax, not calibrated: 90 % does not mean that 9 "
        "of 10 such answers are right. They sum to 1 over its classes.",
        "Las probabilidades son el softmax de la red, sin calibrar: 90 % no significa que 9 de "
        "cada 10 respuestas así sean correctas. Suman 1 sobre sus clases.",
    ),
    "names": (
        "The names of the classes are ImageNet's, as timm lists them, with synonyms after commas.",
        "Los nombres de las clases son los de ImageNet, tal como los da timm: están en inglés, "
        "con sinónimos tras las comas.",
    ),
    "first_synonym": (
        "Of several synonyms the table shows the first.",
        "De varios sinónimos la tabla muestra el primero.",
    ),
    "own_images": (
        "For classes of your own, train such a network further: tamiz train SOURCE --model {name}",
        "Para clases propias, siga entrenando una red así: tamiz train FUENTE --model {name}",
    ),
    "left_out": (
        "no answer of {name}: {reason}",
        "sin respuesta de {name}: {reason}",
    ),
    "nothing_answers": (
        "none of {n} {n:network|networks} answers: the pretrained weights of none can be had",
        "no responde ninguna de {n} {n:red|redes}: no se consiguen los pesos preentrenados de "
        "ninguna",
    ),
    "nothing_answers_fix": (
        "Give local files, one for each network and in their order: --weights FILE.safetensors",
        "Dé archivos locales, uno por red y en su orden: --weights ARCHIVO.safetensors",
    ),
    "no_network": (
        "no network is named, and no weights that would tell which",
        "no se nombra ninguna red, ni pesos que digan cuál es",
    ),
    "no_network_fix": (
        "Add --network resnet50, or several: --network vgg16,resnet50",
        "Añada --network resnet50, o varias: --network vgg16,resnet50",
    ),
    "not_told": (
        "neither the name nor the shapes of this file tell which network it belongs to",
        "ni el nombre ni las formas de este archivo dicen a qué red pertenece",
    ),
    "not_told_fix": (
        "Name the network: --network NAME",
        "Nombre la red: --network NOMBRE",
    ),
    "not_paired": (
        "{n_networks} {n_networks:network|networks} {n_networks:is|are} named and {n_weights} "
        "{n_weights:time|times} weights",
        "se nombran {n_networks} {n_networks:red|redes} y {n_weights} {n_weights:vez|veces} pesos",
    ),
    "not_paired_fix": (
        "Give --weights once for each network, in their order, auto for public ones; or leave it "
        "out",
        "Dé --weights una vez por cada red, en su orden, auto para los públicos; u omítala",
    ),
    "twice": ("the network {name} is named twice", "la red {name} se nombra dos veces"),
    "twice_fix": ("Name it once", "Nómbrela una sola vez"),
    "bad_top": (
        "{n} {n:class|classes} cannot be shown",
        "no se pueden mostrar {n} {n:clase|clases}",
    ),
    "bad_top_fix": ("Use a whole number from 1 to {most}", "Use un entero de 1 a {most}"),
}
