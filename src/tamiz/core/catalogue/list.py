"""Texts of `tamiz list`."""

TEXTS = {
    "title": ("What a recipe may name", "Lo que una receta puede nombrar"),
    "models": ("models", "modelos"),
    "formats": ("formats", "formatos"),
    "inputs": ("inputs", "entradas"),
    "steps": ("steps", "pasos"),
    "augmentations": ("augmentations", "aumentos"),
    "splits": ("split rules", "reglas de división"),
    "metrics": ("metrics", "métricas"),
    "fields": ("recipe fields", "campos de la receta"),
    "field": ("field", "campo"),
    "fields_of": (
        "Recipe, section [{section}]: --set {section}.FIELD=VALUE",
        "Receta, sección [{section}]: --set {section}.CAMPO=VALOR",
    ),
    "default": ("default", "por defecto"),
    "limits": ("limits", "límites"),
    "what": ("what it is", "qué es"),
    "networks": ("networks", "redes"),
    "size_px": ("side, px", "lado, px"),
    "interpolation": ("interpolation", "interpolación"),
    "has_weights": ("public weights", "pesos públicos"),
    "yes": ("yes", "sí"),
    "no": ("no", "no"),
    "more_models": (
        "and every network of timm and torchvision; see: tamiz list networks",
        "y todas las redes de timm y torchvision; véase: tamiz list networks",
    ),
    "no_network": ("no network's name is like this", "ninguna red tiene un nombre así"),
    "no_network_fix": (
        "Give part of a name (densenet), or * for any letters (vit*224)",
        "Indique parte de un nombre (densenet), o * por cualquier texto (vit*224)",
    ),
    "no_pattern": (
        "a pattern goes with 'networks' only",
        "un patrón solo va con «networks»",
    ),
    "no_pattern_fix": ("Type: tamiz list networks PATTERN", "Escriba: tamiz list networks PATRÓN"),
    # one line about each member of our own
    "models_cnn": (
        "workflow C's network: convolution and pooling in each block, then dense layers",
        "la red del flujo C: convolución y reducción en cada bloque, luego capas densas",
    ),
    "models_mlp": (
        "dense layers on the pixels, for very small images",
        "capas densas sobre los píxeles, para imágenes muy pequeñas",
    ),
    "models_small": (
        "our own convolutional network for images of 8 to 96 px",
        "nuestra red convolucional para imágenes de 8 a 96 px",
    ),
    "models_descriptors": (
        "descriptors and a classical classifier: logistic, svm, forest, boosting, knn",
        "descriptores y un clasificador clásico: logistic, svm, forest, boosting, knn",
    ),
    "models_mil": (
        "slides as bags of tiles, gated attention: labels of slides or patients only",
        "laminillas como bolsas de teselas, atención con compuertas: basta la etiqueta del caso",
    ),
    "steps_macenko": (
        "H&E stains replaced by a reference's, by optical densities (Macenko)",
        "tinciones H&E sustituidas por las de una referencia, por densidades ópticas (Macenko)",
    ),
    "steps_reinhard": (
        "mean and spread of the tissue's colours made those of a reference (Reinhard)",
        "media y dispersión de los colores del tejido igualadas a una referencia (Reinhard)",
    ),
    "augmentations_stain": (
        "more or less haematoxylin and eosin, for H&E tiles",
        "más o menos hematoxilina y eosina, para teselas H&E",
    ),
    "descriptors": ("descriptors", "descriptores"),
    "engines": ("engines", "motores"),
    "engines_local": (
        "threads of this process, and processes where threads are no help: the default",
        "hilos de este proceso, y procesos donde los hilos no ayudan: lo normal",
    ),
    "engines_processes": (
        "processes of this machine; one that dies is replaced",
        "procesos de esta máquina; si uno muere, se sustituye",
    ),
    "engines_ray": (
        "tasks on a Ray cluster (--address), or on a Ray started here",
        "tareas en un clúster de Ray (--address), o en un Ray arrancado aquí",
    ),
    "exports_mlflow": (
        "folder of an MLflow model; answers without tamiz, by onnxruntime",
        "carpeta de un modelo de MLflow; responde sin tamiz, con onnxruntime",
    ),
    "exports_safetensors": (
        "weights and JSON that tells the network operation by operation, to rebuild it elsewhere",
        "pesos y JSON que describe la red operación por operación, para rehacerla en otro lugar",
    ),
    "exports_timm": (
        "folder in the style of the Hugging Face hub, for timm.create_model('local-dir:...')",
        "carpeta al estilo de Hugging Face, para timm.create_model('local-dir:...')",
    ),
    "exports_torch_export": (
        "program of torch.export (.pt2), run by torch without tamiz",
        "programa de torch.export (.pt2), que torch ejecuta sin tamiz",
    ),
    "exports": ("export formats", "formatos de exportación"),
    "exports_onnx": (
        "one .onnx file from decoded pixels to calibrated probabilities; --int8",
        "un archivo .onnx de píxeles decodificados a probabilidades calibradas; --int8",
    ),
    "explainers": ("explainers", "métodos de explicación"),
    "explainers_attention": (
        "attention rollout, for vision transformers of timm",
        "despliegue de la atención, para transformers de visión de timm",
    ),
    "explainers_gradcam": (
        "the last feature maps weighted by what they do for the class, for convolutional networks",
        "los últimos mapas de características según lo que hacen por la clase, para redes "
        "convolucionales",
    ),
    "explainers_integrated_gradients": (
        "what each pixel adds to the score on the way from nothing to the image, for any network",
        "lo que cada píxel suma a la puntuación de la nada a la imagen, para cualquier red",
    ),
    "explainers_occlusion": (
        "by how much the probability falls when a place is hidden, for any network",
        "cuánto cae la probabilidad al ocultar un lugar, para cualquier red",
    ),
    "descriptors_colour_histogram": (
        "histograms of the channels of a colour space: RGB, HSV, Lab, YCbCr and others",
        "histogramas de los canales de un espacio de color: RGB, HSV, Lab, YCbCr y otros",
    ),
    "descriptors_edge_density": (
        "shares of pixels that lie on an edge",
        "proporción de píxeles que están en un borde",
    ),
    "descriptors_edges": (
        "steepness of grey at three scales, and the share of edges",
        "pendiente del gris en tres escalas y la parte de bordes",
    ),
    "descriptors_glcm": (
        "grey-level co-occurrence: contrast, homogeneity, entropy and four more",
        "coocurrencia de niveles de gris: contraste, homogeneidad, entropía y cuatro más",
    ),
    "descriptors_hog": (
        "histograms of oriented gradients: which way edges run, cell by cell",
        "histogramas de gradientes orientados: hacia dónde van los bordes, celda a celda",
    ),
    "descriptors_hu_moments": (
        "Hu's seven moments: how grey is spread, whatever the place, size and turn",
        "los siete momentos de Hu: cómo se reparte el gris, sin importar lugar, tamaño ni giro",
    ),
    "descriptors_lbp": (
        "uniform local binary patterns at 1 and 2 px",
        "patrones binarios locales uniformes a 1 y 2 px",
    ),
    "descriptors_stain": (
        "amount and spread of haematoxylin, eosin and the rest",
        "cantidad y dispersión de hematoxilina, eosina y el resto",
    ),
    "models_softmax": (
        "logistic regression on the pixels: the simplest, as a yardstick",
        "regresión logística sobre los píxeles: la más simple, como referencia",
    ),
    "formats_cifar": (
        "CIFAR's binary version (data_batch_1.bin)",
        "la versión binaria de CIFAR (data_batch_1.bin)",
    ),
    "formats_dicom": (
        "DICOM, in every compression that a free decoder reads",
        "DICOM, en toda compresión que lea un decodificador libre",
    ),
    "formats_idx": (
        "MNIST's own format (.idx, .ubyte)",
        "el formato propio de MNIST (.idx, .ubyte)",
    ),
    "formats_npz": (
        "NumPy's archive of arrays (.npz)",
        "el archivo de arreglos de NumPy (.npz)",
    ),
    "formats_photo": ("JPEG, PNG, GIF, BMP and WebP", "JPEG, PNG, GIF, BMP y WebP"),
    "formats_tiff": (
        "TIFF and BigTIFF up to the size of a photo",
        "TIFF y BigTIFF hasta el tamaño de una foto",
    ),
    "inputs_cifar": (
        "CIFAR-10 or CIFAR-100 in binary files, in a folder or in an archive",
        "CIFAR-10 o CIFAR-100 en archivos binarios, en una carpeta o comprimidos",
    ),
    "inputs_dicom": (
        "DICOM files: patients, studies and series from their headers",
        "archivos DICOM: pacientes, estudios y series según sus cabeceras",
    ),
    "inputs_folder": (
        "pictures in folders, or all in one",
        "imágenes en carpetas o todas en una",
    ),
    "inputs_huggingface": (
        "a data set of Hugging Face: saved by save_to_disk, or Parquet shards with images",
        "un conjunto de datos de Hugging Face: guardado con save_to_disk o en fragmentos Parquet "
        "con imágenes",
    ),
    "inputs_imagefolder": (
        "pictures beside metadata.csv, metadata.jsonl or metadata.parquet with a file_name column",
        "imágenes junto a metadata.csv, metadata.jsonl o metadata.parquet con una columna "
        "file_name",
    ),
    "inputs_webdataset": (
        "tar files of WebDataset: key.jpg with key.cls or key.json, one or many shards",
        "archivos tar de WebDataset: clave.jpg con clave.cls o clave.json, en uno o más fragmentos",
    ),
    "inputs_idx": (
        "IDX files with images and labels, alone, in a folder or in an archive",
        "archivos IDX con imágenes y etiquetas, sueltos, en una carpeta o comprimidos",
    ),
    "inputs_npz": (
        "one .npz with images and labels, alone, in a folder or in an archive",
        "un .npz con imágenes y etiquetas, suelto, en una carpeta o comprimido",
    ),
    "inputs_table": (
        "a table (CSV, Parquet, ...) that names the files and their labels",
        "una tabla (CSV, Parquet, ...) que nombra los archivos y sus etiquetas",
    ),
    "steps_window": (
        "Hounsfield units or raw values to grey, one channel for each window",
        "unidades Hounsfield o valores sin procesar a gris, un canal por ventana",
    ),
    "steps_blur": ("Gaussian blur", "desenfoque gaussiano"),
    "steps_grey": (
        "one grey channel from three colours (ITU-R 601 luma)",
        "un canal gris a partir de tres colores (luma ITU-R 601)",
    ),
    "steps_black_out": (
        "the middle of the image set to 0, to see what the background alone tells",
        "el centro de la imagen puesto a 0, para ver qué dice el fondo por sí solo",
    ),
    "steps_centre_crop": (
        "the shorter side to shorter_px, then the middle square, as networks of others are tested",
        "el lado corto a shorter_px, luego el cuadrado central, como se prueban las redes ajenas",
    ),
    "steps_resize": (
        "a square of size_px, bilinear or bicubic with antialiasing",
        "un cuadrado de size_px, bilineal o bicúbico con suavizado",
    ),
    "steps_rgb": (
        "three channels: grey is repeated, colour stays as it is",
        "tres canales: el gris se repite, el color queda igual",
    ),
    "augmentations_crop": (
        "enlarge a random part of at least least_area to the full size",
        "ampliar al tamaño completo una parte al azar de al menos least_area",
    ),
    "augmentations_erase": (
        "paint a square at a random place over (cutout)",
        "tapar un cuadrado en un lugar al azar (cutout)",
    ),
    "augmentations_flip": (
        "mirror (axis: left and right, or top and bottom), where the class stays the same",
        "reflejar (axis: izquierda y derecha, o arriba y abajo), donde la clase no cambia",
    ),
    "augmentations_shift": (
        "move by up to fraction of the side, across and down",
        "desplazar hasta fraction del lado, en horizontal y vertical",
    ),
    "augmentations_rotate": (
        "turn by up to degrees, or by one of angles",
        "girar hasta degrees, o uno de los ángulos de angles",
    ),
    "augmentations_zoom": (
        "enlarge or shrink by up to fraction",
        "ampliar o reducir hasta fraction",
    ),
    "augmentations_brightness": (
        "make brighter or darker by up to fraction",
        "aclarar u oscurecer hasta fraction",
    ),
    "augmentations_contrast": (
        "more or less contrast, by up to fraction",
        "más o menos contraste, hasta fraction",
    ),
    "augmentations_colour": (
        "stronger or weaker colours, hues turned a little; grey stays grey",
        "colores más o menos vivos, con tonos algo girados; el gris queda gris",
    ),
    "augmentations_blur": (
        "blur with a Gaussian of up to sigma_px",
        "desenfocar con una gaussiana de hasta sigma_px",
    ),
    "augmentations_noise": (
        "add normal noise of up to std levels",
        "añadir ruido normal de hasta std niveles",
    ),
    "augmentations_salt_pepper": (
        "turn up to fraction of the pixels white or black",
        "volver blancos o negros hasta fraction de los píxeles",
    ),
    "augmentations_elastic": (
        "bend smoothly, every place by up to fraction of the side",
        "deformar suavemente, cada punto hasta fraction del lado",
    ),
    "augmentations_rand_augment": (
        "n_parts of the others, drawn anew for every image (RandAugment)",
        "n_parts de los otros, sorteados para cada imagen (RandAugment)",
    ),
    "augmentations_trivial_augment": (
        "one of the others, drawn anew for every image; nothing to set (TrivialAugment)",
        "uno de los otros, sorteado para cada imagen; nada que ajustar (TrivialAugment)",
    ),
    "augmentations_mixup": (
        "lay another image of the batch over each image; labels are mixed alike",
        "superponer a cada imagen otra del lote; las etiquetas se mezclan igual",
    ),
    "augmentations_cutmix": (
        "paste a part of another image of the batch; labels are mixed by area",
        "pegar una parte de otra imagen del lote; las etiquetas se mezclan por área",
    ),
    "splits_grouped": (
        "all images of a group lie in the same part",
        "todas las imágenes de un grupo quedan en la misma parte",
    ),
    "splits_iterative": (
        "like grouped, for several labels per image: rare labels are divided first",
        "como grouped, para varias etiquetas por imagen: las raras se reparten primero",
    ),
    "metrics_accuracy": ("share of images told right", "parte de imágenes acertadas"),
    "metrics_auroc": (
        "how well the right class is ranked above the others, mean over classes",
        "cuánto se antepone la clase correcta a las demás, media por clases",
    ),
    "metrics_balanced_accuracy": (
        "mean over classes of the share told right",
        "media por clases de la parte acertada",
    ),
    "metrics_brier": (
        "squared distance of the probabilities from the truth; 0 is best",
        "distancia cuadrática de las probabilidades a la verdad; 0 es lo mejor",
    ),
    "metrics_ece": (
        "how far stated confidence lies from the share right; 0 is best",
        "cuánto dista la confianza declarada de la parte acertada; 0 es lo mejor",
    ),
    "metrics_f1_macro": (
        "harmonic mean of precision and recall, mean over classes",
        "media armónica de precisión y sensibilidad, media por clases",
    ),
    "metrics_f1_weighted": (
        "harmonic mean of precision and recall, classes weighted by images",
        "media armónica de precisión y sensibilidad, clases ponderadas por imágenes",
    ),
    "metrics_log_loss": (
        "mean of -log of the true class's probability; 0 is best",
        "media de -log de la probabilidad de la clase verdadera; 0 es lo mejor",
    ),
    "metrics_precision_macro": (
        "share right of what was called a class, mean over classes",
        "parte correcta de lo asignado a una clase, media por clases",
    ),
    "metrics_precision_weighted": (
        "share right of what was called a class, classes weighted by images",
        "parte correcta de lo asignado a una clase, clases ponderadas por imágenes",
    ),
    "metrics_recall_macro": (
        "share found of each class, mean over classes",
        "parte hallada de cada clase, media por clases",
    ),
    "metrics_recall_weighted": (
        "share found of each class, classes weighted by images",
        "parte hallada de cada clase, clases ponderadas por imágenes",
    ),
    "metrics_weighted_log_loss": (
        "log loss in which every class counts alike; 0 is best",
        "log loss en la que todas las clases cuentan igual; 0 es lo mejor",
    ),
    "checks": (
        "checks",
        "comprobaciones",
    ),
    "probes": (
        "shortcut probes",
        "sondas de atajos",
    ),
    "checks_blur": (
        "pictures far less sharp than the others",
        "imágenes mucho menos nítidas que las demás",
    ),
    "checks_bursts": (
        "consecutive frames of one scene",
        "imágenes consecutivas de una escena",
    ),
    "checks_duplicates": (
        "the same picture more than once, or under two labels",
        "la misma imagen más de una vez o con dos etiquetas",
    ),
    "checks_exposure": (
        "blank, too dark, too bright",
        "vacías, demasiado oscuras, demasiado claras",
    ),
    "checks_information": (
        "pictures with hardly anything on them",
        "imágenes con apenas contenido",
    ),
    "checks_labels": (
        "doubtful labels, by cross-validation; test part left sealed",
        "etiquetas dudosas, por validación cruzada; el test queda sellado",
    ),
    "checks_odd_mode": (
        "rare ways of storing colour",
        "modos de color raros",
    ),
    "checks_odd_size": (
        "sizes and shapes unlike the others",
        "tamaños y formas distintos de los demás",
    ),
    "checks_out_of_place": (
        "pictures that are like no other of the set",
        "imágenes que no se parecen a ninguna otra",
    ),
    "probes_background": (
        "grey of the picture's edge",
        "gris del borde de la imagen",
    ),
    "probes_border": (
        "the outermost ring of pixels",
        "el anillo exterior de píxeles",
    ),
    "probes_centre": (
        "hospital or site",
        "hospital o centro",
    ),
    "probes_corners": (
        "the four corners",
        "las cuatro esquinas",
    ),
    "probes_exposure": (
        "brightness, contrast and colour as a whole",
        "brillo, contraste y color en conjunto",
    ),
    "probes_file_size": (
        "bytes of the file",
        "bytes del archivo",
    ),
    "probes_image_size": (
        "width, height and their ratio",
        "ancho, alto y su razón",
    ),
    "probes_metadata": (
        "other columns of the table",
        "otras columnas de la tabla",
    ),
    "probes_middle_blacked_out": (
        "the picture with its middle blacked out",
        "la imagen con el centro tapado",
    ),
    "probes_storage": (
        "format, colour mode, bits, JPEG table",
        "formato, modo de color, bits, tabla JPEG",
    ),
    "probes_whole": (
        "the whole picture at 16 px, as a reference",
        "la imagen entera a 16 px, como referencia",
    ),
}
