"""Texts of the recipe: one line of help per field, and what is wrong with a value."""

TEXTS = {
    "header": (
        "tamiz recipe: every decision of this run. Edit it, then repeat the command.",
        "receta de tamiz: todas las decisiones de esta ejecución. Edítela y repita la orden.",
    ),
    "not_toml": (
        "the recipe is not valid TOML ({reason})",
        "la receta no es TOML válido ({reason})",
    ),
    "not_toml_fix": ("Mend that line", "Corrija esa línea"),
    "is_folder": ("this is a folder, not a recipe", "esto es una carpeta, no una receta"),
    "is_folder_fix": (
        "Name the file, such as runs/first/recipe.toml",
        "Indique el archivo, por ejemplo runs/primera/recipe.toml",
    ),
    "bad_setting": (
        "a setting has the form section.field=value",
        "un ajuste tiene la forma sección.campo=valor",
    ),
    "bad_setting_fix": (
        "For example: --set train.epochs=20",
        "Por ejemplo: --set train.epochs=20",
    ),
    "fault": ("{first}", "{first}"),
    "fault_fix": (
        "See all fields with: tamiz list fields",
        "Vea todos los campos con: tamiz list fields",
    ),
    "faults": (
        "{n} {n:value|values} of the recipe {n:is|are} wrong; the first: {first}",
        "{n} {n:valor|valores} de la receta {n:es incorrecto|son incorrectos}; el primero: {first}",
    ),
    "faults_fix": (
        "Mend all of them; see the fields with: tamiz list fields",
        "Corríjalos todos; vea los campos con: tamiz list fields",
    ),
    "unknown_field": (
        "there is no field '{name}'{suggestion}",
        "no existe el campo '{name}'{suggestion}",
    ),
    "bad_expression": (
        "{name} is not a regular expression ({reason})",
        "{name} no es una expresión regular ({reason})",
    ),
    "bad_encoding": (
        "there is no text encoding called '{name}'",
        "no existe la codificación de texto '{name}'",
    ),
    "fractions_too_large": (
        "split.test_fraction and split.val_fraction leave nothing to train on",
        "split.test_fraction y split.val_fraction no dejan nada para entrenar",
    ),
    "too_low": ("must be at least {low}", "debe ser al menos {low}"),
    "too_high": ("must be at most {high}", "debe ser como máximo {high}"),
    "not_a_choice": ("must be one of {choices}", "debe ser uno de {choices}"),
    "wrong_type": ("must be {type}", "debe ser {type}"),
    "type_text": ("a text in quotes", "un texto entre comillas"),
    "type_whole_number": ("a whole number", "un número entero"),
    "type_number": ("a number", "un número"),
    "type_yes_no": ("true or false", "true o false"),
    "type_table": ("a table", "una tabla"),
    "type_list": ("a list", "una lista"),
    "type_list_of_tables": ("a list of tables", "una lista de tablas"),
    # data
    "data_source": (
        "folder, table, IDX, NPZ or CIFAR file, or archive with the images",
        "carpeta, tabla, archivo IDX, NPZ o CIFAR, o archivo comprimido con las imágenes",
    ),
    "data_kind": (
        "what the source is; auto recognises it by its content",
        "qué es la fuente; auto lo reconoce por su contenido",
    ),
    "data_root": (
        "folder that a table's paths start from; the table's own folder when left out",
        "carpeta desde la que parten las rutas de la tabla; por defecto, la de la tabla",
    ),
    "data_path": (
        "table column with the path, or a template such as {{image_id}}.tif",
        "columna de la tabla con la ruta, o plantilla como {{image_id}}.tif",
    ),
    "data_label": (
        "column with the class, of the table or of DICOM headers (modality)",
        "columna con la clase, de la tabla o de las cabeceras DICOM (modality)",
    ),
    "data_label_separator": (
        "sign between the labels of an image that has several, as in 'hand|finger'",
        "signo entre las etiquetas de una imagen que tiene varias, como en 'mano|dedo'",
    ),
    "data_label_columns": (
        "columns of the table that are one label each (1 or 0)",
        "columnas de la tabla que son una etiqueta cada una (1 o 0)",
    ),
    "data_repeated": (
        "an image with several rows: refuse, or take each row's label as one of its labels",
        "imagen con varias filas: rechazar, o tomar la etiqueta de cada fila como una de las suyas",
    ),
    "data_label_table": (
        "table of patients and their classes, for DICOM or files named after patients",
        "tabla de pacientes y sus clases, para DICOM o archivos con el nombre del paciente",
    ),
    "data_id": (
        "column of the label table with the patients",
        "columna de la tabla de etiquetas con los pacientes",
    ),
    "data_id_from_name": (
        "regular expression that finds the patient of the label table in a file's path",
        "expresión regular que halla en la ruta del archivo el paciente de la tabla de etiquetas",
    ),
    "data_window": (
        "what becomes black to white in DICOM: auto, file, file:2, full, values, a preset (lung, "
        "mediastinum, abdomen, liver, bone, brain, stroke, subdural, wide) or CENTRE,WIDTH",
        "qué pasa de negro a blanco en DICOM: auto, file, file:2, full, values, una ventana con "
        "nombre (lung, mediastinum, abdomen, liver, bone, brain, stroke, subdural, wide) o "
        "CENTRO,ANCHO",
    ),
    "data_frames": (
        "which frames of a multi-frame DICOM file are images",
        "qué cuadros de un DICOM multicuadro son imágenes",
    ),
    "data_keep": (
        "DICOM objects to keep that are set aside: localiser, secondary-capture, segmentation, "
        "parametric-map",
        "objetos DICOM que se conservan en vez de apartarse: localiser, secondary-capture, "
        "segmentation, parametric-map",
    ),
    "data_key": (
        "file of the key that patients' pseudonyms are made with",
        "archivo de la clave con que se hacen los seudónimos de pacientes",
    ),
    "data_allow_names": (
        "go on although files or folders are named after patients",
        "seguir aunque archivos o carpetas lleven nombres de pacientes",
    ),
    "data_group": (
        "table column that says what belongs together (patient, slide)",
        "columna de la tabla que dice qué va junto (paciente, laminilla)",
    ),
    "data_centre": (
        "table column with the hospital or site",
        "columna de la tabla con el hospital o centro",
    ),
    "data_split": (
        "table column with train, val or test",
        "columna de la tabla con train, val o test",
    ),
    "data_label_from_name": (
        "regular expression that finds the class in a file's path; its first group counts",
        "expresión regular que halla la clase en la ruta del archivo; cuenta su primer grupo",
    ),
    "data_group_from_name": (
        "regular expression that finds the patient in a file's path; its first group counts",
        "expresión regular que halla al paciente en la ruta del archivo; cuenta su primer grupo",
    ),
    "data_encoding": (
        "text encoding of the table; detected when left out",
        "codificación de la tabla; se detecta si se omite",
    ),
    "data_separator": (
        "separator of the table's columns; detected when left out",
        "separador de las columnas de la tabla; se detecta si se omite",
    ),
    "data_missing_files": (
        "rows whose file is missing: refuse stops, leave-out goes on without them, keep even "
        "when no file is there (for looking at the table)",
        "filas sin archivo: refuse se detiene, leave-out sigue sin ellas, keep también si no hay "
        "ningún archivo (para mirar la tabla)",
    ),
    "data_allow_outside": (
        "whether a table may name files outside its root",
        "si la tabla puede nombrar archivos fuera de su carpeta raíz",
    ),
    "data_max_problems": (
        "share of unreadable images above which the work stops",
        "proporción de imágenes ilegibles a partir de la cual se detiene el trabajo",
    ),
    "data_max_megapixels": (
        "larger images are refused before decoding",
        "las imágenes mayores se rechazan antes de decodificarlas",
    ),
    "data_max_aspect": (
        "images longer than this times their short side are refused",
        "se rechazan las imágenes más largas que estas veces su lado corto",
    ),
    "data_overview_px": (
        "long side of the overview that is read of a whole slide",
        "lado largo de la vista general que se lee de una laminilla completa",
    ),
    "data_background": (
        "colour behind transparent pixels",
        "color detrás de los píxeles transparentes",
    ),
    "data_value_range": (
        "low,high of float images, mapped to 0..255; without it they are refused",
        "mínimo,máximo de las imágenes en coma flotante, llevados a 0..255; sin él se rechazan",
    ),
    "data_relabel": (
        'labels under another name: {{ "todo" = "", "covid" = "COVID-19" }}; an empty '
        "name means no label",
        'etiquetas con otro nombre: {{ "todo" = "", "covid" = "COVID-19" }}; un nombre '
        "vacío es sin etiqueta",
    ),
    "data_decisions": (
        "table of decisions about single images, as tamiz clean writes it",
        "tabla de decisiones sobre imágenes sueltas, como la escribe tamiz clean",
    ),
    # explore
    "explore_classes": (
        'class of a column where tamiz is wrong: {{ age = "continuous" }}; nominal, ordinal, '
        "discrete or continuous",
        'clase de una columna donde tamiz se equivoca: {{ age = "continuous" }}; nominal, '
        "ordinal, discrete o continuous",
    ),
    # clean
    "clean_near_duplicates": (
        "whether near-identical pictures are looked for and kept on one side of the split",
        "si se buscan imágenes casi idénticas y se mantienen en un solo lado de la partición",
    ),
    "clean_min_likeness": (
        "likeness (0 to 1) from which two pictures count as near-identical; 0: the search's own",
        "parecido (0 a 1) desde el que dos imágenes cuentan como casi idénticas; 0: el propio de "
        "la búsqueda",
    ),
    "clean_only": (
        "the checks to make, by name; empty: all",
        "las comprobaciones que hacer, por nombre; vacío: todas",
    ),
    # audit
    "audit_depth": (
        "how deep suspicions are looked into: quick, full, or auto (full up to 10,000 images)",
        "con qué profundidad se miran las sospechas: quick, full o auto (full hasta 10 000 "
        "imágenes)",
    ),
    "audit_seed": (
        "seed of folds, samples and permutations in clean and audit",
        "semilla de los pliegues, muestras y permutaciones de clean y audit",
    ),
    # split
    "split_given": (
        "the source's own train/val/test: auto uses it if there is one, respect demands it, mend "
        "moves as few images as keep groups together, ignore draws a new one",
        "división propia de la fuente: auto la usa si existe, respect la exige, mend mueve las "
        "menos imágenes que mantienen juntos los grupos, ignore traza una nueva",
    ),
    "split_rule": (
        "rule that puts each group on one side",
        "regla que pone cada grupo en un solo lado",
    ),
    "split_test_fraction": (
        "share of groups sealed for testing",
        "proporción de grupos sellados para la prueba",
    ),
    "split_val_fraction": (
        "share of groups for choosing the model",
        "proporción de grupos para elegir el modelo",
    ),
    "split_seed": (
        "same seed and same groups give the same split",
        "la misma semilla y los mismos grupos dan la misma división",
    ),
    "split_allow_leak": (
        "go on although a group lies on two sides; every report is stamped",
        "continuar aunque un grupo esté en dos lados; todos los informes lo dirán",
    ),
    # prepare
    "prepare_size_px": (
        "side of the network's square input in pixels",
        "lado de la entrada cuadrada de la red, en píxeles",
    ),
    "split_folds": (
        "parts of a cross-validation; 0: none, one split only",
        "partes de una validación cruzada; 0: ninguna, una sola división",
    ),
    "split_fold_rule": (
        "what a fold is: whole groups with classes in proportion, or one centre after the other",
        "qué es una parte: grupos enteros con clases en proporción, o un centro tras otro",
    ),
    "split_repeats": (
        "how often the cross-validation is repeated with other folds",
        "cuántas veces se repite la validación cruzada con otras partes",
    ),
    "prepare_channels": (
        "channels of the network's input: 1 grey, 3 colour, or one for each window",
        "canales de la entrada de la red: 1 gris, 3 color, o uno por ventana",
    ),
    "prepare_aspect": (
        "how an image fills the square: pad keeps all and its proportions, stretch keeps all, "
        "crop keeps the middle",
        "cómo llena la imagen el cuadrado: pad conserva todo y sus proporciones, stretch conserva "
        "todo, crop conserva el centro",
    ),
    "prepare_interpolation": (
        "how pixels are interpolated when an image is resized",
        "cómo se interpolan los píxeles al cambiar de tamaño",
    ),
    "prepare_steps": (
        "what is done to each image before it is brought to size, in order; stored in the model",
        "lo que se hace a cada imagen antes de llevarla al tamaño, en orden; queda en el modelo",
    ),
    "prepare_memory_mib": (
        "largest prepared data set kept in memory, in MiB; beyond it images are read anew",
        "mayor conjunto preparado que se mantiene en memoria, en MiB; si no cabe, se relee",
    ),
    "prepare_workers": (
        "parallel readers; -1 takes one per core",
        "lectores en paralelo; -1 usa uno por núcleo",
    ),
    # model
    "model_name": ("network; see: tamiz list models", "red; véase: tamiz list models"),
    "model_options": ("options of that network", "opciones de esa red"),
    # train
    "train_epochs": ("passes over the training images", "pasadas por las imágenes"),
    "model_weights": (
        "where training starts: auto (pretrained where there are weights), none, or a file",
        "desde dónde se entrena: auto (preentrenada donde haya pesos), none, o un archivo",
    ),
    "train_batch_size": (
        "images per step; 0: as many as memory bears",
        "imágenes por paso; 0: tantas como admita la memoria",
    ),
    "train_optimiser": ("optimiser", "optimizador"),
    "train_learning_rate": ("largest learning rate", "tasa de aprendizaje máxima"),
    "train_weight_decay": ("decoupled weight decay", "decaimiento de pesos desacoplado"),
    "train_schedule": (
        "how the learning rate moves over training",
        "cómo varía la tasa de aprendizaje durante el entrenamiento",
    ),
    "train_schedule_factor": (
        "what 'step', 'exponential' and 'plateau' multiply the learning rate by",
        "por cuánto multiplican la tasa 'step', 'exponential' y 'plateau'",
    ),
    "train_schedule_steps": (
        "after how many steps 'step' and 'exponential' do so (0: a third of the training); "
        "'plateau': epochs without gain",
        "tras cuántos pasos lo hacen 'step' y 'exponential' (0: un tercio del entrenamiento); "
        "'plateau': épocas sin mejora",
    ),
    "train_clip_norm": (
        "longest gradient; a longer one is shortened to it; 0: no limit",
        "gradiente más largo; uno mayor se acorta hasta él; 0: sin límite",
    ),
    "train_accumulate": (
        "batches whose gradients are added up for one step",
        "lotes cuyos gradientes se suman para un paso",
    ),
    "train_stages": (
        "what is trained one after the other, as in head:3,last-block:3,all:10 (part:epochs:rate)",
        "qué se entrena sucesivamente, como head:3,last-block:3,all:10 (parte:épocas:tasa)",
    ),
    "train_layer_decay": (
        "what the learning rate is multiplied by from a layer to the one below it",
        "por cuánto se multiplica la tasa de una capa a la inferior",
    ),
    "train_feature_views": (
        "augmented views of each image whose frozen features are kept; 0: the image itself",
        "vistas aumentadas de cada imagen cuyas características fijas se guardan; 0: la imagen",
    ),
    "train_warmup_fraction": (
        "share of training in which the rate rises",
        "proporción del entrenamiento en que la tasa sube",
    ),
    "train_label_smoothing": (
        "probability moved from the true class to all classes",
        "probabilidad que pasa de la clase verdadera a todas",
    ),
    "train_loss": ("what training makes small", "lo que el entrenamiento hace pequeño"),
    "train_focal_gamma": (
        "how much the focal loss passes over what is right already",
        "cuánto pasa por alto la pérdida focal lo que ya es correcto",
    ),
    "train_balance": (
        "classes of unequal size: weights in the loss, even sampling, or levelling by copies",
        "clases de tamaño desigual: pesos en la pérdida, muestreo parejo, o nivelar con copias",
    ),
    "train_level_to": (
        "images of each class in an epoch with balance=level; 0: as many as the largest class",
        "imágenes de cada clase por época con balance=level; 0: tantas como la clase mayor",
    ),
    "train_shards": (
        "super batches: parts of the data that are trained one after the other; 0: all at once",
        "superlotes: partes de los datos que se entrenan una tras otra; 0: todo a la vez",
    ),
    "train_replay": (
        "images of earlier shards shown again, as a share of a shard",
        "imágenes de superlotes anteriores que se repasan, como parte de un superlote",
    ),
    "train_ema_decay": (
        "decay of the running mean of weights; 0 for none",
        "decaimiento de la media móvil de los pesos; 0 para ninguna",
    ),
    "train_augment": (
        "random changes of training images, in order",
        "cambios aleatorios de las imágenes de entrenamiento, en orden",
    ),
    "train_average_mirrored": (
        "answers are the mean over an image and its mirror image; doubles the cost of an answer",
        "las respuestas son la media de una imagen y su reflejo; duplica el coste de responder",
    ),
    "train_patience": (
        "epochs without a better validation loss before stopping; 0 never stops early",
        "épocas sin mejorar la pérdida de validación antes de parar; 0 no para antes",
    ),
    "train_monitor": (
        "figure of the validation part that chooses the best epoch and stops early",
        "cifra de la parte de validación que elige la mejor época y detiene antes",
    ),
    "train_teacher": (
        "run or model whose answers are learnt besides the labels",
        "corrida o modelo cuyas respuestas se aprenden además de las etiquetas",
    ),
    "train_teacher_options": (
        "how the teacher is listened to: temperature, share, features",
        "cómo se escucha al maestro: temperature, share, features",
    ),
    "train_watch": (
        "where figures are sent while training: tensorboard, mlflow",
        "adónde se envían las cifras al entrenar: tensorboard, mlflow",
    ),
    "train_precision": (
        "auto takes bfloat16 where the processor is faster with it",
        "auto usa bfloat16 donde el procesador es más rápido con él",
    ),
    "train_device": ("auto, cpu or cuda", "auto, cpu o cuda"),
    "train_threads": (
        "processor threads; 0 takes one for tiny steps and all cores otherwise; 1 suits a busy "
        "machine",
        "hilos del procesador; 0 usa uno en pasos diminutos y todos los núcleos si no; 1 conviene "
        "en un equipo ocupado",
    ),
    "train_seed": (
        "same seed, same machine, same bytes",
        "misma semilla y misma máquina, mismos bytes",
    ),
    "train_checkpoint_s": (
        "seconds between checkpoints",
        "segundos entre puntos de control",
    ),
    "train_max_minutes": (
        "stop after this many minutes and keep the best",
        "parar tras estos minutos y conservar lo mejor",
    ),
    "train_minutes": (
        "the time that plan may spend: model, size and epochs are chosen to fit into it",
        "el tiempo que plan puede gastar: modelo, tamaño y épocas se eligen para caber en él",
    ),
    "train_calibration": (
        "how probabilities are made honest, on the validation part: one temperature, a vector "
        "(scale and shift per class), or auto (the vector where it is shown to be better)",
        "cómo se hacen honestas las probabilidades, con la parte de validación: una temperatura, "
        "un vector (escala y desplazamiento por clase) o auto (el vector si demuestra ser mejor)",
    ),
    "train_guard": (
        "store a guard with the model that knows pictures unlike those it learnt from",
        "guardar con el modelo un guardián que reconoce imágenes distintas de las aprendidas",
    ),
    # evaluate
    "evaluate_metric": (
        "the metric that comes first and that baselines are compared by (tamiz list metrics)",
        "la métrica que va primero y con la que se comparan las referencias (tamiz list metrics)",
    ),
    "evaluate_confidence": ("level of the intervals", "nivel de los intervalos"),
    "evaluate_resamples": (
        "bootstrap resamples over groups",
        "remuestreos bootstrap por grupos",
    ),
    "evaluate_seed": ("seed of the resampling", "semilla del remuestreo"),
    "evaluate_n_mistakes": (
        "worst mistakes shown as pictures",
        "peores errores mostrados como imágenes",
    ),
    "evaluate_by": (
        "columns by which every figure is given too: centre, sex, age:10 (bins of ten)",
        "columnas por las que también se da cada cifra: centro, sexo, edad:10 (tramos de diez)",
    ),
    "evaluate_positive": (
        "the class that is looked for (sensitivity, PPV); of two classes the second by default",
        "la clase que se busca (sensibilidad, VPP); de dos clases, la segunda si no se dice",
    ),
    "evaluate_decide": (
        "how a class is chosen: most-probable, sensitivity:0.95, specificity:0.9, f1, youden, cost",
        "cómo se elige la clase: most-probable, sensitivity:0.95, specificity:0.9, f1, youden, "
        "cost",
    ),
    "evaluate_costs": (
        "what a mistake costs: a table of true class, predicted class and cost",
        "lo que cuesta un error: una tabla de clase verdadera, clase predicha y coste",
    ),
    "evaluate_abstain": (
        "share of images on which the model may give no answer; the limit is set on validation",
        "parte de las imágenes en que el modelo puede callar; el límite se fija en validación",
    ),
    "evaluate_prevalence": (
        "share of the positive class where the model will be used, for PPV and NPV",
        "parte de la clase positiva donde se usará el modelo, para VPP y VPN",
    ),
}
