"""Texts of operating points: thresholds, costs and withheld answers."""

TEXTS = {
    # wrong use
    "unknown_rule": (
        "there is no way to decide called '{rule}'",
        "no hay ninguna forma de decidir llamada «{rule}»",
    ),
    "unknown_rule_fix": (
        "Use most-probable, sensitivity:0.95, specificity:0.9, f1, youden or cost",
        "Use most-probable, sensitivity:0.95, specificity:0.9, f1, youden o cost",
    ),
    "bad_target": (
        "'{rule}' needs a share above 0 and at most 1",
        "«{rule}» necesita una parte mayor que 0 y como mucho 1",
    ),
    "bad_target_fix": ("Write sensitivity:0.95, say", "Escriba, por ejemplo, sensitivity:0.95"),
    "unknown_positive": (
        "there is no class called '{name}'",
        "no hay ninguna clase llamada «{name}»",
    ),
    "unknown_positive_fix": ("The classes are: {known}", "Las clases son: {known}"),
    "no_positive": (
        "'{rule}' needs to know which class is looked for, and there are more than two",
        "«{rule}» necesita saber qué clase se busca, y hay más de dos",
    ),
    "no_positive_fix": (
        "Name one of them with --positive: {known}",
        "Nombre una de ellas con --positive: {known}",
    ),
    "costs_alone": (
        "costs and decide = cost belong together; decide is '{rule}'",
        "los costes y decide = cost van juntos; decide es «{rule}»",
    ),
    "costs_alone_fix": (
        "Give evaluate.costs and evaluate.decide = cost, or neither",
        "Indique evaluate.costs y evaluate.decide = cost, o ninguno de los dos",
    ),
    "unknown_cost": (
        "there is no class called '{name}'",
        "no hay ninguna clase llamada «{name}»",
    ),
    "unknown_cost_fix": ("The classes are: {known}", "Las clases son: {known}"),
    "bad_cost": (
        "{found} is no cost",
        "{found} no es un coste",
    ),
    "bad_cost_fix": (
        "Write a table of true class, predicted class and a number from 0 on, not all 0: "
        "costs = {{ sick = {{ healthy = 10 }} }}",
        "Escriba una tabla de clase verdadera, clase predicha y un número desde 0, no todos 0: "
        "costs = {{ enfermo = {{ sano = 10 }} }}",
    ),
    "several_labels": (
        "images with several labels have a threshold for each label, chosen on validation",
        "las imágenes con varias etiquetas tienen un umbral para cada una, elegido en validación",
    ),
    "several_labels_fix": (
        "Leave evaluate.decide, positive and abstain out",
        "Quite evaluate.decide, positive y abstain",
    ),
    "no_val": (
        "there are no validation images to set the limit on",
        "no hay imágenes de validación con las que fijar el límite",
    ),
    "no_val_fix": (
        "Split with a validation part (split.val_fraction), or leave the option out",
        "Divida con una parte de validación (split.val_fraction) o quite la opción",
    ),
    # rules
    "rule_most_probable": ("most probable class", "clase más probable"),
    "rule_sensitivity": ("sensitivity {target:g} %", "sensibilidad {target:g} %"),
    "rule_specificity": ("specificity {target:g} %", "especificidad {target:g} %"),
    "rule_f1": ("best F1", "mejor F1"),
    "rule_youden": ("best Youden index", "mejor índice de Youden"),
    "rule_cost": ("lowest cost", "menor coste"),
    "chosen": ("{rule} (chosen)", "{rule} (elegido)"),
    # points
    "title": ("Operating points", "Puntos de operación"),
    "how": (
        "'{positive}' is the class looked for. Every threshold was chosen on the validation part "
        "({n:,} {n:image|images}, {n_positive:,} of them '{positive}') and only measured here.",
        "Se busca la clase «{positive}». Cada umbral se eligió con la parte de validación ({n:,} "
        "{n:imagen|imágenes}, {n_positive:,} de ellas «{positive}») y aquí solo se midió.",
    ),
    "how_stored": (
        "'{positive}' is the class looked for. There is no validation part here; the threshold is "
        "the one stored with the model.",
        "Se busca la clase «{positive}». Aquí no hay parte de validación; el umbral es el "
        "guardado con el modelo.",
    ),
    "how_folds": (
        "The thresholds were chosen on the folds' validation parts; their images were held out "
        "from other networks of the same cross-validation, so these figures can be slightly too "
        "good. They are those of single networks, not of the ensemble.",
        "Los umbrales se eligieron con las partes de validación de los pliegues; sus imágenes se "
        "apartaron de otras redes de la misma validación cruzada, así que estas cifras pueden ser "
        "algo optimistas. Son de redes sueltas, no del conjunto.",
    ),
    "patients": (
        "These are figures of patients, the mean of their images. Prediction answers image by "
        "image, so no threshold is stored with the model.",
        "Estas cifras son de pacientes, la media de sus imágenes. La predicción responde imagen a "
        "imagen, así que no se guarda ningún umbral con el modelo.",
    ),
    "points_caption": (
        "What each way of deciding gives on {part}, {confidence:.0%} intervals over groups; {n:,} "
        "{n:image|images}, {n_groups:,} {n_groups:group|groups}",
        "Lo que da cada forma de decidir en {part}, intervalos del {confidence:.0%} por grupos; "
        "{n:,} {n:imagen|imágenes}, {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "counts_caption": (
        "The same points: F1, accuracy of the yes or no, share that is flagged, and counts",
        "Los mismos puntos: F1, exactitud del sí o no, parte señalada y recuentos",
    ),
    "prevalence_caption": (
        "Predictive values where {prevalence:.1%} have the class, by Bayes' theorem from "
        "sensitivity and specificity; here {here:.1%} have it",
        "Valores predictivos donde el {prevalence:.1%} tiene la clase, por el teorema de Bayes a "
        "partir de sensibilidad y especificidad; aquí la tiene el {here:.1%}",
    ),
    "point": ("Decision", "Decisión"),
    "threshold": ("Threshold", "Umbral"),
    "sensitivity": ("Sensitivity", "Sensibilidad"),
    "specificity": ("Specificity", "Especificidad"),
    "ppv": ("PPV", "VPP"),
    "npv": ("NPV", "VPN"),
    "f1": ("F1", "F1"),
    "accuracy": ("Accuracy", "Exactitud"),
    "flagged": ("Flagged", "Señaladas"),
    "tp": ("TP", "VP"),
    "fp": ("FP", "FP"),
    "fn": ("FN", "FN"),
    "tn": ("TN", "VN"),
    "guaranteed": (
        "A sensitivity of {target:g} % is reached on the {n:,} validation {n:image|images} of "
        "'{positive}'; for new images that is an expectation, no guarantee. With 95 % certainty, "
        "each of the {groups:,} {groups:group|groups} counted once, it is at least {bound:.1%}.",
        "Una sensibilidad del {target:g} % se alcanza en {n:la|las} {n:,} {n:imagen|imágenes} de "
        "validación de «{positive}»; para imágenes nuevas es una expectativa, no una garantía. Con "
        "una certeza del 95 %, contando una vez cada uno de los {groups:,} {groups:grupo|grupos}, "
        "es al menos el {bound:.1%}.",
    ),
    "cannot_guarantee": (
        "validation has {n:,} {n:image|images} of '{positive}' in {groups:,} "
        "{groups:group|groups}; no threshold set on so few can guarantee a sensitivity of "
        "{target:g} % ({needed:,} are needed)",
        "la validación tiene {n:,} {n:imagen|imágenes} de «{positive}» en {groups:,} "
        "{groups:grupo|grupos}; ningún umbral fijado con tan pocas puede garantizar una "
        "sensibilidad del {target:g} % (hacen falta {needed:,})",
    ),
    "cannot_guarantee_advice": (
        "Collect more images of that class, or state what is guaranteed",
        "Reúna más imágenes de esa clase o declare lo que sí se garantiza",
    ),
    "missed": (
        "{rate} was to be at least {target:g} % and was so on validation; on {part} it is {found}",
        "{rate} debía ser al menos del {target:g} % y lo fue en validación; en {part} es {found}",
    ),
    "missed_advice": (
        "Validation images are not quite like these, or too few. Ask for a higher target, or set "
        "the threshold on more images",
        "Las imágenes de validación no son del todo como estas, o son pocas. Pida un objetivo más "
        "alto o fije el umbral con más imágenes",
    ),
    "no_threshold": (
        "validation has no image of '{positive}', or none without it: no threshold could be "
        "chosen, and the most probable class is answered",
        "la validación no tiene ninguna imagen de «{positive}», o ninguna sin ella: no se pudo "
        "elegir un umbral y se responde la clase más probable",
    ),
    "no_threshold_advice": (
        "Split so that validation has both (split.val_fraction, split.seed)",
        "Divida de modo que la validación tenga de ambas (split.val_fraction, split.seed)",
    ),
    "summary": (
        "Decision: {rule}, threshold {threshold:.4f}. Sensitivity {sensitivity}, specificity "
        "{specificity} on {part}.",
        "Decisión: {rule}, umbral {threshold:.4f}. Sensibilidad {sensitivity}, especificidad "
        "{specificity} en {part}.",
    ),
    "not_defined": ("not defined", "no definida"),
    "with_interval": (
        "{value:.3f} ({low:.3f} to {high:.3f})",
        "{value:.3f} ({low:.3f} a {high:.3f})",
    ),
    "without_interval": ("{value:.3f}", "{value:.3f}"),
    # curves
    "roc_title": ("ROC curve, {part}", "Curva ROC, {part}"),
    "roc_x": ("1 - specificity", "1 - especificidad"),
    "roc_series": ("area {area:.3f}", "área {area:.3f}"),
    "pr_title": ("Precision and recall, {part}", "Precisión y sensibilidad, {part}"),
    "pr_x": ("sensitivity (recall)", "sensibilidad"),
    "pr_y": ("PPV (precision)", "VPP (precisión)"),
    "pr_series": ("average precision {area:.3f}", "precisión media {area:.3f}"),
    "pr_base": ("all flagged", "todas señaladas"),
    "point_series": ("chosen point", "punto elegido"),
    "net_title": ("Decision curve, {part}", "Curva de decisión, {part}"),
    "net_x": ("threshold probability", "probabilidad umbral"),
    "net_y": ("net benefit", "beneficio neto"),
    "net_model": ("model", "modelo"),
    "net_all": ("treat all", "tratar a todos"),
    "net_none": ("treat none", "no tratar a nadie"),
    "net_how": (
        "Decision curve: net benefit is the share of true positives less the share of false "
        "positives weighted by the odds of the threshold probability (Vickers and Elkin 2006). "
        "The model is of use where its line lies above both others.",
        "Curva de decisión: el beneficio neto es la parte de verdaderos positivos menos la de "
        "falsos positivos, ponderada por la razón de la probabilidad umbral (Vickers y Elkin "
        "2006). El modelo es útil donde su línea queda por encima de las otras dos.",
    ),
    # costs and confusion
    "cost_caption": (
        "Mean cost per image on {part}; what is not named costs 1, a right answer 0",
        "Coste medio por imagen en {part}; lo que no se nombra cuesta 1, una respuesta correcta 0",
    ),
    "cost": ("Cost per image", "Coste por imagen"),
    "cost_difference": ("difference", "diferencia"),
    "confusion_caption": (
        "Counts with the chosen way of deciding, {part}",
        "Recuentos con la forma de decidir elegida, {part}",
    ),
    "true_class": ("True class", "Clase verdadera"),
    "no_answer": ("no answer", "sin respuesta"),
    # withheld answers
    "withheld_title": ("Answering only when sure", "Responder solo con seguridad"),
    "withheld_how": (
        "With less confidence than {limit:.4f} no answer is given. The limit was set on "
        "validation so that at most {share:.1%} of its images go without; here {n:,} of {all:,} "
        "do.",
        "Con menos confianza que {limit:.4f} no se da respuesta. El límite se fijó con la "
        "validación para que como mucho el {share:.1%} de sus imágenes quede sin ella; aquí "
        "quedan {n:,} de {all:,}.",
    ),
    "withheld_stored": (
        "With less confidence than {limit:.4f}, the limit stored with the model, no answer is "
        "given; here {n:,} of {all:,} {all:image|images} {n:goes|go} without.",
        "Con menos confianza que {limit:.4f}, el límite guardado con el modelo, no se da "
        "respuesta; aquí quedan sin ella {n:,} de {all:,} {all:imagen|imágenes}.",
    ),
    "withheld_none": (
        "Every image is answered. The curve shows what withholding the least sure answers would "
        "give (evaluate.abstain).",
        "Se responde a todas las imágenes. La curva muestra qué daría callar las respuestas menos "
        "seguras (evaluate.abstain).",
    ),
    "withheld_caption": ("Withheld answers on {part}", "Respuestas retenidas en {part}"),
    "what": ("What", "Qué"),
    "figure": ("Figure", "Cifra"),
    "coverage": ("share answered", "parte respondida"),
    "accuracy_answered": ("accuracy of the answered", "exactitud de las respondidas"),
    "accuracy_all": ("accuracy if all are answered", "exactitud si se responden todas"),
    "area": (
        "mean share of wrong answers over all coverages (AURC)",
        "parte media de respuestas erróneas en todas las coberturas (AURC)",
    ),
    "curve_title": ("Wrong answers against coverage, {part}", "Errores según cobertura, {part}"),
    "curve_x": ("share answered, the surest first", "parte respondida, primero lo más seguro"),
    "curve_y": ("share of wrong answers", "parte de respuestas erróneas"),
    "curve_series": ("model", "modelo"),
    "withheld_summary": (
        "No answer on {n:,} of {all:,} {all:image|images} of {part}; accuracy of the rest: "
        "{accuracy}.",
        "Sin respuesta en {n:,} de {all:,} {all:imagen|imágenes} de {part}; exactitud del resto: "
        "{accuracy}.",
    ),
    # predict
    "predict_how": (
        "Answers follow the decision stored with the model: {rule}.",
        "Las respuestas siguen la decisión guardada con el modelo: {rule}.",
    ),
    "predict_how_threshold": (
        "Answers follow the decision stored with the model: {rule}, '{positive}' from a "
        "probability of {value:.4f} on.",
        "Las respuestas siguen la decisión guardada con el modelo: {rule}, «{positive}» desde una "
        "probabilidad de {value:.4f}.",
    ),
    "predict_withheld": (
        "No answer on {n:,} of {all:,} {all:image|images}: confidence below {limit:.4f}.",
        "Sin respuesta en {n:,} de {all:,} {all:imagen|imágenes}: confianza inferior a "
        "{limit:.4f}.",
    ),
}
