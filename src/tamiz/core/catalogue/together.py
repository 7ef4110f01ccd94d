"""Words of trainings by several processes."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "help_processes": (
        "train by so many processes of this machine, each with its part of every batch",
        "entrenar con tantos procesos de esta máquina, cada uno con su parte de cada lote",
    ),
    "lost": (
        "one of the {n} processes of this training ended without a word",
        "uno de los {n} procesos de este entrenamiento terminó sin decir nada",
    ),
    "lost_fix": (
        "Was it killed, or memory short? The same command goes on from the last checkpoint",
        "¿Lo mataron o faltó memoria? La misma orden continúa desde el último punto de control",
    ),
    "ended": (
        "this training by {n} processes was told to end, or one of its processes died",
        "se pidió terminar este entrenamiento de {n} procesos, o uno de ellos murió",
    ),
    "ended_fix": (
        "The same command goes on from the last checkpoint",
        "La misma orden continúa desde el último punto de control",
    ),
    "crash": (
        "process {rank} of this training stopped with an error of the program: {message}",
        "el proceso {rank} de este entrenamiento se detuvo con un error del programa: {message}",
    ),
    "crash_fix": (
        "Please report it with the lines below",
        "Informe de ello con las líneas de abajo, por favor",
    ),
    "died": (
        "process {rank} of {n} ended ({how})",
        "el proceso {rank} de {n} terminó ({how})",
    ),
    "died_fix": (
        "Is memory short? The same command goes on from the last checkpoint",
        "¿Falta memoria? La misma orden continúa desde el último punto de control",
    ),
    "not_started": (
        "the {n} processes could not be started ({reason})",
        "no se pudieron iniciar los {n} procesos ({reason})",
    ),
    "not_started_fix": (
        "Try without --processes",
        "Pruebe sin --processes",
    ),
    "no_store": (
        "the processes do not find each other ({reason})",
        "los procesos no se encuentran ({reason})",
    ),
    "no_store_fix": (
        "On one machine start torchrun with --rdzv-endpoint 127.0.0.1:0 --local-addr 127.0.0.1",
        "En una sola máquina inicie torchrun con --rdzv-endpoint 127.0.0.1:0 "
        "--local-addr 127.0.0.1",
    ),
    "one_device": (
        "several processes cannot share one named GPU",
        "varios procesos no pueden compartir una GPU con nombre",
    ),
    "one_device_fix": (
        "Say cuda: each process takes the GPU of its own number",
        "Escriba cuda: cada proceso toma la GPU de su propio número",
    ),
    "few_gpus": (
        "{processes} processes on a machine with {n} GPUs",
        "{processes} procesos en una máquina con {n} GPU",
    ),
    "few_gpus_fix": (
        "Start as many processes as there are GPUs, or set train.device=cpu",
        "Inicie tantos procesos como GPU haya, o ponga train.device=cpu",
    ),
    "batch_too_small": (
        "batches of {n} images leave some of the {processes} processes without work",
        "lotes de {n} imágenes dejan sin trabajo a alguno de los {processes} procesos",
    ),
    "batch_too_small_fix": (
        "Choose a larger batch size, or fewer processes",
        "Elija lotes mayores o menos procesos",
    ),
    "too_many": (
        "{asked} processes on a machine that bears {n}",
        "{asked} procesos en una máquina que admite {n}",
    ),
    "too_many_fix": (
        "Ask for one per core at most; torchrun starts as many as it is told",
        "Pida como mucho uno por núcleo; torchrun inicia los que se le digan",
    ),
    "other_processes": (
        "{asked} processes are asked for, and torchrun started {n}",
        "se piden {asked} procesos y torchrun inició {n}",
    ),
    "other_processes_fix": (
        "Leave --processes out under torchrun",
        "Omita --processes con torchrun",
    ),
    "images": (
        "images of this kind ({kind}) cannot be shared by several processes",
        "imágenes de este tipo ({kind}) no pueden repartirse entre varios procesos",
    ),
    "images_fix": (
        "Train with one process",
        "Entrene con un solo proceso",
    ),
    "other_number": (
        "resumed by {now} processes, begun by {before}: the last digits may differ",
        "continúa con {now} procesos, empezó con {before}: los últimos dígitos pueden variar",
    ),
    "head_alone": (
        "a head on fixed features is learnt by one process; the others of {n} wait",
        "una cabeza sobre características fijas la aprende un proceso; los demás de {n} esperan",
    ),
    "idle": (
        "this model is learnt by one process; the others of {n} have nothing to do",
        "este modelo lo aprende un solo proceso; los demás de {n} no tienen nada que hacer",
    ),
    "by_processes": (
        "trained by {n} processes, each with its part of every batch",
        "entrena con {n} procesos, cada uno con su parte de cada lote",
    ),
}
