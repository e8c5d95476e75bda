"""Files on their way between a build and the workers of a cluster: compressed, and each content once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CODEC = "lz4"
"""Every Arrow has it, and it takes less time than what it saves of a network within one machine."""


def wrap(content: bytes) -> bytes:
    """The content as it travels: how long it is, then what it is compressed to. Tables and pages to a fourth."""
    import pyarrow

    return b"%d\n" % len(content) + pyarrow.compress(content, codec=CODEC, asbytes=True)


def unwrap(wrapped: bytes) -> bytes:
    """The content again. Raises ValueError where that is no such thing."""
    import pyarrow

    size, _, packed = wrapped.partition(b"\n")
    try:
        return pyarrow.decompress(packed, int(size), codec=CODEC, asbytes=True)
    except OSError as error:
        raise ValueError(f"it cannot be unpacked ({error})") from error


class Files(dict[str, bytes]):
    """Contents by name that are wrapped while they are pickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        contents = list(dict.fromkeys(self.values()))
        number = {content: at for at, content in enumerate(contents)}
        return _unwrapped, ({name: number[content] for name, content in self.items()}, [wrap(each) for each in contents])


def _unwrapped(numbers: Mapping[str, int], wrapped: Sequence[bytes]) -> Files:
    contents = [unwrap(each) for each in wrapped]
    return Files({name: contents[number] for name, number in numbers.items()})
