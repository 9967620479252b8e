"""The card of the challenge: pose one, score a guess, show the truth."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore.report import number

from ..layout import card
from ..page_text import html, sentence, table
from .challenge import MOST, NOISE, Challenge, begun_as, challenge_of, key_of, score
from .choices import WorkshopChoices

_APART: dict[str, Any] = {"margin": (4, 12, 4, 0)}


_INVITATION = (
    '<p class="caption">A synapse of mouse V1, hidden behind noise. Match it with the sliders; '
    "what counts is the curve, not the numbers. The same number hides the same synapse for "
    "everyone, and a link carries it.</p>"
)


class ChallengeView(pn.viewable.Viewer):
    """Guess the parameters.

    Args:
        choices: of the visitor.
    """

    def __init__(self, choices: WorkshopChoices) -> None:
        super().__init__()
        self.challenge: Challenge | None = None
        self._choices = choices
        self.noise = pmui.Select(
            label="Noise",
            description="Peak of the hidden event over the noise's standard deviation",
            options=NOISE,
            value=20.0,
            size="small",
            width=200,
            margin=(4, 16, 4, 0),
        )
        self.seed = pmui.IntInput(
            label="Number",
            description="Which synapse is hidden, a whole number from 0",
            value=1,
            start=0,
            end=MOST,
            size="small",
            width=110,
            margin=(4, 16, 4, 0),
        )
        self.begin = pmui.Button(label="Hide a synapse", variant="outlined", size="small", **_APART)
        self.check = pmui.Button(
            label="Score my curve", variant="contained", size="small", disabled=True, **_APART
        )
        self.reveal = pmui.Button(
            label="Show the truth", variant="text", size="small", disabled=True, **_APART
        )
        self._text = html(_INVITATION)
        self.begin.on_click(lambda _: self._begin())
        self.check.on_click(lambda _: self._show(truth=False))
        self.reveal.on_click(lambda _: self._show(truth=True))
        choices.param.watch(lambda _: self._follow(), "example")
        self._follow()

    def _begin(self) -> None:
        number = min(max(int(self.seed.value or 0), 0), MOST)
        self._choices.start_with(begun_as(key_of(number, self.noise.value)))
        self._follow()

    def _follow(self) -> None:
        """Show whether there is a hidden synapse, however it was opened."""
        self.challenge = found = challenge_of(self._choices.example)
        self.check.disabled = self.reveal.disabled = found is None
        if found is None:
            self._text.object = _INVITATION
        else:
            self.noise.value, self.seed.value = found.snr, found.seed
            self._text.object = '<p class="caption">Hidden. Match it with sliders and handles.</p>'

    def _show(self, truth: bool) -> None:
        challenge = self.challenge
        if challenge is None:
            return
        guess = self._choices.values
        found = score(challenge, guess)
        text = f'<p class="score">{found.points} points</p><p>{found.verdict}</p>'
        if truth:
            synapse = challenge.synapse
            body = [
                [name, number(value), number(getattr(guess, name))]
                for name, value in challenge.shape._asdict().items()
            ]
            text += table(["", "truth", "yours"], body)
            text += f"<p>{synapse.pre} to {synapse.post} in mouse V1, {synapse.sign}.</p>"
            text += "".join(f"<p>{sentence(why)}</p>" for why in found.why)
        self._text.object = text

    def __panel__(self) -> Any:
        return card(
            "Guess the parameters",
            pn.FlexBox(self.noise, self.seed, margin=0),
            pn.FlexBox(self.begin, self.check, self.reveal, margin=(4, 0)),
            self._text,
        )
