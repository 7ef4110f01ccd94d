"""Words of the items of CLAIM 2024, our own."""

TEXTS = {
    "s_title": ("Title and abstract", "Título y resumen"),
    "s_introduction": ("Introduction", "Introducción"),
    "s_design": ("Methods: study design", "Métodos: diseño del estudio"),
    "s_data": ("Methods: data", "Métodos: datos"),
    "s_reference": ("Methods: reference standard", "Métodos: patrón de referencia"),
    "s_partitions": ("Methods: data partitions", "Métodos: partición de los datos"),
    "s_testing": ("Methods: testing data", "Métodos: datos de prueba"),
    "s_model": ("Methods: model", "Métodos: modelo"),
    "s_training": ("Methods: training", "Métodos: entrenamiento"),
    "s_evaluation": ("Methods: evaluation", "Métodos: evaluación"),
    "s_results": ("Results", "Resultados"),
    "s_discussion": ("Discussion", "Discusión"),
    "s_other": ("Other information", "Otra información"),
    "n_1": (
        "Named as a study of AI, with the kind of technique",
        "Identificado como estudio de IA, con el tipo de técnica",
    ),
    "a_1": (
        "say so in the title or the abstract, with the disease and the modality.",
        "dígalo en el título o el resumen, con la enfermedad y la modalidad.",
    ),
    "n_2": (
        "Abstract with design, methods, results and conclusions",
        "Resumen con diseño, métodos, resultados y conclusiones",
    ),
    "a_2": (
        "the design of the study and your conclusion.",
        "el diseño del estudio y su conclusión.",
    ),
    "n_3": (
        "Background, and the use and role intended for the model",
        "Antecedentes, y el uso y papel previstos para el modelo",
    ),
    "a_3": (
        "the clinical problem, who would use the model, when, and instead of or beside what.",
        "el problema clínico, quién usaría el modelo, cuándo, y en lugar o al lado de qué.",
    ),
    "n_4": ("Aims, objectives and hypotheses", "Fines, objetivos e hipótesis"),
    "a_4": (
        "what the study was to find out, and what was expected before looking.",
        "qué debía averiguar el estudio y qué se esperaba antes de mirar.",
    ),
    "n_5": ("Prospective or retrospective", "Prospectivo o retrospectivo"),
    "a_5": (
        "whether the images were gathered for this study or existed before.",
        "si las imágenes se reunieron para este estudio o ya existían.",
    ),
    "n_6": ("Goal of the study", "Meta del estudio"),
    "n_7": ("Where the data come from", "De dónde vienen los datos"),
    "a_7": (
        "hospitals, countries, dates, and whether the data are public.",
        "hospitales, países, fechas y si los datos son públicos.",
    ),
    "n_8": ("Who was included and excluded", "Quién se incluyó y quién se excluyó"),
    "a_8": (
        "the clinical criteria by which patients entered the data set.",
        "los criterios clínicos con que los pacientes entraron en el conjunto.",
    ),
    "n_9": ("Preprocessing of the images", "Preprocesado de las imágenes"),
    "n_10": ("Choice of subsets of the data", "Elección de subconjuntos de los datos"),
    "n_11": ("De-identification", "Desidentificación"),
    "a_11": (
        "how and by whom identities were removed, and whether anything is burnt into the pixels.",
        "cómo y quién quitó las identidades, y si queda algo grabado en los píxeles.",
    ),
    "n_12": ("How missing data were handled", "Cómo se trataron los datos que faltan"),
    "n_13": ("How the images were acquired", "Cómo se adquirieron las imágenes"),
    "a_13": (
        "modality, devices, protocol and acquisition settings.",
        "modalidad, equipos, protocolo y parámetros de adquisición.",
    ),
    "n_14": ("How the reference standard was obtained", "Cómo se obtuvo el patrón de referencia"),
    "a_14": (
        "what decided the class of a case (biopsy, follow-up, a reader, a report).",
        "qué decidió la clase de cada caso (biopsia, seguimiento, un lector, un informe).",
    ),
    "n_15": ("Why this reference standard", "Por qué ese patrón de referencia"),
    "a_15": (
        "why it was chosen among the alternatives, and its known errors.",
        "por qué se eligió entre las alternativas y sus errores conocidos.",
    ),
    "n_16": ("Who annotated", "Quién anotó"),
    "a_16": (
        "number, speciality and experience of the annotators, and their tools.",
        "número, especialidad y experiencia de los anotadores, y sus herramientas.",
    ),
    "n_17": ("How the test set was annotated", "Cómo se anotó el conjunto de prueba"),
    "a_17": (
        "whether test cases were annotated in another way or more carefully than the others.",
        "si los casos de prueba se anotaron de otro modo o con más cuidado que los demás.",
    ),
    "n_18": (
        "Variability between and within annotators",
        "Variabilidad entre anotadores y de cada uno",
    ),
    "a_18": (
        "agreement between readers, and how disagreements were settled.",
        "acuerdo entre lectores y cómo se resolvieron los desacuerdos.",
    ),
    "n_19": ("How data were assigned to parts", "Cómo se asignaron los datos a las partes"),
    "n_20": ("At which level the parts are disjoint", "En qué nivel son disjuntas las partes"),
    "n_21": ("Intended size of the test set", "Tamaño previsto del conjunto de prueba"),
    "a_21": (
        "whether a size was planned, and how it was worked out.",
        "si se planeó un tamaño y cómo se calculó.",
    ),
    "n_22": (
        "Description of the model, its input and output",
        "Descripción del modelo, su entrada y su salida",
    ),
    "n_23": ("Software, libraries and versions", "Programas, bibliotecas y versiones"),
    "n_24": ("How parameters were initialised", "Cómo se iniciaron los parámetros"),
    "n_25": ("How the model was trained", "Cómo se entrenó el modelo"),
    "n_26": ("How the final model was chosen", "Cómo se eligió el modelo final"),
    "n_27": ("Ensembling", "Conjunto de modelos"),
    "n_28": ("Measures of performance", "Medidas de rendimiento"),
    "n_29": (
        "Statistical uncertainty and significance",
        "Incertidumbre y significación estadística",
    ),
    "n_30": ("Robustness or sensitivity analysis", "Análisis de robustez o sensibilidad"),
    "n_31": ("Explainability", "Explicabilidad"),
    "n_32": ("Evaluation on internal data", "Evaluación con datos internos"),
    "n_33": ("Testing on external data", "Prueba con datos externos"),
    "n_34": ("Registration of a clinical trial", "Registro de ensayo clínico"),
    "a_34": (
        "registry and number, or that the study is no clinical trial.",
        "registro y número, o que el estudio no es un ensayo clínico.",
    ),
    "n_35": ("Numbers included and excluded", "Números de incluidos y excluidos"),
    "n_36": (
        "Demographic and clinical characteristics per part",
        "Características demográficas y clínicas por parte",
    ),
    "a_36": (
        "age, sex and severity of the cases of each part.",
        "edad, sexo y gravedad de los casos de cada parte.",
    ),
    "n_37": ("Performance with its uncertainty", "Rendimiento con su incertidumbre"),
    "n_38": (
        "Diagnostic performance per class and its precision",
        "Rendimiento diagnóstico por clase y su precisión",
    ),
    "n_39": ("Analysis of failures", "Análisis de fallos"),
    "n_40": ("Limitations", "Limitaciones"),
    "a_40": (
        "limitations of the cases, the labels and the setting, which the files do not show.",
        "limitaciones de los casos, las etiquetas y el entorno, que los archivos no muestran.",
    ),
    "n_41": (
        "Implications for practice, intended use and role",
        "Implicaciones para la práctica, uso y papel previstos",
    ),
    "a_41": (
        "what would change for patients and readers, and what is needed before.",
        "qué cambiaría para pacientes y lectores, y qué hace falta antes.",
    ),
    "n_42": (
        "Reference to the protocol or technical details",
        "Referencia al protocolo o a los detalles técnicos",
    ),
    "a_42": (
        "where the protocol can be read, or that there is none.",
        "dónde se puede leer el protocolo, o que no lo hay.",
    ),
    "n_43": (
        "Availability of software, model and data",
        "Disponibilidad del programa, el modelo y los datos",
    ),
    "a_43": (
        "whether model, data and recipe are shared, where, and under which licence.",
        "si modelo, datos y receta se comparten, dónde y con qué licencia.",
    ),
    "n_44": ("Funding and the role of funders", "Financiación y papel de quienes financian"),
    "a_44": ("who paid, and what say they had.", "quién pagó y qué intervención tuvo."),
}
