"""Texts of `node`."""

TEXTS = {
    "why": ("answering DICOM studies", "responder a estudios DICOM"),
    # help of the command line
    "metavar_model": ("[MODEL]", "[MODELO]"),
    "help_aet": (
        "our AE title, as senders know it",
        "nuestro título AE, como lo conocen quienes envían",
    ),
    "help_port": ("the DICOM port to listen on", "puerto DICOM en el que se escucha"),
    "help_host": (
        "the address to listen on; 0.0.0.0: all of this machine",
        "dirección en la que se escucha; 0.0.0.0: todas las de este equipo",
    ),
    "help_answer_to": (
        "who gets the answers: AET@HOST:PORT, or the root of a DICOMweb service",
        "quién recibe las respuestas: AET@EQUIPO:PUERTO o la raíz de un servicio DICOMweb",
    ),
    "help_folder": (
        "folder of the node's state: images that wait, the journal",
        "carpeta del estado del nodo: imágenes en espera y el diario",
    ),
    "help_quiet_seconds": (
        "a study is complete when no image of it came for so long",
        "un estudio está completo cuando no llega ninguna imagen suya durante este tiempo",
    ),
    "help_expect": (
        "a study is complete at once when it has so many images",
        "un estudio está completo en cuanto tiene este número de imágenes",
    ),
    "help_heatmap": (
        "send a picture with a heatmap of each image, too (secondary capture)",
        "enviar además una imagen con el mapa de calor de cada imagen (captura secundaria)",
    ),
    "help_max_study_mib": (
        "MiB of one study; what is beyond is refused",
        "MiB de un estudio; lo que pasa de ahí se rechaza",
    ),
    "help_only_from": (
        "AE titles that may send, separated by commas; all when left out",
        "títulos AE que pueden enviar, separados por comas; si falta, todos",
    ),
    "help_keep": (
        "keep images and answers in the folder after sending",
        "conservar imágenes y respuestas en la carpeta después de enviar",
    ),
    "help_status": (
        "show what the node of this folder has done, and end",
        "mostrar lo que ha hecho el nodo de esta carpeta y terminar",
    ),
    # faults
    "bad_destination": (
        "this names nobody who could get the answers",
        "esto no nombra a nadie que pueda recibir las respuestas",
    ),
    "bad_destination_fix": (
        "Write AET@HOST:PORT, for example PACS@10.0.0.5:104, or https://pacs/dicom-web",
        "Escriba AET@EQUIPO:PUERTO, por ejemplo PACS@10.0.0.5:104, o https://pacs/dicom-web",
    ),
    "missing": ("{name} is missing", "falta {name}"),
    "missing_fix": (
        "For example: tamiz node runs/x/model --answer-to PACS@10.0.0.5:104 --folder node/",
        "Por ejemplo: tamiz node runs/x/model --answer-to PACS@10.0.0.5:104 --folder nodo/",
    ),
    "busy_port": ("another program listens there", "otro programa escucha ahí"),
    "busy_port_fix": (
        "End it, or choose another port (--port)",
        "Termínelo o elija otro puerto (--port)",
    ),
    "no_right": (
        "this user may not listen on this port",
        "este usuario no puede escuchar en este puerto",
    ),
    "no_right_fix": ("Choose one above 1024 (--port)", "Elija uno mayor que 1024 (--port)"),
    "not_ours": ("this machine has no such address", "este equipo no tiene esa dirección"),
    "not_ours_fix": (
        "Use 127.0.0.1, or an address of this machine (--host)",
        "Use 127.0.0.1 o una dirección de este equipo (--host)",
    ),
    "reads_slides": (
        "this model reads whole slides; a node answers DICOM images",
        "este modelo lee laminillas completas; un nodo responde a imágenes DICOM",
    ),
    "reads_slides_fix": (
        "Use a model that was trained on images",
        "Use un modelo entrenado con imágenes",
    ),
    "no_state": ("no node ever worked here", "aquí nunca ha trabajado un nodo"),
    "no_state_fix": (
        "Name the folder that was given to --folder",
        "Indique la carpeta que se dio en --folder",
    ),
    "bad_journal": (
        "the journal is damaged, or of another version of tamiz",
        "el diario está dañado o es de otra versión de tamiz",
    ),
    "bad_journal_fix": (
        "Start with another folder (--folder); the archive can send studies again",
        "Empiece con otra carpeta (--folder); el archivo puede volver a enviar los estudios",
    ),
    "journal_full": (
        "the journal cannot be written: the disk is full or failing",
        "no se puede escribir el diario: el disco está lleno o falla",
    ),
    "journal_full_fix": (
        "Free some room; senders try again by themselves",
        "Libere espacio; quienes envían lo intentan de nuevo por sí mismos",
    ),
    "journal_closed": ("the journal cannot be opened", "no se puede abrir el diario"),
    "journal_closed_fix": (
        "See whether you may write to this folder",
        "Compruebe si puede escribir en esta carpeta",
    ),
    # what is told while it works
    "listens": (
        "{aet} listens on {where}; Ctrl-C ends it. For research use only",
        "{aet} escucha en {where}; Ctrl-C lo termina. Solo para investigación",
    ),
    "stopped": (
        "stopped; the same command goes on where this ended",
        "detenido; la misma orden sigue donde esto terminó",
    ),
    "retrying": (
        "{n} {n:study|studies} could not be answered before and {n:is|are} tried again",
        "{n} {n:estudio|estudios} que no se {n:pudo|pudieron} responder antes se "
        "{n:intenta|intentan} otra vez",
    ),
    "answered": (
        "study {study}: {n} {n:image|images} answered, {unread} could not be read",
        "estudio {study}: {n} {n:imagen respondida|imágenes respondidas}, {unread} no se "
        "{unread:pudo|pudieron} leer",
    ),
    "no_answer_made": (
        "study {study}: no answer can be made ({fault}); its images stay in the folder",
        "estudio {study}: no se puede hacer una respuesta ({fault}); sus imágenes siguen en la "
        "carpeta",
    ),
    "sent": ("study {study}: answer sent", "estudio {study}: respuesta enviada"),
    "waits": (
        "the answer waits: {reason}; trying again in {seconds} s",
        "la respuesta espera: {reason}; se intenta de nuevo en {seconds} s",
    ),
    "trouble": ("cannot go on now: {reason}", "no se puede seguir ahora: {reason}"),
    # in the structured report and on the maps
    "sr_image": ("Image", "Imagen"),
    "sr_frame": ("Frame {frame}", "Fotograma {frame}"),
    "sr_model": ("model {identity}", "modelo {identity}"),
    "sr_answer": ("Answer: {names}", "Respuesta: {names}"),
    "sr_no_label": ("none of the labels", "ninguna de las etiquetas"),
    "sr_no_answer": ("no answer", "sin respuesta"),
    "sr_withheld": (
        "No answer: the model is not sure enough",
        "Sin respuesta: el modelo no está lo bastante seguro",
    ),
    "sr_withheld_odd": (
        "No answer: the image is unlike the training images",
        "Sin respuesta: la imagen no se parece a las de entrenamiento",
    ),
    "sr_odd": (
        "Not to be trusted, unlike the training images: {reason}",
        "No es de fiar, distinta de las imágenes de entrenamiento: {reason}",
    ),
    "sr_unread": ("Could not be read: {reason}", "No se pudo leer: {reason}"),
    "nothing_in_it": ("there is no image in it", "no contiene ninguna imagen"),
    "map_answer": (
        "Answer: {names}. Probability of {target}: {share:.3f}",
        "Respuesta: {names}. Probabilidad de {target}: {share:.3f}",
    ),
    # --status
    "title_status": ("What the node has done", "Lo que ha hecho el nodo"),
    "column_what": ("What", "Qué"),
    "column_n": ("Count", "Número"),
    "status_studies": ("studies received", "estudios recibidos"),
    "status_images": ("images received", "imágenes recibidas"),
    "status_not_images": ("other objects, not answered", "otros objetos, sin respuesta"),
    "status_unread": ("images that could not be read", "imágenes que no se pudieron leer"),
    "status_receiving": ("studies still coming in", "estudios que aún están llegando"),
    "status_complete": ("complete, to be answered", "completos, por responder"),
    "status_answered": ("answered, to be sent", "respondidos, por enviar"),
    "status_done": ("answered and sent", "respondidos y enviados"),
    "status_skipped": ("without images, no answer", "sin imágenes, sin respuesta"),
    "status_failed": ("no answer could be made", "no se pudo hacer una respuesta"),
    "status_repeated": ("images that came again", "imágenes que llegaron otra vez"),
    "status_ours": ("our own answers that came back", "respuestas nuestras que volvieron"),
    "status_conflicts": (
        "images that came again with other content",
        "imágenes que llegaron otra vez con otro contenido",
    ),
    "status_refused": ("objects refused", "objetos rechazados"),
    "conflicts": (
        "{n} {n:image|images} came again under the same UID with other content",
        "{n} {n:imagen|imágenes} {n:llegó|llegaron} otra vez con el mismo UID y otro contenido",
    ),
    "conflicts_advice": (
        "The first one was answered; the archive should not have two",
        "Se respondió a la primera; el archivo no debería tener dos",
    ),
    "failures": (
        "{n} {n:study|studies} could not be answered",
        "{n} {n:estudio|estudios} no se {n:pudo|pudieron} responder",
    ),
    "failures_advice": (
        "They are tried again when the node starts next",
        "Se intentan otra vez cuando el nodo arranque de nuevo",
    ),
    "unsent": (
        "{n} {n:answer|answers} {n:waits|wait} for the archive",
        "{n} {n:respuesta|respuestas} {n:espera|esperan} al archivo",
    ),
    "last_trouble": ("Last trouble in sending: {reason}", "Último problema al enviar: {reason}"),
}
