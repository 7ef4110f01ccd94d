"""Texts of decisions.csv."""

TEXTS = {
    "bad_word": (
        "line {line}: '{word}' is no decision; write leave-out, keep, or a new_label without "
        "leave-out",
        "línea {line}: '{word}' no es una decisión; escriba leave-out, keep o un new_label sin "
        "leave-out",
    ),
    "twice": (
        "line {line}: {path} is decided otherwise on line {again}",
        "línea {line}: {path} se decide de otro modo en la línea {again}",
    ),
    "no_image": (
        "line {line}: path is empty, or frame is no number",
        "línea {line}: falta path o frame no es un número",
    ),
    "faults": (
        "{n:,} {n:line|lines} cannot be understood; the first: {first}",
        "{n:,} {n:línea|líneas} no se {n:entiende|entienden}; la primera: {first}",
    ),
    "faults_fix": (
        "Mend these lines and repeat the command; nothing was applied",
        "Corrija esas líneas y repita la orden; no se aplicó nada",
    ),
    "not_utf8": (
        "the decisions are not UTF-8 text",
        "las decisiones no son texto UTF-8",
    ),
    "not_utf8_fix": (
        "Save the table as 'CSV UTF-8'",
        "Guarde la tabla como 'CSV UTF-8'",
    ),
    "columns": (
        "the table has no column {names}",
        "la tabla no tiene la columna {names}",
    ),
    "columns_fix": (
        "Use the decisions.csv that 'tamiz clean' wrote, and fill its columns decision and "
        "new_label",
        "Use el decisions.csv que escribió 'tamiz clean' y rellene sus columnas decision y "
        "new_label",
    ),
    "unknown": (
        "{n:,} of the decisions {n:names an image that is|name images that are} not in this data "
        "set (first: {first})",
        "{n:,} {n:decisión|decisiones} {n:nombra|nombran} "
        "{n:una imagen que no está|imágenes que no están} en estos datos (primera: {first})",
    ),
    "unknown_fix": (
        "Apply decisions to the source for which they were written",
        "Aplique las decisiones a la fuente para la que se escribieron",
    ),
    "reason_out": (
        "left out by decision (line {line}: {why})",
        "excluida por decisión (línea {line}: {why})",
    ),
    "applied": (
        "Decisions applied: {n_out:,} {n_out:image|images} left out, {n_label:,} "
        "{n_label:label|labels} changed, {n_keep:,} looked at and kept. To undo them all: --set "
        "data.decisions=none",
        "Decisiones aplicadas: {n_out:,} {n_out:imagen excluida|imágenes excluidas}, {n_label:,} "
        "{n_label:etiqueta cambiada|etiquetas cambiadas}, {n_keep:,} "
        "{n_keep:revisada y mantenida|revisadas y mantenidas}. Para deshacerlas todas: --set "
        "data.decisions=none",
    ),
}
