"""Texts of metrics, their tables and charts."""

TEXTS = {
    "column_test": ("test", "prueba"),
    "column_val": ("val", "validación"),
    "column_prior": ("prior", "solo frecuencias"),
    "column_even": ("prior (classes alike)", "a priori (clases por igual)"),
    "column_mean_pooling": ("mean of tiles", "media de teselas"),
    "column_nearest_thumbnail": ("nearest thumbnail", "miniatura más próxima"),
    "column_descriptors": ("descriptors", "descriptores"),
    "column_usual_set": ("most frequent set", "conjunto más frecuente"),
    "f1_samples": ("Mean F1 per image", "F1 medio por imagen"),
    "f1_micro": ("F1, micro", "F1, micro"),
    "mean_average_precision": (
        "Mean average precision (mAP)",
        "Media de la precisión promedio (mAP)",
    ),
    "average_precision": ("Average precision", "Precisión promedio"),
    "exact_match": ("All labels right", "Todas las etiquetas bien"),
    "hamming_loss": ("Labels wrong (Hamming loss)", "Etiquetas mal (pérdida de Hamming)"),
    "few_groups": (
        "no interval: {n:,} {n:group|groups}, at least {needed} are needed",
        "sin intervalo: {n:,} {n:grupo|grupos}, hacen falta al menos {needed}",
    ),
    "not_defined": (
        "not defined for these images",
        "no está definido con estas imágenes",
    ),
    "nothing_in_common": (
        "no image was judged by both",
        "ninguna imagen fue juzgada por ambos",
    ),
    "never_predicted": ("never predicted", "nunca predicha"),
    "accuracy": ("Accuracy", "Exactitud (accuracy)"),
    "balanced_accuracy": ("Balanced accuracy", "Exactitud balanceada"),
    "precision_macro": ("Precision, macro", "Precisión, macro"),
    "recall_macro": ("Recall, macro", "Sensibilidad (recall), macro"),
    "f1_macro": ("F1, macro", "F1, macro"),
    "precision_weighted": ("Precision, weighted", "Precisión, ponderada"),
    "recall_weighted": ("Recall, weighted", "Sensibilidad (recall), ponderada"),
    "f1_weighted": ("F1, weighted", "F1, ponderado"),
    "log_loss": ("Log loss", "Pérdida logarítmica (log loss)"),
    "weighted_log_loss": ("Log loss, classes equal", "Log loss, clases por igual"),
    "auroc": ("AUROC", "AUROC"),
    "brier": ("Brier score", "Puntuación de Brier"),
    "ece": ("Calibration error (ECE)", "Error de calibración (ECE)"),
    "precision": ("Precision", "Precisión"),
    "recall": ("Recall", "Sensibilidad (recall)"),
    "f1": ("F1", "F1"),
    "support": ("Support", "Soporte"),
    "predicted": ("Predicted", "Predichas"),
    "metric": ("Metric", "Métrica"),
    "class": ("Class", "Clase"),
    "macro": ("macro average", "media macro"),
    "weighted": ("weighted average", "media ponderada"),
    "val": ("val", "val"),
    "test": ("test", "test"),
    "lower_is_better": ("{name} ↓", "{name} ↓"),
    "headline_caption": (
        "Figures with {confidence:.0%} intervals. ↓: lower is better. {n:,} test {n:image|images} "
        "in {n_groups:,} {n_groups:group|groups}",
        "Cifras con intervalos del {confidence:.0%}. ↓: menor es mejor. {n:,} {n:imagen|imágenes} "
        "de test en {n_groups:,} {n_groups:grupo|grupos}",
    ),
    "class_caption": (
        "Per class, {part}. Averages run over the classes that occur; support is the number of "
        "images of the class",
        "Por clase, {part}. Las medias abarcan las clases presentes; el soporte es el número de "
        "imágenes de la clase",
    ),
    "confusion_counts": (
        "Confusion matrix, {part}: images. Rows are true classes, columns predicted ones",
        "Matriz de confusión, {part}: imágenes. Filas: clase verdadera; columnas: clase predicha",
    ),
    "confusion_rates": (
        "Confusion matrix, {part}: share of each true class",
        "Matriz de confusión, {part}: parte de cada clase verdadera",
    ),
    "confusion_frequent": (
        "Most frequent confusions, {part}: {n:,} of {n_pairs:,} {n_pairs:pair|pairs}. A matrix of "
        "{n_classes:,} {n_classes:class|classes} would be unreadable; it is drawn up to {limit}",
        "Confusiones más frecuentes, {part}: {n:,} de {n_pairs:,} {n_pairs:par|pares}. Una matriz "
        "de {n_classes:,} {n_classes:clase|clases} sería ilegible; se dibuja hasta {limit}",
    ),
    "confused_true": ("True class", "Clase verdadera"),
    "confused_with": ("Predicted class", "Clase predicha"),
    "confused_images": ("Images", "Imágenes"),
    "confused_share": ("Share of the true class", "Parte de la clase verdadera"),
    "true_class": ("true ↓ predicted →", "verdadera ↓ predicha →"),
    "reliability": (
        "Reliability, {part}: is the model right as often as it says?",
        "Fiabilidad, {part}: ¿acierta el modelo tanto como dice?",
    ),
    "confidence": (
        "mean probability of the predicted class",
        "probabilidad media de la clase predicha",
    ),
    "share_right": ("share predicted right", "parte de aciertos"),
    "share_right_n": ("right (n = {n:,})", "aciertos (n = {n:,})"),
}
