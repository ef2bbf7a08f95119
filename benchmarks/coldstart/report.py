"""Medians, ratios and goals, as tables or as JSON."""

import statistics

from .rows import RESTORED

COLUMNS = [
    ("package MB", "package_mb", "%.1f"),
    ("jars", "jars", "%d"),
    ("init ms", "init", "%.0f"),
    ("first response ms", "first_response", "%.0f"),
    ("x raw", "first_response_ratio", "%.2f"),
    ("first invocation ms", "first_invocation", "%.1f"),
    ("warm p50 us", "warm_p50", "%.0f"),
    ("x raw", "warm_p50_ratio", "%.2f"),
    ("peak RSS MiB", "peak_rss", "%.0f"),
]

# What is promised, of which row, by which value, and at most how much.
GOALS = [
    ("first response, zip", "portolan", "first_response_ratio", 0.45, "x raw"),
    ("first response, zip, a user's beans registered by code", "portolan-beans", "first_response_ratio", 0.70, "x raw"),
    ("first response, flat + AOT cache", "portolan-aot", "first_response_ratio", 0.25, "x raw (its zip)"),
    ("first invocation after init", "portolan", "first_invocation", 3, "ms"),
    ("first invocation after a restore", "portolan-snapstart", "first_invocation", 3, "ms"),
    ("first response with DynamoDB, zip", "portolan-dynamodb", "first_response_ratio", 0.85, "x raw-dynamodb"),
    (
        "first response with DynamoDB, flat + AOT cache",
        "portolan-dynamodb-aot",
        "first_response_ratio",
        0.4,
        "x raw-dynamodb (its zip)",
    ),
    ("package with DynamoDB", "portolan-dynamodb", "package_mb", 12, "MB"),
    ("warm p50", "portolan", "warm_p50_ratio", 1.0, "x raw"),
    ("peak RSS", "portolan", "peak_rss", 65, "MiB"),
    ("package", "portolan", "package_mb", 4, "MB"),
    ("package", "portolan", "jars", 10, "jars"),
]

MACHINE = (
    "%(date)s, %(cores)s cores (%(architecture)s), %(java)s; rounds: %(rounds)s; "
    "cores that other processes used meanwhile: %(others).1f."
)

NOTES = """\
Medians over the rounds; in every round each row ran once, in turn, and a ratio is the median of the rounds' ratios to
`raw`, or to `raw-dynamodb` for rows with DynamoDB, which is DynamoDB Local in a process of its own; each start has a table of its own, which knows
the definition as it does from a deployment's first execution on. JVM mode only,
AWS's own runtime client, Lambda's flags for 512 MB (serial collector, C1 alone). Init lasts from the start of the
process to the first request for an event, the first response to the end of the first answer, the first invocation from
event to answer; warm is event to answer over %(warm)s invocations after the first.
JVM zip: the function's jars in `lib/` of the task root. JVM flat + AOT cache: all on one class path, as in a container
image; the cache itself is not counted as package. JVM after a restore: the SnapStart protocol without a snapshot (no
checkpoint is taken outside of AWS), so the first response counts from the restore's end, without the restore itself."""


def summary(row, runs, base_runs, package, counts):
    """One row's figures: medians, and medians of each round's ratio to the base, by round."""
    figures = {"row": row.name, "title": row.title, "mode": row.mode, "rounds": len(runs)}
    figures["package_mb"], figures["jars"] = package
    figures["counts"] = counts
    for name in ("init", "first_response", "first_invocation", "warm_p50", "peak_rss"):
        figures[name] = statistics.median(run[name] for run in runs.values())
    for name in ("first_response", "warm_p50"):
        ratios = [run[name] / base_runs[number][name] for number, run in runs.items() if number in base_runs]
        # What a restore skips cannot be compared with what a start takes.
        comparable = ratios and not (name == "first_response" and row.mode == RESTORED)
        figures[name + "_ratio"] = statistics.median(ratios) if comparable else None
    return figures


# Fewer say nothing of a goal.
FEWEST_ROUNDS = 5


def goals(rows):
    """Every goal with what was measured: None for a row that did not run."""
    by_name = {row["row"]: row for row in rows}
    result = []
    for what, name, value, limit, unit in GOALS:
        measured = by_name.get(name, {}).get(value)
        met = None if measured is None else measured <= limit
        result.append({"goal": what, "row": name, "at_most": limit, "unit": unit, "measured": measured, "met": met})
    return result


def table(header, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *lines])


def text(result):
    """The whole result in Markdown."""
    rows = table(
        ["row", "mode", *(title for title, _, _ in COLUMNS)],
        [
            [f"`{row['row']}`: {row['title']}", row["mode"]]
            + ["-" if row[key] is None else form % row[key] for _, key, form in COLUMNS]
            for row in result["rows"]
        ],
    )
    verdicts = {None: "not measured", True: "met", False: "missed"}
    if result["rounds"] < FEWEST_ROUNDS:
        verdicts.update({True: "met, by too few rounds", False: "missed, by too few rounds"})
    met = table(
        ["goal", "row", "at most", "measured", ""],
        [
            [
                goal["goal"],
                f"`{goal['row']}`",
                f"{goal['at_most']} {goal['unit']}",
                "-" if goal["measured"] is None else "%.3g" % goal["measured"],
                verdicts[goal["met"]],
            ]
            for goal in result["goals"]
        ],
    )
    counted = [row for row in result["rows"] if row["counts"]]
    if counted:
        columns = sorted({name for row in counted for name in row["counts"]})
        asked = table(
            ["per execution", *columns],
            [[f"`{row['row']}`", *("%g" % row["counts"].get(name, 0) for name in columns)] for row in counted],
        )
        met += "\n\n" + asked
    return f"{rows}\n\n{met}\n\n{MACHINE % result}\n\n{NOTES % result}"
