"""Texts of training."""

TEXTS = {
    "two_epochs": (
        "{asked} epochs are asked for, and the stages {stages} name {n:,}",
        "se piden {asked} épocas y las etapas {stages} nombran {n:,}",
    ),
    "two_epochs_fix": (
        "Leave --epochs out, or the numbers of epochs out of --stages",
        "Quite --epochs, o los números de épocas de --stages",
    ),
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
        "{n} training {n:image|images} of {n_classes} {n_classes:class|classes} {n:is|are} "
        "too few to train on",
        "{n} {n:imagen|imágenes} de entrenamiento de {n_classes} {n_classes:clase|clases} no "
        "{n:basta|bastan} para entrenar",
    ),
    "too_few_fix": (
        "Give at least two classes and two images of each",
        "Aporte al menos dos clases y dos imágenes de cada una",
    ),
    "val_not_finite": (
        "epoch {epoch}: the validation loss is no number; this epoch cannot be the best",
        "época {epoch}: la pérdida de validación no es un número; esta época no puede ser la mejor",
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
        "resumed with {now} {now:thread|threads}, begun with {before}: the last digits may differ",
        "continúa con {now} {now:hilo|hilos}, empezó con {before}: los últimos dígitos pueden "
        "variar",
    ),
    "other_torch": (
        "resumed with torch {now}, begun with {before}: the last digits may differ",
        "continúa con torch {now}, empezó con {before}: los últimos dígitos pueden variar",
    ),
    "batch_too_large": (
        "a step with {n:,} {n:image|images} takes about {needed:.1f} GiB, and {free:.1f} GiB are "
        "free",
        "un paso con {n:,} {n:imagen|imágenes} ocupa unos {needed:.1f} GiB, y hay {free:.1f} GiB "
        "libres",
    ),
    "batch_too_large_fix": (
        "Set train.batch_size={most} (0 chooses); train.accumulate={times} keeps the size of a "
        "step",
        "Ponga train.batch_size={most} (0 elige); train.accumulate={times} conserva el tamaño del "
        "paso",
    ),
    "out_of_memory": (
        "the processor's memory is too small for {n:,} {n:image|images} in a step",
        "la memoria del procesador no alcanza para {n:,} {n:imagen|imágenes} en un paso",
    ),
    "out_of_memory_fix": (
        "Halve train.batch_size and double train.accumulate, or set train.batch_size=0",
        "Reduzca train.batch_size a la mitad y duplique train.accumulate, o ponga "
        "train.batch_size=0",
    ),
    "batch_chosen": (
        "{n:,} {n:image|images} in a step: chosen by the free memory and the number of images",
        "{n:,} {n:imagen|imágenes} en un paso: elegido según la memoria libre y el número de "
        "imágenes",
    ),
    "bad_stage": (
        "'{words}' is no stage of a training",
        "'{words}' no es una etapa de entrenamiento",
    ),
    "bad_stage_fix": (
        "Write part:epochs or part:epochs:rate; parts are head, last-block, last-3-blocks, all",
        "Escriba parte:épocas o parte:épocas:tasa; las partes son head, last-block, "
        "last-3-blocks, all",
    ),
    "too_few_blocks": (
        "the last {n} {n:block|blocks} {n:is|are} asked for; this network has {most} below its "
        "head",
        "se piden los últimos {n} {n:bloque|bloques}; esta red tiene {most} bajo su cabeza",
    ),
    "too_few_blocks_fix": (
        "Ask for fewer blocks, or for 'all'",
        "Pida menos bloques, o 'all'",
    ),
    "balance_labels": (
        "images with several labels cannot be drawn evenly by class",
        "las imágenes con varias etiquetas no se pueden tomar por igual de cada clase",
    ),
    "balance_labels_fix": (
        "Set train.balance=weights: each label's rare side then weighs more",
        "Ponga train.balance=weights: así el lado raro de cada etiqueta pesa más",
    ),
    "shard_of_one_class": (
        "super batch {number} of {n_shards} has {n} {n:image|images} of one class only",
        "el superlote {number} de {n_shards} tiene {n} {n:imagen|imágenes} de una sola clase",
    ),
    "shard_of_one_class_fix": (
        "Ask for fewer super batches with --shards",
        "Pida menos superlotes con --shards",
    ),
    "fitted_head": (
        "the head '{head}' is fitted to features of a frozen network; more than it is to learn",
        "la cabeza '{head}' se ajusta a características de una red fija; se pide aprender más",
    ),
    "fitted_head_fix": (
        "Use --freeze, or the head 'linear' or 'mlp'",
        "Use --freeze, o la cabeza 'linear' o 'mlp'",
    ),
    "range_of_fitted_head": (
        "the head '{head}' is fitted at once, without steps: there is no learning rate to try",
        "la cabeza '{head}' se ajusta de una vez, sin pasos: no hay tasa de aprendizaje que probar",
    ),
    "range_of_fitted_head_fix": (
        "Train without this test, or use the head 'linear' or 'mlp'",
        "Entrene sin esta prueba, o use la cabeza 'linear' o 'mlp'",
    ),
    "mixing_left_out": (
        "mixup and cutmix are left out while only the head learns: features are not mixed",
        "mixup y cutmix se omiten mientras solo aprende la cabeza: no se mezclan características",
    ),
    "on_features": (
        "only the head learns: from {n:,} {n:feature|features} of each image, computed once",
        "solo aprende la cabeza: con {n:,} {n:característica|características} de cada imagen, "
        "calculadas una vez",
    ),
}
