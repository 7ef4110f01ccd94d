"""Texts of learning from a teacher."""

TEXTS = {
    "title": ("A student of {teacher}", "Un alumno de {teacher}"),
    "scoring": ("asking the teacher", "preguntando al maestro"),
    "nothing_asked": (
        "share and features are both 0: nothing would be learnt from the teacher",
        "share y features son 0: no se aprendería nada del maestro",
    ),
    "nothing_asked_fix": (
        "Set one of them above 0, or leave train.teacher out",
        "Ponga uno de los dos por encima de 0 o quite train.teacher",
    ),
    "other_classes": (
        "the teacher tells {n_theirs} {n_theirs:class|classes} apart, the student is to learn "
        "{n_ours}; the teacher does not know: {missing}; it knows besides: {extra}",
        "el maestro distingue {n_theirs} {n_theirs:clase|clases} y el alumno debe aprender "
        "{n_ours}; el maestro no conoce: {missing}; conoce además: {extra}",
    ),
    "other_classes_fix": (
        "Choose a teacher trained on these classes, or rename labels with --relabel",
        "Elija un maestro entrenado con estas clases o cambie etiquetas con --relabel",
    ),
    "other_kind": (
        "one of the two gives an image a single label, the other several",
        "uno de los dos da a cada imagen una sola etiqueta y el otro varias",
    ),
    "other_kind_fix": (
        "Choose a teacher trained on labels of the same kind",
        "Elija un maestro entrenado con etiquetas del mismo tipo",
    ),
    "no_features": (
        "this network has no dense layer at its end, so it has no features to compare",
        "esta red no termina en una capa densa: no tiene características que comparar",
    ),
    "no_features_fix": (
        "Set train.teacher_options.features to 0: the scores alone are learnt",
        "Ponga train.teacher_options.features a 0: se aprenden solo las puntuaciones",
    ),
    "no_teacher": ("no model and no run lies here", "aquí no hay ningún modelo ni ejecución"),
    "no_teacher_fix": (
        "Give the folder of a finished run, or of a model that comes from one",
        "Indique la carpeta de una ejecución terminada o de un modelo que venga de una",
    ),
    "untrained": (
        "the teacher's run has no model yet",
        "la ejecución del maestro aún no tiene modelo",
    ),
    "untrained_fix": (
        "Finish its training first: tamiz train --resume {folder}",
        "Termine antes su entrenamiento: tamiz train --resume {folder}",
    ),
    "reads_slides": (
        "the teacher reads whole slides; only networks that read single images can teach",
        "el maestro lee portaobjetos enteros; solo enseñan redes que leen imágenes sueltas",
    ),
    "reads_slides_fix": (
        "Choose a teacher that reads images",
        "Elija un maestro que lea imágenes",
    ),
    "unknown_past": (
        "it cannot be known which images this teacher learnt from: {reason}",
        "no se puede saber de qué imágenes aprendió este maestro: {reason}",
    ),
    "unknown_past_fix": (
        "Give the teacher's whole run folder; or, if you know that it never saw this data's "
        "validation and test images, say so: --set train.teacher_options.trust=true",
        "Indique la carpeta completa de la ejecución del maestro; o, si sabe que nunca vio las "
        "imágenes de validación y prueba de estos datos, dígalo: "
        "--set train.teacher_options.trust=true",
    ),
    "reason_bare": (
        "the model came without its run, and it was trained on another division of the data",
        "el modelo vino sin su ejecución y se entrenó con otra división de los datos",
    ),
    "reason_divided_anew": (
        "its run was divided anew after the model was trained",
        "su ejecución se dividió de nuevo después de entrenar el modelo",
    ),
    "reason_its_teacher": (
        "it learnt from a teacher of its own, {name}, whose run is not to be found",
        "aprendió de un maestro propio, {name}, cuya ejecución no se encuentra",
    ),
    "same_images": (
        "the teacher learnt from {n:,} {n:image|images} that {n:is|are} among the student's {part} "
        "images; through it the student would see {n:it|them}. First: {names}",
        "el maestro aprendió de {n:,} {n:imagen|imágenes} que {n:está|están} entre las de {part} "
        "del alumno; a través de él, el alumno {n:la|las} vería. Primeras: {names}",
    ),
    "same_images_fix": (
        "Use the teacher's own division (tamiz distil does, unless told --own-split), "
        "or train the teacher on this division",
        "Use la división del propio maestro (tamiz distil lo hace, salvo con --own-split) "
        "o entrene al maestro con esta división",
    ),
    "teacher_folds": (
        "the teacher is the mean of networks of a cross-validation: together they learnt from "
        "every image in the folds, so none of them could choose or test the student",
        "el maestro es la media de las redes de una validación cruzada: juntas aprendieron de "
        "todas las imágenes de las partes, así que ninguna podría elegir ni probar al alumno",
    ),
    "teacher_folds_fix": (
        "Train the teacher without --folds; or, where the student's images are others, "
        "give --own-split",
        "Entrene al maestro sin --folds; o, si las imágenes del alumno son otras, dé --own-split",
    ),
    "student_at_once": (
        "'{name}' is fitted at once to the labels: as a student it could not listen to a teacher",
        "'{name}' se ajusta de una vez a las etiquetas: como alumno no podría oír a un maestro",
    ),
    "student_at_once_fix": (
        "Name a network that learns in epochs as the student, --model small say",
        "Indique como alumno una red que aprenda por épocas, por ejemplo --model small",
    ),
    "student_folds": (
        "a student with folds holds out by turns every image, also those that the teacher learnt "
        "from",
        "un alumno con partes cruzadas aparta por turnos todas las imágenes, también aquellas de "
        "las que aprendió el maestro",
    ),
    "student_folds_fix": (
        "Distil without --folds; or, where the student's images are others, give --own-split",
        "Destile sin --folds; o, si las imágenes del alumno son otras, dé --own-split",
    ),
    "same_groups": (
        "the teacher learnt from {n:,} {n:group|groups} that {n:is|are} among the student's {part} "
        "groups; through it the student would see {n:it|them}. First: {names}",
        "el maestro aprendió de {n:,} {n:grupo|grupos} que {n:está|están} entre los de {part} del "
        "alumno; a través de él, el alumno {n:lo|los} vería. Primeros: {names}",
    ),
    "same_groups_fix": (
        "Use the teacher's own division (tamiz distil does, unless told --own-split), or train "
        "the teacher on this division; if the names agree by chance, and these are others, say "
        "so: --set train.teacher_options.trust=true",
        "Use la división del propio maestro (tamiz distil lo hace, salvo con --own-split) o "
        "entrene al maestro con esta división; si los nombres coinciden por casualidad y son "
        "otros, dígalo: --set train.teacher_options.trust=true",
    ),
    "part_val": ("validation", "validación"),
    "part_test": ("test", "prueba"),
    "trusted": (
        "it could not be checked that the teacher never saw these validation and test images "
        "({reason}); you have declared it (train.teacher_options.trust)",
        "no se pudo comprobar que el maestro nunca vio estas imágenes de validación y prueba "
        "({reason}); usted lo ha declarado (train.teacher_options.trust)",
    ),
    "reason_names": (
        "{n:,} {n:group|groups} {n:has|have} the same names",
        "{n:,} {n:grupo|grupos} {n:tiene|tienen} los mismos nombres",
    ),
    "checked": (
        "Checked: the teacher learnt from none of the student's test images or groups, and from "
        "none of its validation ones. (The teacher's epoch may have been chosen on the same "
        "validation images as the student's; the test images chose nothing.)",
        "Comprobado: el maestro no aprendió de ninguna imagen ni grupo de prueba del alumno, ni de "
        "los de validación. (La época del maestro pudo elegirse con las mismas imágenes de "
        "validación que la del alumno; las de prueba no eligieron nada.)",
    ),
    "listened": (
        "The student sees its images as they are changed during training; the teacher saw each "
        "of them once, unchanged and through its own preparation. {share:.0%} of the loss comes "
        "from the teacher at temperature {temperature:g}, the rest from the labels; weight of the "
        "features: {features:g}.",
        "El alumno ve sus imágenes con los cambios del entrenamiento; el maestro vio cada una una "
        "vez, sin cambios y con su propia preparación. El {share:.0%} de la pérdida viene del "
        "maestro con temperatura {temperature:g}, el resto de las etiquetas; peso de las "
        "características: {features:g}.",
    ),
    "split_copied": (
        "{n:,} of {total:,} {total:image|images} {n:keeps|keep} the part that {n:it|they} had with "
        "the teacher",
        "{n:,} de {total:,} {total:imagen|imágenes} {n:conserva|conservan} la parte que "
        "{n:tenía|tenían} con el maestro",
    ),
    "split_own": (
        "none of these images was among the teacher's; they are divided anew",
        "ninguna de estas imágenes estaba entre las del maestro; se dividen de nuevo",
    ),
    "next": (
        "The student's test images have not been looked at: tamiz evaluate {folder}",
        "Aún no se han mirado las imágenes de prueba del alumno: tamiz evaluate {folder}",
    ),
    "teacher": ("teacher", "maestro"),
    "student": ("student", "alumno"),
    "network": ("network", "red"),
    "size": ("side of the input, px", "lado de la entrada, px"),
    "numbers": ("numbers learnt", "números aprendidos"),
}
