"""Texts of the steps that normalise the colours of stained tissue."""

TEXTS = {
    "needs_colour": (
        "the step '{step}' evens out the colours of stains, and the image has {n} channel(s)",
        "el paso «{step}» iguala los colores de las tinciones, y la imagen tiene {n} canal(es)",
    ),
    "needs_colour_fix": (
        "Put '{step}' before 'grey', or leave it out for images without colour",
        "Ponga «{step}» antes de «grey», o quítelo para imágenes sin color",
    ),
    "needs_8_bit": (
        "the step '{step}' needs 8-bit colours, and the values are {dtype}",
        "el paso «{step}» necesita colores de 8 bits, y los valores son {dtype}",
    ),
    "needs_8_bit_fix": (
        "Leave '{step}' out, or save the images with 8 bits a channel",
        "Quite «{step}», o guarde las imágenes con 8 bits por canal",
    ),
    "not_fitted": (
        "the step '{step}' has learn = \"{learn}\" and has seen no training images",
        'el paso «{step}» tiene learn = "{learn}" y no ha visto imágenes de entrenamiento',
    ),
    "not_fitted_fix": (
        'Set learn = "nothing", or fit the step to the training images first',
        'Ponga learn = "nothing", o ajuste antes el paso a las imágenes de entrenamiento',
    ),
    "nothing_to_learn": (
        "the step '{step}': none of {n} {n:image|images} shows enough stained tissue to learn from",
        "el paso «{step}»: ninguna de {n} {n:imagen|imágenes} muestra tejido teñido suficiente "
        "para aprender",
    ),
    "nothing_to_learn_fix": (
        'Give tiles of tissue, lower min_tissue_px, or set learn = "nothing"',
        'Aporte teselas con tejido, baje min_tissue_px, o ponga learn = "nothing"',
    ),
    "wrong_matrix": (
        "these must be two different rows (haematoxylin, eosin) of three numbers from 0 up",
        "deben ser dos filas distintas (hematoxilina, eosina) de tres números desde 0",
    ),
    "wrong_matrix_fix": (
        "Write [[red, green, blue], [red, green, blue]] in optical densities",
        "Escriba [[rojo, verde, azul], [rojo, verde, azul]] en densidades ópticas",
    ),
    "wrong_numbers": (
        "these must be {n} {n:number|numbers}, as small as {low} or larger",
        "deben ser {n} {n:número|números}, de {low} en adelante",
    ),
    "wrong_numbers_fix": (
        "Correct it in the recipe, or leave it out for the default",
        "Corríjalo en la receta, o quítelo para usar el valor por defecto",
    ),
    "half_a_source": (
        "source_stains and source_concentrations belong together, and one of them is missing",
        "source_stains y source_concentrations van juntos, y falta uno de los dos",
    ),
    "half_a_source_fix": (
        "Give both, or neither: then every tile is measured by itself",
        "Indique los dos o ninguno: sin ellos, cada tesela se mide por sí misma",
    ),
}
