"""Texts of the command line."""

TEXTS = {
    "help_tamiz": (
        "From raw images to a classifier one can trust.",
        "De imágenes en bruto a un clasificador en el que se puede confiar.",
    ),
    "epilog": (
        "Start with: tamiz demo, or tamiz run photos/ --out runs/first",
        "Empiece con: tamiz demo, o tamiz run fotos/ --out runs/primera",
    ),
    "commands": ("Commands", "Órdenes"),
    "section_begin": ("Begin here", "Empiece aquí"),
    "section_gather": ("Bring images", "Traer imágenes"),
    "section_data": ("Know the data", "Conocer los datos"),
    "section_train": ("Train", "Entrenar"),
    "section_judge": ("Judge", "Juzgar"),
    "section_use": ("Use the model", "Usar el modelo"),
    "section_look": ("Look inside", "Mirar dentro"),
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
    "extra_default": ("default: {value}", "por defecto: {value}"),
    "extra_required": ("required", "obligatoria"),
    "extra_variable": ("env var: {names}", "variable de entorno: {names}"),
    "metavar_options": ("[OPTIONS]", "[OPCIONES]"),
    "metavar_command": ("COMMAND [ARGS]...", "ORDEN [ARGUMENTOS]..."),
    "metavar_source": ("[SOURCE]", "[FUENTE]"),
    "metavar_model": ("MODEL", "MODELO"),
    "metavar_models": ("MODEL...", "MODELO..."),
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
    "path_closed": ("no permission to read it", "sin permiso para leerlo"),
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
    "help_search_at_once": (
        "trials in a round: those of a round do not know of each other, and can be trained at the "
        "same time (see --engine)",
        "pruebas por ronda: las de una ronda no saben unas de otras y pueden entrenarse a la vez "
        "(vea --engine)",
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
    "metavar_data_sets": ("SOURCE...", "FUENTE..."),
    "metavar_for": ("NAME=FILE", "NOMBRE=ARCHIVO"),
    "help_benchmark": (
        "Compare ways of making a model on several data sets: one table, with intervals",
        "Comparar maneras de hacer un modelo en varios conjuntos: una tabla, con intervalos",
    ),
    "help_benchmark_ways": (
        "ways with commas between them: descriptors, descriptors:CLASSIFIER, cnn, small, any "
        "network, frozen:NETWORK, or a recipe file; without it: "
        "descriptors,descriptors:svm,cnn,small",
        "maneras separadas por comas: descriptors, descriptors:CLASIFICADOR, cnn, small, cualquier "
        "red, frozen:RED, o un archivo de receta; si falta: descriptors,descriptors:svm,cnn,small",
    ),
    "help_benchmark_out": (
        "folder for the table, and for a run for each data set and way",
        "carpeta para la tabla, y para una ejecución por cada conjunto y manera",
    ),
    "help_benchmark_against": (
        "the way that the others are held against: first, best (on validation), or one by name",
        "la manera con la que se comparan las otras: first (la primera), best (la mejor en "
        "validación), o una por su nombre",
    ),
    "help_benchmark_weights": (
        "where pretrained networks start: a file, or none; without it, their public weights",
        "de dónde parten las redes preentrenadas: un archivo, o none; si falta, sus pesos públicos",
    ),
    "help_benchmark_for": (
        "recipe that says how one data set is read and divided; may be repeated",
        "receta que dice cómo se lee y se divide un conjunto; se puede repetir",
    ),
    "help_benchmark_recipe": (
        "recipe under all runs; it may not name a network",
        "receta de base para todas las ejecuciones; no puede nombrar una red",
    ),
    "help_export": (
        "Write a model in another format, held to the answers of predict",
        "Escribir un modelo en otro formato, obligado a las respuestas de predict",
    ),
    "help_export_format": (
        "a format of tamiz list exports",
        "un formato de tamiz list exports",
    ),
    "help_export_out": (
        "file (or folder) to write; must not be there yet",
        "archivo (o carpeta) que escribir; no debe existir aún",
    ),
    "help_export_reference": (
        "images to compare answers on; the run's validation images when left out",
        "imágenes en las que comparar respuestas; si falta, las de validación de la ejecución",
    ),
    "help_export_int8": (
        "8-bit weights and activations; the loss of accuracy is measured",
        "pesos y activaciones de 8 bits; se mide la pérdida de exactitud",
    ),
    "help_export_calibrate": (
        "images for --int8; the run's training images when left out",
        "imágenes para --int8; si falta, las de entrenamiento de la ejecución",
    ),
    "help_bench_model": (
        "Time models on this machine, and how much memory they take",
        "Medir en esta máquina la velocidad de los modelos y la memoria que toman",
    ),
    "help_bench_model_batch": (
        "images at once for the throughput",
        "imágenes a la vez para el rendimiento",
    ),
    "help_bench_model_blocks": (
        "timed blocks of each model, at least 3",
        "bloques medidos de cada modelo, al menos 3",
    ),
    "help_bench_model_side": (
        "side of the square decoded image, in pixels",
        "lado de la imagen decodificada, cuadrada, en píxeles",
    ),
    "help_bench_model_threads": (
        "threads to compute with; 0: as many as cores",
        "hilos con los que calcular; 0: tantos como núcleos",
    ),
    "help_predict_backend": (
        "what computes: torch, or onnxruntime (exports the model once, into the cache)",
        "qué calcula: torch, u onnxruntime (exporta el modelo una vez, en la caché)",
    ),
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
    "help_engine": (
        "where many images are worked on: here in threads, here in processes, or on a Ray cluster; "
        "results are the same",
        "dónde se procesan muchas imágenes: aquí en hilos, aquí en procesos, o en un clúster de "
        "Ray; los resultados son los mismos",
    ),
    "help_address": (
        "of the Ray cluster: auto or HOST:6379; without it one is started here",
        "del clúster de Ray: auto o EQUIPO:6379; sin ella se arranca uno aquí",
    ),
    "help_workers": (
        "how many work at once; 0: as many as cores",
        "cuántos trabajan a la vez; 0: tantos como núcleos",
    ),
    "help_listen_port": (
        "port to listen at; 0: any free one",
        "puerto en el que escuchar; 0: cualquiera libre",
    ),
    "help_listen_host": (
        "address to listen at; beyond this machine only with a token",
        "dirección en la que escuchar; fuera de esta máquina, solo con clave",
    ),
    "help_listen_allow_host": (
        "a further name under which it may be reached, behind a proxy (repeatable)",
        "otro nombre con el que se puede llegar, detrás de un proxy (repetible)",
    ),
    "help_listen_max_upload": (
        "MiB of one upload, all its files together",
        "MiB de un envío, todos sus archivos juntos",
    ),
    "help_listen_decode_memory": (
        "MiB of memory for each decoding process; 0: no limit",
        "MiB de memoria de cada proceso que decodifica; 0: sin límite",
    ),
    "help_api": (
        "Serve a model over HTTP: uploads in, answers as JSON out",
        "Servir un modelo por HTTP: entran archivos, salen respuestas en JSON",
    ),
    "help_api_token": (
        "text that who asks must send as 'Authorization: Bearer'; rather set the variable, which "
        "no list of processes shows",
        "texto que quien pregunta debe enviar como 'Authorization: Bearer'; mejor en la variable, "
        "que no aparece en la lista de procesos",
    ),
    "help_api_workers": (
        "uploads worked on at the same time, each decoded by a process of its own",
        "envíos atendidos a la vez, cada uno decodificado por un proceso propio",
    ),
    "help_api_queue": (
        "uploads that may wait; further ones are told when to come back",
        "envíos que pueden esperar; a los demás se les dice cuándo volver",
    ),
    "help_api_timeout": (
        "seconds from the last byte of an upload to its answer",
        "segundos desde el último byte de un envío hasta su respuesta",
    ),
    "help_api_show_card": (
        "let everybody who may ask read the model's card, which names its data",
        "dejar leer la ficha del modelo, que nombra sus datos, a quien pueda preguntar",
    ),
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
    "help_serve": (
        "Open a web app: ask a model about images, or work on data",
        "Abrir una aplicación web: preguntar a un modelo por imágenes, o trabajar con datos",
    ),
    "help_serve_workbench": (
        "in place of a model: images to explore, clean, split, plan, train on and compare",
        "en lugar de un modelo: imágenes que explorar, limpiar, dividir, planear, entrenar y "
        "comparar",
    ),
    "help_serve_runs": (
        "folder of the workbench's runs",
        "carpeta de las ejecuciones del banco de trabajo",
    ),
    "help_serve_token": (
        "token that readers must bring; without it one is made where others can reach the app",
        "token que debe traer quien entra; si falta, se crea uno cuando otros pueden llegar",
    ),
    "help_serve_language": (
        "language of the pages; auto: each browser's own",
        "idioma de las páginas; auto: el de cada navegador",
    ),
    "help_serve_training": (
        "run that trained the model: beside each answer its nearest training images are shown to "
        "everybody who can open the app",
        "ejecución que entrenó el modelo: junto a cada respuesta se muestran sus imágenes de "
        "entrenamiento más cercanas a todos los que pueden abrir la aplicación",
    ),
    "help_serve_no_browser": ("do not open a browser here", "no abrir un navegador aquí"),
    "help_predict_weights": (
        "safetensors file with the weights of a pretrained network; public ones when left out",
        "archivo safetensors con los pesos de una red preentrenada; si falta, los públicos",
    ),
    "help_demo": (
        "The whole job on scikit-learn's handwritten digits, in under a minute",
        "Todo el trabajo con los dígitos de scikit-learn, en menos de un minuto",
    ),
    "help_node": (
        "Answer DICOM studies as they come: structured reports back to the archive",
        "Responder a estudios DICOM según llegan: informes estructurados de vuelta al archivo",
    ),
    "help_lab": (
        "See what happens inside: channels, filters, convolutions, networks",
        "Ver lo que ocurre dentro: canales, filtros, convoluciones, redes",
    ),
    "help_list": (
        "List models, steps, formats, metrics and recipe fields",
        "Enumerar modelos, pasos, formatos, métricas y campos de la receta",
    ),
    "help_cost": (
        "Reckon seconds, bytes and euros of a job from measured rates",
        "Calcular segundos, bytes y euros de un trabajo con tasas medidas",
    ),
    "help_cost_images": (
        "photos of the job: 1000, 300k, 100M",
        "fotos del trabajo: 1000, 300k, 100M",
    ),
    "help_cost_slices": (
        "DICOM slices of the job, likewise",
        "cortes DICOM del trabajo, de igual forma",
    ),
    "help_cost_slides": (
        "whole slides of the job, likewise",
        "laminillas enteras del trabajo, de igual forma",
    ),
    "help_cost_gigapixels": (
        "gigapixels of a slide (default: as those measured)",
        "gigapíxeles de una laminilla (por omisión: como las medidas)",
    ),
    "help_cost_epochs": ("epochs of a training", "épocas de un entrenamiento"),
    "help_cost_workers": (
        "processes of one core each that share the work",
        "procesos de un núcleo cada uno que comparten el trabajo",
    ),
    "help_cost_hour": ("price of one of them for an hour", "precio de uno de ellos por hora"),
    "help_cost_gib": (
        "price of a GiB of storage for a month",
        "precio de un GiB de almacenamiento al mes",
    ),
    "help_cost_model": (
        "network whose steps are timed (default: resnet18)",
        "red cuyos pasos se cronometran (por omisión: resnet18)",
    ),
    "help_cost_size": (
        "side of its input in pixels (default: 224)",
        "lado de su entrada en píxeles (por omisión: 224)",
    ),
    "help_cost_seconds": (
        "about how long SOURCE is measured",
        "cuánto se mide FUENTE, aproximadamente",
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
