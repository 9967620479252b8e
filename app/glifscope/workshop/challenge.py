"""Guess the parameters: a hidden synapse to match by eye. No Panel.

What counts is how far the two curves are apart, in units of the noise, and not how far the
parameters are: unlike parameters can make like curves.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from glifcore import PscShape, Synapse, list_synapses, psc_waveform
from glifcore.fit_result import PscParameters
from glifcore.recordings import Recording

from .choices import Chosen
from .examples import begun_with, clean_event, synthetic

NOISE = {"little (peak 50 × noise)": 50.0, "some (peak 20 × noise)": 20.0, "much (5 ×)": 5.0}
"""Title and peak over noise of the levels that are offered."""

_HIDDEN = "hidden-"
_LEVELS = {f"{snr:g}": snr for snr in NOISE.values()}
MOST = 999_999_999
"""The last number of a hidden synapse."""

# Curves that differ by less than this share of the noise could not be told apart in this recording:
# over some hundred samples their difference is below one standard error of the amplitude.
INDISTINGUISHABLE = 0.15


class Challenge(NamedTuple):
    """A hidden synapse.

    Attributes:
        key: what a link calls it.
        seed: which one.
        snr: its peak over the noise.
        synapse: the connection class of mouse V1 that it is from.
        shape: the truth, with its weight in pA.
        onset: ms.
        noise: standard deviation of the noise, pA.
        recording: what is shown of it.
    """

    key: str
    seed: int
    snr: float
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
    return Challenge(key_of(seed, snr), seed, snr, synapse, shape, onset, noise, recording)


def key_of(seed: int, snr: float) -> str:
    """What a link calls the hidden synapse of this number, with this peak over noise."""
    return f"{_HIDDEN}{snr:g}-{seed}"


@lru_cache(maxsize=64)
def challenge_of(key: str) -> Challenge | None:
    """The hidden synapse of this key of a link; None where it is none."""
    snr, _, seed = key.removeprefix(_HIDDEN).partition("-")
    sound = seed.isascii() and seed.isdigit() and len(seed) <= len(str(MOST))
    if not key.startswith(_HIDDEN) or snr not in _LEVELS or not sound:
        return None
    return pose(int(seed), _LEVELS[snr])


@lru_cache(maxsize=64)
def begun_as(key: str) -> Chosen:
    """The example, or the hidden synapse, of this key as it is opened."""
    challenge = challenge_of(key)
    return begun_with(key) if challenge is None else _begun(challenge)


def _begun(challenge: Challenge) -> Chosen:
    """All of the recording, and a shape that is near nothing but its height."""
    time, mean = challenge.recording.time, challenge.recording.mean()
    start, width = float(time[0]), float(np.ptp(time))
    return Chosen(
        recording=challenge.recording,
        example=challenge.key,
        sweeps=(0,),
        levelled=False,
        window=(start, float(time[-1])),
        quiet=(start, start + 0.1 * width),
        values=PscParameters(
            weight=float(mean[np.argmax(np.abs(mean))]),
            tau_syn_fast=0.03 * width,
            tau_syn_slow=0.15 * width,
            amp_slow=0.3,
            onset=0.1 * width,
            baseline=0.0,
        ),
    )


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
