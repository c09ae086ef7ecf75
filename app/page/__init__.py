"""HTML, styles and scripts as they are served.

It may import api, lessons, schemas, wire, explain, http. Begin with `routes.py`.
"""
