"""Texts that the commands of `lab` share."""

TEXTS = {
    "help_group": (
        "See what happens inside: colours, filters, convolutions and networks, number by number",
        "Ver lo que ocurre dentro: colores, filtros, convoluciones y redes, número a número",
    ),
    "metavar_photo": ("PHOTO", "FOTO"),
    "help_out": (
        "folder for the pictures (PNG) and report.html",
        "carpeta para las imágenes (PNG) y report.html",
    ),
    "photo": (
        "{name}: {width} x {height} {height:pixel|pixels} (width x height), {channels} "
        "{channels:channel|channels}",
        "{name}: {width} x {height} {height:píxel|píxeles} (ancho x alto), {channels} "
        "{channels:canal|canales}",
    ),
    "photo_grey": (
        "{name}: {width} x {height} {height:pixel|pixels} (width x height), 1 channel: grey",
        "{name}: {width} x {height} {height:píxel|píxeles} (ancho x alto), 1 canal: gris",
    ),
    "deep": (
        "The file holds {bits} {bits:bit|bits} per channel; its values were scaled to 0..255, as "
        "training does.",
        "El archivo guarda {bits} {bits:bit|bits} por canal; sus valores se escalaron a 0..255, "
        "como al entrenar.",
    ),
    "no_out": (
        "No pictures were written. Add --out FOLDER for PNG files and a page.",
        "No se escribieron imágenes. Añada --out CARPETA para archivos PNG y una página.",
    ),
    "written": ("Written to {folder}: {names}", "Escrito en {folder}: {names}"),
    "is_folder": (
        "this is a folder, and the lab looks at one image",
        "esto es una carpeta y el laboratorio mira una sola imagen",
    ),
    "is_folder_fix": ("Name one of its files", "Indique uno de sus archivos"),
    "not_display": (
        "its pixels are measured values ({dtype}), no brightness from 0 to 255",
        "sus píxeles son valores medidos ({dtype}), no brillo de 0 a 255",
    ),
    "not_display_fix": (
        "Convert it first: tamiz convert SOURCE --out png/ --window auto",
        "Conviértala antes: tamiz convert FUENTE --out png/ --window auto",
    ),
    "no_numbers": ("there are no numbers", "no hay números"),
    "no_numbers_fix": (
        "Write rows of numbers with ';' between them: \"0 -1 0; -1 5 -1; 0 -1 0\"",
        "Escriba filas de números separadas por ';': \"0 -1 0; -1 5 -1; 0 -1 0\"",
    ),
    "no_number": ("'{word}' is not a number", "'{word}' no es un número"),
    "no_number_fix": (
        "Write numbers such as 5, -1, 0.25 or 1/9, with blanks between them and ';' after a row",
        "Escriba números como 5, -1, 0.25 o 1/9, con espacios entre ellos y ';' tras cada fila",
    ),
    "large_number": (
        "'{word}' is too large to reckon with",
        "'{word}' es demasiado grande para calcular",
    ),
    "large_number_fix": (
        "Give numbers from -1e12 to 1e12",
        "Dé números de -1e12 a 1e12",
    ),
    "ragged": (
        "row {row} has {n} {n:number|numbers} and the first row has {first}",
        "la fila {row} tiene {n} {n:número|números} y la primera tiene {first}",
    ),
    "ragged_fix": (
        "Give every row the same count of numbers",
        "Ponga la misma cantidad de números en cada fila",
    ),
    "many_numbers": (
        "there are more than {most:,} {most:number|numbers}",
        "hay más de {most:,} {most:número|números}",
    ),
    "many_numbers_fix": (
        "Take a smaller part, or give an image file instead",
        "Tome una parte menor o indique un archivo de imagen",
    ),
    "no_kernel": (
        "there is no kernel called '{name}'{suggestion}",
        "no existe ningún núcleo con el nombre '{name}'{suggestion}",
    ),
    "no_kernel_fix": (
        'Choose one of: {choices}; or write its numbers: "0 -1 0; -1 5 -1; 0 -1 0"',
        'Elija entre: {choices}; o escriba sus números: "0 -1 0; -1 5 -1; 0 -1 0"',
    ),
    "large_kernel": (
        "the kernel has {size} numbers, and at most {most} x {most} are taken",
        "el núcleo tiene {size} números y se admiten como máximo {most} x {most}",
    ),
    "large_kernel_fix": ("Use a smaller kernel", "Use un núcleo menor"),
    "kernel_larger": (
        "the kernel ({kernel}) is larger than the input with its zeros ({size})",
        "el núcleo ({kernel}) es mayor que la entrada con sus ceros ({size})",
    ),
    "kernel_larger_fix": (
        "Use a smaller kernel, a larger input, or --padding same",
        "Use un núcleo menor, una entrada mayor o --padding same",
    ),
    "bad_stride": (
        "the stride is {stride}: the kernel would never move on",
        "el paso es {stride}: el núcleo nunca avanzaría",
    ),
    "bad_stride_fix": (
        "Use a whole number from 1: 1 visits every place, 2 every other one",
        "Use un entero desde 1: 1 visita cada posición, 2 una de cada dos",
    ),
    "bad_padding": (
        "'{word}' is no padding that tamiz knows",
        "'{word}' no es un relleno que tamiz conozca",
    ),
    "bad_padding_fix": (
        "Use valid (none), same (zeros that keep the size) or a number of zeros from 0 to {most}",
        "Use valid (ninguno), same (ceros que conservan el tamaño) o una cantidad de ceros de 0 a "
        "{most}",
    ),
}
