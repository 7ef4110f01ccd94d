"""Texts of slide models on tile embeddings."""

TEXTS = {
    "embedding": ("describing tiles", "describiendo teselas"),
    "chosen": (
        "Each network kept the weights of its epoch with the lowest log loss over validation "
        "patients, classes weighing alike. The test part was not read.",
        "Cada red conserva los pesos de su época con menor pérdida logarítmica en los pacientes "
        "de validación, con todas las clases por igual. La parte de prueba no se leyó.",
    ),
    "slides": ("slides", "laminillas"),
    "slides_empty": (
        "of them without tissue",
        "de ellas sin tejido",
    ),
    "n_empty": (
        "{n:,} of {total:,} {total:slide|slides} {n:holds|hold} no tissue; nothing was learnt from "
        "{n:it|them}",
        "{n:,} de {total:,} {total:laminilla|laminillas} no {n:contiene|contienen} tejido; no se "
        "aprendió nada de {n:ella|ellas}",
    ),
    "n_empty_advice": (
        "See what is taken for tissue: tamiz tiles",
        "Vea lo que se toma por tejido: tamiz tiles",
    ),
    "tiles": ("tiles", "teselas"),
    "train_loss": ("train, network {n}", "entrenamiento, red {n}"),
    "val_loss": ("validation, network {n}", "validación, red {n}"),
    "centres": ("Each centre left out", "Cada centro por separado"),
    "centres_caption": (
        "Patients of each centre predicted by a network that learnt from the other centres only, "
        "train and validation parts. A pooled figure well above these has learnt centres.",
        "Pacientes de cada centro predichos por una red que solo aprendió de los demás, partes "
        "de entrenamiento y validación. Una cifra conjunta muy superior ha aprendido centros.",
    ),
    "column_centre": ("centre left out", "centro excluido"),
    "all_centres": ("all", "todos"),
    "column_patients": ("patients", "pacientes"),
    "column_classes": ("of each class", "de cada clase"),
    "no_tissue": (
        "not one of the {n} training {n:slide|slides} holds tissue",
        "ninguna de {n} {n:laminilla|laminillas} de entrenamiento contiene tejido",
    ),
    "no_tissue_fix": (
        "Look at them with 'tamiz tiles', which draws what it takes for tissue",
        "Mírelas con 'tamiz tiles', que dibuja lo que toma por tejido",
    ),
    "other_version": (
        "its tiles were described by version {found} of the descriptors; this tamiz has {known}",
        "sus teselas se describieron con la versión {found} de los descriptores; este tamiz "
        "tiene la {known}",
    ),
    "other_version_fix": (
        "Train again, or use the tamiz that trained it",
        "Entrene de nuevo o use el tamiz que lo entrenó",
    ),
    "without_tissue": ("no tissue was found on it", "no se encontró tejido en ella"),
    "no_embedding": ("no descriptor is named", "no se nombra ningún descriptor"),
    "no_embedding_fix": (
        "Name some of: tamiz list descriptors",
        "Nombre algunos de: tamiz list descriptors",
    ),
    "no_pixels": (
        "it learns from tiles' descriptors and cannot read pixels",
        "aprende de descriptores de teselas y no puede leer píxeles",
    ),
    "no_pixels_fix": (
        "Train it with tamiz train or tamiz run",
        "Entrénelo con tamiz train o tamiz run",
    ),
    "training": (
        "learning from tiles, network {member} of {members}",
        "aprendiendo de teselas, red {member} de {members}",
    ),
    "predicting": ("predicting slides", "prediciendo laminillas"),
    "slide": ("slide {n}", "laminilla {n}"),
    "not_finite": (
        "{n:,} {n:number|numbers} that {n:describes its tiles is|describe its tiles are} infinite "
        "or missing",
        "{n:,} {n:número|números} que "
        "{n:describe sus teselas es infinito o falta|describen sus teselas son infinitos o faltan}",
    ),
    "not_finite_fix": (
        "Describe the tiles of this slide again, or leave the slide out",
        "Vuelva a describir las teselas de esta laminilla o déjela fuera",
    ),
    "too_few": (
        "{n} training {n:slide|slides} with tissue show {n_classes} {n_classes:class|classes}; two "
        "classes are needed",
        "{n} {n:laminilla|laminillas} de entrenamiento con tejido {n:muestra|muestran} {n_classes} "
        "{n_classes:clase|clases}; hacen falta dos",
    ),
    "too_few_fix": (
        "Add slides of the missing classes to the training part, or find out why no tissue was "
        "found on them",
        "Añada laminillas de las clases que faltan a la parte de entrenamiento, o averigüe por "
        "qué no se encontró tejido en ellas",
    ),
    "never_finite": (
        "the loss of network {member} was never a number",
        "la pérdida de la red {member} nunca fue un número",
    ),
    "never_finite_fix": (
        "Set the learning rate to {smaller}",
        "Ponga la tasa de aprendizaje a {smaller}",
    ),
    "wrong_width": (
        "its tiles are described by {found:,} {found:number|numbers}, the model reads {wanted:,}",
        "sus teselas se describen con {found:,} {found:número|números}; el modelo lee {wanted:,}",
    ),
    "wrong_width_fix": (
        "Describe the tiles as when the model was trained",
        "Describa las teselas igual que cuando se entrenó el modelo",
    ),
    "wrong_weights": (
        "the weights do not fit the options ({name})",
        "los pesos no encajan con las opciones ({name})",
    ),
    "wrong_weights_fix": (
        "The model was edited or damaged: copy it again, or train again",
        "El modelo fue editado o dañado: cópielo de nuevo o entrene otra vez",
    ),
}
