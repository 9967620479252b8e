"""The V1 synapse explorer: 121 classes of connections, compared, looked at, and put on the neuron.

`catalogue` and `one_alpha` hold the numbers, `choices` what the visitor asked for and the picture
that follows; `heat_map`, `scatter`, `waveform` and `card` draw, and `workspace` wires them.
"""
