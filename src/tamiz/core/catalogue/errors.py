"""Texts of errors that belong to no single stage."""

TEXTS = {
    "unreadable": ("the image cannot be read ({reason})", "la imagen no se puede leer ({reason})"),
    "unreadable_fix": (
        "Replace the file or leave it out",
        "Sustituya el archivo o déjelo fuera",
    ),
    "missing_package": (
        "{why} needs the package {package}, which is not installed",
        "{why} necesita el paquete {package}, que no está instalado",
    ),
    "missing_package_fix": (
        "Install it: pip install 'tamiz[{extra}]'",
        "Instálelo: pip install 'tamiz[{extra}]'",
    ),
    "disk_full": (
        "the disk is full: {needed_mib:,} MiB needed, {free_mib:,} MiB free",
        "el disco está lleno: hacen falta {needed_mib:,} MiB y quedan {free_mib:,} MiB",
    ),
    "disk_full_fix": (
        "Free some space and repeat the command; what was saved is intact",
        "Libere espacio y repita la orden; lo guardado está intacto",
    ),
    "not_writable": (
        "cannot write here ({reason})",
        "no se puede escribir aquí ({reason})",
    ),
    "not_writable_fix": (
        "Choose another folder with --out, or mend its permissions",
        "Elija otra carpeta con --out o corrija sus permisos",
    ),
    "not_readable": (
        "cannot look in here ({reason})",
        "no se puede leer aquí ({reason})",
    ),
    "not_readable_fix": (
        "Check the path and its permissions",
        "Compruebe la ruta y sus permisos",
    ),
    "os_eacces": ("Permission denied", "permiso denegado"),
    "os_eperm": ("Operation not permitted", "operación no permitida"),
    "os_erofs": ("Read-only file system", "sistema de archivos de solo lectura"),
    "os_eisdir": ("Is a directory", "es una carpeta"),
    "os_enoent": ("No such file or directory", "no existe el archivo o la carpeta"),
    "os_enotdir": ("Not a directory", "no es una carpeta"),
    "os_eexist": ("File exists", "el archivo ya existe"),
    "os_enametoolong": ("File name too long", "nombre de archivo demasiado largo"),
    "os_eloop": ("Too many levels of symbolic links", "demasiados enlaces simbólicos"),
    "os_eio": ("Input/output error", "error de entrada o salida"),
    "not_finite": ("a finite number is needed", "hace falta un número finito"),
    "not_finite_fix": (
        "Give a number; a very large one stands for 'no limit'",
        "Indique un número; uno muy grande equivale a 'sin límite'",
    ),
    "locked": (
        "another tamiz is working in this run (process {pid} on {host}, since {since})",
        "otro tamiz trabaja en esta carpeta (proceso {pid} en {host}, desde {since})",
    ),
    "locked_fix": (
        "Wait for it, stop it, or choose another --out",
        "Espere, deténgalo o elija otro --out",
    ),
    "unknown_name": (
        "there is no {kind} called '{name}'{suggestion}",
        "no existe {kind} con el nombre '{name}'{suggestion}",
    ),
    "kind_models": ("model", "ningún modelo"),
    "kind_formats": ("format", "ningún formato"),
    "kind_inputs": ("input", "ninguna entrada"),
    "kind_descriptors": ("descriptor", "ningún descriptor"),
    "kind_steps": ("step", "ningún paso"),
    "kind_augmentations": ("augmentation", "ningún aumento"),
    "kind_splits": ("split rule", "ninguna regla de división"),
    "kind_metrics": ("metric", "ninguna métrica"),
    "kind_checks": ("check", "ninguna comprobación"),
    "kind_probes": ("probe", "ninguna sonda"),
    "kind_exports": ("export format", "ningún formato de exportación"),
    "kind_explainers": ("explainer", "ningún método de explicación"),
    "kind_engines": ("engine", "ningún motor"),
    "kind_commands": ("command", "ninguna orden"),
    "unknown_name_fix": ("Choose one of: {choices}", "Elija entre: {choices}"),
    "did_you_mean": ("; did you mean '{name}'?", "; ¿quiso decir '{name}'?"),
    "broken_file": (
        "the file is damaged: {reason}",
        "el archivo está dañado: {reason}",
    ),
    "broken_file_fix": (
        "Restore it, or make it again with the command that wrote it",
        "Recupérelo o vuelva a crearlo con la orden que lo escribió",
    ),
    "not_found": ("there is no such file or folder", "no existe tal archivo o carpeta"),
    "not_found_fix": ("Check the path", "Compruebe la ruta"),
    "internal": (
        "tamiz failed ({kind}: {message}); the full trace is in {trace}",
        "tamiz falló ({kind}: {message}); la traza completa está en {trace}",
    ),
    "stopped": (
        "stopped; what was done is saved",
        "detenido; lo hecho queda guardado",
    ),
    "stopped_fix": ("Go on with: {command}", "Continúe con: {command}"),
}
