"""docs/performance-knowledge.md: what was measured, beside what was asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.bench.policies import CLAUSES_EACH

INTRODUCTION = """\
Measured by one run of the command below, which writes this page. Other machines give other
figures; the ratios between them should hold."""
CORPUS = "{clauses:,} clauses in {policies:,} policies, half of them Chinese, made by a seed."
ABOUT = """\
Taking in is the whole command `daybook policy sync`: starting, reading each file in a limited child
process, splitting, tokens, vectors, SQL, and building and checking Chroma's collection. Every
clause can be found as soon as the generation is switched: exact search over SQL's vectors stands in
until the collection is built. Asking is
`Library.ask`, from the question's text to the citations confirmed in SQL; searching is the same
without the judgement. Both are as of a day, by somebody with a role and a unit. Memory is the most
that a process and its children held at once. A document is changed by adding a clause to it, and
the time runs from the start of the sync until that clause is found by a process that has been
answering all along: once it syncs itself, once `daybook policy sync` does beside it."""
ABOUT_PLAIN = """\
`langchain_chroma.Chroma`, as its examples have it: `add_texts`, then `similarity_search`, with the
same vectors, cosine distance and Chroma's own settings. Its filter is on language, days, roles and
units as metadata, since without one it gives what is not in force or not for the asker."""
ABOUT_KILLS = """\
A sync that changes {policies} of {policies} policies and brings another, killed (`kill -9`) at
moments spread evenly from its start to after its usual end. After each kill the generation's count
and fingerprint must be those of what SQL holds, every clause must be found, and every question must
be answered as before the sync or as after it; then the sync was run again."""

Found = Mapping[str, Mapping[str, Any]]


def page(found: Found, clauses: int, machine: Sequence[tuple[str, str]], command: str) -> str:
    """The whole page in Markdown; `found` is by part, "obliqa" may be missing."""
    withheld = max(part["withheld"] for part in found.values())
    parts = [
        "# Performance of the policy base",
        INTRODUCTION,
        f"```sh\n{command}\n```",
        _table(("Machine", ""), [*machine, ("Withheld by the host, at most", f"{withheld:.0%}")]),
        CORPUS.format(clauses=clauses, policies=clauses // CLAUSES_EACH),
        ABOUT,
        _table(("", "Measured", "Asked for"), _own(found["sync"], found["asking"], clauses)),
        "## Beside LangChain's plain Chroma",
        ABOUT_PLAIN,
        _table(("", "Daybook", "Plain Chroma"), _beside(found)),
        "## Killed at any moment",
        ABOUT_KILLS.format(policies=found["kills"]["policies"]),
        _table(("", ""), _kills(found["kills"])),
    ]
    return "\n\n".join(parts) + "\n"


def _own(
    synced: Mapping[str, Any], asked: Mapping[str, Any], clauses: int
) -> Iterator[tuple[str, str, str]]:
    for name, seconds, least in (
        ("taking in until searchable", synced["searchable"], "≥ 1,000"),
        ("taking in with Chroma's collection", synced["seconds"], ""),
    ):
        yield f"{name}, clauses a second", f"{clauses / seconds:,.0f}", least
        yield f"{name}, seconds", f"{seconds:,.0f}", ""
    yield "taking in, processor seconds", f"{synced['processor']:,.0f}", ""
    yield "taking in, memory, MB", f"{synced['peak_mb']:,.0f}", "≤ 1,200"
    yield "search with filters, p50, ms", f"{asked['search'][0]:.1f}", ""
    yield "search with filters, p95, ms", f"{asked['search'][1]:.1f}", "≤ 30"
    yield "answer with filters, p50, ms", f"{asked['ask'][0]:.1f}", ""
    yield "answer with filters, p95, ms", f"{asked['ask'][1]:.1f}", "≤ 80"
    yield "answering, memory, MB", f"{asked['peak_mb']:,.0f}", "≤ 1,200"
    yield "a fresh process's first answer, s", f"{asked['start']:.1f}", ""
    yield "one changed document, same process, s", f"{asked['changed']['here']:.2f}", "≤ 3"
    yield "one changed document, beside it, s", f"{asked['changed']['elsewhere']:.2f}", "≤ 3"
    yield "vectors through Chroma", "yes" if asked["base"] else "no", "yes"
    yield "Chroma's recall@10 of exact search", f"{asked['recall']:.3f}", "≥ 0.99"


def _beside(found: Found) -> Iterator[tuple[str, str, str]]:
    asked, plain = found["asking"], found["plain"]
    taken = f"{plain['index']:,.0f} (texts only)"
    yield "taking in, s", f"{found['sync']['seconds']:,.0f}", taken
    for lang, name in (("en", "English"), ("zh", "Chinese")):
        ours, theirs = asked["quality"][lang], plain["quality"][lang]
        for figure in ("recall@1", "recall@10", "mrr@10"):
            yield f"{name}: {figure}", f"{ours[figure]:.3f}", f"{theirs[figure]:.3f}"
    yield "search with filters, p50 / p95, ms", _pair(asked["search"]), _pair(plain["filtered"])
    yield "search without filters, p50 / p95, ms", "–", _pair(plain["search"])
    yield "memory, MB", f"{asked['peak_mb']:,.0f}", f"{plain['peak_mb']:,.0f}"
    if "obliqa" in found:
        ours, theirs = found["obliqa"]["ours"], found["obliqa"]["plain"]
        for figure in ("recall@1", "recall@10", "map@10", "mrr@10"):
            yield f"ObliQA: {figure}", f"{ours[figure]:.3f}", f"{theirs[figure]:.3f}"
        yield "ObliQA: p95, ms", f"{ours['p95_ms']:.1f}", f"{theirs['p95_ms']:.1f}"


def _kills(kills: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "kills", str(kills["before"] + kills["after"] + kills["between"])
    yield "as before the sync", str(kills["before"])
    yield "as after the sync", str(kills["after"])
    yield "anything between", str(kills["between"])
    yield "not completed by running it again", str(kills["not_completed"])
    yield "seconds of the sync left alone", f"{kills['seconds']:.1f}"


def _pair(figures: Sequence[float]) -> str:
    return " / ".join(f"{each:.1f}" for each in figures)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---"] + ["--:" if heads[1] else "---"] * (len(heads) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *rows))
