"""Everything that a visitor can choose about the neuron and what arrives at it, in groups."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import GlifModel, Problem

from .background import Background
from .choices import OFFERED, presets
from .controls import Control, tell
from .layout import accordion
from .page_text import html
from .ports import PortControls
from .session import Session
from .stimulus_controls import StimulusControls

SYNAPSE = ("tau_syn_fast", "tau_syn_slow", "amp_slow", "weight")

GROUPS: dict[str, list[tuple[str, int | None]]] = {
    "Membrane": [(name, None) for name in ("g", "C_m", "E_L", "I_e")],
    "Threshold": [
        (name, None)
        for name in (
            "V_th",
            "th_spike_add",
            "th_spike_decay",
            "th_voltage_index",
            "th_voltage_decay",
        )
    ],
    "Reset": [
        (name, None) for name in ("t_ref", "V_reset", "voltage_reset_fraction", "voltage_reset_add")
    ],
    "After-spike currents": [
        (name, j) for j in range(2) for name in ("asc_amps", "asc_decay", "asc_r", "asc_init")
    ],
}

_MECHANISMS = {
    "spike_dependent_threshold": "Spike-dependent threshold and reset",
    "after_spike_currents": "After-spike currents",
    "adapting_threshold": "Threshold follows the potential",
}


_OPEN = ("Synapse", "Stimulus")


class Controls(pn.viewable.Viewer):
    """Cell, level, and groups of numbers."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__()
        self._session = session
        self.preset = pmui.Select(
            label="Cell",
            description="Whose fitted parameters the neuron takes; synapses and stimulus stay",
            options=_titles(session.preset),
            value=session.preset,
            size="small",
            sizing_mode="stretch_width",
            margin=(12, 10, 4, 10),
        )
        self.model = pmui.RadioButtonGroup(
            label="GLIF level",
            description="Which mechanisms the neuron has: GLIF1 none of those below, GLIF5 all",
            options={model.name: model for model in GlifModel},
            value=session.cell.model,
            size="small",
            color="primary",
            sizing_mode="stretch_width",
        )
        self._told: tuple[Problem, ...] = ()
        self._level = html(margin=(0, 10))
        self._general = html(visible=False)
        self.synapse = {name: Control(session, name) for name in SYNAPSE}
        self.stimulus: StimulusControls | None = None
        self._background = background
        self._ports = PortControls(
            session, "Receptor port whose synapse is shown and changed below; each has its own", 10
        )
        self.controls = list(self.synapse.values())
        ports = self._ports
        synapse = _column(ports.port, *self.controls, ports.buttons)
        self._late = {title: _column() for title in GROUPS}
        self._stimulated = _column()
        opened = zip(_OPEN, (synapse, self._stimulated), strict=True)
        self._groups = accordion([*opened, *self._late.items()])
        self._groups.param.watch(self._fill, "active")
        self.preset.param.watch(self._take, "value")
        self.model.param.watch(lambda e: session.choose_model(e.new), "value")
        session.param.watch(lambda *_: self.follow(), ["cell", "weights", "preset", "port"])
        self.follow()

    def complete(self) -> None:
        """Add the stimulus, which is half of what is open at first."""
        if self.stimulus is None:
            self.stimulus = StimulusControls(self._session, self._background)
            self._stimulated.append(self.stimulus)
            self.tell(self._told)

    def _fill(self, event: Any) -> None:
        """Make the controls of a group when it is first opened."""
        for index in event.new:
            title = [*_OPEN, *self._late][index]
            column = self._late.get(title)
            if column is not None and not column.objects:
                made = [Control(self._session, *entry) for entry in GROUPS[title]]
                self.controls += made
                column.objects = made
                self.tell(self._told)

    def _take(self, event: Any) -> None:
        if event.new != self._session.preset:  # not where the menu only follows
            self._session.choose_preset(event.new)

    def follow(self) -> None:
        """Show what the Session holds now."""
        session = self._session
        for control in self.controls:
            control.follow()
        if self.preset.value != session.preset:
            self.preset.param.update(options=_titles(session.preset), value=session.preset)
        self.model.value = session.cell.model
        text = _mechanisms(session.cell.model) + f'<p class="caption">{_origin(session)}</p>'
        if self._level.object != text:
            self._level.object = text

    def tell(self, found: tuple[Problem, ...]) -> None:
        """Show each problem beside its control, or above all where it belongs to none."""
        self._told = found
        controls = [*self.controls, *(self.stimulus.controls if self.stimulus else [])]
        for control in controls:
            control.tell(found)
        told = [p for p in found if not any(control.concerns(p) for control in controls)]
        tell(self._general, told)

    def __panel__(self) -> Any:
        return pn.Column(
            self.preset,
            self.model,
            self._level,
            self._general,
            self._groups,
            sizing_mode="stretch_width",
        )


def _column(*parts: Any) -> pn.Column:
    return pn.Column(*parts, sizing_mode="stretch_width")


def _titles(chosen: str) -> dict[str, str]:
    """The cells of the menu, the chosen one among them."""
    names = OFFERED if chosen in OFFERED else (*OFFERED, chosen)
    return {presets()[name].title: name for name in names}


def _mechanisms(model: GlifModel) -> str:
    items = "".join(
        f'<li class="{"on" if on else "off"}"><span>{_MECHANISMS[flag]}</span>'
        f"<b>{'on' if on else 'off'}</b></li>"
        for flag, on in model.flags.items()
    )
    return f'<ul class="mechanisms">{items}</ul>'


def _origin(session: Session) -> str:
    """A sentence on where the neuron's numbers come from."""
    preset, model = presets()[session.preset], session.cell.model
    if not session.choices.is_as_fitted:
        return f"Edited, starting from {preset.title}; the level only switches mechanisms."
    if not preset.explained_variance:
        return "NEST's defaults: one GLIF5 fit; the level only switches mechanisms."
    share = preset.explained_variance.get(model)
    if share is None:
        return f"As fitted to this cell at {model.name}."
    return f"As fitted to this cell at {model.name}; explains {100 * share:.0f} % of its spiking."
