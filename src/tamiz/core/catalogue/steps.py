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
    "faults": ("{n} settings are wrong: {first}; ...", "{n} ajustes son erróneos: {first}; ..."),
    "faults_fix": (
        "Correct them in the recipe or with --set",
        "Corríjalos en la receta o con --set",
    ),
    "channels": (
        "the image has {n} channels, this step takes {wanted}",
        "la imagen tiene {n} canales, este paso admite {wanted}",
    ),
    "channels_fix": (
        "Convert the image to grey or RGB",
        "Convierta la imagen a gris o RGB",
    ),
    "no_step_for_channels": (
        "channels = {n}, but no step makes {n} channels",
        "channels = {n}, pero ningún paso produce {n} canales",
    ),
    "no_step_for_channels_fix": (
        "Set prepare.channels to 1 or 3",
        "Ponga prepare.channels a 1 o 3",
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
