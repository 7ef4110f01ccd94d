"""Texts of reading files: why an image is refused."""

TEXTS = {
    "empty": ("the file is empty: 0 bytes", "el archivo está vacío: 0 bytes"),
    "missing": ("there is no such file", "el archivo no existe"),
    "volumes": (
        "'{name}' holds volumes of {shape}, and tamiz classifies images; save slices of them as "
        "images, (n, height, width)",
        "'{name}' contiene volúmenes de {shape} y tamiz clasifica imágenes; guarde cortes como "
        "imágenes, (n, alto, ancho)",
    ),
    "no_tar_header": (
        "no member's header at byte {offset}",
        "no hay cabecera de miembro en el byte {offset}",
    ),
    "empty_cell": ("the cell is empty: no picture", "la celda está vacía: no hay imagen"),
    "only_a_path": (
        "the data set holds its path only, not the picture",
        "el conjunto de datos solo tiene su ruta, no la imagen",
    ),
    "no_permission": ("no permission to read it", "sin permiso de lectura"),
    "memory": ("not enough memory to decode it", "no hay memoria suficiente para decodificarlo"),
    "block_too_large": (
        "it is cut in pieces of {mib:,} MiB, more than {limit_mib:,} MiB; save it in tiles",
        "está cortado en trozos de {mib:,} MiB, más de {limit_mib:,} MiB; guárdelo en teselas",
    ),
    "block_announces": (
        "damaged: one of its pieces announces {width:,} x {height:,} {height:pixel|pixels}, more "
        "than its place has",
        "dañado: uno de sus trozos anuncia {width:,} x {height:,} {height:píxel|píxeles}, más de "
        "los que caben en su lugar",
    ),
    "compression": (
        "its compression, {name}, cannot be read; save it with JPEG, deflate or LZW",
        "su compresión, {name}, no se puede leer; guárdelo con JPEG, deflate o LZW",
    ),
    "turned": (
        "a slide that is stored turned (TIFF orientation {n}); save it upright",
        "una laminilla guardada girada (orientación TIFF {n}); guárdela derecha",
    ),
    "no_slide": (
        "no whole slide: a DICOM image without the tiles of one",
        "no es una laminilla completa: una imagen DICOM sin sus teselas",
    ),
    "several_series": (
        "the folder holds DICOM files of several series; give each its own folder, or name a file",
        "la carpeta contiene archivos DICOM de varias series; dé a cada una su carpeta o nombre "
        "un archivo",
    ),
    "beside_grid": (
        "its tiles do not lie on a regular grid",
        "sus teselas no forman una cuadrícula regular",
    ),
    "not_a_slide": (
        "neither TIFF nor DICOM, nor a slide that OpenSlide knows (pip install 'tamiz[slides]' "
        "adds it)",
        "no es TIFF ni DICOM, ni una laminilla que OpenSlide conozca (se añade con pip install "
        "'tamiz[slides]')",
    ),
    "truncated": (
        "truncated: the file ends before the picture does",
        "truncado: el archivo acaba antes que la imagen",
    ),
    "wrong_sum": (
        "damaged: a checksum of its pixel data does not agree",
        "dañado: una suma de control de sus datos de píxeles no coincide",
    ),
    "zip_cut": (
        "the end of the zip is missing: it was cut short while it was copied or downloaded",
        "falta el final del zip: se cortó al copiarlo o descargarlo",
    ),
    "damaged": ("damaged: {detail}", "dañado: {detail}"),
    "damaged_header": (
        "damaged: it begins like {format}, but its header makes no sense",
        "dañado: empieza como {format}, pero su cabecera no tiene sentido",
    ),
    "text_bomb": (
        "a text inside it unpacks to an unreasonable size",
        "un texto en su interior se expande a un tamaño desmesurado",
    ),
    "not_an_image": (
        "not an image of a kind that tamiz reads",
        "no es una imagen de un tipo que tamiz lea",
    ),
    "plain_text": ("plain text", "texto sin formato"),
    "not_an_image_but": (
        "not an image that tamiz reads: the content is {kind}",
        "no es una imagen que tamiz lea: el contenido es {kind}",
    ),
    "not_regular": ("not a regular file: {kind}", "no es un archivo normal: {kind}"),
    "file_too_large": (
        "the file is larger than {limit_mib} MiB",
        "el archivo supera {limit_mib} MiB",
    ),
    "no_pixels": (
        "the header announces {width} x {height} {height:pixel|pixels}",
        "la cabecera anuncia {width} x {height} {height:píxel|píxeles}",
    ),
    "too_large": (
        "{width} x {height} = {megapixels:.1f} megapixels, more than max_megapixels = {limit:g}",
        "{width} x {height} = {megapixels:.1f} megapíxeles, más que max_megapixels = {limit:g}",
    ),
    "bomb": (
        "the header announces {megapixels:.0f} megapixels, more than max_megapixels = {limit:g}",
        "la cabecera anuncia {megapixels:.0f} megapíxeles, más que max_megapixels = {limit:g}",
    ),
    "too_long": (
        "{width} x {height} {height:pixel|pixels}: longer than max_aspect = {limit:g} times its "
        "short side",
        "{width} x {height} {height:píxel|píxeles}: el lado largo supera max_aspect = {limit:g} "
        "veces el corto",
    ),
    "slide": (
        "{width} x {height} = {megapixels:.0f} megapixels inside an archive: a whole slide "
        "(max_megapixels = {limit:g}); unpack the archive, then it is read piece by piece",
        "{width} x {height} = {megapixels:.0f} megapíxeles dentro de un archivo comprimido: una "
        "laminilla completa (max_megapixels = {limit:g}); descomprímalo y se leerá por partes",
    ),
    "not_finite": (
        "the pixel at x = {x}, y = {y} is NaN or infinite ({n:,} such {n:value|values})",
        "el píxel en x = {x}, y = {y} es NaN o infinito ({n:,} {n:valor|valores} así)",
    ),
    "needs_range": (
        "its values are {dtype} from {low} to {high}; say with value_range which of them are "
        "black and white",
        "sus valores son {dtype}, de {low} a {high}; indique con value_range cuáles son negro y "
        "blanco",
    ),
    "odd_shape": (
        "an array of {shape} is neither grey nor colour",
        "una matriz de {shape} no es ni gris ni color",
    ),
    "colour_space": (
        "its colours are stored as {name}, which cannot be turned into RGB exactly yet",
        "sus colores están guardados como {name}, que aún no se puede convertir a RGB con "
        "exactitud",
    ),
    "outside_region": (
        "the region reaches beyond the {width} x {height} {height:pixel|pixels}",
        "la región se sale de los {width} x {height} {height:píxel|píxeles}",
    ),
    "no_such_frame": (
        "it holds {n:,} {n:image|images}; there is no such one",
        "contiene {n:,} {n:imagen|imágenes}; no existe la pedida",
    ),
    "array_ends": (
        "truncated: {announced:,} {announced:image|images} announced, the file ends after {n:,}",
        "truncado: anuncia {announced:,} {announced:imagen|imágenes} y el archivo acaba tras {n:,}",
    ),
    "array_goes_on": (
        "the file goes on after what its header announces",
        "el archivo continúa más allá de lo que anuncia su cabecera",
    ),
    "array_too_large": (
        "the header announces {gib:,.1f} GiB; the limit is {limit} GiB",
        "la cabecera anuncia {gib:,.1f} GiB; el límite es {limit} GiB",
    ),
    "name_an_array": (
        "a NumPy archive: name the array, as in 'file.npz!/train_images'",
        "un archivo de NumPy: nombre la matriz, como en 'file.npz!/train_images'",
    ),
    "no_such_array": ("it holds no array '{name}'", "no contiene la matriz '{name}'"),
    "objects": (
        "it holds pickled Python objects, which are never loaded",
        "contiene objetos de Python en formato pickle, que nunca se cargan",
    ),
    "no_archive": (
        "neither a folder nor an archive (zip, tar, tar.gz) that can be read",
        "no es una carpeta ni un archivo comprimido legible (zip, tar, tar.gz)",
    ),
    "encrypted": ("encrypted", "cifrado"),
    "member_link": ("a link or a device, not a file", "un enlace o un dispositivo, no un archivo"),
    "member_bomb": (
        "it unpacks to more than {ratio} times its size",
        "se expande a más de {ratio} veces su tamaño",
    ),
    "member_large": (
        "it unpacks to more than {limit_mib} MiB",
        "se expande a más de {limit_mib} MiB",
    ),
    "member_twice": (
        "the archive holds this name {n} {n:time|times}",
        "el archivo comprimido contiene este nombre {n} {n:vez|veces}",
    ),
    "member_outside": (
        "its name leads out of the archive",
        "su nombre conduce fuera del archivo comprimido",
    ),
    "member_nameless": ("it has no name", "no tiene nombre"),
    "too_many_members": (
        "the archive holds more than {limit:,} {limit:file|files}",
        "el archivo comprimido contiene más de {limit:,} {limit:archivo|archivos}",
    ),
    "archive_bomb": (
        "it unpacks to more than {limit_mib:,} MiB: an archive bomb",
        "se expande a más de {limit_mib:,} MiB: una bomba de compresión",
    ),
    "bad_range": (
        "'{words}' is not a range of values",
        "'{words}' no es un intervalo de valores",
    ),
    "bad_range_fix": (
        'Write two numbers, the smaller first: value_range = "0,4095"',
        'Escriba dos números, primero el menor: value_range = "0,4095"',
    ),
}
