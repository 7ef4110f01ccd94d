"""Networks of timm and torchvision by name: their options and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.models.descriptors import DescriptorsOptions
from tamiz.models.registry import InputShape, ModelSpec

if TYPE_CHECKING:
    from torch import nn

    from tamiz.core.recipe import ModelOptions

CLASSICAL_HEADS: Final = ("svm", "forest", "boosting")
FITTED_HEADS: Final = ("logistic", "knn", *CLASSICAL_HEADS)  # at once, on frozen features
HEADS: Final = ("linear", "mlp", *FITTED_HEADS)
# 'svm' errs less with all features: on SqueezeNet's 512 of the hand signs (three folds of the
# training part; C 10, gamma 1) 8.3 %; with 128 components 8.8 %, with 64 9.9 %.
_COMPONENTS: Final = {"svm": 0, "forest": 0, "boosting": 64}
# Of the network below the head nothing depends on these.
HEAD_OPTIONS: Final = frozenset(
    {"head", "hidden", "dropout", "head_rows", "select", "scale", "project", "rows", "fitted"}
)

# Names as other tools write them, for the networks that timm calls otherwise.
ALIASES: Final = {
    "inceptionv3": "inception_v3",
    "xception": "legacy_xception",
    "mobilenet": "mobilenetv1_100",
    "mobilenetv1": "mobilenetv1_100",
    "mobilenetv2": "mobilenetv2_100",
    "mobilenetv3small": "mobilenetv3_small_100",
    "mobilenetv3large": "mobilenetv3_large_100",
    **{f"efficientnet-b{n}": f"tf_efficientnet_b{n}" for n in range(8)},
    **{f"efficientnetb{n}": f"tf_efficientnet_b{n}" for n in range(8)},
}


@dataclass(frozen=True, slots=True)
class BackboneOptions:
    """What stands on the network, and what it does without while it is trained.

    Attributes:
        head: 'linear' is one dense layer; 'mlp' has a hidden one; 'logistic', 'knn', 'svm',
            'forest' and 'boosting' are fitted at once on the features of a frozen network.
        hidden: width of the hidden layer of 'mlp'.
        dropout: share of features that the head does without in a training step.
        drop_path: share of residual branches likewise, where the network has them.
        features_engine: what computes the features of a frozen network, in training only.
        head_rows: training rows that the head 'knn' remembers; set by training.
        select: of 'svm', 'forest' and 'boosting': so many features, those that tell the classes
            apart best one by one (ANOVA F); 0: all that are not constant.
        scale: of these: 'standard' brings each feature to mean 0 and deviation 1; 'none' leaves it.
        project: of these: so many principal components take the features' place; 0: none do; -1:
            64 for 'boosting', which would take long otherwise, else none.
        rows: of these: training rows at most; 0: as many as are learnt from in minutes.
        fitted: sizes of what they hold; belongs to the bundle and is left out of recipes.
    """

    head: str = option("linear", choices=HEADS)
    hidden: int = option(256, low=1, high=65_536)
    dropout: float = option(0.0, low=0.0, high=0.9)
    drop_path: float = option(0.0, low=0.0, high=0.9)
    features_engine: str = option("torch", choices=("torch", "openvino"))
    head_rows: int = option(0, low=0)
    select: int = option(0, low=0, high=1_000_000)
    scale: str = option("standard", choices=("standard", "none"))
    project: int = option(-1, low=-1, high=100_000)
    rows: int = option(0, low=0, high=100_000_000)
    fitted: dict[str, object] = option({})

    def classical(self) -> DescriptorsOptions:
        """Return what a classical head has in common with a classical model on descriptors.

        Raises:
            WrongUse: this head is none, and such an option is set.
        """
        if self.head not in CLASSICAL_HEADS:
            usual = BackboneOptions()
            for name in ("select", "scale", "project", "rows"):
                if getattr(self, name) != getattr(usual, name):
                    heads = ", ".join(CLASSICAL_HEADS)
                    where = f"model.options.{name}"
                    raise WrongUse.of("features.not_of_head", where=where, name=name, heads=heads)
            return DescriptorsOptions()
        return DescriptorsOptions(
            classifier=self.head,
            select=self.select,
            scale=self.scale,
            project=_COMPONENTS[self.head] if self.project < 0 else self.project,
            rows=self.rows,
            fitted=self.fitted,
        )


@lru_cache(maxsize=256)
def backbone_spec(name: str) -> ModelSpec | None:
    """Return the model for 'densenet201', 'timm:densenet201', 'torchvision:NAME'; or None.

    A tag of timm's ('resnet50.a1_in1k') says which of several pretrained weights are meant.
    torch is loaded, no network is made.
    """
    from tamiz.models.nets.families import find_network

    network = find_network(canonical_name(name))
    if network is None:
        return None

    def build(shape: InputShape, options: BackboneOptions) -> nn.Module:
        from tamiz.models.nets.backbone import build_backbone

        return build_backbone(network, shape, options)

    def check(shape: InputShape, options: BackboneOptions) -> None:
        from tamiz.models.nets.backbone import n_features_of

        options.classical().sizes()
        n_features_of(network, shape.n_channels, shape.side_px, options.drop_path)

    return ModelSpec(
        name=network.name,
        options=BackboneOptions,
        build=build,
        suggest=suggest,
        check=check,
        preferred=network.facts(),
    )


def backbone_names() -> list[str]:
    """Return every name that `backbone_spec` knows, less timm's tags; torch is loaded."""
    from tamiz.models.nets.families import network_names

    return network_names()


