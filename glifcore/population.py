"""The object API: a population that holds its own state and is updated step by step.

The names, defaults and behaviour are those of ``brainpy.state.glif_psc_double_alpha`` as its
documentation describes them. It is a thin shell over `glifcore.neuron.step`: the same numbers as
`glifcore.simulate`, step for step. All that changes is in `state`, one tree of arrays, so it works
inside ``jax.jit`` and ``jax.lax.scan``:

    def body(state, current):
        population.state = state
        spike = population.update(current)
        return population.state, spike

    population.state, spikes = jax.lax.scan(body, population.state, currents)
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from glifcore.heterogeneity import MOST_NEURONS
from glifcore.levels import FLAGS, GlifModel, ParameterError
from glifcore.neuron import NeuronState, initial_state, step, threshold
from glifcore.parameters import FIELDS, GlifParameters
from glifcore.propagators import pack, propagators
from glifcore.surrogate import ReluGrad
from glifcore.validation import check_count, check_dt, validate

_PORT = re.compile(r"receptor_(\d+)")
_propagators = jax.jit(propagators)
_step = jax.jit(step, static_argnames=("surrogate", "detach_reset"))


class glif_psc_double_alpha:  # the model's name
    """A population of GLIF neurons with double alpha-function synapses.

    Args:
        in_size: number of neurons, or the shape of the population.
        dt: step size, ms.
        V_initializer: called with the shape and ``batch_size``, gives potentials in mV; the default
            is `E_L`.
        spk_fun: spike function, see `glifcore.surrogate`.
        spk_reset: "hard" stops gradients at the reset of the potential, "soft" lets them through;
            both give the same numbers.
        gsl_error_tol: taken because the specification has it, and of no effect: no solver is used.
        name: a name for the reader.
        **parameters: fields of `GlifParameters` and NEST's three flags. A number, or what can be
            broadcast to `in_size`; a sequence for each after-spike current or port. Plain numbers
            are in NEST's units; quantities of ``saiunit`` are converted.

    Attributes:
        state: everything that changes, a tree of arrays with the neurons (and the batch before
            them) on one last axis.
        params: the parameters, for neurons on one axis.

    Raises:
        ParameterError: a parameter is unknown or breaks a rule.
    """

    def __init__(
        self,
        in_size: int | Sequence[int],
        *,
        dt: Any = 0.1,
        V_initializer: Callable[..., Any] | None = None,
        spk_fun: Callable[[Any], Any] | None = None,
        spk_reset: str = "hard",
        gsl_error_tol: Any = None,
        name: str | None = None,
        **parameters: Any,
    ) -> None:
        if spk_reset not in ("hard", "soft"):
            raise ParameterError(f"`spk_reset` is {spk_reset!r}; it must be 'hard' or 'soft'.")
        self.varshape = tuple(np.atleast_1d(in_size).tolist())
        _size("in_size", self.varshape)
        self.dt = _plain(dt, "ms")
        self.name = name
        self.spk_fun = spk_fun or ReluGrad()
        self.spk_reset = spk_reset
        self.params = self._checked(parameters)
        check_dt(self.dt)
        self._V_initializer = V_initializer
        self._waiting: list[tuple[int, Any]] = []
        self._sources: list[tuple[int, Callable[[], Any]]] = []
        self.init_state()

    def _checked(self, given: dict[str, Any]) -> GlifParameters:
        unknown = sorted(set(given) - {*FIELDS, *FLAGS})
        if unknown:
            raise ParameterError(
                f"No parameter is called {', '.join(map(repr, unknown))}. "
                f"Known: {', '.join([*FIELDS, *FLAGS])}."
            )
        model = GlifModel.from_flags(*(bool(given.pop(flag, False)) for flag in FLAGS))
        values = {name: _plain(value, FIELDS[name].unit) for name, value in given.items()}
        for name, value in values.items():
            if FIELDS[name].per == "neuron" and np.ndim(value):
                try:
                    values[name] = np.broadcast_to(value, self.varshape).reshape(-1)
                except ValueError:
                    raise ParameterError(
                        f"`{name}` has shape {np.shape(value)}, which cannot be broadcast to the "
                        f"population's {self.varshape}."
                    ) from None
        return validate(GlifParameters(model=model, **values))

    @property
    def n_receptors(self) -> int:
        """Number of receptor ports; they are counted from 0."""
        return self.params.tau_syn_fast.shape[-1]

    def init_state(self, batch_size: int | None = None) -> None:
        """Put every neuron at rest, or where `V_initializer` says.

        Args:
            batch_size: number of copies of the population; states then have that axis in front.
        """
        batch = () if batch_size is None else (batch_size,)
        self._shape = (*batch, *self.varshape)
        n_neurons = _size("batch_size", self._shape)
        packed = pack(self.params)
        if packed.scalars.ndim == 1:
            packed = type(packed)(*(np.repeat(x[..., None], n_neurons, -1) for x in packed))
        else:
            repeats = n_neurons // packed.scalars.shape[-1]
            packed = type(packed)(*(np.tile(x, repeats) for x in packed))
        self._propagators = _propagators(packed, self.dt)
        self.state: NeuronState = initial_state(self._propagators, float)
        if self._V_initializer is not None:
            V = _plain(self._V_initializer(self.varshape, batch_size), "mV")
            V = jnp.broadcast_to(jnp.asarray(V, float), self._shape).reshape(-1)
            self.state = self.state._replace(U=V - self._propagators.E_L)

    init_all_states = init_state

    def add_delta_input(self, label: str | None = None, weight: Any = None) -> None:
        """Let spikes arrive at a receptor port.

        Args:
            label: names the port by ``receptor_<k>`` anywhere in it, counted from 0; without a port
                in it, or without a label, it is port 0.
            weight: pA, broadcast to the population. A number or array arrives once, in the next
                update; a function is asked for it in every update. None only checks the label.

        Raises:
            ParameterError: there is no such port.
        """
        port = self._port(label)
        if callable(weight):
            self._sources.append((port, weight))
        elif weight is not None:
            self._waiting.append((port, weight))

    def _port(self, label: str | None) -> int:
        found = _PORT.search(label or "")
        port = int(found.group(1)) if found else 0
        if port >= self.n_receptors:
            known = ", ".join(f"receptor_{k}" for k in range(self.n_receptors))
            raise ParameterError(f"{label!r} names port {port}; the ports here are {known}.")
        return port

    def update(self, x: Any = 0.0) -> Float[Array, "*shape"]:
        """Advance by one step.

        Args:
            x: injected current, pA, broadcast to the population; it acts one step later.

        Returns:
            1.0 for each neuron that spiked in this step, else 0.0; shape (batch_size, *in_size).
        """
        arriving = [*self._waiting, *((port, source()) for port, source in self._sources)]
        self._waiting = []
        weights = jnp.zeros_like(self._propagators.jump[0])
        for port, weight in arriving:
            weights = weights.at[port].add(self._flat(_plain(weight, "pA")))
        current = self._flat(_plain(x, "pA"))
        self.state = _step(
            self._propagators,
            self.state,
            current,
            weights,
            surrogate=self.spk_fun,
            detach_reset=self.spk_reset == "hard",
        )
        return self._shaped(self.state.spike)

    def get_spike(self, V: Any = None) -> Float[Array, "*shape"]:
        """The spike function of (V - V_th) / (V_th - V_reset), without a change of state.

        Args:
            V: potentials in mV; the default is the present ones.
        """
        threshold, reset = (self._shaped(self._per_neuron(n)) for n in ("V_th", "V_reset"))
        V = self.V if V is None else jnp.asarray(_plain(V, "mV"), float)
        return self.spk_fun((V - threshold) / (threshold - reset))

    def get_I_syn_fast(self) -> Float[Array, "*shape"]:
        """Fast part of the synaptic current of all ports, pA."""
        return self._shaped(jnp.sum(self.state.y2[0], axis=0))

    def get_I_syn_slow(self) -> Float[Array, "*shape"]:
        """Slow part of the synaptic current of all ports, pA."""
        return self._shaped(jnp.sum(self.state.y2[1], axis=0))

    def get_I_syn(self) -> Float[Array, "*shape"]:
        """Synaptic current of all ports, pA."""
        return self.get_I_syn_fast() + self.get_I_syn_slow()

    @property
    def V(self) -> Float[Array, "*shape"]:
        """Membrane potential, absolute, mV."""
        return self._shaped(self.state.U + self._propagators.E_L)

    @property
    def threshold(self) -> Float[Array, "*shape"]:
        """Threshold, absolute, mV."""
        return self._shaped(threshold(self._propagators, self.state) + self._propagators.E_L)

    @property
    def threshold_spike(self) -> Float[Array, "*shape"]:
        """Component of the threshold that spikes move, mV."""
        return self._shaped(self.state.theta_s)

    @property
    def threshold_voltage(self) -> Float[Array, "*shape"]:
        """Component of the threshold that follows the potential, mV."""
        return self._shaped(self.state.theta_v)

    @property
    def ASCurrents(self) -> Float[Array, "*shape K"]:
        """Each after-spike current, pA, on the last axis."""
        count = self.params.asc_decay.shape[-1]
        return jnp.stack([self._shaped(a) for a in self.state.ASCurrents[:count]], axis=-1)

    def _per_neuron(self, name: str) -> Any:
        value = jnp.asarray(getattr(self.params, name), float)
        repeats = int(np.prod(self._shape)) // value.size
        return jnp.tile(value.reshape(-1), repeats)

    def _flat(self, value: Any) -> Any:
        return jnp.broadcast_to(jnp.asarray(value, float), self._shape).reshape(-1)

    def _shaped(self, value: Any) -> Any:
        return value.reshape(self._shape)


def _size(name: str, shape: tuple[Any, ...]) -> int:
    """The number of neurons of a population of this shape."""
    for length in shape:
        check_count(name, length, MOST_NEURONS)
    return check_count(name, math.prod(shape), MOST_NEURONS)


def _plain(value: Any, unit: str) -> Any:
    """A number in NEST's unit; quantities of saiunit are converted, anything else is left."""
    if isinstance(value, tuple | list):
        return type(value)(_plain(v, unit) for v in value)
    if not hasattr(value, "to_decimal"):
        return value
    import saiunit

    units = {"": saiunit.UNITLESS, "1/ms": saiunit.ms**-1}
    return np.asarray(value.to_decimal(units.get(unit) or getattr(saiunit, unit)))
