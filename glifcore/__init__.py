"""NEST's ``glif_psc_double_alpha`` in JAX: the same numbers, faster, and differentiable.

    >>> import glifcore as gc
    >>> cell = gc.GlifParameters(model=gc.GlifModel.GLIF5)
    >>> stimulus = gc.make_stimulus(gc.StepCurrent(400.0, start=50.0), duration=200.0, dt=0.1)
    >>> traces = gc.simulate(cell, stimulus, dt=0.1)
    >>> gc.spike_times(traces, 0.1)[:3].round(1).tolist()
    [56.7, 70.4, 88.4]

Units are NEST's throughout: mV, pA, nS, pF, ms, 1/ms. Results are float64: importing glifcore turns
on JAX's ``jax_enable_x64``, unless the environment variable ``JAX_ENABLE_X64`` is set, which is
honoured. It also adds one compiler option to ``XLA_FLAGS``; `glifcore.xla` tells which and why.
"""

import os

import jax

from glifcore.comparison import ModelFit, compare_models
from glifcore.currents import (
    ChirpCurrent,
    NoiseCurrent,
    RampCurrent,
    RecordedCurrent,
    SineCurrent,
    StepCurrent,
)
from glifcore.export import to_brainpy, to_nest, to_numpy
from glifcore.fit_result import PscFit, PscParameters
from glifcore.fitting import fit_events, fit_psc
from glifcore.heterogeneity import draw_population
from glifcore.identifiability import Remark, Valley, along_valley, remarks, valley
from glifcore.interchange import from_allen, from_json, from_nest, to_json
from glifcore.intervals import Interval, profile_interval
from glifcore.inverse import shape_from_features
from glifcore.levels import GlifModel, ParameterError
from glifcore.parameters import FIELDS, FieldInfo, GlifParameters
from glifcore.population import glif_psc_double_alpha
from glifcore.presets import (
    Preset,
    Synapse,
    list_presets,
    list_synapses,
    load_preset,
    load_synapse,
)
from glifcore.psc import (
    PscFeatures,
    PscShape,
    psc_components,
    psc_features,
    psc_waveform,
    psp_waveform,
)
from glifcore.recordings import Recording, RecordingError, load_recording
from glifcore.simulation import simulate
from glifcore.stimulus import Stimulus, make_stimulus
from glifcore.surrogate import ArctanGrad, GaussianGrad, ReluGrad, SigmoidGrad, Surrogate
from glifcore.traces import RECORDABLES, Traces, nest_recordables, spike_times
from glifcore.trains import BurstTrain, PoissonTrain, RegularTrain, SpikeTrain
from glifcore.validation import Problem, problems, validate
from glifcore.xla import enable_loop_fusion

__all__ = [
    "FIELDS",
    "RECORDABLES",
    "ArctanGrad",
    "BurstTrain",
    "ChirpCurrent",
    "FieldInfo",
    "GaussianGrad",
    "GlifModel",
    "GlifParameters",
    "Interval",
    "ModelFit",
    "NoiseCurrent",
    "ParameterError",
    "PoissonTrain",
    "Preset",
    "Problem",
    "PscFeatures",
    "PscFit",
    "PscParameters",
    "PscShape",
    "RampCurrent",
    "RecordedCurrent",
    "Recording",
    "RecordingError",
    "RegularTrain",
    "ReluGrad",
    "Remark",
    "SigmoidGrad",
    "SineCurrent",
    "SpikeTrain",
    "StepCurrent",
    "Stimulus",
    "Surrogate",
    "Synapse",
    "Traces",
    "Valley",
    "along_valley",
    "compare_models",
    "draw_population",
    "fit_events",
    "fit_psc",
    "from_allen",
    "from_json",
    "from_nest",
    "glif_psc_double_alpha",
    "list_presets",
    "list_synapses",
    "load_preset",
    "load_recording",
    "load_synapse",
    "make_stimulus",
    "nest_recordables",
    "problems",
    "profile_interval",
    "psc_components",
    "psc_features",
    "psc_waveform",
    "psp_waveform",
    "remarks",
    "shape_from_features",
    "simulate",
    "spike_times",
    "to_brainpy",
    "to_json",
    "to_nest",
    "to_numpy",
    "validate",
    "valley",
]

enable_loop_fusion()
if "JAX_ENABLE_X64" not in os.environ:
    jax.config.update("jax_enable_x64", True)
