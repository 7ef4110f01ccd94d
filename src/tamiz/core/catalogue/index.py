"""Texts of the stage `index`."""

TEXTS = {
    "fate_missing": ("file not there", "archivo ausente"),
    "relabelled": (
        "{n:,} {n:label|labels} {n:was|were} renamed as asked: {words}",
        "Se {n:cambió|cambiaron} {n:,} {n:etiqueta|etiquetas} como se pidió: {words}",
    ),
    "relabel_unknown": (
        "data.relabel renames '{name}', which is no label of these data",
        "data.relabel cambia '{name}', que no es una etiqueta de estos datos",
    ),
    "relabel_unknown_fix": (
        "The labels are: {classes}",
        "Las etiquetas son: {classes}",
    ),
    "title": ("Images found", "Imágenes encontradas"),
    "section": ("What was found", "Qué se ha encontrado"),
    "sentence": (
        "{kind}: {n:,} {n:image|images}, {n_classes} {n_classes:class|classes}, {n_groups:,} "
        "{n_groups:group|groups} named; {n_others:,} other {n_others:file|files}",
        "{kind}: {n:,} {n:imagen|imágenes}, {n_classes} {n_classes:clase|clases}, {n_groups:,} "
        "{n_groups:grupo|grupos} con nombre; {n_others:,} {n_others:archivo|archivos} más",
    ),
    "kind_folder": ("Folder", "Carpeta"),
    "kind_table": ("Table", "Tabla"),
    "kind_dicom": ("DICOM files", "Archivos DICOM"),
    "kind_idx": ("IDX files", "Archivos IDX"),
    "kind_cifar": ("CIFAR's binary files", "Archivos binarios de CIFAR"),
    "kind_npz": ("NumPy archive", "Archivo de NumPy"),
    "kind_huggingface": ("Hugging Face data set", "Conjunto de datos de Hugging Face"),
    "kind_webdataset": ("WebDataset shards", "Fragmentos de WebDataset"),
    "kind_imagefolder": (
        "Folder with metadata files",
        "Carpeta con archivos de metadatos",
    ),
    "no_label": ("(no label)", "(sin etiqueta)"),
    "no_split": ("(no split)", "(sin partición)"),
    "column_class": ("class", "clase"),
    "column_images": ("images", "imágenes"),
    "column_files": ("files", "archivos"),
    "column_fate": ("fate", "destino"),
    "column_reason": ("reason", "motivo"),
    "caption_labels": (
        "Images per class and given split",
        "Imágenes por clase y partición dada",
    ),
    "caption_others": (
        "Files that are no rows, and why",
        "Archivos que no forman filas, y por qué",
    ),
    "fate_train": ("train", "entrenamiento"),
    "fate_val": ("val", "validación"),
    "fate_test": ("test", "test"),
    "fate_unlabelled": ("unlabelled", "sin etiqueta"),
    "fate_unreadable": ("unreadable", "ilegible"),
    "fate_duplicate": ("duplicate", "duplicada"),
    "fate_excluded": ("excluded", "excluida"),
    "fate_not_an_image": ("not an image", "no es una imagen"),
}
