"""The five levels of the GLIF family, and the error that every broken rule of the model raises."""

from enum import Enum
from reprlib import Repr


class ParameterError(ValueError):
    """A parameter breaks a rule of the model; the message names value, rule and remedy."""


def shown(value: object) -> str:
    """Whatever was given, as a sentence can quote it: no longer than a line."""
    try:
        text = _SHORT.repr(value)
    except ValueError:  # more digits than Python writes
        text = f"a number of type {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST = 60
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = _LONGEST
_SHORT.maxlevel = 3


class GlifModel(Enum):
    """The five levels of the GLIF family, each a legal combination of three mechanisms.

    Source: Teeter et al., Nature Communications 9:709 (2018).
    """

    GLIF1 = (False, False, False)
    GLIF2 = (True, False, False)
    GLIF3 = (False, True, False)
    GLIF4 = (True, True, False)
    GLIF5 = (True, True, True)

    @property
    def spike_dependent_threshold(self) -> bool:
        """Whether spikes raise the threshold and the reset depends on the voltage before it."""
        return self.value[0]

    @property
    def after_spike_currents(self) -> bool:
        """Whether each spike starts slowly decaying currents."""
        return self.value[1]

    @property
    def adapting_threshold(self) -> bool:
        """Whether the threshold follows the membrane potential."""
        return self.value[2]

    @property
    def flags(self) -> dict[str, bool]:
        """The three mechanisms under NEST's names, in NEST's order."""
        return dict(zip(FLAGS, self.value, strict=True))

    @classmethod
    def from_flags(
        cls,
        spike_dependent_threshold: bool,
        after_spike_currents: bool,
        adapting_threshold: bool,
    ) -> "GlifModel":
        """The level with these mechanisms.

        Raises:
            ParameterError: the combination is none of the five levels.
        """
        flags = (
            bool(spike_dependent_threshold),
            bool(after_spike_currents),
            bool(adapting_threshold),
        )
        try:
            return cls(flags)
        except ValueError:
            given = ", ".join(f"{name}={flag}" for name, flag in zip(FLAGS, flags, strict=True))
            known = "; ".join(f"{m.name} is {m.value}" for m in cls)
            raise ParameterError(
                f"{given} is none of the five GLIF levels. In the same order: {known}."
            ) from None


FLAGS = ("spike_dependent_threshold", "after_spike_currents", "adapting_threshold")
