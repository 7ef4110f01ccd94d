"""Texts of the checks of data quality."""

TEXTS = {
    "blank": (
        "Blank images, one colour and nothing else: {n:,} ({share:.1%})",
        "Imágenes vacías, un color y nada más: {n:,} ({share:.1%})",
    ),
    "dark": (
        "Images that are too dark: {n:,} ({share:.1%})",
        "Imágenes demasiado oscuras: {n:,} ({share:.1%})",
    ),
    "bright": (
        "Images that are too bright: {n:,} ({share:.1%})",
        "Imágenes demasiado claras: {n:,} ({share:.1%})",
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
        "Images that are far less sharp than the others: {n:,} ({share:.1%})",
        "Imágenes mucho menos nítidas que las demás: {n:,} ({share:.1%})",
    ),
    "blur_advice": (
        "Look whether the object can still be told. Enlarged pictures are soft, too",
        "Mire si aún se reconoce el objeto. También las imágenes ampliadas son borrosas",
    ),
    "information": (
        "Images that hold far less information than the others: {n:,} ({share:.1%})",
        "Imágenes con mucha menos información que las demás: {n:,} ({share:.1%})",
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
        "Images with a size or shape unlike the others: {n:,} ({share:.1%}; {sizes} px)",
        "Imágenes de tamaño o forma distintos: {n:,} ({share:.1%}; {sizes} px)",
    ),
    "odd_size_advice": (
        "Find out where they come from. All images are brought to one size: these change most",
        "Averigüe de dónde vienen. Todas se llevan a un mismo tamaño: estas cambian más",
    ),
    "odd_mode": (
        "Images stored in a rare way: {n:,} ({kinds}; most are {usual})",
        "Imágenes guardadas de un modo raro: {n:,} ({kinds}; la mayoría, {usual})",
    ),
    "odd_mode_advice": (
        "They are read by one rule, but were made in another way: find out by whom",
        "Se leen con una misma regla, pero se hicieron de otro modo: averigüe quién",
    ),
    "two_labels": (
        "The same picture with different labels: {n:,} {n:time|times} ({n_rows:,} near-identical "
        "{n_rows:image|images})",
        "La misma imagen con etiquetas distintas: {n:,} {n:vez|veces} ({n_rows:,} "
        "{n_rows:imagen|imágenes} casi idénticas)",
    ),
    "two_labels_advice": (
        "One of the labels is wrong, or what tells the classes apart cannot be seen. Decide for "
        "each set, or leave it out",
        "Una de las etiquetas está mal, o lo que distingue las clases no se ve. Decida en cada "
        "conjunto o déjelo fuera",
    ),
    "two_sides": (
        "Mirror images with the other label ({pairs}): {n:,} {n:time|times} ({n_rows:,} "
        "near-identical {n_rows:image|images})",
        "Imágenes reflejadas con la otra etiqueta ({pairs}): {n:,} {n:vez|veces} ({n_rows:,} "
        "{n_rows:imagen|imágenes} casi idénticas)",
    ),
    "two_sides_advice": (
        "If these classes tell left from right, the labels are right: leave them, and do not let "
        "training mirror. If not, one label of each set is wrong",
        "Si estas clases distinguen izquierda de derecha, las etiquetas están bien: déjelas y no "
        "entrene con reflejos. Si no, una etiqueta de cada conjunto está mal",
    ),
    "laid_upon": (
        "likely: laid upon each other, their details correlate at 0.96 and more (0.99 below 40 px)",
        "probable: superpuestas, sus detalles tienen correlación de 0.96 o más (0.99 por debajo "
        "de 40 px)",
    ),
    "equal": (
        "certain: every pixel agrees, the files differ",
        "seguro: todos los píxeles coinciden, los archivos difieren",
    ),
    "copies_same_pixels": (
        "Pictures stored more than once, in files that differ: {n:,} ({n_rows:,} "
        "{n_rows:image|images})",
        "Imágenes guardadas más de una vez, en archivos que difieren: {n:,} ({n_rows:,} "
        "{n_rows:imagen|imágenes})",
    ),
    "copies_re_encoded": (
        "Sets of near-identical pictures, re-encoded, resized or brightened: {n:,} ({n_rows:,} "
        "{n_rows:image|images})",
        "Conjuntos de imágenes casi idénticas, recodificadas, reescaladas o aclaradas: {n:,} "
        "({n_rows:,} {n_rows:imagen|imágenes})",
    ),
    "copies_flipped": (
        "Sets of pictures with mirror images among them: {n:,} ({n_rows:,} {n_rows:image|images})",
        "Conjuntos de imágenes con reflejos entre ellas: {n:,} ({n_rows:,} "
        "{n_rows:imagen|imágenes})",
    ),
    "copies_cropped": (
        "Sets of pictures of which some are pieces of others: {n:,} ({n_rows:,} "
        "{n_rows:image|images})",
        "Conjuntos de imágenes en que unas son trozos de otras: {n:,} ({n_rows:,} "
        "{n_rows:imagen|imágenes})",
    ),
    "copies_advice": (
        "Every split that tamiz draws keeps them on one side, and that suffices; of one that came "
        "with the data, audit tells. Leaving copies out is a matter of taste: each counts as "
        "another image now",
        "Toda partición que hace tamiz las mantiene en un solo lado, y con eso basta; de una que "
        "vino con los datos, lo dice audit. Quitar copias es cuestión de gusto: ahora cada una "
        "cuenta como otra imagen",
    ),
}
