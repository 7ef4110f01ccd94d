"""Words of the HTTP service: its calls, its refusals, its page."""

TEXTS = {
    "serving": (
        "Serving at {url} (Ctrl-C ends it; answers in work are finished first)",
        "Servicio en {url} (Ctrl-C lo termina; antes se acaban las respuestas en curso)",
    ),
    "why_package": ("the HTTP service", "el servicio HTTP"),
    "notice": (
        "For research and teaching. Not a medical device: no diagnosis and no treatment may rest "
        "on it.",
        "Para investigación y docencia. No es un producto sanitario: ningún diagnóstico ni "
        "tratamiento puede basarse en él.",
    ),
    # at the start
    "bad_host_name": ("'{name}' is no name of a host", "'{name}' no es un nombre de servidor"),
    "bad_host_name_fix": (
        "Give a name or an address without port and path, for example --allow-host lab.example",
        "Indique un nombre o una dirección sin puerto ni ruta, por ejemplo "
        "--allow-host lab.example",
    ),
    "no_token": (
        "others could reach this address, and nobody would have to show a token",
        "otros podrían llegar a esta dirección y nadie tendría que mostrar una clave",
    ),
    "no_token_fix": (
        "Set TAMIZ_TOKEN to a long random text, or leave out --host",
        "Ponga en TAMIZ_TOKEN un texto largo al azar, o quite --host",
    ),
    "bad_token": (
        "the token is shorter than {n} {n:character|characters}, or has blanks or accents",
        "la clave tiene menos de {n} {n:carácter|caracteres}, o espacios o acentos",
    ),
    "bad_token_fix": (
        "Make one: python -c 'import secrets; print(secrets.token_urlsafe())'",
        "Cree una: python -c 'import secrets; print(secrets.token_urlsafe())'",
    ),
    "out_of_range": (
        "{value} is not between {low} and {high}",
        "{value} no está entre {low} y {high}",
    ),
    "out_of_range_fix": ("Choose a value in that range", "Elija un valor de ese intervalo"),
    "no_such_host": (
        "this machine has no such address",
        "esta máquina no tiene esa dirección",
    ),
    "no_such_host_fix": (
        "Use 127.0.0.1 for this machine alone, 0.0.0.0 for all its networks",
        "Use 127.0.0.1 solo para esta máquina, 0.0.0.0 para todas sus redes",
    ),
    "busy_port": ("another program listens there", "otro programa ya escucha ahí"),
    "busy_port_fix": (
        "End it, or choose another port, for example --port 8001",
        "Termínelo o elija otro puerto, por ejemplo --port 8001",
    ),
    "forbidden_port": (
        "this user may not listen there",
        "este usuario no puede escuchar ahí",
    ),
    "forbidden_port_fix": ("Choose a port above 1023", "Elija un puerto mayor que 1023"),
    # refusals
    "full": (
        "too many uploads wait already",
        "ya hay demasiados envíos en espera",
    ),
    "full_fix": (
        "Ask again in {seconds} s (Retry-After)",
        "Vuelva a preguntar dentro de {seconds} s (Retry-After)",
    ),
    "too_long": (
        "no answer within {seconds} s",
        "sin respuesta en {seconds} s",
    ),
    "too_long_fix": (
        "Send fewer or smaller images, or ask again later",
        "Envíe menos imágenes o más pequeñas, o vuelva a preguntar más tarde",
    ),
    "too_slow": ("the upload arrives too slowly", "el envío llega demasiado despacio"),
    "too_slow_fix": (
        "Send it again over a faster connection",
        "Envíelo de nuevo por una conexión más rápida",
    ),
    "no_form": ("this is no multipart form", "esto no es un formulario multipart"),
    "no_form_fix": (
        "Send multipart/form-data, for example: curl -F file=@photo.jpg URL",
        "Envíe multipart/form-data, por ejemplo: curl -F file=@foto.jpg URL",
    ),
    "broken_form": (
        "the multipart form is broken off or malformed",
        "el formulario multipart está cortado o mal formado",
    ),
    "broken_form_fix": (
        "Let a library build it, for example: curl -F file=@photo.jpg URL",
        "Deje que lo construya una biblioteca, por ejemplo: curl -F file=@foto.jpg URL",
    ),
    "no_file": ("the form has no file", "el formulario no tiene ningún archivo"),
    "no_file_fix": (
        "Send one in the field '{field}': curl -F {field}=@photo.jpg URL",
        "Envíe uno en el campo '{field}': curl -F {field}=@foto.jpg URL",
    ),
    "other_field": ("the form has a field that is not known", "el formulario tiene un campo ajeno"),
    "other_field_fix": (
        "Send files in the field '{field}', settings in the address (?top=3)",
        "Envíe los archivos en el campo '{field}' y los ajustes en la dirección (?top=3)",
    ),
    "many_files": (
        "more than {n:,} {n:file|files} in one request",
        "más de {n:,} {n:archivo|archivos} en una petición",
    ),
    "many_files_fix": (
        "Send them in several requests, or as one zip",
        "Envíelos en varias peticiones o en un zip",
    ),
    "other_host": (
        "the service is not asked by this name",
        "el servicio no atiende con este nombre",
    ),
    "other_host_fix": (
        "Use the address it was started with, or start it with --allow-host NAME",
        "Use la dirección con que se inició, o inícielo con --allow-host NOMBRE",
    ),
    "other_origin": (
        "pages of other origins may not send anything here",
        "las páginas de otro origen no pueden enviar nada aquí",
    ),
    "other_origin_fix": (
        "Ask from a program, or from a page of the same host and port",
        "Pregunte desde un programa o desde una página del mismo servidor y puerto",
    ),
    "wrong_token": ("the token is missing or wrong", "la clave falta o es incorrecta"),
    "wrong_token_fix": (
        "Send the header 'Authorization: Bearer TOKEN'",
        "Envíe la cabecera 'Authorization: Bearer CLAVE'",
    ),
    "fault": ("internal error", "error interno"),
    "fault_fix": (
        "Tell whoever runs the service the request_id",
        "Comunique el request_id a quien mantiene el servicio",
    ),
    "no_query": ("there is no such parameter", "no existe ese parámetro"),
    "no_query_fix": ("Parameters here: {known}", "Parámetros posibles: {known}"),
    "twice": ("the parameter stands there twice", "el parámetro aparece dos veces"),
    "twice_fix": ("Give it once", "Indíquelo una vez"),
    "no_word": ("this value is not known", "ese valor no existe"),
    "no_word_fix": ("Give one of: {words}", "Indique uno de: {words}"),
    "no_number": ("this is no fitting whole number", "no es un número entero adecuado"),
    "no_number_fix": ("Give {low:,} to {high:,}", "Indique de {low:,} a {high:,}"),
    "one_file": (
        "{n:,} {n:file|files}, one is explained",
        "{n:,} {n:archivo|archivos}; se explica uno",
    ),
    "one_file_fix": ("Send one file", "Envíe un archivo"),
    "unread": ("the image cannot be read: {reason}", "no se puede leer la imagen: {reason}"),
    "unread_fix": ("Send it whole, or in another format", "Envíela entera o en otro formato"),
    "no_such_image": ("there is no image of this name", "no hay ninguna imagen con ese nombre"),
    "no_such_image_fix": (
        "Name it as 'path' in the answer of /v1/predict does",
        "Nómbrela como 'path' en la respuesta de /v1/predict",
    ),
    "no_path": ("there is nothing here", "aquí no hay nada"),
    "no_path_fix": ("See / for all calls", "En / están todas las llamadas"),
    "no_method": ("it is not called like that", "no se llama así"),
    "no_method_fix": ("See / for all calls", "En / están todas las llamadas"),
    # the page and the document
    "page_title": ("tamiz: a model over HTTP", "tamiz: un modelo por HTTP"),
    "page_statuses": ("Answers", "Respuestas"),
    "page_try": ("Try it:", "Pruébelo:"),
    "page_send": ("Send", "Enviar"),
    "about": (
        "Answers of one trained model, the same as those of tamiz predict.",
        "Respuestas de un modelo entrenado, las mismas que da tamiz predict.",
    ),
    "about_predict": (
        "Files go in the form field 'file': images, DICOM or zip, {limit_mib:,} MiB together. "
        "They are answered in order; 'file' in each answer is the number of its file, from 0.",
        "Los archivos van en el campo 'file': imágenes, DICOM o zip, {limit_mib:,} MiB en total. "
        "Se responden en orden; 'file' en cada respuesta es el número de su archivo, desde 0.",
    ),
    "about_explain": (
        "One file in the form field 'file', {limit_mib:,} MiB at most. The layer is as large as "
        "the picture and can be faded in and out over it.",
        "Un archivo en el campo 'file', {limit_mib:,} MiB como máximo. La capa es tan grande "
        "como la imagen y puede aparecer y desaparecer sobre ella.",
    ),
    "call_predict": ("Classify images", "Clasificar imágenes"),
    "call_explain": (
        "Show what an answer rests on, as a picture and a layer of heat",
        "Mostrar en qué se apoya una respuesta: una imagen y una capa de calor",
    ),
    "call_model": (
        "Tell what the model is, what it was measured to do, and its limits",
        "Decir qué es el modelo, qué se midió de él y sus límites",
    ),
    "call_alive": ("Tell that the service runs", "Decir que el servicio funciona"),
    "call_ready": ("Tell that the service takes uploads", "Decir que el servicio admite envíos"),
    "call_metrics": ("Counters for Prometheus", "Contadores para Prometheus"),
    "query_top": (
        "So many of the most probable classes",
        "Cuántas de las clases más probables",
    ),
    "query_language": (
        "Of reasons and errors; Accept-Language where it is left out",
        "De motivos y errores; si falta, Accept-Language",
    ),
    "query_as": (
        "json: picture and layer apart; png: one over the other",
        "json: imagen y capa por separado; png: una sobre otra",
    ),
    "query_image": (
        "Which image of an archive, as its 'path' in an answer; the first where it is left out",
        "Qué imagen de un archivo comprimido, según su 'path' en una respuesta; si falta, la "
        "primera",
    ),
    "query_method": (
        "An explainer (tamiz list explainers); the usual one where it is left out",
        "Un método de explicación (tamiz list explainers); si falta, el habitual",
    ),
    "query_class": (
        "What the map is about; the answer where it is left out",
        "La clase de la que trata el mapa; si falta, la respuesta",
    ),
    "query_size": ("Long side of the picture in px", "Lado mayor de la imagen en px"),
    "retry_after": ("Seconds until there should be a place", "Segundos hasta que haya sitio"),
    "status_200": ("The answer", "La respuesta"),
    "status_400": ("No such form, or no file in it", "Formulario incorrecto o sin archivo"),
    "status_401": ("The token is missing or wrong", "La clave falta o es incorrecta"),
    "status_403": ("Sent by a page of another origin", "Enviado por una página de otro origen"),
    "status_405": ("Another method", "Otro método"),
    "status_408": ("The upload arrives too slowly", "El envío llega demasiado despacio"),
    "status_413": ("Too large, or too many files", "Demasiado grande o demasiados archivos"),
    "status_415": ("No multipart form", "No es un formulario multipart"),
    "status_421": ("Asked by another name", "Se preguntó con otro nombre"),
    "status_422": (
        "Nothing in it can be answered, or a parameter is wrong",
        "Nada de ello se puede responder, o un parámetro es incorrecto",
    ),
    "status_500": ("Internal error", "Error interno"),
    "status_503": (
        "Too many wait already, or the service is closing",
        "Ya hay demasiados en espera, o el servicio se está cerrando",
    ),
    "status_504": ("It took too long", "Tardó demasiado"),
    "status_507": ("No room for the upload", "No hay sitio para el envío"),
}
