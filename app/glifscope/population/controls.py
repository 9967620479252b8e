"""What can be chosen about a population: how many, what differs between them, what arrives."""

from dataclasses import replace
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import FIELDS, Problem

from ..buttons import cross
from ..choices import OFFERED, presets
from ..controls import NumberControl, tell
from ..layout import accordion
from ..page_text import html, notices, sentence, show
from ..session import Session
from .choice import MOST_CELLS, POPULATION_FIELDS
from .draw import OWN_TAU

_ADD = "Add a parameter that varies"


class PopulationControl(NumberControl):
    """One of the numbers of a population."""

    def __init__(self, session: Session, field: str) -> None:
        self._session, self.field = session, field
        info = POPULATION_FIELDS[field]
        super().__init__(f"{field} ({info.unit})" if info.unit else field, info, self.read())

    def read(self) -> float:
        return float(getattr(self._session.population, self.field))

    def write(self, value: float) -> None:
        population = self._session.population
        self._session.population = replace(population, **{self.field: float(value)})

    def concerns(self, problem: Problem) -> bool:
        return problem.field == self.field


class SpreadControl(NumberControl):
    """The standard deviation of one parameter that varies, and a button that ends that."""

    def __init__(self, session: Session, field: str) -> None:
        self._session, self.field = session, field
        info = FIELDS[field]
        unit = f" ({info.unit})" if info.unit else ""
        low, high = info.typical
        spread = info._replace(
            meaning=f"{info.meaning}: its standard deviation from neuron to neuron",
            typical=(0.0, 0.2 * (high - low)),
        )
        super().__init__(f"SD of {field}{unit}", spread._replace(above=None), self.read())
        self._remove = cross(f"Let {field} not vary", margin=(0, 4, 0, 0))
        self._remove.on_click(lambda _: self._write_all(None))

    def read(self) -> float:
        return float(dict(self._session.population.spread).get(self.field, 0.0))

    def write(self, value: float) -> None:
        self._write_all(float(value))

    def _write_all(self, value: float | None) -> None:
        population = self._session.population
        spread = tuple(
            (name, deviation if name != self.field else value)
            for name, deviation in population.spread
            if name != self.field or value is not None
        )
        self._session.population = replace(population, spread=spread)

    @property
    def unused(self) -> bool:
        return self._session.cell.model not in self._info.used_by

    def concerns(self, problem: Problem) -> bool:
        return problem.field == f"spread.{self.field}"

    def __panel__(self) -> Any:
        return pn.Row(self._part, self._remove, sizing_mode="stretch_width", margin=0)


