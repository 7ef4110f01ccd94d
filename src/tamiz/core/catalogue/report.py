"""Texts of the whole report."""

TEXTS = {
    "notes": (
        "Further notes: {n:,}; they stand in the report.",
        "Otras notas: {n:,}; están en el informe.",
    ),
    "title": ("tamiz report: {name}", "Informe de tamiz: {name}"),
    "ledger": ("Every file and its fate", "Cada archivo y su destino"),
    "ledger_why": (
        "Every file that was found has exactly one fate; ledger.csv names each with its reason.",
        "Cada archivo hallado tiene exactamente un destino; ledger.csv los nombra con su razón.",
    ),
    "fates": ("What became of every file found", "Qué fue de cada archivo hallado"),
    "found": ("found", "hallados"),
    "fate_train": ("train", "entrenamiento"),
    "fate_val": ("val", "validación"),
    "fate_test": ("test", "prueba"),
    "fate_unlabelled": ("unlabelled", "sin etiqueta"),
    "fate_unreadable": ("unreadable", "ilegibles"),
    "fate_duplicate": ("duplicate", "duplicados"),
    "fate_excluded": ("excluded", "excluidos"),
    "fate_not_an_image": ("not an image", "no son imagen"),
    "fate_undecided": ("undecided", "sin decidir"),
    "where": ("Report: {path}", "Informe: {path}"),
    "examples": ("Training examples per class", "Ejemplos de entrenamiento por clase"),
    "provenance": ("How this was made", "Cómo se hizo"),
    "command": ("Command: {command}", "Orden: {command}"),
    "package": ("package", "paquete"),
    "version": ("version", "versión"),
    "stage": ("stage", "etapa"),
    "seconds": ("seconds", "segundos"),
}
