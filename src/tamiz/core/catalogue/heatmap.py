"""Texts of heatmaps over slides."""

TEXTS = {
    "attention": ("attention", "atención"),
    "occlusion": (
        "share in the answer's probability (by hiding it)",
        "parte en la probabilidad de la respuesta (al ocultarla)",
    ),
    "linear": ("{what} of each tile", "{what} de cada tesela"),
    "ranked": (
        "{what} of each tile, coloured by rank (% of the tiles, and the value there)",
        "{what} de cada tesela, coloreada por orden (% de las teselas y el valor en ese punto)",
    ),
    "value": ("{value:.3g}", "{value:.3g}"),
    "at_most": ("≤ {value:.3g}", "≤ {value:.3g}"),
    "at_least": ("≥ {value:.3g}", "≥ {value:.3g}"),
    "percentile": ("{percent:.0f} %", "{percent:.0f} %"),
    "um": ("{n:g} µm", "{n:g} µm"),
    "mm": ("{n:g} mm", "{n:g} mm"),
    "px": ("{n:,} px (spacing unknown)", "{n:,} px (escala desconocida)"),
    "bare": ("own colours: no tile there", "colores propios: sin tesela"),
}
