# SPDX-License-Identifier: GPL-2.0
"""What goes wrong, and the exit status that says so."""


class PerfError(Exception):
    """The experiment failed: a program, a container, the kernel."""
    status = 2


class UsageError(PerfError):
    """The command line or a file that it names is not acceptable."""
    status = 1


class AbsentError(PerfError):
    """A switch is not on this machine, or cannot do what is asked for."""
    status = 3
