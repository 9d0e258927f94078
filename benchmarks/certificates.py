"""A hundred thousand certificates: `python -m benchmarks.certificates --certificates 100000`.

Made-up certificates that differ in number, park, stars, days and place in the list. Issuing signs the
credential and the code of each; checking is `verify_file` of the credential with its status list, from bytes
to word. Beside them, over the same bytes and in turn, block by block, so that the load of the machine falls
on all alike: `cryptography` signing and verifying alone (the limit: nothing can be faster) and PyJWT encoding
and decoding the same claims (the peer: it knows no credential, key ring or list). Every certificate must be
found valid, every signature good, or the run fails. The ratio rests on processor time.
Papers are measured on a sample; lists on `--certificates` mixed states.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import platform
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.core.certificate_parts import ADDRESS, MADE, NOW, START, WEEK

import lingtan as lt
from lingtan.certificate import (
    Certificate,
    Ring,
    State,
    StatusList,
    export_credential,
    make_number,
    make_ring,
    open_signer,
    read_list,
    read_paper,
    sign_code,
    sign_credential,
    sign_lists,
    sign_paper,
    verify_file,
)
from lingtan.certificate.signers import FileSigner
from lingtan.reports.printed import Print, print_certificate

BLOCK = 500
SHARES: dict[State, float] = {
    "valid": 0.90, "suspended": 0.02, "withdrawn": 0.02, "exited": 0.02, "superseded": 0.04,
}  # fmt: skip
SEED = 20261201
ALGORITHM = ec.ECDSA(hashes.SHA256())


@dataclass
class Clock:
    """Seconds by the clock and of the processor, by way."""

    wall: defaultdict[str, float]
    cpu: defaultdict[str, float]

    def run(self, way: str, work: Callable[[Any], Any], given: Sequence[Any]) -> list[Any]:
        """The results of `work` over `given`, its time added to the way's."""
        wall, cpu = time.perf_counter(), time.process_time()
        results = [work(one) for one in given]
        self.wall[way] += time.perf_counter() - wall
        self.cpu[way] += time.process_time() - cpu
        return results


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=20)
    options = parser.parse_args()
    load = Path("/proc/loadavg")
    busy = load.read_text("ascii").split()[0] if load.exists() else "?"
    print(f"Python {platform.python_version()}, load average at the start {busy}")
    with tempfile.TemporaryDirectory() as folder:
        ring = make_ring(Path(folder), scheme="lzc", name="零碳园区评价计划", on=START)
        signer = open_signer(Path(folder), ring)
    lists = measure_lists(options.certificates, ring, signer)
    measure_credentials(options.certificates, ring, signer, lists)
    measure_papers(options.papers, ring, signer)


def make_certificates(count: int) -> Iterator[Certificate]:
    """Certificates that differ as those of a scheme do."""
    for index in range(count):
        first = date(2026, 1, 2) + timedelta(days=index % 300)
        yield replace(
            MADE,
            number=make_number("LZC", 2026, index + 1),
            park=f"park-{index}",
            park_name=f"零碳园区{index}",
            stars=3 + index % 3,
            score=f"{60 + index % 4000 / 100}",
            issued_on=first,
            valid_from=first,
            valid_until=first + timedelta(days=1095),
            bundle_sha256=f"{index:064x}",
            status_index=index,
        )


def measure_lists(count: int, ring: Ring, signer: FileSigner) -> tuple[StatusList, ...]:
    """Sizes of the lists of mixed states and the time to sign and read them; lists in which all is valid."""
    lot = random.Random(SEED)
    mixed = lot.choices(list(SHARES), list(SHARES.values()), k=count)
    begin = time.perf_counter()
    tokens = sign_all(mixed, signer)
    print(f"{len(tokens)} x 3 lists of {count:,} mixed states signed in {time.perf_counter() - begin:.2f} s")
    for purpose in tokens[0]:
        raw, packed, signed = (
            sum(sizes) for sizes in zip(*(measure(one[purpose]) for one in tokens), strict=True)
        )
        print(f"{purpose:>12}: {raw:>9,} bytes packed, {packed:>8,} gzip, {signed:>8,} as signed token")
    begin = time.perf_counter()
    found = [read_list(one["message"], ring) for one in tokens]
    print(f"read and checked in {time.perf_counter() - begin:.2f} s")
    said = [state for one in found for state in map(one.state, range(len(one.states)))][:count]
    assert said == mixed, "the lists do not say what was put in"
    good = sign_all(["valid"] * count, signer)
    return tuple(read_list(one["message"], ring) for one in good)


