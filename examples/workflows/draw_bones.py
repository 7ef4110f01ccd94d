"""Bones of workflow E: each of 22 body parts as sticks and ellipses, a little other each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

# (kind, x0, y0, x1, y1, radius): a stick with round ends; x to the right, y down, -1 to 1 along the
# longer side. Kinds: bone, soft, air (lungs, gas), ring (the vault of a skull).
Shape = tuple[str, float, float, float, float, float]
Drawing = tuple[list[Shape], float]  # with width / height of the image
Rng = np.random.Generator


def _limb(rng: Rng, bones: Sequence[Sequence[float]], soft: float, aspect: float) -> Drawing:
    """Return long bones, given as (x0, y0, x1, y1, radius), in flesh of that radius."""
    shapes: list[Shape] = []
    for x0, y0, x1, y1, radius in bones:
        a, b, c, d = (float(one) for one in np.array((x0, y0, x1, y1)) + rng.normal(0, 0.015, 4))
        thick = radius * float(rng.uniform(0.88, 1.15))
        shapes.append(("bone", a, b, c, d, thick))
        if soft:
            shapes.append(("soft", a, b, c, d, soft * float(rng.uniform(0.9, 1.1))))
    return shapes, aspect


def _spine(rng: Rng, n: int, x_to: tuple[float, float], size: float, bend: float) -> list[Shape]:
    """Return `n` vertebrae between two heights, of that half width, on a bent line."""
    made: list[Shape] = []
    for at, y in enumerate(np.linspace(*x_to, n)):
        x = bend * np.sin(np.pi * at / max(1, n - 1)) + rng.normal(0, 0.008)
        made.append(
            ("bone", x - size, float(y), x + size, float(y), abs(x_to[1] - x_to[0]) / n / 2.5)
        )
        made.append(("bone", x, float(y), x, float(y) + 0.02, size / 3))
    return made


def _ray(rng: Rng, x: float, y: float, angle: float, lengths: Sequence[float]) -> list[Shape]:
    """Return bones one after the other from a point, each in its flesh: a finger or a toe."""
    made: list[Shape] = []
    for at, length in enumerate(lengths):
        angle += float(rng.normal(0, 0.04))
        to_x, to_y = x + length * np.sin(angle), y - length * np.cos(angle)
        thick = 0.045 - 0.006 * at
        gap = 0.9
        made.append(("bone", x, y, x + gap * (to_x - x), y + gap * (to_y - y), thick))
        made.append(("soft", x, y, to_x, to_y, 0.085 - 0.008 * at))
        x, y = to_x, to_y
    return made


def _hand(rng: Rng) -> Drawing:
    shapes: list[Shape] = [("soft", -0.1, 0.35, 0.1, 0.3, 0.33)]
    for at, x in enumerate((-0.34, -0.16, 0.0, 0.15, 0.28)):
        reach = (0.22, 0.33, 0.36, 0.33, 0.26)[at] * float(rng.uniform(0.93, 1.07))
        angle = (-0.75, -0.2, 0.0, 0.16, 0.34)[at]
        shapes += _ray(rng, x * 0.7, 0.45, angle, (reach, 0.75 * reach, 0.5 * reach, 0.35 * reach))
    for _ in range(7):
        x, y = rng.normal(0, 0.12), rng.normal(0.58, 0.05)
        shapes.append(("bone", x, y, x + 0.02, y, 0.055))
    shapes += [("bone", -0.1, 0.75, -0.11, 1.1, 0.08), ("bone", 0.1, 0.75, 0.12, 1.1, 0.07)]
    return shapes, 0.78


def _finger(rng: Rng) -> Drawing:
    shapes: list[Shape] = []
    for at in range(int(rng.integers(1, 3))):
        for kind, x0, y0, x1, y1, radius in _ray(rng, at * 0.16, 0.4, 0.05, (0.42, 0.3, 0.2)):
            shapes.append((kind, 2 * x0, 2 * y0, 2 * x1, 2 * y1, 2 * radius))
    return shapes, 0.55


def _foot(rng: Rng) -> Drawing:
    shapes: list[Shape] = [("soft", 0.0, 0.1, 0.05, 0.7, 0.3)]
    for at, x in enumerate((-0.22, -0.1, 0.02, 0.13, 0.24)):
        reach = (0.42, 0.44, 0.42, 0.39, 0.36)[at]
        shapes += _ray(rng, x * 0.6, 0.25, 0.5 * x, (reach, 0.22, 0.09))
    shapes += [("bone", 0.0, 0.75, 0.03, 0.5, 0.17), ("bone", -0.08, 0.36, 0.1, 0.36, 0.09)]
    return shapes, 0.5


def _ankle(rng: Rng) -> Drawing:
    bones = [(-0.08, -1.1, -0.06, 0.1, 0.16), (0.17, -1.1, 0.15, 0.22, 0.07),
             (-0.12, 0.35, 0.12, 0.35, 0.17), (0.2, 0.62, 0.45, 0.7, 0.16),
             (-0.3, 0.55, -0.8, 0.75, 0.12)]  # fmt: skip
    return _limb(rng, bones, 0.3, 0.8)


def _knee(rng: Rng) -> Drawing:
    bones = [(0.0, -1.1, 0.0, -0.25, 0.16), (-0.15, -0.13, 0.15, -0.13, 0.16),
             (-0.16, 0.22, 0.16, 0.22, 0.13), (-0.02, 0.3, -0.02, 1.1, 0.15),
             (0.25, 0.42, 0.24, 1.1, 0.06)]  # fmt: skip
    shapes, aspect = _limb(rng, bones, 0.36, 0.72)
    return [*shapes, ("bone", 0.0, -0.22, 0.02, -0.2, 0.12)], aspect


def _lower_leg(rng: Rng) -> Drawing:
    bones = [(-0.05, -0.85, -0.03, 0.8, 0.085), (0.12, -0.75, 0.1, 0.85, 0.04),
             (-0.12, -0.88, 0.07, -0.88, 0.08), (-0.05, 0.92, 0.05, 0.92, 0.08)]  # fmt: skip
    return _limb(rng, bones, 0.19, 0.42)


def _thigh(rng: Rng) -> Drawing:
    bones = [(0.05, -0.8, -0.02, 0.85, 0.1), (0.05, -0.8, -0.12, -0.92, 0.08)]
    return _limb(rng, bones, 0.32, 0.5)


def _forearm(rng: Rng) -> Drawing:
    bones = [(-0.09, -0.9, -0.07, 0.85, 0.055), (0.09, -0.8, 0.08, 0.95, 0.06)]
    return _limb(rng, bones, 0.16, 0.42)


def _upper_arm(rng: Rng) -> Drawing:
    bones = [(0.02, -0.75, 0.0, 0.85, 0.08), (-0.03, -0.85, 0.02, -0.82, 0.13)]
    return _limb(rng, bones, 0.2, 0.45)


def _elbow(rng: Rng) -> Drawing:
    bones = [(-0.9, -0.35, -0.1, 0.05, 0.14), (-0.02, 0.08, 0.1, -1.0, 0.09),
             (0.1, 0.15, 0.28, -0.95, 0.08), (-0.1, 0.1, 0.06, 0.22, 0.14)]  # fmt: skip
    return _limb(rng, bones, 0.24, 0.95)


def _wrist(rng: Rng) -> Drawing:
    bones = [(-0.14, 0.15, -0.15, 1.1, 0.14), (0.17, 0.22, 0.18, 1.1, 0.1)]
    shapes, _ = _limb(rng, bones, 0.3, 0.7)
    for _ in range(8):
        x, y = rng.normal(0, 0.16), rng.normal(-0.1, 0.09)
        shapes.append(("bone", x, y, x + 0.03, y, 0.1))
    for x in (-0.3, -0.1, 0.08, 0.25):
        shapes += [("bone", x, -0.35, 1.3 * x, -1.1, 0.075), ("soft", x, -0.3, x, -1.1, 0.17)]
    return shapes, 0.75


def _wrist_and_hand(rng: Rng) -> Drawing:
    shapes, _ = _hand(rng)
    lower = [("bone", -0.08, 0.75, -0.1, 1.6, 0.075), ("bone", 0.1, 0.75, 0.1, 1.6, 0.06),
             ("soft", 0.0, 0.7, 0.0, 1.7, 0.2)]  # fmt: skip
    return [(k, x, y - 0.2, u, v - 0.2, r) for k, x, y, u, v, r in [*shapes, *lower]], 0.62


def _ankle_and_foot(rng: Rng) -> Drawing:
    bones = [(-0.5, -1.1, -0.5, -0.1, 0.12), (-0.36, -1.1, -0.36, 0.0, 0.05),
             (-0.5, 0.1, -0.3, 0.1, 0.12), (-0.75, 0.4, -0.5, 0.3, 0.15),
             (-0.3, 0.25, 0.25, 0.42, 0.09), (0.25, 0.42, 0.75, 0.5, 0.06)]  # fmt: skip
    return _limb(rng, bones, 0.2, 1.1)


def _trunk(rng: Rng, half: float) -> list[Shape]:
    wide = half * float(rng.uniform(0.9, 1.1))
    return [
        ("soft", -wide / 2, -1.0, -wide / 2, 1.0, wide),
        ("soft", wide / 2, -1.0, wide / 2, 1.0, wide),
    ]


def _ribs(rng: Rng, n: int, top: float, bottom: float, wide: float) -> list[Shape]:
    made: list[Shape] = []
    for y in np.linspace(top, bottom, n):
        drop = float(rng.uniform(0.1, 0.18))
        for side in (-1, 1):
            made.append(("bone", side * 0.08, float(y), side * wide / 2, float(y) - 0.02, 0.03))
            made.append(
                ("bone", side * wide / 2, float(y) - 0.02, side * wide, float(y) + drop, 0.03)
            )
    return made


def _chest(rng: Rng) -> Drawing:
    shapes = [*_trunk(rng, 0.6), *_spine(rng, 9, (-0.95, 0.9), 0.07, 0.0)]
    for side in (-1, 1):
        x = side * float(rng.uniform(0.36, 0.42))
        shapes += [
            ("air", x, -0.45, x, 0.3, 0.33),
            ("bone", side * 0.1, -0.72, side * 0.7, -0.8, 0.04),
        ]
    shapes += _ribs(rng, 8, -0.65, 0.45, 0.68)
    heart = float(rng.uniform(0.2, 0.28))
    return [
        *shapes,
        ("soft", 0.1, 0.15, 0.2, 0.35, heart),
        ("soft", 0.08, 0.1, 0.2, 0.4, heart),
    ], 0.98


def _abdomen(rng: Rng) -> Drawing:
    shapes = [*_trunk(rng, 0.55), *_spine(rng, 6, (-0.9, 0.5), 0.1, 0.0)]
    for _ in range(int(rng.integers(4, 9))):
        x, y = rng.uniform(-0.5, 0.5), rng.uniform(-0.6, 0.5)
        shapes.append(("air", x, y, x + rng.normal(0, 0.1), y + 0.05, rng.uniform(0.06, 0.14)))
    return [*shapes, *_wings(rng, 0.85, 0.62)], 0.82


def _wings(rng: Rng, y: float, wide: float) -> list[Shape]:
    """Return the two wings of a pelvis and the bone between them."""
    made: list[Shape] = [("bone", 0.0, y - 0.15, 0.0, y + 0.05, 0.13)]
    for side in (-1, 1):
        high = y - float(rng.uniform(0.3, 0.38))
        made.append(("bone", side * 0.15, y, side * wide, high, 0.15))
        made.append(("bone", side * wide, high, side * 0.75 * wide, y + 0.1, 0.1))
    return made


def _pelvis(rng: Rng) -> Drawing:
    shapes = [*_trunk(rng, 0.6), *_wings(rng, -0.05, 0.68), *_spine(rng, 3, (-0.8, -0.4), 0.1, 0.0)]
    for side in (-1, 1):
        shapes += [("bone", side * 0.5, 0.28, side * 0.52, 0.3, 0.13),
                   ("bone", side * 0.52, 0.3, side * 0.75, 0.45, 0.08),
                   ("bone", side * 0.75, 0.45, side * 0.7, 1.0, 0.1),
                   ("bone", side * 0.42, 0.15, side * 0.05, 0.42, 0.06),
                   ("bone", side * 0.4, 0.3, side * 0.2, 0.62, 0.07)]  # fmt: skip
    return shapes, 1.15


def _hip(rng: Rng) -> Drawing:
    bones = [(-0.1, -0.1, -0.06, -0.06, 0.25), (0.0, 0.0, 0.35, 0.25, 0.15),
             (0.35, 0.25, 0.3, 1.1, 0.18), (-0.5, -0.9, -0.15, -0.35, 0.22),
             (-0.3, 0.1, -0.8, 0.35, 0.12)]  # fmt: skip
    shapes, aspect = _limb(rng, bones, 0.0, 0.85)
    return [*shapes, ("soft", 0.0, -0.8, 0.1, 0.9, 0.75)], aspect


def _shoulder(rng: Rng) -> Drawing:
    bones = [(0.25, -0.15, 0.28, -0.1, 0.22), (0.35, 0.0, 0.5, 1.1, 0.13),
             (-0.05, -0.1, -0.25, 0.7, 0.13), (-0.9, -0.45, 0.2, -0.52, 0.07),
             (-0.3, -0.25, 0.3, -0.42, 0.08)]  # fmt: skip
    shapes, aspect = _limb(rng, bones, 0.26, 0.95)
    shapes += [("air", -0.85, 0.5, -0.8, 0.9, 0.4)]
    return shapes, aspect


def _clavicle(rng: Rng) -> Drawing:
    bones = [(-0.85, -0.05, -0.35, 0.06, 0.08), (-0.35, 0.06, 0.1, -0.06, 0.07),
             (0.1, -0.06, 0.75, -0.12, 0.09)]  # fmt: skip
    shapes, aspect = _limb(rng, bones, 0.25, 1.75)
    for at in range(3):
        y = 0.15 + 0.16 * at
        shapes.append(("bone", -0.9, y, 0.1, y + 0.12 * rng.uniform(0.7, 1.2), 0.04))
    return shapes, aspect


def _shoulder_and_clavicle(rng: Rng) -> Drawing:
    shapes = [(k, 0.7 * x + 0.3, 0.7 * y, 0.7 * u + 0.3, 0.7 * v, 0.7 * r)
              for k, x, y, u, v, r in _shoulder(rng)[0]]  # fmt: skip
    return [*shapes, ("bone", -0.9, -0.25, -0.3, -0.33, 0.06)], 1.3


def _lumbar(rng: Rng) -> Drawing:
    spine = _spine(rng, 5, (-0.8, 0.6), 0.2, float(rng.uniform(-0.1, 0.1)))
    return [*_trunk(rng, 0.35), *spine, ("bone", 0.0, 0.85, 0.02, 1.0, 0.22)], 0.6


def _thoracic(rng: Rng) -> Drawing:
    spine = _spine(rng, 11, (-0.92, 0.92), 0.1, float(rng.uniform(-0.1, 0.1)))
    shapes = [
        *_trunk(rng, 0.3),
        ("air", -0.4, -0.4, -0.4, 0.6, 0.25),
        ("air", 0.4, -0.4, 0.4, 0.6, 0.25),
    ]
    return [*shapes, *spine, *_ribs(rng, 8, -0.8, 0.7, 0.5)], 0.5


def _whole_spine(rng: Rng) -> Drawing:
    spine = _spine(rng, 14, (-0.95, 0.85), 0.08, float(rng.uniform(-0.12, 0.12)))
    return [*_trunk(rng, 0.22), *spine, *_ribs(rng, 6, -0.9, -0.1, 0.32)], 0.38


def _cervical(rng: Rng) -> Drawing:
    spine = _spine(rng, 7, (-0.45, 0.75), 0.13, float(rng.uniform(0.1, 0.25)))
    shapes: list[Shape] = [
        ("soft", 0.05, -0.4, 0.05, 1.0, 0.42),
        ("ring", 0.2, -0.95, 0.3, -0.95, 0.5),
    ]
    return [*shapes, *spine, ("bone", -0.3, -0.5, -0.65, -0.3, 0.1)], 0.8


def _skull(rng: Rng) -> Drawing:
    size = float(rng.uniform(0.66, 0.76))
    shapes: list[Shape] = [
        ("ring", 0.0, -0.15, 0.0, -0.1, size),
        ("soft", 0.0, -0.1, 0.0, 0.2, 0.7),
    ]
    shapes += [("bone", -0.35, 0.45, 0.35, 0.45, 0.12), ("bone", -0.3, 0.85, 0.3, 0.85, 0.1)]
    for side in (-1, 1):
        shapes += [("air", side * 0.27, 0.15, side * 0.28, 0.15, 0.15),
                   ("bone", side * 0.5, 0.3, side * 0.35, 0.85, 0.09)]  # fmt: skip
    return [*shapes, ("air", 0.0, 0.35, 0.0, 0.45, 0.1)], 0.82


def _sinus(rng: Rng) -> Drawing:
    shapes: list[Shape] = [("soft", 0.0, 0.0, 0.0, 0.2, 0.95), ("ring", 0.0, -0.3, 0.0, -0.2, 1.0)]
    for side in (-1, 1):
        wide = float(rng.uniform(0.2, 0.26))
        shapes += [("bone", side * 0.2, -0.35, side * 0.65, -0.3, 0.09),
                   ("bone", side * 0.15, 0.3, side * 0.6, 0.15, 0.08),
                   ("air", side * 0.4, -0.15, side * 0.42, -0.12, wide),
                   ("air", side * 0.36, 0.35, side * 0.34, 0.45, wide)]  # fmt: skip
    return [*shapes, ("air", 0.0, 0.1, 0.0, 0.4, 0.13), ("air", 0.0, -0.55, 0.1, -0.55, 0.16)], 0.95


def _skull_and_sinus(rng: Rng) -> Drawing:
    shapes, _ = _skull(rng)
    holes: list[Shape] = [("air", s * 0.25, 0.45, s * 0.24, 0.55, 0.16) for s in (-1, 1)]
    return [*shapes, *holes, ("air", 0.0, -0.2, 0.05, -0.2, 0.12)], 0.82


def _chest_and_abdomen(rng: Rng) -> Drawing:
    upper = [(k, 0.62 * x, 0.55 * y - 0.5, 0.62 * u, 0.55 * v - 0.5, 0.58 * r)
             for k, x, y, u, v, r in _chest(rng)[0]]  # fmt: skip
    lower = [(k, 0.62 * x, 0.55 * y + 0.5, 0.62 * u, 0.55 * v + 0.5, 0.58 * r)
             for k, x, y, u, v, r in _abdomen(rng)[0]]  # fmt: skip
    return [*upper, *lower], 0.62


PARTS: dict[str, Callable[[Rng], Drawing]] = {
    "abdomen": _abdomen, "ankle": _ankle, "ankle;foot": _ankle_and_foot,
    "cervical spine": _cervical, "chest": _chest, "chest;abdomen": _chest_and_abdomen,
    "clavicle": _clavicle, "elbow": _elbow, "finger": _finger, "foot": _foot,
    "forearm": _forearm, "hand": _hand, "hip": _hip, "knee": _knee, "lower leg": _lower_leg,
    "lumbar spine": _lumbar, "pelvis": _pelvis, "pelvis;hip": _pelvis, "shoulder": _shoulder,
    "shoulder;clavicle": _shoulder_and_clavicle, "sinus": _sinus, "skull": _skull,
    "skull;sinus": _skull_and_sinus, "thigh": _thigh, "thoracic spine": _thoracic,
    "thoracic spine;lumbar spine": _whole_spine, "upper arm": _upper_arm, "wrist": _wrist,
    "wrist;hand": _wrist_and_hand,
}  # fmt: skip