class SpreadControls(pn.viewable.Viewer):
    """Each parameter that varies, with its standard deviation."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.controls: list[SpreadControl] = []
        self._rows = pn.Column(sizing_mode="stretch_width", margin=0)
        self.add = pmui.MenuButton(
            label=_ADD,
            description=f"{_ADD}: each neuron gets a value from a normal distribution around its "
            "own cell's",
            items=[],
            variant="outlined",
            size="small",
            margin=(6, 10),
        )
        self.add.on_click(self._add)
        self.follow()

    def _add(self, item: Any) -> None:
        name, population = item["label"], self._session.population
        low, high = FIELDS[name].typical
        spread = (*population.spread, (name, round(0.02 * (high - low), 6)))
        self._session.population = replace(population, spread=spread)

    def follow(self) -> None:
        """Show the parameters that vary; rows are built anew only where others take their place."""
        names = [name for name, _ in self._session.population.spread]
        model = self._session.cell.model
        free = [n for n, info in FIELDS.items() if n not in names and model in info.used_by]
        items = [{"label": name} for name in free]
        if self.add.items != items:
            self.add.items = items
        if [control.field for control in self.controls] != names:
            self.controls = [SpreadControl(self._session, name) for name in names]
            self._rows[:] = self.controls
        for control in self.controls:
            control.follow()

    def __panel__(self) -> Any:
        return pn.Column(self._rows, self.add, sizing_mode="stretch_width", margin=0)


class MixControl(pn.viewable.Viewer):
    """Which Allen cells take turns: some are offered in a menu, the others are found by name."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.cells = pmui.MultiChoice(
            label="Mix of cells",
            description="They take turns, each as it was fitted at the level of the neuron",
            options={},
            value=[],
            max_items=MOST_CELLS,
            placeholder="None: all are around the neuron",
            sizing_mode="stretch_width",
            margin=(8, 10, 4, 10),
        )
        self.find = pmui.AutocompleteInput(
            label=f"Any of the {len(presets()) - 1} cells",
            description="By its number or line, also where the menu above does not offer it",
            options={preset.title: name for name, preset in presets().items()},
            placeholder="number or line",
            search_strategy="includes",
            case_sensitive=False,
            min_characters=1,
            size="small",
            sizing_mode="stretch_width",
            margin=0,
        )
        # A button, since Enter in the field can name two cells: the first found, then the marked.
        self.add = pmui.Button(
            label="Add to the mix", variant="outlined", size="small", margin=(6, 0, 4, 0)
        )
        self._told, self._full = html(visible=False), html(visible=False)
        self.cells.param.watch(self._write, "value")
        self.find.param.watch(lambda _: self._enable(), "value")
        self.add.on_click(lambda _: self._add())
        self.follow()

    def _write(self, event: Any) -> None:
        mix = tuple(event.new or ())
        if mix != self._session.population.mix:
            self._session.population = replace(self._session.population, mix=mix)

    def _add(self) -> None:
        population, name = self._session.population, self.find.value
        if name in presets() and name not in population.mix and len(population.mix) < MOST_CELLS:
            self._session.population = replace(population, mix=(*population.mix, name))
            self.find.param.update(value=None, value_input="")

    def _enable(self) -> None:
        mix, name = self._session.population.mix, self.find.value
        self.add.disabled = name not in presets() or name in mix or len(mix) >= MOST_CELLS

    def follow(self) -> None:
        """Show the mix, and which of its cells have no fit at this level."""
        mix, model = self._session.population.mix, self._session.cell.model
        options = {presets()[name].title: name for name in dict.fromkeys((*OFFERED, *mix))}
        if self.cells.options != options or tuple(self.cells.value) != mix:
            self.cells.param.update(options=options, value=list(mix))
        titles = [presets()[name].title for name in mix if model not in presets()[name].levels]
        text = f"Left out, since not fitted at {model.name}: {', '.join(titles)}."
        show(self._told, notices([text] if titles else [], "warning"))
        full = f"The mix has {MOST_CELLS} cells, the most that can take turns."
        show(self._full, f'<p class="caption">{full}</p>' if len(mix) >= MOST_CELLS else "")
        self._enable()

    def __panel__(self) -> Any:
        return pn.Column(
            self.cells,
            pn.Column(
                self.find, self.add, self._full, sizing_mode="stretch_width", margin=(6, 10, 4, 10)
            ),
            self._told,
            sizing_mode="stretch_width",
            margin=0,
        )


class PopulationControls(pn.viewable.Viewer):
    """All of it, in groups."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.numbers = {name: PopulationControl(session, name) for name in POPULATION_FIELDS}
        self.spread = SpreadControls(session)
        self.mix = MixControl(session)
        self._around, self._own = html(margin=(10, 12, 6, 12)), html(margin=(2, 12, 8, 12))
        self._general = html(visible=False)
        numbers = self.numbers
        groups = {
            "Neurons": [numbers["n_neurons"], numbers["seed"]],
            "What differs": [self.spread, self.mix],
            "What arrives": [numbers["shared"], numbers["own_rate"], numbers["own_std"], self._own],
        }
        self._groups = accordion(
            (title, pn.Column(*group, sizing_mode="stretch_width"))
            for title, group in groups.items()
        )
        self._groups.active = [0, 1, 2]
        session.param.watch(
            lambda *_: self.follow(), ["population", "cell", "preset", "port", "weights"]
        )
        self.follow()

    def follow(self) -> None:
        """Show what the Session holds now."""
        session = self._session
        for part in (*self.numbers.values(), self.spread, self.mix):
            part.follow()
        title, model = presets()[session.preset].title, session.cell.model.name
        edited = "" if session.choices.is_as_fitted else ", edited"
        around = f"Around {title}{edited}, at {model}: the neuron of the Neuron workspace."
        if session.population.mix:
            around = f"A mix of cells at {model}, with the synapses of the Neuron workspace."
        weight = session.weights[session.port]
        own = (
            "The shared stimulus is that of the Neuron workspace. "
            f"Private spikes arrive at port {session.port} with its weight of {weight:g} pA; "
            f"private noise has a correlation time of {OWN_TAU:g} ms."
        )
        show(self._around, f'<p class="caption">{sentence(around)}</p>')
        show(self._own, f'<p class="caption">{sentence(own)}</p>')

    def tell(self, found: tuple[Problem, ...]) -> None:
        """Show each problem beside its control, or above all where it belongs to none."""
        controls = [*self.numbers.values(), *self.spread.controls]
        for control in controls:
            control.tell(found)
        others = [p for p in found if not any(control.concerns(p) for control in controls)]
        tell(self._general, others)

    def __panel__(self) -> Any:
        return pn.Column(self._around, self._general, self._groups, sizing_mode="stretch_width")
