"""Texts of the key that pseudonyms are made with."""

TEXTS = {
    "open_to_others": (
        "the key of the pseudonyms may be read by others (mode {mode})",
        "otros pueden leer la clave de los seudónimos (modo {mode})",
    ),
    "open_to_others_fix": (
        "Run: chmod 600 on it; if others have seen it, make a new one.",
        "Ejecute chmod 600 sobre ella; si otros la han visto, haga una nueva.",
    ),
    "no_key": (
        "this is no key of pseudonyms (64 hexadecimal digits)",
        "esto no es una clave de seudónimos (64 dígitos hexadecimales)",
    ),
    "no_key_fix": (
        "Name the right file with --key, or move this one away and a new key is made.",
        "Indique el archivo correcto con --key, o aparte este y se hará una clave nueva.",
    ),
}
