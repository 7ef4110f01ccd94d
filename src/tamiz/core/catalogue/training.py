"""Texts of the training's report."""

TEXTS = {
    "title": ("Training", "Entrenamiento"),
    "chosen": (
        "The weights of epoch {epoch} were kept: it has the lowest validation loss. The test part "
        "was not read.",
        "Se conservan los pesos de la época {epoch}: tiene la menor pérdida de validación. La "
        "parte de prueba no se leyó.",
    ),
    "fact": ("fact", "dato"),
    "value": ("value", "valor"),
    "model": ("network", "red"),
    "parameters": ("parameters", "parámetros"),
    "epochs": ("epochs", "épocas"),
    "best_epoch": ("best epoch", "mejor época"),
    "seconds": ("seconds", "segundos"),
    "precision": ("precision", "precisión"),
    "device": ("device", "dispositivo"),
    "temperature": (
        "softmax temperature, fitted on the validation part",
        "temperatura de softmax, ajustada en la parte de validación",
    ),
    "first_loss": ("loss at the first step", "pérdida en el primer paso"),
    "expected_first_loss": (
        "loss of a network that knows nothing, ln(classes)",
        "pérdida de una red que no sabe nada, ln(clases)",
    ),
    "loss": ("loss (nats)", "pérdida (nats)"),
    "accuracy": ("accuracy", "exactitud"),
    "epoch": ("epoch", "época"),
    "train_loss": ("train (with augmentation)", "entrenamiento (con aumentos)"),
    "val_loss": ("validation", "validación"),
    "val_accuracy": ("validation", "validación"),
    "unseen_class": (
        "{n} classes have no training images: {names}",
        "{n} clases no tienen imágenes de entrenamiento: {names}",
    ),
    "unseen_class_fix": (
        "Add training images, or draw another split with --given-split ignore",
        "Añada imágenes de entrenamiento o trace otra división con --given-split ignore",
    ),
    "shards_too_many": (
        "{n} super batches are asked for; the training part has {n_groups} groups, which are not "
        "cut",
        "se piden {n} superlotes; la parte de entrenamiento tiene {n_groups} grupos, que no se "
        "parten",
    ),
    "shards_too_many_fix": (
        "Ask for {n_groups} or fewer with --shards",
        "Pida {n_groups} o menos con --shards",
    ),
}
