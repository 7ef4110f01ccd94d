"""Texts of `cost`."""

TEXTS = {
    "title": ("What the job costs", "Lo que cuesta el trabajo"),
    "measuring": ("measuring a sample of the files", "midiendo una muestra de los archivos"),
    "timing_steps": (
        "timing training steps of the network '{model}'",
        "cronometrando pasos de entrenamiento de la red «{model}»",
    ),
    "section_images": ("{n:,} {n:photo|photos}", "{n:,} {n:foto|fotos}"),
    "section_slices": ("{n:,} {n:slice|slices}", "{n:,} {n:corte|cortes}"),
    "section_slides": ("{n:,} {n:slide|slides}", "{n:,} {n:laminilla|laminillas}"),
    "sentence": (
        "{n:,} {kind}: {hours} of one core ({low} to {high}); on {workers:,} "
        "{workers:worker|workers} {wall}.",
        "{n:,} {kind}: {hours} de un núcleo (de {low} a {high}); en {workers:,} "
        "{workers:proceso|procesos} {wall}.",
    ),
    "sentence_no_interval": (
        "{n:,} {kind}: {hours} of one core; on {workers:,} {workers:worker|workers} {wall}. No "
        "interval: a rate rests on fewer than 3 measurements.",
        "{n:,} {kind}: {hours} de un núcleo; en {workers:,} {workers:proceso|procesos} {wall}. Sin "
        "intervalo: una tasa se apoya en menos de 3 mediciones.",
    ),
    "sentence_alone": (
        "{n:,} {kind}: {hours} of one core ({low} to {high}).",
        "{n:,} {kind}: {hours} de un núcleo (de {low} a {high}).",
    ),
    "sentence_no_interval_alone": (
        "{n:,} {kind}: {hours} of one core. No interval: a rate rests on fewer than 3 "
        "measurements.",
        "{n:,} {kind}: {hours} de un núcleo. Sin intervalo: una tasa se apoya en menos de 3 "
        "mediciones.",
    ),
    "years": ("{n:,.1f} years", "{n:,.1f} años"),
    "kind_images": ("photos", "fotos"),
    "kind_slices": ("slices", "cortes"),
    "kind_slides": ("slides", "laminillas"),
    "euros": (
        "Computing: {euros} euros; storage: {storage} euros a month.",
        "Cálculo: {euros} euros; almacenamiento: {storage} euros al mes.",
    ),
    "dominant": (
        "What counts most: '{stage}' takes {share:.0%} of the time. If your files take twice as "
        "long there, the whole takes {factor:.1f} times as long.",
        "Lo que más pesa: «{stage}» ocupa el {share:.0%} del tiempo. Si sus archivos tardan allí "
        "el doble, todo tarda {factor:.1f} veces más.",
    ),
    "widest": (
        "The interval is as wide as it is mostly because of '{stage}' ({n:,} "
        "{n:measurement|measurements}).",
        "El intervalo es tan ancho sobre todo por «{stage}» ({n:,} {n:medición|mediciones}).",
    ),
    "own_rates": (
        "Rates: {sample:,} {sample:file|files} of {found:,} in {source}, measured now on one core "
        "of this machine.",
        "Tasas: {sample:,} {sample:archivo|archivos} de {found:,} en {source}, "
        "{sample:medido|medidos} ahora en un núcleo de esta máquina.",
    ),
    "built_in_rates": (
        "Rates: those in the package, measured on {date} on one core of {machine}, from {sample:,} "
        "{sample:file|files}. Name a SOURCE to measure your own.",
        "Tasas: las del paquete, medidas el {date} en un núcleo de {machine}, con {sample:,} "
        "{sample:archivo|archivos}. Indique una FUENTE para medir los suyos.",
    ),
    "assumptions": (
        "Assumed: the other files are like the sample; seconds grow as the number of items "
        "(measured up to {checked:,}); workers ({workers:,}) never wait for each other "
        "or for the disk; every image is trained on, with the network '{model}' at {size} px on "
        "the processor. The intervals hold the chance of the sample, not these assumptions.",
        "Se supone: los demás archivos son como la muestra; los segundos crecen como el número de "
        "elementos (medido hasta {checked:,}); los procesos ({workers:,}) nunca se esperan "
        "unos a otros ni al disco; se entrena con todas las imágenes, con la red «{model}» a "
        "{size} px en el procesador. Los intervalos recogen el azar de la muestra, no estos "
        "supuestos.",
    ),
    "assumptions_slides": (
        "Assumed: the other slides are like the sample, a larger one costs as its area; seconds "
        "grow as the number of slides; workers ({workers:,}) never wait for each other "
        "or for the disk. The sample's slides have {megapixels:,.1f} megapixels on average, these "
        "{asked:,.1f}. The intervals hold the chance of the sample, not these assumptions.",
        "Se supone: las demás laminillas son como la muestra y una mayor cuesta según su área; "
        "los segundos crecen como el número de laminillas; los procesos ({workers:,}) nunca se "
        "esperan unos a otros ni al disco. Las de la muestra tienen {megapixels:,.1f} "
        "megapíxeles de media, estas {asked:,.1f}. Los intervalos recogen el azar de la muestra, "
        "no estos supuestos.",
    ),
    "column_stage": ("Stage", "Etapa"),
    "column_each": ("For each item", "Por elemento"),
    "column_core": ("On one core", "En un núcleo"),
    "column_interval": ("95 % interval", "Intervalo del 95 %"),
    "column_n": ("n", "n"),
    "column_wall": ("On all workers", "En todos los procesos"),
    "column_euros": ("Euros", "Euros"),
    "column_what": ("What", "Qué"),
    "column_size": ("Size", "Tamaño"),
    "column_month": ("Euros a month", "Euros al mes"),
    "caption_seconds": ("Time by stage", "Tiempo por etapa"),
    "caption_storage": ("What lies on the disk", "Lo que ocupa el disco"),
    "stage_index": ("index", "index"),
    "stage_check": ("check", "check"),
    "stage_explore": ("explore", "explore"),
    "stage_split": ("split", "split"),
    "stage_prepare": ("prepare", "prepare"),
    "stage_describe": ("describe", "describe"),
    "stage_train": (
        "train, {epochs} {epochs:epoch|epochs}",
        "train, {epochs} {epochs:época|épocas}",
    ),
    "stage_predict": ("predict", "predict"),
    "stage_tiles": ("tiles", "tiles"),
    "beside": (
        "{stage} (another way, in no total)",
        "{stage} (otra vía, fuera del total)",
    ),
    "all": ("All", "Todo"),
    "what_source": ("the files", "los archivos"),
    "what_cache": ("what is prepared of them", "lo que se prepara de ellos"),
    "what_manifest": ("the manifest", "el manifiesto"),
    "none": ("none", "ninguno"),
    "memory": (
        "The manifest of {n:,} {n:row|rows} needs {gib:,.1f} GiB of memory in one process "
        "(measured: {each:,.0f} bytes a row in `check`), this machine has {have:,.1f}.",
        "El manifiesto de {n:,} {n:fila|filas} necesita {gib:,.1f} GiB de memoria en un proceso "
        "(medido: {each:,.0f} bytes por fila en `check`); este equipo tiene {have:,.1f}.",
    ),
    "memory_advice": (
        "Split the work by groups into parts of at most {most:,} {most:row|rows}, one run for "
        "each; no group may lie in two parts.",
        "Divida el trabajo por grupos en partes de {most:,} {most:fila|filas} como mucho, una "
        "ejecución para cada una; ningún grupo puede estar en dos partes.",
    ),
    "many_files": (
        "{n:,} single {n:file|files}: a folder is listed file by file, and copying them is slow.",
        "{n:,} {n:archivo suelto|archivos sueltos}: una carpeta se lista archivo a archivo, y "
        "copiarlos es lento.",
    ),
    "many_files_advice": (
        "Keep them in tar files of some thousands (WebDataset), which tamiz reads as they are.",
        "Guárdelos en archivos tar de algunos miles (WebDataset), que tamiz lee tal cual.",
    ),
    "cache_large": (
        "The prepared pixels ({size}) do not fit into the memory of this machine ({have:,.1f} "
        "GiB): train in super batches (train.super_batch), or decode in every epoch.",
        "Los píxeles preparados ({size}) no caben en la memoria de este equipo ({have:,.1f} GiB): "
        "entrene por superlotes (train.super_batch) o decodifique en cada época.",
    ),
    "bad_count": (
        "'{words}' is no number of items",
        "«{words}» no es un número de elementos",
    ),
    "bad_count_fix": (
        "write a number from 1 to 1000000M, such as 1000, 300k or 100M",
        "escriba un número de 1 a 1000000M, como 1000, 300k o 100M",
    ),
    "bad_value": (
        "{value} is out of its limits",
        "{value} está fuera de sus límites",
    ),
    "bad_value_fix": (
        "give a value from {low} to {high}",
        "dé un valor entre {low} y {high}",
    ),
    "no_rates": (
        "there are no rates for {kind} in these measurements",
        "no hay tasas para {kind} en estas mediciones",
    ),
    "no_rates_fix": (
        "measure a SOURCE that holds such files, or ask without SOURCE",
        "mida una FUENTE con archivos de ese tipo, o pregunte sin FUENTE",
    ),
    "nothing_asked": (
        "nothing says how many items the job has",
        "nada dice cuántos elementos tiene el trabajo",
    ),
    "nothing_asked_fix": (
        "name a SOURCE, or give --images, --slices or --slides",
        "indique una FUENTE, o dé --images, --slices o --slides",
    ),
    "two_kinds": (
        "a SOURCE is measured as one kind of item, and {n} were asked for",
        "una FUENTE se mide como un solo tipo de elemento, y se pidieron {n}",
    ),
    "two_kinds_fix": (
        "ask for one of --images, --slices and --slides with a SOURCE",
        "pida solo uno de --images, --slices y --slides junto con una FUENTE",
    ),
    "other_model": (
        "the package has rates of the network '{model}' at {size} px only",
        "el paquete solo tiene tasas de la red «{model}» a {size} px",
    ),
    "other_model_fix": (
        "name a SOURCE to measure another network, or leave --model and --size away",
        "indique una FUENTE para medir otra red, o quite --model y --size",
    ),
    "nothing_read": (
        "none of {n:,} {n:file|files} of the sample can be read",
        "no se puede leer ninguno de {n:,} {n:archivo|archivos} de la muestra",
    ),
    "nothing_read_fix": (
        "look at what `tamiz check` says of them, or name the right kind (--slides, --slices)",
        "mire lo que dice `tamiz check` de ellos, o indique el tipo correcto (--slides, --slices)",
    ),
}
