"""File formats of a network, such as ONNX and safetensors: written and read.

It may import the engine. Begin with `layers.py`, the network as all formats have it.
"""
