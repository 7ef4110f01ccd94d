"""Texts of preparing images, devices and inference."""

TEXTS = {
    "no_device": ("this machine has no such device", "esta máquina no tiene ese dispositivo"),
    "no_device_fix": ("Choose one of: {choices}", "Elija entre: {choices}"),
    "cpu": ("cpu ({level}, {n} {n:thread|threads})", "cpu ({level}, {n} {n:hilo|hilos})"),
    "decoding": ("decoding {n:,} {n:image|images}", "decodificando {n:,} {n:imagen|imágenes}"),
    "predicting": ("predicting", "prediciendo"),
    "not_in_memory": (
        "{n:,} {n:image|images} {n:needs|need} more than prepare.memory_mib = {mib:,}: "
        "{n:it is|they are} decoded in each epoch",
        "{n:,} {n:imagen|imágenes} {n:excede|exceden} prepare.memory_mib = {mib:,}: se "
        "{n:decodifica|decodifican} en cada época",
    ),
    "wrong_shape": (
        "the prepared image has shape {found}, the network reads {wanted}",
        "la imagen preparada tiene forma {found}, la red lee {wanted}",
    ),
    "wrong_shape_fix": (
        "Make prepare.steps end in prepare.size_px and prepare.channels",
        "Haga que prepare.steps termine en prepare.size_px y prepare.channels",
    ),
    "worker_died": (
        "a process that decodes images died ({reason})",
        "murió un proceso que decodifica imágenes ({reason})",
    ),
    "worker_died_fix": (
        "Memory may be short: set prepare.workers lower, then repeat with --resume",
        "Quizá falta memoria: reduzca prepare.workers y repita con --resume",
    ),
}
