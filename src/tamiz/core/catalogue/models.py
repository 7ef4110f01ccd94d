"""Texts of models and bundles."""

TEXTS = {
    "input_too_small": (
        "images of {side} px are too small for {n_blocks} {n_blocks:block|blocks}, which need "
        "{needed} px",
        "las imágenes de {side} px son pequeñas para {n_blocks} {n_blocks:bloque|bloques}, que "
        "piden {needed} px",
    ),
    "input_too_small_fix": (
        "Set prepare.size_px to {needed} or more, or give model.options.widths {possible} numbers",
        "Ponga prepare.size_px a {needed} o más, o {possible} números en model.options.widths",
    ),
    "no_widths": ("widths is empty", "widths está vacío"),
    "no_widths_fix": (
        "Give at least one number, widths = [32, 64, 128] say",
        "Indique al menos un número, por ejemplo widths = [32, 64, 128]",
    ),
    "side_too_small": (
        "images of {side} px are too small to be told apart",
        "las imágenes de {side} px son demasiado pequeñas",
    ),
    "side_too_small_fix": (
        "Set prepare.size_px to 8 or more",
        "Ponga prepare.size_px a 8 o más",
    ),
    "bundle_version": (
        "schema version {found} of the bundle is unknown; this tamiz reads version {known}",
        "la versión {found} del modelo es desconocida; este tamiz lee la versión {known}",
    ),
    "bundle_version_fix": (
        "Install the tamiz that wrote it, or train again",
        "Instale el tamiz que lo escribió o entrene de nuevo",
    ),
    "bundle_lacks": ("'{name}' is missing", "falta '{name}'"),
    "bundle_step": (
        "a step of the model cannot be made here: {reason}",
        "un paso del modelo no se puede crear aquí: {reason}",
    ),
    "bundle_step_fix": (
        "If it is a plug-in's, install the package that it comes from; otherwise copy the whole "
        "model folder again",
        "Si es de un complemento, instale el paquete del que viene; si no, copie de nuevo la "
        "carpeta completa del modelo",
    ),
    "bundle_classes": (
        "classes must be two or more different names",
        "las clases deben ser dos o más nombres distintos",
    ),
    "bundle_hash": (
        "the weights are not those that bundle.json describes (SHA-256 differs)",
        "los pesos no son los que describe bundle.json (el SHA-256 difiere)",
    ),
    "bundle_hash_fix": (
        "Copy the whole model folder again, or train again",
        "Copie de nuevo la carpeta completa del modelo o entrene otra vez",
    ),
    "bundle_weights": (
        "{n} {n:weight|weights} {n:does|do} not fit the architecture; the first has shape {found}, "
        "not {wanted}",
        "{n} {n:peso|pesos} no {n:encaja|encajan} en la arquitectura; el primero tiene forma "
        "{found}, no {wanted}",
    ),
    "bundle_weights_fix": (
        "The bundle was edited or damaged: copy it again, or train again",
        "El modelo fue editado o dañado: cópielo de nuevo o entrene otra vez",
    ),
    "card_title": ("Model card: {name}", "Ficha del modelo: {name}"),
    "card_intro": (
        "An image classifier for {n} {n:class|classes}, trained with tamiz. Written from "
        "bundle.json.",
        "Un clasificador de imágenes de {n} {n:clase|clases}, entrenado con tamiz. Escrita de "
        "bundle.json.",
    ),
    "card_classes": ("Classes", "Clases"),
    "card_input": ("Input", "Entrada"),
    "card_shape": (
        "{size} x {size} px, {channels} {channels:channel|channels}, values 0 to 255",
        "{size} x {size} px, {channels} {channels:canal|canales}, valores de 0 a 255",
    ),
    "card_background": (
        "transparent pixels are shown on {background}",
        "los píxeles transparentes se muestran sobre {background}",
    ),
    "card_model": ("Network", "Red"),
    "card_training": ("Training", "Entrenamiento"),
    "card_start": ("Starting weights", "Pesos iniciales"),
    "card_at_random": ("drawn at random", "elegidos al azar"),
    "card_metrics": ("Test figures (95 % interval)", "Cifras de prueba (intervalo del 95 %)"),
    "card_no_metrics": ("not evaluated yet", "aún sin evaluar"),
    "card_answers": ("How it answers", "Cómo responde"),
    "card_scales": (
        "scores are rescaled class by class, as fitted on the validation part",
        "las puntuaciones se reescalan clase por clase, según lo ajustado en la validación",
    ),
    "card_temperature": (
        "scores are divided by {temperature:.4f}, as fitted on the validation part",
        "las puntuaciones se dividen por {temperature:.4f}, según lo ajustado en la validación",
    ),
    "card_decided": (
        "'{positive}' is the answer from probability {threshold:.4f} on (rule '{rule}', set on the "
        "validation part)",
        "'{positive}' es la respuesta desde la probabilidad {threshold:.4f} (regla '{rule}', "
        "fijada en la validación)",
    ),
    "card_most_probable": (
        "the most probable class is the answer",
        "la clase más probable es la respuesta",
    ),
    "card_abstains": (
        "below a certainty of {limit:.4f} it gives no answer",
        "por debajo de una certeza de {limit:.4f} no responde",
    ),
    "card_guarded": (
        "a guard marks images unlike those of the training",
        "un guardián señala las imágenes distintas de las de entrenamiento",
    ),
    "card_unguarded": (
        "no guard: it answers whatever it is shown",
        "sin guardián: responde a lo que se le muestre",
    ),
    "card_how": ("How to use it", "Cómo usarlo"),
    "card_predict": (
        "tamiz predict MODEL IMAGES, with the same reading and steps as in training",
        "tamiz predict MODEL IMAGES, con la misma lectura y los mismos pasos que al entrenar",
    ),
    "card_whole": (
        "tamiz report RUN writes the whole card: data, figures, subgroups, limits",
        "tamiz report RUN escribe la ficha completa: datos, cifras, subgrupos, límites",
    ),
    "card_use": ("Intended use", "Uso previsto"),
    "card_licence": ("Licence", "Licencia"),
    "card_unsaid": ("not stated", "sin indicar"),
    "card_versions": ("Versions", "Versiones"),
    "card_hash": ("SHA-256 of the weights: {sha256}", "SHA-256 de los pesos: {sha256}"),
}
