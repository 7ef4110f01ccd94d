"""Texts of descriptors: what is wrong with tiles or options."""

TEXTS = {
    "no_tiles": (
        "these are no tiles: an array of shape {shape} and type {dtype}",
        "esto no son teselas: un arreglo de forma {shape} y tipo {dtype}",
    ),
    "no_tiles_fix": (
        "Give 8-bit values of the shape (tiles, height, width, 1 or 3)",
        "Aporte valores de 8 bits con la forma (teselas, alto, ancho, 1 o 3)",
    ),
    "numbers": (
        "these must be different whole numbers from {low} to {high}, one at least",
        "deben ser números enteros distintos de {low} a {high}, al menos uno",
    ),
    "numbers_fix": (
        "Join such numbers with plus signs, as in glcm:distances=1+3",
        "Una tales números con signos más, como en glcm:distances=1+3",
    ),
    "number": (
        "this must be a whole number from {low} to {high}",
        "debe ser un número entero de {low} a {high}",
    ),
    "number_fix": (
        "Give such a number, as in hog:cell_px=8",
        "Dé un número así, como en hog:cell_px=8",
    ),
    "choice": ("this must be one of {choices}", "debe ser uno de {choices}"),
    "choice_fix": (
        "Write one of these words, as in colour-histogram:space=hsv",
        "Escriba una de estas palabras, como en colour-histogram:space=hsv",
    ),
    "same_names": (
        "two descriptors give the same column: {name}",
        "dos descriptores dan la misma columna: {name}",
    ),
    "same_names_fix": ("Name each of them once", "Nombre cada uno una sola vez"),
    "choices": (
        "these must be different words of {choices}, one at least",
        "deben ser palabras distintas de entre {choices}, al menos una",
    ),
    "choices_fix": (
        "Join such words with plus signs, as in glcm:properties=energy+contrast",
        "Una tales palabras con signos más, como en glcm:properties=energy+contrast",
    ),
    "bad_size": (
        "a size is two whole numbers from 1 to {high}, width and height",
        "un tamaño son dos números enteros de 1 a {high}, ancho y alto",
    ),
    "bad_size_fix": (
        "Give WIDTHxHEIGHT in pixels, such as 240x135",
        "Indique ANCHOxALTO en píxeles, como 240x135",
    ),
    "none": ("no descriptor was named", "no se nombró ningún descriptor"),
    "none_fix": ("Name some of: {choices}", "Nombre algunos de: {choices}"),
    "bad_words": (
        "an option of a descriptor is written NAME=VALUE, not '{option}'",
        "una opción de un descriptor se escribe NOMBRE=VALOR, no '{option}'",
    ),
    "bad_words_fix": (
        "Write it as in glcm:distances=1+3:levels=32",
        "Escríbala como en glcm:distances=1+3:levels=32",
    ),
    "no_option": (
        "this descriptor has no option '{option}'",
        "este descriptor no tiene la opción '{option}'",
    ),
    "no_option_fix": ("Its options are: {choices}", "Sus opciones son: {choices}"),
    "wrong_option": ("{words}", "{words}"),
    "wrong_option_fix": (
        "Write it as in {example}, which is what it is if left out",
        "Escríbala como en {example}, que es su valor si se omite",
    ),
    "no_preset": (
        "there is no recipe of descriptors of this name",
        "no hay una receta de descriptores con este nombre",
    ),
    "no_preset_fix": ("Choose one of: {choices}", "Elija una de: {choices}"),
    "damaged": (
        "the stored choice of descriptors is damaged: {reason}",
        "la elección de descriptores guardada está dañada: {reason}",
    ),
    "damaged_fix": (
        "Make the model or the table again",
        "Haga de nuevo el modelo o la tabla",
    ),
    "hog_too_small": (
        "no block of HOG fits into {width} x {height} px: it needs {needed} px a side",
        "ningún bloque de HOG cabe en {width} x {height} px: necesita {needed} px por lado",
    ),
    "hog_too_small_fix": (
        "Make cells smaller, {example}, or width_px and height_px (--size) larger",
        "Haga menores las celdas, {example}, o mayores width_px y height_px (--size)",
    ),
    "too_many_columns": (
        "these options give {n:,} {n:column|columns}; at most {limit:,} can be kept",
        "estas opciones dan {n:,} {n:columna|columnas}; se pueden guardar {limit:,} como máximo",
    ),
    "too_many_columns_fix": (
        "Use larger cells, a smaller size or fewer bins",
        "Use celdas mayores, un tamaño menor o menos intervalos",
    ),
}
