"""The checks of `playground doctor`: of this installation, this machine, or a running server.

Heavy imports stand where they are needed: a package that is missing is a finding, and no reason to stop.
"""
