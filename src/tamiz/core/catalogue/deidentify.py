"""Texts of removing identities."""

TEXTS = {
    "names_somebody": (
        "this element names a patient and cannot be kept",
        "este elemento nombra a un paciente y no puede conservarse",
    ),
    "names_somebody_fix": ("Leave it out of the list", "Quítelo de la lista"),
    "no_keyword": (
        "DICOM has no element of this keyword",
        "DICOM no tiene elemento con este nombre",
    ),
    "no_keyword_fix": (
        "Write it as the standard does, such as SeriesDescription",
        "Escríbalo como la norma, por ejemplo SeriesDescription",
    ),
    "bad_dates": ("dates can be shifted or removed", "las fechas se desplazan o se eliminan"),
    "bad_dates_fix": ("Give shift or remove", "Indique shift o remove"),
}
