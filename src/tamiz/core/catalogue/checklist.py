"""Texts of checklists: their frame, and what a run answers."""

TEXTS = {
    "unknown": (
        "there is no checklist '{name}'",
        "no existe la lista de comprobación '{name}'",
    ),
    "unknown_fix": ("Choose among: {choices}", "Elija entre: {choices}"),
    "title": ("{list}: {source}", "{list}: {source}"),
    "name_claim": ("CLAIM 2024", "CLAIM 2024"),
    "name_tripod-ai": ("TRIPOD+AI", "TRIPOD+AI"),
    "name_metrics": ("METRICS", "METRICS"),
    "source_claim": (
        "Checklist for Artificial Intelligence in Medical Imaging, 44 items. Tejani et al., "
        "Radiology: Artificial Intelligence 2024;6(4):e240300, doi:10.1148/ryai.240300. Items in "
        "our own words; hand in the published form.",
        "Lista de comprobación para inteligencia artificial en imagen médica, 44 puntos. Tejani "
        "et al., Radiology: Artificial Intelligence 2024;6(4):e240300, doi:10.1148/ryai.240300. "
        "Puntos en palabras nuestras; entregue el formulario publicado.",
    ),
    "source_tripod-ai": (
        "Reporting of studies that develop or evaluate prediction models, 27 items in 52 parts. "
        "Collins et al., BMJ 2024;385:e078378, doi:10.1136/bmj-2023-078378. Items in our own "
        "words; hand in the published form.",
        "Informe de estudios que desarrollan o evalúan modelos de predicción, 27 puntos en 52 "
        "partes. Collins et al., BMJ 2024;385:e078378, doi:10.1136/bmj-2023-078378. Puntos en "
        "palabras nuestras; entregue el formulario publicado.",
    ),
    "source_metrics": (
        "METhodological RadiomICs Score, 30 items in 9 categories. Kocak et al., Insights into "
        "Imaging 2024;15:8, doi:10.1186/s13244-023-01572-w. Items in our own words.",
        "METhodological RadiomICs Score, 30 puntos en 9 categorías. Kocak et al., Insights into "
        "Imaging 2024;15:8, doi:10.1186/s13244-023-01572-w. Puntos en palabras nuestras.",
    ),
    "counts": (
        "Of {n} {n:item|items}: {answered} answered from the run, {partly} answered in part, "
        "{open} open for a person, {not_done} not done, {not_applicable} not applicable.",
        "De {n} {n:punto|puntos}: {answered} {answered:respondido|respondidos} con la ejecución, "
        "{partly} en parte, {open} {open:abierto|abiertos} para una persona, {not_done} sin hacer, "
        "{not_applicable} que no {not_applicable:corresponde|corresponden}.",
    ),
    "how": (
        "What is prefilled was taken from the files of this run and from nothing else. Read it, "
        "add what a person must say, and check that it is true of your study.",
        "Lo ya rellenado se tomó de los archivos de esta ejecución y de nada más. Léalo, añada lo "
        "que debe decir una persona y compruebe que es cierto en su estudio.",
    ),
    "no_score": (
        "No METRICS score is given: {n} {n:item|items} still {n:waits|wait} for a person or an "
        "experiment, and each of them changes it. The weights stand beside the items; those shown "
        "by the run so far weigh {shown:.3f} of the {possible:.3f} that apply.",
        "No se da la puntuación METRICS: {n} {n:punto|puntos} {n:espera|esperan} todavía a una "
        "persona o un experimento, y cada uno la cambia. Los pesos están junto a los puntos; los "
        "que la ejecución ya muestra pesan {shown:.3f} de los {possible:.3f} que corresponden.",
    ),
    "number": ("No.", "N.º"),
    "subject": ("Item", "Punto"),
    "state": ("State", "Estado"),
    "answer": ("Answer", "Respuesta"),
    "weight": ("Weight", "Peso"),
    "answered": ("answered", "respondido"),
    "partly": ("in part", "en parte"),
    "open": ("open", "abierto"),
    "not_done": ("not done", "no hecho"),
    "not_applicable": ("does not apply", "no corresponde"),
    "then": ("{first}\n{last}", "{first}\n{last}"),
    "to_add": ("To add by a person: {what}", "Por añadir por una persona: {what}"),
    "to_say": ("To say by a person: {what}", "Por decir por una persona: {what}"),
    "not_shown": (
        "the run does not show it; say it, or why it does not apply.",
        "la ejecución no lo muestra; dígalo, o por qué no corresponde.",
    ),
    "do_sanity": (
        "Not done in this run. It is done by: tamiz sanity RUN",
        "No se hizo en esta ejecución. Se hace con: tamiz sanity RUN",
    ),
    "do_explain": (
        "Not done in this run. It is done by: tamiz explain RUN/model IMAGES --out RUN/explain",
        "No se hizo en esta ejecución. Se hace con: tamiz explain RUN/model IMAGES --out "
        "RUN/explain",
    ),
    "do_external": (
        "Not done in this run. It is done by: tamiz evaluate RUN --data OTHER --name NAME",
        "No se hizo en esta ejecución. Se hace con: tamiz evaluate RUN --data OTHER --name NAME",
    ),
    "do_by": (
        "Not done in this run. It is done by: tamiz evaluate RUN --by COLUMN (centre, sex, age:10)",
        "No se hizo en esta ejecución. Se hace con: tamiz evaluate RUN --by COLUMN (centre, sex, "
        "age:10)",
    ),
    "section": ("Checklists", "Listas de comprobación"),
    "section_why": (
        "Reporting checklists, prefilled as far as this run shows the answer; the files lie beside "
        "this page.",
        "Listas de comprobación para publicar, rellenadas hasta donde esta ejecución da la "
        "respuesta; los archivos están junto a esta página.",
    ),
    "list": ("Checklist", "Lista"),
    "items": ("Items", "Puntos"),
    "file": ("File", "Archivo"),
    "written": ("Checklist: {path}", "Lista de comprobación: {path}"),
}
