"""Texts of finding the images: what a source is, what was guessed, what is odd."""

TEXTS = {
    "reason_missing": (
        "line {line} of {table} names it; it is not there",
        "lo nombra la línea {line} de {table}; no está",
    ),
    "parts": (
        "the columns {columns} are taken for the part of the image that a row means",
        "las columnas {columns} se toman por la parte de la imagen que cada fila indica",
    ),
    "bad_part": (
        "column '{column}' holds '{words}'; a part of an image is x, y, width and height in whole "
        "pixels, width and height above 0",
        "la columna '{column}' contiene '{words}'; una parte de una imagen son x, y, width y "
        "height en píxeles enteros, width y height mayores que 0",
    ),
    "bad_part_fix": (
        "Mend the cell, or rename the column if it means something else",
        "Corrija la celda o cambie el nombre de la columna si significa otra cosa",
    ),
    "no_source": ("no source of images is given", "no se ha indicado de dónde salen las imágenes"),
    "no_source_fix": (
        "Name a folder, a table, DICOM files, an IDX, an npz, CIFAR's files or an archive",
        "Indique una carpeta, una tabla, archivos DICOM, un IDX, un npz, los archivos de CIFAR o "
        "un archivo comprimido",
    ),
    "is_run": (
        "this is the folder of a run, not of images",
        "esta es la carpeta de una ejecución, no de imágenes",
    ),
    "is_run_fix": (
        "Name the images that the run reads: {source}",
        "Indique las imágenes que lee la ejecución: {source}",
    ),
    "empty": ("the folder is empty", "la carpeta está vacía"),
    "empty_fix": ("Check the path", "Compruebe la ruta"),
    "none": ("nothing", "nada"),
    "nothing": (
        "no images among {n} {n:file|files} ({what})",
        "no hay imágenes entre {n} {n:archivo|archivos} ({what})",
    ),
    "nothing_fix": (
        "tamiz reads folders of JPEG, PNG, GIF, BMP, WebP, TIFF or DICOM, tables that name them, "
        "IDX, npz, CIFAR's binary files, and zip or tar archives of these",
        "tamiz lee carpetas de JPEG, PNG, GIF, BMP, WebP, TIFF o DICOM, tablas que los nombran, "
        "IDX, npz, los archivos binarios de CIFAR y archivos zip o tar de todo ello",
    ),
    "workbook": (
        "a workbook (Excel, LibreOffice, Numbers), which tamiz does not read",
        "un libro de cálculo (Excel, LibreOffice, Numbers), que tamiz no lee",
    ),
    "workbook_fix": (
        "Save its sheet as CSV and name that file",
        "Guarde la hoja como CSV e indique ese archivo",
    ),
    "foreign": (
        "photos of a kind that tamiz does not read are left out ({kinds}): {n:,}",
        "quedan fuera fotos de un tipo que tamiz no lee ({kinds}): {n:,}",
    ),
    "foreign_advice": (
        "Save them as JPEG or PNG and repeat the command",
        "Guárdelas como JPEG o PNG y repita la orden",
    ),
    "folders_closed": (
        "folders that cannot be entered, with all that lies in them, are left out: {n:,}, first "
        "'{first}'",
        "quedan fuera, con todo su contenido, carpetas en las que no se puede entrar: {n:,}, la "
        "primera '{first}'",
    ),
    "folders_closed_advice": (
        "Mend their permissions and repeat the command",
        "Corrija sus permisos y repita la orden",
    ),
    "no_image": ("no image: {reason}", "no es una imagen: {reason}"),
    "unknown_kind": (
        "its content is of no kind that is known",
        "su contenido es de un tipo desconocido",
    ),
    "no_image_fix": (
        "tamiz reads JPEG, PNG, GIF, BMP, WebP, TIFF and DICOM, and archives of these",
        "tamiz lee JPEG, PNG, GIF, BMP, WebP, TIFF y DICOM, y archivos comprimidos de ellos",
    ),
    "unreadable": ("cannot be read: {reason}", "no se puede leer: {reason}"),
    "unreadable_fix": ("Replace or repair it", "Sustitúyalo o repárelo"),
    "not_dicom": ("not DICOM, beside DICOM files", "no es DICOM, junto a archivos DICOM"),
    "line": ("line {line}", "línea {line}"),
    "bad_keep": (
        "there is no kind '{name}' to keep",
        "no existe la clase «{name}» que conservar",
    ),
    "bad_keep_fix": ("Choose from: {choices}", "Elija entre: {choices}"),
    "no_dicom_column": (
        "DICOM headers give no column '{name}'",
        "las cabeceras DICOM no dan la columna «{name}»",
    ),
    "no_dicom_column_fix": ("Choose from: {choices}", "Elija entre: {choices}"),
    "names_of_patients": (
        "the names of {n:,} of {total:,} {total:file|files} or of their folders hold names, "
        "numbers or dates of patients, which would stand in every report",
        "los nombres de {n:,} de {total:,} {total:archivo|archivos} o de sus carpetas contienen "
        "nombres, números o fechas de pacientes, que aparecerían en cada informe",
    ),
    "names_of_patients_fix": (
        "Copy them without identities: tamiz convert SOURCE --out NEW --to dicom; or allow it "
        "with --allow-names",
        "Cópielos sin identidades: tamiz convert FUENTE --out NUEVA --to dicom; o permítalo con "
        "--allow-names",
    ),
    "same_instance": (
        "the same SOP instance as another file, which is used",
        "la misma instancia SOP que otro archivo, que es el que se usa",
    ),
    "same_instances": (
        "{n:,} {n:file|files} {n:has|have} the SOP Instance UID of another file; the first of each "
        "is used",
        "{n:,} {n:archivo|archivos} {n:tiene|tienen} el SOP Instance UID de otro; se usa el "
        "primero de cada uno",
    ),
    "same_instances_advice": (
        "A UID stands for one image: see which file is the right one",
        "Un UID designa una sola imagen: compruebe qué archivo es el correcto",
    ),
    "aside_no_pixels": ("{what}: no pixels", "{what}: sin píxeles"),
    "aside_presentation_state": (
        "{what}: a presentation state, no image",
        "{what}: un estado de presentación, no una imagen",
    ),
    "aside_dose_report": ("{what}: a dose report", "{what}: un informe de dosis"),
    "aside_segmentation": (
        "{what}: a segmentation, no picture of a patient",
        "{what}: una segmentación, no una imagen de un paciente",
    ),
    "aside_parametric_map": (
        "{what}: a parametric map, computed from pictures",
        "{what}: un mapa paramétrico, calculado a partir de imágenes",
    ),
    "aside_localiser": (
        "{what}: a localiser, made to plan the others",
        "{what}: un localizador, hecho para planificar las demás",
    ),
    "aside_secondary_capture": (
        "{what}: a secondary capture (screen, scan or report)",
        "{what}: una captura secundaria (pantalla, digitalización o informe)",
    ),
    "n_aside_no_pixels": (
        "{n:,} {n:object|objects} without pixels set aside ({what})",
        "{n:,} {n:objeto|objetos} sin píxeles {n:apartado|apartados} ({what})",
    ),
    "n_aside_presentation_state": (
        "{n:,} presentation {n:state|states} set aside ({what})",
        "{n:,} {n:estado|estados} de presentación {n:apartado|apartados} ({what})",
    ),
    "n_aside_dose_report": (
        "{n:,} dose {n:report|reports} set aside ({what})",
        "{n:,} {n:informe|informes} de dosis {n:apartado|apartados} ({what})",
    ),
    "n_aside_segmentation": (
        "{n:,} {n:segmentation|segmentations} set aside ({what})",
        "{n:,} {n:segmentación apartada|segmentaciones apartadas} ({what})",
    ),
    "n_aside_parametric_map": (
        "{n:,} parametric {n:map|maps} set aside ({what})",
        "{n:,} {n:mapa paramétrico|mapas paramétricos} {n:apartado|apartados} ({what})",
    ),
    "n_aside_localiser": (
        "{n:,} {n:localiser|localisers} set aside ({what})",
        "{n:,} {n:localizador apartado|localizadores apartados} ({what})",
    ),
    "n_aside_secondary_capture": (
        "{n:,} secondary {n:capture|captures} set aside ({what})",
        "{n:,} {n:captura secundaria|capturas secundarias} {n:apartada|apartadas} ({what})",
    ),
    "aside_advice": ("Keep them with --keep {kind}", "Consérvelos con --keep {kind}"),
    "dicom_groups": (
        "{n:,} {n:frame|frames} of {n_groups:,} {n_groups:patient|patients}; all of a patient stay "
        "on one side of the split",
        "{n:,} {n:cuadro|cuadros} de {n_groups:,} {n_groups:paciente|pacientes}; todo lo de un "
        "paciente queda en un solo lado de la partición",
    ),
    "dicom_other_groups": (
        "{n:,} {n:frame|frames} in {n_groups:,} {n_groups:group|groups} ({name}); the frames of a "
        "patient may lie on both sides of the split",
        "{n:,} {n:cuadro|cuadros} en {n_groups:,} {n_groups:grupo|grupos} ({name}); los de un "
        "paciente pueden quedar en los dos lados de la partición",
    ),
    "burned_in": (
        "{n:,} {n:file|files} may have text in {n:its|their} pixels (ultrasound, secondary capture "
        "or said so)",
        "{n:,} {n:archivo|archivos} {n:puede|pueden} tener texto en sus píxeles (ecografía, "
        "captura secundaria o así lo dicen)",
    ),
    "burned_in_advice": (
        "Look at some; tamiz convert --blank X,Y,WIDTH,HEIGHT blacks a region out",
        "Mire algunos; tamiz convert --blank X,Y,ANCHO,ALTO tapa una región",
    ),
    "no_preamble": (
        "{n:,} {n:file|files} {n:has|have} no DICOM preamble; "
        "{n:it was told by its|they were told by their} first elements",
        "{n:,} {n:archivo|archivos} no {n:tiene|tienen} preámbulo DICOM; se "
        "{n:reconoció|reconocieron} por sus primeros elementos",
    ),
    "windows": ("values to grey: {words}", "valores a gris: {words}"),
    "label_table_used": (
        "labels from column '{label_column}' of the label table, by '{id_column}'",
        "etiquetas de la columna «{label_column}» de la tabla de etiquetas, por «{id_column}»",
    ),
    "label_table_column": (
        "the label table has no column '{name}' for the {role}; it has: {columns}",
        "la tabla de etiquetas no tiene columna «{name}» para {role}; tiene: {columns}",
    ),
    "label_table_column_fix": (
        "Name the patients' column with --id and the classes' with --label",
        "Indique la columna de pacientes con --id y la de clases con --label",
    ),
    "label_conflict": (
        "{n:,} {n:line|lines} of the label table contradict another line of the same patient "
        "({first})",
        "{n:,} {n:línea|líneas} de la tabla de etiquetas {n:contradice|contradicen} a otra del "
        "mismo paciente ({first})",
    ),
    "label_conflict_fix": (
        "Decide which is right and correct the table",
        "Decida cuál es la correcta y corrija la tabla",
    ),
    "label_conflict_line": ("lines {line} and {again}", "líneas {line} y {again}"),
    "label_table_fits_nothing": (
        "not one of {n:,} {n:row|rows} of the label table names a patient of the {total:,} "
        "{total:image|images}",
        "ninguna de {n:,} {n:fila|filas} de la tabla de etiquetas nombra a un paciente de "
        "{total:la|las} {total:,} {total:imagen|imágenes}",
    ),
    "label_table_fits_nothing_fix": (
        "Check --id; when identities were replaced, give the key they were replaced with (--key); "
        "or cut the id from the file's name with --id-from-name",
        "Compruebe --id; si las identidades se reemplazaron, indique la clave con que se hizo "
        "(--key); o tome el id del nombre del archivo con --id-from-name",
    ),
    "no_patient_of_file": (
        "nothing says which patient an image is of",
        "nada dice de qué paciente es cada imagen",
    ),
    "no_patient_of_file_fix": (
        "Cut it from the file's name with --id-from-name 'REGEX', or name the group",
        "Tómelo del nombre del archivo con --id-from-name 'REGEX', o indique el grupo",
    ),
    "rows_without_file": (
        "{n:,} of {total:,} {total:row|rows} of the label table fit no image",
        "{n:,} de {total:,} {total:fila|filas} de la tabla de etiquetas no "
        "{n:corresponde|corresponden} a ninguna imagen",
    ),
    "files_without_row": (
        "{n:,} of {total:,} {total:image|images} {n:has|have} no label in the table and {n:is|are} "
        "left out",
        "{n:,} de {total:,} {total:imagen|imágenes} no {n:tiene|tienen} etiqueta en la tabla y se "
        "{n:deja|dejan} fuera",
    ),
    "unused": ("not used: no row names it", "no se usa: ninguna fila lo nombra"),
    "system_file": ("a file of the operating system", "un archivo del sistema operativo"),
    "hidden": ("hidden: its name begins with a dot", "oculto: su nombre empieza por un punto"),
    "not_an_image": (
        "not an image of a kind that tamiz reads",
        "no es una imagen de un tipo que tamiz lea",
    ),
    "not_an_image_but": (
        "not an image: the content is {kind}",
        "no es una imagen: el contenido es {kind}",
    ),
    "folder_closed": (
        "the folder cannot be entered ({reason})",
        "no se puede entrar en la carpeta ({reason})",
    ),
    "link_again": (
        "a link to a folder that is visited already",
        "un enlace a una carpeta ya visitada",
    ),
    "link_loop": ("a link that leads in circles", "un enlace que da vueltas sobre sí mismo"),
    "link_dangling": (
        "a link to something that does not exist",
        "un enlace a algo que no existe",
    ),
    "link_outside": (
        "a link that leads out of the source (allow_outside follows it)",
        "un enlace que sale de la fuente (con allow_outside se sigue)",
    ),
    "link_to_known": ("a link to {other}", "un enlace a {other}"),
    "bad_pattern": (
        "not a regular expression: {reason}",
        "no es una expresión regular: {reason}",
    ),
    "bad_pattern_fix": (
        "Write one with the wanted part in parentheses, such as '_(\\d)[LR]\\.png'",
        "Escriba una con la parte deseada entre paréntesis, como '_(\\d)[LR]\\.png'",
    ),
    "passed_through": (
        "everything lies in the folder '{folder}'; the folders below it are read as classes or "
        "splits",
        "todo está dentro de la carpeta '{folder}'; las carpetas de debajo se leen como clases o "
        "particiones",
    ),
    "beside_splits": (
        "outside the folders of the given split ({folders})",
        "fuera de las carpetas de la partición dada ({folders})",
    ),
    "strays": (
        "{n:,} {n:image|images} {n:lies|lie} beside the folders of the given split ({folders}) and "
        "{n:is|are} left out: {names}",
        "{n:,} {n:imagen|imágenes} {n:está|están} fuera de las carpetas de la partición dada "
        "({folders}) y se {n:excluye|excluyen}: {names}",
    ),
    "strays_advice": (
        "Move them into one of these folders if they belong to the set, or out of the source if "
        "they do not",
        "Muévalas a una de esas carpetas si pertenecen al conjunto, o sáquelas de la fuente si no",
    ),
    "run_folders": (
        "{n} {n:folder|folders} {n:is a run|are runs} of tamiz itself and {n:is|are} not looked "
        "into, first '{first}'",
        "{n} {n:carpeta|carpetas} {n:es una ejecución|son ejecuciones} del propio tamiz y no se "
        "{n:mira|miran}; la primera es '{first}'",
    ),
    "ignored_by_files": (
        "{options} cannot be used here: the source is read as '{kind}', and there is no table",
        "{options} no se puede usar aquí: la fuente se lee como '{kind}' y no hay ninguna tabla",
    ),
    "ignored_by_files_fix": (
        "Name a table (CSV, TSV, Parquet) that has these columns as the source, take them from "
        "the files' names (--label-from-name, --group-from-name), or leave the option out",
        "Indique como fuente una tabla (CSV, TSV, Parquet) con esas columnas, tómelas del nombre "
        "de los archivos (--label-from-name, --group-from-name) u omita la opción",
    ),
    "ignored_by_arrays": (
        "{options} cannot be used here: the source is read as '{kind}', whose images have "
        "neither names nor columns",
        "{options} no se puede usar aquí: la fuente se lee como '{kind}', cuyas imágenes no "
        "tienen nombre ni columnas",
    ),
    "ignored_by_arrays_fix": (
        "Leave the option out (labels come from the file or array of labels); to say groups, "
        "save the images as files and name them in a table",
        "Omita la opción (las etiquetas salen de su propio archivo o matriz); para indicar "
        "grupos, guarde las imágenes como archivos y nómbrelas en una tabla",
    ),
    "two_ways": (
        "--{role} and --{role}-from-name are given together",
        "se han dado a la vez --{role} y --{role}-from-name",
    ),
    "two_ways_fix": ("Give one of them", "Dé solo una de las dos"),
    "group_unused": (
        "the column '{column}' ({n:,} {n:value|values}) looks like one of patients or groups and "
        "is not used: the split may tear its images apart",
        "la columna '{column}' ({n:,} {n:valor|valores}) parece de pacientes o grupos y no se usa: "
        "la partición puede separar sus imágenes",
    ),
    "group_unused_advice": (
        "If its images belong together, name it: --group COLUMN",
        "Si sus imágenes van juntas, indíquela: --group COLUMNA",
    ),
    "no_match_label": (
        "no class in {n:,} of {total:,} {total:name|names} (label_from_name = {pattern}): "
        "unlabelled",
        "sin clase en {n:,} de {total:,} {total:nombre|nombres} (label_from_name = {pattern}): sin "
        "etiqueta",
    ),
    "no_match_group": (
        "no group in {n:,} of {total:,} {total:name|names} (group_from_name = {pattern}): each "
        "stands alone",
        "sin grupo en {n:,} de {total:,} {total:nombre|nombres} (group_from_name = {pattern}): "
        "cada imagen cuenta por separado",
    ),
    "empty_folders": (
        "{n} {n:folder|folders} {n:holds|hold} no image, first '{first}'",
        "{n} {n:carpeta|carpetas} no {n:contiene|contienen} ninguna imagen; la primera es "
        "'{first}'",
    ),
    "case_twins": (
        "{n} {n:pair|pairs} of names {n:differs|differ} only in capitals or in how accents are "
        "written",
        "{n} {n:pareja|parejas} de nombres solo {n:difiere|difieren} en mayúsculas o en cómo se "
        "escriben los acentos",
    ),
    "case_twins_advice": (
        "On Windows and macOS one of each overwrites the other; rename them",
        "En Windows y macOS uno sobrescribe al otro; cambie los nombres",
    ),
    "labels_file": ("the labels of the images", "las etiquetas de las imágenes"),
    "the_table": ("the table itself", "la propia tabla"),
    "no_row": ("no row of the table names it", "ninguna fila de la tabla lo nombra"),
    "unused_array": (
        "an array that is named neither as images nor as their labels",
        "una matriz cuyo nombre no indica ni imágenes ni sus etiquetas",
    ),
    "unequal": (
        "{n_images:,} {n_images:image|images} but {n_labels:,} {n_labels:label|labels}",
        "{n_images:,} {n_images:imagen|imágenes} pero {n_labels:,} {n_labels:etiqueta|etiquetas}",
    ),
    "unequal_fix": (
        "Pair each file of images with its own labels",
        "Empareje cada archivo de imágenes con sus propias etiquetas",
    ),
    "not_one_npz": (
        "{n} npz {n:file|files} where one is expected",
        "{n} {n:archivo|archivos} npz donde se espera uno",
    ),
    "not_one_npz_fix": ("Name the one to use", "Indique cuál usar"),
    "no_image_arrays": (
        "no array is named as images (it holds {names})",
        "ninguna matriz tiene nombre de imágenes (contiene {names})",
    ),
    "no_image_arrays_fix": (
        "Name them train_images and train_labels, or images and labels, or x and y",
        "Llámelas train_images y train_labels, o images y labels, o x e y",
    ),
    "several_labels": (
        "the labels are an array of {shape}, neither one per image nor a column of 0 and 1 for "
        "each label",
        "las etiquetas son una matriz de {shape}: ni una por imagen ni una columna de 0 y 1 por "
        "cada etiqueta",
    ),
    "several_labels_fix": (
        "Give one label per image, or (images, labels) of 0 and 1 in every part",
        "Dé una etiqueta por imagen, o (imágenes, etiquetas) de 0 y 1 en todas las partes",
    ),
    "fraction_labels": (
        "the labels are fractions, not classes",
        "las etiquetas son fracciones, no clases",
    ),
    "fraction_labels_fix": (
        "Give whole numbers or words",
        "Dé números enteros o palabras",
    ),
    "table_read": (
        "the table is read as {encoding}, cells separated by '{separator}', {n:,} {n:row|rows}",
        "la tabla se lee como {encoding}, con celdas separadas por '{separator}' y {n:,} "
        "{n:fila|filas}",
    ),
    "parquet_read": (
        "the Parquet table has {n:,} {n:row|rows}",
        "la tabla Parquet tiene {n:,} {n:fila|filas}",
    ),
    "is_described": (
        "this table holds numbers that describe images (tamiz describe); it is no table of images",
        "esta tabla tiene números que describen imágenes (tamiz describe); no es una tabla de "
        "imágenes",
    ),
    "is_described_fix": (
        "Name the images themselves: their folder, or the table that tamiz describe was given",
        "Indique las imágenes mismas: su carpeta, o la tabla que se dio a tamiz describe",
    ),
    "empty_table": ("the table is empty", "la tabla está vacía"),
    "empty_table_fix": (
        "It needs a line of column names and a line per image",
        "Necesita una línea con los nombres de las columnas y una línea por imagen",
    ),
    "not_a_table": (
        "this is no table of text (it holds zero bytes)",
        "no es una tabla de texto (contiene bytes nulos)",
    ),
    "not_a_table_fix": (
        "Save it as CSV, TSV or Parquet; name its encoding if it has an unusual one: --set "
        "data.encoding=utf-16",
        "Guárdela como CSV, TSV o Parquet; si su codificación es inusual, indíquela: --set "
        "data.encoding=utf-16",
    ),
    "bad_encoding": (
        "the table is not {encoding} ({reason})",
        "la tabla no es {encoding} ({reason})",
    ),
    "bad_encoding_fix": (
        "Leave data.encoding out, or name the right one",
        "Omita data.encoding o indique la correcta",
    ),
    "broken_row": ("the row cannot be read: {reason}", "la fila no se puede leer: {reason}"),
    "broken_row_fix": (
        "Look for a quotation mark that is opened and not closed",
        "Busque unas comillas que se abren y no se cierran",
    ),
    "ragged": (
        "{n} {n:row|rows} {n:has|have} more or fewer cells than the header; the first has "
        "{n_cells} instead of {wanted}",
        "{n} {n:fila|filas} {n:tiene|tienen} más o menos celdas que la cabecera; la primera tiene "
        "{n_cells} en vez de {wanted}",
    ),
    "ragged_fix": (
        "Put cells that hold the separator in quotation marks, or name another separator: --set "
        "data.separator=;",
        "Ponga entre comillas las celdas que contienen el separador o indique otro: --set "
        "data.separator=;",
    ),
    "ragged_line": (
        "line {line}: {n} {n:cell|cells} instead of {wanted}",
        "línea {line}: {n} {n:celda|celdas} en vez de {wanted}",
    ),
    "several_tables": (
        "several tables could be meant: {names}",
        "hay varias tablas posibles: {names}",
    ),
    "several_tables_fix": ("Name the one to use", "Indique cuál usar"),
    "no_table": ("no table is here", "aquí no hay ninguna tabla"),
    "no_table_fix": ("Name a CSV, TSV or Parquet file", "Indique un archivo CSV, TSV o Parquet"),
    "no_such_column": (
        "there is no column '{name}' for data.{role}{suggestion}",
        "no hay ninguna columna '{name}' para data.{role}{suggestion}",
    ),
    "no_such_column_fix": ("The columns are: {columns}", "Las columnas son: {columns}"),
    "no_path_column": (
        "no column of this table is known to name the files (its columns: {columns})",
        "ninguna columna de esta tabla parece nombrar los archivos (columnas: {columns})",
    ),
    "no_path_column_fix": (
        'Say which one does, or how a name is made: --path filename, or --path "{{image_id}}.tif"',
        "Indique cuál lo hace o cómo se forma el nombre: --path archivo, o --path "
        '"{{image_id}}.tif"',
    ),
    "bad_template": (
        "the braces of '{template}' do not match",
        "las llaves de '{template}' no casan",
    ),
    "bad_template_fix": (
        'Write a column\'s name in braces: "{{image_id}}.tif"',
        'Escriba el nombre de una columna entre llaves: "{{image_id}}.tif"',
    ),
    "guessed_path": (
        "the column '{column}' is taken for the files' names (--path says otherwise)",
        "la columna '{column}' se toma por el nombre de los archivos (se cambia con --path)",
    ),
    "guessed_label": (
        "the column '{column}' is taken for the label (--label says otherwise)",
        "la columna '{column}' se toma por la etiqueta (se cambia con --label)",
    ),
    "guessed_group": (
        "the column '{column}' is taken for the group: its images stay together in the split "
        "(--group says otherwise)",
        "la columna '{column}' se toma por el grupo: sus imágenes no se separan en la partición "
        "(se cambia con --group)",
    ),
    "guessed_centre": (
        "the column '{column}' is taken for the centre (--centre says otherwise)",
        "la columna '{column}' se toma por el centro (se cambia con --centre)",
    ),
    "guessed_split": (
        "the column '{column}' is taken for the given split (--set data.split says otherwise)",
        "la columna '{column}' se toma por la partición dada (se cambia con --set data.split)",
    ),
    "no_label_column": (
        "no column is known to hold the label; --label names one of: {columns}",
        "ninguna columna parece contener la etiqueta; --label nombra una de: {columns}",
    ),
    "matched_by_name": (
        "the {n:file|files} of {n:,} {n:row|rows} {n:was|were} found by {n:its|their} name alone, "
        "in {n:a folder|folders} that the table does not say",
        "{n:el archivo|los archivos} de {n:,} {n:fila|filas} se {n:encontró|encontraron} solo por "
        "su nombre, en {n:una carpeta|carpetas} que la tabla no indica",
    ),
    "matched_by_stem": (
        "the {n:file|files} of {n:,} {n:row|rows} {n:was|were} found by {n:its|their} name without "
        "its suffix",
        "{n:el archivo|los archivos} de {n:,} {n:fila|filas} se {n:encontró|encontraron} por su "
        "nombre sin la extensión",
    ),
    "missing": (
        "{n:,} of {total:,} {total:row|rows} {n:names|name} a file that is not there, the first: "
        "{first}",
        "{n:,} de {total:,} {total:fila|filas} {n:nombra|nombran} un archivo que no existe; el "
        "primero: {first}",
    ),
    "missing_fix": (
        "Add the files, or go on without these rows: --set data.missing_files=leave-out",
        "Añada los archivos o siga sin esas filas: --set data.missing_files=leave-out",
    ),
    "all_missing": (
        "not one of the {total:,} {total:file|files} that the table names lies in {root}; the "
        "first: {first}",
        "ninguno de los {total:,} {total:archivo|archivos} que nombra la tabla está en {root}; el "
        "primero: {first}",
    ),
    "all_missing_fix": (
        "Say where the files lie and how their names are made: --root FOLDER --path "
        '"{{image_id}}.tif"',
        "Indique dónde están y cómo se forman sus nombres: --root CARPETA --path "
        '"{{image_id}}.tif"',
    ),
    "missing_line": ("line {line}: {path}", "línea {line}: {path}"),
    "missing_left_out": (
        "{n:,} of {total:,} {total:row|rows} {n:names|name} a file that is not there and "
        "{n:is|are} left out",
        "{n:,} de {total:,} {total:fila|filas} {n:nombra|nombran} un archivo que no existe y "
        "{n:queda|quedan} fuera",
    ),
    "merged": (
        "{n:,} {n:row|rows} {n:names|name} a file that an earlier row names with the same label; "
        "{n:it counts|they count} once",
        "{n:,} {n:fila|filas} {n:nombra|nombran} un archivo ya nombrado antes con la misma "
        "etiqueta; {n:cuenta|cuentan} una vez",
    ),
    "merged_groups": (
        "{n:,} {n:row|rows} {n:names|name} a file that an earlier row names for another group; the "
        "first counts",
        "{n:,} {n:fila|filas} {n:nombra|nombran} un archivo que una fila anterior da a otro grupo; "
        "vale la primera",
    ),
    "conflict": (
        "{n:,} {n:file|files} {n:stands|stand} in the table twice with different labels or splits: "
        "{first}",
        "{n:,} {n:archivo|archivos} {n:figura|figuran} dos veces en la tabla con etiquetas o "
        "particiones distintas: {first}",
    ),
    "conflict_fix": (
        "Correct the table; where an image may have several labels, add --repeated labels",
        "Corrija la tabla; si una imagen puede tener varias etiquetas, añada --repeated labels",
    ),
    "merged_line": ("{path}, lines {line} and {again}", "{path}, líneas {line} y {again}"),
    "conflict_line": (
        "{path}, lines {line} and {again}: {said}",
        "{path}, líneas {line} y {again}: {said}",
    ),
    "outside": (
        "{n:,} {n:row|rows} {n:leads|lead} out of the folder of the files, the first: {first}",
        "{n:,} {n:fila|filas} {n:sale|salen} de la carpeta de los archivos; la primera: {first}",
    ),
    "outside_fix": (
        "Give paths inside it, or allow this: --set data.allow_outside=true",
        "Dé rutas de su interior o permítalo: --set data.allow_outside=true",
    ),
}