def sign_all(states: Sequence[State], signer: FileSigner) -> list[dict[str, str]]:
    """The lists of all states, 131,072 to the list."""
    from lingtan.certificate.status import CAPACITY

    parts = [states[at : at + CAPACITY] for at in range(0, len(states), CAPACITY)]
    return [
        sign_lists(part, number, ADDRESS, signer, at=NOW, fresh=WEEK) for number, part in enumerate(parts)
    ]


def measure(token: str) -> tuple[int, int, int]:
    """Bytes of a list: unpacked, as gzip, as the signed token that is published."""
    body = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    text = body["credentialSubject"]["encodedList"][1:]
    packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return len(gzip.decompress(packed)), len(packed), len(token)


def measure_credentials(count: int, ring: Ring, signer: FileSigner, lists: tuple[StatusList, ...]) -> None:
    """Issue and check, block by block beside the limit and the peer."""
    clock = Clock(defaultdict(float), defaultdict(float))
    made = list(make_certificates(count))
    public = signer.key.public_key()
    size = 0
    for at in range(0, count, BLOCK):
        block = made[at : at + BLOCK]
        issued = clock.run("issue", lambda one: issue(one, signer), block)
        size += sum(len(credential) for credential, _ in issued)
        bodies = [text.rpartition(".")[0].encode() for pair in issued for text in pair]
        signatures = clock.run("sign alone", lambda one: signer.key.sign(one, ALGORITHM), bodies)
        claims = [export_credential(one, ADDRESS) for one in block]
        clock.run("PyJWT encode", lambda one: jwt.encode(one, signer.key, "ES256"), claims)
        texts = [credential.encode() for credential, _ in issued]
        words = clock.run("check", lambda one: verify_file(one, ring, lists, at=NOW, name="").word, texts)
        assert words == ["valid"] * len(block), "a certificate was not found valid"
        pairs = list(zip(signatures, bodies, strict=True))[::2]
        clock.run("verify alone", lambda one: public.verify(*one, ALGORITHM), pairs)
        read = clock.run("PyJWT decode", lambda one: jwt.decode(one, public, ["ES256"]), texts)
        assert read == claims, "the peer reads something else"
    print(f"{count:,} certificates, credential of {size / count:,.0f} bytes")
    print(f"{'way':>14} {'per s':>9} {'per CPU s':>9} {'us CPU':>9} {'x limit':>8} {'x peer':>8}")
    for ways in (("issue", "sign alone", "PyJWT encode"), ("check", "verify alone", "PyJWT decode")):
        for way in ways:
            cpu = clock.cpu[way]
            ratios = f"{cpu / clock.cpu[ways[1]]:>8.2f} {cpu / clock.cpu[ways[2]]:>8.2f}"
            rates = f"{count / clock.wall[way]:>9,.0f} {count / cpu:>9,.0f}"
            print(f"{way:>14} {rates} {cpu / count * 1e6:>9.1f} {ratios}")
    print("signing alone makes both signatures of a certificate, PyJWT only that of the credential")


def issue(made: Certificate, signer: FileSigner) -> tuple[str, str]:
    """Credential and code of a certificate."""
    credential = sign_credential(made, ADDRESS, signer)
    return credential, sign_code(made, credential, ADDRESS, signer)


def measure_papers(count: int, ring: Ring, signer: FileSigner) -> None:
    """Printing, signing and checking the PDF of a few certificates."""
    if not count:
        return
    clock = Clock(defaultdict(float), defaultdict(float))
    edition = lt.load_edition("sh-seesa-zctp-2024")

    def print_one(made: Certificate) -> bytes:
        credential, code = issue(made, signer)
        return print_certificate(Print(made, credential, code, ring.fingerprint, ADDRESS, edition))

    today = datetime.now(UTC).date()
    made = [replace(one, decided_on=today) for one in make_certificates(count)]
    printed = clock.run("print", print_one, made)
    signed = clock.run("sign", lambda one: sign_paper(one, signer, reason="颁发"), printed)
    clock.run("check", lambda one: read_paper(one, ring), signed)
    size = sum(map(len, signed)) / count
    rates = ", ".join(f"{way} {clock.wall[way] / count * 1e3:,.0f} ms" for way in ("print", "sign", "check"))
    print(f"{count} papers of {size / 1e3:,.0f} kB: {rates} each")


if __name__ == "__main__":
    main()
