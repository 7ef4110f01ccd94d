"""Texts of CIFAR's files, and of the pickles that its version for Python consists of."""

TEXTS = {
    "names_file": ("the names of the classes", "los nombres de las clases"),
    "not_one_kind": (
        "files of {n} {n:kind|kinds} of CIFAR where one is expected",
        "archivos de {n} {n:tipo|tipos} de CIFAR donde se espera uno",
    ),
    "not_one_kind_fix": (
        "Name the folder of CIFAR-10 or the one of CIFAR-100",
        "Indique la carpeta de CIFAR-10 o la de CIFAR-100",
    ),
    "damaged": (
        "named like CIFAR's files and not laid out like them: {n:,} {n:byte|bytes}, where each "
        "image takes {row:,}, the label of the first from 0 to {most}",
        "se llama como los archivos de CIFAR y no tiene su forma: {n:,} {n:byte|bytes}, y cada "
        "imagen ocupa {row:,}, con la etiqueta de la primera de 0 a {most}",
    ),
    "damaged_fix": (
        "The file is cut short or damaged: fetch it again; or take it away, and its images are "
        "left out",
        "El archivo está cortado o dañado: descárguelo de nuevo; o quítelo, y sus imágenes quedan "
        "fuera",
    ),
    "bad_label": (
        "image {row:,} has the label {label}, and labels go from 0 to {most}",
        "la imagen {row:,} tiene la etiqueta {label} y las etiquetas van de 0 a {most}",
    ),
    "bad_label_fix": (
        "The file is damaged, or no file of CIFAR's: fetch it again, or take it away",
        "El archivo está dañado o no es de CIFAR: descárguelo de nuevo o quítelo",
    ),
    "bad_names": (
        "there are {n:,} {n:name|names} for {wanted:,} {wanted:class|classes}, or one of them "
        "stands twice",
        "hay {n:,} {n:nombre|nombres} para {wanted:,} {wanted:clase|clases}, o alguno se repite",
    ),
    "bad_names_fix": (
        "Give a line for each class, in the order of their numbers; without the file, classes are "
        "called by number",
        "Ponga una línea por clase, en el orden de sus números; sin el archivo, las clases llevan "
        "su número",
    ),
    "pickles": (
        "{n:,} of {total:,} {total:file|files} {n:is|are} Python pickles, which can run code when "
        "opened; tamiz opens none. The first: {first}",
        "{n:,} de {total:,} {total:archivo|archivos} {n:es|son} pickles de Python, que "
        "{n:puede|pueden} ejecutar código al abrirse; tamiz no abre ninguno. El primero: {first}",
    ),
    "pickles_fix": (
        "Of CIFAR take the binary version (cifar-10-binary.tar.gz); of anything else save the "
        "images as .npz: numpy.savez('x.npz', images=..., labels=...)",
        "De CIFAR use la versión binaria (cifar-10-binary.tar.gz); de lo demás guarde las "
        "imágenes como .npz: numpy.savez('x.npz', images=..., labels=...)",
    ),
}
