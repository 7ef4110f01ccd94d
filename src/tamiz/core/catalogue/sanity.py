"""Texts of `sanity`."""

TEXTS = {
    "title": ("Sanity experiments", "Experimentos de control"),
    "metavar_run": ("RUN", "EJECUCIÓN"),
    "help_only": (
        "experiments to make, by name and with commas: shuffled-labels, naive-split, centre-only, "
        "background-only, learning-curve, leave-one-centre-out; all that apply when left out",
        "experimentos que se hacen, por nombre y con comas: shuffled-labels, naive-split, "
        "centre-only, background-only, learning-curve, leave-one-centre-out; si falta, todos los "
        "que proceden",
    ),
    "help_seeds": (
        "repeats, each with another seed and other groups held out",
        "repeticiones, cada una con otra semilla y otros grupos apartados",
    ),
    # refusals
    "not_trained": ("this run holds no trained model", "esta ejecución no tiene modelo entrenado"),
    "not_trained_fix": ("Finish it first: tamiz run {run}", "Termínela antes: tamiz run {run}"),
    "unknown": (
        "there is no sanity experiment '{name}'",
        "no existe el experimento de control '{name}'",
    ),
    "unknown_fix": (
        "There are: {choices}. Not '{name}'",
        "Existen: {choices}. No '{name}'",
    ),
    "no_seeds": (
        "{n} {n:repeat|repeats} {n:shows|show} nothing",
        "{n} {n:repetición|repeticiones} no {n:muestra|muestran} nada",
    ),
    "no_seeds_fix": ("Give 1 or more instead of {n}", "Indique 1 o más en lugar de {n}"),
    "refused": ("{name} cannot be done: {reason}", "{name} no se puede hacer: {reason}"),
    "refused_fix": (
        "Leave {name} out of --only, or leave out --only to make all that apply",
        "Quite {name} de --only, o quite --only para hacer todos los que proceden",
    ),
    "slides": (
        "it is not for networks that read whole slides (these are: {able})",
        "no es para redes que leen laminillas enteras (sí lo son: {able})",
    ),
    "several_labels": (
        "it is not for images with several labels (these are: {able})",
        "no es para imágenes con varias etiquetas (sí lo son: {able})",
    ),
    "no_groups": (
        "nothing says which images belong together, so there are no groups to ignore",
        "nada dice qué imágenes van juntas: no hay grupos que ignorar",
    ),
    "few_groups": (
        "there are {n:,} {n:group|groups}, and it needs {needed}",
        "hay {n:,} {n:grupo|grupos} y necesita {needed}",
    ),
    "no_centre": (
        "nothing says which centre an image comes from (--centre COLUMN)",
        "nada dice de qué centro viene cada imagen (--centre COLUMNA)",
    ),
    "no_ready_centre": (
        "no centre has {least} {least:group|groups} of every class, with as many elsewhere",
        "ningún centro tiene {least} {least:grupo|grupos} de cada clase, con otros tantos fuera",
    ),
    "no_columns": (
        "nothing is known of how the images were taken and stored",
        "no se sabe nada de cómo se tomaron y guardaron las imágenes",
    ),
    "cannot_shuffle": (
        "labels cannot be exchanged between groups so that all {n} {n:class|classes} {n:is|are} "
        "still learnt",
        "no se pueden intercambiar etiquetas entre grupos sin perder alguna de {n:la|las} {n} "
        "{n:clase|clases}",
    ),
    "cannot_shuffle_fix": (
        "Leave out shuffled-labels, or add groups of the rarest of the {n} {n:class|classes}",
        "Quite shuffled-labels o añada grupos de la más rara de {n:la|las} {n} {n:clase|clases}",
    ),
    # progress
    "time": (
        "{n:,} {n:training|trainings} to do ({kept:,} {kept:is|are} there already), about "
        "{each:.0f} s each as this run's own training took: some {minutes:.1f} minutes",
        "{n:,} {n:entrenamiento|entrenamientos} por hacer (ya hay {kept:,}), unos {each:.0f} s "
        "cada uno, lo que tardó el de esta ejecución: alrededor de {minutes:.1f} minutos",
    ),
    "time_none": (
        "All {n:,} {n:training|trainings} {n:is|are} there already",
        "Ya están {n:el|los} {n:,} {n:entrenamiento|entrenamientos}",
    ),
    "training": ("training {name}, {number} of {n}", "entrenando {name}, {number} de {n}"),
    # table
    "how": (
        "The network of this run was trained again on changed data, by the same recipe. All is "
        "measured on fresh divisions of the {n:,} training and validation images ({n_groups:,} "
        "{n_groups:group|groups}): the images measured chose no epoch. No image of the test part "
        "was read. Figures in the first row are those that the run reports.",
        "La red de esta ejecución se entrenó de nuevo con datos cambiados y la misma receta. Todo "
        "se mide en divisiones nuevas de {n:la|las} {n:,} {n:imagen|imágenes} de entrenamiento y "
        "validación ({n_groups:,} {n_groups:grupo|grupos}): las imágenes medidas no eligieron "
        "ninguna época. No se leyó ninguna imagen de la parte de prueba. La primera fila son las "
        "cifras del informe.",
    ),
    "caption": (
        "{percent} % intervals over groups. Only the first row is the result; the others say "
        "whether it can be believed",
        "Intervalos del {percent} % por grupos. Solo la primera fila es el resultado; las demás "
        "dicen si se puede creer",
    ),
    "counted_caption": (
        "How well the classes are ranked, and on how much each row rests",
        "Cuán bien se ordenan las clases y en cuánto se apoya cada fila",
    ),
    "column_experiment": ("experiment", "experimento"),
    "column_accuracy": ("accuracy", "exactitud"),
    "column_auroc": ("AUROC", "AUROC"),
    "column_n": ("images", "imágenes"),
    "column_groups": ("groups", "grupos"),
    "column_verdict": ("what it shows", "qué muestra"),
    "column_centre": ("centre", "centro"),
    "column_left_out": ("accuracy, never seen", "exactitud, nunca visto"),
    "column_pooled": ("accuracy, centre known", "exactitud, centro conocido"),
    "column_difference": ("difference", "diferencia"),
    "column_share": ("share of groups", "parte de los grupos"),
    "column_learnt": ("training groups", "grupos de entrenamiento"),
    "column_error": ("error (share of wrong answers)", "error (parte de respuestas erróneas)"),
    "nothing_found": (
        "Nothing here speaks against the result. That is no proof: experiments find what they "
        "look for.",
        "Nada de esto habla contra el resultado. No es una prueba: los experimentos hallan lo que "
        "buscan.",
    ),
    "not_done": ("not done: {reason}", "no se hizo: {reason}"),
    # names
    "name_real": ("The run's result", "Resultado de la ejecución"),
    "name_real_test": ("The run's result (test part)", "Resultado de la ejecución (prueba)"),
    "name_real_oof": (
        "The run's result (out of fold)",
        "Resultado de la ejecución (fuera de la parte)",
    ),
    "name_group_safe": ("Same recipe, fresh division", "Misma receta, división nueva"),
    "name_shuffled_labels": ("Shuffled labels", "Etiquetas barajadas"),
    "name_naive_split": ("Split that ignores groups", "División que ignora los grupos"),
    "name_centre_only": ("Centre and columns only", "Solo centro y columnas"),
    "name_background_only": ("Background only", "Solo el fondo"),
    "name_learning_curve": ("Learning curve", "Curva de aprendizaje"),
    "name_leave_one_centre_out": ("A centre never seen", "Un centro nunca visto"),
    "name_probe": ("Only {name}", "Solo {name}"),
    # verdicts
    "verdict_real": ("as reported", "la del informe"),
    "verdict_not_evaluated": ("not evaluated yet", "aún sin evaluar"),
    "verdict_control": (
        "what the others are held against",
        "con lo que se comparan las demás",
    ),
    "shuffled_at": (
        "fell to chance ({chance:.3f}), as it must",
        "cayó al azar ({chance:.3f}), como debe",
    ),
    "shuffled_above": (
        "did not fall to chance ({chance:.3f}): something leaks",
        "no cayó al azar ({chance:.3f}): hay una fuga",
    ),
    "shuffled_below": (
        "below chance ({chance:.3f}): no leak, but odd; repeat with more --seeds",
        "bajo el azar ({chance:.3f}): no es fuga, pero es raro; repita con más --seeds",
    ),
    "shuffled_unknown": (
        "too few groups to tell it from chance ({chance:.3f})",
        "muy pocos grupos para distinguirla del azar ({chance:.3f})",
    ),
    "leak": (
        "Labels dealt out at random could be told: accuracy {value:.3f} ({low:.3f} to {high:.3f}), "
        "by chance {chance:.3f}; n = {n:,} {n:image|images} of {n_groups:,} "
        "{n_groups:group|groups}",
        "Se adivinaron etiquetas repartidas al azar: exactitud {value:.3f} ({low:.3f} a "
        "{high:.3f}), por azar {chance:.3f}; n = {n:,} {n:imagen|imágenes} de {n_groups:,} "
        "{n_groups:grupo|grupos}",
    ),
    "leak_advice": (
        "What is learnt reaches what is measured. Look for copies and for images of one patient "
        "under two names (tamiz clean, tamiz audit); one repeat in forty says so by chance, so "
        "repeat with more --seeds. Believe no figure of this run until it is found",
        "Lo que se aprende llega a lo que se mide. Busque copias e imágenes de un paciente con dos "
        "nombres (tamiz clean, tamiz audit); una de cada cuarenta repeticiones lo dice por azar: "
        "repita con más --seeds. No crea ninguna cifra de esta ejecución hasta hallarla",
    ),
    "gap": (
        "{points:+.1f} points ({low:+.1f} to {high:+.1f})",
        "{points:+.1f} puntos ({low:+.1f} a {high:+.1f})",
    ),
    "gap_unknown": (
        "{points:+.1f} points; too few groups for an interval",
        "{points:+.1f} puntos; muy pocos grupos para un intervalo",
    ),
    "naive_better": (
        "looks {points:.1f} points better ({low:.1f} to {high:.1f}) than it is: the size of the "
        "leak. This is the wrong way",
        "parece {points:.1f} puntos mejor ({low:.1f} a {high:.1f}) de lo que es: el tamaño de la "
        "fuga. Es la manera errónea",
    ),
    "naive_same": (
        "no leak shown: {points:+.1f} points ({low:+.1f} to {high:+.1f}). Still the wrong way",
        "no se muestra fuga: {points:+.1f} puntos ({low:+.1f} a {high:+.1f}). Aun así es la "
        "manera errónea",
    ),
    "naive_worse": (
        "{points:+.1f} points ({low:+.1f} to {high:+.1f}): no gain shown. Still the wrong way",
        "{points:+.1f} puntos ({low:+.1f} a {high:+.1f}): no se muestra ganancia. Aun así es la "
        "manera errónea",
    ),
    "naive_found": (
        "A split that ignores groups would report {points:.1f} points ({low:.1f} to {high:.1f}) "
        "too much: that much comes from having seen other images of the same groups",
        "Una división que ignora los grupos daría {points:.1f} puntos ({low:.1f} a {high:.1f}) de "
        "más: eso viene de haber visto otras imágenes de los mismos grupos",
    ),
    "naive_advice": (
        "This run keeps groups together, so its figures do not have this fault. Compare with "
        "published figures only where those kept patients together too",
        "Esta ejecución mantiene juntos los grupos: sus cifras no tienen ese fallo. Compárela solo "
        "con cifras publicadas que también mantuvieron juntos a los pacientes",
    ),
    "naive_how": (
        "Images were divided one by one, as if each were a patient of its own, so that images of "
        "one group were learnt from and measured on. Nobody should report such a figure; it is "
        "here to show what it would have been.",
        "Las imágenes se dividieron una a una, como si cada una fuera otro paciente; así imágenes "
        "de un grupo se aprendieron y se midieron a la vez. Nadie debería dar esa cifra; está aquí "
        "para mostrar cuál habría sido.",
    ),
    "background_at": (
        "at chance: AUROC {value:.3f} ({low:.3f} to {high:.3f}); the background says nothing",
        "al nivel del azar: AUROC {value:.3f} ({low:.3f} a {high:.3f}); el fondo no dice nada",
    ),
    "background_above": (
        "tells the label without the middle: AUROC {value:.3f} ({low:.3f} to {high:.3f})",
        "adivina la etiqueta sin el centro de la imagen: AUROC {value:.3f} ({low:.3f} a "
        "{high:.3f})",
    ),
    "background_below": (
        "below chance: AUROC {value:.3f} ({low:.3f} to {high:.3f}); the background says nothing",
        "bajo el azar: AUROC {value:.3f} ({low:.3f} a {high:.3f}); el fondo no dice nada",
    ),
    "background_unknown": (
        "too few groups to tell it from chance: AUROC {value:.3f}",
        "muy pocos grupos para distinguirlo del azar: AUROC {value:.3f}",
    ),
    "background_found": (
        "With the middle of every image blacked out the network still tells the classes: AUROC "
        "{value:.3f} ({low:.3f} to {high:.3f}), with whole images {whole:.3f}; n = {n:,} "
        "{n:image|images} of {n_groups:,} {n_groups:group|groups}",
        "Con el centro de cada imagen en negro la red aún distingue las clases: AUROC {value:.3f} "
        "({low:.3f} a {high:.3f}), con imágenes enteras {whole:.3f}; n = {n:,} {n:imagen|imágenes} "
        "de {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "background_advice": (
        "Where the object lies in the middle, this is a shortcut: look at borders, marks and "
        "backgrounds of the classes. Where it fills the picture it may be rightly so",
        "Si el objeto está en el centro, es un atajo: mire bordes, marcas y fondos de cada clase. "
        "Si llena la imagen, puede ser legítimo",
    ),
    "background_how": (
        "The network was trained and measured on images whose middle was black: 62.5 % of the "
        "width and of the height, 39 % of the area.",
        "La red se entrenó y se midió con imágenes cuyo centro era negro: el 62,5 % del ancho y "
        "del alto, el 39 % del área.",
    ),
    "background_gap": (
        "Accuracy against whole images, the same groups held out: {points:+.1f} points "
        "({low:+.1f} to {high:+.1f}).",
        "Exactitud frente a las imágenes enteras, con los mismos grupos apartados: {points:+.1f} "
        "puntos ({low:+.1f} a {high:+.1f}).",
    ),
    "probes_caption": (
        "What small classifiers tell from the edges alone (cross-validated by group)",
        "Lo que clasificadores pequeños adivinan solo con los bordes (validación cruzada por "
        "grupos)",
    ),
    "probe_tells": (
        "tells the label: AUROC {auroc:.3f} ({low:.3f} to {high:.3f}), p = {p:.4f} (corrected)",
        "adivina la etiqueta: AUROC {auroc:.3f} ({low:.3f} a {high:.3f}), p = {p:.4f} (corregido)",
    ),
    "probe_silent": (
        "not shown to tell the label: AUROC {auroc:.3f} ({low:.3f} to {high:.3f}), p = {p:.4f} "
        "(corrected)",
        "no se muestra que adivine la etiqueta: AUROC {auroc:.3f} ({low:.3f} a {high:.3f}), p = "
        "{p:.4f} (corregido)",
    ),
    "verdict_curve": (
        "error from {first:.1f} % ({n_first:,} {n_first:group|groups}) to {last:.1f} % "
        "({n_last:,})",
        "error de {first:.1f} % ({n_first:,} {n_first:grupo|grupos}) a {last:.1f} % ({n_last:,})",
    ),
    "curve_chart": ("Error by number of training groups", "Error según los grupos aprendidos"),
    "continued": ("continued, not seen", "prolongado, no visto"),
    "curve_caption": (
        "The same held-out images at every size; each size is part of the next one",
        "Las mismas imágenes apartadas en cada tamaño; cada tamaño es parte del siguiente",
    ),
    "curve_how": (
        "Every size was trained for as many steps as the whole. A curve says what more groups of "
        "the same kind would do; other centres, cleaner labels or another network are other "
        "questions.",
        "Cada tamaño se entrenó tantos pasos como el total. Una curva dice qué harían más grupos "
        "del mismo tipo; otros centros, mejores etiquetas u otra red son otras preguntas.",
    ),
    "curve_goes_on": (
        "The error fell from {first:.1f} % with {n_first:,} {n_first:group|groups} to {last:.1f} % "
        "with {n_last:,}, and follows a power law. If it goes on like that, {n_more:,} "
        "{n_more:group|groups} would bring it to {doubled:.1f} % ({low:.1f} to {high:.1f}). That "
        "was not seen, only continued.",
        "El error bajó de {first:.1f} % con {n_first:,} {n_first:grupo|grupos} a {last:.1f} % con "
        "{n_last:,}, y sigue una ley de potencias. Si continúa así, {n_more:,} "
        "{n_more:grupo|grupos} lo llevarían a {doubled:.1f} % ({low:.1f} a {high:.1f}). Eso no se "
        "ha visto, solo prolongado.",
    ),
    "curve_falls": (
        "The error fell from {first:.1f} % with {n_first:,} {n_first:group|groups} to {last:.1f} % "
        "with {n_last:,}; from {n_half:,} {n_half:group|groups} on accuracy rose by {points:.1f} "
        "points ({low:.1f} to {high:.1f}). The points do not follow a power law closely enough to "
        "be continued: more groups are likely to help, nobody can say by how much.",
        "El error bajó de {first:.1f} % con {n_first:,} {n_first:grupo|grupos} a {last:.1f} % con "
        "{n_last:,}; desde {n_half:,} {n_half:grupo|grupos} la exactitud subió {points:.1f} puntos "
        "({low:.1f} a {high:.1f}). Los puntos no siguen una ley de potencias tan de cerca como "
        "para prolongarla: más grupos probablemente ayuden, nadie puede decir cuánto.",
    ),
    "curve_ends": (
        "The error went from {first:.1f} % with {n_first:,} {n_first:group|groups} to {last:.1f} % "
        "with {n_last:,}; what the last doubling (from {n_half:,}) was worth is not certain: "
        "{points:+.1f} points of accuracy ({low:+.1f} to {high:+.1f}). Nothing is said beyond what "
        "was measured.",
        "El error pasó de {first:.1f} % con {n_first:,} {n_first:grupo|grupos} a {last:.1f} % con "
        "{n_last:,}; lo que valió la última duplicación (desde {n_half:,}) no es seguro: "
        "{points:+.1f} puntos de exactitud ({low:+.1f} a {high:+.1f}). No se dice nada más allá de "
        "lo medido.",
    ),
    "curve_few": (
        "The error went from {first:.1f} % with {n_first:,} {n_first:group|groups} to {last:.1f} % "
        "with {n_last:,}; too few groups are held out for an interval, so nothing follows.",
        "El error pasó de {first:.1f} % con {n_first:,} {n_first:grupo|grupos} a {last:.1f} % con "
        "{n_last:,}; hay muy pocos grupos apartados para un intervalo: de ahí no se sigue nada.",
    ),
    "centres_better": (
        "{points:+.1f} points ({low:+.1f} to {high:+.1f}): better than where the centre was known",
        "{points:+.1f} puntos ({low:+.1f} a {high:+.1f}): mejor que con el centro conocido",
    ),
    "centres_same": (
        "no difference shown: {points:+.1f} points ({low:+.1f} to {high:+.1f})",
        "no se muestra diferencia: {points:+.1f} puntos ({low:+.1f} a {high:+.1f})",
    ),
    "centres_worse": (
        "{points:+.1f} points ({low:+.1f} to {high:+.1f}): worse at a new centre",
        "{points:+.1f} puntos ({low:+.1f} a {high:+.1f}): peor en un centro nuevo",
    ),
    "centres_found": (
        "At a centre that it never saw the network loses accuracy: {points:+.1f} points "
        "({low:+.1f} to {high:+.1f})",
        "En un centro que nunca vio la red pierde exactitud: {points:+.1f} puntos ({low:+.1f} a "
        "{high:+.1f})",
    ),
    "centres_advice": (
        "Expect this at the next hospital. Report figures by centre, and test elsewhere before use",
        "Espere esto en el próximo hospital. Dé cifras por centro y pruébela fuera antes de usarla",
    ),
    "centres_how": (
        "Each centre in turn was left out of all training and then measured, beside the same "
        "centre's held-out groups where the others of it were learnt.",
        "Cada centro se dejó por turno fuera de todo el entrenamiento y luego se midió, junto a "
        "los grupos apartados del mismo centro cuando los demás de él se aprendieron.",
    ),
    "centres_caption": (
        "The largest centres that have enough groups of every class, at most 12",
        "Los centros mayores con bastantes grupos de cada clase, como mucho 12",
    ),
}
