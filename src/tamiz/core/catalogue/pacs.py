"""Texts of `pacs`."""

TEXTS = {
    "why": ("talking to a PACS", "hablar con un PACS"),
    # help of the command line
    "help_echo": (
        "Ask a DICOM server whether it is there",
        "Preguntar a un servidor DICOM si está",
    ),
    "help_find": (
        "List what a server has, without names, IDs or exact dates",
        "Listar lo que tiene un servidor, sin nombres, números ni fechas exactas",
    ),
    "help_fetch": (
        "Bring studies here, without identities, as often interrupted as need be",
        "Traer estudios sin identidades, por muchas interrupciones que haya",
    ),
    "help_host": ("name or address of the DICOM server", "nombre o dirección del servidor DICOM"),
    "help_port": ("its DICOM port", "su puerto DICOM"),
    "help_called": ("its AE title", "su título AE"),
    "help_calling": (
        "our AE title, as the server knows it",
        "nuestro título AE, como lo conoce el servidor",
    ),
    "help_timeout": (
        "how long to wait for an answer, and to go on trying after a lost connection",
        "cuánto esperar una respuesta, y seguir intentando tras perder la conexión",
    ),
    "help_tls": ("encrypt the connection", "cifrar la conexión"),
    "help_tls_ca": (
        "PEM file of the authorities to trust (default: the system's)",
        "archivo PEM de las autoridades de confianza (por defecto, las del sistema)",
    ),
    "help_tls_cert": ("PEM file of our certificate", "archivo PEM de nuestro certificado"),
    "help_tls_key": ("PEM file of its key", "archivo PEM de su clave"),
    "help_dicomweb": (
        "root of a DICOMweb service, for example https://pacs/dicom-web",
        "raíz de un servicio DICOMweb, por ejemplo https://pacs/dicom-web",
    ),
    "help_user": (
        "user of the DICOMweb service; the password comes from TAMIZ_PACS_PASSWORD",
        "usuario del servicio DICOMweb; la contraseña viene de TAMIZ_PACS_PASSWORD",
    ),
    "help_password_file": (
        "file with the password, instead of TAMIZ_PACS_PASSWORD",
        "archivo con la contraseña, en lugar de TAMIZ_PACS_PASSWORD",
    ),
    "help_modality": ("CT, MR, ...", "CT, MR, ..."),
    "help_description": (
        "description of the study; * and ? stand for any text and any sign",
        "descripción del estudio; * y ? equivalen a cualquier texto y signo",
    ),
    "help_date": (
        "date of the study: 2021-01-01..2021-12-31, 2021-03, 2021.., ..2020",
        "fecha del estudio: 2021-01-01..2021-12-31, 2021-03, 2021.., ..2020",
    ),
    "help_patient": ("the patient's ID at the server", "número del paciente en el servidor"),
    "help_study": ("UID of one study", "UID de un estudio"),
    "help_level": ("what to list", "qué listar"),
    "help_csv": ("write all rows to this file", "escribir todas las filas en este archivo"),
    "help_show_identities": (
        "show IDs, names, dates and descriptions on the terminal; never in a file",
        "mostrar números, nombres, fechas y descripciones en la terminal; nunca en un archivo",
    ),
    "help_key": (
        "key of the pseudonyms (default: ~/.config/tamiz/pseudonyms.key, made when missing)",
        "clave de los seudónimos (por defecto ~/.config/tamiz/pseudonyms.key; se hace si falta)",
    ),
    "help_out": ("folder for the studies", "carpeta para los estudios"),
    "help_way": (
        "auto tries C-GET, then C-MOVE, then DICOMweb",
        "auto prueba C-GET, luego C-MOVE, luego DICOMweb",
    ),
    "help_receive_port": (
        "where we listen during a C-MOVE; the server must know it",
        "dónde escuchamos durante un C-MOVE; el servidor debe conocerlo",
    ),
    "help_dates": (
        "shift all dates of a patient by the same number of days, or remove them",
        "desplazar todas las fechas de un paciente los mismos días, o quitarlas",
    ),
    "help_max_per_second": (
        "at most so many instances per second",
        "como mucho tantas imágenes por segundo",
    ),
    "help_max_minutes": ("stop after so many minutes", "parar tras tantos minutos"),
    # faults of the command line
    "no_server": ("no server was named", "no se indicó ningún servidor"),
    "no_server_fix": (
        "Give --host, --port and --called, or --dicomweb",
        "Indique --host, --port y --called, o --dicomweb",
    ),
    "half_server": (
        "a DICOM server needs --host, --port and --called",
        "un servidor DICOM necesita --host, --port y --called",
    ),
    "half_server_fix": (
        "Give all three; the PACS administrator knows them",
        "Indique los tres; los conoce quien administra el PACS",
    ),
    "bad_title": (
        "an AE title has 1 to 16 plain characters, not only blanks, and no backslash",
        "un título AE tiene de 1 a 16 signos sencillos, no solo espacios, y sin barra inversa",
    ),
    "bad_title_fix": (
        "Ask the PACS administrator for the exact title",
        "Pida el título exacto a quien administra el PACS",
    ),
    "bad_tls": (
        "the TLS files cannot be used ({reason})",
        "los archivos de TLS no se pueden usar ({reason})",
    ),
    "bad_tls_fix": (
        "Check --tls-ca, --tls-cert and --tls-key: PEM files that belong together",
        "Revise --tls-ca, --tls-cert y --tls-key: archivos PEM que se correspondan",
    ),
    "tls_alone": (
        "--tls-ca, --tls-cert and --tls-key need --tls",
        "--tls-ca, --tls-cert y --tls-key necesitan --tls",
    ),
    "tls_alone_fix": ("Add --tls, or leave them out", "Añada --tls o quítelos"),
    "bad_date": (
        "this is no date or span of dates",
        "esto no es una fecha ni un intervalo de fechas",
    ),
    "bad_date_fix": (
        "Write 2021-01-01..2021-12-31, 2021-03, 2021.. or ..2020",
        "Escriba 2021-01-01..2021-12-31, 2021-03, 2021.. o ..2020",
    ),
    "bad_modality": ("this is no modality", "esto no es una modalidad"),
    "bad_modality_fix": (
        "Write one code in capitals: CT, MR, US, DX",
        "Escriba un código en mayúsculas: CT, MR, US, DX",
    ),
    "bad_uid": ("a UID has 1 to 64 digits and dots", "un UID tiene de 1 a 64 cifras y puntos"),
    "bad_uid_fix": ("Check the UID", "Revise el UID"),
    "bad_criterion": (
        "more than 64 characters, or a sign that DICOM reserves (\\ or a control character)",
        "más de 64 signos, o un signo que DICOM reserva (\\ o un signo de control)",
    ),
    "bad_criterion_fix": ("Shorten or correct it", "Acórtelo o corríjalo"),
    "asks_everything": (
        "this would ask for everything that the server has",
        "esto pediría todo lo que tiene el servidor",
    ),
    "asks_everything_fix": (
        "Give --modality, --description, --date, --patient or --study; * alone does not count",
        "Indique --modality, --description, --date, --patient o --study; * solo no cuenta",
    ),
    "bad_url": (
        "this is no address of a DICOMweb service",
        "esto no es la dirección de un servicio DICOMweb",
    ),
    "bad_url_fix": (
        "Write https://server/dicom-web, without user or password (--user takes it)",
        "Escriba https://servidor/dicom-web, sin usuario ni contraseña (van en --user)",
    ),
    "no_password": ("--user is given, and no password", "se indicó --user y ninguna contraseña"),
    "no_password_fix": (
        "Set TAMIZ_PACS_PASSWORD, or give --password-file",
        "Defina TAMIZ_PACS_PASSWORD o indique --password-file",
    ),
    "way_needs": ("this way needs {flag}", "esta vía necesita {flag}"),
    "way_needs_fix": ("Give {flag}, or choose another way", "Indique {flag} o elija otra vía"),
    "port_taken": (
        "we cannot listen on this port: it is taken or not allowed",
        "no podemos escuchar en este puerto: está ocupado o no se permite",
    ),
    "port_taken_fix": (
        "Choose another --receive-port, and have it entered at the PACS",
        "Elija otro --receive-port y haga que se registre en el PACS",
    ),
    "not_a_terminal": (
        "identities are shown on a terminal only, never in a file or a pipe",
        "las identidades solo se muestran en una terminal, nunca en un archivo o una tubería",
    ),
    "not_a_terminal_fix": (
        "Run it in a terminal without --json, or leave out --show-identities",
        "Ejecútelo en una terminal sin --json, o quite --show-identities",
    ),
    "help_group": (
        "Talk to a PACS: is it there, what does it have, bring it without identities.",
        "Hablar con un PACS: si está, qué tiene, traerlo sin identidades.",
    ),
    "not_positive": ("a number above 0 is needed", "hace falta un número mayor que 0"),
    "not_positive_fix": ("Give a larger number", "Indique un número mayor"),
    "bad_port": ("a port is a number from 1 to 65535", "un puerto es un número de 1 a 65535"),
    "bad_port_fix": ("Check the number", "Revise el número"),
    # connections
    "rejected": (
        "the server rejects the association",
        "el servidor rechaza la asociación",
    ),
    "rejected_fix": (
        "Ask the PACS administrator whether {calling} may connect to {called}",
        "Pregunte a quien administra el PACS si {calling} puede conectarse a {called}",
    ),
    "rejected_1_1": (
        "the server rejects the association and gives no reason",
        "el servidor rechaza la asociación y no dice por qué",
    ),
    "rejected_1_1_fix": (
        "Often it does not know our AE title {calling}: ask the PACS administrator to enter it",
        "A menudo no conoce nuestro título AE {calling}: pida que lo registren en el PACS",
    ),
    "rejected_1_3": (
        "the server does not know our AE title {calling} (calling AE title not recognised)",
        "el servidor no conoce nuestro título AE {calling} (título AE que llama, no reconocido)",
    ),
    "rejected_1_3_fix": (
        "Ask the PACS administrator to enter it, or give the one that is entered with --calling",
        "Pida que lo registren en el PACS, o indique con --calling el registrado",
    ),
    "rejected_1_7": (
        "the server is not called {called} (called AE title not recognised)",
        "el servidor no se llama {called} (título AE llamado, no reconocido)",
    ),
    "rejected_1_7_fix": (
        "Give its AE title, in the right case, with --called",
        "Indique su título AE, con mayúsculas y minúsculas exactas, con --called",
    ),
    "rejected_3_1": (
        "the server is too busy now (temporary congestion)",
        "el servidor está ahora demasiado ocupado (congestión temporal)",
    ),
    "rejected_3_1_fix": ("Try again later", "Inténtelo más tarde"),
    "rejected_3_2": (
        "the server has as many connections as it allows (local limit exceeded)",
        "el servidor tiene tantas conexiones como admite (límite local superado)",
    ),
    "rejected_3_2_fix": ("Try again later", "Inténtelo más tarde"),
    "no_context": (
        "the server accepts the connection and offers none of the services asked for",
        "el servidor acepta la conexión y no ofrece ninguno de los servicios pedidos",
    ),
    "no_context_fix": (
        "Ask the PACS administrator what is allowed for our AE title",
        "Pregunte a quien administra el PACS qué se permite a nuestro título AE",
    ),
    "no_get": (
        "the server does not offer C-GET to us",
        "el servidor no nos ofrece C-GET",
    ),
    "no_get_fix": (
        "Use --way move, or --way web with --dicomweb",
        "Use --way move, o --way web con --dicomweb",
    ),
    "refused": ("the server refuses: {status}", "el servidor se niega: {status}"),
    "refused_fix": (
        "Choose another --way, or show this to the PACS administrator",
        "Elija otra --way, o muestre esto a quien administra el PACS",
    ),
    "lost": (
        "the connection broke, or the server went silent",
        "la conexión se cortó, o el servidor calló",
    ),
    "lost_fix": (
        "Run the same command again; --timeout-s waits longer",
        "Ejecute la misma orden otra vez; --timeout-s espera más",
    ),
    "unknown_host": ("there is no machine of this name", "no hay ninguna máquina con este nombre"),
    "unknown_host_fix": ("Check --host", "Revise --host"),
    "nobody_listens": (
        "the machine is there, and nothing listens on this port",
        "la máquina está, y nada escucha en este puerto",
    ),
    "nobody_listens_fix": (
        "Check --port, and whether the server is running",
        "Revise --port y si el servidor está en marcha",
    ),
    "no_answer": ("no answer within the time limit", "no hay respuesta dentro del plazo"),
    "no_answer_fix": (
        "Check --host and the firewall; --timeout-s waits longer",
        "Revise --host y el cortafuegos; --timeout-s espera más",
    ),
    "no_route": ("there is no way to this machine", "no hay camino hasta esta máquina"),
    "no_route_fix": ("Check the network and --host", "Revise la red y --host"),
    "no_dicom": (
        "something listens there and does not answer in DICOM",
        "algo escucha ahí y no responde en DICOM",
    ),
    "no_dicom_fix": (
        "Check --port; a server that wants encryption needs --tls",
        "Revise --port; un servidor que exige cifrado necesita --tls",
    ),
    "no_dicom_tls": (
        "something listens there, and no encrypted DICOM connection came about",
        "algo escucha ahí, y no se logró una conexión DICOM cifrada",
    ),
    "no_dicom_tls_fix": (
        "Check --tls-ca and --tls-cert, and that the certificate names this --host",
        "Revise --tls-ca y --tls-cert, y que el certificado nombre este --host",
    ),
    "not_let_in": (
        "the service does not let us in (HTTP {code})",
        "el servicio no nos deja entrar (HTTP {code})",
    ),
    "not_let_in_fix": ("Check --user and the password", "Revise --user y la contraseña"),
    "bad_certificate": (
        "the service's certificate is not trusted",
        "el certificado del servicio no es de confianza",
    ),
    "bad_certificate_fix": (
        "Give the authority's file with --tls --tls-ca",
        "Indique el archivo de la autoridad con --tls --tls-ca",
    ),
    "redirected": (
        "the service sends us to another address",
        "el servicio nos envía a otra dirección",
    ),
    "redirected_fix": (
        "Give the final address with --dicomweb",
        "Indique la dirección final con --dicomweb",
    ),
    "bad_answer": (
        "the service answers something that is no DICOM JSON",
        "el servicio responde algo que no es DICOM JSON",
    ),
    "bad_answer_fix": (
        "Check that --dicomweb is the root of the service",
        "Revise que --dicomweb sea la raíz del servicio",
    ),
    "web_silent": (
        "the DICOMweb service does not answer, or the connection broke",
        "el servicio DICOMweb no responde, o la conexión se cortó",
    ),
    "web_silent_fix": (
        "Check --dicomweb and the network, and run the same command again",
        "Revise --dicomweb y la red, y ejecute la misma orden otra vez",
    ),
    "web_busy": (
        "the DICOMweb service is too busy now (HTTP {code})",
        "el servicio DICOMweb está ahora demasiado ocupado (HTTP {code})",
    ),
    "web_busy_fix": ("Try again later", "Inténtelo más tarde"),
    "web_status": (
        "the DICOMweb service refuses (HTTP {code})",
        "el servicio DICOMweb se niega (HTTP {code})",
    ),
    "web_status_fix": (
        "Check --dicomweb, or choose another --way",
        "Revise --dicomweb o elija otra --way",
    ),
    "as_said": ("{reason}", "{reason}"),
    "bad_multipart": (
        "an answer of the DICOMweb service could not be read",
        "una respuesta del servicio DICOMweb no se pudo leer",
    ),
    # statuses
    "status_a700": (
        "out of resources ({code}); ask for less at a time or later",
        "sin recursos ({code}); pida menos de una vez o más tarde",
    ),
    "status_a701": (
        "out of resources: it cannot count the matches ({code})",
        "sin recursos: no puede contar los resultados ({code})",
    ),
    "status_a702": (
        "out of resources: it cannot send the images ({code})",
        "sin recursos: no puede enviar las imágenes ({code})",
    ),
    "status_a801": (
        "it does not know our AE title as a destination ({code}); the PACS administrator must "
        "enter title, address and --receive-port",
        "no conoce nuestro título AE como destino ({code}); quien administra el PACS debe "
        "registrar el título, la dirección y --receive-port",
    ),
    "status_a900": (
        "the question does not fit the service ({code})",
        "la pregunta no encaja con el servicio ({code})",
    ),
    "status_b000": (
        "some images could not be sent ({code})",
        "algunas imágenes no se pudieron enviar ({code})",
    ),
    "status_c000": (
        "it is unable to process the request ({code})",
        "no puede atender la petición ({code})",
    ),
    "status_fe00": ("it cancelled the request ({code})", "canceló la petición ({code})"),
    "status_0105": ("no such attribute ({code})", "no existe ese atributo ({code})"),
    "status_0110": ("it failed while processing ({code})", "falló al procesar ({code})"),
    "status_0117": ("invalid object ({code})", "objeto no válido ({code})"),
    "status_0122": (
        "it does not support this service (SOP class not supported, {code})",
        "no admite este servicio (clase SOP no admitida, {code})",
    ),
    "status_0124": ("we are not authorised ({code})", "no estamos autorizados ({code})"),
    "status_0211": (
        "it does not know this operation ({code})",
        "no conoce esta operación ({code})",
    ),
    "status_0212": ("a mistyped argument ({code})", "un argumento de tipo erróneo ({code})"),
    "status_other": ("status {code}", "estado {code}"),
    # what happens
    "asking": ("asking the server", "preguntando al servidor"),
    "fetching": ("fetching", "trayendo"),
    "trying_again": ("{reason}; trying again", "{reason}; se intenta de nuevo"),
    "other_way": ("{reason}; trying another way", "{reason}; se prueba otra vía"),
    "some_missing": ("some images did not come", "algunas imágenes no llegaron"),
    "undated_missed": (
        "the server cut its answer short, so it is asked by dates: studies without a date may "
        "be missing",
        "el servidor acortó su respuesta y se le pregunta por fechas: pueden faltar estudios sin "
        "fecha",
    ),
    "unreadable_answer": (
        "the server sent an answer that could not be read; something may be missing",
        "el servidor envió una respuesta que no se pudo leer; puede faltar algo",
    ),
    "open_password": (
        "the password crosses the network unencrypted; use https://",
        "la contraseña cruza la red sin cifrar; use https://",
    ),
    "cut_short": (
        "the server cuts its answer short, or has no resources for it, even for one day",
        "el servidor acorta su respuesta, o no tiene recursos, incluso para un solo día",
    ),
    "cut_short_fix": (
        "Ask for less: add --modality, --description or --patient",
        "Pida menos: añada --modality, --description o --patient",
    ),
    "nothing_matches": (
        "nothing matches (asked with {asked})",
        "nada coincide (se preguntó con {asked})",
    ),
    "nothing_matches_fix": (
        "Loosen a criterion; tamiz pacs find shows what is there",
        "Afloje algún criterio; tamiz pacs find muestra lo que hay",
    ),
    "bad_journal": (
        "line {line} of the journal is damaged",
        "la línea {line} del diario está dañada",
    ),
    "bad_journal_fix": (
        "Remove the journal: it is made again from the files",
        "Borre el diario: se rehace a partir de los archivos",
    ),
    "stopped": (
        "stopped: received {n:,} of {all:,}, all of them whole",
        "detenido: se recibieron {n:,} de {all:,}, todas íntegras",
    ),
    "stopped_fix": (
        "Run the same command again: it goes on from here",
        "Ejecute la misma orden otra vez: continúa desde aquí",
    ),
    "stopped_asking": (
        "stopped while asking the server; nothing is lost",
        "detenido mientras se preguntaba al servidor; no se pierde nada",
    ),
    "stopped_asking_fix": (
        "Run the same command again",
        "Ejecute la misma orden otra vez",
    ),
    # reports
    "title_echo": ("PACS", "PACS"),
    "title_find": ("What the server has", "Lo que tiene el servidor"),
    "title_fetch": ("Images received", "Imágenes recibidas"),
    "answers": ("{server} answers in {ms:,} ms", "{server} responde en {ms:,} ms"),
    "found": ("{n:,} {level}", "{n:,} {level}"),
    "level_study": ("studies", "estudios"),
    "level_series": ("series", "series"),
    "level_image": ("images", "imágenes"),
    "per_modality": ("Per modality", "Por modalidad"),
    "first_rows": ("The first {n} of {all:,}", "Las primeras {n} de {all:,}"),
    "all_rows": ("All rows: {path}", "Todas las filas: {path}"),
    "column_patient": ("patient", "paciente"),
    "column_study": ("study", "estudio"),
    "column_series": ("series", "serie"),
    "column_instance": ("image", "imagen"),
    "column_month": ("month", "mes"),
    "column_modality": ("modality", "modalidad"),
    "column_n_studies": ("studies", "estudios"),
    "column_n_series": ("series", "series"),
    "column_n_images": ("images", "imágenes"),
    "column_received": ("received", "recibidas"),
    "column_expected": ("expected", "esperadas"),
    "identities": (
        "Pseudonym | patient ID | name | date | description | study UID: for your eyes only",
        "Seudónimo | número de paciente | nombre | fecha | descripción | UID del estudio: "
        "solo para usted",
    ),
    "new": (
        "{n:,} {n:image|images} new in {seconds} s, in {path}",
        "{n:,} {n:imagen nueva|imágenes nuevas} en {seconds} s, en {path}",
    ),
    "received_all": ("Received {n:,} of {all:,}", "Recibidas {n:,} de {all:,}"),
    "received_some": (
        "Received {n:,} of {all:,}: run the same command again",
        "Recibidas {n:,} de {all:,}: ejecute la misma orden otra vez",
    ),
    "burned_in": (
        "{n:,} {n:image|images} may carry burned-in text (ultrasound, secondary capture, ...)",
        "{n:,} {n:imagen|imágenes} {n:puede|pueden} llevar texto grabado (ecografía, captura "
        "secundaria, ...)",
    ),
    "burned_in_advice": (
        "Look at them before they leave the hospital: names in pixels are not removed",
        "Mírelas antes de que salgan del hospital: los nombres en los píxeles no se quitan",
    ),
    "conflicts": (
        "{n:,} {n:image|images} arrived again with other pixels under the same UID; the first "
        "{n:was|were} kept",
        "{n:,} {n:imagen|imágenes} {n:llegó|llegaron} otra vez con otros píxeles y el mismo UID; "
        "se {n:queda la primera|quedan las primeras}",
    ),
    "conflicts_advice": (
        "Tell the PACS administrator: a UID must belong to one image",
        "Avise a quien administra el PACS: un UID debe ser de una sola imagen",
    ),
    "refused_bad_uid": (
        "{n:,} {n:instance|instances} refused: {n:its|their} UID is no UID",
        "{n:,} {n:imagen rechazada|imágenes rechazadas}: su UID no es un UID",
    ),
    "refused_not_asked": (
        "{n:,} {n:instance|instances} refused: {n:it was|they were} not asked for",
        "{n:,} {n:imagen rechazada|imágenes rechazadas}: no se habían pedido",
    ),
    "refused_unreadable": (
        "{n:,} {n:instance|instances} refused: {n:its|their} data could not be read",
        "{n:,} {n:imagen rechazada|imágenes rechazadas}: sus datos no se pudieron leer",
    ),
    "unlisted": (
        "the server counts {n:,} {n:image|images} more in these series than it lists",
        "el servidor cuenta en estas series {n:,} {n:imagen|imágenes} más de las que lista",
    ),
    "server_said": ("the server said: {reason}", "el servidor dijo: {reason}"),
    "ended_early": ("ended early: {reason}", "terminó antes: {reason}"),
    "out_of_time": ("the time limit was reached", "se llegó al límite de tiempo"),
    "run_again": (
        "Run the same command again: only what is missing is fetched",
        "Ejecute la misma orden otra vez: solo se trae lo que falta",
    ),
    "adopted": (
        "{n:,} {n:file|files} of an interrupted run {n:was|were} taken in again",
        "se {n:retomó|retomaron} {n:,} {n:archivo|archivos} de una ejecución interrumpida",
    ),
}
