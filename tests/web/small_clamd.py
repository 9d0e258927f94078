"""A small scanner with the protocol of clamd (INSTREAM), as a process: `small_clamd.py ADDRESS [answer]`.

It finds the EICAR test file. `answer` makes it answer something else, or nothing (`silent`).
"""

from __future__ import annotations

import socket
import struct
import sys

EICAR = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"


def read_exactly(link: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        block = link.recv(size - len(data))
        if not block:
            raise EOFError
        data += block
    return data


def answer(link: socket.socket, other: str) -> None:
    assert read_exactly(link, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack(">I", read_exactly(link, 4))[0]:
        content += read_exactly(link, size)
    if other == "silent":
        return
    found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
    link.sendall(other.encode() + b"\0" if other else found)


def main(address: str, other: str = "") -> None:
    if address.startswith("/"):
        server = socket.socket(socket.AF_UNIX)
        server.bind(address)
    else:
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
    server.listen()
    print(server.getsockname()[1] if not address.startswith("/") else address, flush=True)
    while True:
        link, _ = server.accept()
        with link:
            answer(link, other)


if __name__ == "__main__":
    main(*sys.argv[1:])
