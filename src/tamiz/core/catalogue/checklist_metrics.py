"""Words of the items of METRICS, our own."""

TEXTS = {
    "s_design": ("Study design", "Diseño del estudio"),
    "s_imaging": ("Imaging data", "Datos de imagen"),
    "s_segmentation": ("Segmentation", "Segmentación"),
    "s_processing": (
        "Image processing and feature extraction",
        "Procesado de imagen y extracción de características",
    ),
    "s_features": ("Feature processing", "Procesado de características"),
    "s_preparation": ("Preparation for modelling", "Preparación para modelar"),
    "s_comparison": ("Metrics and comparison", "Medidas y comparación"),
    "s_testing": ("Testing", "Prueba"),
    "s_open_science": ("Open science", "Ciencia abierta"),
    "n_1": ("A reporting guideline was followed", "Se siguió una guía de publicación"),
    "a_1": (
        "which one; this list and CLAIM are only prefilled.",
        "cuál; esta lista y CLAIM solo están prerrellenadas.",
    ),
    "n_2": (
        "Eligibility that gives a representative sample",
        "Elegibilidad que da una muestra representativa",
    ),
    "a_2": (
        "the clinical criteria, and whether the sample represents the patients meant.",
        "los criterios clínicos y si la muestra representa a los pacientes previstos.",
    ),
    "n_3": (
        "Reference standard of high quality, clearly defined",
        "Patrón de referencia de calidad y bien definido",
    ),
    "a_3": ("what decided the class of each case.", "qué decidió la clase de cada caso."),
    "n_4": ("More than one centre", "Más de un centro"),
    "a_4": (
        "how many institutions the images are from; the data name no centre.",
        "de cuántas instituciones son las imágenes; los datos no nombran ningún centro.",
    ),
    "n_5": ("Imaging that is in clinical use", "Imagen de uso clínico"),
    "a_5": (
        "whether the images were taken as guidelines of care demand.",
        "si las imágenes se tomaron como piden las guías clínicas.",
    ),
    "n_6": ("Imaging protocol with its parameters", "Protocolo de imagen con sus parámetros"),
    "a_6": (
        "devices, protocol and acquisition settings.",
        "equipos, protocolo y parámetros de adquisición.",
    ),
    "n_7": (
        "Time between image and reference standard",
        "Tiempo entre imagen y patrón de referencia",
    ),
    "a_7": (
        "the interval, and whether it is short enough.",
        "el intervalo y si es bastante corto.",
    ),
    "n_8": ("Description of the segmentation", "Descripción de la segmentación"),
    "a_8": ("how regions were drawn.", "cómo se trazaron las regiones."),
    "n_9": ("Evaluation of automatic segmentation", "Evaluación de la segmentación automática"),
    "a_9": ("its agreement with an expert.", "su acuerdo con un experto."),
    "n_10": (
        "Test masks by one reader or one tool",
        "Máscaras de prueba de un lector o una herramienta",
    ),
    "a_10": (
        "who drew the masks of the test part.",
        "quién trazó las máscaras de la parte de prueba.",
    ),
    "n_11": ("Suitable preprocessing, described", "Preprocesado adecuado y descrito"),
    "a_11": ("that these steps suit the modality.", "que estos pasos convienen a la modalidad."),
    "n_12": ("Standardised software for features", "Programa normalizado para las características"),
    "n_13": (
        "Parameters of feature extraction or of the network",
        "Parámetros de la extracción o de la red",
    ),
    "n_14": ("Removal of features that are not robust", "Retirada de características no robustas"),
    "a_14": ("how stability was judged.", "cómo se juzgó la estabilidad."),
    "n_15": ("Removal of redundant features", "Retirada de características redundantes"),
    "a_15": ("how features were selected.", "cómo se seleccionaron."),
    "n_16": (
        "Number of features that suits the data",
        "Número de características acorde con los datos",
    ),
    "a_16": ("how many features remain for how many cases.", "cuántas quedan para cuántos casos."),
    "n_17": (
        "Robustness of the network, by repeated or disturbed images",
        "Robustez de la red, con imágenes repetidas o alteradas",
    ),
    "a_17": (
        "a test with repeated scans or disturbed images, or that none was made.",
        "una prueba con exploraciones repetidas o imágenes alteradas, o que no se hizo.",
    ),
    "n_18": ("Sound division of the data", "División correcta de los datos"),
    "a_18": (
        "that parts are disjoint by patient; the run cannot show it.",
        "que las partes son disjuntas por paciente; la ejecución no puede mostrarlo.",
    ),
    "n_19": ("Confounding factors", "Factores de confusión"),
    "a_19": (
        "age, sex, device and severity in each class.",
        "edad, sexo, equipo y gravedad en cada clase.",
    ),
    "n_20": ("Suitable measures of performance", "Medidas de rendimiento adecuadas"),
    "n_21": ("Uncertainty", "Incertidumbre"),
    "n_22": ("Calibration", "Calibración"),
    "n_23": (
        "One kind of image, or proof that it is worse",
        "Un solo tipo de imagen, o prueba de que es peor",
    ),
    "a_23": (
        "whether all images are of one modality and sequence.",
        "si todas las imágenes son de una modalidad y secuencia.",
    ),
    "n_24": (
        "Comparison with current practice, or added value",
        "Comparación con la práctica actual, o valor añadido",
    ),
    "a_24": (
        "how readers or scores in use do on the same cases.",
        "cómo lo hacen lectores o escalas en uso con los mismos casos.",
    ),
    "n_25": ("Comparison with simple models", "Comparación con modelos simples"),
    "n_26": ("Internal testing", "Prueba interna"),
    "n_27": ("External testing", "Prueba externa"),
    "a_27": (
        "that the external set is of another institution.",
        "que el conjunto externo es de otra institución.",
    ),
    "n_28": ("Availability of the data", "Disponibilidad de los datos"),
    "a_28": ("whether and where they are public.", "si son públicos y dónde."),
    "n_29": ("Availability of the code", "Disponibilidad del código"),
    "a_29": (
        "whether and where recipe and code are public.",
        "si receta y código son públicos y dónde.",
    ),
    "n_30": ("Availability of the model", "Disponibilidad del modelo"),
    "a_30": (
        "whether and where the model's folder is public.",
        "si la carpeta del modelo es pública y dónde.",
    ),
}
