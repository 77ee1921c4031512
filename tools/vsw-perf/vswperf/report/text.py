# SPDX-License-Identifier: GPL-2.0
"""Tables, and figures in them."""

# Head of the column of cpu().
CPU = "CPU s per million"


def mpps(spread):
    """Millions of frames per second, and how far the repeats are apart."""
    text = f"{spread['median'] / 1e6:.3f}"
    return f"{text} (±{spread['spread-percent'] / 2:.0f} %)" if spread["repeats"] > 1 else text


def micro(spread):
    """Microseconds of nanoseconds."""
    return f"{spread['median'] / 1000:.1f}"


def cpu(result):
    """Seconds of processor time for a million frames."""
    spread = result.get("cpu-seconds-per-million")
    return f"{spread['median']:.3g}" if spread else "-"


def loss(result):
    """Percent of what was sent."""
    if not result["lost"]:
        return "0"
    return f"{100 * result['lost'] / result['sent']:.3g}"


def table(head, rows):
    """A table of Markdown."""
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |",
                      "| " + " | ".join("---" for _ in head) + " |", *lines])


def groups(results, *keys):
    """Results with the same values of some keys, in the order of these."""
    found = {}
    for result in results:
        found.setdefault(tuple(result[key] for key in keys), []).append(result)
    return sorted(found.items(), key=lambda item: [_order(value) for value in item[0]])


def _order(value):
    return (isinstance(value, str), value)