def has_public_weights(name: str) -> bool:
    """Return whether somebody has published weights for a network that exists."""
    from tamiz.models.nets.families import find_network

    network = find_network(canonical_name(name))
    return network is not None and bool(network.origin())


def canonical_name(name: str) -> str:
    """Return the name as timm or torchvision has it: 'ResNet50' becomes 'resnet50'."""
    source, colon, rest = name.rpartition(":")
    tag = rest.partition(".")[2]
    plain = rest.partition(".")[0].lower()
    plain = plain if source == "torchvision" else ALIASES.get(plain, plain)
    made = f"{plain}.{tag}" if tag else plain
    return made if source in {"", "timm"} else f"{source}{colon}{made}"


def is_only_head(stages: object) -> bool:
    """Return whether these stages of a training leave the network itself as it is."""
    return (
        isinstance(stages, list)
        and bool(stages)
        and all(str(one).strip().partition(":")[0] == "head" for one in stages)
    )


def epochs_of_stages(stages: Sequence[str]) -> int | None:
    """Return the epochs of all stages together; None where one of them does not name its own."""
    named = [words.split(":")[1:2] for words in stages]
    if not all(one and one[0].strip().isdecimal() for one in named):
        return None
    return sum(int(one[0]) for one in named) or None


def suggested_start(model: ModelOptions, stages: list[str] | None) -> dict[str, object]:
    """Return what changes in `suggest`: by the weights, the head, and stages that the user chose.

    Args:
        model: section of the recipe.
        stages: that the user asked for; None: the plan chooses.
    """
    if model.options.get("head") in FITTED_HEADS:
        return {"stages": ["head:1"], "layer_decay": 1.0}
    if stages is not None:
        epochs = {"epochs": 30} if is_only_head(stages) else {}
        return {"stages": stages, **epochs}
    if model.weights == "none":
        return {"stages": [], "layer_decay": 1.0, "epochs": 30}
    return {}


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return training settings that suit a pretrained network.

    First its new head alone, then all of it at a tenth of the rate: weights that are good
    already are not to be shaken by a head that knows nothing yet.
    """
    return {
        "epochs": 8,
        "stages": ["head:3", "all:5"],
        "batch_size": 32,
        "optimiser": "adamw",
        "learning_rate": 1e-3,
        "weight_decay": 0.05,
        "schedule": "one-cycle",
        "warmup_fraction": 0.2,
        "layer_decay": 0.75,
        "label_smoothing": 0.1,
        "ema_decay": 0.0,
        "augment": [{"name": "shift", "fraction": 0.07}, {"name": "flip"}],
    }
