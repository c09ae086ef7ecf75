"""The application, and how it is started.

It may import all but doctor and commands. Begin with `application.py`.
"""
