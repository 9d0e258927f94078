"""Write the invented example park `xinghuo`: registers, readings, evidence, boundary, park.yaml.

    .venv/bin/python examples/parks/generate_xinghuo.py [FOLDER]

The park, its 60 enterprises and every figure are invented; the parts stand in `xinghuo_generator/`:

- `tenants.py`: who is there and what they use in a year;
- `calendar_2024.py`, `loads.py`: the hours of 2024 and the load shapes, in whole numbers only, with
  chance from the raw bits of a seeded SFC64: the same bytes on every machine;
- `network.py`: energy flows hour by hour, and 200 meters on them;
- `readings.py`: what the meters send, with three documented faults;
- `activity.py`, `organisation.py`, `infrastructure.py`, `environment.py`, `cancellation.py`: the registers;
- `evidence.py`, `identity.py`: evidence files, park.yaml, boundary.

The monthly electricity, gas, heat and transfers of the registers are sums of what the meters
counted, to the last digit; readings differ from them only where a fault was put in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from xinghuo_generator.activity import add_energy, add_meters, add_other_sources
from xinghuo_generator.cancellation import add_cancellation
from xinghuo_generator.environment import add_environment
from xinghuo_generator.evidence import add_evidence
from xinghuo_generator.identity import write_identity
from xinghuo_generator.infrastructure import add_infrastructure
from xinghuo_generator.network import build_meters
from xinghuo_generator.organisation import add_organisation
from xinghuo_generator.readings import write_readings
from xinghuo_generator.tables import Tables


def write_park(folder: Path) -> None:
    """The whole dossier in `folder`; files that are there are written over, README.md is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    meters = build_meters()
    tables = Tables()
    add_organisation(tables)
    add_infrastructure(tables, meters)
    add_meters(tables, meters)
    add_energy(tables, meters)
    add_other_sources(tables)
    add_environment(tables)
    add_cancellation(tables, meters)
    add_evidence(tables, folder / "evidence")
    tables.write(folder)
    write_identity(folder)
    write_readings(meters, folder / "readings")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "xinghuo"
    write_park(target)
    sys.stdout.write(f"{target}\n")
