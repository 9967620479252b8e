"""Guess the parameters: a hidden synapse to match by eye. No Panel.

What counts is how far the two curves are apart, in units of the noise, and not how far the
parameters are: unlike parameters can make like curves.
"""

from typing import NamedTuple

import numpy as np

from glifcore import PscShape, Synapse, list_synapses, psc_waveform
from glifcore.fit_result import PscParameters
from glifcore.recordings import Recording

from .examples import clean_event, synthetic

NOISE = {"little (peak 50 × noise)": 50.0, "some (peak 20 × noise)": 20.0, "much (5 ×)": 5.0}
"""Title and peak over noise of the levels that are offered."""

# Curves that differ by less than this share of the noise could not be told apart in this recording:
# over some hundred samples their difference is below one standard error of the amplitude.
INDISTINGUISHABLE = 0.15


class Challenge(NamedTuple):
    """A hidden synapse.

    Attributes:
        seed: which one.
        synapse: the connection class of mouse V1 that it is from.
        shape: the truth, with its weight in pA.
        onset: ms.
        noise: standard deviation of the noise, pA.
        recording: what is shown of it.
    """

    seed: int
    synapse: Synapse
    shape: PscShape
    onset: float
    noise: float
    recording: Recording


class Score(NamedTuple):
    """How near a guess came.

    Attributes:
        distance: RMS of the difference between the curves, in units of the noise.
        points: 100 for a curve that the noise hides, 50 where the difference is as large as it.
        verdict: a sentence.
        why: sentences on what the numbers have to do with it.
    """

    distance: float
    points: int
    verdict: str
    why: tuple[str, ...]


def pose(seed: int, snr: float) -> Challenge:
    """The hidden synapse of this number, with this peak over noise."""
    rng = np.random.default_rng(seed)
    known = [s for s in list_synapses() if not s.pooled]
    synapse = known[int(rng.integers(len(known)))]
    weight = float(np.sign(-synapse.shape.weight) * rng.uniform(20.0, 200.0))
    shape = synapse.shape._replace(weight=weight)
    recording = synthetic(shape, snr, 1, seed, name=f"hidden synapse {seed}")
    time, clean = clean_event(shape)
    onset = float(time[np.flatnonzero(clean)[0] - 1])
    noise = float(np.abs(clean).max()) / snr
    return Challenge(seed, synapse, shape, onset, noise, recording)


def score(challenge: Challenge, guess: PscParameters) -> Score:
    """How near this guess comes."""
    time = challenge.recording.time
    truth = np.asarray(psc_waveform(challenge.shape, time - challenge.onset))
    guessed = np.asarray(psc_waveform(PscShape(*guess[:4]), time - guess.onset)) + guess.baseline
    distance = float(np.sqrt(np.mean((guessed - truth) ** 2))) / challenge.noise
    points = round(100.0 / (1.0 + max(distance - INDISTINGUISHABLE, 0.0)))
    if distance <= INDISTINGUISHABLE:
        verdict = f"The curves differ by {distance:.2f} of the noise: nobody could tell them apart."
    else:
        verdict = f"The curves differ by {distance:.2f} of the noise."
    return Score(distance, points, verdict, _why(challenge.shape, guess, distance))


def _why(truth: PscShape, guess: PscParameters, distance: float) -> tuple[str, ...]:
    off = {
        name: abs(np.log(abs(getattr(guess, name) / value)))
        for name, value in truth._asdict().items()
    }
    worst = max(off, key=lambda name: off[name])
    told = []
    factor = float(np.exp(off[worst]))
    if distance < 0.5 and factor > 1.25:
        told.append(
            f"`{worst}` is off by a factor of {factor:.2f}, and still the curves are alike: here "
            "the other numbers make up for it."
        )
    ratio = truth.tau_syn_slow / truth.tau_syn_fast
    if ratio < 2.0:
        told.append(
            f"The time constants are only a factor of {ratio:.2f} apart, so `weight` and "
            "`amp_slow` can be traded for each other."
        )
    elif distance >= 0.5 and factor > 1.25:
        told.append(f"Most of it is `{worst}`, off by a factor of {factor:.2f}.")
    if truth.amp_slow * ratio < 0.3:
        told.append("The slow part carries little charge: it shows in the tail only.")
    return tuple(told)
