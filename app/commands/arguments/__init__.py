"""What commands are given: links, keys and values, files, options, and what a shell completes.

It may import client, schemas, exports, explain. Begin with `inputs.py`.
"""
