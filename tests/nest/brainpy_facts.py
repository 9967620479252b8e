"""What brainpy.state 0.1.0 does where it differs; printed as JSON, in a process of its own.

`python -m tests.nest.brainpy_facts`
"""

import json
from typing import Any

import brainpy.state
import brainstate
import jax
import numpy as np
import saiunit as u

DT = 0.1


def make(n: int = 1, **parameters: Any) -> Any:
    """A population at rest."""
    neuron = brainpy.state.glif_psc_double_alpha(n, **parameters)
    brainstate.nn.init_all_states(neuron)
    return neuron


def error(**parameters: Any) -> str:
    """The name of the error that these parameters raise; empty where they are taken."""
    try:
        make(**parameters)
    except Exception as raised:
        return type(raised).__name__
    return ""


def charge_that_arrives(label: str | None) -> float:
    """The sum of I_syn after one input of 100 pA under this label."""
    neuron, total = make(), 0.0
    neuron.add_delta_input("spikes", 100.0 * u.pA, label=label)
    for n in range(20):
        with brainstate.environ.context(t=n * DT * u.ms):
            neuron.update(0.0 * u.pA)
        total += float(neuron.get_I_syn()[0] / u.pA)
    return total


def after(current: Any, mode: str, n_steps: int) -> tuple[Any, Any]:
    """V_m at the end, mV, and the number of spikes, under a constant current."""
    neuron = make(spk_reset=mode)

    def step(n: Any) -> tuple[Any, Any]:
        with brainstate.environ.context(t=n * DT * u.ms):
            spike = neuron.update(current * u.pA)
        return (neuron.V.value / u.mV)[0], spike[0]

    V, spikes = brainstate.transform.for_loop(step, np.arange(n_steps))
    return V[-1], spikes.sum()


def update_without_time() -> str:
    """The error of an update whose time is not told."""
    try:
        make().update(0.0 * u.pA)
    except Exception as raised:
        return type(raised).__name__
    return ""


def refractory_steps(t_ref: float, dt: float) -> int:
    """How many steps the neuron will be refractory."""
    brainstate.environ.set(dt=dt * u.ms)
    steps = int(make(t_ref=t_ref * u.ms).ref_count)
    brainstate.environ.set(dt=DT * u.ms)
    return steps


def main() -> None:
    """Print every fact under its name."""
    brainstate.environ.set(dt=DT * u.ms, precision=64)
    batch = brainpy.state.glif_psc_double_alpha(2)
    brainstate.nn.init_all_states(batch, batch_size=4)
    two = np.array([9.0, 10.0])
    glif5 = dict.fromkeys(
        ("spike_dependent_threshold", "after_spike_currents", "adapting_threshold"), True
    )
    facts = {
        "charge": {
            str(label): charge_that_arrives(label)
            for label in ("receptor_0", None, "excitatory_receptor_0", "receptor_7")
        },
        "error": {
            "array": error(n=2, g=two * u.nS),
            "unit of tau_syn": error(tau_syn_fast=(1.0,) * u.ms),
            "th_voltage_decay": error(**glif5, th_voltage_decay=9.43 / 58.72),
            "voltage_reset_fraction": error(
                spike_dependent_threshold=True, voltage_reset_fraction=1.2
            ),
            "lengths": error(tau_syn_slow=(6.0, 8.0)),
            "update without time": update_without_time(),
        },
        "batch": list(batch.V.value.shape),
        "asc_init": [float(a.value[0]) for a in make(asc_init=(5.0, 6.0))._asc_states],
        "gradient of V": float(jax.grad(lambda x: after(x, "soft", 50)[0])(100.0)),
        "gradient of spikes": {
            mode: float(jax.grad(lambda x, mode=mode: after(x, mode, 500)[1])(400.0))
            for mode in ("hard", "soft")
        },
        "spikes": float(after(400.0, "soft", 500)[1]),
        "refractory": refractory_steps(0.56, 0.01),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
