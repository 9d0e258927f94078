"""Which bucket a meter lies in and which code it has: never a matter of the order of imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256

from lingtan.errors import LingtanError, fault

HASH_BITS = 32
RANK_BITS = 10
RANKS = 1 << RANK_BITS  # codes a bucket has room for
MOST_BITS = 11  # 2,048 buckets, 2 million meters: code and instant fit one int64
METERS_PER_BUCKET = RANKS // 2  # of hashed ids so many more never meet
ROWS_PER_BUCKET = 2_000_000  # 40 MB decoded


@lru_cache(maxsize=1 << 17)
def hash_meter(meter: str) -> int:
    """The first four bytes of the SHA-256 of the id, as a whole number."""
    return int.from_bytes(sha256(meter.encode()).digest()[:4], "big")


def find_bucket(meter: str, bits: int) -> int:
    """The bucket among `2^bits`: the leading bits of the hash."""
    return hash_meter(meter) >> (HASH_BITS - bits)


def bucket_of_code(code: int) -> int:
    """The bucket a code belongs to."""
    return code >> RANK_BITS


def compute_bits(meters: int, rows: int) -> int:
    """How many leading bits name a bucket: a mean of 512 meters and 2 million readings at most.

    No more buckets than meters, and no more than 2,048.
    """
    wanted = max(-(-meters // METERS_PER_BUCKET), -(-rows // ROWS_PER_BUCKET), 1)
    room = max(meters, 1).bit_length() - 1
    return min((wanted - 1).bit_length(), room, MOST_BITS)


def assign_codes(meters: Iterable[str], bits: int) -> dict[str, int]:
    """Code per meter: its bucket, then its place among the sorted ids of the bucket.

    LingtanError where a bucket overflows (beyond some 1.8 million meters).
    """
    members: dict[int, list[str]] = defaultdict(list)
    for meter in meters:
        members[find_bucket(meter, bits)].append(meter)
    return {
        meter: _code(bucket, rank)
        for bucket, names in members.items()
        for rank, meter in enumerate(sorted(names))
    }


def extend_codes(codes: Mapping[str, int], meters: Iterable[str], bits: int) -> dict[str, int] | None:
    """`codes` with the next free place of its bucket for each new meter; None where a bucket is full.

    These places hold until the bucket is folded, which sorts them.
    """
    extended = dict(codes)
    following: dict[int, int] = defaultdict(int)
    for code in codes.values():
        bucket = bucket_of_code(code)
        following[bucket] = max(following[bucket], code % RANKS + 1)
    for meter in sorted(set(meters) - set(codes)):
        bucket = find_bucket(meter, bits)
        if following[bucket] >= RANKS:
            return None
        extended[meter] = _code(bucket, following[bucket])
        following[bucket] += 1
    return extended


def _code(bucket: int, rank: int) -> int:
    if rank >= RANKS:
        raise LingtanError([fault("lake.too-many-meters", most=RANKS << MOST_BITS)])
    return bucket << RANK_BITS | rank
