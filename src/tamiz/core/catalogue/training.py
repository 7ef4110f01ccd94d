"""Texts of the training's report."""

TEXTS = {
    "title": ("Training", "Entrenamiento"),
    "chosen_loss": (
        "The weights of epoch {epoch} were kept: it has the lowest validation loss. The test part "
        "was not read.",
        "Se conservan los pesos de la época {epoch}: tiene la menor pérdida de validación. La "
        "parte de prueba no se leyó.",
    ),
    "chosen_accuracy": (
        "The weights of epoch {epoch} were kept: it has the highest validation accuracy. The test "
        "part was not read.",
        "Se conservan los pesos de la época {epoch}: tiene la mayor exactitud de validación. La "
        "parte de prueba no se leyó.",
    ),
    "chosen_f1": (
        "The weights of epoch {epoch} were kept: it has the highest validation F1. The test part "
        "was not read.",
        "Se conservan los pesos de la época {epoch}: tiene el mayor F1 de validación. La parte de "
        "prueba no se leyó.",
    ),
    "start": ("starting weights", "pesos iniciales"),
    "start_sha256": ("their SHA-256 begins with", "su SHA-256 empieza por"),
    "stages": ("stages (part:epochs:rate)", "etapas (parte:épocas:tasa)"),
    "features": ("frozen network, computed once", "red fija, calculada una vez"),
    "features_of": (
        "{n:,} {n:feature|features}, {views} changed views of each image, {precision}",
        "{n:,} {n:característica|características}, {views} {views:vista cambiada|vistas cambiadas} "
        "de cada imagen, {precision}",
    ),
    "balance": ("classes of unequal size", "clases de tamaño desigual"),
    "balance_weights": ("weigh alike in the loss", "pesan igual en la pérdida"),
    "balance_sampling": ("shown equally often", "mostradas con igual frecuencia"),
    "balance_level": (
        "levelled by augmented copies",
        "niveladas con copias aumentadas",
    ),
    "copies": (
        "Copies are training rows drawn more than once, each changed in its own way: none leaves "
        "its group or the training part; validation and test are as they were",
        "Las copias son filas de entrenamiento tomadas más de una vez, cada una cambiada a su "
        "modo: ninguna sale de su grupo ni de la parte de entrenamiento; validación y prueba "
        "quedan como estaban",
    ),
    "loss_made_small": ("loss", "pérdida"),
    "focal": ("focal, gamma {gamma:g}", "focal, gamma {gamma:g}"),
    "shards": ("super batches", "superlotes"),
    "by_shard": (
        "Validation loss after each super batch: {losses}",
        "Pérdida de validación tras cada superlote: {losses}",
    ),
    "shares": ("share", "proporción"),
    "val_f1": ("F1 (validation)", "F1 (validación)"),
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
        "loss of a network that knows nothing",
        "pérdida de una red que no sabe nada",
    ),
    "loss": ("loss (nats)", "pérdida (nats)"),
    "epoch": ("epoch", "época"),
    "train_loss": ("train (with augmentation)", "entrenamiento (con aumentos)"),
    "val_loss": ("validation", "validación"),
    "val_accuracy": ("accuracy (validation)", "exactitud (validación)"),
    "unseen_class": (
        "{n} {n:class|classes} {n:has|have} no training images: {names}",
        "{n} {n:clase|clases} no {n:tiene|tienen} imágenes de entrenamiento: {names}",
    ),
    "unseen_class_fix": (
        "Add training images, or draw another split with --given-split ignore",
        "Añada imágenes de entrenamiento o trace otra división con --given-split ignore",
    ),
    "shards_too_many": (
        "{n} super {n:batch|batches} {n:is|are} asked for; the training part has {n_groups} "
        "{n_groups:group|groups}, which {n_groups:is|are} not cut",
        "se {n:pide|piden} {n} {n:superlote|superlotes}; la parte de entrenamiento tiene "
        "{n_groups} {n_groups:grupo|grupos}, que no se {n_groups:parte|parten}",
    ),
    "shards_too_many_fix": (
        "Ask for {n_groups} or fewer with --shards",
        "Pida {n_groups} o menos con --shards",
    ),
}
