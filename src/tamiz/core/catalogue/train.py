"""Texts of training."""

TEXTS = {
    "epoch_of": ("epoch {epoch} of {epochs}", "época {epoch} de {epochs}"),
    "diverged": (
        "the loss became {loss} in epoch {epoch}, step {step}, at learning rate {rate} "
        "(batch of {items}, ...)",
        "la pérdida llegó a {loss} en la época {epoch}, paso {step}, con tasa de aprendizaje "
        "{rate} (lote de {items}, ...)",
    ),
    "diverged_fix": (
        "Set train.learning_rate to {smaller}; if it happens again, look at these images",
        "Ponga train.learning_rate a {smaller}; si se repite, mire esas imágenes",
    ),
    "never_finite": (
        "no epoch ended with a validation loss that is a number",
        "ninguna época terminó con una pérdida de validación que sea un número",
    ),
    "never_finite_fix": (
        "Set train.learning_rate to {smaller}",
        "Ponga train.learning_rate a {smaller}",
    ),
    "too_few": (
        "{n} training images of {n_classes} classes are too few to train on",
        "{n} imágenes de entrenamiento de {n_classes} clases no bastan para entrenar",
    ),
    "too_few_fix": (
        "Give at least two classes and two images of each",
        "Aporte al menos dos clases y dos imágenes de cada una",
    ),
    "val_not_finite": (
        "epoch {epoch}: the validation loss is no number; this epoch cannot be the best",
        "época {epoch}: la pérdida de validación no es un número; esta época no puede ser la mejor",
    ),
    "first_loss_high": (
        "the loss at the first step is {loss}; a network that knows nothing has {expected}. "
        "Look at the images' values and at the labels",
        "la pérdida en el primer paso es {loss}; una red que no sabe nada tiene {expected}. "
        "Mire los valores de las imágenes y las etiquetas",
    ),
    "checkpoint_damaged": (
        "checkpoint {name} is damaged and is passed over",
        "el punto de control {name} está dañado y se omite",
    ),
    "checkpoint_older": (
        "going on from the older checkpoint {name}",
        "se continúa desde el punto de control anterior {name}",
    ),
    "no_whole_checkpoint": (
        "no checkpoint in this folder is whole",
        "ningún punto de control de esta carpeta está completo",
    ),
    "no_whole_checkpoint_fix": (
        "Delete this folder to start the training anew",
        "Borre esta carpeta para empezar el entrenamiento de nuevo",
    ),
    "other_config": (
        "the checkpoint was made with other settings or data: {names}",
        "el punto de control se hizo con otros ajustes o datos: {names}",
    ),
    "other_config_fix": (
        "Restore the recipe and the data, or start a new run with another --out",
        "Recupere la receta y los datos o empiece otra ejecución con otro --out",
    ),
    "other_threads": (
        "resumed with {now} threads, begun with {before}: the last digits may differ",
        "continúa con {now} hilos, empezó con {before}: los últimos dígitos pueden variar",
    ),
    "other_torch": (
        "resumed with torch {now}, begun with {before}: the last digits may differ",
        "continúa con torch {now}, empezó con {before}: los últimos dígitos pueden variar",
    ),
}
