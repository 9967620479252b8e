"""The equations behind the plots, as MathML: browsers draw it themselves, without a script.

Sources: Teeter et al., Nature Communications 9:709 (2018); the documentation of NEST's
``glif_psc_double_alpha`` for the synapse.
"""

from functools import cache

from latex2mathml.converter import convert

EQUATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "psc": (
        (r"I(t) = w\,[\alpha(t; \tau_f) + a\,\alpha(t; \tau_s)]", "one event of weight w at t = 0"),
        (r"\alpha(t; \tau) = \frac{t}{\tau}\, e^{1 - t/\tau}", "peak 1 at t = τ, area e τ"),
        (
            r"Q = w\, e\,(\tau_f + a\,\tau_s)",
            "charge; τ_f, τ_s and a are tau_syn_fast, tau_syn_slow and amp_slow",
        ),
    ),
    "membrane": (
        (
            r"C_m \frac{dU}{dt} = -g\,U + I_e + I(t) + I_{syn}(t) + \sum_j I_j(t)",
            "U is the potential above E_L",
        ),
        (r"U > \theta_\infty + \theta_s + \theta_v", "then it spikes; θ_∞ = V_th − E_L"),
        (r"U \leftarrow V_{reset} - E_L", "reset at GLIF1 and GLIF3"),
        (
            r"U \leftarrow f_v\,U + \delta V",
            "reset at GLIF2, 4, 5; f_v, δV: voltage_reset_…",
        ),
    ),
    "thresholds": (
        (r"\frac{d\theta_s}{dt} = -b_s\,\theta_s", "between spikes; b_s is th_spike_decay"),
        (
            r"\theta_s \leftarrow \theta_s\, e^{-b_s t_{ref}} + \delta\theta_s",
            "at a spike; δθ_s is th_spike_add",
        ),
        (
            r"\frac{d\theta_v}{dt} = a_v\,U - b_v\,\theta_v",
            "a_v is th_voltage_index, b_v is th_voltage_decay",
        ),
    ),
    "currents": (
        (r"\frac{dI_j}{dt} = -k_j\,I_j", "between spikes; k_j is asc_decay"),
        (
            r"I_j \leftarrow r_j\,I_j\, e^{-k_j t_{ref}} + \delta I_j",
            "at a spike; r_j is asc_r, δI_j is asc_amps",
        ),
    ),
    "synaptic": (
        (
            r"I_{syn}(t) = \sum_p w_p \sum_i [\alpha(t - t_i; \tau_{f,p})"
            r" + a_p\,\alpha(t - t_i; \tau_{s,p})]",
            "over the ports p and the arrivals t_i at each",
        ),
    ),
}
"""For each plot its equations, in LaTeX, with what they say."""


@cache
def mathml(latex: str, display: str = "inline") -> str:
    """LaTeX as MathML.

    Args:
        latex: mathematics without delimiters.
        display: "inline" or "block".
    """
    return convert(latex, display=display)


@cache
def explained(plot: str) -> str:
    """The equations of a plot, a key of `EQUATIONS`, as HTML that opens with a click."""
    rows = "".join(
        f"<dt>{mathml(latex, 'block')}</dt><dd>{meaning}</dd>" for latex, meaning in EQUATIONS[plot]
    )
    return f'<details class="equations"><summary>Equations</summary><dl>{rows}</dl></details>'
