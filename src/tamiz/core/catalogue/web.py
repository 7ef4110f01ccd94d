"""Words of the web app's frame and of the pages that answer."""

TEXTS = {
    "notice": (
        "Research software. Not a medical device: no diagnosis and no treatment may rest on what "
        "it says. What you upload is held in this computer's memory and let go of when you leave.",
        "Software de investigación. No es un producto sanitario: ni diagnósticos ni tratamientos "
        "deben basarse en lo que dice. Lo que sube queda en la memoria de este equipo y se suelta "
        "cuando usted se va.",
    ),
    "notice_short": ("Not a medical device", "No es un producto sanitario"),
    "language": ("Language", "Idioma"),
    "fault": (
        "Something broke in this page ({kind})",
        "Algo se ha roto en esta página ({kind})",
    ),
    "fault_advice": (
        "Nothing was lost on disk. Load the page again; if it returns, the server's log says where",
        "No se ha perdido nada en disco. Vuelva a cargar la página; si se repite, el registro del "
        "servidor dice dónde",
    ),
    "refused_wrong_host": (
        "This server does not answer under that name. Start it with --allow-host NAME",
        "Este servidor no responde con ese nombre. Inícielo con --allow-host NOMBRE",
    ),
    "refused_wrong_origin": (
        "This request comes from another site's page",
        "Esta petición viene de la página de otro sitio",
    ),
    "refused_no_token": (
        "Open the address that `tamiz serve` printed, with its token",
        "Abra la dirección que mostró `tamiz serve`, con su token",
    ),
    "refused_closed": ("There is nothing here", "Aquí no hay nada"),
    "refused_full": (
        "The uploads that are held already leave no room for this one. Remove some, or try later",
        "Los archivos ya subidos no dejan sitio para este. Quite algunos o pruebe más tarde",
    ),
    "why_streamlit": ("the web app", "la aplicación web"),
    "busy_port": ("this port is in use already", "este puerto ya está en uso"),
    "busy_port_fix": (
        "Choose another: --port {port}",
        "Elija otro: --port {port}",
    ),
    "bad_most": ("{found} is no size", "{found} no es un tamaño"),
    "bad_most_fix": ("Give MiB, 1 or more", "Dé MiB, 1 o más"),
    "bad_token": (
        "a token has at least {n} {n:letter|letters}, digits or . _ ~ -",
        "un token tiene al menos {n} {n:letra|letras}, cifras o . _ ~ -",
    ),
    "bad_token_fix": (
        "Leave it out and one is made where others can reach the app",
        "Omítalo y se creará uno cuando otros puedan llegar a la aplicación",
    ),
    "bad_memory": ("{found} MiB are too few to decode with", "{found} MiB no bastan para leer"),
    "bad_memory_fix": ("Give 256 or more; 0: no limit", "Dé 256 o más; 0: sin límite"),
    "bad_address": ("cannot listen there: {reason}", "no se puede escuchar ahí: {reason}"),
    "bad_address_fix": (
        "--host 127.0.0.1 for this machine alone, 0.0.0.0 for the network",
        "--host 127.0.0.1 solo para este equipo, 0.0.0.0 para la red",
    ),
    "page_recognise": ("Recognise", "Reconocer"),
    "what_model": (
        "What this model is, its test and its limits",
        "Qué es este modelo, su prueba y sus límites",
    ),
    "page_model": ("About the model", "Sobre el modelo"),
    "recognise_title": ("What is on this image?", "¿Qué hay en esta imagen?"),
    "recognise_lead": (
        "Drop images in and press Recognise. JPEG, PNG, TIFF, DICOM, or a ZIP of them.",
        "Suelte imágenes y pulse Reconocer. JPEG, PNG, TIFF, DICOM o un ZIP con ellas.",
    ),
    "drop": ("Images", "Imágenes"),
    "drop_here": (
        "or drop them here, up to {most:,} MiB each",
        "o suéltelos aquí, hasta {most:,} MiB cada uno",
    ),
    "drop_choose": ("Choose files", "Elegir archivos"),
    "recognise": ("Recognise", "Reconocer"),
    "begin_anew": ("Begin anew", "Empezar de nuevo"),
    "working": (
        "file {n:,} of {all:,}, {images:,} {images:image|images} read",
        "archivo {n:,} de {all:,}, {images:,} {images:imagen leída|imágenes leídas}",
    ),
    "ready": (
        "Ready. Press Recognise for the answer.",
        "Listo. Pulse Reconocer para ver la respuesta.",
    ),
    "ready_many": (
        "{n:,} {n:file|files} {n:is|are} ready. Press Recognise for the answers.",
        "{n:,} {n:archivo listo|archivos listos}. Pulse Reconocer para ver las respuestas.",
    ),
    "nearest": (
        "Nearest training images, as the network sees them",
        "Imágenes de entrenamiento más cercanas, como las ve la red",
    ),
    "nearest_one": (
        "Training image of class {label}, similarity {cosine:.2f}",
        "Imagen de entrenamiento de la clase {label}, similitud {cosine:.2f}",
    ),
    "nearest_words": (
        "Alike for the network need not be alike for you. Their labels are those of the data.",
        "Lo parecido para la red no tiene por qué serlo para usted. Sus etiquetas son las de los "
        "datos.",
    ),
    "preview_of": ("Preview", "Vista previa"),
    "first_of": (
        "The first of {n:,} {n:image|images} in this file",
        "La primera de {n:,} {n:imagen|imágenes} de este archivo",
    ),
    "no_picture": ("This image cannot be shown", "Esta imagen no se puede mostrar"),
    "no_picture_advice": ("Choose another file", "Elija otro archivo"),
    "no_map": (
        "No map here: this model reads measures of the whole image, not its places",
        "Aquí no hay mapa: este modelo lee medidas de la imagen entera, no sus lugares",
    ),
    "slides_no_picture": (
        "This model reads whole slides. `tamiz explain` draws their heatmaps",
        "Este modelo lee portaobjetos completos. `tamiz explain` dibuja sus mapas de calor",
    ),
    "empty_title": ("No image yet", "Todavía no hay ninguna imagen"),
    "empty_advice": (
        "The answer appears here, with its probabilities, what it was worth in the test, and the "
        "place where the network looked.",
        "Aquí aparece la respuesta, con sus probabilidades, lo que valió en la prueba y el lugar "
        "donde miró la red.",
    ),
    "tells_apart": (
        "This model tells {n:,} {n:class|classes} apart:",
        "Este modelo distingue {n:,} {n:clase|clases}:",
    ),
    "tested": (
        "In its test {value:.0%} of {n:,} {n:image|images} {n:was|were} answered correctly (95 % "
        "interval {low:.0%} to {high:.0%}).",
        "En su prueba respondió bien al {value:.0%} de {n:,} {n:imagen|imágenes} (intervalo del 95 "
        "%: {low:.0%} a {high:.0%}).",
    ),
    "tested_no_interval": (
        "In its test {value:.0%} of {n:,} {n:image|images} {n:was|were} answered correctly.",
        "En su prueba respondió bien al {value:.0%} de {n:,} {n:imagen|imágenes}.",
    ),
    "not_tested": (
        "Nothing says how often this model is right",
        "Nada dice con qué frecuencia acierta este modelo",
    ),
    "not_tested_advice": (
        "Measure it first: tamiz evaluate",
        "Mídalo primero: tamiz evaluate",
    ),
    "answer_about": ("Answer about {name}", "Respuesta sobre {name}"),
    "no_answer": ("No answer", "Sin respuesta"),
    "withheld": (
        "The model is not sure enough to answer (it answers from a confidence of {limit} on)",
        "El modelo no está lo bastante seguro para responder (responde a partir de una confianza "
        "de {limit})",
    ),
    "withheld_advice": (
        "The probabilities below are no answer. Let a person decide",
        "Las probabilidades de abajo no son una respuesta. Que decida una persona",
    ),
    "odd": (
        "Unlike the images that this model learnt from: {reason}",
        "Distinta de las imágenes con las que aprendió este modelo: {reason}",
    ),
    "odd_warned": (
        "The answer may mean nothing. The model knows only its own classes",
        "La respuesta puede no significar nada. El modelo solo conoce sus propias clases",
    ),
    "odd_withheld": (
        "So it gives no answer. Let a person decide",
        "Por eso no da respuesta. Que decida una persona",
    ),
    "threshold": ("answered from {value} on", "se responde a partir de {value}"),
    "more_classes": ("{n:,} more {n:class|classes}", "{n:,} {n:clase|clases} más"),
    "and_more": ("and {n:,} more", "y {n:,} más"),
    "window": ("Window", "Ventana"),
    "window_help": (
        "Changes the picture only. The model always sees its own window",
        "Solo cambia la vista. El modelo siempre ve su propia ventana",
    ),
    "window_model": ("As the model sees it", "Como la ve el modelo"),
    "window_own": ("Own centre and width", "Centro y anchura propios"),
    "window_lung": ("Lung", "Pulmón"),
    "window_mediastinum": ("Mediastinum", "Mediastino"),
    "window_abdomen": ("Abdomen", "Abdomen"),
    "window_liver": ("Liver", "Hígado"),
    "window_bone": ("Bone", "Hueso"),
    "window_brain": ("Brain", "Cerebro"),
    "window_stroke": ("Stroke", "Ictus"),
    "window_subdural": ("Subdural", "Subdural"),
    "window_wide": ("Wide", "Amplia"),
    "centre": ("Centre", "Centro"),
    "width": ("Width", "Anchura"),
    "no_window": (
        "This window does not suit this image",
        "Esta ventana no sirve para esta imagen",
    ),
    "show_map": ("Show where the network looks", "Mostrar dónde mira la red"),
    "show_map_help": (
        "A map shows where a network looks, not why",
        "Un mapa muestra dónde mira una red, no por qué",
    ),
    "opacity": ("Opacity of the map", "Opacidad del mapa"),
    "method": ("Method", "Método"),
    "map_class": ("For which class", "Para qué clase"),
    "map_answer": ("the answer", "la respuesta"),
    "drawing_map": ("Drawing the map", "Dibujando el mapa"),
    "n_answered": ("answered", "con respuesta"),
    "n_withheld": ("without an answer", "sin respuesta"),
    "n_odd": ("unlike the training images", "distintas de las de entrenamiento"),
    "n_unread": ("not readable", "ilegibles"),
    "n_others": ("files that are no images", "archivos que no son imágenes"),
    "nothing_read": (
        "None of these files could be read as an image",
        "Ninguno de estos archivos se pudo leer como imagen",
    ),
    "nothing_read_advice": (
        "The reasons stand below. Try a JPEG, PNG, TIFF or DICOM file",
        "Las razones están abajo. Pruebe con un archivo JPEG, PNG, TIFF o DICOM",
    ),
    "problems": ("Not readable: {n:,}", "Ilegibles: {n:,}"),
    "others": ("No images: {n:,}", "No son imágenes: {n:,}"),
    "filter_name": ("Name contains", "El nombre contiene"),
    "filter_class": ("Answer", "Respuesta"),
    "any_class": ("any", "cualquiera"),
    "filter_state": ("Show", "Mostrar"),
    "state_all": ("all images", "todas las imágenes"),
    "state_answered": ("with an answer", "con respuesta"),
    "state_withheld": ("without an answer", "sin respuesta"),
    "state_odd": ("unlike the training images", "distintas de las de entrenamiento"),
    "rows": ("{n:,} of {all:,} {all:image|images}", "{n:,} de {all:,} {all:imagen|imágenes}"),
    "no_rows": ("No image passes these filters", "Ninguna imagen cumple estos filtros"),
    "no_rows_advice": ("Take one of the filters away", "Quite alguno de los filtros"),
    "image": ("Image", "Imagen"),
    "previous": ("Previous", "Anterior"),
    "next": ("Next", "Siguiente"),
    "column_image": ("Image", "Imagen"),
    "column_answer": ("Answer", "Respuesta"),
    "column_share": ("Highest probability", "Mayor probabilidad"),
    "column_odd": ("Why unlike", "Por qué es distinta"),
    "take_csv": ("Answers as CSV", "Respuestas en CSV"),
    "take_json": ("Answers as JSON", "Respuestas en JSON"),
    "ready_at": (
        "The web app is at {url}  (Ctrl+C ends it)",
        "La aplicación web está en {url}  (Ctrl+C la cierra)",
    ),
    "open_to_network": (
        "Others on the network can reach it with this token. The connection is not encrypted: put "
        "a proxy with TLS before it",
        "Otros equipos de la red pueden entrar con este token. La conexión no va cifrada: ponga "
        "delante un proxy con TLS",
    ),
    "model_or_workbench": (
        "a model to ask or --workbench DATA to work on, one of the two",
        "un modelo al que preguntar o --workbench DATOS para trabajar, uno de los dos",
    ),
    "model_or_workbench_fix": (
        "For example: tamiz serve runs/x/model, or tamiz serve --workbench photos/",
        "Por ejemplo: tamiz serve runs/x/model, o tamiz serve --workbench fotos/",
    ),
    "not_for_workbench": (
        "{name} means nothing for the workbench",
        "{name} no significa nada para el banco de trabajo",
    ),
    "not_for_workbench_fix": ("Leave it out", "Quítelo"),
}
