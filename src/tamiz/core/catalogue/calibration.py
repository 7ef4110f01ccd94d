"""Texts of the look at calibration."""

TEXTS = {
    "title": ("Calibration in detail", "Calibración en detalle"),
    "temperature": (
        "Probabilities were calibrated on the validation part: scores are divided by one number, "
        "the temperature {temperature:.3f}.",
        "Las probabilidades se calibraron con la parte de validación: las puntuaciones se dividen "
        "entre un número, la temperatura {temperature:.3f}.",
    ),
    "vector": (
        "Probabilities were calibrated on the validation part: each class has a scale and a "
        "shift of its own.",
        "Las probabilidades se calibraron con la parte de validación: cada clase tiene una escala "
        "y un desplazamiento propios.",
    ),
    "bend": (
        "Besides, the squares of the log-probabilities count {bend:.3f} times: it undoes what "
        "smoothed labels do to sure and doubtful answers.",
        "Además, los cuadrados de las probabilidades logarítmicas cuentan {bend:.3f} veces: así "
        "se deshace lo que las etiquetas suavizadas hacen a las respuestas seguras y dudosas.",
    ),
    "none": (
        "Probabilities are those that the network gives; no calibration is in force.",
        "Las probabilidades son las que da la red; no hay calibración en vigor.",
    ),
    "ensemble": (
        "Each network of the ensemble is calibrated on its own; their mean cannot be taken apart, "
        "so figures before calibration are not shown.",
        "Cada red del conjunto se calibra por separado; su media no se puede deshacer, así que no "
        "se muestran cifras anteriores a la calibración.",
    ),
    "several_networks": (
        "These probabilities are those of several networks or the mean of several images; figures "
        "before calibration are not shown.",
        "Estas probabilidades son de varias redes o la media de varias imágenes; no se muestran "
        "cifras anteriores a la calibración.",
    ),
    "vector_caption": (
        "Scale and shift of each class; 1 and 0 change nothing",
        "Escala y desplazamiento de cada clase; 1 y 0 no cambian nada",
    ),
    "class": ("Class", "Clase"),
    "scale": ("Scale", "Escala"),
    "shift": ("Shift", "Desplazamiento"),
    "figure": ("Figure", "Cifra"),
    "part": ("Part", "Parte"),
    "before": ("Before", "Antes"),
    "after": ("After", "Después"),
    "difference": ("Difference", "Diferencia"),
    "log_loss": ("log loss", "pérdida logarítmica"),
    "ece": ("calibration error (ECE)", "error de calibración (ECE)"),
    "brier": ("Brier score", "puntuación de Brier"),
    "val_caveat": ("validation (fitted here)", "validación (ajustada aquí)"),
    "compare_caption": (
        "Before and after calibration, lower is better; differences are paired, {confidence:.0%} "
        "intervals over groups",
        "Antes y después de calibrar, menos es mejor; las diferencias son pareadas, intervalos "
        "del {confidence:.0%} por grupos",
    ),
    "floor": (
        "On {n:,} {n:image|images} a perfectly calibrated model would show a calibration error "
        "(ECE) of about {floor:.4f} by chance alone; found: {found:.4f}.",
        "Con {n:,} {n:imagen|imágenes}, un modelo perfectamente calibrado mostraría por puro azar "
        "un error de calibración (ECE) de unos {floor:.4f}; hallado: {found:.4f}.",
    ),
    "floor_labels": (
        "On {n:,} {n:answer|answers} (images times labels) a perfectly calibrated model would show "
        "a calibration error (ECE) of about {floor:.4f} by chance alone; found: {found:.4f}.",
        "Con {n:,} {n:respuesta|respuestas} (imágenes por etiquetas), un modelo perfectamente "
        "calibrado mostraría por puro azar un error de calibración (ECE) de unos {floor:.4f}; "
        "hallado: {found:.4f}.",
    ),
    "brier_caption": (
        "The Brier score taken apart (Murphy 1973), summed over classes: reliability - resolution "
        "+ uncertainty + within bins = Brier score. Probabilities are put into {bins} "
        "{bins:bin|bins}, which leaves the differences within bins as a term of its own",
        "La puntuación de Brier por partes (Murphy 1973), sumada sobre las clases: fiabilidad - "
        "resolución + incertidumbre + dentro de tramos = puntuación de Brier. Las probabilidades "
        "se reparten en {bins} tramos, lo que deja las diferencias dentro de ellos como término "
        "aparte",
    ),
    "reliability": ("Reliability (0 is best)", "Fiabilidad (0 es lo mejor)"),
    "resolution": ("Resolution (high is best)", "Resolución (mejor alta)"),
    "uncertainty": ("Uncertainty", "Incertidumbre"),
    "within": ("Within bins", "Dentro de tramos"),
    "classes_title": ("How often each class occurs, {part}", "Frecuencia de cada clase, {part}"),
    "stated": ("stated probability", "probabilidad declarada"),
    "share": ("share that has the class", "parte que tiene la clase"),
    "band": (
        "The band of the chart is Wilson's for as many independent images as the groups are "
        "worth. Counts stand in the table.",
        "La banda del gráfico es la de Wilson para tantas imágenes independientes como valen los "
        "grupos. Los recuentos están en la tabla.",
    ),
    "no_band": (
        "With so many classes bands would hide the lines; bins with fewer than {least} "
        "{least:image|images} {least:is|are} not drawn. Counts stand in the table.",
        "Con tantas clases las bandas taparían las líneas; no se dibujan tramos con menos de "
        "{least} {least:imagen|imágenes}. Los recuentos están en la tabla.",
    ),
    "counts_caption": (
        "Images by stated probability of each class, {part}",
        "Imágenes según la probabilidad declarada de cada clase, {part}",
    ),
    "bin": ("{low:.1f} to {high:.1f}", "{low:.1f} a {high:.1f}"),
    "large_caption": (
        "Mean stated probability of each class against how often it occurs, {part}; "
        "{confidence:.0%} intervals over groups",
        "Probabilidad media declarada de cada clase frente a su frecuencia, {part}; intervalos "
        "del {confidence:.0%} por grupos",
    ),
    "mean_stated": ("Mean probability", "Probabilidad media"),
    "occurs": ("Share", "Frecuencia"),
    "histogram": ("How sure the answers are, {part}", "Seguridad de las respuestas, {part}"),
    "confidence": ("confidence", "confianza"),
    "answers": ("answers", "respuestas"),
    "worse": (
        "calibration made the log loss worse on {part}: {before:.4f} became {after:.4f}",
        "la calibración empeoró la pérdida logarítmica en {part}: de {before:.4f} a {after:.4f}",
    ),
    "worse_advice": (
        "The validation part differs from {part} or is too small; compare train.calibration = "
        "none, temperature and vector on new data",
        "La parte de validación difiere de {part} o es muy pequeña; compare train.calibration = "
        "none, temperature y vector con datos nuevos",
    ),
    "summary": (
        "Calibration ({how}) on {part}: calibration error {ece_before:.4f} -> {ece_after:.4f}, "
        "log loss {loss_before:.4f} -> {loss_after:.4f}.",
        "Calibración ({how}) en {part}: error de calibración {ece_before:.4f} -> {ece_after:.4f}, "
        "pérdida logarítmica {loss_before:.4f} -> {loss_after:.4f}.",
    ),
    "how_temperature": ("temperature", "temperatura"),
    "how_vector": ("a scale and shift per class", "escala y desplazamiento por clase"),
}
