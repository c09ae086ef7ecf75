"""Live runs with images: their pictures, and the image on show.

It may import what app/live may. Begin with `image_view.py`.
"""
