"""Texts of figures by subgroup."""

TEXTS = {
    "title": ("Subgroups: {column}", "Subgrupos: {column}"),
    "title_all": ("Do subgroups differ?", "¿Difieren los subgrupos?"),
    "centre": ("centre", "centro"),
    "measuring": ("measuring subgroups: {column}", "midiendo subgrupos: {column}"),
    "not_stated": ("not stated", "no consta"),
    "no_number": ("no number", "no es un número"),
    "others": ("{n} {n:other|others}, each rarer", "otros {n}, menos frecuentes"),
    "between": ("{low:g} to {high:g}", "{low:g} a {high:g}"),
    "below": ("below {high:g}", "menos de {high:g}"),
    "from": ("{low:g} and more", "{low:g} o más"),
    "column_level": ("subgroup", "subgrupo"),
    "column_images": ("images", "imágenes"),
    "column_groups": ("groups", "grupos"),
    "column_notes": ("remarks", "observaciones"),
    "column_column": ("column", "columna"),
    "column_levels": ("subgroups", "subgrupos"),
    "column_worst": ("worst subgroup", "peor subgrupo"),
    "column_p": ("p", "p"),
    "column_p_corrected": ("corrected p", "p corregida"),
    "column_shows": ("what that shows", "qué demuestra"),
    "note_few": (
        "groups: {n}, too few to say much (at least {needed} are needed for an interval)",
        "grupos: {n}, muy pocos para decir mucho (hacen falta al menos {needed} para un intervalo)",
    ),
    "note_absent": (
        "has no '{names}': figures that need that class are left out",
        "sin '{names}': se omiten las cifras que necesitan esa clase",
    ),
    "note_absent_many": (
        "{n} {n:class|classes} {n:has|have} no image here",
        "{n} {n:clase|clases} no {n:tiene|tienen} ninguna imagen aquí",
    ),
    "caption_notes": ("What limits these figures ({column})", "Qué limita estas cifras ({column})"),
    "caption": (
        "{part}, by {column}: figures with {confidence:.0%} intervals over groups. The smallest "
        "subgroup has {n:,} {n:image|images} of {n_groups:,} {n_groups:group|groups}",
        "{part}, por {column}: cifras con intervalos del {confidence:.0%} por grupos. El subgrupo "
        "menor tiene {n:,} {n:imagen|imágenes} de {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "caption_more": ("Further figures by {column}", "Más cifras por {column}"),
    "caption_all": (
        "{metric}: is it different between the subgroups of a column? p: how often subgroups dealt "
        "out to groups at random differ as much. Corrected for {n} {n:column|columns} (Holm)",
        "{metric}: ¿difiere entre los subgrupos de una columna? p: con qué frecuencia difieren "
        "tanto unos subgrupos repartidos al azar entre los grupos. Corregida por {n} "
        "{n:columna|columnas} (Holm)",
    ),
    "differs": ("the subgroups differ", "los subgrupos difieren"),
    "not_shown": ("no difference shown", "sin diferencia demostrada"),
    "not_tested": ("too few groups for a test", "muy pocos grupos para una prueba"),
    "worst_differs": (
        "{column}: the subgroups differ in {metric} (corrected p {p:.3g}). The worst is "
        "'{level}': {value}; images: {n:,}, groups: {n_groups:,}.",
        "{column}: los subgrupos difieren en {metric} (p corregida {p:.3g}). El peor es "
        "'{level}': {value}; imágenes: {n:,}, grupos: {n_groups:,}.",
    ),
    "worst_not_shown": (
        "{column}: no difference in {metric} shown between {k} {k:subgroup|subgroups} (corrected p "
        "{p:.3g}). The worst figure is that of '{level}': {value}; images: {n:,}, groups: "
        "{n_groups:,}. The worst of {k} equal {k:subgroup|subgroups} looks worse than the rest by "
        "chance alone.",
        "{column}: no se demuestra diferencia de {metric} entre {k} {k:subgrupo|subgrupos} (p "
        "corregida {p:.3g}). La peor cifra es la de '{level}': {value}; imágenes: {n:,}, grupos: "
        "{n_groups:,}. El peor de {k} {k:subgrupo igual|subgrupos iguales} parece peor que los "
        "demás por puro azar.",
    ),
    "worst_not_tested": (
        "{column}: the groups are too few to tell whether {metric} differs between {k} "
        "{k:subgroup|subgroups}.",
        "{column}: los grupos son muy pocos para saber si {metric} difiere entre {k} "
        "{k:subgrupo|subgrupos}.",
    ),
    "only_one": (
        "{column}: every row has the same value, '{level}'; there is nothing to compare.",
        "{column}: todas las filas tienen el mismo valor, '{level}'; no hay nada que comparar.",
    ),
    "nothing_stated": (
        "{column}: no row of this part states a value; there is nothing to compare.",
        "{column}: ninguna fila de esta parte indica un valor; no hay nada que comparar.",
    ),
    "value": ("{value:.3f} ({low:.3f} to {high:.3f})", "{value:.3f} ({low:.3f} a {high:.3f})"),
    "value_alone": ("{value:.3f} (no interval)", "{value:.3f} (sin intervalo)"),
    "merged": (
        "{n} rare {n:value|values} of {column} stand together as 'others': more than {most} "
        "{most:subgroup|subgroups} {most:says|say} little about each.",
        "{n} {n:valor raro|valores raros} de {column} figuran juntos como 'otros': más de {most} "
        "{most:subgrupo|subgrupos} {most:dice|dicen} poco de cada uno.",
    ),
    "pooled": (
        "{metric} over all images together: {pooled}. Mean over {k} {k:subgroup|subgroups}, each "
        "as heavy as any other: {mean}. The second speaks of these {column} values; for one that "
        "was not measured it is no interval.",
        "{metric} sobre todas las imágenes juntas: {pooled}. Media de {k} {k:subgrupo|subgrupos}, "
        "todos con el mismo peso: {mean}. La segunda habla de estos valores de {column}; para uno "
        "que no se midió no es un intervalo.",
    ),
    "chart": ("{metric} by {column}", "{metric} por {column}"),
    "series": ("with interval", "con intervalo"),
    "series_some": (
        "with interval; no bar: too few groups for one",
        "con intervalo; sin barra: muy pocos grupos para uno",
    ),
    "finding": (
        "{metric} differs between the subgroups of {column}: worst '{level}', {value} (corrected "
        "p {p:.3g})",
        "{metric} difiere entre los subgrupos de {column}: el peor '{level}', {value} (p corregida "
        "{p:.3g})",
    ),
    "finding_advice": (
        "State the figures by subgroup, and do not use the model where it was not shown to work",
        "Informe de las cifras por subgrupo y no use el modelo donde no se ha demostrado que "
        "funcione",
    ),
    "unknown_column": (
        "there is no column '{name}' to form subgroups by{suggestion}",
        "no hay ninguna columna '{name}' con la que formar subgrupos{suggestion}",
    ),
    "unknown_column_fix": ("The columns are: {columns}", "Las columnas son: {columns}"),
    "no_columns": (
        "there is no column '{name}' to form subgroups by: the source says nothing of its images "
        "but their class and group",
        "no hay ninguna columna '{name}' con la que formar subgrupos: la fuente solo indica la "
        "clase y el grupo de sus imágenes",
    ),
    "no_columns_fix": (
        "Give the images as a table with such a column, or leave --by out",
        "Dé las imágenes como una tabla con esa columna o quite --by",
    ),
    "bad_bins": (
        "'{bins}' says no bins of numbers",
        "'{bins}' no indica tramos de números",
    ),
    "bad_bins_fix": (
        "age:10 makes bins of ten; age:40/65 cuts at 40 and 65; age:/65 cuts once",
        "edad:10 hace tramos de diez; edad:40/65 corta en 40 y 65; edad:/65 corta una vez",
    ),
    "no_numbers": (
        "no value of this column is a number (first: '{first}')",
        "ningún valor de esta columna es un número (el primero: '{first}')",
    ),
    "no_numbers_fix": (
        "Leave the bins out: --by sex instead of --by sex:10",
        "Quite los tramos: --by sexo en lugar de --by sexo:10",
    ),
    "many_bins": (
        "these bins make {n:,} {n:subgroup|subgroups}; at most {most} are shown",
        "estos tramos forman {n:,} {n:subgrupo|subgrupos}; se muestran como mucho {most}",
    ),
    "many_bins_fix": (
        "Make the bins wider, or give cuts: --by age:40/65",
        "Haga los tramos más anchos o dé los cortes: --by edad:40/65",
    ),
}
