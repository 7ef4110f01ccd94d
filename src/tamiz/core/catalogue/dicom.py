"""Texts of reading DICOM. None of them may hold a value of the file that could name somebody."""

TEXTS = {
    "no_dicom": (
        "not DICOM: neither a preamble nor a data set begins here",
        "no es DICOM: aquí no empieza ni un preámbulo ni un conjunto de datos",
    ),
    "damaged": (
        "damaged DICOM: it cannot be read ({kind})",
        "DICOM dañado: no se puede leer ({kind})",
    ),
    "deflate_bomb": (
        "the deflated data set unpacks to more than {limit_mib:,} MiB",
        "el conjunto de datos comprimido ocupa más de {limit_mib:,} MiB al expandirse",
    ),
    "no_tag": ("damaged DICOM: {tag} is missing", "DICOM dañado: falta {tag}"),
    "bad_tag": (
        "damaged DICOM: {tag} holds what it may not hold ({kind})",
        "DICOM dañado: {tag} contiene lo que no puede contener ({kind})",
    ),
    "no_pixels": ("no image: {what} has no pixels", "no es una imagen: {what} no tiene píxeles"),
    "short_pixels": (
        "truncated: the pixel data hold {found:,} of {wanted:,} {wanted:byte|bytes}",
        "truncado: los datos de píxeles tienen {found:,} de {wanted:,} {wanted:byte|bytes}",
    ),
    "unknown_syntax": (
        "its compression ({name}) has no free decoder here; convert it with dcmdjpeg, gdcmconv "
        "or at the PACS to Explicit VR Little Endian",
        "su compresión ({name}) no tiene aquí un decodificador libre; conviértalo con dcmdjpeg, "
        "gdcmconv o en el PACS a Explicit VR Little Endian",
    ),
    "colours": (
        "its colours ({name}) are not known",
        "sus colores ({name}) no se conocen",
    ),
    "no_blanking": (
        "regions of real-valued pixels cannot be blanked",
        "no se pueden tapar regiones de píxeles reales",
    ),
    "video": ("a video ({name}), no image", "un vídeo ({name}), no una imagen"),
    "window_needs_ct": (
        "the window '{name}' is in Hounsfield units, and this is {modality}, whose values are "
        "none; use 'auto', 'file', 'full' or numbers",
        "la ventana «{name}» está en unidades Hounsfield, y esto es {modality}, cuyos valores no "
        "lo son; use 'auto', 'file', 'full' o números",
    ),
    "no_such_window": (
        "the file has no window '{name}' (it has {n})",
        "el archivo no tiene ventana «{name}» (tiene {n})",
    ),
    "bad_window": (
        "'{words}' is no window",
        "'{words}' no es una ventana",
    ),
    "bad_window_fix": (
        "Give auto, file, file:2, file:NAME, full, values, CENTRE,WIDTH (such as -600,1500) or one "
        "of {presets}; exact: or sigmoid: may stand before the last two.",
        "Indique auto, file, file:2, file:NOMBRE, full, values, CENTRO,ANCHO (como -600,1500) o "
        "una de {presets}; ante las dos últimas puede ir exact: o sigmoid:.",
    ),
    "colour_as_stored": ("colour, as stored", "color, tal como está guardado"),
    "values_as_stored": ("values as stored", "valores tal como están guardados"),
    "modality_lut": ("modality LUT", "LUT de modalidad"),
    "modality_linear": (
        "value x {slope:g} + {intercept:g}",
        "valor x {slope:g} + {intercept:g}",
    ),
    "voi_window": (
        "{function} {centre:g}, {width:g}",
        "{function} {centre:g}, {width:g}",
    ),
    "voi_lut": ("VOI LUT", "LUT de VOI"),
    "voi_full": ("{low:g} to {high:g}", "de {low:g} a {high:g}"),
    "voi_of_image": (
        "lowest to highest value of the image",
        "del valor más bajo al más alto de la imagen",
    ),
    "voi_none": ("none: values", "ninguna: valores"),
    "from_preset": ("{words} ({name})", "{words} ({name})"),
    "bad_width": (
        "the file's window has a width that cannot be applied; from the lowest to the highest "
        "value instead",
        "la ventana del archivo tiene un ancho inaplicable; en su lugar, del valor más bajo al "
        "más alto",
    ),
}
