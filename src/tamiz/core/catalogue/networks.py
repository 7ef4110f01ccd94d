"""Texts of networks that others made, and of the weights they start from."""

TEXTS = {
    "wrong_size": (
        "this network cannot take images of {side} px: {reason}",
        "esta red no admite imágenes de {side} px: {reason}",
    ),
    "wrong_size_fix": (
        "Take its own size, {own} px: prepare.size_px (--size), or --input in tamiz lab network",
        "Use su propio tamaño, {own} px: prepare.size_px (--size), o --input en tamiz lab network",
    ),
    "no_drop_path": (
        "drop_path does not go with this network: {reason}",
        "drop_path no sirve con esta red: {reason}",
    ),
    "no_drop_path_fix": (
        "Leave model.options.drop_path at 0, or take dropout",
        "Deje model.options.drop_path en 0 o use dropout",
    ),
    "not_to_be_had": (
        "the pretrained weights cannot be had from {origin}: {reason}",
        "los pesos preentrenados no se pueden obtener de {origin}: {reason}",
    ),
    "not_to_be_had_fix": (
        "Give a local file with --weights FILE.safetensors, or start at random with --from-scratch",
        "Indique un archivo con --weights ARCHIVO.safetensors o empiece al azar con --from-scratch",
    ),
    "not_to_be_had_at_all": (
        "the pretrained weights cannot be had from {origin}: {reason}",
        "los pesos preentrenados no se pueden obtener de {origin}: {reason}",
    ),
    "not_to_be_had_at_all_fix": (
        "Give a local file with --weights FILE.safetensors",
        "Indique un archivo con --weights ARCHIVO.safetensors",
    ),
    "none_published": (
        "nobody has published pretrained weights for this network",
        "nadie ha publicado pesos preentrenados para esta red",
    ),
    "none_published_fix": (
        "Give a local file with --weights FILE.safetensors, or start at random with --from-scratch",
        "Indique un archivo con --weights ARCHIVO.safetensors o empiece al azar con --from-scratch",
    ),
    "not_safetensors": (
        "weights are read from safetensors files only; '{ending}' files can run code when opened",
        "los pesos se leen solo de archivos safetensors; un archivo '{ending}' puede ejecutar "
        "código al abrirse",
    ),
    "not_safetensors_fix": (
        "Convert it where you trust it: safetensors.torch.save_file(state_dict, 'w.safetensors')",
        "Conviértalo donde confíe en él: safetensors.torch.save_file(state_dict, 'w.safetensors')",
    ),
    "other_architecture": (
        "these are weights of another architecture: {n} of {all} {all:tensor|tensors} {n:does|do} "
        "not fit {model}; the first, {first}, has shape {found}, not {wanted}",
        "estos pesos son de otra arquitectura: {n} de {all} {all:tensor|tensores} no "
        "{n:encaja|encajan} en {model}; el primero, {first}, tiene forma {found}, no {wanted}",
    ),
    "other_architecture_fix": (
        "Give weights of {model}, or name the network they belong to with --model (--network in "
        "the lab)",
        "Indique pesos de {model} o nombre con --model la red a la que pertenecen (--network en el "
        "laboratorio)",
    ),
    "not_a_network": (
        "this is no network of timm or torchvision",
        "esta no es una red de timm ni de torchvision",
    ),
    "not_a_network_fix": (
        "See: tamiz list networks",
        "Véase: tamiz list networks",
    ),
    "no_classifier": (
        "these weights have no classifier ({name} is missing), so they name no class",
        "estos pesos no tienen clasificador (falta {name}), así que no nombran clases",
    ),
    "no_classifier_fix": (
        "Train one on your own images: tamiz train SOURCE --model ... --weights FILE",
        "Entrene uno con sus imágenes: tamiz train FUENTE --model ... --weights ARCHIVO",
    ),
    "no_class_names": (
        "the network has {n:,} {n:class|classes}, and no set of ImageNet's has so many",
        "la red tiene {n:,} {n:clase|clases}, y ningún conjunto de ImageNet tiene tantas",
    ),
    "no_class_names_fix": (
        "Take a network with ImageNet's 1,000 classes, or train one on your own images",
        "Use una red con las 1000 clases de ImageNet o entrene una con sus imágenes",
    ),
    "weights_of_a_bundle": (
        "a trained model has its own weights",
        "un modelo entrenado tiene sus propios pesos",
    ),
    "weights_of_a_bundle_fix": (
        "Leave --weights out, or name a network of timm or torchvision instead of the model",
        "Omita --weights, o nombre una red de timm o torchvision en vez del modelo",
    ),
    "absent": ("none at all", "ninguna"),
    "not_finite": (
        "{n} {n:tensor|tensors} {n:holds|hold} values that are no numbers; the first is {first}",
        "{n} {n:tensor|tensores} {n:tiene|tienen} valores que no son números; el primero es "
        "{first}",
    ),
    "not_finite_fix": (
        "The file is damaged or was written after a failed training: take another one",
        "El archivo está dañado o se escribió tras un entrenamiento fallido: use otro",
    ),
}
