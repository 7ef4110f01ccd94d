"""Texts of images that can have several labels: reading, thresholds, figures."""

TEXTS = {
    "empty_separator": (
        "the sign between labels is empty",
        "el signo entre etiquetas está vacío",
    ),
    "empty_separator_fix": (
        "Name the sign, e.g. --label-separator ';', or leave the option out",
        "Indique el signo, p. ej. --label-separator ';', o quite la opción",
    ),
    "two_ways": (
        "{one} and {other} are given together; both say what the labels are",
        "se han dado a la vez {one} y {other}; ambas dicen cuáles son las etiquetas",
    ),
    "two_ways_fix": ("Give one of them", "Dé solo una de las dos"),
    "spelling": ("'{raw}' ({n:,}) is '{name}'", "'{raw}' ({n:,}) es '{name}'"),
    "spellings": (
        "{n:,} {n:label|labels} {n:is|are} written with stray spaces or another case and "
        "{n:was|were} put right: {first}",
        "{n:,} {n:etiqueta|etiquetas} {n:lleva|llevan} espacios de más u otras mayúsculas y se han "
        "corregido: {first}",
    ),
    "gaps": (
        "{n:,} {n:row|rows} {n:has|have} a separator with nothing beside it; it was passed over",
        "{n:,} {n:fila|filas} {n:tiene|tienen} un separador sin nada al lado; se ha pasado por "
        "alto",
    ),
    "never_separated": (
        "no label holds the separator '{separator}': no image has more than one label",
        "ninguna etiqueta contiene el separador '{separator}': ninguna imagen tiene más de una "
        "etiqueta",
    ),
    "never_separated_advice": (
        "Leave --label-separator out where each image has one class",
        "Quite --label-separator si cada imagen tiene una sola clase",
    ),
    "other_separator": (
        "'{other}' stands in {n:,} {n:label|labels}: it may be the one that was meant",
        "'{other}' figura en {n:,} {n:etiqueta|etiquetas}: quizá era ese el separador",
    ),
    "bar": (
        "'{label}' cannot be a label where images have several: '|' joins labels, '-' means none",
        "'{label}' no puede ser una etiqueta cuando las imágenes tienen varias: '|' une etiquetas "
        "y '-' significa ninguna",
    ),
    "bar_fix": (
        "If '|' stands between labels, say so with --label-separator '|'; else rename the label",
        "Si '|' está entre etiquetas, indíquelo con --label-separator '|'; si no, cambie el nombre "
        "de la etiqueta",
    ),
    "sign_among": (
        "'{words}' names labels and '-', which says that there is none",
        "'{words}' nombra etiquetas y '-', que significa que no hay ninguna",
    ),
    "sign_among_fix": ("Leave one of them out", "Quite uno de los dos"),
    "not_a_bit": (
        "column '{column}' holds '{words}'; a column of labels holds 1 (has it) or 0",
        "la columna '{column}' contiene '{words}'; una columna de etiquetas lleva 1 (la tiene) o 0",
    ),
    "not_a_bit_fix": (
        "Correct the cell, or leave the column out of --label-columns; a row whose labels nobody "
        "knows has all these cells empty",
        "Corrija la celda o quite la columna de --label-columns; una fila cuyas etiquetas nadie "
        "conoce lleva vacías todas estas celdas",
    ),
    "twin_columns": (
        "the columns '{first}' and '{second}' name the same label",
        "las columnas '{first}' y '{second}' nombran la misma etiqueta",
    ),
    "twin_columns_fix": (
        "Name each label once in --label-columns",
        "Nombre cada etiqueta una sola vez en --label-columns",
    ),
    "put_together": (
        "{n:,} {n:image|images} {n:has|have} several rows; each has the labels of all its rows",
        "{n:,} {n:imagen|imágenes} {n:tiene|tienen} varias filas; cada una lleva las etiquetas de "
        "todas esas filas",
    ),
    "never_repeated": (
        "no image has several rows, so none has several labels",
        "ninguna imagen tiene varias filas, así que ninguna tiene varias etiquetas",
    ),
    "one_only": (
        "these images can have several labels, and this kind of model tells one class each",
        "estas imágenes pueden tener varias etiquetas y este tipo de modelo da una sola clase",
    ),
    "one_only_fix": (
        "Choose a network for images with --model, e.g. --model small",
        "Elija una red para imágenes con --model, p. ej. --model small",
    ),
    "rule": (
        "Images have several labels: the split was drawn by the rule 'iterative' (rare labels "
        "first, whole groups, the share of each label), seed {seed}.",
        "Las imágenes tienen varias etiquetas: la partición la hizo la regla 'iterative' (primero "
        "las etiquetas raras, grupos enteros, la proporción de cada etiqueta), semilla {seed}.",
    ),
    "no_label": ("(none of the labels)", "(ninguna de las etiquetas)"),
    "section": ("Labels together", "Etiquetas juntas"),
    "together_caption": (
        "Images that have both labels; on the diagonal, all images with the label. {n:,} "
        "{n:image|images}, {n_without:,} of them without any label, {mean:.2f} labels per image on "
        "average.",
        "Imágenes que tienen ambas etiquetas; en la diagonal, todas las que llevan la etiqueta. "
        "{n:,} {n:imagen|imágenes}, {n_without:,} sin ninguna etiqueta, {mean:.2f} etiquetas por "
        "imagen de media.",
    ),
    "label": ("Label", "Etiqueta"),
    "labels": ("Labels", "Etiquetas"),
    "sets_caption": (
        "The {n} most frequent sets of labels, of {all:,} that occur",
        "{n:El|Los} {n} "
        "{n:conjunto de etiquetas más frecuente|conjuntos de etiquetas más frecuentes}, de {all:,} "
        "que aparecen",
    ),
    "per_image": (
        "An image counts once for each of its labels.",
        "Una imagen cuenta una vez por cada una de sus etiquetas.",
    ),
    "threshold": ("Threshold", "Umbral"),
    "card_threshold": (
        "{name}: predicted from {value:.3f} on",
        "{name}: se predice a partir de {value:.3f}",
    ),
    "rules": (
        "F1 of an image is 2 x common labels / (true labels + predicted labels). An image without "
        "labels scores 1 when none is predicted; when only one side is empty it scores 0. A label "
        "that is never predicted has precision 0. Averages over labels run over those that some "
        "image has.",
        "El F1 de una imagen es 2 x etiquetas comunes / (etiquetas verdaderas + predichas). Una "
        "imagen sin etiquetas puntúa 1 si no se predice ninguna; si solo un lado está vacío, 0. "
        "Una etiqueta que nunca se predice tiene precisión 0. Las medias sobre etiquetas recorren "
        "las que alguna imagen tiene.",
    ),
    "threshold_rule": (
        "A label is predicted from its threshold on, chosen on the validation part for the best "
        "F1; 0.5 for a label that no validation image has, or all have.",
        "Una etiqueta se predice a partir de su umbral, elegido en la parte de validación para el "
        "mejor F1; 0,5 si ninguna imagen de validación la tiene, o todas.",
    ),
    "thresholds_stand": (
        "No validation image has these labels, or all have them: their threshold is 0.5: {names}",
        "Ninguna imagen de validación tiene estas etiquetas, o todas las tienen, así que su umbral "
        "es 0,5: {names}",
    ),
    "label_caption": (
        "Each label on {part}, by its own threshold.",
        "Cada etiqueta en {part}, con su propio umbral.",
    ),
    "calibration": (
        "How often a label is there, given its probability, {part} (all labels together)",
        "Con qué frecuencia está una etiqueta según su probabilidad, {part} (todas juntas)",
    ),
    "probability": ("Probability", "Probabilidad"),
    "share_there": ("Share that has it", "Proporción que la tiene"),
    "pairs": ("images x labels (n = {n:,})", "imágenes x etiquetas (n = {n:,})"),
    "mistake": (
        "{true}, predicted: {predicted}",
        "{true}, predicho: {predicted}",
    ),
    "mistakes_caption": (
        "The {n} {n:image|images} with the lowest F1, of {all:,} with any label wrong ({of:,} "
        "{of:image|images})",
        "{n:La|Las} {n} {n:imagen|imágenes} con menor F1, de {all:,} con alguna etiqueta mal "
        "({of:,} {of:imagen|imágenes})",
    ),
    "no_mistakes": (
        "All labels of all {n:,} {n:image|images} {n:is|are} right.",
        "Todas las etiquetas de {n:la|las} {n:,} {n:imagen|imágenes} {n:está|están} bien.",
    ),
}
