"""The memory that the process may use, by control groups of both versions."""

import pytest

from shoptrack.settings.memory_limit import read_memory_limit

MIB = 1024 * 1024


@pytest.fixture
def groups(tmp_path):
    """Return a function that writes control groups, and returns what they allow."""

    def groups(own: str, **limits: str) -> int | None:
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text(own)
        for name, text in limits.items():
            file = tmp_path / "sys/fs/cgroup" / name.replace("__", "/").replace("_D_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return read_memory_limit(tmp_path)

    return groups


V1 = "9:name=systemd:/\n4:cpu,memory:/docker/x\n0::/\n"


@pytest.mark.parametrize(
    ("own", "limits", "allowed"),
    [
        ("0::/\n", {"memory_D_max": "536870912\n"}, 512),
        ("0::/a/b\n", {"a__b__memory_D_max": "max\n", "a__memory_D_max": "268435456\n"}, 256),
        ("0::/../other\n", {"memory_D_max": "268435456\n"}, 256),
        (V1, {"memory__docker__x__memory_D_limit_in_bytes": "268435456\n"}, 256),
        (V1, {"memory__memory_D_limit_in_bytes": "268435456\n"}, 256),
    ],
)
def test_the_least_of_all_groups_decides(groups, own, limits, allowed):
    assert groups(own, **limits) == allowed * MIB


@pytest.mark.parametrize(
    ("own", "limits"),
    [
        ("0::/\n", {"memory_D_max": "max\n"}),
        (V1, {"memory__memory_D_limit_in_bytes": "9223372036854771712\n"}),
        ("", {}),
    ],
)
def test_without_any_there_is_none(groups, own, limits):
    assert groups(own, **limits) is None
