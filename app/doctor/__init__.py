"""What `playground doctor` looks at: this installation, this machine as its settings want it, or a running server.

Heavy imports stand where they are needed: a package that is missing is a finding, and no reason to stop.
"""
