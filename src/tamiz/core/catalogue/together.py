"""Words of trainings by several processes."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "help_processes": (
        "train by so many processes of this machine, each with its part of every batch",
        "entrenar con tantos procesos de esta máquina, cada uno con su parte de cada lote",
    ),
    "lost": (
        "one of the {n} {n:process|processes} of this training ended without a word",
        "uno de los {n} {n:proceso|procesos} de este entrenamiento terminó sin decir nada",
    ),
    "lost_fix": (
        "Was it killed, or memory short? The same command goes on from the last checkpoint",
        "¿Lo mataron o faltó memoria? La misma orden continúa desde el último punto de control",
    ),
    "ended": (
        "this training by {n} {n:process|processes} was told to end, or one of its processes died",
        "se pidió terminar este entrenamiento de {n} {n:proceso|procesos}, o uno de ellos murió",
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
        "the {n} {n:process|processes} could not be started ({reason})",
        "no se pudieron iniciar {n:el|los} {n} {n:proceso|procesos} ({reason})",
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
        "{processes} {processes:process|processes} on a machine with {n} {n:GPU|GPUs}",
        "{processes} {processes:proceso|procesos} en una máquina con {n} GPU",
    ),
    "few_gpus_fix": (
        "Start as many processes as there are GPUs, or set train.device=cpu",
        "Inicie tantos procesos como GPU haya, o ponga train.device=cpu",
    ),
    "batch_too_small": (
        "batches of {n} {n:image|images} leave some of the {processes} "
        "{processes:process|processes} without work",
        "lotes de {n} {n:imagen|imágenes} dejan sin trabajo a alguno de los {processes} "
        "{processes:proceso|procesos}",
    ),
    "batch_too_small_fix": (
        "Choose a larger batch size, or fewer processes",
        "Elija lotes mayores o menos procesos",
    ),
    "too_many": (
        "{asked} {asked:process|processes} on a machine that bears {n}",
        "{asked} {asked:proceso|procesos} en una máquina que admite {n}",
    ),
    "too_many_fix": (
        "Ask for one per core at most; torchrun starts as many as it is told",
        "Pida como mucho uno por núcleo; torchrun inicia los que se le digan",
    ),
    "other_processes": (
        "{asked} {asked:process|processes} {asked:is|are} asked for, and torchrun started {n}",
        "se piden {asked} {asked:proceso|procesos} y torchrun inició {n}",
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
        "resumed by {now} {now:process|processes}, begun by {before}: the last digits may differ",
        "continúa con {now} {now:proceso|procesos}, empezó con {before}: los últimos dígitos "
        "pueden variar",
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
        "trained by {n} {n:process|processes}, each with its part of every batch",
        "entrena con {n} {n:proceso|procesos}, cada uno con su parte de cada lote",
    ),
}
