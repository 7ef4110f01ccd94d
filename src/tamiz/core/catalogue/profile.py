"""Texts of the profile of a table: its columns, labels, associations and findings."""

_TOP = {
    f"top_{k}": (
        " · ".join(f"{{v{i}}}: {{n{i}:,}}\u00a0({{p{i}:.1f}}\u00a0%)" for i in range(1, k + 1)),
        " · ".join(f"{{v{i}}}: {{n{i}:,}}\u00a0({{p{i}:.1f}}\u00a0%)" for i in range(1, k + 1)),
    )
    for k in range(1, 11)
}

TEXTS = {
    **_TOP,
    # errors
    "no_such_column": (
        "there is no column '{name}' to be classed",
        "no existe la columna '{name}' que se quiere clasificar",
    ),
    "no_such_column_fix": ("The columns are: {columns}", "Las columnas son: {columns}"),
    "no_such_kind": (
        "'{kind}' is no class of a column ('{name}')",
        "'{kind}' no es una clase de columna ('{name}')",
    ),
    "no_such_kind_fix": (
        "Choose one of: {kinds}, identifier",
        "Elija una de: {kinds}, identifier",
    ),
    # how a column is stored
    "storage_text": ("text", "texto"),
    "storage_integer": ("integer", "entero"),
    "storage_decimal": ("decimal", "decimal"),
    "storage_date": ("date", "fecha"),
    "storage_yes_no": ("yes / no", "sí / no"),
    "storage_list": ("list", "lista"),
    "storage_mixed": ("mixed", "mezcla"),
    "storage_empty": ("empty", "vacía"),
    # what it is
    "kind_nominal": ("qualitative, nominal", "cualitativa nominal"),
    "kind_identifier": ("qualitative, nominal: identifier", "cualitativa nominal: identificador"),
    "kind_ordinal": ("qualitative, ordinal", "cualitativa ordinal"),
    "kind_discrete": ("quantitative, discrete", "cuantitativa discreta"),
    "kind_continuous": ("quantitative, continuous", "cuantitativa continua"),
    # and why
    "reason_empty": ("it holds no value", "no contiene ningún valor"),
    "reason_path": (
        "it names each row's file; kept as text",
        "nombra el archivo de cada fila; se conserva como texto",
    ),
    "reason_group": (
        "it names the group (patient) of each row; kept as text",
        "nombra el grupo (paciente) de cada fila; se conserva como texto",
    ),
    "reason_label": ("it holds the labels", "contiene las etiquetas"),
    "reason_centre": (
        "it names centres: their numbers have no order",
        "nombra centros: sus números no tienen orden",
    ),
    "reason_split": (
        "it names the parts of the given split",
        "nombra las partes de la partición dada",
    ),
    "reason_order": ("its values have an order: {order}", "sus valores tienen un orden: {order}"),
    "reason_padded": (
        "numbers with leading zeros ({example}) are codes; kept as text",
        "los números con ceros a la izquierda ({example}) son códigos; se conservan como texto",
    ),
    "reason_hex": (
        "digits mixed with letters ({example}) are codes; kept as text",
        "las cifras mezcladas con letras ({example}) son códigos; se conservan como texto",
    ),
    "reason_code": (
        "an id by its name, with few values that come again",
        "por su nombre es un identificador, con pocos valores que se repiten",
    ),
    "reason_id_name": (
        "an id by its name; kept as text",
        "por su nombre es un identificador; se conserva como texto",
    ),
    "reason_centre_name": (
        "by its name a place or a machine: its values have no order",
        "por su nombre es un lugar o un equipo: sus valores no tienen orden",
    ),
    "reason_yes_no": ("answers yes or no", "responde sí o no"),
    "reason_zero_one": (
        "only 0 and 1: an answer, not an amount",
        "solo 0 y 1: una respuesta, no una cantidad",
    ),
    "reason_date": ("dates", "fechas"),
    "reason_row_number": (
        "it counts the rows; kept as text",
        "numera las filas; se conserva como texto",
    ),
    "reason_year": ("calendar years", "años del calendario"),
    "reason_scale_name": (
        "whole numbers that its name calls ranks",
        "números enteros que por su nombre son rangos",
    ),
    "reason_count": (
        "whole numbers that by its name count something",
        "números enteros que por su nombre cuentan algo",
    ),
    "reason_code_name": (
        "numbers that by its name are codes, without order",
        "números que por su nombre son códigos, sin orden",
    ),
    "reason_sparse": (
        "{n} whole {n:number|numbers} far apart, with no common step: codes",
        "{n} {n:número entero|números enteros} muy separados y sin paso común: códigos",
    ),
    "reason_whole": (
        "whole numbers, {n:,} {n:different one|different ones}",
        "números enteros, {n:,} {n:distinto|distintos}",
    ),
    "reason_few_decimals": (
        "decimal numbers, but only {n} {n:different one that comes|different ones that come} again",
        "números decimales, pero solo {n} {n:distinto que se repite|distintos que se repiten}",
    ),
    "reason_decimals": (
        "decimal numbers, {n:,} {n:different one|different ones}",
        "números decimales, {n:,} {n:distinto|distintos}",
    ),
    "reason_lists": (
        "most cells hold a list of several values",
        "la mayoría de las celdas contiene una lista de varios valores",
    ),
    "reason_unique": (
        "hardly any value comes twice: it names the rows",
        "casi ningún valor se repite: nombra las filas",
    ),
    "reason_prose": (
        "long texts, nearly all different",
        "textos largos, casi todos distintos",
    ),
    "reason_mixed": (
        "cells of several types; taken as {n:,} {n:word|words} without order",
        "celdas de varios tipos; se toman como {n:,} {n:palabra|palabras} sin orden",
    ),
    "reason_words": (
        "{n:,} {n:word|words} without an order",
        "{n:,} {n:palabra|palabras} sin orden",
    ),
    "reason_user": (
        "you decided so (it would be taken otherwise as: {otherwise})",
        "lo decidió usted (si no, se tomaría como: {otherwise})",
    ),
    # sections
    "overview": ("The table", "La tabla"),
    "overview_caption": ("{where} at a glance", "{where} de un vistazo"),
    "what": ("what", "qué"),
    "how_many": ("how many", "cuánto"),
    "rows": ("rows", "filas"),
    "columns": ("columns", "columnas"),
    "memory": ("memory as text, {unit}", "memoria como texto, {unit}"),
    "empty_cells": ("empty cells", "celdas vacías"),
    "repeated_rows": (
        "rows that repeat an earlier one in full",
        "filas que repiten por completo una anterior",
    ),
    "files_named_twice": (
        "files named on more than one row",
        "archivos nombrados en más de una fila",
    ),
    "repeated_values": (
        "ids that come more than once in '{column}'",
        "identificadores que se repiten en '{column}'",
    ),
    "groups_of": ("different groups in '{column}'", "grupos distintos en '{column}'"),
    "sets_of": (
        "different combinations of labels in '{column}'",
        "combinaciones distintas de etiquetas en '{column}'",
    ),
    "labels_of": ("different labels in '{column}'", "etiquetas distintas en '{column}'"),
    "columns_title": ("What each column is", "Qué es cada columna"),
    "columns_caption": (
        "Each column as it was understood and why. Missing: empty cells and words for nothing "
        "(NA, ?). Bytes: the column as text, 8 more for each cell.",
        "Cada columna tal como se entendió y por qué. Faltan: celdas vacías y palabras que no "
        "dicen nada (NA, ?). Bytes: la columna como texto, más 8 por celda.",
    ),
    "head_column": ("column", "columna"),
    "head_storage": ("stored as", "tipo"),
    "head_kind": ("class", "clase"),
    "head_reason": ("because", "porque"),
    "head_present": ("filled", "llenas"),
    "head_missing": ("missing", "faltan"),
    "head_unique": ("different", "distintos"),
    "head_memory": ("bytes", "bytes"),
    "values_title": ("The most frequent values", "Los valores más frecuentes"),
    "head_top": (
        "most frequent values: rows (share of all rows)",
        "valores más frecuentes: filas (parte de todas las filas)",
    ),
    "top_caption": (
        "Up to ten values of each column, the most frequent first; long ones are cut in the middle",
        "Hasta diez valores de cada columna, primero los más frecuentes; los largos se cortan "
        "por el medio",
    ),
    "all_different": ("all different: {values} …", "todos distintos: {values} …"),
    "numbers_title": ("Columns of numbers", "Columnas de números"),
    "numbers_caption": (
        "Standard deviation with n - 1; quartiles by linear interpolation",
        "Desviación típica con n - 1; cuartiles por interpolación lineal",
    ),
    "head_n": ("n", "n"),
    "head_mean": ("mean", "media"),
    "head_sd": ("standard deviation", "desviación típica"),
    "head_min": ("smallest", "mínimo"),
    "head_q1": ("lower quartile", "primer cuartil"),
    "head_median": ("median", "mediana"),
    "head_q3": ("upper quartile", "tercer cuartil"),
    "head_max": ("largest", "máximo"),
    "head_negative": ("below zero", "bajo cero"),
    "labels_title": ("Labels", "Etiquetas"),
    "labels_caption": (
        "{n:,} {n:row|rows} with a label, {n_missing:,} without. A group with several labels "
        "counts once for each.",
        "{n:,} {n:fila|filas} con etiqueta, {n_missing:,} sin ella. Un grupo con varias etiquetas "
        "cuenta una vez por cada una.",
    ),
    "labels_chart": ("Share of each label", "Parte de cada etiqueta"),
    "sets_title": ("Combinations of labels", "Combinaciones de etiquetas"),
    "sets_caption": (
        "{n:,} {n:row|rows} whose labels are known, {n_missing:,} {n_missing:other|others}. A row "
        "counts once, for all of its labels together; a group with several combinations counts "
        "once for each.",
        "{n:,} {n:fila|filas} con etiquetas conocidas, {n_missing:,} sin ellas. Cada fila cuenta "
        "una sola vez, por todas sus etiquetas juntas; un grupo con varias combinaciones cuenta "
        "una vez por cada una.",
    ),
    "sets_chart": ("Share of each combination", "Parte de cada combinación"),
    "head_set": ("combination", "combinación"),
    "head_label": ("label", "etiqueta"),
    "head_items": ("rows", "filas"),
    "head_items_share": ("share of rows", "parte de las filas"),
    "head_groups": ("groups", "grupos"),
    "head_groups_share": ("share of groups", "parte de los grupos"),
    "head_size": ("rows in the group", "filas en el grupo"),
    "items": ("rows", "filas"),
    "groups": ("groups", "grupos"),
    "percent": ("per cent", "por ciento"),
    "groups_title": ("Rows per group", "Filas por grupo"),
    "groups_words": (
        "Rows with the same '{group}' belong together. They must lie on the same side of a split, "
        "and counts as if they were independent promise more than there is.",
        "Las filas con el mismo '{group}' van juntas. Deben quedar en el mismo lado de una "
        "partición, y contarlas como independientes promete más de lo que hay.",
    ),
    "groups_caption": (
        "{n:,} {n:group|groups} of '{group}' with {n_rows:,} {n_rows:row|rows}",
        "{n:,} {n:grupo|grupos} de '{group}' con {n_rows:,} {n_rows:fila|filas}",
    ),
    "groups_chart": (
        "Groups of '{group}' by their number of rows",
        "Grupos de '{group}' según su número de filas",
    ),
    "associations_title": ("What goes with the label", "Qué va unido a la etiqueta"),
    "associations_words": (
        "Each column of few values against the label. V is Cramér's V: 0 nothing, 1 the column "
        "tells the label; the corrected V does not favour columns of many values (Bergsma 2013). "
        "p is the chance of a table at least as uneven if the column had nothing to do with the "
        "label; the corrected p (Holm) takes into account that several columns were tried.\n\n"
        "The test is chi-squared where at least 80 % of the expected counts are 5 or more and "
        "none is below 1; else Fisher's exact test for 2 x 2, and random tables with the same "
        "sums for larger ones. Where rows belong to groups, the groups are tested: each counts "
        "once, or, where the column varies within groups, the labels are dealt out anew among "
        "them. Rows without a value are left out.",
        "Cada columna de pocos valores frente a la etiqueta. V es la V de Cramér: 0 nada, 1 la "
        "columna dice la etiqueta; la V corregida no favorece a las columnas de muchos valores "
        "(Bergsma 2013). p es la probabilidad de una tabla al menos tan desigual si la columna no "
        "tuviera que ver con la etiqueta; la p corregida (Holm) tiene en cuenta que se probaron "
        "varias columnas.\n\n"
        "La prueba es ji cuadrado si al menos el 80 % de los recuentos esperados son 5 o más y "
        "ninguno es menor que 1; si no, la exacta de Fisher para 2 x 2, y tablas al azar con las "
        "mismas sumas para las mayores. Si las filas forman grupos, se prueban los grupos: cada "
        "uno cuenta una vez o, si la columna varía dentro de ellos, se reparten de nuevo las "
        "etiquetas entre ellos. Las filas sin valor quedan fuera.",
    ),
    "tests_caption": (
        "{n} {n:column|columns} of few values, the strongest first; the tables of {n_shown} follow",
        "{n} {n:columna|columnas} de pocos valores, primero la más unida; siguen las tablas de "
        "{n_shown}",
    ),
    "head_v_corrected": ("corrected V", "V corregida"),
    "head_v": ("V", "V"),
    "head_p": ("p", "p"),
    "head_p_corrected": ("corrected p", "p corregida"),
    "head_test": ("test", "prueba"),
    "test_chi_squared": ("chi-squared", "ji cuadrado"),
    "test_fisher": ("Fisher's exact test", "exacta de Fisher"),
    "test_permutation": ("random tables", "tablas al azar"),
    "test_group_permutation": (
        "labels dealt anew among groups",
        "etiquetas repartidas entre grupos",
    ),
    "test_none": ("none: one value or one label", "ninguna: un solo valor o etiqueta"),
    "p": ("{p:.3f}", "{p:.3f}"),
    "p_small": ("< 0.001", "< 0.001"),
    "cross_caption": (
        "'{label}' by '{column}': corrected V {v:.2f}, corrected p {p}, {n:,} {n:row|rows}",
        "'{label}' según '{column}': V corregida {v:.2f}, p corregida {p}, {n:,} {n:fila|filas}",
    ),
    "cross_caption_groups": (
        "{words}, {n_groups:,} {n_groups:group|groups}",
        "{words}, {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "cross_chart": (
        "Share of each '{label}' within '{column}'",
        "Parte de cada '{label}' dentro de '{column}'",
    ),
    "cross_counts": ("{words}: counts", "{words}: recuentos"),
    "cross_shares": ("{words}: shares", "{words}: partes"),
    "share_of": ("share of {label}", "parte de {label}"),
    "share_in": ("share in {value}", "parte en {value}"),
    "value_n": ("{value} ({n:,})", "{value} ({n:,})"),
    "all": ("all", "total"),
    "others": ("{n} {n:other|others}", "{n:otra|otras} {n}"),
    # in short
    "sentence": (
        "{where}: {n:,} {n:row|rows} and {n_columns} {n_columns:column|columns}; {n_empty:,} "
        "{n_empty:cell|cells} {n_empty:is|are} empty",
        "{where}: {n:,} {n:fila|filas} y {n_columns} {n_columns:columna|columnas}; {n_empty:,} "
        "{n_empty:celda|celdas} {n_empty:está|están} vacías",
    ),
    "sentence_labels": (
        "{n} {n:label|labels} in {n_rows:,} {n_rows:row|rows}: {shown}",
        "{n} {n:etiqueta|etiquetas} en {n_rows:,} {n_rows:fila|filas}: {shown}",
    ),
    "sentence_sets": (
        "{n} {n:label|labels}, in {n_sets} {n_sets:combination|combinations}, in {n_rows:,} "
        "{n_rows:row|rows}; rows with each: {shown}",
        "{n} {n:etiqueta|etiquetas}, en {n_sets} {n_sets:combinación|combinaciones}, en {n_rows:,} "
        "{n_rows:fila|filas}; filas con cada una: {shown}",
    ),
    # findings about the label and other columns
    "centre": (
        "The label goes with '{column}' (corrected V {v:.2f}): {column} {value} has {counts}, "
        "that is {share:.1f} % {label}, against {overall:.1f} % in all. A model can learn the "
        "centre instead of what the image shows",
        "La etiqueta va unida a '{column}' (V corregida {v:.2f}): {column} {value} tiene "
        "{counts}, es decir un {share:.1f} % de {label}, frente al {overall:.1f} % en total. Un "
        "modelo puede aprender el centro en vez de lo que muestra la imagen",
    ),
    "centre_advice": (
        "Look at the figures of each value of '{column}', and test on one that was never trained "
        "on. The audit measures how much of the label the look of a centre gives away",
        "Mire las cifras de cada valor de '{column}' y pruebe con uno con el que nunca se "
        "entrenó. La auditoría mide cuánto de la etiqueta delata el aspecto de un centro",
    ),
    "p_of_groups": (
        "p: {p} over {n:,} {n:group|groups}; {p_corrected} after correction for {n_tests} "
        "{n_tests:column|columns} tested",
        "p: {p} sobre {n:,} {n:grupo|grupos}; {p_corrected} tras corregir por {n_tests} "
        "{n_tests:columna probada|columnas probadas}",
    ),
    "p_of_items": (
        "p: {p} over {n:,} {n:row|rows}; {p_corrected} after correction for {n_tests} "
        "{n_tests:column|columns} tested",
        "p: {p} sobre {n:,} {n:fila|filas}; {p_corrected} tras corregir por {n_tests} "
        "{n_tests:columna probada|columnas probadas}",
    ),
    "goes_with_label": (
        "Columns that go strongly with the label ({n}; corrected V): {columns}",
        "Columnas muy unidas a la etiqueta ({n}; V corregida): {columns}",
    ),
    "goes_with_label_advice": (
        "Where one of them shows in the image (a view, a device, a mark), a model can learn it "
        "instead of the label",
        "Si alguna se nota en la imagen (una proyección, un aparato, una marca), un modelo puede "
        "aprenderla en vez de la etiqueta",
    ),
    "by_tests": (
        "each: corrected p below 0.05, {n} {n:column|columns} tested",
        "cada una: p corregida menor que 0.05, {n} {n:columna probada|columnas probadas}",
    ),
    "certain_counted": ("counted, not estimated", "contado, no estimado"),
    "certain_spelling": (
        "they differ in writing only; that they mean the same is a guess",
        "solo difieren en la escritura; que signifiquen lo mismo es una suposición",
    ),
    "by_its_words": ("a guess from the words alone", "una suposición por las palabras"),
    "imbalance": (
        "The classes are uneven: always answering '{label}' is right {percent:.1f} % of the time "
        "({n:,} {n:row|rows}; the smallest class, '{smallest}', has {n_smallest:,})",
        "Las clases están desequilibradas: responder siempre '{label}' acierta el {percent:.1f} % "
        "de las veces ({n:,} {n:fila|filas}; la clase menor, '{smallest}', tiene {n_smallest:,})",
    ),
    "imbalance_advice": (
        "Read the balanced accuracy and the recall of each class, not the accuracy",
        "Lea la exactitud equilibrada y la sensibilidad de cada clase, no la exactitud",
    ),
    "mixed_groups": (
        "Groups of '{column}' with more than one label ({n}): {shown}",
        "Grupos de '{column}' con más de una etiqueta ({n}): {shown}",
    ),
    "mixed_groups_advice": (
        "This may be right (before and after, left and right) or a mistake in the table: look at "
        "these groups",
        "Puede ser correcto (antes y después, izquierda y derecha) o un error de la tabla: mire "
        "estos grupos",
    ),
    "unlabelled": ("Rows without a label: {n:,}", "Filas sin etiqueta: {n:,}"),
    "unlabelled_advice": (
        "They are left out of training and testing",
        "Quedan fuera del entrenamiento y de la prueba",
    ),
    # findings about rows
    "repeated_rows_found": (
        "Rows that repeat an earlier one in every column: {n:,}",
        "Filas que repiten una anterior en todas las columnas: {n:,}",
    ),
    "repeated_rows_found_advice": (
        "Delete the copies: an image counted twice weighs double, and may be tested on what it "
        "was trained on",
        "Borre las copias: una imagen contada dos veces pesa el doble, y puede probarse con lo "
        "que se entrenó",
    ),
    "named_twice": (
        "Files named on more than one row: {n:,} ({n_rows:,} {n_rows:row|rows} too many)",
        "Archivos nombrados en más de una fila: {n:,} ({n_rows:sobra|sobran} {n_rows:,} "
        "{n_rows:fila|filas})",
    ),
    "named_twice_advice": (
        "Keep one row for each file: the same image may else be trained on and tested on",
        "Deje una fila por archivo: si no, la misma imagen puede servir para entrenar y probar",
    ),
    "named_at_odds": (
        "Files whose rows give them different labels: {n:,}",
        "Archivos cuyas filas les dan etiquetas distintas: {n:,}",
    ),
    "named_at_odds_advice": (
        "Decide which label is right and delete the other row",
        "Decida qué etiqueta es correcta y borre la otra fila",
    ),
    "repeated_id": (
        "Ids in '{column}' that come more than once, where nearly all come once: {n:,}",
        "Identificadores de '{column}' que se repiten, cuando casi todos aparecen una vez: {n:,}",
    ),
    "repeated_id_advice": (
        "Look whether the same thing was entered twice",
        "Mire si lo mismo se anotó dos veces",
    ),
    # findings about columns
    "unnamed": (
        "Columns without a name ({n}; in brackets, cells with a value): {shown}",
        "Columnas sin nombre ({n}; entre paréntesis, celdas con valor): {shown}",
    ),
    "unnamed_advice": (
        "Give them a name or delete them; a stray separator makes such a column too",
        "Póngales nombre o bórrelas; un separador de más también crea una columna así",
    ),
    "empty_columns": (
        "Columns without any value ({n}): {shown}",
        "Columnas sin ningún valor ({n}): {shown}",
    ),
    "empty_columns_advice": ("They say nothing", "No dicen nada"),
    "mostly_missing": (
        "Columns with more than half of their values missing ({n}): {shown}",
        "Columnas a las que les falta más de la mitad de los valores ({n}): {shown}",
    ),
    "mostly_missing_advice": (
        "What is known of a few rows need not hold for the others: do not split or judge by them",
        "Lo que se sabe de unas pocas filas no tiene por qué valer para las demás: no divida ni "
        "juzgue por ellas",
    ),
    "constant": (
        "Columns with one value only ({n}): {shown}",
        "Columnas con un único valor ({n}): {shown}",
    ),
    "constant_advice": (
        "They cannot tell rows apart",
        "No permiten distinguir unas filas de otras",
    ),
    # findings about cells
    "negative": (
        "'{column}' has {n:,} {n:value|values} below zero (the smallest: {low:g}), where by its "
        "name there should be none",
        "'{column}' tiene {n:,} {n:valor negativo|valores negativos} (el menor: {low:g}), cuando "
        "por su nombre no debería haberlos",
    ),
    "negative_advice": (
        "Find out what a minus means here: days before an event, a mark for 'unknown', a mistake",
        "Averigüe qué significa aquí el signo menos: días antes de un suceso, una marca de "
        "«desconocido», un error",
    ),
    "missing_words": (
        "Words that stand for nothing, counted as missing, in {n} {n:column|columns}: {shown}",
        "Palabras que no dicen nada, contadas como valores que faltan, en {n} "
        "{n:columna|columnas}: {shown}",
    ),
    "missing_words_advice": (
        "If one of them is an answer ('-' for negative, NA for Namibia), write it out",
        "Si alguna es una respuesta ('-' por negativo, NA por Namibia), escríbala completa",
    ),
    "mixed": (
        "Columns with cells of several types ({n}): {shown}",
        "Columnas con celdas de varios tipos ({n}): {shown}",
    ),
    "mixed_advice": (
        "Write all cells of a column alike; those that are no number are left out of its figures",
        "Escriba igual todas las celdas de una columna; las que no son un número quedan fuera de "
        "sus cifras",
    ),
    "lists": (
        "Columns with several values in one cell ({n}): {shown}",
        "Columnas con varios valores en una celda ({n}): {shown}",
    ),
    "lists_advice": (
        "Each list is taken as one word; give each value a column of its own to count them",
        "Cada lista se toma como una sola palabra; dé a cada valor su propia columna para "
        "contarlos",
    ),
    "type_number": (
        "{n:,} {n:number|numbers}, first {example}",
        "{n:,} {n:número|números}, el primero {example}",
    ),
    "type_text": (
        "{n:,} {n:word|words}, first {example}",
        "{n:,} {n:palabra|palabras}, la primera {example}",
    ),
    "type_date": (
        "{n:,} {n:date|dates}, first {example}",
        "{n:,} {n:fecha|fechas}, la primera {example}",
    ),
    "type_list": (
        "{n:,} {n:list|lists}, first {example}",
        "{n:,} {n:lista|listas}, la primera {example}",
    ),
    # findings about the words of labels
    "several_labels": (
        "The label '{label}' ({n:,} {n:row|rows}) looks like several: {parts}",
        "La etiqueta '{label}' ({n:,} {n:fila|filas}) parece contener varias: {parts}",
    ),
    "several_labels_advice": (
        "An image has one label here. Decide which one counts, or take the label away (nothing "
        "after the =)",
        "Aquí una imagen tiene una sola etiqueta. Decida cuál vale, o quítele la etiqueta (nada "
        "después del =)",
    ),
    "several_labels_ask": (
        "If '{label}' is one class, leave it; if not, rename it, or take the label away (nothing "
        "after the =)",
        "Si '{label}' es una sola clase, déjela; si no, cámbiele el nombre o quítele la etiqueta "
        "(nada después del =)",
    ),
    "no_label": (
        "The label '{label}' ({n:,} {n:row|rows}) seems to mean that nobody has labelled "
        "{n:it|them} yet",
        "La etiqueta '{label}' ({n:,} {n:fila|filas}) parece querer decir que aún nadie las ha "
        "etiquetado",
    ),
    "no_label_advice": (
        "Take this label away, so that it is not learned as a class of its own",
        "Quite esta etiqueta para que no se aprenda como una clase más",
    ),
    "same_label": (
        "'{label}' is also written {others} ({n:,} {n:row|rows}): one class would be learned as "
        "several",
        "'{label}' también aparece escrita como {others} ({n:,} {n:fila|filas}): una clase se "
        "aprendería como varias",
    ),
    "same_label_advice": (
        "If they mean the same, write all of them '{label}'",
        "Si significan lo mismo, escríbalas todas como '{label}'",
    ),
    "rare_labels": (
        "Labels with fewer than {rare} rows ({n}): {shown}",
        "Etiquetas con menos de {rare} filas ({n}): {shown}",
    ),
    "rare_labels_advice": (
        "Too few to learn from, and to measure anything on. Find more, put them together with a "
        "class that they belong to, or take their labels away as in the command (one --relabel "
        "for each)",
        "Muy pocas para aprender de ellas y para medir nada. Busque más, júntelas con una clase "
        "a la que pertenezcan, o quíteles la etiqueta como en la orden (un --relabel por cada "
        "una)",
    ),
}
