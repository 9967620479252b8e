"""Parameters in the words of other programs: JSON, NEST's status, the Allen Institute's files."""

import json
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from glifcore.levels import FLAGS, GlifModel, ParameterError
from glifcore.parameters import FIELDS, GlifParameters

FORMAT = "glifcore"
VERSION = 1
"""Version of the layout: it grows when a reader of the last one could misread the next."""

_NEST_MODEL = "glif_psc_double_alpha"
# States that a dict for nest.Create may hold beside the parameters.
_NEST_STATES = frozenset({"V_m", "ASCurrents", "threshold_spike", "threshold_voltage"})

# What the Allen Institute calls each mechanism, and which of NEST's three flags it sets.
_ALLEN_THRESHOLDS = {
    "inf": (False, False),
    "spike_component": (True, False),
    "three_components_exact": (True, True),
}
_ALLEN_CURRENTS = {"none": False, "exp": True}
_ALLEN_RESETS = {"zero": False, "v_before": True}


def to_json(params: GlifParameters) -> str:
    """The parameters as JSON text; `from_json` gives back exactly the same numbers.

    Raises:
        ParameterError: a number is not finite, for which JSON has no word.
    """
    document = {"format": FORMAT, "version": VERSION, "parameters": params.to_dict()}
    try:
        return json.dumps(document, indent=2, allow_nan=False)
    except ValueError:
        raise ParameterError(
            "A parameter is not a finite number, and JSON has none other. See problems(params)."
        ) from None


def from_json(text: str) -> GlifParameters:
    """The parameters that `to_json` wrote.

    Raises:
        ParameterError: the text is not JSON, not of this format, of a later version, or holds an
            unknown parameter.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParameterError(
            f"This is not JSON: {error.msg} in line {error.lineno}. Give what to_json wrote."
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ParameterError("This JSON is not glifcore's: `format` must be 'glifcore'.")
    version = document.get("version")
    if version != VERSION:
        raise ParameterError(
            f"`version` is {version!r}; this glifcore reads version {VERSION}. "
            "Read it with the glifcore that wrote it, or a later one."
        )
    parameters = document.get("parameters")
    if not isinstance(parameters, dict):
        raise ParameterError("`parameters` is missing; it must be an object of NEST's names.")
    return GlifParameters.from_dict(parameters)


def from_nest(status: Mapping[str, Any]) -> GlifParameters:
    """The parameters of a NEST neuron, or of several.

    Args:
        status: what ``neuron.get()`` returns for a ``glif_psc_double_alpha``, or for a
            NodeCollection of them, or the dict that ``nest.Create`` took. `asc_init` becomes the
            ``ASCurrents`` found there, since NEST itself ignores `asc_init`.

    Warns:
        UserWarning: ``V_m`` is not at `E_L`, where simulations start here.

    Raises:
        ParameterError: it is another model's status, or a dict with an unknown parameter.
    """
    models = set(np.atleast_1d(status.get("model", _NEST_MODEL)).tolist())
    if models != {_NEST_MODEL}:
        raise ParameterError(
            f"This is the status of {', '.join(sorted(map(str, models)))}; give that of a "
            f"{_NEST_MODEL}."
        )
    values = {name: status[name] for name in (*FIELDS, *FLAGS) if name in status}
    if "model" not in status:  # typed by hand, so nothing in it is there by chance
        unknown = sorted(set(status) - set(values) - _NEST_STATES)
        if unknown:
            raise ParameterError(
                f"NEST's {_NEST_MODEL} has no {', '.join(map(repr, unknown))}. "
                f"Known: {', '.join([*FIELDS, *FLAGS, *sorted(_NEST_STATES)])}."
            )
    if "ASCurrents" in status:
        values["asc_init"] = status["ASCurrents"]
    params = GlifParameters.from_dict(values)
    if not np.allclose(status.get("V_m", params.E_L), params.E_L, rtol=0.0, atol=1e-9):
        warnings.warn(
            f"`V_m` is {status['V_m']} mV; simulations start at `E_L`, {params.E_L} mV here.",
            stacklevel=2,
        )
    return params


def from_allen(neuron_config: Mapping[str, Any]) -> GlifParameters:
    """The parameters in a ``neuron_config.json`` of the Allen Cell Types Database.

    The file is in SI units; `coeffs` are the factors that the Institute's optimiser found. After-
    spike currents and the rise of the threshold are what is left after the spike was cut out, which
    is what NEST's model adds. Source: Teeter et al., Nature Communications 9:709 (2018), and the
    data that came with it.

    Args:
        neuron_config: the parsed file.

    Raises:
        ParameterError: an entry is missing, or a mechanism is none of the GLIF levels'.
    """
    try:
        return _from_allen(neuron_config)
    except (KeyError, TypeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else f"an entry is odd: {error}"
        raise ParameterError(
            f"This is not a GLIF neuron_config of the Allen Institute: {what}."
        ) from None


def _from_allen(config: Mapping[str, Any]) -> GlifParameters:
    threshold = config["threshold_dynamics_method"]
    reset = config["voltage_reset_method"]
    rules, adapting = _allen("threshold_dynamics_method", threshold["name"], _ALLEN_THRESHOLDS)
    currents = _allen(
        "AScurrent_dynamics_method", config["AScurrent_dynamics_method"]["name"], _ALLEN_CURRENTS
    )
    if _allen("voltage_reset_method", reset["name"], _ALLEN_RESETS) != rules:
        raise ParameterError(
            f"The threshold is {threshold['name']!r} and the reset {reset['name']!r}; no GLIF "
            "level has both. Levels 1 and 3 have 'inf' and 'zero', the others 'v_before'."
        )
    coeffs = config["coeffs"]
    reference = 1e3 * config["El_reference"]
    ascs = np.asarray(config["asc_tau_array"], float)
    values: dict[str, Any] = {
        "model": GlifModel.from_flags(rules, currents, adapting),
        "E_L": reference + 1e3 * config["El"],
        "V_reset": reference,
        "V_th": reference + 1e3 * coeffs["th_inf"] * config["th_inf"],
        "g": 1e9 * coeffs["G"] / config["R_input"],
        "C_m": 1e12 * coeffs["C"] * config["C"],
        "t_ref": 1e3 * config["spike_cut_length"] * config["dt"],
        "asc_init": 1e12 * np.asarray(config["init_AScurrents"], float),
        "asc_decay": 1e-3 / ascs,
        "asc_amps": 1e12 * np.multiply(config["asc_amp_array"], coeffs["asc_amp_array"]),
        "asc_r": config["AScurrent_reset_method"]["params"]["r"]
        if currents
        else np.ones_like(ascs),
    }
    if rules:
        spike = config["threshold_reset_method"]["params"]
        values |= {
            "voltage_reset_fraction": reset["params"]["a"],
            "voltage_reset_add": 1e3 * reset["params"]["b"],
            "th_spike_add": 1e3 * spike["a_spike"],
            "th_spike_decay": 1e-3 * threshold["params"]["b_spike"],
        }
    if adapting:
        values |= {
            "th_voltage_index": 1e-3 * threshold["params"]["a_voltage"] * coeffs["a"],
            "th_voltage_decay": 1e-3 * threshold["params"]["b_voltage"] * coeffs["b"],
        }
    return GlifParameters(**values)


def _allen(method: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise ParameterError(
            f"`{method}` is {name!r}; the GLIF levels know {', '.join(map(repr, known))}."
        )
    return known[name]
