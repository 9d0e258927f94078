"""Certificates that anyone can check: issued, signed, verified, their status published (clause 8)."""

from lingtan.certificate.code import Code, read_code, sign_code
from lingtan.certificate.credential import export_credential, read_credential, sign_credential
from lingtan.certificate.keyring import (
    Ring,
    add_key,
    admit_key,
    check_root,
    make_ring,
    open_signer,
    parse_ring,
    read_ring,
    revoke_key,
)
from lingtan.certificate.papers import read_paper, sign_paper
from lingtan.certificate.records import STATES, Certificate, State, is_number, make_number, read_number
from lingtan.certificate.signers import Signer, name_key
from lingtan.certificate.status import StatusList, read_list, sign_lists
from lingtan.certificate.verifying import WORDS, Verdict, Word, judge, verify_file

__all__ = [
    "STATES",
    "WORDS",
    "Certificate",
    "Code",
    "Ring",
    "Signer",
    "State",
    "StatusList",
    "Verdict",
    "Word",
    "add_key",
    "admit_key",
    "check_root",
    "export_credential",
    "is_number",
    "judge",
    "make_number",
    "make_ring",
    "name_key",
    "open_signer",
    "parse_ring",
    "read_code",
    "read_credential",
    "read_list",
    "read_number",
    "read_paper",
    "read_ring",
    "revoke_key",
    "sign_code",
    "sign_credential",
    "sign_lists",
    "sign_paper",
    "verify_file",
]
