"""Texts of the profile of images: kinds, sizes, tones, and what stands out."""

TEXTS = {
    "section_kinds": ("Kinds of image", "Tipos de imagen"),
    "section_sizes": ("Sizes", "Tamaños"),
    "section_spacing": ("Physical size of a pixel", "Tamaño físico de un píxel"),
    "section_tones": ("Brightness, contrast and colour", "Brillo, contraste y color"),
    "format": ("format", "formato"),
    "mode": ("colours", "colores"),
    "bits": ("bits", "bits"),
    "images": ("images", "imágenes"),
    "share": ("share", "proporción"),
    "size": ("size (px)", "tamaño (px)"),
    "class": ("class", "clase"),
    "centre": ("centre", "centro"),
    "groups": ("groups", "grupos"),
    "all": ("all images", "todas las imágenes"),
    "other_classes": ("other classes", "otras clases"),
    "other_sizes": ("{n:,} other {n:size|sizes}", "otros {n:,} {n:tamaño|tamaños}"),
    "no_label": ("no label", "sin etiqueta"),
    "unknown": ("unknown", "desconocido"),
    "mode_1": ("black and white (1)", "blanco y negro (1)"),
    "mode_l": ("grey (L)", "gris (L)"),
    "mode_la": ("grey and alpha (LA)", "gris y alfa (LA)"),
    "mode_p": ("palette (P)", "paleta (P)"),
    "mode_rgb": ("colour (RGB)", "color (RGB)"),
    "mode_rgba": ("colour and alpha (RGBA)", "color y alfa (RGBA)"),
    "mode_cmyk": ("inks (CMYK)", "tintas (CMYK)"),
    "caption_kinds": (
        "How the {n:,} {n:image|images} {n:is|are} stored, the most frequent first",
        "Cómo están guardadas {n:la|las} {n:,} {n:imagen|imágenes}, primero lo más frecuente",
    ),
    "caption_kinds_by_class": (
        "Ways of storing colours, by class",
        "Formas de guardar los colores, por clase",
    ),
    "caption_sizes": (
        "The most frequent of {n_sizes:,} {n_sizes:size|sizes}",
        "Los más frecuentes de {n_sizes:,} {n_sizes:tamaño|tamaños}",
    ),
    "one_size": (
        "All {n:,} {n:image|images} {n:measures|measure} {width:,} x {height:,} px.",
        "{n:La|Las} {n:,} {n:imagen|imágenes} {n:mide|miden} {width:,} x {height:,} px.",
    ),
    "no_sizes": ("The sizes are not known yet.", "Aún no se conocen los tamaños."),
    "figure": ("figure", "magnitud"),
    "n": ("n", "n"),
    "mean": ("mean", "media"),
    "sd": ("sd", "desv. típica"),
    "min": ("min", "mín"),
    "q1": ("25 %", "25 %"),
    "median": ("median", "mediana"),
    "q3": ("75 %", "75 %"),
    "max": ("max", "máx"),
    "caption_summary": (
        "Sizes in figures, all images",
        "Los tamaños en cifras, todas las imágenes",
    ),
    "width_px": ("width (px)", "ancho (px)"),
    "height_px": ("height (px)", "alto (px)"),
    "megapixels": ("megapixels", "megapíxeles"),
    "aspect": ("width / height", "ancho / alto"),
    "file_kib": ("file size (KiB)", "tamaño del archivo (KiB)"),
    "brightness": ("brightness (0-255)", "brillo (0-255)"),
    "contrast": ("contrast (sd of grey)", "contraste (desv. típica del gris)"),
    "red": ("red (0-255)", "rojo (0-255)"),
    "green": ("green (0-255)", "verde (0-255)"),
    "blue": ("blue (0-255)", "azul (0-255)"),
    "colourfulness": ("colourfulness", "viveza del color"),
    "sharpness": ("sharpness", "nitidez"),
    "dpi": ("resolution (dpi)", "resolución (ppp)"),
    "um_per_px": ("micrometres per pixel", "micrómetros por píxel"),
    "chart_width": ("Widths", "Anchos"),
    "chart_height": ("Heights", "Altos"),
    "chart_aspect": ("Width divided by height", "Ancho dividido por alto"),
    "chart_scatter": ("Width against height", "Ancho frente a alto"),
    "chart_brightness": ("Brightness by {kind}", "Brillo por {kind}"),
    "chart_contrast": ("Contrast by {kind}", "Contraste por {kind}"),
    "chart_colour": ("Colour channels, all images", "Canales de color, todas las imágenes"),
    "key_class": ("class", "clase"),
    "key_centre": ("centre", "centro"),
    "density": ("density", "densidad"),
    "red_name": ("red", "rojo"),
    "green_name": ("green", "verde"),
    "blue_name": ("blue", "azul"),
    "scatter_note": (
        "The scatter plot shows {shown:,} of {n:,} different {n:size|sizes}, drawn at random (seed "
        "{seed}).",
        "El diagrama de dispersión muestra {shown:,} de {n:,} "
        "{n:tamaño distinto|tamaños distintos}, elegidos al azar (semilla {seed}).",
    ),
    "bins_note": (
        "The outermost {percent:.1f} % of the values lie beyond the drawing.",
        "El {percent:.1f} % de los valores extremos queda fuera del gráfico.",
    ),
    "lines_note": (
        "The charts show {shown} of {n}: those with ten images or more, and of many the three "
        "darkest and the three brightest. The tables hold them all.",
        "Los gráficos muestran {shown} de {n}: los que tienen diez imágenes o más y, si son "
        "muchos, los tres más oscuros y los tres más claros. Las tablas los contienen todos.",
    ),
    "caption_extremes": (
        "The largest and the smallest images, with all their fields",
        "Las imágenes mayores y menores, con todos sus campos",
    ),
    "field": ("field", "campo"),
    "largest": ("largest {n}", "mayor {n}"),
    "smallest": ("smallest {n}", "menor {n}"),
    "caption_tones": ("Figures by {kind}: {figure}", "Cifras por {kind}: {figure}"),
    "caption_colours": (
        "Mean colour by {kind} (0-255)",
        "Color medio por {kind} (0-255)",
    ),
    "rows_left_out": (
        "The table holds the {shown} largest of {n}.",
        "La tabla contiene {shown} de {n}, de mayor a menor.",
    ),
    "no_spacing": (
        "No file says how large a pixel is in the world.",
        "Ningún archivo dice cuánto mide un píxel en la realidad.",
    ),
    "caption_spacing": (
        "What the files say of the size of a pixel: {n_said:,} of {n:,} say something",
        "Lo que dicen los archivos del tamaño de un píxel: {n_said:,} de {n:,} dicen algo",
    ),
    "spacing_mixed": (
        "The size of a pixel differs between images: from {low:,.4g} to {high:,.4g} micrometres",
        "El tamaño de un píxel varía entre imágenes: de {low:,.4g} a {high:,.4g} micrómetros",
    ),
    "spacing_mixed_advice": (
        "The same object then looks smaller or larger. Bring all images to one scale before "
        "training",
        "El mismo objeto parece entonces más pequeño o más grande. Lleve todas las imágenes a una "
        "misma escala antes de entrenar",
    ),
    "imbalance": (
        "The classes are uneven: '{largest}' has {share:.1%} of the {n:,} {n:image|images} "
        "({n_largest:,}), '{smallest}' {n_smallest:,}",
        "Las clases son desiguales: '{largest}' tiene el {share:.1%} de {n:la|las} {n:,} "
        "{n:imagen|imágenes} ({n_largest:,}), '{smallest}' {n_smallest:,}",
    ),
    "imbalance_advice": (
        "Always answering '{largest}' would be right in {share:.1%} of cases, so accuracy alone "
        "says little: read recall by class and balanced accuracy. The {n_classes} "
        "{n_classes:class|classes} {n_classes:weighs|weigh} like {effective:.1f} even ones",
        "Responder siempre '{largest}' acertaría en el {share:.1%} de los casos, así que la "
        "exactitud sola dice poco: mire la sensibilidad por clase y la exactitud equilibrada. "
        "{n_classes:La|Las} {n_classes} {n_classes:clase|clases} {n_classes:pesa|pesan} como "
        "{effective:.1f} iguales",
    ),
    "certain_count": ("counted, not estimated", "contado, no estimado"),
    "many_sizes": (
        "{n_sizes:,} {n_sizes:size|sizes}, from {low_width:,} x {low_height:,} to {high_width:,} x "
        "{high_height:,} px",
        "{n_sizes:,} {n_sizes:tamaño|tamaños}, de {low_width:,} x {low_height:,} a {high_width:,} "
        "x {high_height:,} px",
    ),
    "many_sizes_advice": (
        "All images are brought to one size for training. The widest is {wide:.2f} and the "
        "tallest {tall:.2f} times as wide as high: decide whether to stretch, pad or crop",
        "Todas las imágenes se llevan a un mismo tamaño para entrenar. La más apaisada es "
        "{wide:.2f} y la más vertical {tall:.2f} veces tan ancha como alta: decida si estirar, "
        "rellenar o recortar",
    ),
    "odd_sizes": (
        "{n} {n:image|images} {n:is|are} of quite another size than the rest (median {width:,} x "
        "{height:,} px)",
        "{n} {n:imagen|imágenes} {n:tiene|tienen} un tamaño muy distinto del resto (mediana "
        "{width:,} x {height:,} px)",
    ),
    "odd_sizes_advice": (
        "Look at them: they may come from another source",
        "Mírelas: pueden venir de otra fuente",
    ),
    "mixed_mode": (
        "Colours are stored in {n} {n:way|ways}: {counts}",
        "Los colores están guardados de {n} {n:forma|formas}: {counts}",
    ),
    "mixed_mode_advice": (
        "All are read by one rule, grey as one channel and colour as three. Where one way is "
        "frequent in one class only, a model can learn the file instead of the picture",
        "Todas se leen con una misma regla, gris como un canal y color como tres. Si una forma "
        "abunda solo en una clase, un modelo puede aprender el archivo en vez de la imagen",
    ),
    "mixed_bits": (
        "Images hold {counts} bits per channel",
        "Las imágenes tienen {counts} bits por canal",
    ),
    "count_of": ("{name} {n:,}", "{name} {n:,}"),
    "and_then": ("{first}, {rest}", "{first}, {rest}"),
    "higher": ("higher", "mayor"),
    "lower": ("lower", "menor"),
    "differs": (
        "{figure}: {direction} in {kind} '{name}' (mean {mean:,.2f}) than in the others "
        "({others:,.2f}); taking one group of each, this holds in {share:.0%} of cases",
        "{figure}: {direction} en {kind} '{name}' (media {mean:,.2f}) que en los demás "
        "({others:,.2f}); tomando un grupo de cada, se cumple en el {share:.0%} de los casos",
    ),
    "differs_class_advice": (
        "It may belong to what is shown: a larger object is brighter, more detail makes a larger "
        "file. If it comes from the camera, the scanner or the way of saving, a model will learn "
        "that and fail elsewhere. Look at pictures of both",
        "Puede deberse a lo que se ve: un objeto mayor es más claro, más detalle da un archivo "
        "mayor. Si viene de la cámara, del escáner o del modo de guardar, un modelo aprenderá eso "
        "y fallará en otro lugar. Mire imágenes de ambos",
    ),
    "differs_centre_advice": (
        "Images of this centre can be told apart at a glance. Keep whole centres for testing, "
        "or even out brightness and contrast",
        "Las imágenes de este centro se distinguen a simple vista. Reserve centros enteros para "
        "la prueba o iguale el brillo y el contraste",
    ),
    "sure_below": (
        "p < 0.001 over {n:,} {n:group|groups} (rank test, corrected for {m} "
        "{m:comparison|comparisons})",
        "p < 0.001 en {n:,} {n:grupo|grupos} (prueba de rangos, corregida por {m} "
        "{m:comparación|comparaciones})",
    ),
    "sure": (
        "p = {p:.3f} over {n:,} {n:group|groups} (rank test, corrected for {m} "
        "{m:comparison|comparisons})",
        "p = {p:.3f} en {n:,} {n:grupo|grupos} (prueba de rangos, corregida por {m} "
        "{m:comparación|comparaciones})",
    ),
    "also": ("also {name}: {share:.0%}", "también {name}: {share:.0%}"),
}
