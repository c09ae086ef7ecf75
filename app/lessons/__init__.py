"""Lessons: the course beside the playground. Each is one TOML file of this folder, or of a teacher's own.

`form` says what a file may say, `facts` what a question may ask about, `catalog` reads folders, `text` makes HTML.
"""

from app.lessons.catalog import all_lessons

__all__ = ["all_lessons"]
