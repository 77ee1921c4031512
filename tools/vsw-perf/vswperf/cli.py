# SPDX-License-Identifier: GPL-2.0
"""The command line: vsw-perf COMMAND [OPTIONS]."""
import signal
import sys

from . import options, report, switches
from .error import PerfError
from .experiments import chains, grid, remote

_COMMANDS = {
    "local": (grid.add_local, grid.local, "one test between containers"),
    "testset": (grid.add_testset, grid.testset, "all tests of lists and ranges"),
    "run": (grid.add_run, grid.run, "a test by its name"),
    "ramp": (chains.add_ramp, chains.ramp, "raise the rate until frames are lost"),
    "ndr": (chains.add_ndr, chains.ndr, "search the largest loss-free rate"),
    "chain": (chains.add_chain, chains.chain, "forwarders in a row"),
    "parallel": (chains.add_parallel, chains.parallel, "forwarders side by side"),
    "scale": (grid.add_scale, grid.scale, "more and more pairs on one switch"),
    "latency": (grid.add_latency, grid.latency, "round trips"),
    "remote": (remote.add, remote.remote, "one test between two machines"),
    "agent": (remote.add_agent, remote.agent, "the other end of remote"),
    "report": (report.add, report.run, "a page and plots of results"),
}


def _list_switches(_args, _words):
    for name, switch in switches.ALL.items():
        reason = switch.missing()
        print(f"{name}: " + (f"absent: {reason}" if reason else "present"))
    return 0


def _parser():
    parser = options.Parser(prog="vsw-perf", description="Experiments on virtual "
                            "switches that join containers.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True,
                                     parser_class=options.Parser)
    for name, (add, function, text) in _COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        add(sub)
        sub.set_defaults(function=function)
    sub = commands.add_parser("switches", help="which switches are here")
    sub.set_defaults(function=_list_switches)
    return parser


def _terminate(_signal, _frame):
    raise KeyboardInterrupt


def main(words):
    """Run a command; the exit status."""
    # As the interrupt: everything that was set up is taken away again.
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGHUP, _terminate)
    try:
        args = _parser().parse_args(words)
        return args.function(args, words)
    except PerfError as error:
        print(f"vsw-perf: {error}", file=sys.stderr)
        return error.status
    except BrokenPipeError:
        # Nobody reads any more; neither must Python try at its end.
        sys.stdout = None
        return PerfError.status
    except OSError as error:
        print(f"vsw-perf: {error}", file=sys.stderr)
        return PerfError.status
    except KeyboardInterrupt:
        print("vsw-perf: interrupted; what is finished is kept", file=sys.stderr)
        return 130
