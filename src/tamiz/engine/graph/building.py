"""An ONNX graph written down as arithmetic: values know their type and take +, -, *, / and <."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import DTypeLike

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto, TensorProto

OPSET: Final = 18


@dataclass(slots=True)
class Graph:
    """Nodes and constants in the making.

    Attributes:
        prefix: before every name, so that several graphs can be joined.
        nodes: in the order in which they are computed.
        constants: by name.
        depth: how many graphs this one is inside of.
    """

    prefix: str = ""
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    depth: int = 0
    _n_names: int = 0

    def name(self, kind: str) -> str:
        """Return a name that nothing else has."""
        self._n_names += 1
        return f"{self.prefix}{kind.lower()}_{self._n_names}"

    def inner(self, kind: str) -> Graph:
        """Return an empty graph for an operator that holds one."""
        return Graph(self.name(kind) + "_", depth=self.depth + 1)

    def constant(self, value: object, dtype: DTypeLike) -> Value:
        """Return a constant: a number (shape ()) or an array."""
        from onnx import numpy_helper

        made = np.asarray(value, dtype=dtype)
        name = self.name("constant")
        self.constants.append(numpy_helper.from_array(made, name))
        return Value(self, name, made.dtype)

    def op(
        self,
        kind: str,
        inputs: Sequence[Value],
        dtype: DTypeLike,
        attributes: Mapping[str, object] | None = None,
    ) -> Value:
        """Add an operator with one output of this type, to the innermost graph of its inputs."""
        from onnx import helper

        home = max((self, *(one.graph for one in inputs)), key=lambda graph: graph.depth)
        name = home.name(kind)
        names = [one.name for one in inputs]
        made = helper.make_node(kind, names, [name], name=f"{name}_node")
        made.attribute.extend(helper.make_attribute(k, v) for k, v in (attributes or {}).items())
        home.nodes.append(made)
        return Value(home, name, np.dtype(dtype))

    def choice(
        self, is_so: Value, then: Callable[[Graph], Value], other: Callable[[Graph], Value]
    ) -> Value:
        """Return what `then` makes where the scalar `is_so` holds, else what `other` makes.

        Both are given a graph of their own, whose operators may use any value made before; only
        the branch that is taken is computed.
        """
        branches, made = [], []
        for number, build in enumerate((then, other)):
            inner = self.inner(f"branch{number}")
            found = build(inner)
            made.append(inner.op("Identity", [found], found.dtype))
            branches.append(inner.closed("branch", [], made[-1:]))
        attributes = {"then_branch": branches[0], "else_branch": branches[1]}
        return self.op("If", [is_so], made[0].dtype, attributes)

    def repeated(self, n: Value, turn: Callable[[Graph, Value], Value]) -> Value:
        """Return (n, ...) what `turn` makes of its own graph and 0, 1, 2, ..., stacked."""
        from onnx import helper

        inner = self.inner("turn")
        number = Value(inner, inner.name("number"), np.dtype(np.int64))
        going = Value(inner, inner.name("going"), np.dtype(np.bool_))
        goes_on = inner.op("Identity", [going], np.bool_)
        found = turn(inner, number)
        made = inner.op("Identity", [found], found.dtype)
        body = inner.closed("turn", [number, going], [goes_on, made])
        for one, side in ((number, 0), (going, 1)):
            shapeless = helper.np_dtype_to_tensor_dtype(one.dtype)
            body.input[side].CopyFrom(helper.make_tensor_value_info(one.name, shapeless, []))
        yes = self.constant(True, np.bool_)  # noqa: FBT003
        return self.op("Loop", [n, yes], found.dtype, {"body": body})

    def closed(self, name: str, inputs: Sequence[Value], outputs: Sequence[Value]) -> GraphProto:
        """Return the graph as ONNX has it; the shapes of inputs and outputs are left open."""
        from onnx import helper

        def told(value: Value) -> Any:
            kind = helper.np_dtype_to_tensor_dtype(value.dtype)
            return helper.make_tensor_value_info(value.name, kind, None)

        return helper.make_graph(
            self.nodes, name, [told(v) for v in inputs], [told(v) for v in outputs], self.constants
        )

    def vector(self, *parts: Value | int) -> Value:
        """Return whole numbers (scalars) one after the other, as a shape or positions are given."""
        axes = self.constant([0], np.int64)
        rows = []
        for part in parts:
            if isinstance(part, int):
                rows.append(self.constant([part], np.int64))
            else:
                rows.append(self.op("Unsqueeze", [part, axes], np.int64))
        return self.op("Concat", rows, np.int64, {"axis": 0})

    def count(self, end: Value) -> Value:
        """Return (end,) 0, 1, 2, ... int64."""
        start, step = self.constant(0, np.int64), self.constant(1, np.int64)
        return self.op("Range", [start, end, step], np.int64)


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor of a graph.

    Attributes:
        graph: where it is computed.
        name: in it.
        dtype: of its numbers.
    """

    graph: Graph
    name: str
    dtype: np.dtype[Any]

    def inside(self, graph: Graph) -> Value:
        """Return it as what an inner graph computes with."""
        return Value(graph, self.name, self.dtype)

    def __add__(self, other: Value | float) -> Value:
        return self._with("Add", other)

    def __sub__(self, other: Value | float) -> Value:
        return self._with("Sub", other)

    def __mul__(self, other: Value | float) -> Value:
        return self._with("Mul", other)

    def __truediv__(self, other: Value | float) -> Value:
        """Return the quotient; of whole numbers its whole part."""
        return self._with("Div", other)

    def __lt__(self, other: Value | float) -> Value:
        return self._with("Less", other, np.bool_)

    def __gt__(self, other: Value | float) -> Value:
        return self._with("Greater", other, np.bool_)

    def at_least(self, other: Value | float) -> Value:
        """Return the larger of both."""
        return self._with("Max", other)

    def at_most(self, other: Value | float) -> Value:
        """Return the smaller of both."""
        return self._with("Min", other)

    def one(self, kind: str) -> Value:
        """Return what an operator of one input makes of it: 'Floor', 'Round' (halves to even)."""
        return self.graph.op(kind, [self], self.dtype)

    def cast(self, dtype: DTypeLike) -> Value:
        """Return it as another type; real numbers lose what is behind the point."""
        from onnx import helper

        if self.dtype == np.dtype(dtype):
            return self
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        return self.graph.op("Cast", [self], dtype, {"to": kind})

    def where(self, is_so: Value, other: Value | float) -> Value:
        """Return it where `is_so`, else the other."""
        return self.graph.op("Where", [is_so, self, self._value(other)], self.dtype)

    def total(self, axes: Sequence[int], *, keep: bool = False) -> Value:
        """Return the sum along axes."""
        over = self.graph.constant(list(axes), np.int64)
        return self.graph.op("ReduceSum", [self, over], self.dtype, {"keepdims": int(keep)})

    def sides(self, n: int) -> list[Value]:
        """Return its `n` sides as scalars."""
        shape = self.graph.op("Shape", [self], np.int64)
        return [
            self.graph.op("Gather", [shape, self.graph.constant(at, np.int64)], np.int64)
            for at in range(n)
        ]

    def reshaped(self, *sides: Value | int) -> Value:
        """Return it with other sides; -1 is what is left over, 0 the side as it is."""
        return self.graph.op("Reshape", [self, self.graph.vector(*sides)], self.dtype)

    def permuted(self, *axes: int) -> Value:
        """Return it with its axes in another order."""
        return self.graph.op("Transpose", [self], self.dtype, {"perm": list(axes)})

    def wider(self, *axes: int) -> Value:
        """Return it with new axes of length 1."""
        return self.graph.op(
            "Unsqueeze", [self, self.graph.constant(list(axes), np.int64)], self.dtype
        )

    def taken(self, places: Value, axis: int) -> Value:
        """Return its rows (columns, ...) at these places."""
        return self.graph.op("Gather", [self, places], self.dtype, {"axis": axis})

    def cut(self, axis: int, start: Value, end: Value) -> Value:
        """Return it from `start` to before `end` along an axis."""
        g = self.graph
        inputs = [self, g.vector(start), g.vector(end), g.constant([axis], np.int64)]
        return g.op("Slice", inputs, self.dtype)

    def clipped(self, low: float, high: float) -> Value:
        """Return it within bounds."""
        bounds = [self.graph.constant(one, self.dtype) for one in (low, high)]
        return self.graph.op("Clip", [self, *bounds], self.dtype)

    def padded(self, pads: Value, fill: float) -> Value:
        """Return it with `pads` (2 x axes: all starts, then all ends) filled."""
        filler = self.graph.constant(fill, self.dtype)
        return self.graph.op("Pad", [self, pads, filler], self.dtype)

    def _value(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return other
        return self.graph.constant(other, self.dtype)

    def _with(self, kind: str, other: Value | float, dtype: DTypeLike | None = None) -> Value:
        made = self.dtype if dtype is None else dtype
        return self.graph.op(kind, [self, self._value(other)], made)
