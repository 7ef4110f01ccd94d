"""Texts of reading Hugging Face data sets, and folders with metadata files."""

TEXTS = {
    "about": (
        "describes the data set",
        "describe el conjunto de datos",
    ),
    "in_archive": (
        "a Hugging Face data set inside an archive; its shards are read from disk only",
        "un conjunto de datos de Hugging Face dentro de un archivo comprimido; sus fragmentos solo "
        "se leen del disco",
    ),
    "in_archive_fix": (
        "Unpack it into a folder and name the folder",
        "Descomprímalo en una carpeta e indique la carpeta",
    ),
    "shard_missing": (
        "the data set's own list names {n:,} {n:shard|shards} that {n:is|are} not there; this is "
        "the first",
        "la propia lista del conjunto nombra {n:,} {n:fragmento|fragmentos} que no {n:está|están}; "
        "este es el primero",
    ),
    "shard_missing_fix": (
        "Copy the whole folder again, or save it anew with save_to_disk",
        "Copie de nuevo la carpeta entera o guárdela otra vez con save_to_disk",
    ),
    "no_image": (
        "no column holds images; the columns are: {columns}",
        "ninguna columna tiene imágenes; las columnas son: {columns}",
    ),
    "no_image_fix": (
        "A column of images holds the bytes of each file ({{bytes, path}}); if the table names "
        "files instead, use --kind table",
        "Una columna de imágenes guarda los bytes de cada archivo ({{bytes, path}}); si la tabla "
        "nombra archivos, use --kind table",
    ),
    "no_such_image": (
        "no column of images is called '{name}'; the columns are: {columns}",
        "ninguna columna de imágenes se llama '{name}'; las columnas son: {columns}",
    ),
    "no_such_image_fix": (
        "Name one that holds images with --path, or leave the option out",
        "Indique con --path una que tenga imágenes, o quite la opción",
    ),
    "several_images": (
        "several columns hold images: {names}",
        "varias columnas tienen imágenes: {names}",
    ),
    "several_images_fix": (
        "Name the one to use: --path COLUMN",
        "Indique cuál se usa: --path COLUMNA",
    ),
    "unknown_class": (
        "column '{column}' says class {number}, and there are {n:,} {n:name|names} of classes, "
        "from 0 on",
        "la columna '{column}' dice clase {number} y hay {n:,} {n:nombre|nombres} de clases, desde "
        "0",
    ),
    "unknown_class_fix": (
        "Mend the names of classes in dataset_info.json or in the shard's metadata, or the row",
        "Corrija los nombres de clases en dataset_info.json o en los metadatos del fragmento, o "
        "la fila",
    ),
    "unlabelled": (
        "{n:,} {n:cell|cells} of '{column}' {n:is|are} empty or -1: "
        "{n:its label is|their labels are} unknown",
        "{n:,} {n:celda|celdas} de '{column}' {n:está vacía o vale|están vacías o valen} -1: su "
        "etiqueta se desconoce",
    ),
    "gaps": (
        "{n:,} of {total:,} {total:shard|shards} of '{stem}' {n:is|are} not there; {n:its|their} "
        "images are missing",
        "{n:falta|faltan} {n:,} de {total:,} {total:fragmento|fragmentos} de '{stem}'; sus "
        "imágenes no están",
    ),
    "metadata": (
        "the metadata of the images",
        "los metadatos de las imágenes",
    ),
    "no_file_name": (
        "metadata without the column file_name; the columns are: {columns}",
        "metadatos sin la columna file_name; las columnas son: {columns}",
    ),
    "no_file_name_fix": (
        "Name each picture in a column file_name, as it lies beside the metadata; or use --kind "
        "table",
        "Nombre cada imagen en una columna file_name, según está junto a los metadatos; o use "
        "--kind table",
    ),
    "outside": (
        "'{path}' leads out of the source",
        "'{path}' sale de la fuente",
    ),
    "outside_fix": (
        "Put the picture beside the metadata and name it there",
        "Ponga la imagen junto a los metadatos y nómbrela allí",
    ),
    "bad_line": (
        "no JSON object: {reason}",
        "no es un objeto JSON: {reason}",
    ),
    "bad_line_fix": (
        'Every line of a .jsonl is an object of its own: {{"file_name": "a.png", "label": "cat"}}',
        'Cada línea de un .jsonl es un objeto: {{"file_name": "a.png", "label": "gato"}}',
    ),
}
