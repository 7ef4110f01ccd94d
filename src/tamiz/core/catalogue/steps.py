"""Texts of preprocessing steps and of every plug-in's options."""

TEXTS = {
    "no_name": (
        "{where}: a table needs name = one of {choices}",
        "{where}: la tabla necesita name = uno de {choices}",
    ),
    "no_options": ("none", "ninguna"),
    "unknown_option": (
        "{name}: there is no such option{suggestion} (options: {choices})",
        "{name}: no existe tal opción{suggestion} (opciones: {choices})",
    ),
    "fault": ("{first}", "{first}"),
    "fault_fix": ("Correct it in the recipe or with --set", "Corríjalo en la receta o con --set"),
    "faults": (
        "{n} {n:setting|settings} {n:is|are} wrong: {first}; ...",
        "{n} {n:ajuste|ajustes} {n:es|son} erróneos: {first}; ...",
    ),
    "faults_fix": (
        "Correct them in the recipe or with --set",
        "Corríjalos en la receta o con --set",
    ),
    "channels": (
        "the image has {n} {n:channel|channels}, this step takes {wanted}",
        "la imagen tiene {n} {n:canal|canales}, este paso admite {wanted}",
    ),
    "channels_fix": (
        "Convert the image to grey or RGB",
        "Convierta la imagen a gris o RGB",
    ),
    "no_step_for_channels": (
        "channels = {n}, but no step makes {n} {n:channel|channels}",
        "channels = {n}, pero ningún paso produce {n} {n:canal|canales}",
    ),
    "no_step_for_channels_fix": (
        "Set prepare.channels to 1 or 3, or give as many windows",
        "Ponga prepare.channels a 1 o 3, o indique otras tantas ventanas",
    ),
    "window_needs_values": (
        "the step 'window' needs values, and the images are grey or colour already",
        "el paso «window» necesita valores, y las imágenes ya son gris o color",
    ),
    "window_needs_values_fix": (
        "Set data.window to values (--window values); photographs need no window",
        "Ponga data.window a values (--window values); las fotografías no necesitan ventana",
    ),
    "window_needs_hounsfield": (
        "the window '{words}' is in Hounsfield units, and these values are none",
        "la ventana «{words}» está en unidades Hounsfield, y estos valores no lo son",
    ),
    "window_needs_hounsfield_fix": (
        "Give CENTRE,WIDTH in the images' own unit",
        "Indique CENTRO,ANCHO en la unidad de las imágenes",
    ),
    "crop_too_large": (
        "the square does not fit into a shorter side of {shorter} px",
        "el cuadrado no cabe en un lado corto de {shorter} px",
    ),
    "crop_too_large_fix": (
        "Set size_px to {shorter} or less",
        "Ponga size_px a {shorter} o menos",
    ),
    "even_kernel": (
        "a blur of {n} {n:pixel|pixels} has no middle",
        "un desenfoque de {n} {n:píxel|píxeles} no tiene centro",
    ),
    "even_kernel_fix": ("Give an odd number", "Indique un número impar"),
    "n_windows": (
        "{n} {n:window|windows}: the network's input has 1 to 16 channels",
        "{n} {n:ventana|ventanas}: la entrada de la red tiene de 1 a 16 canales",
    ),
    "n_windows_fix": (
        "Give from one to sixteen windows",
        "Indique entre una y dieciséis ventanas",
    ),
    "window_of_file": (
        "'{words}' is no window that a step can apply",
        "'{words}' no es una ventana que un paso pueda aplicar",
    ),
    "window_of_file_fix": (
        "Give a preset or CENTRE,WIDTH",
        "Indique una ventana con nombre o CENTRO,ANCHO",
    ),
    "no_window_step": (
        "data.window is values, and no step makes grey of the values",
        "data.window es values, y ningún paso convierte los valores en gris",
    ),
    "no_window_step_fix": (
        'Add to the recipe: [[prepare.steps]] name = "window", windows = ["lung"]',
        'Añada a la receta: [[prepare.steps]] name = "window", windows = ["lung"]',
    ),
    "not_8_bit": (
        "after the last step the values are {dtype}, the network reads 8-bit values",
        "tras el último paso los valores son {dtype}, la red lee valores de 8 bits",
    ),
    "not_8_bit_fix": (
        "Say with data.value_range which values become 0 and 255",
        "Indique con data.value_range qué valores pasan a 0 y 255",
    ),
}
