"""Files on their way between a build and the workers of a cluster: compressed, and each content once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CODEC = "lz4"
"""Every Arrow has it, and it takes less time than what it saves of a network within one machine."""


class Files(dict[str, bytes]):
    """Contents by name. They are pickled compressed: pages and tables to a fourth."""

    def __reduce__(self) -> tuple[Any, ...]:
        import pyarrow

        contents = list(dict.fromkeys(self.values()))
        number = {content: at for at, content in enumerate(contents)}
        packed = [(pyarrow.compress(content, codec=CODEC, asbytes=True), len(content)) for content in contents]
        return _unpacked, ({name: number[content] for name, content in self.items()}, packed)


def _unpacked(numbers: Mapping[str, int], packed: Sequence[tuple[bytes, int]]) -> Files:
    import pyarrow

    contents = [pyarrow.decompress(content, size, codec=CODEC, asbytes=True) for content, size in packed]
    return Files({name: contents[number] for name, number in numbers.items()})
