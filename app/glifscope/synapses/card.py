"""The chosen class in words: its three numbers, where they come from, and the way to the neuron."""

from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import FIELDS, PscShape, Synapse, load_synapse

from ..choices import shape_of
from ..export.event import with_synapse
from ..layout import card as surface
from ..page_text import html, readouts, sentence, show
from ..ports import GOES_TO, PortControls
from ..session import Session
from .catalogue import CLASSES, POOLED, SHAPE, Catalogue, title_of
from .choices import Picture
from .one_alpha import NEAR, one_alpha

SOURCE = (
    "The dataset: Allen Institute, biorealistic-v1-model (BSD 3-Clause, © 2026 Allen Institute), "
    "from recordings of Campagnola, Seeman et al., Local connectivity and synaptic dynamics in "
    "mouse and human neocortex, Science 375:eabj5861 (2022). It gives the shape; the weight is "
    "yours to choose, as the peak of the fast part."
)


class SynapseCard(pn.viewable.Viewer):
    """The class that is looked at.

    Args:
        session: has the neuron.
        chosen: the waveform that is looked at now, with its weight.
    """

    def __init__(self, session: Session, chosen: Callable[[], PscShape]) -> None:
        super().__init__()
        self._session, self._chosen = session, chosen
        self._facts, self._remarks = html(), html()
        self._told = html()
        self.put = pmui.Button(label="Put it on the neuron", size="small", margin=0)
        self.look = pmui.Button(
            label="Open it in Neuron", size="small", variant="outlined", margin=0
        )
        self.put.on_click(lambda _: self._put())
        self.look.on_click(lambda _: setattr(session, "workspace", "Neuron"))

    def draw(self, picture: Picture) -> None:
        """Show this picture."""
        show(self._facts, _facts(picture))
        show(self._remarks, "".join(remarks(picture.catalogue, picture.synapse)))
        self.follow()

    def follow(self, usable: bool = True) -> None:
        """Tell whether the shown port has this synapse; `usable`, whether the weight is."""
        session, port = self._session, self._session.port
        there = self._chosen() == shape_of(session.choices, port)
        label = f"On port {port} of the neuron" if there else f"Put it on port {port} of the neuron"
        self.put.param.update(label=label, disabled=there or not usable)
        self.look.visible = there
        text = f"It takes the place of the synapse on port {port}. Undo brings that back."
        if there:
            text = f"Port {port} has this synapse, at this weight."
        show(self._told, f'<p class="caption">{text}</p>')

    def _put(self) -> None:
        session, shape = self._session, self._chosen()
        session.accept(with_synapse(session.cell, shape, session.port), shape.weight)

    def __panel__(self) -> Any:
        return surface(
            "The chosen class",
            self._facts,
            self._remarks,
            PortControls(self._session, GOES_TO),
            pn.FlexBox(self.put, self.look, gap="8px", margin=(8, 0, 4, 0)),
            self._told,
            html(f'<p class="caption">{escape(SOURCE)}</p>', margin=(10, 0, 0, 0)),
        )


def remarks(catalogue: Catalogue, synapse: Synapse) -> list[str]:
    """What one should know about the numbers of a class, as HTML."""
    told = []
    if synapse.pooled:
        weight = "grave" if len(synapse.pooled) == len(SHAPE) else ""
        told.append((weight, fallback_in_words(synapse)))
    if {synapse.pre, synapse.post} & {*POOLED}:
        told.append(("", "Pooled over many cells: it is not a connection between two classes."))
    alike = [*catalogue.alike[catalogue.index(synapse.name)]]
    if len(synapse.pooled) == len(SHAPE):
        alike.remove(_source(synapse))  # it is told already
    if alike:
        names = _list([name.replace("_to_", " → ") for name in alike])
        told.append(("", f"The same three numbers, to the last digit: {names}."))
    shared = shared_in_words(catalogue, synapse)
    if shared:
        told.append(("", shared))
    nearest = one_alpha(synapse.shape)
    if nearest.misfit < NEAR:
        told.append(("", near_in_words(synapse.shape, nearest.tau, nearest.misfit)))
    return [f'<p class="remark {kind}">{sentence(words)}</p>' for kind, words in told]


def fallback_in_words(synapse: Synapse) -> str:
    """Which numbers of a class are probably not its own."""
    source = load_synapse(_source(synapse))
    cells = CLASSES[source.pre].removesuffix(", pooled")
    pooled = f"{title_of(source)}, where {cells} cells"
    n = len(synapse.pooled)
    if n == len(SHAPE):
        begin = "All three numbers equal those of"
        end = "So they are probably a fallback, because this pair was sampled too sparsely."
    else:
        names = _list([f"`{name}`" for name in synapse.pooled])
        begin = f"{names} {'equals that' if n == 1 else 'equal those'} of"
        end = f"So {'it is' if n == 1 else 'they are'} probably a fallback."
    return f"{begin} {pooled} are pooled. {end}"


def shared_in_words(catalogue: Catalogue, synapse: Synapse) -> str:
    """Which numbers, not known to be pooled, a class shares with some that are else unlike it."""
    if {synapse.pre, synapse.post} & {*POOLED}:
        return ""  # where such numbers come from
    at = catalogue.index(synapse.name)
    counts = {
        name: int((catalogue.numbers[name] == catalogue.numbers[name][at]).sum()) - 1
        for name in SHAPE
        if name not in synapse.pooled
    }
    told = [f"`{name}` ({n} of them)" for name, n in counts.items() if n > len(catalogue.alike[at])]
    if not told:
        return ""
    return (
        f"Shared to the last digit with other classes: {_list(told)}. Numbers measured pair by "
        "pair would hardly agree so; the dataset may have filled gaps with them."
    )


def near_in_words(shape: PscShape, tau: float, misfit: float) -> str:
    """What it means that one alpha function would nearly do."""
    ratio = shape.tau_syn_slow / shape.tau_syn_fast
    return (
        f"Nearly a single alpha function: one with a time constant of {tau:.3g} ms differs from "
        f"the sum by at most {100.0 * misfit:.1f} % of the peak. The two time constants are only a "
        f"factor of {ratio:.2f} apart, and noisy data cannot tell these three numbers from others."
    )


def _facts(picture: Picture) -> str:
    synapse, shape = picture.synapse, picture.shape
    origin = f"From {CLASSES[synapse.pre]}, onto {CLASSES[synapse.post]}; {synapse.sign}."
    numbers = {
        f"<code>{name}</code>": f"{value:.4g} {_unit(name)}".replace("-", "−")
        for name, value in shape._asdict().items()
    }
    return (
        f"<h3>{escape(title_of(synapse))}</h3><p class='caption'>{escape(origin)}</p>"
        f"{readouts(numbers)}"
    )


def _unit(name: str) -> str:
    return "pA" if name == "weight" else FIELDS[name].unit


def _source(synapse: Synapse) -> str:
    """The name of the pooled class that a fallback is from."""
    return f"{'exc' if synapse.sign == 'excitatory' else 'inh'}_to_{synapse.post}"


def _list(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
