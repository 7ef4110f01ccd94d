"""Texts of runs and of the whole job."""

TEXTS = {
    "not_a_run": (
        "the folder is not empty and holds no run (found {first})",
        "la carpeta no está vacía y no contiene ninguna ejecución (hay {first})",
    ),
    "not_a_run_fix": (
        "Choose a new folder with --out",
        "Elija una carpeta nueva con --out",
    ),
    "no_out": ("no folder for the results was named", "no se indicó carpeta para los resultados"),
    "no_out_fix": ("Add --out runs/NAME", "Añada --out runs/NOMBRE"),
    "no_out_nor_run": (
        "this is no run to go on with, and no folder for the results was named",
        "esto no es una ejecución que continuar y no se indicó carpeta para los resultados",
    ),
    "no_out_nor_run_fix": (
        "Add --out runs/NAME, or name the folder of a run, such as runs/first",
        "Añada --out runs/NOMBRE o indique la carpeta de una ejecución, como runs/primera",
    ),
    "other_input": (
        "this run works on another input ({old})",
        "esta ejecución trabaja con otra entrada ({old})",
    ),
    "other_input_fix": (
        "Choose another --out, or start afresh with --overwrite",
        "Elija otro --out o empiece de nuevo con --overwrite",
    ),
    "trained_otherwise": (
        "this run holds a model trained with another recipe or on other files",
        "esta ejecución contiene un modelo entrenado con otra receta u otros archivos",
    ),
    "trained_otherwise_fix": (
        "Choose another --out to compare both, or start afresh with --overwrite",
        "Elija otro --out para comparar ambos o empiece de nuevo con --overwrite",
    ),
    "trained_elsewhere": (
        "this run holds a model trained with another recipe or on other files",
        "esta ejecución contiene un modelo entrenado con otra receta u otros archivos",
    ),
    "trained_elsewhere_fix": (
        "To keep both: {command}; to forget this model and start afresh, add --overwrite instead",
        "Para conservar ambos: {command}; para olvidar este modelo y empezar de nuevo, añada en "
        "su lugar --overwrite",
    ),
    "no_model": ("there is no trained model here", "aquí no hay ningún modelo entrenado"),
    "no_model_fix": (
        "Name a model folder such as runs/first/model, or train first: "
        "tamiz train SOURCE --out RUN",
        "Indique una carpeta de modelo como runs/first/model o entrene antes: "
        "tamiz train FUENTE --out CARPETA",
    ),
    "no_run": ("there is no run here", "aquí no hay ninguna ejecución"),
    "no_run_fix": (
        "Name the folder that you gave as --out",
        "Indique la carpeta que dio como --out",
    ),
}
