"""Recordings to begin with: two recorded ones, with sources, and made ones that say so."""

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.signal import lfilter

from glifcore import PscShape, load_synapse, psc_features, psc_waveform
from glifcore.recordings import Recording, load_recording

from .choices import Chosen, begun

RECORDED = {
    "Granule cell mEPSC (mean of 43)": "granule_cell_mepsc.csv",
    "EPSC train at 50 Hz (mean of 10)": "epsc_train_50hz.csv",
}
"""Title and file of the tables of means that ship with glifcore."""

MADE = {
    "Synthetic: excitatory to Pvalb, 12 sweeps": ("exc_to_pv", 12, 8.0),
    "Synthetic: excitatory to excitatory, 1 sweep": ("exc_to_e23", 1, 20.0),
}
"""Title; connection class of mouse V1, number of sweeps, peak over noise."""

TITLES = [*RECORDED, *MADE]

_KEYS: list[str] = ["granule", "train", "exc_to_pv", "exc_to_exc"]
EXAMPLES = MappingProxyType(dict(zip(_KEYS, TITLES, strict=True)))
"""Title of each example by its key in a link; keys stay what they are."""


@cache
def begun_with(key: str) -> Chosen:
    """The example of this key as it is opened."""
    return begun(open_example(EXAMPLES[key]), example=key)


def open_example(title: str) -> Recording:
    """The example of this title."""
    if title in RECORDED:
        name = RECORDED[title]
        content = files("glifcore").joinpath("data", "recordings", name).read_bytes()
        return load_recording(content, name=name)
    synapse, sweeps, snr = MADE[title]
    shape = load_synapse(synapse).shape
    return synthetic(shape._replace(weight=-60.0 * abs(shape.weight)), snr, sweeps, seed=1)


def synthetic(shape: PscShape, snr: float, sweeps: int, seed: int, **names: Any) -> Recording:
    """Sweeps of one event with noise like a filtered recording's.

    Args:
        shape: of the event.
        snr: peak over the noise's standard deviation.
        sweeps: how many.
        seed: of the noise.
        **names: for the recording.
    """
    time, clean = clean_event(shape)
    noise = np.random.default_rng(seed).standard_normal((sweeps, len(time) + 200))
    keep = 0.6
    noise = np.asarray(lfilter([np.sqrt(1.0 - keep**2)], [1.0, -keep], noise, axis=1))[:, 200:]
    peak = abs(float(psc_features(shape).peak))
    names = {"name": "synthetic"} | names
    return Recording.from_arrays(time, clean + noise * peak / snr, **names)


def clean_event(shape: PscShape) -> tuple[np.ndarray, np.ndarray]:
    """Time (ms) and current (pA) of one event without noise, some baseline before it."""
    length = min(7.0 * max(shape.tau_syn_fast, shape.tau_syn_slow), 300.0)
    before = 0.15 * length
    time = np.linspace(0.0, before + length, 1500)
    return time, np.asarray(psc_waveform(shape, time - before))
