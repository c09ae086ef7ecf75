"""Lessons: the course beside the playground. Each is one TOML file of this folder, or of a teacher's own.

`form` says what a file may say, `facts` what a question may ask about, `shelf` reads folders, `text` makes HTML of it.
"""

from app.lessons.shelf import course

__all__ = ["course"]
