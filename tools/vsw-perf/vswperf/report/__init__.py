# SPDX-License-Identifier: GPL-2.0
"""report: one page of Markdown, and plots, of all results below a directory."""
import functools
import os

from ..error import PerfError, UsageError
from ..results import ENV, RESULT, Tree
from . import chains, latency, plot, scale, throughput
from .text import groups

_SECTIONS = (
    ("Throughput", ("local", "testset"), throughput.section),
    ("Between two machines", ("remote",),
     functools.partial(throughput.section, place="remote-")),
    ("Scalability", ("scale",), scale.section),
    ("Latency", ("latency",), latency.section),
    ("Chains", ("chain", "parallel"), chains.chain),
    ("Loss-free rates", ("ndr",), chains.ndr),
    ("Ramps", ("ramp",), chains.ramp),
)


def add(parser):
    """Options."""
    parser.add_argument("dir", metavar="DIR", help="directory with results")
    parser.add_argument("-o", "--out-dir", dest="out", metavar="DIR",
                        help="where the page goes (default: where the results are)")
    parser.add_argument("--format", choices=("svg", "png"), default="svg",
                        help="of the plots (default svg)")
    parser.add_argument("--plots", nargs="*", metavar="NAME",
                        help="only these plots, by the names of their files")


def _envs(root):
    envs = [Tree(folder).env() for folder, _, files in os.walk(root) if ENV in files]
    return sorted(envs, key=lambda env: env["date"])


def _sockets(result):
    """How its applications used sockets."""
    settings = result.get("settings", {})
    words = ["raw" if settings.get("raw") else "UDP"]
    words += [word for word in ("mmsg", "blocking", "touch") if settings.get(word)]
    return " ".join(words)


def _tell_apart(results):
    """A switch that was measured with several kinds of sockets is several."""
    for _, same in groups(results, "switch", "packet-size", "burst-size"):
        if len({_sockets(result) for result in same}) > 1:
            for result in same:
                result["switch"] += f", {_sockets(result)}"


def _head(env, envs):
    state = "\n".join(f"  - {name}: {what}" for name, what in env["state"].items())
    absent = {name: what for each in envs for name, what in each["switches"].items()
              if what != "present"}
    lines = ["# vsw-perf: results", "",
             f"- date: {env['date']}", f"- kernel: {env['kernel']}",
             f"- CPU: {env['cpu']}, {env['cpus']} of them, {env['memory-mib']} MiB",
             f"- accelerator: {env['accelerator']}",
             *(f"- {name}: {version}" for name, version in env["versions"].items()),
             "- state of the machine while measuring, put back afterwards:", state]
    lines += [f"- {name}: {what}" for name, what in absent.items()]
    lines += ["", "Rates are medians of the repeats, ± half the distance between the least",
              "and the greatest. Sizes count the Ethernet header and not the check sequence.",
              "On an emulated machine only ratios within this page mean something.", "",
              "Commands:", "", "```",
              *(f"{each['date']} {each['command']}" for each in envs), "```", ""]
    return lines


def _repeats(results):
    counts = {result["rx-pps"]["repeats"] for result in results if "rx-pps" in result}
    return "-".join(str(count) for count in sorted(counts)) or "1"


def _caption(env, results):
    return (f"{env['kernel']}, {env['cpu']}, {env['accelerator']}; "
            f"{_repeats(results)} repeats, median and spread")


def _section(title, parts, caption, args, folder):
    lines = [f"## {title}", ""]
    for heading, text, plots in parts:
        lines += [f"### {heading}", "", text, ""]
        for each in plots:
            if each.series and (args.plots is None or each.name in args.plots):
                name = plot.draw(each, caption, args.format, folder)
                lines += [f"![{each.title}: {each.ylabel}]({name})", ""]
    return lines


def run(args, _words):
    """Write the page."""
    if not os.path.isdir(args.dir):
        raise UsageError(f"{args.dir}: no such directory")
    envs = _envs(args.dir)
    results = Tree(args.dir).leaves()
    if not envs or not results:
        raise UsageError(f"{args.dir}: no {ENV if not envs else RESULT}, "
                         "so no results of vsw-perf")
    folder = args.out or args.dir
    os.makedirs(folder, exist_ok=True)
    lines = _head(envs[0], envs)
    for title, experiments, section in _SECTIONS:
        some = [result for result in results if result.get("experiment") in experiments]
        if some:
            _tell_apart(some)
            lines += _section(title, section(some), _caption(envs[0], some), args, folder)
    path = os.path.join(folder, "report.md")
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines).rstrip() + "\n")
    except OSError as error:
        raise PerfError(f"{path}: {error.strerror}") from None
    print(path)
    return 0
