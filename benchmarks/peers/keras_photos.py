"""A classifier of photos in Keras, as its guide to loading images says.

usage: keras_photos.py FOLDER EPOCHS       FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys

import keras

folder, epochs = sys.argv[1], int(sys.argv[2])
keras.utils.set_random_seed(0)


def load(part: str):  # noqa: ANN201
    return keras.utils.image_dataset_from_directory(
        f"{folder}/{part}",
        color_mode="grayscale",
        image_size=(28, 28),
        batch_size=32,
        shuffle=part == "train",
    )


train, val, test = load("train"), load("val"), load("test")
n_classes = len(train.class_names)
model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255)])
for width in (32, 64, 128):
    model.add(keras.layers.Conv2D(width, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(128, activation="relu"))
model.add(keras.layers.Dense(n_classes, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train.cache().prefetch(2), validation_data=val.cache(), epochs=epochs, verbose=0)
print("accuracy", model.evaluate(test, verbose=0)[1])
