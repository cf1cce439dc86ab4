"""Runs alone in a short-lived process: pictures on stdin (length in 8 bytes, then bytes, again and again), their text on stdout.

Needs the extra of requirements-ocr.txt, whose models lie inside its wheels: nothing is fetched. One process, one thread.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from typing import BinaryIO

MEMORY_BYTES = 6 * 1024 * 1024 * 1024  # address space; the run time maps far more than the 0.9 GB that it uses
CPU_SECONDS = 600


def pictures(stream: BinaryIO) -> Iterator[bytes]:
    """What the caller sent, one by one."""
    while head := stream.read(8):
        yield stream.read(int.from_bytes(head, "big"))


def main() -> None:
    """Bound this process, then read picture by picture."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import numpy
    from PIL import Image
    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1})
    texts = []
    for data in pictures(sys.stdin.buffer):
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            found = engine(numpy.asarray(picture.convert("RGB"))[:, :, ::-1])
        texts.append("\n".join(found.txts or ()))
    sys.stdout.write(json.dumps(texts))


if __name__ == "__main__":
    main()
