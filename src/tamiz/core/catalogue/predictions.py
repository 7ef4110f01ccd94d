"""Texts of tables of predictions: what makes one unusable."""

TEXTS = {
    "outside": (
        "a probability is {value:.4g}, which is not between 0 and 1",
        "una probabilidad es {value:.4g}, que no está entre 0 y 1",
    ),
    "outside_fix": (
        "Write probabilities, not scores or percentages: put scores through a softmax first",
        "Escriba probabilidades, no puntuaciones ni porcentajes: aplique antes un softmax",
    ),
    "sum": (
        "the probabilities of this item add up to {total:.6g}, not to 1 ({n:,} such "
        "{n:item|items})",
        "las probabilidades de este elemento suman {total:.6g}, no 1 ({n:,} {n:elemento|elementos} "
        "así)",
    ),
    "sum_fix": (
        "Give one probability per class, and divide each by their sum",
        "Dé una probabilidad por clase y divida cada una por su suma",
    ),
    "columns": (
        "this is no table of predictions: columns missing: {names}",
        "esto no es una tabla de predicciones: faltan columnas: {names}",
    ),
    "columns_fix": (
        "Name a file from the folder predictions/ of a run",
        "Indique un archivo de la carpeta predictions/ de una ejecución",
    ),
    "unknown_class": (
        "the true class '{name}' has no column of probabilities",
        "la clase verdadera '{name}' no tiene columna de probabilidades",
    ),
    "unknown_class_fix": (
        "Add the column 'p_{name}', or leave out the rows of this class",
        "Añada la columna 'p_{name}' o quite las filas de esta clase",
    ),
}
