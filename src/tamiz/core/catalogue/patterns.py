"""Texts of sources that name several files by braces."""

TEXTS = {
    "bad": (
        "'{part}' names no file, or more than 100,000",
        "«{part}» no nombra ningún archivo o más de 100.000",
    ),
    "bad_fix": (
        "Write the smaller number first: shards/{{000..015}}.tar",
        "Escriba primero el número menor: fragmentos/{{000..015}}.tar",
    ),
    "lost": (
        "{n:,} of {total:,} {total:file|files} that the braces name {n:is|are} not there, the "
        "first: {first}",
        "{n:,} de {total:,} {total:archivo|archivos} que nombran las llaves no {n:está|están}, el "
        "primero: {first}",
    ),
    "lost_fix": (
        "Mend the range, or fetch the files",
        "Corrija el intervalo o descargue los archivos",
    ),
}
