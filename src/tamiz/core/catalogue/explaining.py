"""Texts of `explain` where the model reads images."""

TEXTS = {
    "progress": ("making maps", "haciendo mapas"),
    "checking": ("checking the maps", "comprobando los mapas"),
    "nearest": (
        "looking for like training images",
        "buscando imágenes de entrenamiento parecidas",
    ),
    "sentence": (
        "{n:,} {n:image|images} explained in {out}: for each map a picture, the map itself (maps/) "
        "and a row of maps.csv. All of it on one page: {page}",
        "{n:,} {n:imagen explicada|imágenes explicadas} en {out}: de cada mapa una imagen, el mapa "
        "mismo (maps/) y una fila de maps.csv. Todo en una página: {page}",
    ),
    "maps": ("Maps", "Mapas"),
    "picture": (
        "{target}, probability {probability:.3f}",
        "{target}, probabilidad {probability:.3f}",
    ),
    "pictures_caption": ("{method}: {what}", "{method}: {what}"),
    "p": ("{p:.4f}", "{p:.4f}"),
    "path": ("image", "imagen"),
    "method": ("method", "método"),
    "class": ("explained class", "clase explicada"),
    "probability": ("its probability", "su probabilidad"),
    "answer": ("answer", "respuesta"),
    "caption": (
        "Answers are those of 'tamiz predict'; they have no interval, being single images.",
        "Las respuestas son las de 'tamiz predict'; no llevan intervalo, por ser imágenes sueltas.",
    ),
    "of_ensemble": (
        "The model is the mean of {n:,} {n:network|networks}; each map is the mean of theirs.",
        "El modelo es la media de {n:,} {n:red|redes}; cada mapa es la media de los suyos.",
    ),
    "more": (
        "{n:,} of {all:,} {all:map|maps} {n:is|are} shown here; the others are in the folder.",
        "Aquí se muestran {n:,} de {all:,} {all:mapa|mapas}; los demás están en la carpeta.",
    ),
    "unreadable": (
        "{n:,} {n:image|images} could not be read",
        "{n:,} {n:imagen|imágenes} no se {n:pudo|pudieron} leer",
    ),
    "left_out": (
        "Left out, as the network has nothing for it: {name} ({reason})",
        "Se deja fuera, porque la red no tiene con qué: {name} ({reason})",
    ),
    "what_gradcam": (
        "weight of the place for the class",
        "peso del lugar a favor de la clase",
    ),
    "what_integrated_gradients": (
        "what the pixel adds to the score of the class",
        "lo que el píxel suma a la puntuación de la clase",
    ),
    "what_occlusion": (
        "fall of the probability when the place is hidden",
        "caída de la probabilidad al ocultar el lugar",
    ),
    "what_attention": (
        "share of the place in the answer (of any class)",
        "parte del lugar en la respuesta (de cualquier clase)",
    ),
    "how_gradcam": (
        "Grad-CAM weights the last feature maps by what they do for the class. It is as coarse as "
        "those maps, and shows only what speaks for the class.",
        "Grad-CAM pondera los últimos mapas de características por lo que hacen a favor de la "
        "clase. Es tan grueso como esos mapas y solo muestra lo que habla a favor.",
    ),
    "how_integrated_gradients": (
        "Integrated gradients share out the difference between the scores of the image and of an "
        "image of nothing; the sum over all pixels is that difference. Largest gap left here: "
        "{gap:.2%} of it.",
        "Los gradientes integrados reparten la diferencia entre la puntuación de la imagen y la de "
        "una imagen de nada; la suma de todos los píxeles es esa diferencia. Mayor error aquí: "
        "{gap:.2%} de ella.",
    ),
    "how_occlusion": (
        "Occlusion hides a square of {patch:.0%} of the side at each place in turn and shows by "
        "how much the probability falls. Where two places say the same, hiding one changes little.",
        "La oclusión oculta por turnos un cuadrado del {patch:.0%} del lado y muestra cuánto cae "
        "la probabilidad. Si dos lugares dicen lo mismo, ocultar uno cambia poco.",
    ),
    "how_attention": (
        "Attention rollout follows how much of each patch reaches the answer. It does not say for "
        "which class.",
        "El despliegue de la atención sigue cuánto de cada parche llega a la respuesta. No dice a "
        "favor de qué clase.",
    ),
    "no_cause": (
        "A map shows what the network used, not what is so in the patient or the object.",
        "Un mapa muestra qué usó la red, no qué ocurre en el paciente o el objeto.",
    ),
    "word_title": ("{method}: {name}", "{method}: {name}"),
    "word_of": (
        "explained: {target}, probability {probability:.3f}",
        "explicada: {target}, probabilidad {probability:.3f}",
    ),
    "word_answer": ("answer: {predicted}", "respuesta: {predicted}"),
    "word_layer": (
        "layer {layer}, {rows} × {columns} {columns:place|places}",
        "capa {layer}, {rows} × {columns} {columns:lugare|lugares}",
    ),
    "word_gap": (
        "sum {total:.3g}, difference of scores {difference:.3g}",
        "suma {total:.3g}, diferencia de puntuaciones {difference:.3g}",
    ),
    "outside": (
        "Own colours: outside of what the network sees",
        "Colores propios: fuera de lo que ve la red",
    ),
    # the check of the maps
    "check": ("Are the maps true?", "¿Son fieles los mapas?"),
    "check_how": (
        "The image is cut into {grid} × {grid} patches. They are taken away in the map's order, "
        "the most important first, and put in again in that order; and the same in orders drawn by "
        "lot. A map that knows what counts makes the probability fall early and rise early. "
        "Separation: area under putting in less area under taking away; an order by lot has 0 on "
        "average. A picture with holes is something that the network never saw: that limits this "
        "test.",
        "La imagen se corta en {grid} × {grid} parches. Se quitan en el orden del mapa, primero "
        "los más importantes, y se ponen de nuevo en ese orden; y lo mismo en órdenes al azar. Un "
        "mapa que sabe qué cuenta hace caer pronto la probabilidad y la hace subir pronto. "
        "Separación: área al poner menos área al quitar; un orden al azar tiene 0 de media. Una "
        "imagen con huecos es algo que la red nunca vio: eso limita esta prueba.",
    ),
    "check_random": (
        "The same maps are made with {n:,} {n:network|networks} of random weights. A map that "
        "stays the same shows the picture and not what was learnt; a model whose maps separate no "
        "more than theirs shows nothing learnt.",
        "Los mismos mapas se hacen con {n:,} {n:red|redes} de pesos al azar. Un mapa que queda "
        "igual muestra la imagen y no lo aprendido; un modelo cuyos mapas no separan más que los "
        "de ellas no muestra nada aprendido.",
    ),
    "check_mixed": (
        "Descriptors have no weights to draw. The same maps are made with {n:,} {n:copy|copies} of "
        "the model that read each column in another's place, and so know nothing. A map that stays "
        "the same shows the picture and not what was learnt; a model whose maps separate no more "
        "than theirs shows nothing learnt.",
        "Los descriptores no tienen pesos que sortear. Los mismos mapas se hacen con {n:,} "
        "{n:copia|copias} del modelo que leen cada columna en el lugar de otra y así no saben "
        "nada. Un mapa que queda igual muestra la imagen y no lo aprendido; un modelo cuyos mapas "
        "no separan más que los de ellas no muestra nada aprendido.",
    ),
    "check_random_first": (
        "For the random weights, the first network of the ensemble stands for all.",
        "Para los pesos al azar, la primera red del conjunto representa a todas.",
    ),
    "check_mixed_first": (
        "For the mixed-up columns, the first model of the ensemble stands for all.",
        "Para las columnas mezcladas, el primer modelo del conjunto representa a todos.",
    ),
    "check_groups_alone": (
        "Patients are not known here: each image counts as its own group.",
        "Aquí no se conocen los pacientes: cada imagen cuenta como su propio grupo.",
    ),
    "check_groups": (
        "Intervals are over groups, as the run's table has them.",
        "Los intervalos son sobre grupos, como los tiene la tabla de la ejecución.",
    ),
    "check_lot_caption": (
        "The map's order against {n:,} {n:order|orders} by lot for each image",
        "El orden del mapa frente a {n:,} {n:orden|órdenes} al azar por imagen",
    ),
    "check_weights_caption": (
        "The map against maps of networks with random weights",
        "El mapa frente a los de redes con pesos al azar",
    ),
    "check_columns_caption": (
        "The map against maps of copies that read columns mixed up",
        "El mapa frente a los de copias que leen las columnas mezcladas",
    ),
    "maps_checked": ("maps", "mapas"),
    "separation": ("separation", "separación"),
    "beaten": ("orders by lot beaten", "órdenes al azar superados"),
    "p_value": ("p (permutation)", "p (permutación)"),
    "contrast": ("image less nothing", "imagen menos nada"),
    "random_separation": ("separation, random weights", "separación, pesos al azar"),
    "mixed_separation": ("separation, mixed columns", "separación, columnas mezcladas"),
    "correlation": ("rank correlation", "correlación de rangos"),
    "chart": ("Taking away and putting in: {method}", "Quitar y poner: {method}"),
    "chart_x": ("share of the image taken away or put in", "parte de la imagen quitada o puesta"),
    "chart_y": ("mean probability of the class", "probabilidad media de la clase"),
    "deletion": ("taken away", "quitando"),
    "insertion": ("put in", "poniendo"),
    "by_lot": ("taken away by lot", "quitando al azar"),
    "explains": (
        "{method}: the maps do better than orders by lot (p = {p:.4f}; {beaten:.0%} beaten) and "
        "change with the weights (rank correlation {correlation:.2f}).",
        "{method}: los mapas superan a los órdenes al azar (p = {p:.4f}; {beaten:.0%} superados) y "
        "cambian con los pesos (correlación de rangos {correlation:.2f}).",
    ),
    "explains_mixed": (
        "{method}: the maps do better than orders by lot (p = {p:.4f}; {beaten:.0%} beaten) and "
        "change when the columns are mixed up (rank correlation {correlation:.2f}).",
        "{method}: los mapas superan a los órdenes al azar (p = {p:.4f}; {beaten:.0%} superados) y "
        "cambian al mezclar las columnas (correlación de rangos {correlation:.2f}).",
    ),
    "not_better": (
        "{method}: this map explains nothing that we could show. Its order is no better than one "
        "by lot (p = {p:.3f}; {beaten:.0%} of orders by lot beaten, 50% is chance).",
        "{method}: este mapa no explica nada que podamos mostrar. Su orden no es mejor que uno al "
        "azar (p = {p:.3f}; supera al {beaten:.0%} de los órdenes al azar, 50% es azar).",
    ),
    "not_learnt": (
        "{method}: this map explains nothing that we could show. It separates by {own:.3f}, maps "
        "of networks with random weights by up to {other:.3f}: no sign of anything learnt "
        "(at least {least:.2f} is asked, and twice theirs).",
        "{method}: este mapa no explica nada que podamos mostrar. Separa {own:.3f}; los mapas de "
        "redes con pesos al azar, hasta {other:.3f}: ninguna señal de algo aprendido (se pide al "
        "menos {least:.2f}, y el doble que ellas).",
    ),
    "not_learnt_mixed": (
        "{method}: this map explains nothing that we could show. It separates by {own:.3f}, maps "
        "of copies that read columns mixed up by up to {other:.3f}: no sign of anything learnt "
        "(at least {least:.2f} is asked, and twice theirs).",
        "{method}: este mapa no explica nada que podamos mostrar. Separa {own:.3f}; los mapas de "
        "copias que leen las columnas mezcladas, hasta {other:.3f}: ninguna señal de algo "
        "aprendido (se pide al menos {least:.2f}, y el doble que ellas).",
    ),
    "not_changed": (
        "{method}: this map explains nothing that we could show. It hardly changes when the "
        "weights are random (rank correlation {correlation:.2f}): it shows the picture, not the "
        "network.",
        "{method}: este mapa no explica nada que podamos mostrar. Apenas cambia cuando los pesos "
        "son al azar (correlación de rangos {correlation:.2f}): muestra la imagen, no la red.",
    ),
    "not_changed_mixed": (
        "{method}: this map explains nothing that we could show. It hardly changes when the "
        "columns are mixed up (rank correlation {correlation:.2f}): it shows the picture, not "
        "what was learnt.",
        "{method}: este mapa no explica nada que podamos mostrar. Apenas cambia al mezclar las "
        "columnas (correlación de rangos {correlation:.2f}): muestra la imagen, no lo aprendido.",
    ),
    "advice": (
        "Do not show these maps as a reason. Try another method: --with {others}",
        "No muestre estos mapas como razón. Pruebe otro método: --with {others}",
    ),
    "advice_none": (
        "Do not show these maps as a reason. No other method suits this model",
        "No muestre estos mapas como razón. Ningún otro método va con este modelo",
    ),
    "few_images": (
        "The maps were checked on {n:,} {n:image|images} only; that shows little. Give at least "
        "{least:,}.",
        "Los mapas se comprobaron solo en {n:,} {n:imagen|imágenes}; eso muestra poco. Dé al menos "
        "{least:,}.",
    ),
    "one_image": (
        "The maps were checked on one image only; one image shows little. Give at least {least:,}.",
        "Los mapas se comprobaron en una sola imagen; una imagen muestra poco. Dé al menos "
        "{least:,}.",
    ),
    "not_checked": (
        "The maps were not checked (--check 0): nobody knows whether they are true.",
        "Los mapas no se comprobaron (--check 0): nadie sabe si son fieles.",
    ),
    # the gallery
    "gallery": ("Mistakes and likenesses", "Errores y parecidos"),
    "mistakes_caption": (
        "The {n:,} most confident of {all:,} {all:mistake|mistakes} among {of:,} {of:image|images} "
        "of the part '{part}', each with its map ({method}) of the wrong class",
        "{n:El|Los} {n:,} más {n:seguro|seguros} de {all:,} {all:error|errores} entre {of:,} "
        "{of:imagen|imágenes} de la parte «{part}», cada uno con su mapa ({method}) de la clase "
        "equivocada",
    ),
    "no_mistakes": (
        "There are no mistakes among {of:,} {of:image|images} of the part '{part}'.",
        "No hay errores entre {of:,} {of:imagen|imágenes} de la parte «{part}».",
    ),
    "mistake": (
        "{name}: says {said} ({probability:.3f}), is {truth}",
        "{name}: dice {said} ({probability:.3f}), es {truth}",
    ),
    "missed": (
        "{name}: gives {said} only {probability:.3f}, has it",
        "{name}: da a {said} solo {probability:.3f}, la tiene",
    ),
    "near_caption": (
        "{name}: the training images that the network finds most like it, of {n:,} looked at "
        "(cosine of what its last layer is given)",
        "{name}: las imágenes de entrenamiento que la red encuentra más parecidas, de {n:,} "
        "{n:mirada|miradas} (coseno de lo que recibe su última capa)",
    ),
    "near": ("{label}, cosine {cosine:.3f}: {name}", "{label}, coseno {cosine:.3f}: {name}"),
    "itself": ("the image itself: {name}", "la imagen misma: {name}"),
    "no_run": (
        "No mistakes and no training images are shown: the model lies in no run.",
        "No se muestran errores ni imágenes de entrenamiento: el modelo no está en una ejecución.",
    ),
    "no_training_images": (
        "The run's images cannot be read any more; neither mistakes nor training images are shown.",
        "Las imágenes de la ejecución ya no se pueden leer; no se muestran errores ni imágenes de "
        "entrenamiento.",
    ),
    "seen_in_training": (
        "These mistakes are out of fold; the model itself has seen these images in training, so "
        "its maps may differ from those of the network that was wrong.",
        "Estos errores son de fuera del pliegue; el modelo mismo ha visto estas imágenes al "
        "entrenar, así que sus mapas pueden diferir de los de la red que se equivocó.",
    ),
    "channels": (
        "{name}: what the first convolution ({layer}) makes of it, {n:,} of {all:,} "
        "{all:map|maps}, each from its own lowest (black) to its highest value (white)",
        "{name}: lo que hace de ella la primera convolución ({layer}), {n:,} de {all:,} "
        "{all:mapa|mapas}, cada uno de su valor más bajo (negro) al más alto (blanco)",
    ),
    # what is refused
    "no_maps": (
        "the network '{model}' has no feature maps that Grad-CAM could weigh",
        "la red «{model}» no tiene mapas de características que Grad-CAM pueda ponderar",
    ),
    "no_maps_fix": (
        "--with occlusion works with any model, integrated-gradients with any whose scores have a "
        "slope; with vision transformers of timm also: attention",
        "--with occlusion funciona con cualquier modelo, integrated-gradients con los de "
        "puntuación con pendiente; con transformers de visión de timm también: attention",
    ),
    "no_gradients": (
        "the scores of '{model}' have no slope: trees and descriptors answer in steps, and no "
        "gradient comes through to the pixels",
        "las puntuaciones de «{model}» no tienen pendiente: los árboles y los descriptores "
        "responden a saltos y ningún gradiente llega hasta los píxeles",
    ),
    "no_gradients_fix": (
        "Use --with occlusion, which asks the model as it is",
        "Use --with occlusion, que pregunta al modelo tal como es",
    ),
    "no_attention": (
        "the network '{model}' has no attention over all patches that could be followed",
        "la red «{model}» no tiene una atención sobre todos los parches que se pueda seguir",
    ),
    "no_attention_fix": (
        "--with occlusion works with any model, integrated-gradients with any whose scores have a "
        "slope; with convolutional networks also: gradcam",
        "--with occlusion funciona con cualquier modelo, integrated-gradients con los de "
        "puntuación con pendiente; con redes convolucionales también: gradcam",
    ),
    "few_steps": (
        "{n:,} {n:step|steps} {n:is|are} too few for integrated gradients",
        "{n:,} {n:paso|pasos} {n:es muy poco|son muy pocos} para los gradientes integrados",
    ),
    "few_steps_fix": ("Give at least {least:,}", "Indique al menos {least:,}"),
    "bad_patch": (
        "patch {patch:g} and stride {stride:g} are no shares of the side that leave no gaps",
        "parche {patch:g} y paso {stride:g} no son partes del lado sin huecos entre medias",
    ),
    "bad_patch_fix": (
        "Both lie above 0 and up to 1, the stride not above the patch: --patch 0.2 --stride 0.1",
        "Ambos van de más de 0 hasta 1, el paso sin pasar del parche: --patch 0.2 --stride 0.1",
    ),
    "bad_class": ("the model knows no class '{name}'", "el modelo no conoce la clase «{name}»"),
    "bad_class_fix": ("It knows: {known}", "Conoce: {known}"),
    "bad_count": ("{value} is no whole number from 0 on", "{value} no es un entero desde 0"),
    "bad_count_fix": ("Give a whole number; 0 for none", "Indique un entero; 0 para ninguno"),
    "bad_baseline": ("'{name}' is no baseline", "«{name}» no es una base"),
    "bad_baseline_fix": ("Choose mean or black", "Elija mean o black"),
    "not_for_slides": (
        "'{name}' is for models of images; this one reads slides",
        "«{name}» es para modelos de imágenes; este lee laminillas",
    ),
    "not_for_slides_fix": (
        "Leave it out; slides are explained by attention or occlusion of tiles",
        "Déjelo fuera; las laminillas se explican por atención u oclusión de teselas",
    ),
}
