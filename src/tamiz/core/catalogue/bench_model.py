"""Texts of `bench-model`."""

TEXTS = {
    "title": ("Speed and memory on this machine", "Velocidad y memoria en esta máquina"),
    "timing": ("timing batches of {n}", "midiendo lotes de {n}"),
    "memory": (
        "asking fresh processes for their memory",
        "preguntando a procesos nuevos por su memoria",
    ),
    "model": ("Model", "Modelo"),
    "backend": ("Backend", "Backend"),
    "latency": ("One image, ms", "Una imagen, ms"),
    "throughput": ("Images/s, {n} at once", "Imágenes/s, de {n} en {n}"),
    "peak_memory": ("Peak memory, MiB", "Memoria máxima, MiB"),
    "size": ("On disk, MiB", "En disco, MiB"),
    "latency_ratio": ("Times as fast, one image", "Veces más rápido, una imagen"),
    "throughput_ratio": ("Times as fast, {n} at once", "Veces más rápido, de {n} en {n}"),
    "dp": ("Largest difference of p", "Mayor diferencia de p"),
    "against": ("Beside {name}, block by block", "Frente a {name}, bloque a bloque"),
    "caption": (
        "Decoded images of {side} x {side} px, {threads} {threads:thread|threads}; {blocks} timed "
        "{blocks:block|blocks} of each model in turn, {processes} fresh "
        "{processes:process|processes} for memory; {confidence:.0%} intervals over blocks and "
        "processes",
        "Imágenes decodificadas de {side} x {side} px, {threads} {threads:hilo|hilos}; {blocks} "
        "{blocks:bloque medido|bloques medidos} de cada modelo por turnos, {processes} "
        "{processes:proceso nuevo|procesos nuevos} para la memoria; intervalos del "
        "{confidence:.0%} por bloques y procesos",
    ),
    "room": (
        "Of a process that loads the model and asks it about such a batch",
        "De un proceso que carga el modelo y le pregunta por un lote así",
    ),
    "equal": (
        "All models give equal answers: on {n} {n:image|images} no probability differs by more "
        "than {dp:.1e}.",
        "Todos los modelos dan respuestas iguales: en {n} {n:imagen|imágenes} ninguna probabilidad "
        "difiere más de {dp:.1e}.",
    ),
    "unequal": (
        "The models do not give equal answers: a probability differs by {dp:.2g}",
        "Los modelos no dan respuestas iguales: una probabilidad difiere {dp:.2g}",
    ),
    "unequal_advice": (
        "Their speeds are no like for like; look at what the faster one costs in accuracy",
        "Sus velocidades no son comparables sin más; mire lo que el más rápido cuesta en exactitud",
    ),
    "other_classes": (
        "this model does not know the classes of {first}",
        "este modelo no conoce las clases de {first}",
    ),
    "other_classes_fix": (
        "Time models of one task together",
        "Mida juntos modelos de una misma tarea",
    ),
    "too_low": ("{found} is too low", "{found} es demasiado bajo"),
    "too_low_fix": ("Use {least} or more", "Use {least} o más"),
    "died": (
        "the process that measured memory ended early: {reason}",
        "el proceso que medía la memoria terminó antes de tiempo: {reason}",
    ),
    "died_fix": (
        "Use fewer images at once (--batch) or smaller ones (--side)",
        "Use menos imágenes a la vez (--batch) o más pequeñas (--side)",
    ),
}
