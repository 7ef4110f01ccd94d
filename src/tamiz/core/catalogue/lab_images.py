"""Texts of `lab channels` and `lab grey`."""

TEXTS = {
    "help_channels": (
        "Show each channel of an image: red, green, blue; hue; lightness",
        "Mostrar cada canal de una imagen: rojo, verde, azul; tono; luminosidad",
    ),
    "help_grey": (
        "Turn an image grey by several formulas and compare the numbers",
        "Pasar una imagen a gris con varias fórmulas y comparar los números",
    ),
    "help_space": ("colour space of the channels", "espacio de color de los canales"),
    "help_by": (
        "formula: mean (R+G+B)/3; luma 0.3 R + 0.59 G + 0.11 B; rec601 0.299, 0.587, 0.114; "
        "lightness (max+min)/2",
        "fórmula: mean (R+G+B)/3; luma 0.3 R + 0.59 G + 0.11 B; rec601 0.299, 0.587, 0.114; "
        "lightness (máx+mín)/2",
    ),
    "help_at": (
        "middle pixel of the patch whose numbers are shown; the image's middle when left out",
        "píxel central del recorte cuyos números se muestran; si falta, el centro de la imagen",
    ),
    "channels_title": ("Channels in {space}", "Canales en {space}"),
    "grey_title": ("From colour to grey", "De color a gris"),
    "space_rgb": (
        "How files store a photo: the light of three colours, each from 0 to 255.",
        "Así guardan los archivos una foto: la luz de tres colores, cada uno de 0 a 255.",
    ),
    "space_hsv": (
        "Hue is the angle on the colour wheel (0 red, 120 green, 240 blue), saturation how far "
        "from grey, value the largest of R, G and B. The picture of the hue shows pure colours; "
        "grey pixels have none.",
        "El tono es el ángulo en la rueda de color (0 rojo, 120 verde, 240 azul), la saturación "
        "la distancia al gris y el valor el mayor de R, G y B. La imagen del tono muestra colores "
        "puros; los píxeles grises no lo tienen.",
    ),
    "space_lab": (
        "Made so that equal distances look equally different: L* is how light a colour looks, a* "
        "goes from green to red, b* from blue to yellow. In the pictures of a* and b* middle grey "
        "is 0. The pixels are taken for sRGB in daylight (D65).",
        "Hecho para que distancias iguales se vean igual de distintas: L* es lo claro que se ve "
        "un color, a* va de verde a rojo, b* de azul a amarillo. En las imágenes de a* y b* el "
        "gris medio es 0. Los píxeles se toman como sRGB con luz diurna (D65).",
    ),
    "space_ycbcr": (
        "How JPEG stores a photo: Y is brightness (0.299 R + 0.587 G + 0.114 B), Cb how much "
        "bluer and Cr how much redder than that; 128 is neither.",
        "Así guarda JPEG una foto: Y es el brillo (0.299 R + 0.587 G + 0.114 B), Cb cuánto más "
        "azul y Cr cuánto más rojo que eso; 128 es ni lo uno ni lo otro.",
    ),
    "is_grey": (
        "The image is grey: its red, green and blue are equal.",
        "La imagen es gris: su rojo, verde y azul son iguales.",
    ),
    "is_grey_already": (
        "The image is grey already: every formula gives the same numbers.",
        "La imagen ya es gris: todas las fórmulas dan los mismos números.",
    ),
    "range": (
        "{name}: black {low:g}, white {high:g}",
        "{name}: negro {low:g}, blanco {high:g}",
    ),
    "range_colours": (
        "{name}: {low:g} to {high:g} degrees, as colours",
        "{name}: {low:g} a {high:g} grados, como colores",
    ),
    "channel": ("Channel", "Canal"),
    "meaning": ("What it is", "Qué es"),
    "min": ("Min", "Mín"),
    "mean": ("Mean", "Media"),
    "max": ("Max", "Máx"),
    "channel_r": ("red", "rojo"),
    "channel_g": ("green", "verde"),
    "channel_b": ("blue", "azul"),
    "channel_h": ("hue, degrees", "tono, grados"),
    "channel_s": ("saturation", "saturación"),
    "channel_v": ("value", "valor"),
    "channel_l_star": ("lightness", "luminosidad"),
    "channel_a_star": ("green to red", "de verde a rojo"),
    "channel_b_star": ("blue to yellow", "de azul a amarillo"),
    "channel_y": ("brightness", "brillo"),
    "channel_cb": ("blue difference", "diferencia de azul"),
    "channel_cr": ("red difference", "diferencia de rojo"),
    "histogram": (
        "Histogram of {name} ({n} {n:bin|bins})",
        "Histograma de {name} ({n} {n:intervalo|intervalos})",
    ),
    "value": ("value", "valor"),
    "pixels": ("pixels", "píxeles"),
    "way": ("Way", "Modo"),
    "formula": ("Formula", "Fórmula"),
    "pixel": ("x, y", "x, y"),
    "patch": ("The numbers of a few pixels", "Los números de unos píxeles"),
    "grey_note": (
        "luma is as the course writes it; rec601 has the same weights with three decimals, as "
        "ITU-R BT.601 has them. Eyes see green as brighter than red, and red than blue: that is "
        "where the weights come from. lightness is that of the HSL model; for CIE L* see: tamiz "
        "lab channels --space lab",
        "luma es como lo escribe el curso; rec601 tiene los mismos pesos con tres decimales, como "
        "en ITU-R BT.601. El ojo ve el verde más claro que el rojo, y el rojo más que el azul: de "
        "ahí los pesos. lightness es la del modelo HSL; para CIE L* vea: tamiz lab channels "
        "--space lab",
    ),
    "no_space": (
        "there is no colour space called '{name}'",
        "no existe ningún espacio de color con el nombre '{name}'",
    ),
    "no_space_fix": ("Choose one of: {choices}", "Elija entre: {choices}"),
    "no_grey": (
        "there is no way to grey called '{name}'",
        "no existe ningún modo de gris con el nombre '{name}'",
    ),
    "no_grey_fix": ("Choose one of: {choices}", "Elija entre: {choices}"),
    "outside": (
        "pixel {x},{y} lies outside the image",
        "el píxel {x},{y} queda fuera de la imagen",
    ),
    "outside_fix": (
        "Give x from 0 to {right} and y from 0 to {low}",
        "Indique x de 0 a {right} e y de 0 a {low}",
    ),
    "bad_at": ("'{words}' is no pixel", "'{words}' no es un píxel"),
    "bad_at_fix": (
        "Write x and y with a comma between them: --at 120,80",
        "Escriba x e y con una coma: --at 120,80",
    ),
}
