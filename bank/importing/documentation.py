"""The drop contract as a page for people.

`python -m bank.importing.documentation > docs/data.md` writes it.
"""

from collections.abc import Iterator

from bank.importing.contract import FILES, File

INTRODUCTION = """\
# The nightly drop

Daybook's records come in as a *drop*: a folder of CSV or Parquet files and a `manifest.json`, taken
in by `daybook import DIR`; or the same files as views of a warehouse, taken in by
`daybook import --from URL`. This page is written from the declarations the import itself follows.

## The manifest

```json
{
  "source": "core-banking",
  "business_date": "2026-11-16",
  "batch": 1,
  "files": [
    {
      "name": "balances.csv",
      "rows": 45033,
      "sha256": "64 hexadecimal digits of the file's SHA-256",
      "totals": {"amount_fen": 123456789},
      "complete": false
    }
  ],
  "ledger": {"deposits_fen": 9876543210, "loans_fen": 1234567890}
}
```

- `source` names the sending system, `business_date` the last day the drop knows, and `batch`
  counts from 1 within the day.
- `files` lists every file in the folder: its data rows, its digest, and, where wanted, control
  totals: the sums of columns of whole numbers.
- `complete` may be true for a file of changes: it then is a snapshot of the business date, whose
  rows all carry that date and mostly say what is known already. Without the word it is false.
- `ledger` may state the bank's deposits and loans outstanding at the end of the business date,
  those of every source. One fen of difference refuses the drop.
- Write `manifest.json` last: a folder without it is no drop yet, and one whose files do not have
  these digests is refused.
- A drop need not hold every file; a file need not hold every row the bank has.

## How a drop is taken in

- All of it or nothing: everything is checked first, and one transaction writes everything.
- A drop that was taken in before is left alone. Other content under the same date and batch is
  refused: raise `batch`.
- First each file is checked by itself; when all are sound, the rows are checked against each
  other and against what the bank has. Each problem is told with its file, line and column.
- The rows of a refused drop are left in a workbook in `DAYBOOK_HOME/refused`, one a drop, with
  what is wrong with each; only the account Daybook runs as may read it. Up to a thousand problems
  are kept, the rest are counted.
- `daybook import DIR --check` does all of that and takes nothing in.

## Corrections

A drop of a date before the newest one, or of a higher batch, is a correction. What it says of days
already loaded replaces what was believed. What was believed before is kept: balances, prices,
units and loan classes can be read as they were known on any day. A row that came with a later
business date stays as it is.

The managers whose figures a drop corrects are marked until they are scored again. A correction
marks for all it changes or adds on days already loaded. Any other drop marks for what had been
told otherwise on days before its business date, and for what is new of a calendar quarter that
had ended by then. A row that is new, and of the running quarter, marks nobody, however late it
comes.

## The files

A file is CSV or Parquet, as its name ends. The columns may be in any order. Dates are written like
`2026-11-16`; money is whole fen. A cell that looks like a spreadsheet's formula is text like any
other.

- CSV: UTF-8 with commas, a header line, and double quotes where a cell needs them. A byte order
  mark at the start is accepted, every other encoding refused; no line is longer than a megabyte.
- Parquet: texts, whole numbers, dates (date32) and booleans, plain or in dictionaries; null is an
  empty cell. Other types are refused, because their text could be one of several. A row group
  unpacks to at most 512 MB.
- Lines are counted as in CSV, also where there are none: the first row is line 2.

## A warehouse

`daybook import --from URL` reads views in one transaction that only reads. `daybook_manifest` has a
row a file: `source`, `business_date`, `batch`, `file` (its name below, such as `balances`),
`rows`, `version` (a text that changes with the content), `complete` (true, false or null), and
`totals` (a JSON text or null). A row whose `file` is `ledger` holds the ledger's totals. The rows
themselves are in `daybook_balances` and its like, with the columns below; texts, whole numbers,
dates and booleans may have the warehouse's own type.
"""
KNOWN = {
    "update": "A row whose key is known replaces it.",
    "keep": "A row whose key is known changes nothing: Daybook moves it on itself.",
    "fixed": "A row whose key is known must be the same.",
    "changes": "Rows are changes: an unchanged value writes nothing.",
}


def contract_page() -> str:
    """docs/data.md."""
    return INTRODUCTION + "".join(line + "\n" for file in FILES for line in _section(file))


def _section(file: File) -> Iterator[str]:
    yield from ("", f"### {file.name}", "", file.meaning, "")
    yield f"Key: {', '.join(f'`{name}`' for name in file.key)}. {KNOWN[file.known]}"
    yield from ("", "| Column | Holds | Meaning |", "|---|---|---|")
    for column in file.columns:
        refers = f" (an id of {column.refers})" if column.refers else ""
        yield f"| `{column.name}` | {column.kind.words} | {column.meaning}{refers} |"
    conditions = [f"- Refused: `{rule.column}` {rule.reason}." for rule in file.rules]
    if file.unique:
        names = ", ".join(f"`{name}`" for name in file.unique)
        conditions.append(f"- Refused: {names} as another row has it.")
    if file.sums:
        conditions.append(
            f"- Refused: `share_pct` of one `{file.sums.group}` not adding up to 100, those"
            " the bank has included."
        )
    if file.takes_effect:
        after = "the end of " if file.takes_effect == "year" else ""
        conditions.append(f"- Bears on figures from {after}`{file.takes_effect}` on.")
    if file.history:
        names = ", ".join(f"`{name}`" for name in file.history.columns)
        conditions.append(f"- The values of {names} are kept over time, by business date.")
    if conditions:
        yield ""
        yield from conditions


if __name__ == "__main__":
    print(contract_page(), end="")  # noqa: T201 - the page is what is asked for
