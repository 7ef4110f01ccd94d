"""Texts of `lab replay`."""

TEXTS = {
    "title": ("A training, epoch by epoch", "Un entrenamiento, época a época"),
    "takes": (
        "A run keeps no weights of each epoch, so it is trained once more: the training took "
        "{minutes:.1f} minutes. Stopped, the same command goes on.",
        "Una ejecución no guarda los pesos de cada época, así que se entrena otra vez: el "
        "entrenamiento tardó {minutes:.1f} minutos. Si se detiene, la misma orden continúa.",
    ),
    "drawing": ("drawing epochs", "dibujando épocas"),
    "lead": (
        "{n:,} {n:epoch|epochs} of {model}; epoch {best} was kept. The confusion matrices are of "
        "the {n_val:,} validation {n_val:image|images}; the test part was not read.",
        "{n:,} {n:época|épocas} de {model}; se conservó la época {best}. Las matrices de confusión "
        "son de {n_val:la|las} {n_val:,} {n_val:imagen|imágenes} de validación; la parte de prueba "
        "no se leyó.",
    ),
    "same": (
        "The weights of the best epoch are those of the run, byte for byte: this is the training "
        "that made the model.",
        "Los pesos de la mejor época son los de la ejecución, byte por byte: este es el "
        "entrenamiento que hizo el modelo.",
    ),
    "differs": (
        "The weights are not those of the run (largest difference {difference:.3g}): another "
        "machine, another version of PyTorch, another device or number of threads computed it, or "
        "the recipe was changed since. What is shown is a training like that of the run, not the "
        "same one.",
        "Los pesos no son los de la ejecución (mayor diferencia {difference:.3g}): lo calculó otra "
        "máquina, otra versión de PyTorch, otro dispositivo u otro número de hilos, o la receta "
        "cambió después. Lo que "
        "se muestra es un entrenamiento como el de la ejecución, no el mismo.",
    ),
    "another": (
        "The network is not that of the run: its recipe was changed since the model was made.",
        "La red no es la de la ejecución: su receta cambió después de hacerse el modelo.",
    ),
    "animation": (
        "One frame per epoch (of more than 60 epochs, 60 of them): filters of the first layer, "
        "answers on validation, losses. Kept: epoch {best}",
        "Un cuadro por época (de más de 60 épocas, 60 de ellas): filtros de la primera capa, "
        "respuestas en validación, pérdidas. Se conservó la época {best}",
    ),
    "losses": ("Loss by epoch", "Pérdida por época"),
    "epoch": ("epoch", "época"),
    "loss_train": ("training", "entrenamiento"),
    "loss_val": ("validation", "validación"),
    "this_epoch": ("this epoch", "esta época"),
    "frame": ("epoch {number} of {n}", "época {number} de {n}"),
    "stage": ("{part} learns", "aprende: {part}"),
    "val_loss": ("validation loss {loss:.4f}", "pérdida en validación {loss:.4f}"),
    "val_accuracy": ("right {share:.1%}", "aciertos {share:.1%}"),
    "kept": ("kept", "conservada"),
    "filters": (
        "first layer: {n} of {all} {all:filter|filters}, one scale for all epochs",
        "primera capa: {n} de {all} {all:filtro|filtros}, una escala para todas las épocas",
    ),
    "confusion": (
        "{n:,} validation {n:image|images}: true class down,\nanswer across, in the order of the "
        "rows",
        "{n:,} {n:imagen|imágenes} de validación: clase verdadera en\nfilas, respuesta en "
        "columnas, mismo orden",
    ),
    "labels": (
        "{n:,} validation {n:image|images}: of each label how often it was\nfound, missed, said "
        "wrongly, left out rightly",
        "{n:,} {n:imagen|imágenes} de validación: por etiqueta, cuántas veces\nhallada, omitida, "
        "dicha de más, bien callada",
    ),
    "not_folds": (
        "this run trained several networks on folds: there is no one training to replay",
        "esta ejecución entrenó varias redes en pliegues: no hay un único entrenamiento que "
        "repetir",
    ),
    "not_folds_fix": (
        "Train one network: tamiz run SOURCE --folds 0 --out runs/one",
        "Entrene una sola red: tamiz run FUENTE --folds 0 --out runs/una",
    ),
    "not_slides": (
        "'{name}' learns from bags of tiles: it has no filters and no images per epoch to show",
        "'{name}' aprende de conjuntos de teselas: no tiene filtros ni imágenes por época que "
        "mostrar",
    ),
    "not_slides_fix": (
        "Replay a run that was trained on images",
        "Repita una ejecución entrenada con imágenes",
    ),
    "not_fitted": (
        "its head is fitted at once on a frozen network: there are no epochs to show",
        "su cabeza se ajusta de una vez sobre una red congelada: no hay épocas que mostrar",
    ),
    "not_fitted_fix": (
        "Train with --set model.options.head=linear, or with --stages head,all",
        "Entrene con --set model.options.head=linear, o con --stages head,all",
    ),
    "not_network": (
        "'{name}' is no network: it is fitted at once, without epochs",
        "'{name}' no es una red: se ajusta de una vez, sin épocas",
    ),
    "not_network_fix": (
        "Replay a run of a network: --model small, cnn, mlp, softmax or a pretrained one",
        "Repita una ejecución de una red: --model small, cnn, mlp, softmax o una preentrenada",
    ),
    "not_untrained": (
        "this run has no trained model yet",
        "esta ejecución aún no tiene un modelo entrenado",
    ),
    "not_untrained_fix": (
        "Train it first: tamiz train --resume and the folder of the run",
        "Entrénela antes: tamiz train --resume y la carpeta de la ejecución",
    ),
    "not_clock": (
        "the clock ended this training (train.max_minutes): where it stood cannot be met again",
        "el reloj terminó este entrenamiento (train.max_minutes): no puede repetirse dónde estaba",
    ),
    "not_clock_fix": (
        "Train with a number of epochs in place of minutes",
        "Entrene con un número de épocas en lugar de minutos",
    ),
    "other_replay": (
        "this folder holds the replay of another training",
        "esta carpeta contiene la repetición de otro entrenamiento",
    ),
    "other_replay_fix": ("Give another --out", "Dé otra carpeta con --out"),
}
