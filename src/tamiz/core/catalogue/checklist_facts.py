"""What a run says to the items of a checklist, and in a model card."""

TEXTS = {
    "technique": (
        "Image classification by a deep neural network ('{model}', {n_parameters:,} "
        "{n_parameters:parameter|parameters}).",
        "Clasificación de imágenes con una red neuronal profunda ('{model}', {n_parameters:,} "
        "{n_parameters:parámetro|parámetros}).",
    ),
    "technique_other": (
        "Image classification by a trained model ('{model}').",
        "Clasificación de imágenes con un modelo entrenado ('{model}').",
    ),
    "goal": (
        "Development of a classifier and its evaluation on held-out data of the same source.",
        "Desarrollo de un clasificador y su evaluación con datos apartados de la misma fuente.",
    ),
    "goal_external": (
        "Development of a classifier, its evaluation on held-out data of the same source and on "
        "{sets}.",
        "Desarrollo de un clasificador, su evaluación con datos apartados de la misma fuente y con "
        "{sets}.",
    ),
    "source": (
        "Data set '{source}': {n} in use.",
        "Conjunto de datos '{source}': {n} en uso.",
    ),
    "centres": (
        "The images name {centres}.",
        "Las imágenes nombran {centres}.",
    ),
    "files": (
        "Files as they were read: {formats}; {width} x {height} px (median).",
        "Archivos tal como se leyeron: {formats}; {width} x {height} px (mediana).",
    ),
    "files_formats": (
        "Files as they were read: {formats}.",
        "Archivos tal como se leyeron: {formats}.",
    ),
    "steps": (
        "Every image went through the same steps: {steps}; {channels} {channels:channel|channels} "
        "of {size} x {size} px.",
        "Cada imagen pasó por los mismos pasos: {steps}; {channels} {channels:canal|canales} de "
        "{size} x {size} px.",
    ),
    "scaling": (
        "Pixel values were scaled by mean and standard deviation of each channel{where}.",
        "Los valores de píxel se escalaron con la media y la desviación típica de cada "
        "canal{where}.",
    ),
    "scaling_training": (
        ", measured on the training part alone",
        ", medidas solo en la parte de entrenamiento",
    ),
    "scaling_start": (
        ", as the starting weights expect",
        ", como esperan los pesos iniciales",
    ),
    "quality": (
        "Checked before training: every file decoded; copies byte for byte set aside; {checks} "
        "searched, {n:,} {n:finding|findings} listed in decisions.csv.",
        "Comprobado antes de entrenar: se decodificó cada archivo; se apartaron las copias byte "
        "por byte; se buscaron {checks}, con {n:,} {n:hallazgo|hallazgos} en decisions.csv.",
    ),
    "subset_all": (
        "The run chose no subset: every readable image with a label was used once.",
        "La ejecución no eligió un subconjunto: cada imagen legible con etiqueta se usó una vez.",
    ),
    "subset_decided": (
        "{files} set aside by decisions of a person, listed with reasons in ledger.csv.",
        "{files}: apartados por decisión de una persona; ledger.csv da las razones.",
    ),
    "pseudonyms": (
        "Patients appear under keyed pseudonyms; no name, number or date of a patient is in the "
        "files of the run.",
        "Los pacientes figuran con seudónimos con clave; ningún nombre, número ni fecha de "
        "paciente está en los archivos de la ejecución.",
    ),
    "missing": (
        "Without a label: {unlabelled}; named by a table but not found: {missing:,}; unreadable: "
        "{unreadable:,}. All of these were left out; nothing was imputed.",
        "Sin etiqueta: {unlabelled}; nombradas en una tabla y no halladas: {missing:,}; "
        "ilegibles: {unreadable:,}. Todas quedaron fuera; no se imputó nada.",
    ),
    "labels_folders": (
        "Labels are the names of the folders.",
        "Las etiquetas son los nombres de las carpetas.",
    ),
    "labels_column": (
        "Labels are read from the column '{name}'.",
        "Las etiquetas se leen de la columna '{name}'.",
    ),
    "labels_names": (
        "Labels are read from the names of the files by a pattern.",
        "Las etiquetas se leen de los nombres de los archivos con un patrón.",
    ),
    "labels_table": (
        "Labels are read from a table of patients.",
        "Las etiquetas se leen de una tabla de pacientes.",
    ),
    "labels_given": (
        "Labels came with the data.",
        "Las etiquetas venían con los datos.",
    ),
    "partition_drawn": (
        "Drawn at random by rule '{rule}' (seed {seed}): {parts}.",
        "Sorteo con la regla '{rule}' (semilla {seed}): {parts}.",
    ),
    "partition_given": (
        "The split that came with the data was used: {parts}.",
        "Se usó la división que venía con los datos: {parts}.",
    ),
    "partition_folds": (
        "Cross-validation in {folds} by rule '{rule}' ({repeats:,} in all, seed {seed}): {parts}.",
        "Validación cruzada en {folds} con la regla '{rule}' ({repeats:,} en total, semilla "
        "{seed}): {parts}.",
    ),
    "part_folds": ("{n} in the folds", "{n} en las partes"),
    "folds": ("all folds", "todas las partes"),
    "part_train": ("{n} for training", "{n} para entrenar"),
    "part_val": ("{n} for choosing the model", "{n} para elegir el modelo"),
    "part_test": ("{n} for testing", "{n} para probar"),
    "apart_patient": (
        "Parts are disjoint by patient; an audit found no patient in two parts.",
        "Las partes son disjuntas por paciente; una auditoría no halló ningún paciente en dos.",
    ),
    "apart_group": (
        "Parts are disjoint by group; an audit found no group in two parts.",
        "Las partes son disjuntas por grupo; una auditoría no halló ningún grupo en dos.",
    ),
    "apart_image": (
        "Parts are disjoint by image only: the data do not say which images are of one patient.",
        "Las partes son disjuntas solo por imagen: los datos no dicen qué imágenes son de un "
        "mismo paciente.",
    ),
    "apart_leak": (
        "Parts are not disjoint: groups lie in two parts, and this was allowed by hand.",
        "Las partes no son disjuntas: hay grupos en dos partes y se permitió a mano.",
    ),
    "test_size": (
        "The result rests on {n}.",
        "El resultado se apoya en {n}.",
    ),
    "precision": (
        "With it the interval of {metric} reaches from {low:.3f} to {high:.3f}.",
        "Con ello el intervalo de {metric} va de {low:.3f} a {high:.3f}.",
    ),
    "model": (
        "Network '{model}', {n_parameters:,} {n_parameters:parameter|parameters}{options}; input "
        "{channels} x {size} x {size}; the exact layers are in the model's folder and in tamiz "
        "{version}.",
        "Red '{model}', {n_parameters:,} {n_parameters:parámetro|parámetros}{options}; entrada "
        "{channels} x {size} x {size}; las capas exactas están en la carpeta del modelo y en tamiz "
        "{version}.",
    ),
    "options": ("; options: {options}", "; opciones: {options}"),
    "output": (
        "Output: a probability for each of {classes}; the most probable one is the answer.",
        "Salida: una probabilidad para cada una de {classes}; la más probable es la respuesta.",
    ),
    "output_rule": (
        "Output: a probability for each of {classes}; the answer follows the rule '{rule}', whose "
        "threshold was set on the validation part.",
        "Salida: una probabilidad para cada una de {classes}; la respuesta sigue la regla "
        "'{rule}', cuyo umbral se fijó en la parte de validación.",
    ),
    "output_labels": (
        "Output: a probability for each of {labels}, each with a threshold that was set on the "
        "validation part.",
        "Salida: una probabilidad para cada una de {labels}, cada una con un umbral fijado en la "
        "parte de validación.",
    ),
    "software": ("Software: {versions}.", "Programas: {versions}."),
    "start_random": (
        "Parameters started at random (seed {seed}).",
        "Los parámetros empezaron al azar (semilla {seed}).",
    ),
    "start_given": (
        "Parameters started from weights trained before ({source}).",
        "Los parámetros empezaron con pesos ya entrenados ({source}).",
    ),
    "training": (
        "Optimiser {optimiser}, learning rate {rate:g} ({schedule}), batches of {batch}, at most "
        "{epochs}, weight decay {decay:g}, loss {loss} (label smoothing {smoothing:g}), "
        "augmentation: {augment}, seed {seed}.",
        "Optimizador {optimiser}, tasa de aprendizaje {rate:g} ({schedule}), lotes de {batch}, "
        "como máximo {epochs}, weight decay {decay:g}, pérdida {loss} (suavizado de etiquetas "
        "{smoothing:g}), aumentación: {augment}, semilla {seed}.",
    ),
    "no_augment": ("none", "ninguna"),
    "tuning": (
        "Settings were fixed before training and were not searched for in this run; recipe.toml "
        "gives the reason for each.",
        "Los ajustes se fijaron antes de entrenar y no se buscaron en esta ejecución; recipe.toml "
        "da la razón de cada uno.",
    ),
    "selection": (
        "The epoch with the best validation {monitor} was kept; images on which the result rests "
        "took no part in the choice.",
        "Se conservó la época con el mejor valor de {monitor} en validación; las imágenes en que "
        "se apoya el resultado no intervinieron en la elección.",
    ),
    "one_network": (
        "One network answers; there is no ensemble.",
        "Responde una sola red; no hay conjunto de redes.",
    ),
    "ensemble": (
        "{networks} answer together: the mean of their probabilities.",
        "{networks} responden juntas: la media de sus probabilidades.",
    ),
    "metrics_used": ("Measured: {metrics}.", "Se midió: {metrics}."),
    "confusion": (
        "The report holds the confusion matrix and the curves of the training.",
        "El informe contiene la matriz de confusión y las curvas del entrenamiento.",
    ),
    "uncertainty": (
        "{confidence:.0%} intervals for every figure: {methods}.",
        "Intervalos del {confidence:.0%} para cada cifra: {methods}.",
    ),
    "method_bootstrap": (
        "bootstrap over {unit}, {resamples:,} {resamples:resample|resamples}",
        "bootstrap sobre {unit}, {resamples:,} {resamples:remuestreo|remuestreos}",
    ),
    "over_patient": ("patients", "pacientes"),
    "over_group": ("groups", "grupos"),
    "over_image": ("images", "imágenes"),
    "method_wilson": ("Wilson's for shares", "el de Wilson para proporciones"),
    "internal": (
        "Evaluated on {n} of the same source, which took no part in training or in any choice.",
        "Evaluado con {n} de la misma fuente, que no intervinieron en el entrenamiento ni en "
        "ninguna elección.",
    ),
    "internal_oof": (
        "Evaluated by cross-validation on {n}: each was judged by networks trained without it and "
        "all of its group.",
        "Evaluado por validación cruzada con {n}: cada una la juzgaron redes entrenadas sin ella y "
        "sin nada de su grupo.",
    ),
    "looks": (
        "The sealed test part was looked at {times}, by the ledger of looks.",
        "La parte de prueba sellada se miró {times}, según el registro de miradas.",
    ),
    "explained": (
        "The run's folder holds {pictures} that show where the model looks.",
        "La carpeta de la ejecución contiene {pictures} que muestran dónde mira el modelo.",
    ),
    "sanity": (
        "Sanity experiments were made: {names}.",
        "Se hicieron experimentos de control: {names}.",
    ),
    "flow": (
        "Of {found} found, {used} are in use.",
        "De {found} hallados, se usan {used}.",
    ),
    "class_part": ("{part}: {n} ({counts})", "{part}: {n} ({counts})"),
    "train": ("training", "entrenamiento"),
    "val": ("validation", "validación"),
    "test": ("test", "prueba"),
    "class_parts": ("Per part: {parts}.", "Por parte: {parts}."),
    "mistakes": (
        "{mistakes} in {n}; the report shows the most confident ones as pictures and the confusion "
        "matrix.",
        "{mistakes} en {n}; el informe muestra en figuras los más confiados y la matriz de "
        "confusión.",
    ),
    "mistakes_labels": (
        "The report shows the worst mistakes of each label as pictures.",
        "El informe muestra en figuras los peores errores de cada etiqueta.",
    ),
    "recipe": (
        "Every setting is in recipe.toml with its reason; the same recipe and files repeat the run "
        "(command: tamiz run, tamiz {version}).",
        "Cada ajuste está en recipe.toml con su razón; la misma receta y los mismos archivos "
        "repiten la ejecución (orden: tamiz run, tamiz {version}).",
    ),
    "availability": (
        "The trained model is one folder (weights SHA-256 {sha}) that tamiz predict reads; no part "
        "of it is executable.",
        "El modelo entrenado es una carpeta (SHA-256 de los pesos {sha}) que lee tamiz predict; "
        "ninguna parte de ella es ejecutable.",
    ),
    "predicting": (
        "New images: tamiz predict RUN/model IMAGES, with the same reading and steps as in "
        "training.",
        "Imágenes nuevas: tamiz predict RUN/model IMAGES, con la misma lectura y los mismos pasos "
        "que en el entrenamiento.",
    ),
    "predictors": (
        "The only predictors are the pixels of the image; none was selected or left out.",
        "Los únicos predictores son los píxeles de la imagen; no se seleccionó ni excluyó ninguno.",
    ),
    "no_reader": (
        "Pixels are read by the program; nobody judges them.",
        "Los píxeles los lee el programa; nadie los interpreta.",
    ),
    "recalibrated_by_class": (
        "Probabilities were rescaled class by class (scale and shift), fitted on the validation "
        "part.",
        "Las probabilidades se reescalaron clase por clase (escala y desplazamiento), con ajuste "
        "en la parte de validación.",
    ),
    "imbalance_none": (
        "No method against uneven classes was used.",
        "No se usó ningún método contra las clases desiguales.",
    ),
    "imbalance": (
        "Uneven classes were balanced in training by '{method}'.",
        "Las clases desiguales se equilibraron al entrenar con '{method}'.",
    ),
    "recalibrated": (
        "Probabilities were rescaled with one temperature ({temperature:.3f}), fitted on the "
        "validation part.",
        "Las probabilidades se reescalaron con una temperatura ({temperature:.3f}), ajustada en "
        "la parte de validación.",
    ),
    "updating": (
        "The model was not changed after its evaluation.",
        "El modelo no se cambió después de evaluarlo.",
    ),
    "differences": (
        "Training and test are of one source; share of '{name}': {train:.1%} in training, "
        "{test:.1%} in the test part.",
        "Entrenamiento y prueba son de la misma fuente; proporción de '{name}': {train:.1%} al "
        "entrenar, {test:.1%} en la prueba.",
    ),
    "subgroups": (
        "Every figure was also taken by {columns}, with intervals; the report has the tables.",
        "Cada cifra se tomó también por {columns}, con intervalos; el informe tiene las tablas.",
    ),
    "probed": (
        "Searched for what gives the label away without the object: {n} {n:probe|probes}, {found} "
        "of them above chance{names}.",
        "Se buscó qué delata la etiqueta sin el objeto: {n} {n:sondeo|sondeos}, {found} de ellos "
        "por encima del azar{names}.",
    ),
    "probed_names": (" ({names})", " ({names})"),
    "baselines": (
        "Compared with baselines on the same images: {names}.",
        "Comparado con referencias en las mismas imágenes: {names}.",
    ),
    "refusals": (
        "predict refuses files that it cannot read in full, and reads the others as in training.",
        "predict rechaza los archivos que no puede leer enteros y lee los demás como al entrenar.",
    ),
    "guard": (
        "A guard stored with the model marks images unlike those of the training.",
        "Un guardián almacenado con el modelo señala las imágenes distintas de las de "
        "entrenamiento.",
    ),
    "no_segmentation": (
        "The run segments nothing. If images were cropped to a region before, answer this item.",
        "La ejecución no segmenta nada. Si las imágenes se recortaron antes a una región, responda "
        "este punto.",
    ),
    "end_to_end": (
        "The network reads pixels; there are no features made by hand and no table of them.",
        "La red lee píxeles; no hay características hechas a mano ni tabla de ellas.",
    ),
    "on_descriptors": (
        "The model reads descriptors of tiles; it is not trained from pixels end to end.",
        "El modelo lee descriptores de teselas; no se entrena desde los píxeles.",
    ),
}
