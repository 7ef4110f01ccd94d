"""Texts of `describe`."""

TEXTS = {
    "title": ("Images as numbers", "Imágenes como números"),
    "progress": ("describing", "describiendo"),
    "sentence": (
        "{n:,} {n:image|images}, {columns:,} {columns:column|columns} of numbers, {seconds:.1f} s: "
        "{out}",
        "{n:,} {n:imagen|imágenes}, {columns:,} {columns:columna|columnas} de números, "
        "{seconds:.1f} s: {out}",
    ),
    "sentence_kept": (
        "{n:,} {n:image|images}, {columns:,} {columns:column|columns} of numbers, {seconds:.1f} s: "
        "{out} ({kept:,} {kept:image|images} had been described before)",
        "{n:,} {n:imagen|imágenes}, {columns:,} {columns:columna|columnas} de números, "
        "{seconds:.1f} s: {out} ({kept:,} {kept:imagen|imágenes} ya {kept:estaba|estaban} "
        "descritas)",
    ),
    "unreadable": (
        "{n:,} of {total:,} {total:image|images} cannot be read and {n:has|have} no row",
        "{n:,} de {total:,} {total:imagen|imágenes} no se {n:puede|pueden} leer y no "
        "{n:tiene|tienen} fila",
    ),
    "unreadable_advice": (
        "Mend or remove these files, then repeat the command: only what changed is read again",
        "Repare o quite estos archivos y repita el comando: solo se relee lo que cambió",
    ),
    "missing": (
        "{n:,} {n:row|rows} of the table {n:names|name} {n:a file that is|files that are} not "
        "there",
        "{n:,} {n:fila|filas} de la tabla {n:nombra|nombran} "
        "{n:un archivo que no está|archivos que no están}",
    ),
    "constant": (
        "{n:,} {n:image|images} {n:has|have} one value throughout: {n:its|their} co-occurrences "
        "have no correlation, and 1 stands in its place, as in scikit-image",
        "{n:,} {n:imagen|imágenes} {n:tiene|tienen} un solo valor: sus coocurrencias no tienen "
        "correlación, y en su lugar figura 1, como en scikit-image",
    ),
    "small": (
        "{n:,} {n:image|images} {n:has|have} a side no longer than a distance of the "
        "co-occurrences: where no two pixels lie that far apart, correlation is 1 and the rest is "
        "0",
        "{n:,} {n:imagen|imágenes} {n:tiene|tienen} un lado no mayor que una distancia de las "
        "coocurrencias: donde no hay dos píxeles a esa distancia, la correlación es 1 y lo demás "
        "es 0",
    ),
    "several_labels": (
        "Images have several labels each: which columns go with them is not looked at",
        "Cada imagen tiene varias etiquetas: no se mira qué columnas van con ellas",
    ),
    "no_classes": (
        "There are no two classes with five groups each (or images that stand alone): which "
        "columns tell them apart cannot be said",
        "No hay dos clases con cinco grupos cada una (o imágenes sueltas): no se puede decir qué "
        "columnas las distinguen",
    ),
    "none_tells": (
        "Every column is the same throughout: none tells the classes apart",
        "Cada columna es igual en todas las imágenes: ninguna distingue las clases",
    ),
    "caption": (
        "What tells the {classes:,} {classes:class|classes} apart best: {n:,} {n:image|images} of "
        "{groups:,} {groups:group|groups}. By the share of the spread of ranks that lies between "
        "classes; p of Kruskal and Wallis' test, corrected for all columns (Holm). Then the class "
        "told best: AUROC against all others, 95 % interval over groups. Chosen and measured on "
        "the same images, so the first ones are a little flattered",
        "Lo que mejor distingue {classes:la|las} {classes:,} {classes:clase|clases}: {n:,} "
        "{n:imagen|imágenes} de {groups:,} {groups:grupo|grupos}. Según la parte de la dispersión "
        "de rangos que hay entre clases; p de la prueba de Kruskal y Wallis, corregida por todas "
        "las columnas (Holm). Después, la clase mejor distinguida: AUROC frente a todas las demás, "
        "intervalo del 95 % por grupos. Elegidas y medidas en las mismas imágenes, así que las "
        "primeras salen algo favorecidas",
    ),
    "head_column": ("Column", "Columna"),
    "head_share": ("Share", "Parte"),
    "head_class": ("Best told", "Mejor"),
    "head_auroc": ("AUROC", "AUROC"),
    "head_p": ("p", "p"),
    "higher": ("{name}, higher", "{name}, mayor"),
    "lower": ("{name}, lower", "{name}, menor"),
    "sealed": (
        "The source gives a test part: the labels of its {n:,} {n:image|images} {n:was|were} not "
        "looked at",
        "La fuente da una parte de prueba: no se miraron las etiquetas de sus {n:,} "
        "{n:imagen|imágenes}",
    ),
    "no_split": (
        "The source gives no test part, so all labels were looked at: do not choose columns by "
        "this table and then test on the same images",
        "La fuente no da una parte de prueba, así que se miraron todas las etiquetas: no elija "
        "columnas por esta tabla para luego probar con las mismas imágenes",
    ),
    "rare": (
        "{n:,} {n:image|images} of classes with fewer than five groups {n:was|were} left out of "
        "this",
        "{n:,} {n:imagen|imágenes} de clases con menos de cinco grupos {n:quedó|quedaron} fuera de "
        "esto",
    ),
    "none_readable": (
        "none of {n:,} {n:image|images} can be read; the first: {reason}",
        "no se puede leer ninguna de {n:,} {n:imagen|imágenes}; la primera: {reason}",
    ),
    "none_readable_fix": (
        "Look at the files with: tamiz check",
        "Examine los archivos con: tamiz check",
    ),
    "exists": (
        "there is another table, or one of other images or settings",
        "ya hay otra tabla, o una de otras imágenes o ajustes",
    ),
    "exists_fix": (
        "Choose another --out, or give --overwrite",
        "Elija otro --out, o dé --overwrite",
    ),
    "suffix": (
        "the table is written as Parquet",
        "la tabla se escribe como Parquet",
    ),
    "suffix_fix": (
        "Give a name that ends in .parquet",
        "Dé un nombre que termine en .parquet",
    ),
}
