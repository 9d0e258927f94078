"""Webhooks: signed, tried again, sent to public addresses only, told to those who have the park."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.api_parts import Program, push, reading, register_meters
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, recorded
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.services import give_mandate
from lingtan_web.webhooks import addresses, events, rules, sending, services, signing
from lingtan_web.webhooks.models import Attempt, Delivery, Webhook
from lingtan_web.webhooks.tasks import deliver


class Receiver(HTTPServer):
    """A program of somebody's: keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.location = ""
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hook?a=1"


class Handler(BaseHTTPRequestHandler):
    """Keeps, answers."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hook(organisation: Organisation, url: str, *acts: str) -> tuple[Webhook, str]:
    return services.create_webhook(SYSTEM, organisation=organisation, url=url, events=acts)


def work_off() -> None:
    """What a worker would do: every task that waits, whatever its time."""
    while waiting := DBTaskResult.objects.filter(status="READY").order_by("pk").first():
        given = waiting.args_kwargs
        DBTaskResult.objects.filter(pk=waiting.pk).update(status="SUCCESSFUL")
        deliver.call(*given["args"], **given["kwargs"])


def test_a_message_is_signed_as_standard_webhooks_says(world: World, receiver: Receiver) -> None:
    register_meters(world, ("E001-EL", "E001"))
    _, secret = hook(world.alpha.operator, receiver.url, "readings.pushed")
    Program(world.park).post("/parks/alpha/readings", push(reading()))
    work_off()
    [(headers, body)] = receiver.taken
    message = json.loads(body)
    assert message["type"] == "readings.pushed"
    assert message["data"] == {
        "park": "alpha", "stored": 1, "equal": 0, "conflicts": 0, "blank": 0, "refused": 0,
    }  # fmt: skip
    assert message["timestamp"] == Entry.objects.get(act="readings.pushed").at.isoformat()
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert Delivery.objects.get().state == "delivered"


def test_the_signature_is_that_of_the_published_example() -> None:
    """Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, its key what follows `whsec_` in Base64.

    The bytes are written out here and signed by the standard library, step by step; that the result is
    the one printed beside the example of the specification says that the steps are those it means.
    """
    key = bytes.fromhex("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0")  # of the secret below
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    by_hand = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert by_hand == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert base64.b64decode(secret.removeprefix("whsec_")) == key
    found = signing.compute_signature(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == f"v1,{by_hand}"
    sent = signing.build_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert [sent[f"webhook-{name}"] for name in ("id", "timestamp", "signature")] == [
        "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", f"v1,{by_hand}",
    ]  # fmt: skip


@pytest.mark.parametrize("changed", ["id", "timestamp", "body", "secret"])
def test_another_message_has_another_signature(changed: str) -> None:
    given = {
        "secret": "whsec_" + base64.b64encode(b"k" * 24).decode(),
        "key": "a",
        "timestamp": 1,
        "body": b"b",
    }
    other = {"id": {"key": "ab"}, "timestamp": {"timestamp": 2}, "body": {"body": b"B"}}
    other["secret"] = {"secret": "whsec_" + base64.b64encode(b"K" * 24).decode()}
    sign: Any = signing.compute_signature
    assert sign(**given) != sign(**{**given, **other[changed]})


def test_secrets_differ_and_are_not_kept(world: World) -> None:
    made = [hook(world.alpha.operator, f"https://a.example/{n}", "readings.pushed") for n in range(2)]
    assert made[0][1] != made[1][1]
    kept = json.dumps(list(Webhook.objects.values()), default=str)
    assert not any(secret.removeprefix("whsec_") in kept for _, secret in made)


def test_it_is_tried_again_until_it_is_taken(world: World, receiver: Receiver) -> None:
    receiver.answers = [500, 404, 302]
    receiver.location = receiver.url  # no redirect is followed
    made, _ = hook(world.alpha.operator, receiver.url, "readings.pushed")
    services.send_test(SYSTEM, webhook=made)
    before = timezone.now()
    deliver.call(Delivery.objects.get().pk, 1)
    waiting = Delivery.objects.get()
    assert waiting.next_at is not None
    assert 4 < (waiting.next_at - before).total_seconds() < 7  # the first wait is five seconds
    work_off()
    assert [one.status for one in Attempt.objects.order_by("number")] == [500, 404, 302, 204]
    assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
    assert (Delivery.objects.get().state, len(receiver.taken)) == ("delivered", 4)


def test_after_the_last_attempt_it_is_given_up(world: World, receiver: Receiver) -> None:
    receiver.answers = [503] * 99
    made, _ = hook(world.alpha.operator, receiver.url, "readings.pushed")
    services.send_test(SYSTEM, webhook=made)
    work_off()
    assert (Delivery.objects.get().state, Attempt.objects.count()) == ("given-up", rules.ATTEMPTS)
    assert len(receiver.taken) == rules.ATTEMPTS == len(rules.WAITS) + 1


def test_an_attempt_is_made_once(world: World, receiver: Receiver) -> None:
    """A task that comes twice, or after the next one, does nothing."""
    receiver.answers = [500, 204]
    made, _ = hook(world.alpha.operator, receiver.url, "readings.pushed")
    delivery = services.send_test(SYSTEM, webhook=made)
    for attempt in (2, 1, 1, 3, 2, 2, 3):
        deliver.call(delivery.pk, attempt)
    assert [one.status for one in Attempt.objects.all()] == [500, 204]
    assert len(receiver.taken) == 2


def test_gone_ends_the_webhook_and_what_waits_is_dropped(world: World, receiver: Receiver) -> None:
    receiver.answers = [410]
    made, _ = hook(world.alpha.operator, receiver.url, "readings.pushed")
    services.send_test(SYSTEM, webhook=made)
    services.send_test(SYSTEM, webhook=made)
    work_off()
    assert len(receiver.taken) == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["dropped", "given-up"]
    made.refresh_from_db()
    assert made.revoked_at is not None
    with pytest.raises(LingtanError, match="taken back"):  # webhook.revoked
        services.send_test(SYSTEM, webhook=made)


def test_no_message_of_what_did_not_happen(world: World) -> None:
    hook(world.alpha.operator, "https://a.example/", "mandate.given")
    with pytest.raises(RuntimeError), recorded(SYSTEM, "mandate.given", park=world.alpha):
        raise RuntimeError
    assert not Delivery.objects.exists()


def test_only_those_who_have_the_park_are_told(world: World) -> None:
    """The body is told of its own years, another operator of nothing."""
    for organisation in (world.alpha.operator, world.beta.operator, world.body_organisation):
        hook(organisation, f"https://{organisation.pk}.example/", "mandate.given")
    today = timezone.localdate()
    for park, year in ((world.alpha, 2024), (world.alpha, 2023), (world.beta, 2024)):
        with recorded(SYSTEM, "mandate.given", park=park, subject="secret", details={"year": year, "x": 1}):
            pass
    told = [
        (one.webhook.organisation, json.loads(one.body)["data"]) for one in Delivery.objects.order_by("pk")
    ]
    assert told == [
        (world.alpha.operator, {"park": "alpha", "year": 2024}),
        (world.body_organisation, {"park": "alpha", "year": 2024}),
        (world.alpha.operator, {"park": "alpha", "year": 2023}),
        (world.beta.operator, {"park": "beta", "year": 2024}),
    ]
    give_mandate(SYSTEM, park=world.beta, body=world.body_organisation, year=2024, days=(today, today))
    assert Delivery.objects.filter(webhook__organisation=world.body_organisation).count() == 2


def test_what_is_not_chosen_or_revoked_is_not_told(world: World) -> None:
    hook(world.alpha.operator, "https://a.example/", "mandate.ended")
    gone, _ = hook(world.alpha.operator, "https://b.example/", "mandate.given")
    services.revoke_webhook(SYSTEM, webhook=gone)
    with recorded(SYSTEM, "mandate.given", park=world.alpha, details={"year": 2024}):
        pass
    assert not Delivery.objects.exists()


def test_every_event_is_an_act_of_ours() -> None:
    import lingtan_web

    texts = "".join(file.read_text("utf-8") for file in Path(lingtan_web.__file__).parent.rglob("*.py")
                    if file.name != "events.py")  # fmt: skip
    for act, event in events.EVENTS.items():
        assert act == event.act and event.kinds
        assert f'"{act}"' in texts or act.startswith("review."), act
    with pytest.raises(ValueError, match="twice"):
        events.register("mandate.given", "", "")


def code_of(url: str, *, loopback: bool = False) -> str:
    try:
        addresses.read_target(url, loopback=loopback)
    except LingtanError as error:
        return error.faults[0].code
    return ""


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://example.org/hook", ""),
        ("https://example.org:8443/hook?a=b", ""),
        ("https://8.8.8.8/", ""),
        ("https://[2001:4860:4860::8888]/", ""),
        ("http://example.org/", "webhook.not-https"),
        ("ftp://example.org/", "webhook.not-https"),
        ("file:///etc/passwd", "webhook.bad-address"),
        ("javascript:alert(1)", "webhook.bad-address"),
        ("", "webhook.bad-address"),
        ("https://", "webhook.bad-address"),
        ("https://user:pass@example.org/", "webhook.bad-address"),
        ("https://example.org/#a", "webhook.bad-address"),
        ("https://example.org:0/", "webhook.bad-address"),
        ("https://example.org:99999/", "webhook.bad-address"),
        ("https://exa mple.org/", "webhook.bad-address"),
        ("https://example.org/\r\nX: y", "webhook.bad-address"),
        ("https://example.org\\@127.0.0.1/", "webhook.bad-address"),
        ("https://例子.中国/", "webhook.bad-address"),
        ("https://2130706433/", "webhook.bad-address"),
        ("https://0x7f.1/", ""),  # a name, as far as this goes; what it stands for is looked at when sending
        ("https://127.1/", "webhook.bad-address"),
        ("https://" + "a" * 500 + ".org/", "webhook.bad-address"),
        ("https://127.0.0.1/", "webhook.not-public"),
        ("https://localhost/", "webhook.not-public"),
        ("https://[::1]/", "webhook.not-public"),
        ("https://[::ffff:127.0.0.1]/", "webhook.not-public"),
        ("https://[::ffff:10.0.0.1]/", "webhook.not-public"),
        ("https://[2002:7f00:1::]/", "webhook.not-public"),
        ("https://[64:ff9b::a00:1]/", "webhook.not-public"),
        ("https://10.0.0.1/", "webhook.not-public"),
        ("https://172.16.0.1/", "webhook.not-public"),
        ("https://192.168.1.1/", "webhook.not-public"),
        ("https://169.254.169.254/latest/meta-data", "webhook.not-public"),
        ("https://100.64.0.1/", "webhook.not-public"),
        ("https://0.0.0.0/", "webhook.not-public"),
        ("https://224.0.0.1/", "webhook.not-public"),
        ("https://255.255.255.255/", "webhook.not-public"),
        ("https://[fe80::1]/", "webhook.not-public"),
        ("https://[fd00::1]/", "webhook.not-public"),
        ("https://[ff02::1]/", "webhook.not-public"),
        ("https://[::]/", "webhook.not-public"),
    ],
)
def test_where_a_webhook_may_lead(url: str, code: str) -> None:
    assert code_of(url) == code


def test_loopback_is_for_tests() -> None:
    assert code_of("http://127.0.0.1:8000/", loopback=True) == ""
    assert code_of("http://10.0.0.1/", loopback=True) == "webhook.not-https"
    assert code_of("https://10.0.0.1/", loopback=True) == "webhook.not-public"
    assert not addresses.is_allowed(ip_address("10.0.0.1"), loopback=True)
    assert addresses.is_allowed(ip_address("127.0.0.1"), loopback=True)
    assert not addresses.is_allowed(ip_address("2002:7f00:1::"), loopback=True)


def looked_up(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    def find(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", find)


@pytest.mark.parametrize("numbers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_stands_for_a_private_address_is_not_sent_to(
    monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    looked_up(monkeypatch, *numbers)
    outcome = sending.send(addresses.read_target("https://inside.example/"), {}, b"{}")
    assert (outcome.status, outcome.reason) == (None, "not-public")


def test_a_name_is_looked_up_once_and_that_address_is_used(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A name that changes between the look and the connection gains nothing."""
    looked_up(monkeypatch, "127.0.0.1")
    target = addresses.Target("rebound.example", receiver.server_port, "/x", is_https=False)
    outcome = sending.send(target, {}, b"{}", loopback=True)
    assert outcome.status == 204
    assert receiver.taken[0][0]["host"] == f"rebound.example:{receiver.server_port}"


