"""The equations behind the plots, as MathML: browsers draw it themselves, without a script.

No root signs: without a font for mathematics, browsers leave them out.

Sources: Teeter et al., Nature Communications 9:709 (2018), and for the explained variance the code
that came with it; the documentation of NEST's ``glif_psc_double_alpha`` for the synapse; Gillespie,
Phys. Rev. E 54:2084 (1996) for the noise. What is counted and fitted is told as it is done in
`population.statistics`, `firing`, `glifcore.uncertainty` and `glifcore.intervals`.
"""

from functools import cache

from latex2mathml.converter import convert

_EV = (
    r"EV(x, y) = \frac{\mathrm{var}\,x + \mathrm{var}\,y - \mathrm{var}(x - y)}"
    r"{\mathrm{var}\,x + \mathrm{var}\,y}",
    "of two spike trains under a Gaussian of 10 ms; explained variance is that of model and cell, "
    "over that of the cell's own repetitions",
)

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
    "stimulus": (
        (
            r"I(t) = A \sin\!\left(2\pi f\,(t - t_0) + \varphi\right) + I_0",
            "sine from start t_0; of a chirp f rises evenly from first to last",
        ),
        (
            r"dI = -\frac{I - \mu}{\tau}\,dt + \sigma \left(\frac{2}{\tau}\right)^{1/2} dW",
            "noise (Ornstein-Uhlenbeck) of mean μ, std σ and correlation time τ",
        ),
        (
            r"P(\Delta t > s) = e^{-r s}",
            "intervals of Poisson spikes of rate r; other currents and trains are as they read",
        ),
    ),
    "autopsy": (
        (
            r"U(t) = e^{-(t - t_0)/\tau_m} U(t_0) + \sum_k u_k(t)",
            "from t_0, the end of the last refractory time or the start; τ_m = C_m / g",
        ),
        (
            r"u_k(t) = \frac{1}{C_m} \int_{t_0}^{t} e^{-(t - s)/\tau_m} I_k(s)\, ds",
            "the part of each current k: the membrane is linear, so the parts add up",
        ),
        (
            r"\theta = \theta_\infty + \theta_s + \theta_v",
            "what the sum has to pass; θ_∞ = V_th − E_L",
        ),
    ),
    "climb": (
        (r"U \leftarrow V_{reset} - E_L", "GLIF1 and GLIF3 reset to a fixed potential"),
        (
            r"U \leftarrow f_v\,U + \delta V, \quad \theta = \theta_\infty + \theta_s",
            "GLIF2, 4, 5: the reset follows the potential, and spikes move the threshold",
        ),
        (r"\cdots + \sum_j I_j(t)", "GLIF3, 4, 5: after-spike currents"),
        (
            r"\theta = \theta_\infty + \theta_s + \theta_v",
            "GLIF5: the threshold follows the potential too",
        ),
        _EV,
    ),
    "firing": (
        (r"f = n / 1\,\mathrm{s}", "n spikes in one second of constant current from rest"),
        (
            r"f_{first} = \frac{1}{t_2 - t_1}, \quad f_{last} = \frac{1}{t_n - t_{n-1}}",
            "of the first and of the last interval",
        ),
        (r"I_{rheobase} = g\,(V_{th} - E_L) - I_e", "holds U at the resting threshold"),
        (
            r"f = \left[t_{ref} + \tau_m \ln \frac{I - g\,U_r}{I - g\,\theta_\infty}\right]^{-1}",
            "at GLIF1, but for the step; U_r = V_reset − E_L, I with I_e, τ_m = C_m / g",
        ),
        (r"\frac{\Delta f}{\Delta I}", "gain, between the two dots"),
    ),
    "population": (
        (
            r"p_i = p + \sigma_p\,\xi_i",
            "each parameter that varies; ξ_i normal, drawn anew outside what the model allows",
        ),
        (
            r"I_i(t) = s\,I(t) + \eta_i(t)",
            "what neuron i gets: a share s of the common current, and noise of its own",
        ),
        (
            r"d\eta_i = -\frac{\eta_i}{\tau}\,dt + \sigma \left(\frac{2}{\tau}\right)^{1/2} dW_i",
            "the noise (Ornstein-Uhlenbeck): σ is own_std, τ is 3 ms",
        ),
        (
            r"r_b = \frac{n_b}{N\,\Delta}",
            "rate per bin: n_b spikes of N neurons in a bin of width Δ",
        ),
        (
            r"r(t) = \frac{1}{N} \sum_k \frac{1}{\Delta\,(2\pi)^{1/2}}\,"
            r"e^{-(t - t_k)^2 / 2\Delta^2}",
            "smoothed, over all spikes t_k",
        ),
    ),
    "rates": (
        (r"r_i = n_i / T", "n_i spikes of neuron i in the simulated time T"),
        (
            r"CV = \frac{\sigma_{ISI}}{\mu_{ISI}}",
            "of a neuron's intervals, mean over those that have two or more",
        ),
        (
            r"\rho = \frac{1}{N - 1}\left(\frac{\mathrm{var}\,\sum_i n_i}"
            r"{\sum_i \mathrm{var}\,n_i} - 1\right)",
            "synchrony, from the counts n_i per bin: 0 independent, 1 all alike",
        ),
    ),
    "atlas": (
        (r"\tau_m = \frac{C_m}{g}, \quad R_m = \frac{1}{g}", "of the membrane"),
        (
            r"g\,(V_{th} - E_L)",
            "the current that takes the potential from rest to the threshold",
        ),
        _EV,
    ),
    "classes": (
        (
            r"I(t) = w\,[\alpha(t; \tau_f) + a\,\alpha(t; \tau_s)]",
            "one event; time to peak, half width and decay are read off it",
        ),
        (
            r"\frac{a\,\tau_s}{\tau_f + a\,\tau_s}",
            "slow share of the charge, as α has the area e τ",
        ),
        (
            r"\min_{\tau, h}\ \int [I(t) - h\,\alpha(t; \tau)]^2\, dt",
            "the nearest single alpha; its largest difference over the peak is the misfit",
        ),
    ),
    "psp": (
        (
            r"C_m \frac{dU}{dt} = -g\,U + I(t), \quad U(0) = 0",
            "the membrane at rest, without a spike",
        ),
        (
            r"U(t) = \frac{1}{C_m} \int_0^t e^{-(t - s)/\tau_m} I(s)\, ds",
            "in closed form, as I(t) is a sum of alpha functions; τ_m = C_m / g",
        ),
    ),
    "recording": (
        (
            r"m(t) = b + w\,[\alpha(t - t_0; \tau_f) + a\,\alpha(t - t_0; \tau_s)]",
            "b is baseline, t_0 is onset; τ_f, τ_s and a as ever; 0 before t_0",
        ),
        (r"r_i = y_i - m(t_i)", "residual of each sample"),
    ),
    "fit": (
        (
            r"\chi^2 = \sum_i \left(\frac{y_i - m(t_i)}{\sigma_i}\right)^2",
            "is made least; σ_i is 1 pA where the samples weigh alike",
        ),
        (
            r"\mathrm{Cov} = (J^\top J)^{-1} J^\top V J\,(J^\top J)^{-1}",
            "of the estimates; J: the derivatives of m(t_i). Its diagonal has the standard errors",
        ),
        (
            r"V_{ij} = s^2 \rho^{|i - j|}",
            "of the noise, correlated from sample to sample as the residuals say",
        ),
        (
            r"\chi^2(p) = \chi^2_{min} + s^2 \kappa_p\, t^2_{0.975}",
            "ends of the 95 % interval of p, all others fitted anew; κ_p is what the correlation "
            "adds to the variance of p",
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
