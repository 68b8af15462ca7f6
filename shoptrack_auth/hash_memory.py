"""The memory that hashing passwords takes, against what the container has."""

from argon2 import extract_parameters

from shoptrack.deploy_checks import MEBIBYTE, PROCESS_BYTES, Deployment
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.turns import AT_ONCE


def check_hash_memory(deployment: Deployment) -> str | None:
    """Find a container whose memory is filled by sign-ins: it holds the process and two hashes at a time."""
    limit = deployment.memory_bytes
    if limit is None:
        return None
    hashed = deployment.registry[Passwords].hash("the cost is part of any hash")
    hash_bytes = extract_parameters(hashed).memory_cost * 1024
    needed = PROCESS_BYTES + AT_ONCE * hash_bytes
    if limit >= needed:
        return None
    return (
        f"Sign-ins need {needed // MEBIBYTE} MiB of memory, and the container has {limit // MEBIBYTE} MiB. "
        "Raise its limit."
    )
