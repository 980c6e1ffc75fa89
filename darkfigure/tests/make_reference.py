"""Copies the reference results that the tests need into tests/data (run by hand when the references change).

Usage: python tests/make_reference.py FOLDER, where FOLDER holds one JSON file per (table, package, method) and
bic_tables/*.tsv, as produced by running the R packages named in each file.
"""

import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent / "data"


def without_draws(results: object) -> object:
    if isinstance(results, dict):
        return {key: without_draws(value) for key, value in results.items() if key != "boot_reps"}
    if isinstance(results, list):
        return [without_draws(value) for value in results]
    return results


def main(folder: Path) -> None:
    kept = []
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text())
        name = path.stem.split("__")[2]
        kept.append(
            {
                "name": name,
                **{key: document[key] for key in ("dataset", "package", "version", "method", "call")},
                "results": without_draws(document["results"]),
                "cpu_s": document.get("timing", {}).get("cpu_s"),
            }
        )
    (HERE / "reference.json").write_text(json.dumps(kept, indent=0) + "\n")
    for path in sorted((folder / "bic_tables").glob("*.tsv")):
        with path.open() as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        step = 1 if len(rows) < 200 else 23
        by_status: dict[str, int] = {}
        chosen = []
        for number, row in enumerate(rows):
            seen = by_status.get(row["status"], 0)
            by_status[row["status"]] = seen + 1
            if number < 30 or number % step == 0 or (row["status"] != "0" and seen < 12):
                chosen.append(row)
        with (HERE / f"models_{path.stem}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, chosen[0].keys())
            writer.writeheader()
            writer.writerows(chosen)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
