"""Site visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils import timezone

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.reviews.models import SiteVisit, Submission, VisitPhoto
from lingtan_web.reviews.photos import MOST, Photo, keep_photo
from lingtan_web.reviews.services.acting import check_text, next_number, performed
from lingtan_web.reviews.workflow import Act


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on a visit: the day as typed, where, who was there, what."""

    day: str
    place: str
    present: str
    seen: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A photograph as uploaded."""

    stream: BinaryIO
    name: str
    caption: str = ""


def record_visit(
    actor: Actor,
    *,
    submission: Submission,
    seen: Seen,
    photos: Sequence[Upload] = (),
    keeps_place: bool = False,
) -> SiteVisit:
    """Record a visit with its photographs; places in the photographs are kept only if asked for."""
    day = _check(seen, photos)
    with performed(actor, submission, Act.VISIT) as deed:
        kept = [keep_photo(one.stream, one.name, keeps_place=keeps_place) for one in photos]
        visit = SiteVisit.objects.create(
            submission=submission,
            number=next_number(SiteVisit, submission),
            by=deed.user,
            day=day,
            place=seen.place.strip(),
            present=seen.present.strip(),
            seen=seen.seen.strip(),
        )
        pairs = zip(kept, photos, strict=True)
        VisitPhoto.objects.bulk_create(
            [_photo(visit, n, photo, upload) for n, (photo, upload) in enumerate(pairs, start=1)]
        )
        deed.details |= {"visit": visit.number, "photos": [photo.sha256 for photo in kept]}
    return visit


def _check(seen: Seen, photos: Sequence[Upload]) -> date:
    faults: list[Fault] = [
        *check_text(seen.place, "地点", "Place", column="place"),
        *check_text(seen.present, "参加人员", "Who was there", column="present"),
        *check_text(seen.seen, "核查情况", "What was seen", column="seen"),
    ]
    if len(seen.place) > 200:
        faults.append(fault("review.text-too-long", Place(column="place"), limit=200))
    if len(photos) > MOST:
        faults.append(fault("review.too-many-photos", Place(column="photos"), limit=MOST))
    day = _day(seen.day)
    if day is None or day > timezone.localdate():
        faults.append(fault("review.visit-day", Place(column="day"), day=seen.day[:40]))
    if faults or day is None:
        raise LingtanError(faults)
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _photo(visit: SiteVisit, position: int, photo: Photo, upload: Upload) -> VisitPhoto:
    return VisitPhoto(
        visit=visit, position=position, caption=upload.caption.strip()[:200], sha256=photo.sha256,
        width=photo.width, height=photo.height, taken_at=photo.taken_at, latitude=photo.latitude,
        longitude=photo.longitude,
    )  # fmt: skip
