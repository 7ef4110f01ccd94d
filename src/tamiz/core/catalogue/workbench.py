"""Texts of the workbench, `tamiz serve --workbench`."""

TEXTS = {
    # pages
    "page_explore": ("Explore", "Explorar"),
    "page_review": ("Review", "Revisar"),
    "page_recipe": ("Plan and recipe", "Plan y receta"),
    "page_train": ("Train", "Entrenar"),
    "page_compare": ("Compare", "Comparar"),
    "page_lab": ("Lab", "Laboratorio"),
    "page_slides": ("Slides", "Laminillas"),
    # errors
    "runs_no_folder": ("the place for runs is a file", "el lugar para las corridas es un archivo"),
    "runs_no_folder_fix": ("Name a folder with --runs", "Indique una carpeta con --runs"),
    "bad_name": (
        "a run cannot have this name",
        "una corrida no puede llamarse así",
    ),
    "bad_name_fix": (
        "Use letters without accents, digits, '-', '_' and '.', beginning with a letter or digit",
        "Use letras sin acento, cifras, '-', '_' y '.', y empiece por letra o cifra",
    ),
    "run_exists": ("there is a run of this name", "ya hay una corrida con este nombre"),
    "run_exists_fix": (
        "Choose another name, or go on with that run below",
        "Elija otro nombre o siga con esa corrida más abajo",
    ),
    "busy": ("tamiz is at work in this folder already", "tamiz ya trabaja en esta carpeta"),
    "busy_fix": ("Wait until it is done, or stop it", "Espere a que termine o deténgalo"),
    "not_begun": ("the run did not begin: {said}", "la corrida no empezó: {said}"),
    "not_begun_fix": (
        "Mend that and start it again",
        "Corríjalo y vuelva a empezar",
    ),
    # what pages share
    "run": ("Run", "Corrida"),
    "stages": ("Stages", "Etapas"),
    "stage_index": ("find files", "hallar archivos"),
    "stage_check": ("check", "comprobar"),
    "stage_explore": ("explore", "explorar"),
    "stage_clean": ("clean", "limpiar"),
    "stage_audit": ("audit", "auditar"),
    "stage_split": ("split", "dividir"),
    "stage_plan": ("plan", "planear"),
    "stage_train": ("train", "entrenar"),
    "stage_evaluate": ("evaluate", "evaluar"),
    "stage_report": ("report", "informe"),
    "stop": ("Stop", "Detener"),
    "stopping": ("Stopping…", "Deteniendo…"),
    "resume": ("Go on", "Seguir"),
    "ended_badly": (
        "The process ended without saying why",
        "El proceso terminó sin decir por qué",
    ),
    "any": ("all", "todas"),
    # looking
    "no_look": ("Nobody has looked at these data yet", "Nadie ha mirado aún estos datos"),
    "no_look_advice": (
        "One look reads every image once: sizes, colours, classes, copies, doubtful labels and "
        "leaks. Nothing is changed.",
        "Una mirada lee cada imagen una vez: tamaños, colores, clases, copias, etiquetas dudosas "
        "y fugas. No cambia nada.",
    ),
    "look": ("Look at the data", "Mirar los datos"),
    "look_again": ("Look again", "Mirar otra vez"),
    "looking": (
        "You may close this page; the work goes on.",
        "Puede cerrar esta página; el trabajo sigue.",
    ),
    "look_failed": (
        "Mend that and look again. How files are found is set under Plan and recipe, data",
        "Corríjalo y mire otra vez. Cómo se hallan los archivos se ajusta en Plan y receta, data",
    ),
    # explore
    "explore_title": ("What the data are", "Cómo son los datos"),
    "explore_lead": (
        "Every image by class, fate and suspicion, and the reports on them.",
        "Cada imagen por clase, destino y sospecha, y los informes sobre ellas.",
    ),
    "view": ("View", "Vista"),
    "view_images": ("Images", "Imágenes"),
    "view_explore": ("Report", "Informe"),
    "view_clean": ("Suspicions", "Sospechas"),
    "view_audit": ("Leaks and shortcuts", "Fugas y atajos"),
    "view_check": ("Files", "Archivos"),
    "view_index": ("Labels", "Etiquetas"),
    "section": ("Section", "Sección"),
    "all_sections": ("All sections", "Todas las secciones"),
    "class": ("Class", "Clase"),
    "fate": ("Fate", "Destino"),
    "problem": ("Suspicion", "Sospecha"),
    "in_play": ("in play", "en juego"),
    "n_found": ("{n:,} of {all:,} {all:image|images}", "{n:,} de {all:,} {all:imagen|imágenes}"),
    "none_found": ("No image is like that", "Ninguna imagen es así"),
    "none_found_advice": ("Choose less in one of the filters.", "Elija menos en algún filtro."),
    "page": ("Page (of {all})", "Página (de {all})"),
    # train
    "train_title": ("Train and watch", "Entrenar y observar"),
    "train_lead": (
        "A run goes all the way from files to an honest figure, in a process of its own: it goes "
        "on when this page is closed.",
        "Una corrida va de los archivos a una cifra honesta, en un proceso propio: sigue aunque "
        "se cierre esta página.",
    ),
    "no_runs": ("There are no runs yet", "Aún no hay corridas"),
    "no_runs_advice": (
        "Start one above. The plan chooses network, size and learning rate from the data unless "
        "you choose them under Plan and recipe.",
        "Empiece una arriba. El plan elige red, tamaño y tasa según los datos, salvo que usted "
        "los elija en Plan y receta.",
    ),
    "new_run": ("New run", "Corrida nueva"),
    "name": ("Name", "Nombre"),
    "minutes": (
        "Minutes to train within (0: as planned)",
        "Minutos de entrenamiento (0: según el plan)",
    ),
    "minutes_help": (
        "With a time the plan measures this machine and tries ways of training on the validation "
        "part.",
        "Con un tiempo, el plan mide esta máquina y prueba formas de entrenar en la parte de "
        "validación.",
    ),
    "use_recipe": ("With my recipe", "Con mi receta"),
    "use_decisions": ("With my decisions from the review", "Con mis decisiones de la revisión"),
    "start": ("Start", "Empezar"),
    "failed_advice": (
        "Mend that and go on: what was done is not done again",
        "Corríjalo y siga: lo hecho no se repite",
    ),
    "is_stopped": ("This run is stopped", "Esta corrida está detenida"),
    "is_stopped_advice": (
        "It goes on from where it was, with the same result as if it had never stopped",
        "Sigue desde donde estaba, con el mismo resultado que sin parar",
    ),
    "epoch": ("Epoch {n} of {all}", "Época {n} de {all}"),
    "best_epoch": (
        "Best so far: epoch {epoch}, validation loss {loss:.3f}",
        "La mejor hasta ahora: época {epoch}, pérdida de validación {loss:.3f}",
    ),
    "before_epochs": (
        "The curves appear with the first epoch.",
        "Las curvas aparecen con la primera época.",
    ),
    "notes": ("Remarks ({n})", "Observaciones ({n})"),
    "result": ("Result", "Resultado"),
    "download_report": ("Download the report", "Descargar el informe"),
    # review
    "review_title": ("Decide on what is suspected", "Decidir sobre lo sospechoso"),
    "review_lead": (
        "Copies, doubtful labels, bad images: look and say. Your decisions are kept in a file of "
        "their own; no image is touched.",
        "Copias, etiquetas dudosas, imágenes malas: mire y diga. Sus decisiones se guardan en un "
        "archivo propio; no se toca ninguna imagen.",
    ),
    "no_cases": ("Nothing is suspected", "No hay sospechas"),
    "no_cases_advice": (
        "The checks found no copies, no doubtful labels and no bad images.",
        "Las comprobaciones no hallaron copias, etiquetas dudosas ni imágenes malas.",
    ),
    "n_decided": (
        "{n:,} of {all:,} {all:case|cases} decided",
        "{n:,} de {all:,} {all:caso decidido|casos decididos}",
    ),
    "only_open": ("Only open cases", "Solo casos abiertos"),
    "queue_done": ("All decided", "Todo decidido"),
    "queue_done_advice": (
        "The next run takes your decisions along: see Train.",
        "La próxima corrida llevará sus decisiones: vea Entrenar.",
    ),
    "case": ("Case {n:,} of {all:,}: {finding}", "Caso {n:,} de {all:,}: {finding}"),
    "case_many": (
        "These images show nearly the same. Kept together, they stay on one side of the split.",
        "Estas imágenes muestran casi lo mismo. Si se quedan, van al mismo lado de la división.",
    ),
    "case_one": ("Is this image right?", "¿Está bien esta imagen?"),
    "more_members": (
        "{n:,} more {n:image|images} of this case {n:is|are} not drawn; what you choose for all "
        "holds for {n:it|them}.",
        "{n:Otra|Otras} {n:,} {n:imagen|imágenes} de este caso no se {n:dibuja|dibujan}; lo que "
        "elija para todas vale también.",
    ),
    "decision": ("Decision", "Decisión"),
    "word_keep": ("Keep", "Conservar"),
    "word_leave_out": ("Leave out", "Excluir"),
    "label": ("Label", "Etiqueta"),
    "same_label": ("as it is", "la que tiene"),
    "take_label": ("none", "ninguna"),
    "do_save": ("Save", "Guardar"),
    "do_keep_all": ("Keep all", "Conservar"),
    "do_out_all": ("Leave out", "Excluir"),
    "do_undo": ("Undo", "Deshacer"),
    "do_back": ("Back", "Atrás"),
    "do_next": ("Next", "Siguiente"),
    "keys": (
        "Keys: S save, K keep all, X leave all out, U undo, B back, N next",
        "Teclas: S guardar, K conservar todas, X excluir todas, U deshacer, B atrás, N siguiente",
    ),
    "decisions_saved": ("Saved in {path}", "Guardado en {path}"),
    "download_decisions": ("Download decisions.csv", "Descargar decisions.csv"),
    # plan and recipe
    "recipe_title": ("Plan and recipe", "Plan y receta"),
    "recipe_lead": (
        "Every choice of the next run, with its reason. Fill in only what you want otherwise; the "
        "plan decides the rest.",
        "Cada decisión de la próxima corrida, con su razón. Llene solo lo que quiera distinto; el "
        "plan decide lo demás.",
    ),
    "no_plan": ("There is no plan yet", "Aún no hay plan"),
    "no_plan_advice": (
        "The plan looks at the data and this machine and chooses network, size and learning rate, "
        "each with a reason.",
        "El plan mira los datos y esta máquina y elige red, tamaño y tasa, cada cosa con su razón.",
    ),
    "make_plan": ("Make a plan", "Hacer un plan"),
    "plan_again": ("Plan again", "Planear otra vez"),
    "plan_reasons": ("The plan and its reasons", "El plan y sus razones"),
    "first_page": ("the first dozen", "lo esencial"),
    "save_recipe": ("Save", "Guardar"),
    "recipe_saved": ("Saved; the next run follows it", "Guardada; la próxima corrida la sigue"),
    "why": ("Plan: {why}", "Plan: {why}"),
    "limits": ("{low} to {high}", "de {low} a {high}"),
    "default": ("default: {value}", "por omisión: {value}"),
    "nothing_chosen": (
        "You have chosen nothing: the plan decides everything.",
        "No ha elegido nada: el plan lo decide todo.",
    ),
    "chosen": ("Chosen by you (●), kept in {path}", "Elegido por usted (●), guardado en {path}"),
    "download_recipe": ("Download the whole recipe", "Descargar la receta completa"),
    "drop_recipe": ("Put this recipe aside", "Apartar esta receta"),
    # compare
    "compare_title": ("What each step was worth", "Qué valió cada paso"),
    "compare_lead": (
        "Runs on the same images side by side, with paired differences.",
        "Corridas sobre las mismas imágenes, lado a lado, con diferencias pareadas.",
    ),
    "no_finished": ("There is no finished run yet", "Aún no hay corridas terminadas"),
    "no_finished_advice": (
        "Finish one under Train, then change one thing and train again.",
        "Termine una en Entrenar; luego cambie una cosa y entrene otra vez.",
    ),
    "none_chosen": ("No run is chosen", "No se eligió ninguna corrida"),
    "none_chosen_advice": ("Choose runs above.", "Elija corridas arriba."),
    "runs": ("Runs", "Corridas"),
    "order": ("Order", "Orden"),
    "order_time": ("by time", "por fecha"),
    "order_score": ("by validation", "por validación"),
    # lab
    "lab_title": ("Lab", "Laboratorio"),
    "lab_lead": (
        "See what a network does, number by number.",
        "Vea qué hace una red, número por número.",
    ),
    "lab_convolution": ("Convolution", "Convolución"),
    "lab_filters": ("Filters", "Filtros"),
    "lab_features": ("Feature maps", "Mapas de características"),
    "kernel": ("Kernel", "Núcleo"),
    "padding": ("Padding", "Relleno"),
    "padding_valid": ("none (valid)", "ninguno (valid)"),
    "padding_same": ("zeros, same size (same)", "ceros, mismo tamaño (same)"),
    "padding_2": ("2 rows of zeros", "2 filas de ceros"),
    "stride": ("Stride", "Paso"),
    "own_numbers": ("Other numbers", "Otros números"),
    "input": ("Input: rows of numbers", "Entrada: filas de números"),
    "own_kernel": ("A kernel of your own", "Un núcleo propio"),
    "play": ("Slide by itself", "Deslizar solo"),
    "place": ("Place {n} of {all}", "Lugar {n} de {all}"),
    "place_of": ("Place (of {all})", "Lugar (de {all})"),
    "size_of_result": (
        "Size of the result: {down} down, {across} across",
        "Tamaño del resultado: {down} hacia abajo, {across} a lo ancho",
    ),
    "large_grid": ("the grid is too large to follow", "la cuadrícula es demasiado grande"),
    "large_grid_fix": (
        "Use at most {most} {most:row|rows} and columns, zeros included",
        "Use {most} {most:fila|filas} y columnas como máximo, ceros incluidos",
    ),
    "in_grey": ("In grey", "En gris"),
    "own_picture": ("A picture of your own", "Una imagen propia"),
    "no_picture": ("There is no picture yet", "Aún no hay imagen"),
    "no_picture_advice": (
        "Upload one, or look at the data under Explore first.",
        "Suba una, o mire antes los datos en Explorar.",
    ),
    "no_models": ("There is no trained network yet", "Aún no hay una red entrenada"),
    "no_models_advice": ("Train one under Train.", "Entrene una en Entrenar."),
    "layers": ("Layers", "Capas"),
    "image_number": ("Image of the data", "Imagen de los datos"),
    "at_work": ("at work", "trabajando"),
    "details": ("Details ({n})", "Detalles ({n})"),
    # slides
    "slides_title": ("Slide viewer", "Visor de laminillas"),
    "slides_lead": (
        "Drag, turn the wheel, or use the arrow keys, + and -; tiles are read as you go.",
        "Arrastre, gire la rueda o use las flechas, + y -; las teselas se leen al paso.",
    ),
    "no_slides": ("There are no slides in these data", "No hay laminillas en estos datos"),
    "no_slides_advice": (
        "The viewer opens TIFF, SVS, NDPI, MRXS, SCN, BIF and DICOM slides.",
        "El visor abre laminillas TIFF, SVS, NDPI, MRXS, SCN, BIF y DICOM.",
    ),
    "slide": ("Slide", "Laminilla"),
    "heat": ("Heatmap", "Mapa de calor"),
    "no_heat": ("none", "ninguno"),
    "no_heat_table": ("no table of explain", "no es una tabla de explain"),
    "is_part": (
        "This run was asked to go part of the way only",
        "A esta corrida solo se le pidió una parte del camino",
    ),
    "is_part_advice": (
        "Start a new run above to get a model and its figures",
        "Empiece una corrida nueva arriba para tener un modelo y sus cifras",
    ),
    "slide_facts": (
        "{width:,} × {height:,} {height:pixel|pixels}, {um:g} µm per pixel",
        "{width:,} × {height:,} {height:píxel|píxeles}, {um:g} µm por píxel",
    ),
    "slide_facts_bare": (
        "{width:,} × {height:,} {height:pixel|pixels}, of unknown size",
        "{width:,} × {height:,} {height:píxel|píxeles}, de tamaño desconocido",
    ),
    "make_heat": (
        "There is no heatmap of this slide. One is made by: {command}",
        "No hay mapa de calor de esta laminilla. Se hace con: {command}",
    ),
    "zoom_in": ("Enlarge", "Acercar"),
    "zoom_out": ("Shrink", "Alejar"),
    "whole_slide": ("The whole slide", "La laminilla entera"),
    "strength": ("Heatmap", "Mapa de calor"),
    "viewer_keys": (
        "Slide; arrow keys move it, + and - zoom, 0 shows the whole",
        "Laminilla; las flechas la mueven, + y - acercan y alejan, 0 muestra todo",
    ),
}
