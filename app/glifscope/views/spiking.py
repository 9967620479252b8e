"""Numbers on the neuron: when it spikes, and what its membrane needs for it."""

from typing import Any

import numpy as np

from ..layout import card
from ..live_text import LiveText
from ..page_text import readouts
from ..results import Frame
from ..view import View


class SpikingView(View):
    """Spike count, first spike, intervals, highest threshold, tau_m and the resting rheobase."""

    title = "Spiking"

    def _build(self) -> None:
        self._numbers = LiveText()

    def draw(self, frame: Frame) -> None:
        self._numbers.text = readouts(_numbers(frame))

    def __panel__(self) -> Any:
        return card(self.title, self._numbers)


def _numbers(frame: Frame) -> dict[str, str]:
    times = frame.spike_times
    gaps = np.diff(times)
    cell = frame.choices.cell
    return {
        "Spikes": f"{len(times)}",
        "First spike": f"{times[0]:.1f} ms" if len(times) else "none",
        "First interval": f"{gaps[0]:.1f} ms" if len(gaps) else "none",
        "Last interval": f"{gaps[-1]:.1f} ms" if len(gaps) else "none",
        "Highest threshold": f"{frame.threshold.max():.2f} mV",
        "tau_m": f"{cell.C_m / cell.g:.2f} ms",
        "g (V_th − E_L)": f"{cell.g * (cell.V_th - cell.E_L):.1f} pA",
    }
