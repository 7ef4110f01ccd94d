"""Texts of the model card that `report` writes."""

TEXTS = {
    "title": ("Model card: {source}", "Ficha del modelo: {source}"),
    "intro": (
        "Written by tamiz from the files of the run; what only a person can say is marked as open.",
        "Escrita por tamiz a partir de los archivos de la ejecución; lo que solo puede decir una "
        "persona está marcado como abierto.",
    ),
    "model": ("The model", "El modelo"),
    "use": ("Intended use", "Uso previsto"),
    "use_open": (
        "Open: who should use this model, on which images, and for which decision.",
        "Abierto: quién debe usar este modelo, con qué imágenes y para qué decisión.",
    ),
    "research": (
        "Nothing in this run shows that the model is safe or useful in care; that takes a study "
        "of its own.",
        "Nada en esta ejecución muestra que el modelo sea seguro o útil en la atención; eso exige "
        "un estudio propio.",
    ),
    "out_of_scope": ("Out of scope", "Fuera de su alcance"),
    "scope_classes": (
        "Anything that is not one of these: {classes}. The model has no answer 'something else'.",
        "Todo lo que no sea una de estas clases: {classes}. El modelo no tiene la respuesta 'otra "
        "cosa'.",
    ),
    "scope_labels": (
        "Anything besides these: {labels}. The model says nothing of it.",
        "Todo lo que no sea una de estas etiquetas: {labels}. El modelo no dice nada de ello.",
    ),
    "scope_images": (
        "Images of another kind, device or place than those it learnt from ({formats}): what it "
        "does with them was not measured.",
        "Imágenes de otro tipo, equipo o lugar que las que aprendió ({formats}): no se midió qué "
        "hace con ellas.",
    ),
    "scope_external": (
        "Images of another kind than those it learnt from ({formats}); images from elsewhere were "
        "tested on the external sets below only.",
        "Imágenes de otro tipo que las que aprendió ({formats}); con imágenes de otro lugar solo "
        "se probó en los conjuntos externos de abajo.",
    ),
    "data": ("Training data", "Datos de entrenamiento"),
    "testing": ("Evaluation data", "Datos de evaluación"),
    "figures": ("Figures", "Cifras"),
    "decision": ("How it answers", "Cómo responde"),
    "subgroups": ("Subgroups", "Subgrupos"),
    "no_subgroups": (
        "Not measured: tamiz evaluate RUN --by COLUMN does it where the data name groups.",
        "Sin medir: tamiz evaluate RUN --by COLUMN lo hace si los datos nombran grupos.",
    ),
    "guard": ("Images unlike the training", "Imágenes distintas de las de entrenamiento"),
    "no_guard": (
        "No guard is stored with the model: it answers whatever it is shown.",
        "No hay un guardián almacenado con el modelo: responde a lo que se le muestre.",
    ),
    "guard_alarms": (
        "On pictures like those of the training it is wrong to warn in {rate} of cases "
        "(validation part).",
        "Con imágenes como las de entrenamiento avisa sin motivo en el {rate} de los casos "
        "(parte de validación).",
    ),
    "limits": ("Limits that the run found", "Límites que halló la ejecución"),
    "no_limits": (
        "The run found none; that is no proof that there are none.",
        "La ejecución no halló ninguno; eso no prueba que no los haya.",
    ),
    "how": ("How to use it", "Cómo usarlo"),
    "how_command": ("On the command line", "En la línea de órdenes"),
    "how_python": ("In Python", "En Python"),
    "made": ("How it was made", "Cómo se hizo"),
    "licence": ("Licence", "Licencia"),
    "licence_open": (
        "Open: under which licence the weights are given.",
        "Abierto: con qué licencia se entregan los pesos.",
    ),
    "metric": ("Metric", "Métrica"),
    "value": ("Value", "Valor"),
    "figures_caption": (
        "Figures with {confidence:.0%} intervals",
        "Cifras con intervalos del {confidence:.0%}",
    ),
    "class_caption": (
        "Sensitivity (recall) of each class with {confidence:.0%} intervals",
        "Sensibilidad (recall) de cada clase con intervalos del {confidence:.0%}",
    ),
    "class": ("Class", "Clase"),
}