def test_a_name_that_stands_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", fail)
    assert sending.send(addresses.read_target("https://none.example/"), {}, b"").reason == "no-name"


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n", b"slow"])
def test_a_receiver_that_breaks_off_dribbles_or_talks_nonsense(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def speak() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                try:
                    while said == b"slow" and not done.wait(0.05):
                        peer.sendall(b"H")
                    peer.sendall(said)
                except OSError:
                    return

        thread = threading.Thread(target=speak)
        thread.start()
        target = addresses.Target("127.0.0.1", server.getsockname()[1], "/", is_https=False)
        outcome = sending.send(target, {}, b"{}", loopback=True, seconds=0.6)
        done.set()
        thread.join()
    assert (outcome.status, outcome.reason) == (None, "no-answer")
    assert outcome.milliseconds < 3000


def certify(folder: Path, name: str) -> Path:
    """A certificate for `name`, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / f"{name}.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(pem))
    return file


@pytest.mark.parametrize(
    ("name", "trusted", "expected"),
    [
        ("hook.example", True, (204, "")),
        ("hook.example", False, (None, "not-trusted")),
        ("other.example", True, (None, "not-trusted")),
    ],
)
def test_a_certificate_is_asked_for_and_looked_at(
    receiver: Receiver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    trusted: bool,
    expected: tuple[int | None, str],
) -> None:
    file = certify(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    looked_up(monkeypatch, "127.0.0.1")
    target = addresses.Target("hook.example", receiver.server_port, "/", is_https=True)
    outcome = sending.send(target, {}, b"{}", loopback=True)
    assert (outcome.status, outcome.reason) == expected
    assert len(receiver.taken) == (1 if expected[0] else 0)


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def dribble() -> None:
            peer, _ = server.accept()
            with peer:
                try:
                    peer.sendall(b"\x16\x03\x03\x3f\xff")  # the beginning of a record of 16 kB
                    while not done.wait(0.05):
                        peer.sendall(b"\x02")
                except OSError:
                    return

        thread = threading.Thread(target=dribble)
        thread.start()
        target = addresses.Target("127.0.0.1", server.getsockname()[1], "/", is_https=True)
        outcome = sending.send(target, {}, b"{}", loopback=True, seconds=0.6)
        done.set()
        thread.join()
    assert outcome.status is None
    assert outcome.milliseconds < 3000


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert (
        sending.send(addresses.Target("127.0.0.1", port, "/", is_https=False), {}, b"", loopback=True).reason
        == "no-answer"
    )


def test_a_plain_server_is_not_trusted_as_https(receiver: Receiver) -> None:
    target = addresses.Target("127.0.0.1", receiver.server_port, "/", is_https=True)
    assert sending.send(target, {}, b"{}", loopback=True).reason == "not-trusted"
    assert ssl.create_default_context().check_hostname


def test_pages_of_webhooks(world: World, receiver: Receiver) -> None:
    root = f"/organisations/{world.alpha.operator_id}/webhooks/"
    lead = world.park.client
    made = lead.post(root, {"url": receiver.url, "events": ["readings.pushed"]})
    assert made.context["secret"].startswith("whsec_")
    assert made.context["secret"] not in lead.get(root).content.decode()
    one = f"{root}{Webhook.objects.get().pk}/"
    assert lead.post(f"{one}test/").status_code == 302
    work_off()
    assert "HTTP 204" in lead.get(one).content.decode()
    lead.post(f"{one}revoke/")
    assert Webhook.objects.get().revoked_at is not None
    assert lead.post(f"{one}test/").status_code == 422
    beta = f"/organisations/{world.beta.operator_id}/webhooks/{Webhook.objects.get().pk}/"
    assert world.other_park.client.get(beta).status_code == 404  # one's own address, another's webhook
    assert Entry.objects.filter(act__startswith="webhook.").count() == 3


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"url": "https://a.example/", "events": []}, "webhook.bad-events"),
        ({"url": "https://a.example/", "events": ["calculation.none"]}, "webhook.bad-events"),
        ({"url": "https://127.0.0.1/", "events": ["readings.pushed"]}, "webhook.not-public"),
    ],
)
def test_what_a_form_may_not_say(world: World, given: dict[str, Any], code: str) -> None:
    answer = world.park.client.post(f"/organisations/{world.alpha.operator_id}/webhooks/", given)
    assert (answer.status_code, answer.context["faults"][0].code) == (422, code)
    assert not Webhook.objects.exists()


def test_there_is_a_limit(world: World) -> None:
    for number in range(services.MOST_WEBHOOKS):
        hook(world.alpha.operator, f"https://a.example/{number}", "readings.pushed")
    with pytest.raises(LingtanError) as refused:
        hook(world.alpha.operator, "https://a.example/more", "readings.pushed")
    assert refused.value.faults[0].code == "webhook.too-many"
    services.revoke_webhook(SYSTEM, webhook=Webhook.objects.all()[0])
    hook(world.alpha.operator, "https://a.example/more", "readings.pushed")


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_with_the_change_or_not_at_all(world: World) -> None:
    hook(world.alpha.operator, "https://a.example/", "mandate.given")
    with pytest.raises(RuntimeError), transaction.atomic():
        with recorded(SYSTEM, "mandate.given", park=world.alpha, details={"year": 2024}):
            pass
        raise RuntimeError
    assert not Delivery.objects.exists() and not DBTaskResult.objects.exists()
    with recorded(SYSTEM, "mandate.given", park=world.alpha, details={"year": 2024}):
        pass
    assert (Delivery.objects.count(), DBTaskResult.objects.count()) == (1, 1)
