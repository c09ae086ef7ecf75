"""The arguments of commands: links, keys and values, files, options, and their completion.

It may import client, schemas, exports, explain. Begin with `inputs.py`.
"""
