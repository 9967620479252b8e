"""The waveform workshop: from a recording to the numbers of a synapse, with honest errors.

As in the rest of the page, `choices` holds what the user chose and `results` what follows from it;
the views draw results, the controls write choices, and `workspace` puts them on the page.
"""
