"""The memory that hashing passwords takes, against what the container has."""

from argon2 import extract_parameters

from shoptrack.deploy_checks import MEBIBYTE, PROCESS_BYTES, Deployment
from shoptrack_auth.passwords import Passwords


def check_hash_memory(deployment: Deployment) -> str | None:
    """Find a container whose memory is filled by sign-ins: each thread can hash a password at the same time."""
    limit = deployment.memory_bytes
    if limit is None:
        return None
    hashed = deployment.registry[Passwords].hash("the cost is part of any hash")
    hash_bytes = extract_parameters(hashed).memory_cost * 1024
    needed = PROCESS_BYTES + deployment.threads * hash_bytes
    if limit >= needed:
        return None
    return (
        f"{deployment.threads} sign-ins at once need {needed // MEBIBYTE} MiB of memory, and the container has "
        f"{limit // MEBIBYTE} MiB. Raise the limit, or lower `threads` in the .ini file."
    )
