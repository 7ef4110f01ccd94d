"""A classifier of photos by scikit-image's HOG and scikit-learn's support vector machine.

usage: classic_photos.py FOLDER            FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys
from pathlib import Path

import numpy as np
from skimage.color import rgb2gray
from skimage.feature import hog
from skimage.io import imread
from skimage.transform import resize
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

folder = Path(sys.argv[1])


def described(part: str) -> tuple[np.ndarray, list[str]]:
    rows, labels = [], []
    for path in sorted((folder / part).glob("*/*")):
        image = imread(path)
        grey = rgb2gray(image) if image.ndim == 3 else image
        rows.append(hog(resize(grey, (28, 28)), pixels_per_cell=(4, 4), cells_per_block=(2, 2)))
        labels.append(path.parent.name)
    return np.stack(rows), labels


classifier = make_pipeline(StandardScaler(), SVC(C=3))
classifier.fit(*described("train"))
print("accuracy", classifier.score(*described("test")))
