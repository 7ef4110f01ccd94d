"""Texts of descriptors: what is wrong with tiles or options."""

TEXTS = {
    "no_tiles": (
        "these are no tiles: an array of shape {shape} and type {dtype}",
        "esto no son teselas: un arreglo de forma {shape} y tipo {dtype}",
    ),
    "no_tiles_fix": (
        "Give 8-bit values of the shape (tiles, height, width, 1 or 3)",
        "Aporte valores de 8 bits con la forma (teselas, alto, ancho, 1 o 3)",
    ),
    "numbers": (
        "these must be different whole numbers from {low} to {high}, one at least",
        "deben ser números enteros distintos de {low} a {high}, al menos uno",
    ),
    "numbers_fix": ("Correct the option", "Corrija la opción"),
    "number": (
        "this must be a whole number from {low} to {high}",
        "debe ser un número entero de {low} a {high}",
    ),
    "number_fix": ("Correct the option", "Corrija la opción"),
    "choice": ("this must be one of {choices}", "debe ser uno de {choices}"),
    "choice_fix": ("Correct the option", "Corrija la opción"),
    "same_names": (
        "two descriptors give the same column: {name}",
        "dos descriptores dan la misma columna: {name}",
    ),
    "same_names_fix": ("Name each of them once", "Nombre cada uno una sola vez"),
}
