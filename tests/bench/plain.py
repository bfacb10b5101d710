"""What most examples do: LangChain's Chroma over the same texts, embedder and questions.

    python -m tests.bench.plain DATABASE_URL FOLDER QUESTIONS

Prints one JSON object: seconds to index, milliseconds of a search without and with a filter, and
how good it is, per language.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from bank.database import Database
from bank.days import OPEN, number
from bank.policies import clauses, policy_versions
from tests.bench.asking import LIMIT, percentiles, searched
from tests.bench.plain_passages import open_store
from tests.bench.policies import Known

LOT = 5_000
QUESTIONS = 100
"""Its filters are slow."""


def main() -> None:
    url, folder, questions = sys.argv[1], *map(Path, sys.argv[2:])
    lines = questions.read_text("utf-8").splitlines()
    known = [Known(**json.loads(line)) for line in lines[:QUESTIONS]]
    database = Database(url)
    with database.read() as tx:
        policies = {policy.id: policy for policy in policy_versions(tx)}
        held = [(c.id, c.text, _metadata(policies[c.version_id])) for c in clauses(tx)]
    database.close()
    store = open_store(folder)
    began = time.perf_counter()
    for start in range(0, len(held), LOT):
        ids, texts, metadatas = map(list, zip(*held[start : start + LOT], strict=True))
        store.add_texts(texts, metadatas, ids)
    told: dict[str, object] = {"index": time.perf_counter() - began}

    def search(one: Known):
        return store.similarity_search(one.text, LIMIT)

    def filtered(one: Known):
        return store.similarity_search(one.text, LIMIT, filter=_filter(one))

    told["search"] = percentiles(search, known)
    told |= searched(lambda one: [found.id for found in filtered(one)], known, "filtered")
    print(json.dumps(told))


def _metadata(policy) -> dict[str, object]:
    """What a filter needs: one language, days as numbers, and a flag for each reader."""
    end = policy.in_force_to
    readers = {f"role {role}": True for role in policy.audience}
    units = {f"unit {unit}": True for unit in policy.units or ("all",)}
    first, last = number(policy.in_force_from), OPEN if end is None else number(end)
    return {"lang": policy.lang, "from": first, "to": last, **readers, **units}


def _filter(one: Known) -> dict[str, object]:
    day = number(date.fromisoformat(one.on))
    return {
        "$and": [
            {"lang": one.lang},
            {"from": {"$lte": day}},
            {"to": {"$gt": day}},
            {"$or": [{f"role {role}": True} for role in ("all", *one.roles)]},
            {"$or": [{f"unit {unit}": True} for unit in ("all", *one.units)]},
        ]
    }


if __name__ == "__main__":
    main()
