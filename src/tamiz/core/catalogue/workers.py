"""Words about engines: where work on many items is done."""

TEXTS = {
    "bad_number": (
        "{n} is no number of workers",
        "{n} no es un número de procesos",
    ),
    "bad_number_fix": (
        "Give 0 for as many as there are cores, or a number above it.",
        "Indique 0 para usar tantos como núcleos, o un número mayor.",
    ),
    "no_address": (
        "the engine '{name}' has no address",
        "el motor '{name}' no tiene dirección",
    ),
    "no_address_fix": (
        "Add --engine ray, or leave the address out.",
        "Añada --engine ray, o quite la dirección.",
    ),
    "ray_why": (
        "working on a Ray cluster",
        "trabajar en un clúster de Ray",
    ),
    "no_cluster": (
        "no Ray cluster answers there ({reason})",
        "ningún clúster de Ray responde ahí ({reason})",
    ),
    "no_cluster_fix": (
        "Start one with 'ray start --head', give its address as host:6379, or leave --address out "
        "to start one here. A cluster that asks for its token wants RAY_AUTH_MODE=token here, too.",
        "Arranque uno con 'ray start --head', dé su dirección como host:6379, o quite --address "
        "para arrancar uno aquí. Un clúster que pide su token quiere RAY_AUTH_MODE=token aquí "
        "también.",
    ),
    "no_nodes": (
        "the Ray cluster has no machine with a core to spare",
        "el clúster de Ray no tiene ninguna máquina con núcleos",
    ),
    "no_nodes_fix": (
        "Add one with 'ray start --address=HOST:6379'.",
        "Añada una con 'ray start --address=HOST:6379'.",
    ),
    "other_version": (
        "this machine of the cluster has {package} {there}, and here it is {here}: results could "
        "differ",
        "esta máquina del clúster tiene {package} {there}, y aquí es {here}: los resultados "
        "podrían diferir",
    ),
    "other_version_fix": (
        "Install the same versions on all machines of the cluster.",
        "Instale las mismas versiones en todas las máquinas del clúster.",
    ),
    "path_missing": (
        "this machine of the cluster does not see '{path}'",
        "esta máquina del clúster no ve '{path}'",
    ),
    "path_missing_fix": (
        "Mount the folder under the same path on all machines (NFS, for instance), or work with "
        "--engine processes.",
        "Monte la carpeta con la misma ruta en todas las máquinas (con NFS, por ejemplo), o "
        "trabaje con --engine processes.",
    ),
    "path_differs": (
        "on this machine of the cluster something else lies at '{path}'",
        "en esta máquina del clúster hay otra cosa en '{path}'",
    ),
    "path_differs_fix": (
        "Mount the same folder under the same path on all machines (NFS, for instance), or work "
        "with --engine processes.",
        "Monte la misma carpeta con la misma ruta en todas las máquinas (con NFS, por ejemplo), o "
        "trabaje con --engine processes.",
    ),
    "worker_lacks": (
        "a worker of the cluster has no package '{package}'",
        "un proceso del clúster no tiene el paquete '{package}'",
    ),
    "worker_lacks_fix": (
        "Install tamiz with the same extras on all machines of the cluster.",
        "Instale tamiz con los mismos extras en todas las máquinas del clúster.",
    ),
    "worker_misses": (
        "a worker of the cluster lacks something: {reason}",
        "a un proceso del clúster le falta algo: {reason}",
    ),
    "worker_misses_fix": (
        "Install it on every machine of the cluster.",
        "Instálelo en cada máquina del clúster.",
    ),
    "lost": (
        "worker processes died {n} {n:time|times} in a row at part {part} (killed, or out of "
        "memory)",
        "los procesos murieron {n} {n:vez|veces} seguidas en la parte {part} (terminados o sin "
        "memoria)",
    ),
    "lost_fix": (
        "Use fewer workers, or look with 'tamiz check' for a file that crashes its decoder; what "
        "is done is kept.",
        "Use menos procesos, o busque con 'tamiz check' un archivo que haga fallar su "
        "decodificador; lo hecho se conserva.",
    ),
    "cluster_gone": (
        "the Ray cluster does not answer any more",
        "el clúster de Ray ya no responde",
    ),
    "cluster_gone_fix": (
        "Start it again and run the command again: it goes on where it stopped. Without --address "
        "it works on this machine alone.",
        "Arránquelo de nuevo y repita la orden: continúa donde se detuvo. Sin --address trabaja "
        "solo en esta máquina.",
    ),
    "lost_on_cluster": (
        "a worker of the cluster was lost, and so were {n} that took its place ({reason})",
        "se perdió un proceso del clúster, y también {n} que lo sustituyeron ({reason})",
    ),
    "lost_on_cluster_fix": (
        "Look at the cluster with 'ray status' and run the command again: it goes on where it "
        "stopped.",
        "Mire el clúster con 'ray status' y repita la orden: continúa donde se detuvo.",
    ),
}
