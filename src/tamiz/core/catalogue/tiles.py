"""Texts of `tiles`."""

TEXTS = {
    "title": ("Tiles of slides", "Teselas de laminillas"),
    "progress": ("looking for tissue", "buscando tejido"),
    "sentence": (
        "{tiles:,} {tiles:tile|tiles} with tissue of {slides:,} {slides:slide|slides} and "
        "{patients:,} {patients:patient|patients}; half of the slides give {median:,} or more.",
        "{tiles:,} {tiles:tesela|teselas} con tejido de {slides:,} {slides:laminilla|laminillas} y "
        "{patients:,} {patients:paciente|pacientes}; la mitad de las laminillas da {median:,} o "
        "más.",
    ),
    "where": (
        "No pixel was copied: tiles.csv names them, slides.csv tells of each slide. To train on "
        "tiles: {command}",
        "No se copió ningún píxel: tiles.csv las nombra, slides.csv informa de cada laminilla. "
        "Para entrenar con teselas: {command}",
    ),
    "n_unreadable": (
        "{n:,} of {total:,} {total:slide|slides} cannot be read",
        "{n:,} de {total:,} {total:laminilla|laminillas} no se {n:puede|pueden} leer",
    ),
    "n_empty": (
        "{n:,} of {total:,} {total:slide|slides} {n:gives|give} no tile",
        "{n:,} de {total:,} {total:laminilla|laminillas} no {n:da|dan} ninguna tesela",
    ),
    "empty_advice": (
        "Look at their pictures; take them out of the table if they are blank",
        "Mire sus imágenes; quítelas de la tabla si están vacías",
    ),
    "n_pen": (
        "{n:,} {n:slide|slides} {n:bears|bear} pen marks; tiles under {n:it|them} are left out",
        "{n:,} {n:laminilla|laminillas} {n:lleva|llevan} marcas de rotulador; las teselas bajo "
        "{n:ella|ellas} se omiten",
    ),
    "n_missing": (
        "{n:,} of {total:,} {total:row|rows} of the table {n:names|name} a slide that is not there",
        "{n:,} de {total:,} {total:fila|filas} de la tabla {n:nombra|nombran} una laminilla que no "
        "está",
    ),
    "empty_blank": ("nothing on the glass", "nada sobre el vidrio"),
    "empty_specks": ("dust, shadows or lines only", "solo polvo, sombras o líneas"),
    "empty_pen": ("pen marks only", "solo marcas de rotulador"),
    "empty_dark": ("a black picture", "una imagen negra"),
    "empty_small": (
        "there is tissue, but no whole tile with enough of it",
        "hay tejido, pero ninguna tesela completa con suficiente",
    ),
    "backgrounds": ("Backgrounds by centre", "Fondos por centro"),
    "backgrounds_caption": (
        "Slides by the colour of their glass: where it goes with the centre, a model can learn "
        "the centre instead of the tissue.",
        "Laminillas por el color del vidrio: si va con el centro, un modelo puede aprender el "
        "centro en lugar del tejido.",
    ),
    "backgrounds_small": (
        "{n:,} TIFF of up to {least} megapixels {n:is|are} not counted here: so small a picture "
        "seldom shows a whole slide with its glass.",
        "{n:,} TIFF de hasta {least} megapíxeles no se {n:cuenta|cuentan} aquí: una imagen tan "
        "pequeña rara vez muestra una laminilla entera con su vidrio.",
    ),
    "column_centre": ("centre", "centro"),
    "no_centre": ("(not told)", "(no consta)"),
    "glass_white": ("white", "blanco"),
    "glass_grey": ("grey", "gris"),
    "glass_green": ("green", "verde"),
    "glass_tinted": ("tinted", "teñido"),
    "glass_black": ("black", "negro"),
    "glass_none": ("no glass seen", "sin vidrio visible"),
    "pictures": ("What was taken for tissue", "Lo que se tomó por tejido"),
    "pictures_caption": (
        "{n} of {all:,} {all:slide|slides}, those without tiles first: tissue outlined in green, "
        "tiles of {side} px framed in blue, pen marks hatched. All of them lie in pictures/.",
        "{n} de {all:,} {all:laminilla|laminillas}, primero las que no dan teselas: tejido "
        "perfilado en verde, teselas de {side} px en azul, marcas de rotulador rayadas. Todas "
        "están en pictures/.",
    ),
    "picture": ("{name}: {n:,} {n:tile|tiles}", "{name}: {n:,} {n:tesela|teselas}"),
    "no_spacing": (
        "it does not say how many micrometres a pixel is, and nothing is guessed; use "
        "--downsample 4 (for --model mil: --set model.options.downsample=4) for tiles at a quarter "
        "of the full resolution",
        "no dice cuántos micrómetros mide un píxel, y no se adivina; use --downsample 4 (con "
        "--model mil: --set model.options.downsample=4) para teselas a un cuarto de la resolución "
        "completa",
    ),
    "too_fine": (
        "{asked:g} µm per pixel are asked for; its finest are {has:g}; use --um-per-px {has:g} or "
        "more",
        "se piden {asked:g} µm por píxel; los más finos son {has:g}; use --um-per-px {has:g} o más",
    ),
    "in_archive": (
        "it lies in an archive, where no piece can be read by itself; unpack the archive",
        "está en un archivo comprimido, donde no se puede leer por partes; descomprímalo",
    ),
    "parts": (
        "'{name}' is a part of a slide; whole slides are needed",
        "«{name}» es una parte de una laminilla; hacen falta laminillas enteras",
    ),
    "parts_fix": (
        "Name the slides, or their table; to train on tiles: tamiz run tiles.csv",
        "Indique las laminillas o su tabla; para entrenar con teselas: tamiz run tiles.csv",
    ),
    "all_missing": (
        "none of {n:,} {n:slide|slides} that the table names is there",
        "no está ninguna de {n:,} {n:laminilla|laminillas} que nombra la tabla",
    ),
    "all_missing_fix": (
        "Check --root (where the paths start) and --path (which column, or a template such as "
        "{{image_id}}.tif)",
        "Compruebe --root (donde empiezan las rutas) y --path (qué columna, o una plantilla como "
        "{{image_id}}.tif)",
    ),
    "out_inside": (
        "the results would lie among the slides",
        "los resultados quedarían entre las laminillas",
    ),
    "out_inside_fix": ("Give a folder beside them", "Indique una carpeta junto a ellas"),
    "bad_value": (
        "{value} is outside {low:g}..{high:g}",
        "{value} está fuera de {low:g}..{high:g}",
    ),
    "bad_value_fix": (
        "Give a number within these limits",
        "Indique un número dentro de los límites",
    ),
    "bad_downsample": (
        "{value} would make pixels out of nothing",
        "{value} sacaría píxeles de la nada",
    ),
    "bad_downsample_fix": ("Give 1 or more, such as 4", "Indique 1 o más, como 4"),
    "bad_choice": ("'{name}' is not one of: {known}", "'{name}' no es ninguno de: {known}"),
    "bad_choice_fix": ("Choose one of them", "Elija uno de ellos"),
    "not_ours": (
        "the folder holds '{first}', which 'tamiz tiles' did not write",
        "la carpeta contiene '{first}', que no escribió 'tamiz tiles'",
    ),
    "not_ours_fix": ("Name a new or empty folder", "Indique una carpeta nueva o vacía"),
}
