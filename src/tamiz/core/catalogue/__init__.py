"""All texts that users read, English and Spanish side by side, one module per area.

A module `catalogue/<area>.py` holds `TEXTS: dict[str, tuple[str, str]]`: the key's second half
mapped to (English, Spanish). `core.language.say("area.name", n=3)` looks it up.

Words that depend on a count name it: "{n:,} {n:image is|images are} left out".
"""
