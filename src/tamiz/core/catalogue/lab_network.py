"""Texts of `lab network`."""

TEXTS = {
    "help_network": (
        "The layers of a network: sizes, parameters, multiply-adds, receptive fields",
        "Las capas de una red: tamaños, parámetros, multiplicaciones-sumas, campos receptivos",
    ),
    "help_layers": (
        'layers as text: "conv 64 3 relu; pool 2; flatten; dense 10 softmax"',
        'capas como texto: "conv 64 3 relu; pool 2; flatten; dense 10 softmax"',
    ),
    "help_input": (
        "input as HEIGHTxWIDTHxCHANNELS: 28x28x1, 224x224x3; or a number of values: 784",
        "entrada como ALTOxANCHOxCANALES: 28x28x1, 224x224x3; o una cantidad de valores: 784",
    ),
    "help_model": (
        "a network by name, tamiz's own or any of timm's and torchvision's",
        "una red por su nombre, de tamiz o cualquiera de timm y torchvision",
    ),
    "help_recipe": (
        "a recipe: its network, options, size and channels",
        "una receta: su red, opciones, tamaño y canales",
    ),
    "help_classes": (
        "how many classes a network by name tells apart; 1000 for --model, else the run's own",
        "cuántas clases distingue una red por nombre; 1000 con --model, si no las de la ejecución",
    ),
    "help_strict": (
        "refuse a stride that does not fit, in place of rounding down",
        "rechazar un paso que no encaja en vez de redondear hacia abajo",
    ),
    "title": ("A network, layer by layer", "Una red, capa a capa"),
    "at_layer": ("--layers, layer {number} '{words}'", "--layers, capa {number} '{words}'"),
    "told": (
        "Input {shape}. {n:,} {n:parameter|parameters} to be learnt, {multiply_adds:,} "
        "multiply-adds for one image.",
        "Entrada {shape}. {n:,} {n:parámetro|parámetros} por aprender, {multiply_adds:,} "
        "multiplicaciones-sumas por imagen.",
    ),
    "memory": (
        "Memory with 4 bytes a number: {weights} for the parameters, {activations} for the outputs "
        "of all layers of one image ({numbers:,} {numbers:number|numbers}), which training keeps.",
        "Memoria con 4 bytes por número: {weights} para los parámetros, {activations} para las "
        "salidas de todas las capas de una imagen ({numbers:,} {numbers:número|números}), que el "
        "entrenamiento guarda.",
    ),
    "layers": ("Layers", "Capas"),
    "blocks": ("Blocks of the network", "Bloques de la red"),
    "sums": ("How the numbers come about", "De dónde salen los números"),
    "sums_caption": (
        "Size: (n + 2p - f)/s + 1, down (and across, where it differs). Parameters: filters x "
        "rows x columns x channels + filters; dense: inputs x units + units.",
        "Tamaño: (n + 2p - f)/s + 1, vertical (y horizontal, si difiere). Parámetros: filtros x "
        "filas x columnas x canales + filtros; densa: entradas x unidades + unidades.",
    ),
    "all_layers": (
        "{n:,} {n:layer|layers} {n:is|are} gathered into blocks here; the page and layers.csv list "
        "each one (add --out FOLDER).",
        "Aquí {n:,} {n:capa|capas} se reúnen en bloques; la página y layers.csv las listan una a "
        "una (añada --out CARPETA).",
    ),
    "column_layer": ("Layer", "Capa"),
    "column_block": ("Block", "Bloque"),
    "column_output": ("Output", "Salida"),
    "column_parameters": ("Parameters", "Parámetros"),
    "parameters_1": ("Parameters", "Parámetros"),
    "parameters_1000": ("Parameters in thousands", "Miles de parámetros"),
    "parameters_1000000": ("Parameters in millions", "Millones de parámetros"),
    "column_multiply_adds": ("Multiply-adds", "Mult-sumas"),
    "column_field": ("Sees", "Ve"),
    "column_kib": ("KiB", "KiB"),
    "column_size": ("Size", "Tamaño"),
    "column_formula": ("Parameters as a sum", "Parámetros como suma"),
    "total": ("total", "total"),
    "notes": (
        "'Sees' is the receptive field: the rows x columns of the input that one number of the "
        "output depends on. It may be larger than the input (then it reaches into the zeros of "
        "the padding), and '-' means that it is not known. Pooling, activations and "
        "normalisation are not counted as multiply-adds.",
        "'Ve' es el campo receptivo: las filas x columnas de la entrada de las que depende un "
        "número de la salida. Puede superar la entrada (alcanza los ceros del relleno) y '-' "
        "significa que no se conoce. Agrupar, activar y normalizar no se cuentan como "
        "multiplicaciones-sumas.",
    ),
    "unused": (
        "parts that only training uses",
        "partes que solo usa el entrenamiento",
    ),
    "no_network": (
        "'{name}' is no network: it has no layers",
        "'{name}' no es una red: no tiene capas",
    ),
    "no_network_fix": (
        "Choose a network, cnn for example: tamiz list models",
        "Elija una red, por ejemplo cnn: tamiz list models",
    ),
    "equals": ("{formula} = {n:,}", "{formula} = {n:,}"),
    "left_over": (
        "Layer {number} '{words}': {size} is no whole number. It is rounded down; rows or "
        "columns at the far end that are never read: {n}",
        "Capa {number} '{words}': {size} no es entero. Se redondea hacia abajo; filas o columnas "
        "del extremo que no se leen nunca: {n}",
    ),
    "left_over_advice": (
        "Harmless in most networks. To avoid it, change the kernel, the stride, 'pad' or the "
        "input's size",
        "Inofensivo en la mayoría de las redes. Para evitarlo, cambie el núcleo, el paso, 'pad' o "
        "el tamaño de la entrada",
    ),
    "stride_misfit": (
        "the stride does not fit: {size} is no whole number",
        "el paso no encaja: {size} no es un número entero",
    ),
    "stride_misfit_fix": (
        "Change the kernel, the stride, 'pad' or the input's size, or leave out --strict to round "
        "down",
        "Cambie el núcleo, el paso, 'pad' o el tamaño de la entrada, o quite --strict para "
        "redondear hacia abajo",
    ),
    "layer_kernel": (
        "its kernel ({kernel}) is larger than what arrives ({size}, zeros included)",
        "su núcleo ({kernel}) es mayor que lo que llega ({size}, ceros incluidos)",
    ),
    "layer_kernel_fix": (
        "Use a smaller kernel, write 'same' in it, pool less before it, or give a larger --input",
        "Use un núcleo menor, escriba 'same' en ella, agrupe menos antes o dé un --input mayor",
    ),
    "layer_groups": (
        "{groups} {groups:group|groups} {groups:does|do} not divide {channels} "
        "{channels:channel|channels} into {filters} {filters:filter|filters}",
        "{groups} {groups:grupo|grupos} no reparten {channels} {channels:canal|canales} en "
        "{filters} {filters:filtro|filtros}",
    ),
    "layer_groups_fix": (
        "Use a number of groups that divides both",
        "Use una cantidad de grupos que divida a ambos",
    ),
    "layer_needs_row": (
        "a dense layer reads a row of numbers, and what arrives is a map of {shape}",
        "una capa densa lee una fila de números y lo que llega es un mapa de {shape}",
    ),
    "layer_needs_row_fix": (
        "Put 'flatten' before it (it gives {n:,} {n:number|numbers}), or 'globalpool'",
        "Ponga antes 'flatten' (da {n:,} {n:número|números}) o 'globalpool'",
    ),
    "layer_needs_map": (
        "it reads a map (height x width x channels), and what arrives is a row of {n:,} "
        "{n:number|numbers}",
        "lee un mapa (alto x ancho x canales) y lo que llega es una fila de {n:,} "
        "{n:número|números}",
    ),
    "layer_needs_map_fix": (
        "Move it before 'flatten', 'globalpool' and 'dense', and give --input as 28x28x1",
        "Póngala antes de 'flatten', 'globalpool' y 'dense', y dé --input como 28x28x1",
    ),
    "layer_huge": (
        "it would have more than {most:,} {most:number|numbers}",
        "tendría más de {most:,} {most:número|números}",
    ),
    "layer_huge_fix": (
        "Use fewer filters or units, or a smaller --input",
        "Use menos filtros o unidades, o un --input menor",
    ),
    "no_layers": ("no layer is named", "no se nombra ninguna capa"),
    "no_layers_fix": (
        'Write, for example: --layers "conv 64 3 relu; pool 2; flatten; dense 10 softmax"',
        'Escriba, por ejemplo: --layers "conv 64 3 relu; pool 2; flatten; dense 10 softmax"',
    ),
    "many_layers": (
        "there are more than {most:,} {most:layer|layers}",
        "hay más de {most:,} {most:capa|capas}",
    ),
    "many_layers_fix": ("Write fewer", "Escriba menos"),
    "bad_input": ("'{words}' is no size of an input", "'{words}' no es el tamaño de una entrada"),
    "bad_input_fix": (
        "Write height x width x channels: --input 28x28x1; or one number for a row: --input 784",
        "Escriba alto x ancho x canales: --input 28x28x1; o un número para una fila: --input 784",
    ),
    "no_such_layer": (
        "there is no layer called '{word}'{suggestion}",
        "no existe ninguna capa con el nombre '{word}'{suggestion}",
    ),
    "no_such_layer_fix": ("Use one of: {choices}", "Use una de: {choices}"),
    "layer_number": (
        "a whole number from 1 is needed where '{given}' stands",
        "hace falta un entero desde 1 donde está '{given}'",
    ),
    "layer_ends": (
        "a whole number from 1 is missing at its end",
        "le falta un entero desde 1 al final",
    ),
    "layer_ends_fix": ("Write it like this: {example}", "Escríbala así: {example}"),
    "layer_number_fix": ("Write it like this: {example}", "Escríbala así: {example}"),
    "option_number": (
        "'{word}' needs a whole number from {least} to 999, not '{given}'",
        "'{word}' necesita un entero de {least} a 999, no '{given}'",
    ),
    "option_number_fix": (
        "Write a number after it, as in: conv 64 3 stride 2 pad 1",
        "Escriba un número detrás, como en: conv 64 3 stride 2 pad 1",
    ),
    "not_understood": (
        "'{word}' is not understood here",
        "'{word}' no se entiende aquí",
    ),
    "not_understood_fix": (
        "Write it like this: {example}; stride N, pad N, same, groups N, nobias and an activation "
        "may follow where they make sense",
        "Escríbala así: {example}; pueden seguir stride N, pad N, same, groups N, nobias y una "
        "activación donde tengan sentido",
    ),
    "pool_stride": (
        "a pool that is not square needs its stride",
        "una agrupación que no es cuadrada necesita su paso",
    ),
    "pool_stride_fix": ("Write for example: {example}", "Escriba por ejemplo: {example}"),
    "one_way": (
        "exactly one of --layers, --model and --recipe is needed",
        "hace falta exactamente una de --layers, --model y --recipe",
    ),
    "one_way_fix": (
        'Write for example: tamiz lab network --layers "flatten; dense 10 softmax" --input 28x28x1',
        'Escriba por ejemplo: tamiz lab network --layers "flatten; dense 10 softmax" --input '
        "28x28x1",
    ),
    "no_input": ("the size of the input is missing", "falta el tamaño de la entrada"),
    "no_input_fix": (
        "Add --input HEIGHTxWIDTHxCHANNELS, as in --input 28x28x1",
        "Añada --input ALTOxANCHOxCANALES, como en --input 28x28x1",
    ),
    "idle": (
        "{flag} has no meaning beside {other}",
        "{flag} no tiene sentido junto a {other}",
    ),
    "idle_fix": ("Leave out {flag}", "Quite {flag}"),
    "not_square": (
        "networks by name read square pictures, not {shape}",
        "las redes por nombre leen imágenes cuadradas, no {shape}",
    ),
    "not_square_fix": (
        "Give a square input: --input {side}x{side}x3",
        "Dé una entrada cuadrada: --input {side}x{side}x3",
    ),
    "reads_slides": (
        "'{name}' reads bags of tiles, not one image",
        "'{name}' lee bolsas de teselas, no una imagen",
    ),
    "reads_slides_fix": (
        "Choose another network: tamiz list models",
        "Elija otra red: tamiz list models",
    ),
    "no_classes": (
        "this recipe does not say how many classes there are",
        "esta receta no dice cuántas clases hay",
    ),
    "no_classes_fix": ("Add --classes N", "Añada --classes N"),
    "bad_classes": (
        "{n} {n:class|classes} cannot be told apart",
        "no se pueden distinguir {n} {n:clase|clases}",
    ),
    "bad_classes_fix": (
        "Give a whole number from 1 to 1,000,000",
        "Indique un entero de 1 a 1 000 000",
    ),
    "does_not_run": (
        "the network does not take an input of {shape} ({reason})",
        "la red no admite una entrada de {shape} ({reason})",
    ),
    "does_not_run_fix": (
        "Try its own size: --input {own}x{own}x3",
        "Pruebe su propio tamaño: --input {own}x{own}x3",
    ),
}
