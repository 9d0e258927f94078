"""Tariffs by id: shipped ones, or those of a file of the user's."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import lingtan_data
from lingtan.documents import load_record, read_document, validate
from lingtan.errors import EditionError, Fault, LingtanError, Place, fault
from lingtan.metering.tariffs.hours import check_hours
from lingtan.metering.tariffs.records import Tariff, TariffFile
from lingtan.metering.tariffs.rows import load_rows


@cache
def load_tariffs() -> Mapping[str, Tariff]:
    """Every shipped tariff by its id, also those whose hours are faulty; EditionError if ours are wrong."""
    files = sorted(lingtan_data.path("tariffs", "areas").glob("*.yaml"))
    read = [load_record(TariffFile, "tariffs", "areas", file.name) for file in files]
    tariffs = [tariff for file in read for tariff in file.tariffs]
    return {tariff.id: tariff for tariff in (*tariffs, *load_rows())}


def read_tariffs(file: Path) -> Mapping[str, Tariff]:
    """The tariffs of a YAML file by id; LingtanError with every fault of shape and hours."""
    document, faults = read_document(file)
    if document is None:
        raise LingtanError(faults)
    record, faults = validate(document, TariffFile)
    if record is None:
        raise LingtanError(faults)
    found: dict[str, Tariff] = {}
    for index, tariff in enumerate(record.tariffs):
        if tariff.id in found:
            faults.append(fault("tariff.twice", document.place(("tariffs", index, "id")), id=tariff.id))
        found[tariff.id] = tariff
        faults += [*check_hours(tariff), *_check_order(tariff)]
    if faults:
        raise LingtanError(faults)
    return found


def load_tariff(id_: str, file: Path | None = None) -> Tariff:
    """The tariff `id_`, shipped or of `file`.

    LingtanError (tariff.unknown) with the nearest id; EditionError where the shipped hours leave a
    gap or quarrel, as the facts we have of them do.
    """
    tariffs = load_tariffs() if file is None else read_tariffs(file)
    if id_ not in tariffs:
        near = difflib.get_close_matches(id_, tariffs, n=1, cutoff=0.4)
        place = Place(file.name if file else "")
        raise LingtanError(
            [fault("tariff.unknown", place, id=id_, hint=near[0] if near else min(tariffs, default=""))]
        )
    faults = check_hours(tariffs[id_])
    if faults:
        raise EditionError(faults)
    return tariffs[id_]


def check_tariffs(on: date) -> tuple[Fault, ...]:
    """What is wrong with the shipped tariffs: hours that leave a gap or quarrel, and reviews due by `on`."""
    faults: list[Fault] = []
    for tariff in load_tariffs().values():
        faults += [*check_hours(tariff), *_check_order(tariff)]
        if tariff.review_by < on:
            faults.append(
                fault("tariff.review-due", Place(tariff.id), id=tariff.id, review_by=tariff.review_by, on=on)
            )
    return tuple(faults)


def _check_order(tariff: Tariff) -> list[Fault]:
    """Versions are to begin one after the other, each on a day that leaves it days."""
    faults = []
    begins = [date.min, *(version.valid_from for version in tariff.versions)]
    for before, version in zip(begins, tariff.versions, strict=False):
        last = version.valid_to or date.max
        if version.valid_from <= before or (version.surely_from or version.valid_from) > last:
            faults.append(fault("tariff.order", Place(tariff.id), version=version.id))
        if version.surely_from is not None and version.surely_from < version.valid_from:
            faults.append(fault("tariff.order", Place(tariff.id), version=version.id))
    return faults


def state_entries(tariff: Tariff, entries: Mapping[str, date]) -> Tariff:
    """`tariff` with days of entry into force that the user states, by id of version.

    LingtanError (tariff.entry) for a version it does not have, or a day that the facts exclude.
    """
    faults = []
    versions = {version.id: version for version in tariff.versions}
    for id_, day in entries.items():
        version = versions.get(id_)
        if version is None or not version.valid_from <= day <= (version.sure or date.max):
            faults.append(fault("tariff.entry", Place(tariff.id), version=id_, day=day))
            continue
        update = {"valid_from": day, "surely_from": day, "dated": True}
        versions[id_] = version.model_copy(update=update)
    if faults:
        raise LingtanError(faults)
    return tariff.model_copy(update={"versions": tuple(versions.values())})
