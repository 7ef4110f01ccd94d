"""Texts of reading WebDataset's tar files."""

TEXTS = {
    "damaged": ("a damaged shard: {reason}", "un fragmento dañado: {reason}"),
    "damaged_fix": (
        "Fetch the shard again; or take it away, and its images are left out",
        "Descargue de nuevo el fragmento; o quítelo, y sus imágenes quedan fuera",
    ),
    "bad_json": ("no JSON: {reason}", "no es JSON: {reason}"),
    "bad_json_fix": (
        "Write the shard anew; a key.json holds one object",
        "Escriba de nuevo el fragmento; un clave.json contiene un objeto",
    ),
    "bad_text": ("no text in UTF-8", "no es texto en UTF-8"),
    "bad_text_fix": (
        "Write the shard anew; a key.cls holds a number or a name",
        "Escriba de nuevo el fragmento; un clave.cls contiene un número o un nombre",
    ),
    "no_such_image": (
        "no key has an image called .{name}",
        "ninguna clave tiene una imagen .{name}",
    ),
    "no_such_image_fix": (
        "--path says which image of a key is used: --path left.jpg for key.left.jpg",
        "--path dice qué imagen de una clave se usa: --path left.jpg para clave.left.jpg",
    ),
    "says": (
        "says something of an image",
        "dice algo de una imagen",
    ),
    "unused": (
        "belongs to an image; not read",
        "pertenece a una imagen; no se lee",
    ),
    "reason_several": (
        "its key has several images; --path says which to use",
        "su clave tiene varias imágenes; --path dice cuál se usa",
    ),
    "reason_no_image": (
        "its key has no image",
        "su clave no tiene imagen",
    ),
    "several": (
        "{n:,} {n:key|keys} {n:has|have} several images and {n:is|are} left out, first {first}; "
        "--path left.jpg would use key.left.jpg",
        "{n:,} {n:clave|claves} {n:tiene|tienen} varias imágenes y {n:queda|quedan} fuera, la "
        "primera {first}; --path left.jpg usaría clave.left.jpg",
    ),
    "no_image": (
        "{n:,} {n:key|keys} {n:has|have} no image, first {first}",
        "{n:,} {n:clave|claves} no {n:tiene|tienen} imagen, la primera {first}",
    ),
    "no_label": (
        "{n:,} {n:image|images} {n:has|have} no label: no .cls, or an empty one. The first: "
        "{first}",
        "{n:,} {n:imagen|imágenes} no {n:tiene|tienen} etiqueta: no hay .cls o está vacío. La "
        "primera: {first}",
    ),
    "no_end": (
        "{n:,} tar {n:file|files} {n:lacks|lack} the mark of {n:its|their} end, first {first}: "
        "{n:it|they} may have been cut, and images may be missing",
        "{n:,} {n:archivo|archivos} tar no {n:tiene|tienen} la marca de su final, el primero "
        "{first}: {n:puede estar cortado|pueden estar cortados} y faltar imágenes",
    ),
    "empty": (
        "{n:,} {n:shard|shards} {n:is|are} empty, first {first}",
        "{n:,} {n:fragmento|fragmentos} {n:está|están} vacíos, el primero {first}",
    ),
    "twice": (
        "{n:,} {n:key|keys} {n:stands|stand} in several shards, first {first}; each is an image of "
        "its own",
        "{n:,} {n:clave|claves} {n:está|están} en varios fragmentos, la primera {first}; cada una "
        "es otra imagen",
    ),
    "packed": (
        "{n:,} {n:shard|shards} {n:is|are} compressed, first {first}: reading at random is slow, "
        "and the images hardly shrink. Unpacked (.tar) {n:it is|they are} read in place",
        "{n:,} {n:fragmento|fragmentos} {n:está|están} {n:comprimido|comprimidos}, el primero "
        "{first}: leer en desorden es lento y las imágenes apenas se reducen. Sin comprimir (.tar) "
        "se {n:lee|leen} en su sitio",
    ),
}
