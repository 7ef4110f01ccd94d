"""Texts of sources by URL."""

TEXTS = {
    "why": ("reading {url}", "leer {url}"),
    "listing": ("listing {url}", "listando {url}"),
    "fetching": ("fetching files", "descargando archivos"),
    "old_copy": (
        "{url} cannot be reached ({reason}); what was fetched on {utc} is used",
        "no se puede acceder a {url} ({reason}); se usa lo descargado el {utc}",
    ),
    "unknown_scheme": (
        "'{scheme}://' is no kind of URL that can be read",
        "«{scheme}://» no es un tipo de URL que se pueda leer",
    ),
    "unknown_scheme_fix": (
        "Use s3://, gs://, az://, https:// or a path on this machine.",
        "Use s3://, gs://, az://, https:// o una ruta de este equipo.",
    ),
    "missing_package": (
        "{scheme}:// needs the package {package}, which is not installed",
        "{scheme}:// necesita el paquete {package}, que no está instalado",
    ),
    "missing_package_fix": (
        "Install it: pip install {package}",
        "Instálelo: pip install {package}",
    ),
    "no_credentials": (
        "the server asks who you are, and no credentials are set",
        "el servidor pide identificarse y no hay credenciales",
    ),
    "no_credentials_fix": ("Set {variables}.", "Defina {variables}."),
    "refused": (
        "the server refuses access: these credentials may not read this",
        "el servidor deniega el acceso: estas credenciales no permiten leerlo",
    ),
    "refused_fix": (
        "Check the credentials ({variables}) and the right to list and to read.",
        "Compruebe las credenciales ({variables}) y el permiso para listar y leer.",
    ),
    "unreachable": ("{host} does not answer", "{host} no responde"),
    "unreachable_fix": (
        "Check the network and the address (AWS_ENDPOINT_URL for another store than AWS), then "
        "repeat: what was fetched is kept.",
        "Compruebe la red y la dirección (AWS_ENDPOINT_URL si el almacén no es AWS) y repita: lo "
        "descargado se conserva.",
    ),
    "absent": ("nothing is at this URL", "no hay nada en esta URL"),
    "absent_fix": (
        "Check the spelling of the bucket and of the folder.",
        "Compruebe cómo están escritos el bucket y la carpeta.",
    ),
    "empty": ("there is no file below this URL", "no hay ningún archivo bajo esta URL"),
    "empty_fix": (
        "Check the folder's name; upper and lower case count.",
        "Compruebe el nombre de la carpeta; las mayúsculas y minúsculas cuentan.",
    ),
    "failed": ("it cannot be read: {reason}", "no se puede leer: {reason}"),
    "failed_fix": (
        "Repeat the command: what was fetched is kept.",
        "Repita la orden: lo descargado se conserva.",
    ),
    "vanished": (
        "the object was there when the source was listed, and is gone",
        "el objeto estaba al listar el origen y ya no está",
    ),
    "vanished_fix": (
        "Repeat the command when nobody changes the source: what was fetched is kept.",
        "Repita la orden cuando nadie cambie el origen: lo descargado se conserva.",
    ),
    "changed": (
        "the object was changed after its source was listed: it is not what the rows tell of",
        "el objeto cambió después de listar el origen: no es lo que dicen las filas",
    ),
    "changed_fix": (
        "Repeat the command: what depends on the object is done again.",
        "Repita la orden: lo que depende del objeto se hace de nuevo.",
    ),
    "damaged": (
        "what comes is not what the server announces ({reason})",
        "lo que llega no es lo que anuncia el servidor ({reason})",
    ),
    "damaged_fix": (
        "Repeat the command when nobody writes to the source; if it stays, upload the object anew.",
        "Repita la orden cuando nadie escriba en el origen; si persiste, vuelva a subir el objeto.",
    ),
    "bad_url": (
        "this URL names no folder and no file",
        "esta URL no nombra ninguna carpeta ni archivo",
    ),
    "bad_url_fix": (
        "Write it like s3://bucket/folder, without '..' and without empty parts.",
        "Escríbala como s3://bucket/carpeta, sin «..» y sin partes vacías.",
    ),
    "out_is_url": (
        "results are written to a folder of this machine, not to a URL",
        "los resultados se escriben en una carpeta de este equipo, no en una URL",
    ),
    "out_is_url_fix": (
        "Give a folder to --out, and copy it to the URL afterwards.",
        "Indique una carpeta en --out y cópiela después a la URL.",
    ),
    "mixed_rows": (
        "line {line} names a file of this machine ({path}) in a table whose other rows are URLs",
        "la línea {line} nombra un archivo de este equipo ({path}) en una tabla con URL en otras "
        "filas",
    ),
    "mixed_rows_fix": (
        "Write all rows as URLs, or all as paths.",
        "Escriba todas las filas como URL o todas como rutas.",
    ),
    "name_leads_out": (
        "its name has an empty part or '..' and cannot be a path",
        "su nombre tiene una parte vacía o «..» y no puede ser una ruta",
    ),
    "name_of_control": (
        "its name has a control character and cannot be a path",
        "su nombre tiene un carácter de control y no puede ser una ruta",
    ),
    "name_too_long": (
        "its name is too long for this machine",
        "su nombre es demasiado largo para este equipo",
    ),
    "name_of_folder": (
        "a folder has the same name",
        "una carpeta tiene el mismo nombre",
    ),
}
