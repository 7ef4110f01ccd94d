"""Texts of `lab filter` and `lab convolve`."""

TEXTS = {
    "help_filter": (
        "Slide a kernel over an image or over numbers: sharpen, edges, blur, or your own",
        "Deslizar un núcleo sobre una imagen o unos números: realzar, bordes, desenfocar o uno "
        "propio",
    ),
    "help_convolve": (
        "A convolution number by number: windows, products, sums, result",
        "Una convolución número a número: ventanas, productos, sumas, resultado",
    ),
    "help_kernel": (
        'name of a kernel (see --list) or its numbers: "0 -1 0; -1 5 -1; 0 -1 0"',
        'nombre de un núcleo (vea --list) o sus números: "0 -1 0; -1 5 -1; 0 -1 0"',
    ),
    "help_convolve_kernel": (
        'name of a kernel or its numbers: "0 -1 0; -1 5 -1; 0 -1 0"',
        'nombre de un núcleo o sus números: "0 -1 0; -1 5 -1; 0 -1 0"',
    ),
    "help_padding": (
        "zeros around the input: valid (none), same (keep the size) or how many on every side",
        "ceros alrededor de la entrada: valid (ninguno), same (conservar el tamaño) o cuántos por "
        "lado",
    ),
    "help_padding_steps": (
        "zeros around the input in the steps shown: valid, same or how many on every side",
        "ceros alrededor de la entrada en los pasos mostrados: valid, same o cuántos por lado",
    ),
    "help_stride": ("step of the kernel in both directions", "paso del núcleo en ambos sentidos"),
    "help_numbers": (
        'numbers in place of an image: "60 113; 73 121", or a .csv file',
        'números en lugar de una imagen: "60 113; 73 121", o un archivo .csv',
    ),
    "help_grey": (
        "make the image grey first; else each channel is filtered by itself",
        "pasar antes la imagen a gris; si no, cada canal se filtra por separado",
    ),
    "help_list": (
        "show the kernels that have names",
        "mostrar los núcleos que tienen nombre",
    ),
    "help_example": (
        "the worked example: 5 x 5 numbers and the sharpening kernel",
        "el ejemplo resuelto: 5 x 5 números y el núcleo de realce",
    ),
    "help_steps": (
        "show every step in the terminal, not only the first two",
        "mostrar todos los pasos en la terminal, no solo los dos primeros",
    ),
    "filter_title": ("A filter", "Un filtro"),
    "convolve_title": ("A convolution, number by number", "Una convolución, número a número"),
    "kernels_title": ("Kernels that have names", "Núcleos con nombre"),
    "name": ("Name", "Nombre"),
    "does": ("What it does", "Qué hace"),
    "given": ("What is given", "Lo dado"),
    "input": ("Input", "Entrada"),
    "kernel": ("Kernel", "Núcleo"),
    "window": ("Window", "Ventana"),
    "products": ("Products", "Productos"),
    "sum": ("Sum", "Suma"),
    "result": ("Result", "Resultado"),
    "before": ("before", "antes"),
    "clipped": (
        "filtered: below 0 black, above 255 white",
        "filtrada: bajo 0 negro, sobre 255 blanco",
    ),
    "whole_range": (
        "filtered, its whole range: {low} black, {high} white",
        "filtrada, todo su intervalo: {low} negro, {high} blanco",
    ),
    "range_inside": (
        "The result goes from {low} to {high}; {share:.0%} of it lies outside 0..255.",
        "El resultado va de {low} a {high}; el {share:.0%} queda fuera de 0..255.",
    ),
    "range_outside": (
        "The result goes from {low} to {high}; {share:.1%} of it lies outside 0..255. A picture "
        "can show 0..255 only: filtered.png cuts the rest off (below 0 is black, above 255 is "
        "white), filtered-scaled.png stretches the whole range from black to white.",
        "El resultado va de {low} a {high}; el {share:.1%} queda fuera de 0..255. Una imagen solo "
        "puede mostrar 0..255: filtered.png recorta lo demás (bajo 0 es negro, sobre 255 es "
        "blanco) y filtered-scaled.png extiende todo el intervalo de negro a blanco.",
    ),
    "by_channel": (
        "Each of its {n} {n:channel|channels} is filtered by itself; --grey makes one of them "
        "first.",
        "Cada uno de sus {n} {n:canal|canales} se filtra por separado; --grey los reduce antes a "
        "uno.",
    ),
    "numbers_given": ("{size} numbers (rows x columns)", "{size} números (filas x columnas)"),
    "size": (
        "Size of the result, (n + 2p - f)/s + 1: down {down}, across {across}",
        "Tamaño del resultado, (n + 2p - f)/s + 1: vertical {down}, horizontal {across}",
    ),
    "even_same": (
        "A kernel of even size has no middle: to keep the size, one more row or column of zeros "
        "stands below and to the right, as TensorFlow and PyTorch do.",
        "Un núcleo de tamaño par no tiene centro: para conservar el tamaño, abajo y a la derecha "
        "va una fila o columna de ceros más, como hacen TensorFlow y PyTorch.",
    ),
    "left_over": (
        "The stride does not fit: the size is rounded down. Rows or columns at the far end that "
        "are never read: {n}.",
        "El paso no encaja: el tamaño se redondea hacia abajo. Filas o columnas del extremo que "
        "no se leen nunca: {n}.",
    ),
    "correlation": (
        "At each place the kernel is laid on a window of the input, numbers that meet are "
        "multiplied, and the products are added. This is cross-correlation, as networks compute "
        "it; they call it convolution. A true convolution first turns the kernel by 180 degrees.",
        "En cada posición el núcleo se pone sobre una ventana de la entrada, se multiplican los "
        "números que coinciden y se suman los productos. Esto es correlación cruzada, lo que "
        "calculan las redes; ellas la llaman convolución. Una convolución verdadera gira antes "
        "el núcleo 180 grados.",
    ),
    "place": (
        "Row {row}, column {column} of the result: input rows {top} to {low}, columns {left} to "
        "{right}",
        "Fila {row}, columna {column} del resultado: filas {top} a {low} y columnas {left} a "
        "{right} de la entrada",
    ),
    "place_padded": (
        "Row {row}, column {column} of the result: rows {top} to {low}, columns {left} to {right} "
        "of the input with its zeros",
        "Fila {row}, columna {column} del resultado: filas {top} a {low} y columnas {left} a "
        "{right} de la entrada con sus ceros",
    ),
    "more_steps": (
        "... and {n} more {n:place|places} in the same way; --steps shows them all.",
        "... y {n} {n:posición|posiciones} más del mismo modo; --steps las muestra todas.",
    ),
    "first_step": ("The first place", "La primera posición"),
    "steps_title": ("Step by step (padding {padding})", "Paso a paso (relleno {padding})"),
    "result_valid": (
        "Result without zeros (padding valid)",
        "Resultado sin ceros (relleno valid)",
    ),
    "result_same": (
        "Result with zeros around the input (padding same)",
        "Resultado con ceros alrededor de la entrada (relleno same)",
    ),
    "no_valid": (
        "Without zeros there is no result: the kernel is larger than the input.",
        "Sin ceros no hay resultado: el núcleo es mayor que la entrada.",
    ),
    "same_turned": (
        "This kernel looks the same turned by 180 degrees: a true convolution gives the same "
        "numbers.",
        "Este núcleo se ve igual girado 180 grados: una convolución verdadera da los mismos "
        "números.",
    ),
    "turned": (
        "This kernel changes when turned by 180 degrees: a true convolution gives other numbers.",
        "Este núcleo cambia al girarlo 180 grados: una convolución verdadera da otros números.",
    ),
    "kernel_turned": ("Kernel, turned", "Núcleo, girado"),
    "result_turned": (
        "True convolution (padding {padding})",
        "Convolución verdadera (relleno {padding})",
    ),
    "kernel_identity": ("leaves all as it is", "lo deja todo igual"),
    "kernel_sharpen": ("adds what differs from 4 neighbours", "suma lo que difiere de 4 vecinos"),
    "kernel_sharpen_more": (
        "adds what differs from 8 neighbours",
        "suma lo que difiere de 8 vecinos",
    ),
    "kernel_edges": (
        "edges of any direction: 8 neighbours",
        "bordes en toda dirección: 8 vecinos",
    ),
    "kernel_laplacian": (
        "edges of any direction: 4 neighbours",
        "bordes en toda dirección: 4 vecinos",
    ),
    "kernel_horizontal": ("horizontal lines", "líneas horizontales"),
    "kernel_vertical": ("vertical lines", "líneas verticales"),
    "kernel_diagonal": (
        "diagonal lines, down to the right",
        "líneas diagonales, hacia abajo a la derecha",
    ),
    "kernel_antidiagonal": (
        "diagonal lines, up to the right",
        "líneas diagonales, hacia arriba a la derecha",
    ),
    "kernel_sobel_x": (
        "change from left to right, smoothed",
        "cambio de izquierda a derecha, suavizado",
    ),
    "kernel_sobel_y": (
        "change from top to bottom, smoothed",
        "cambio de arriba abajo, suavizado",
    ),
    "kernel_prewitt_x": ("change from left to right", "cambio de izquierda a derecha"),
    "kernel_prewitt_y": ("change from top to bottom", "cambio de arriba abajo"),
    "kernel_emboss": ("light from the upper left", "luz desde arriba a la izquierda"),
    "kernel_blur": ("mean of 9 pixels", "media de 9 píxeles"),
    "kernel_gaussian": ("mean, nearer pixels count more", "media, lo cercano pesa más"),
    "one_input": (
        "an image and --numbers were both given, or neither",
        "se dieron a la vez una imagen y --numbers, o ninguno",
    ),
    "one_input_fix": (
        'Name one image, or write --numbers "60 113 56; 73 121 54; 131 99 70"',
        'Indique una imagen, o escriba --numbers "60 113 56; 73 121 54; 131 99 70"',
    ),
    "grey_numbers": (
        "--grey is for images, and --numbers was given",
        "--grey es para imágenes y se dio --numbers",
    ),
    "grey_numbers_fix": ("Leave out --grey", "Quite --grey"),
    "example_or_numbers": (
        "--example and --numbers were both given, or neither",
        "se dieron a la vez --example y --numbers, o ninguno",
    ),
    "example_or_numbers_fix": (
        'Write tamiz lab convolve --example, or --numbers "..." --kernel "..."',
        'Escriba tamiz lab convolve --example, o --numbers "..." --kernel "..."',
    ),
    "many_places": (
        "the result has {n:,} {n:place|places}; going through them one by one is for at most "
        "{most:,}",
        "el resultado tiene {n:,} {n:posición|posiciones}; recorrerlas una a una es para {most:,} "
        "como máximo",
    ),
    "many_places_fix": (
        "Take fewer numbers or a larger --stride; for whole images: tamiz lab filter",
        "Tome menos números o un --stride mayor; para imágenes enteras: tamiz lab filter",
    ),
}
