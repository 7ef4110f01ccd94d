"""Texts of the checks of data quality."""

TEXTS = {
    "blank": (
        "{n:,} images ({share:.1%}) are blank: one colour and nothing else",
        "{n:,} imágenes ({share:.1%}) están vacías: un color y nada más",
    ),
    "dark": (
        "{n:,} images ({share:.1%}) are too dark",
        "{n:,} imágenes ({share:.1%}) son demasiado oscuras",
    ),
    "bright": (
        "{n:,} images ({share:.1%}) are too bright",
        "{n:,} imágenes ({share:.1%}) son demasiado claras",
    ),
    "blank_certainty": (
        "measured: the grey levels differ by less than 2 (standard deviation)",
        "medido: los niveles de gris difieren en menos de 2 (desviación típica)",
    ),
    "dark_certainty": (
        "measured: mean grey level below 20 of 255, and {limit:g} robust standard deviations "
        "below the set's median",
        "medido: nivel medio de gris menor que 20 de 255, y {limit:g} desviaciones típicas "
        "robustas por debajo de la mediana",
    ),
    "bright_certainty": (
        "measured: mean grey level above 235 of 255, and {limit:g} robust standard deviations "
        "above the set's median",
        "medido: nivel medio de gris mayor que 235 de 255, y {limit:g} desviaciones típicas "
        "robustas por encima de la mediana",
    ),
    "exposure_advice": (
        "Look at them; leave out what shows nothing. A model gives such a picture the class that "
        "such pictures had in training",
        "Mírelas; deje fuera las que no muestran nada. Un modelo da a una imagen así la clase que "
        "tuvieron imágenes así al entrenar",
    ),
    "blur": (
        "{n:,} images ({share:.1%}) are far less sharp than the others",
        "{n:,} imágenes ({share:.1%}) son mucho menos nítidas que las demás",
    ),
    "blur_advice": (
        "Look whether the object can still be told. Enlarged pictures are soft, too",
        "Mire si aún se reconoce el objeto. También las imágenes ampliadas son borrosas",
    ),
    "information": (
        "{n:,} images ({share:.1%}) hold far less information than the others",
        "{n:,} imágenes ({share:.1%}) contienen mucha menos información que las demás",
    ),
    "information_advice": (
        "Look at them: forms, drawings, pictures cut off or with a large empty ground",
        "Mírelas: formularios, dibujos, imágenes cortadas o con un gran fondo vacío",
    ),
    "robust": (
        "measured: {limit:g} robust standard deviations (MAD) from the set's median",
        "medido: {limit:g} desviaciones típicas robustas (MAD) desde la mediana del conjunto",
    ),
    "counted": ("counted, not estimated", "contado, no estimado"),
    "odd_size": (
        "{n:,} images ({share:.1%}) have a size or shape unlike the others: {sizes} px",
        "{n:,} imágenes ({share:.1%}) tienen un tamaño o forma distintos: {sizes} px",
    ),
    "odd_size_advice": (
        "Find out where they come from. All images are brought to one size: these change most",
        "Averigüe de dónde vienen. Todas se llevan a un mismo tamaño: estas cambian más",
    ),
    "odd_mode": (
        "{n:,} images are stored in a rare way: {kinds}; most are {usual}",
        "{n:,} imágenes están guardadas de un modo raro: {kinds}; la mayoría, {usual}",
    ),
    "odd_mode_advice": (
        "They are read by one rule, but were made in another way: find out by whom",
        "Se leen con una misma regla, pero se hicieron de otro modo: averigüe quién",
    ),
    "two_labels": (
        "{n:,} pictures carry two labels: {n_rows:,} near-identical images disagree",
        "{n:,} imágenes llevan dos etiquetas: {n_rows:,} imágenes casi idénticas no coinciden",
    ),
    "two_labels_advice": (
        "One of the labels is wrong, or what tells the classes apart cannot be seen. Decide for "
        "each set, or leave it out",
        "Una de las etiquetas está mal, o lo que distingue las clases no se ve. Decida en cada "
        "conjunto o déjelo fuera",
    ),
    "laid_upon": (
        "likely: laid upon each other, their details correlate at 0.96 and more (0.99 below 40 px)",
        "probable: superpuestas, sus detalles tienen correlación de 0,96 o más (0,99 por debajo "
        "de 40 px)",
    ),
    "equal": (
        "certain: every pixel agrees, the files differ",
        "seguro: todos los píxeles coinciden, los archivos difieren",
    ),
    "copies_same_pixels": (
        "{n:,} pictures are stored more than once in different files ({n_rows:,} images)",
        "{n:,} imágenes están guardadas más de una vez en archivos distintos ({n_rows:,} imágenes)",
    ),
    "copies_re_encoded": (
        "{n:,} sets of near-identical pictures: re-encoded, resized or brightened ({n_rows:,} "
        "images)",
        "{n:,} conjuntos de imágenes casi idénticas: recodificadas, reescaladas o aclaradas "
        "({n_rows:,} imágenes)",
    ),
    "copies_flipped": (
        "{n:,} sets of pictures with mirror images among them ({n_rows:,} images)",
        "{n:,} conjuntos de imágenes con reflejos entre ellas ({n_rows:,} imágenes)",
    ),
    "copies_cropped": (
        "{n:,} sets of pictures of which some are pieces of others ({n_rows:,} images)",
        "{n:,} conjuntos de imágenes en que unas son trozos de otras ({n_rows:,} imágenes)",
    ),
    "copies_advice": (
        "They are kept on one side of the split, and that suffices. Leaving copies out is a matter "
        "of taste: each counts as another image now",
        "Se mantienen en un solo lado de la partición, y con eso basta. Quitar copias es cuestión "
        "de gusto: ahora cada una cuenta como otra imagen",
    ),
}
