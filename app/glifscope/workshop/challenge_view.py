"""The card of the challenge: pose one, score a guess, show the truth."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore.fit_result import PscParameters
from glifcore.report import number

from ..view import card, html, sentence, table
from .challenge import NOISE, Challenge, pose, score

_APART: dict[str, Any] = {"margin": (4, 12, 4, 0)}


class ChallengeView(pn.viewable.Viewer):
    """Guess the parameters.

    Args:
        start: takes the recording of a new challenge.
        guess: what the sliders show now.
    """

    def __init__(
        self, start: Callable[[Challenge], None], guess: Callable[[], PscParameters]
    ) -> None:
        super().__init__()
        self.challenge: Challenge | None = None
        self._start, self._guess = start, guess
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
        self._text = html(
            '<p class="caption">A synapse of mouse V1, hidden behind noise. Match it with the '
            "sliders; what counts is the curve, not the numbers. The same number hides the same "
            "synapse for everyone.</p>"
        )
        self.begin.on_click(lambda _: self._begin())
        self.check.on_click(lambda _: self._show(truth=False))
        self.reveal.on_click(lambda _: self._show(truth=True))

    def _begin(self) -> None:
        self.challenge = pose(int(self.seed.value or 0), self.noise.value)
        self.check.disabled = self.reveal.disabled = False
        self._text.object = '<p class="caption">Hidden. Match it with sliders and handles.</p>'
        self._start(self.challenge)

    def end(self) -> None:
        """Another recording was opened."""
        self.challenge = None
        self.check.disabled = self.reveal.disabled = True

    def _show(self, truth: bool) -> None:
        challenge = self.challenge
        if challenge is None:
            return
        guess = self._guess()
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
