"""Texts of the shortcut probes."""

_FIGURES = (
    ": AUROC {auroc:.2f} ({low:.2f} to {high:.2f}), n = {n:,} {n:image|images} "
    "of {n_groups:,} {n_groups:group|groups}",
    ": AUROC {auroc:.2f} ({low:.2f} a {high:.2f}), n = {n:,} {n:imagen|imágenes} "
    "de {n_groups:,} {n_groups:grupo|grupos}",
)

TEXTS = {
    "name_centre": (
        "the centre",
        "el centro",
    ),
    "found_centre": (
        "Knowing nothing but the centre, the label can be told" + _FIGURES[0],
        "Sabiendo solo el centro, se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_centre": (
        "A model can learn the centre instead of the disease. Balance classes within "
        "centres, and test on a centre that was never trained on",
        "Un modelo puede aprender el centro en vez de la enfermedad. Equilibre las clases"
        " dentro de cada centro y evalúe en un centro que no se usó para entrenar",
    ),
    "name_file_size": (
        "the file's size",
        "el tamaño del archivo",
    ),
    "found_file_size": (
        "From the size of the file alone the label can be told" + _FIGURES[0],
        "Solo con el tamaño del archivo se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_file_size": (
        "The classes were saved differently, or their pictures differ in detail. Look at "
        "how each class was made; save all of them in one way",
        "Las clases se guardaron de modo distinto o sus imágenes difieren en detalle. "
        "Mire cómo se hizo cada clase; guárdelas todas igual",
    ),
    "name_image_size": (
        "width and height",
        "ancho y alto",
    ),
    "found_image_size": (
        "From width and height alone the label can be told" + _FIGURES[0],
        "Solo con el ancho y el alto se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_image_size": (
        "The classes come from different devices or were cropped differently. Bring all "
        "of them to one frame before training, and look where each class comes from",
        "Las clases vienen de equipos distintos o se recortaron de otro modo. Llévelas a "
        "un mismo encuadre antes de entrenar y mire de dónde viene cada clase",
    ),
    "name_storage": (
        "format, colour mode, JPEG table",
        "formato, modo de color, tabla JPEG",
    ),
    "found_storage": (
        "From the way the file is stored (format, colour mode, bits, JPEG quantisation) "
        "the label can be told" + _FIGURES[0],
        "Por cómo está guardado el archivo (formato, modo de color, bits, cuantización "
        "JPEG) se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_storage": (
        "The classes come from different sources. Traces of compression stay in the "
        "pixels: save all images in one way, and evaluate by source",
        "Las clases vienen de fuentes distintas. La compresión deja huella en los "
        "píxeles: guarde todas igual y evalúe por fuente",
    ),
    "name_metadata": (
        "other columns of the table",
        "otras columnas de la tabla",
    ),
    "found_metadata": (
        "From the other columns of the table alone the label can be told" + _FIGURES[0],
        "Solo con las otras columnas de la tabla se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_metadata": (
        "The image must be better than that to be worth anything. Where a column shows in"
        " the picture (a view, a tube), a model can learn that instead",
        "La imagen debe hacerlo mejor para valer algo. Si una columna se ve en la imagen "
        "(una proyección, un tubo), un modelo puede aprender eso",
    ),
    "name_exposure": (
        "brightness, contrast, colour as a whole",
        "brillo, contraste y color en conjunto",
    ),
    "found_exposure": (
        "From brightness, contrast and mean colour alone the label can be told" + _FIGURES[0],
        "Solo con brillo, contraste y color medio se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_exposure": (
        "This may belong to what is shown (a filled lung is brighter). If it comes from "
        "the device, normalise exposure or vary it in training",
        "Puede pertenecer a lo que se muestra (un pulmón ocupado es más claro). Si viene "
        "del equipo, normalice la exposición o varíela al entrenar",
    ),
    "name_border": (
        "the outermost ring",
        "el anillo exterior",
    ),
    "found_border": (
        "From the outermost pixels alone (a sixteenth on each side) the label can be told"
        + _FIGURES[0],
        "Solo con los píxeles exteriores (un dieciseisavo por lado) se adivina la "
        "etiqueta" + _FIGURES[1],
    ),
    "advice_border": (
        "Frames, markers or the way of cropping differ between classes. Crop the border "
        "away or black it out before training, and audit again. Where the object reaches "
        "that far, this is the object itself",
        "Marcos, marcas o el modo de recortar difieren entre clases. Recorte el borde o "
        "tápelo antes de entrenar y audite de nuevo. Si el objeto llega hasta ahí, es el "
        "objeto mismo",
    ),
    "name_corners": (
        "the corners",
        "las esquinas",
    ),
    "found_corners": (
        "From the four corners alone the label can be told" + _FIGURES[0],
        "Solo con las cuatro esquinas se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_corners": (
        "Letters, markers or collimation in the corners differ between classes. Black the"
        " corners out before training, and audit again. Where the object reaches that "
        "far, this is the object itself",
        "Letras, marcas o colimación en las esquinas difieren entre clases. Tape las "
        "esquinas antes de entrenar y audite de nuevo. Si el objeto llega hasta ahí, es "
        "el objeto mismo",
    ),
    "name_background": (
        "the background",
        "el fondo",
    ),
    "found_background": (
        "From the level of the background alone the label can be told" + _FIGURES[0],
        "Solo con el nivel del fondo se adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_background": (
        "The classes were taken against different backgrounds, or framed differently. "
        "Mask the background, or collect both classes in one place. Where the object "
        "reaches that far, this is the object itself",
        "Las clases se tomaron con fondos distintos o se encuadraron de otro modo. "
        "Enmascare el fondo o recoja ambas clases en un mismo lugar. Si el objeto llega "
        "hasta ahí, es el objeto mismo",
    ),
    "name_middle_blacked_out": (
        "the picture with its middle blacked out",
        "la imagen con el centro tapado",
    ),
    "found_middle_blacked_out": (
        "With the middle of every picture blacked out (10 of 16 parts of each side) the "
        "label can still be told" + _FIGURES[0],
        "Con el centro de cada imagen tapado (10 de 16 partes de cada lado) aún se "
        "adivina la etiqueta" + _FIGURES[1],
    ),
    "advice_middle_blacked_out": (
        "A model need not look at the object. See where it looks, mask what is not the "
        "object, and test on data from elsewhere. Where the object reaches that far, this"
        " is the object itself",
        "Un modelo no necesita mirar el objeto. Vea dónde mira, enmascare lo que no es el"
        " objeto y evalúe con datos de otro lugar. Si el objeto llega hasta ahí, es el "
        "objeto mismo",
    ),
    "name_whole": (
        "the whole picture at 16 px (reference)",
        "la imagen entera a 16 px (referencia)",
    ),
    "section": (
        "Shortcuts: can the label be told without the object?",
        "Atajos: ¿se adivina la etiqueta sin ver el objeto?",
    ),
    "section_centres": (
        "Centres and classes",
        "Centros y clases",
    ),
    "too_few": (
        "fewer than two classes have {least} labelled {least:group|groups} outside the test part",
        "menos de dos clases tienen {least} {least:grupo|grupos} con etiqueta fuera del test",
    ),
    "not_asked": (
        "Shortcuts were not looked for: {reason}.",
        "No se buscaron atajos: {reason}.",
    ),
    "nothing": (
        "there is nothing of the kind in these data",
        "no hay nada de eso en estos datos",
    ),
    "constant": (
        "it is the same for all images",
        "es igual en todas las imágenes",
    ),
    "certainty": (
        "p = {p:.4f}, corrected for the number of probes; permutations of the labels "
        "between groups",
        "p = {p:.4f}, corregida por el número de sondas; permutaciones de las etiquetas "
        "entre grupos",
    ),
    "how": (
        "Each probe sees one thing that is not the object. A ridge classifier is cross-validated "
        "over groups (5 folds); the interval resamples groups and is widened for what the fitting "
        "adds; p: up to {permutations:,} {permutations:permutation|permutations} of the labels "
        "between groups, each refitted, corrected by Holm. Flagged: corrected p < 0.01 and the "
        "interval above 0.55. Classes: {classes}.",
        "Cada sonda ve algo que no es el objeto. Un clasificador de cresta se valida por grupos (5 "
        "pliegues); el intervalo remuestrea grupos y se amplía por lo que añade el ajuste; p: "
        "hasta {permutations:,} {permutations:permutación|permutaciones} de las etiquetas entre "
        "grupos, cada una reajustada, corregida por Holm. Señalada: p corregida < 0,01 e intervalo "
        "por encima de 0,55. Clases: {classes}.",
    ),
    "caption": (
        "AUROC of the label by probe (several classes: mean of each against the rest); "
        "0.5 is chance",
        "AUROC de la etiqueta por sonda (varias clases: media de cada una contra el "
        "resto); 0,5 es azar",
    ),
    "chart": (
        "What the label can be told from",
        "De qué se adivina la etiqueta",
    ),
    "column_probe": (
        "probe",
        "sonda",
    ),
    "column_auroc": (
        "AUROC",
        "AUROC",
    ),
    "column_p": (
        "p",
        "p",
    ),
    "column_p_corrected": (
        "corrected p",
        "p corregida",
    ),
    "column_flagged": (
        "shortcut?",
        "¿atajo?",
    ),
    "yes": (
        "yes",
        "sí",
    ),
    "no": (
        "no",
        "no",
    ),
    "reference": (
        "reference",
        "referencia",
    ),
    "column_centre": (
        "centre",
        "centro",
    ),
    "column_ready": (
        "can be left out",
        "puede dejarse fuera",
    ),
    "caption_centres": (
        "Images (groups) by centre and class, outside the test part. A centre can be left out to "
        "test on when {least} {least:group|groups} of every class are there, and elsewhere",
        "Imágenes (grupos) por centro y clase, fuera del test. Un centro puede dejarse fuera para "
        "evaluar si tiene {least} {least:grupo|grupos} de cada clase, y los demás también",
    ),
    "centres_ready": (
        "{n:,} of {total:,} {total:centre|centres} could be left out to test on "
        "(leave-one-centre-out).",
        "{n:,} de {total:,} {total:centro|centros} {n:podría|podrían} dejarse fuera para evaluar "
        "(dejando un centro fuera).",
    ),
    "lopsided": (
        "Centre {centre} has {counts}: '{label}' makes up {share:.0f} % of its groups and "
        "{elsewhere:.0f} % of the others'. A model can learn the centre",
        "El centro {centre} tiene {counts}: '{label}' es el {share:.0f} % de sus grupos y el "
        "{elsewhere:.0f} % de los demás. Un modelo puede aprender el centro",
    ),
    "lopsided_certainty": (
        "p = {p:.1e}, Fisher's exact test on groups, corrected for all centres and classes",
        "p = {p:.1e}, prueba exacta de Fisher sobre grupos, corregida por todos los centros y "
        "clases",
    ),
    "counted": (
        "{n:,} ({n_groups:,})",
        "{n:,} ({n_groups:,})",
    ),
    "centres_cut": (
        "Shown: {n_centres:,} of {all_centres:,} {all_centres:centre|centres} and {n_classes:,} of "
        "{all_classes:,} {all_classes:class|classes}, the largest.",
        "Se muestran {n_centres:,} de {all_centres:,} {all_centres:centro|centros} y {n_classes:,} "
        "de {all_classes:,} {all_classes:clase|clases}, los mayores.",
    ),
    "lopsided_advice": (
        "Test on a centre that was never trained on, and report results by centre",
        "Evalúe en un centro que no se usó para entrenar e informe de los resultados por centro",
    ),
}
