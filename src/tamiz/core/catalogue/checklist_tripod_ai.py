"""Words of the items of TRIPOD+AI, our own."""

TEXTS = {
    "s_title": ("Title and abstract", "Título y resumen"),
    "s_introduction": ("Introduction", "Introducción"),
    "s_data": ("Methods: data and participants", "Métodos: datos y participantes"),
    "s_outcome": ("Methods: outcome", "Métodos: desenlace"),
    "s_predictors": ("Methods: predictors", "Métodos: predictores"),
    "s_analysis": (
        "Methods: sample size, missing data and analysis",
        "Métodos: tamaño, datos que faltan y análisis",
    ),
    "s_ethics": ("Methods: ethics", "Métodos: ética"),
    "s_open_science": ("Open science", "Ciencia abierta"),
    "s_public": ("Patient and public involvement", "Participación de pacientes y público"),
    "s_results": ("Results", "Resultados"),
    "s_discussion": ("Discussion", "Discusión"),
    "n_1": (
        "Title: a prediction model, for whom and for what",
        "Título: un modelo de predicción, para quién y de qué",
    ),
    "a_1": (
        "name population and outcome in the title, and that a model is developed and evaluated.",
        "nombre en el título la población y el desenlace, y que se desarrolla y evalúa un modelo.",
    ),
    "n_2": ("Abstract by the list for abstracts", "Resumen según la lista para resúmenes"),
    "a_2": (
        "context, population, outcome and interpretation.",
        "contexto, población, desenlace e interpretación.",
    ),
    "n_3a": (
        "Context of care, rationale and existing models",
        "Contexto asistencial, justificación y modelos existentes",
    ),
    "a_3a": (
        "diagnosis or prognosis, why another model, and which there are already.",
        "diagnóstico o pronóstico, por qué otro modelo y cuáles existen ya.",
    ),
    "n_3b": ("Target population, purpose and users", "Población, propósito y usuarios"),
    "a_3b": (
        "for whom the model is, at which point of care, and who would use it.",
        "para quién es el modelo, en qué punto de la atención y quién lo usaría.",
    ),
    "n_3c": ("Known inequalities in health", "Desigualdades conocidas en salud"),
    "a_3c": (
        "inequalities between groups of people that concern this disease.",
        "desigualdades entre grupos de personas que atañen a esta enfermedad.",
    ),
    "n_4": (
        "Objectives: development, evaluation or both",
        "Objetivos: desarrollo, evaluación o ambos",
    ),
    "a_4": (
        "the question of the study in its clinical terms.",
        "la pregunta del estudio en términos clínicos.",
    ),
    "n_5a": (
        "Sources of the data, and what they represent",
        "Fuentes de los datos y qué representan",
    ),
    "a_5a": (
        "kind of source (trial, cohort, routine care), why it was used, whom it represents.",
        "tipo de fuente (ensayo, cohorte, rutina), por qué se usó y a quién representa.",
    ),
    "n_5b": ("Dates of data collection", "Fechas de recogida de los datos"),
    "a_5b": (
        "first and last date of inclusion, and of follow-up if any.",
        "primera y última fecha de inclusión, y del seguimiento si lo hay.",
    ),
    "n_6a": ("Setting, number and place of centres", "Entorno, número y lugar de los centros"),
    "a_6a": (
        "level of care, and where the centres are.",
        "nivel asistencial y dónde están los centros.",
    ),
    "n_6b": ("Eligibility of participants", "Criterios de elegibilidad"),
    "a_6b": (
        "the clinical criteria by which patients entered.",
        "los criterios clínicos con que entraron los pacientes.",
    ),
    "n_6c": ("Treatments received", "Tratamientos recibidos"),
    "a_6c": (
        "treatments that could change the image or the outcome, or that there are none.",
        "tratamientos que puedan cambiar la imagen o el desenlace, o que no los hay.",
    ),
    "n_7": (
        "Preparation and quality checks of the data",
        "Preparación y control de calidad de los datos",
    ),
    "n_8a": ("Outcome: definition, time and method", "Desenlace: definición, momento y método"),
    "a_8a": (
        "what defines each class, when it was assessed, and whether alike for all kinds of people.",
        "qué define cada clase, cuándo se determinó y si igual para todos los grupos de personas.",
    ),
    "n_8b": ("Who assessed the outcome", "Quién determinó el desenlace"),
    "a_8b": (
        "qualification of the assessors, where judgement was needed.",
        "cualificación de los evaluadores, si hubo que interpretar.",
    ),
    "n_8c": (
        "Blinding of the assessment of the outcome",
        "Enmascaramiento al determinar el desenlace",
    ),
    "a_8c": ("what the assessors knew when they judged.", "qué sabían los evaluadores al juzgar."),
    "n_9a": ("Choice of the predictors", "Elección de los predictores"),
    "n_9b": (
        "Definition of the predictors, how and when measured",
        "Definición de los predictores, cómo y cuándo se midieron",
    ),
    "a_9b": ("how and when the images were taken.", "cómo y cuándo se tomaron las imágenes."),
    "n_9c": ("Who assessed the predictors", "Quién determinó los predictores"),
    "n_10": ("Study size and its justification", "Tamaño del estudio y su justificación"),
    "a_10": (
        "how the size was arrived at, for development and for evaluation.",
        "cómo se llegó al tamaño, para desarrollar y para evaluar.",
    ),
    "n_11": ("Missing data", "Datos que faltan"),
    "n_12a": ("How the data were used and divided", "Cómo se usaron y dividieron los datos"),
    "n_12b": ("How predictors were handled", "Cómo se trataron los predictores"),
    "n_12c": (
        "Type of model, building, tuning and internal validation",
        "Tipo de modelo, construcción, ajuste y validación interna",
    ),
    "n_12d": ("Differences between clusters: method", "Diferencias entre centros o grupos: método"),
    "n_12e": ("Measures and plots of performance", "Medidas y gráficos de rendimiento"),
    "n_12f": ("Updating of the model: method", "Actualización del modelo: método"),
    "n_12g": ("How predictions were calculated", "Cómo se calcularon las predicciones"),
    "n_13": ("Class imbalance", "Clases desiguales"),
    "n_14": ("Fairness", "Equidad"),
    "a_14": (
        "which groups of people matter here, and what was done for them.",
        "qué grupos de personas importan aquí y qué se hizo por ellos.",
    ),
    "n_15": ("Output of the model, and thresholds", "Salida del modelo y umbrales"),
    "n_16": (
        "Differences between development and evaluation data",
        "Diferencias entre datos de desarrollo y de evaluación",
    ),
    "a_16": (
        "differences in setting, eligibility and outcome, or that there are none.",
        "diferencias de entorno, elegibilidad y desenlace, o que no las hay.",
    ),
    "n_17": (
        "Approval by an ethics committee, and consent",
        "Aprobación de un comité de ética y consentimiento",
    ),
    "a_17": (
        "committee, number, and consent or its waiver.",
        "comité, número, y consentimiento o su exención.",
    ),
    "n_18a": ("Funding and the role of funders", "Financiación y papel de quienes financian"),
    "a_18a": ("who paid, and what say they had.", "quién pagó y qué intervención tuvo."),
    "n_18b": ("Conflicts of interest", "Conflictos de interés"),
    "a_18b": (
        "those of every author, or that there are none.",
        "los de cada autor, o que no los hay.",
    ),
    "n_18c": ("Protocol", "Protocolo"),
    "a_18c": (
        "where it can be read, or that none was written.",
        "dónde se puede leer, o que no se escribió.",
    ),
    "n_18d": ("Registration", "Registro"),
    "a_18d": (
        "register and number, or that the study was not registered.",
        "registro y número, o que el estudio no se registró.",
    ),
    "n_18e": ("Data sharing", "Acceso a los datos"),
    "a_18e": (
        "whether, where and how the data can be had.",
        "si se pueden obtener los datos, dónde y cómo.",
    ),
    "n_18f": ("Code sharing", "Acceso al código"),
    "a_18f": (
        "where the recipe and any code of your own can be had.",
        "dónde se pueden obtener la receta y su código propio, si lo hay.",
    ),
    "n_19": ("Involvement of patients and the public", "Participación de pacientes y público"),
    "a_19": (
        "who took part in what, or that nobody did.",
        "quién participó en qué, o que no participó nadie.",
    ),
    "n_20a": ("Flow of participants", "Flujo de participantes"),
    "n_20b": ("Characteristics of the participants", "Características de los participantes"),
    "a_20b": (
        "age, sex, dates, treatments and missing values, overall and by source.",
        "edad, sexo, fechas, tratamientos y valores que faltan, en total y por fuente.",
    ),
    "n_20c": (
        "Evaluation data compared with development data",
        "Datos de evaluación comparados con los de desarrollo",
    ),
    "a_20c": (
        "the same comparison of age, sex and other characteristics.",
        "la misma comparación de edad, sexo y otras características.",
    ),
    "n_21": (
        "Participants and outcomes in each analysis",
        "Participantes y desenlaces en cada análisis",
    ),
    "n_22": (
        "The full model, so that others can use it",
        "El modelo completo, para que otros lo usen",
    ),
    "a_22": (
        "where the model's folder can be had, and any restriction.",
        "dónde se puede obtener la carpeta del modelo y qué restricciones tiene.",
    ),
    "n_23a": (
        "Performance with intervals, also of key subgroups",
        "Rendimiento con intervalos, también de subgrupos clave",
    ),
    "a_23a": (
        "figures of key subgroups, where the data name them: tamiz evaluate RUN --by COLUMN.",
        "cifras de subgrupos clave, si los datos los nombran: tamiz evaluate RUN --by COLUMN.",
    ),
    "n_23b": (
        "Differences between clusters: results",
        "Diferencias entre centros o grupos: resultados",
    ),
    "n_24": ("Updating of the model: results", "Actualización del modelo: resultados"),
    "n_25": (
        "Interpretation, with fairness and earlier studies",
        "Interpretación, con equidad y estudios previos",
    ),
    "a_25": (
        "what the results mean beside the aims and earlier studies, and for whom.",
        "qué significan los resultados frente a los objetivos y estudios previos, y para quién.",
    ),
    "n_26": ("Limitations", "Limitaciones"),
    "a_26": (
        "limitations of the sample and the setting, which the files do not show.",
        "limitaciones de la muestra y el entorno, que los archivos no muestran.",
    ),
    "n_27a": ("Poor or missing input in use", "Entradas malas o ausentes en el uso"),
    "a_27a": (
        "who sees the warnings in use, and what is done then.",
        "quién ve los avisos en el uso y qué se hace entonces.",
    ),
    "n_27b": ("What users must do and know", "Qué deben hacer y saber los usuarios"),
    "a_27b": (
        "whether users handle the images or the answer, and what training they need.",
        "si los usuarios manejan las imágenes o la respuesta, y qué formación necesitan.",
    ),
    "n_27c": ("Next steps of research", "Próximos pasos de investigación"),
    "a_27c": (
        "what must be shown before the model is used elsewhere.",
        "qué debe mostrarse antes de usar el modelo en otro lugar.",
    ),
}
