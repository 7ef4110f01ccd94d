"""Texts of the command line."""

TEXTS = {
    "help_tamiz": (
        "From raw images to a classifier one can trust.",
        "De imágenes crudas a un clasificador en el que se puede confiar.",
    ),
    "epilog": (
        "Start with: tamiz demo, or tamiz run photos/ --out runs/first",
        "Empiece con: tamiz demo, o tamiz run fotos/ --out runs/primera",
    ),
    "commands": ("Commands", "Órdenes"),
    "error": ("error", "error"),
    "and_more": ("... and {n:,} more", "... y {n:,} más"),
    "see_help": ("See: {command}", "Véase: {command}"),
    "no_source": ("no input was named", "no se indicó ninguna entrada"),
    "no_source_fix": (
        "Name a folder, a table or an archive, for example: tamiz run photos/ --out runs/first",
        "Indique una carpeta, una tabla o un archivo, por ejemplo: "
        "tamiz run fotos/ --out runs/primera",
    ),
    "resume_alone": (
        "--resume names the run already; {idle} does not go with it",
        "--resume ya nombra la ejecución; {idle} no lo acompaña",
    ),
    "resume_alone_fix": (
        "Leave out {idle}, or leave out --resume",
        "Quite {idle} o quite --resume",
    ),
    "usage": ("Usage:", "Uso:"),
    "options": ("Options", "Opciones"),
    "arguments": ("Positional arguments", "Argumentos"),
    "metavar_options": ("[OPTIONS]", "[OPCIONES]"),
    "metavar_command": ("COMMAND [ARGS]...", "ORDEN [ARGUMENTOS]..."),
    "metavar_source": ("[SOURCE]", "[FUENTE]"),
    "metavar_model": ("MODEL", "MODELO"),
    "metavar_sources": ("SLIDES...", "LAMINILLAS..."),
    "metavar_pattern": ("[PATTERN]", "[PATRÓN]"),
    "metavar_images": ("IMAGES...", "IMÁGENES..."),
    "metavar_path": ("PATH", "RUTA"),
    "metavar_text": ("TEXT", "TEXTO"),
    "metavar_whole_number": ("INTEGER", "ENTERO"),
    "metavar_number": ("FLOAT", "NÚMERO"),
    "no_such_option": (
        "No such option '{name}'{suggestion}",
        "No existe la opción '{name}'{suggestion}",
    ),
    "missing_argument": ("Missing argument {name}", "Falta el argumento {name}"),
    "bad_value": ("Invalid value for {name}: {reason}", "Valor incorrecto para {name}: {reason}"),
    "takes_no_value": ("Option '{name}' takes no value", "La opción '{name}' no lleva valor"),
    "needs_value": ("Option '{name}' needs a value", "La opción '{name}' necesita un valor"),
    "extra_arguments": (
        "These arguments are too many: {names}",
        "Sobran estos argumentos: {names}",
    ),
    "not_a_choice": (
        "'{value}' is not one of {choices}",
        "'{value}' no es uno de {choices}",
    ),
    "not_a_whole_number": (
        "'{value}' is not a valid integer",
        "'{value}' no es un número entero",
    ),
    "not_a_number": ("'{value}' is not a valid number", "'{value}' no es un número"),
    "help_help": ("Show this message and exit.", "Mostrar este mensaje y salir."),
    "help_version": ("show the version and leave", "mostrar la versión y salir"),
    "help_lang": ("language of texts and reports", "idioma de textos e informes"),
    "help_json": (
        "print the report as JSON on standard output",
        "imprimir el informe como JSON en la salida estándar",
    ),
    "help_quiet": ("show no progress", "no mostrar el avance"),
    "help_debug": (
        "show the full trace of an internal error",
        "mostrar la traza completa de un error interno",
    ),
    "help_out": ("folder of the run", "carpeta de la ejecución"),
    "help_recipe": ("recipe to start from (TOML)", "receta de partida (TOML)"),
    "help_set": (
        "set any field of the recipe, e.g. train.epochs=20; may be repeated",
        "fijar cualquier campo de la receta, p. ej. train.epochs=20; puede repetirse",
    ),
    "help_options": (
        "an option of the model, e.g. classifier=svm; may be repeated",
        "una opción del modelo, p. ej. classifier=svm; puede repetirse",
    ),
    "bad_model_option": (
        "an option of the model is written name=value",
        "una opción del modelo se escribe nombre=valor",
    ),
    "bad_model_option_fix": (
        "Write for example --options classifier=svm",
        "Escriba por ejemplo --options classifier=svm",
    ),
    "help_overwrite": (
        "forget what the run folder had done",
        "olvidar lo que la carpeta ya había hecho",
    ),
    "help_resume": (
        "go on with the run in this folder",
        "continuar la ejecución de esta carpeta",
    ),
    "help_run": (
        "From images to report: index, check, split, plan, train, evaluate",
        "De imágenes a informe: indexar, revisar, dividir, planear, entrenar y evaluar",
    ),
    "help_index": (
        "Find the images, their labels and groups",
        "Hallar las imágenes, sus etiquetas y grupos",
    ),
    "help_check": (
        "Decode every image; find unreadable and identical ones",
        "Decodificar cada imagen; hallar las ilegibles y las idénticas",
    ),
    "help_explore": (
        "Show what the data are: table, images, classes, centres",
        "Mostrar qué son los datos: tabla, imágenes, clases, centros",
    ),
    "help_clean": (
        "Find what may be wrong: bad images, copies, doubtful labels; write decisions.csv",
        "Hallar lo que puede estar mal: imágenes malas, copias, etiquetas dudosas; escribir "
        "decisions.csv",
    ),
    "help_audit": (
        "Say whether a split is valid and whether the label can be told without the object",
        "Decir si una partición es válida y si la etiqueta se adivina sin ver el objeto",
    ),
    "help_relabel": (
        "give a label another name: --relabel 'covid=COVID-19'; an empty name means no label; "
        "may be repeated",
        "dar otro nombre a una etiqueta: --relabel 'covid=COVID-19'; un nombre vacío es sin "
        "etiqueta; puede repetirse",
    ),
    "metavar_relabel": ("OLD=NEW", "VIEJO=NUEVO"),
    "metavar_list": ("NAMES", "NOMBRES"),
    "bad_relabel": (
        "a label is renamed by OLD=NEW",
        "una etiqueta se cambia con VIEJO=NUEVO",
    ),
    "bad_relabel_fix": (
        "For example: --relabel 'todo=' or --relabel 'covid=COVID-19'",
        "Por ejemplo: --relabel 'todo=' o --relabel 'covid=COVID-19'",
    ),
    "help_split": (
        "Divide into train, val and test so that no group lies on two sides",
        "Dividir en train, val y test sin que un grupo quede en dos lados",
    ),
    "help_plan": (
        "Write the recipe, with a reason for each choice",
        "Escribir la receta, con la razón de cada elección",
    ),
    "help_flag_freeze": (
        "train a new head only, on the features of the frozen network: --stages head",
        "entrenar solo una cabeza nueva sobre las características de la red fija: --stages head",
    ),
    "help_flag_from_scratch": (
        "start with random weights: --weights none",
        "empezar con pesos al azar: --weights none",
    ),
    "help_describe": (
        "Write named numbers of every image to one table: histograms, textures, edges, shapes",
        "Escribir números con nombre de cada imagen en una tabla: histogramas, texturas, formas",
    ),
    "help_describe_with": (
        "descriptors and their options: colour-histogram,glcm:distances=1+3,lbp,hog (tamiz list "
        "descriptors)",
        "descriptores y sus opciones: colour-histogram,glcm:distances=1+3,lbp,hog (tamiz list "
        "descriptors)",
    ),
    "help_describe_preset": (
        "a recipe of descriptors: workflow-c, workflow-c-all-angles",
        "una receta de descriptores: workflow-c, workflow-c-all-angles",
    ),
    "help_describe_size": (
        "width and height in pixels that every image is brought to, such as 240x135",
        "ancho y alto en píxeles a los que se lleva cada imagen, como 240x135",
    ),
    "help_describe_out": (
        "table to write, such as features.parquet",
        "tabla que se escribe, como features.parquet",
    ),
    "help_describe_overwrite": (
        "replace a table of other images or settings",
        "reemplazar una tabla de otras imágenes o ajustes",
    ),
    "help_lr_range": (
        "Try learning rates from tiny to huge and suggest one; trains nothing that stays",
        "Probar tasas de aprendizaje de ínfimas a enormes y sugerir una; no deja nada entrenado",
    ),
    "help_lr_range_apply": (
        "write the suggested rate into the run's recipe.toml",
        "escribir la tasa sugerida en el recipe.toml de la ejecución",
    ),
    "help_train": (
        "Train; resumes exactly where it was stopped",
        "Entrenar; continúa exactamente donde se detuvo",
    ),
    "help_search": (
        "Compare recipes on validation, never on test, and train the best",
        "Comparar recetas en validación, nunca en prueba, y entrenar la mejor",
    ),
    "help_search_budget": (
        "time for all trials together, over all sessions: 2h, 30m, 90s",
        "tiempo para todas las pruebas juntas, en todas las sesiones: 2h, 30m, 90s",
    ),
    "help_search_trials": ("how many trials at most", "cuántas pruebas como máximo"),
    "help_search_fields": (
        "fields to vary within their usual ranges, with commas between them",
        "campos que variar dentro de sus rangos habituales, separados por comas",
    ),
    "help_search_field": (
        "a field with its range or choices: train.learning_rate=1e-4..1e-2, "
        "train.optimiser=adamw,sgd; may be repeated",
        "un campo con su rango u opciones: train.learning_rate=1e-4..1e-2, "
        "train.optimiser=adamw,sgd; se puede repetir",
    ),
    "help_search_only": (
        "do not train the best and do not read the test part yet",
        "no entrenar la mejor ni leer la parte de prueba todavía",
    ),
    "metavar_teacher": ("TEACHER", "MAESTRO"),
    "help_distil": (
        "Train a small network on the answers of a large one",
        "Entrenar una red pequeña con las respuestas de una grande",
    ),
    "help_distil_own_split": (
        "draw a new division of the images instead of taking over the teacher's",
        "trazar una división nueva de las imágenes en vez de tomar la del maestro",
    ),
    "help_evaluate_data": (
        "images from elsewhere to measure the finished model on; nothing in the run changes",
        "imágenes de otro lugar con las que medir el modelo terminado; nada cambia en la ejecución",
    ),
    "help_evaluate_name": (
        "name of that external set in files and reports (default: external)",
        "nombre de ese conjunto externo en archivos e informes (si no se da: external)",
    ),
    "help_other_classes": (
        "external images of classes that the model was not trained on: refuse (default), or leave "
        "them out and count them",
        "imágenes externas de clases con las que el modelo no se entrenó: rechazar (refuse, si no "
        "se dice nada) o dejarlas fuera contándolas (leave-out)",
    ),
    "help_evaluate": (
        "Measure on the sealed test part, with intervals",
        "Medir en la parte de prueba sellada, con intervalos",
    ),
    "help_report": (
        "Write the report: HTML, JSON, figures",
        "Escribir el informe: HTML, JSON, figuras",
    ),
    "help_pacs": (
        "Ask a PACS, and fetch studies from it without their identities",
        "Consultar un PACS y traer de él estudios sin sus identidades",
    ),
    "help_convert": (
        "Convert DICOM to PNG, or to DICOM without identities",
        "Convertir DICOM a PNG, o a DICOM sin identidades",
    ),
    "help_augment": (
        "Show what augmentations do to the images",
        "Mostrar qué hacen los aumentos con las imágenes",
    ),
    "help_augment_all": (
        "every augmentation there is, not only the recipe's",
        "todos los aumentos que hay, no solo los de la receta",
    ),
    "help_augment_policy": (
        "augmentations for a kind of image: digits, natural, clothes, radiograph, tomography, "
        "histology, none",
        "aumentos para un tipo de imagen: digits, natural, clothes, radiograph, tomography, "
        "histology, none",
    ),
    "help_ablate_augmentation": (
        "Measure on the validation part which augmentations help and which hurt",
        "Medir en la parte de validación qué aumentos ayudan y cuáles perjudican",
    ),
    "help_ablate_repeats": (
        "trainings of each kind, with different seeds",
        "entrenamientos de cada tipo, con semillas distintas",
    ),
    "help_ablate_try": (
        "augmentations to measure, by name and with commas; the recipe's and those that suit the "
        "kind of image when left out",
        "aumentos que se miden, por nombre y con comas; si falta, los de la receta y los que "
        "convienen al tipo de imagen",
    ),
    "help_ablate_leave_out": (
        "leave each one out of all, instead of trying each one alone",
        "quitar cada uno del conjunto en lugar de probar cada uno solo",
    ),
    "help_sanity": (
        "Train again on changed data: shuffled labels, split without groups, background, curve",
        "Entrenar con datos cambiados: etiquetas barajadas, división sin grupos, fondo, curva",
    ),
    "help_compare": (
        "Compare finished runs: what changed, and what each step was worth",
        "Comparar ejecuciones terminadas: qué cambió y qué valió cada paso",
    ),
    "help_compare_by": (
        "order of the runs: by when they were begun, or by their validation figure",
        "orden de las ejecuciones: por su comienzo o por su cifra de validación",
    ),
    "help_compare_metric": (
        "the figure to compare; without it, that of the first run",
        "la cifra que se compara; si falta, la de la primera ejecución",
    ),
    "help_report_checklist": (
        "also fill in reporting checklists as far as the run shows the answers: claim, "
        "tripod-ai, metrics (several with commas)",
        "rellenar además listas de comprobación hasta donde la ejecución da la respuesta: claim, "
        "tripod-ai, metrics (varias con comas)",
    ),
    "help_compare_html": (
        "also write the comparison as a page",
        "escribir además la comparación como página",
    ),
    "metavar_runs": ("RUNS...", "EJECUCIONES..."),
    "help_explain": (
        "Draw what a model's answers rest on, and check whether the maps are true",
        "Dibujar en qué se apoyan las respuestas de un modelo y comprobar si los mapas son fieles",
    ),
    "help_explain_out": (
        "folder for pictures, tables and report.html",
        "carpeta para imágenes, tablas y report.html",
    ),
    "help_explain_with": (
        "methods, separated by commas: gradcam, integrated-gradients, occlusion, attention; of "
        "slides one of attention, occlusion",
        "métodos, separados por comas: gradcam, integrated-gradients, occlusion, attention; de "
        "laminillas uno de attention, occlusion",
    ),
    "help_explain_class": (
        "class to be explained in place of the answer; more than one: again",
        "clase que explicar en lugar de la respuesta; para varias, repítase",
    ),
    "help_explain_patch": (
        "of occlusion: side of what is hidden, as a share of the image's side",
        "de occlusion: lado de lo que se oculta, como parte del lado de la imagen",
    ),
    "help_explain_stride": (
        "of occlusion: how far it moves, as a share of the side",
        "de occlusion: cuánto avanza, como parte del lado",
    ),
    "help_explain_steps": (
        "of integrated gradients: steps from nothing to the image, at least 32",
        "de integrated-gradients: pasos de la nada a la imagen, al menos 32",
    ),
    "help_explain_baseline": (
        "what stands for nothing: the training images' mean colour, or black",
        "qué representa la nada: el color medio de las imágenes de entrenamiento, o negro",
    ),
    "help_explain_check": (
        "on how many images the maps are checked against orders by lot and random weights; 0: none",
        "en cuántas imágenes se comprueban los mapas con órdenes y pesos al azar; 0: ninguna",
    ),
    "help_explain_gallery": (
        "how many of the run's most confident mistakes are shown; 0: none",
        "cuántos de los errores más seguros de la ejecución se muestran; 0: ninguno",
    ),
    "help_explain_downsample": (
        "of slides: of the pyramidal TIFF, in whole steps; 0: none is written",
        "de laminillas: del TIFF piramidal, en pasos enteros; 0: no se escribe",
    ),
    "help_tiles": (
        "Cut slides into tiles with tissue: rows of a table, no copies",
        "Cortar laminillas en teselas con tejido: filas de una tabla, sin copias",
    ),
    "help_tiles_out": (
        "folder for tiles.csv, slides.csv and a picture of each slide",
        "carpeta para tiles.csv, slides.csv y una imagen de cada laminilla",
    ),
    "help_tile_size": ("side of a tile in pixels", "lado de una tesela en píxeles"),
    "help_um_per_px": (
        "micrometres per pixel of a tile; slides that do not say theirs are refused",
        "micrómetros por píxel de una tesela; se rechazan laminillas que no dicen los suyos",
    ),
    "help_downsample": (
        "instead of --um-per-px: pixels of the slide per pixel of a tile, such as 4",
        "en vez de --um-per-px: píxeles de la laminilla por píxel de tesela, como 4",
    ),
    "help_min_tissue": (
        "share of a tile that must be tissue",
        "proporción de una tesela que debe ser tejido",
    ),
    "help_most": ("tiles of a slide at most; 0: all", "máximo de teselas por laminilla; 0: todas"),
    "help_choose": (
        "which, where there are more: spread over the tissue, darkest, or densest (entropy)",
        "cuáles, si hay más: repartidas (spread), más oscuras (dark) o más densas (dense)",
    ),
    "help_overlap": (
        "share of a tile in common with the next one",
        "proporción de una tesela en común con la siguiente",
    ),
    "help_copies": ("write the tiles as PNG files, too", "escribir también las teselas como PNG"),
    "help_seed": ("seed of the choice", "semilla de la elección"),
    "help_prepare": (
        "Scale slides down, whatever their size, for a network to read",
        "Reducir laminillas, de cualquier tamaño, para que las lea una red",
    ),
    "help_scale": (
        "factor in both directions, by area averaging",
        "factor en ambas direcciones, por promedio de áreas",
    ),
    "help_grey": ("one channel: luma", "un canal: luma"),
    "help_blur": (
        "Gaussian blur of so many pixels of the result, odd; 0: none",
        "desenfoque gaussiano de tantos píxeles del resultado, impar; 0: ninguno",
    ),
    "help_threads": ("threads that decode; 0: all cores", "hilos que decodifican; 0: todos"),
    "help_convert_out": ("folder for the results", "carpeta para los resultados"),
    "help_to": ("what to write", "qué escribir"),
    "help_bits": ("bits of a PNG's grey", "bits del gris de un PNG"),
    "help_folders": (
        "mirror the source's folders, or one folder for each class (with labels: class)",
        "reflejar las carpetas de la fuente, o una carpeta por clase (con etiquetas: class)",
    ),
    "help_blank": (
        "region to make black, in pixels: text burned into the picture",
        "región que se tapa, en píxeles: texto grabado en la imagen",
    ),
    "help_dates": (
        "dates of DICOM without identities: shifted for each patient, or removed",
        "fechas del DICOM sin identidades: desplazadas por paciente, o eliminadas",
    ),
    "help_workers": ("processes; 0: all cores", "procesos; 0: todos los núcleos"),
    "help_predict": (
        "Classify files and folders with a trained model or a pretrained network",
        "Clasificar archivos y carpetas con un modelo entrenado o una red preentrenada",
    ),
    "help_top": (
        "show so many classes of each image, the most probable first",
        "mostrar tantas clases de cada imagen, la más probable primero",
    ),
    "help_guard": (
        "images unlike the training images: warn names them, abstain gives them no answer, off "
        "does not look",
        "imágenes distintas de las de entrenamiento: warn las nombra, abstain no les da respuesta, "
        "off no mira",
    ),
    "help_predict_weights": (
        "safetensors file with the weights of a pretrained network; public ones when left out",
        "archivo safetensors con los pesos de una red preentrenada; si falta, los públicos",
    ),
    "help_demo": (
        "The whole job on scikit-learn's handwritten digits, in under a minute",
        "Todo el trabajo con los dígitos de scikit-learn, en menos de un minuto",
    ),
    "help_lab": (
        "See what happens inside: channels, filters, convolutions, networks",
        "Ver lo que ocurre dentro: canales, filtros, convoluciones, redes",
    ),
    "help_list": (
        "List models, steps, formats, metrics and recipe fields",
        "Enumerar modelos, pasos, formatos, métricas y campos de la receta",
    ),
    "help_doctor": (
        "Show what is installed and what this machine can do",
        "Mostrar lo instalado y lo que puede hacer este equipo",
    ),
    "help_model": (
        "model folder (runs/first/model) or run folder",
        "carpeta del modelo (runs/first/model) o de la ejecución",
    ),
    "help_images": (
        "files, folders or archives to classify",
        "archivos, carpetas o comprimidos que clasificar",
    ),
    "help_csv": ("write the answers to this file", "escribir las respuestas en este archivo"),
    "help_what": ("what to list", "qué enumerar"),
    "help_demo_out": (
        "folder for the demo's data and run",
        "carpeta para los datos y la ejecución de la demostración",
    ),
}
