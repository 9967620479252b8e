"""Which recording is in the workshop, and how its numbers are read: file, sweeps, unit, window."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..page_text import html, sentence, show
from ..uploads.file_input import file_input
from .choices import WorkshopChoices
from .examples import EXAMPLES, TITLES

UNITS = ("pA", "nA", "µA", "A", "fA")
NO_EXAMPLE = "none"

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (6, 10)}
_SMALL: dict[str, Any] = {"size": "small", **_WIDE}


class SourceControls(pn.viewable.Viewer):
    """Which recording, and how its numbers are read.

    Args:
        choices: of the visitor.
        open_file: takes a file's name and content.
        open_example: takes an example's title.
        reread: reads the file once more, with another channel or unit.
    """

    def __init__(
        self,
        choices: WorkshopChoices,
        open_file: Callable[[str, bytes], None],
        open_example: Callable[[str], None],
        reread: Callable[[int, str | None], None],
    ) -> None:
        super().__init__()
        self._choices = choices
        self._following = False
        self.file = file_input(open_file, label="Drop another recording, or choose one")
        self.example = pmui.Select(
            label="Example",
            description="A recorded or synthetic PSC to try the workshop with",
            options=[NO_EXAMPLE, *TITLES],
            value=NO_EXAMPLE,
            **_SMALL,
        )
        self.told = html(visible=False)
        self.title = html(visible=False, margin=(2, 10))
        self.channel = pmui.Select(
            label="Channel",
            description="Signal of the file that holds the current",
            options=[],
            **_SMALL,
        )
        self.sweeps = pmui.MultiChoice(
            label="Sweeps averaged",
            description="Repetitions whose mean is shown and fitted",
            options=[],
            value=[],
            chip=False,
            **_WIDE,
        )
        self.unit = pmui.Select(
            label="Unit of the file",
            description="What its numbers are read in; the page shows them in pA",
            options=list(UNITS),
            **_SMALL,
        )
        self.factor = pmui.FloatInput(
            label="Scale factor",
            description="Dimensionless factor on each sample, for a gain not told in the file",
            value=1.0,
            step=0.1,
            format="0[.][000000]",
            **_SMALL,
        )
        self.inverted = pmui.Switch(
            label="Turn upside down",
            description="Reverse the sign of the current, for amplifiers that record it inverted",
            value=False,
            margin=(2, 10),
        )
        self.levelled = pmui.Switch(
            label="Subtract each sweep's baseline",
            description="Shift each sweep so that its mean over the baseline's times is 0",
            value=True,
            margin=(2, 10),
        )
        self.window = self._range(
            "window (ms)", "Part of the recording that the curve is fitted to"
        )
        self.quiet = self._range("baseline (ms)", "Part without an event: the level, and the noise")
        self._details = pn.Column(
            self.channel,
            self.sweeps,
            pn.Row(self.unit, self.factor, margin=0),
            self.inverted,
            self.levelled,
            self.window,
            self.quiet,
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )
        self.example.param.watch(
            lambda e: self._user(lambda: e.new != NO_EXAMPLE and open_example(e.new)), "value"
        )
        self.channel.param.watch(lambda _: self._user(lambda: self._reread(reread, None)), "value")
        self.unit.param.watch(lambda e: self._user(lambda: self._reread(reread, e.new)), "value")
        for name in ("factor", "inverted", "levelled"):
            getattr(self, name).param.watch(lambda e, name=name: self._set(name, e.new), "value")
        for name in ("window", "quiet"):
            slider = getattr(self, name)
            slider.param.watch(
                lambda e, name=name: self._set(name, tuple(map(float, e.new))), "value"
            )
        self.sweeps.param.watch(lambda e: self._chosen_sweeps(e.new), "value")
        choices.param.watch(
            lambda *_: self.follow(),
            ["recording", "sweeps", "factor", "inverted", "levelled", "window", "quiet"],
        )
        self.follow()

    def _range(self, label: str, meaning: str) -> Any:
        return pmui.EditableRangeSlider(
            label=label,
            description=meaning,
            start=0.0,
            end=50.0,
            value=(0.0, 50.0),
            step=0.05,
            format="0[.][000]",
            size="small",
            sx={"& .MuiFormLabel-root": {"whiteSpace": "nowrap", "fontSize": "13px"}},
            **_WIDE,
        )

    def _user(self, act: Callable[[], None]) -> None:
        """Do this only for what the user did, not for what follows a choice."""
        if not self._following:
            act()

    def _reread(self, reread: Callable[[int, str | None], None], unit: str | None) -> None:
        if self._choices.recording is not None:
            reread(self.channel.options.index(self.channel.value), unit)

    def _set(self, name: str, value: Any) -> None:
        if not self._following and value is not None and value != getattr(self._choices, name):
            setattr(self._choices, name, value)

    def _chosen_sweeps(self, labels: list[str]) -> None:
        if self._following:
            return
        numbers = tuple(sorted(int(label) - 1 for label in labels))
        if numbers:
            self._choices.sweeps = numbers
        else:
            self.follow()  # an average of none is no recording

    def follow(self) -> None:
        """Show what is chosen now."""
        recording = self._choices.recording
        self._details.visible = recording is not None
        if recording is None:
            return
        self._following = True
        try:
            self._follow(recording)
        finally:
            self._following = False

    def _follow(self, recording: Any) -> None:
        choices = self._choices
        count, interval = len(recording.sweeps), recording.interval
        size = f"{count} sweep{'s' if count > 1 else ''} of {len(recording.time)} samples"
        title = f"{recording.name or 'recording'}, {recording.format}: {size}, {interval:g} ms"
        show(self.title, f'<p class="caption">{sentence(title)}</p>')
        self.example.value = EXAMPLES.get(choices.example, NO_EXAMPLE)
        channels = [
            f"{i}: {channel.name or 'unnamed'} ({channel.unit or 'no unit'})"
            for i, channel in enumerate(recording.channels)
        ]
        self.channel.param.update(
            options=channels, value=channels[recording.channel], visible=len(channels) > 1
        )
        labels = [str(i + 1) for i in range(count)]
        self.sweeps.param.update(
            options=labels, value=[str(i + 1) for i in choices.sweeps], visible=count > 1
        )
        unit = recording.unit if recording.unit in UNITS else None
        self.unit.param.update(options=[*UNITS] if unit else ["", *UNITS], value=unit or "")
        self.factor.value, self.inverted.value = choices.factor, choices.inverted
        self.levelled.value = choices.levelled
        start, end = float(recording.time[0]), float(recording.time[-1])
        for slider, value in ((self.window, choices.window), (self.quiet, choices.quiet)):
            slider.param.update(start=start, end=end, step=max(interval, 0.001), value=value)

    def __panel__(self) -> Any:
        return pn.Column(
            self.file,
            self.example,
            self.told,
            self.title,
            self._details,
            sizing_mode="stretch_width",
        )
