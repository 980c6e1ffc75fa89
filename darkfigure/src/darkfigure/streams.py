"""Random numbers by counting: Philox 4x32-10 (Salmon et al. 2011), so that replicate b is the same on any machine part.

The stream of replicate b is a function of (seed, b) only: no state is shared, nothing depends on the threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from darkfigure.engine import Floats, Ints

Words = NDArray[np.uint32]
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@njit(cache=True, nogil=True)
def philox(counter: Words, key: Words, out: Words) -> None:
    """Ten rounds of Philox 4x32: out[0:4] from counter[0:4] and key[0:2]."""
    c0, c1, c2, c3 = (
        np.uint64(counter[0]),
        np.uint64(counter[1]),
        np.uint64(counter[2]),
        np.uint64(counter[3]),
    )
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    for _ in range(10):
        a = np.uint64(0xD2511F53) * c0
        b = np.uint64(0xCD9E8D57) * c2
        c0 = ((b >> _HALF) ^ c1 ^ k0) & _LOW
        c1 = b & _LOW
        c2 = ((a >> _HALF) ^ c3 ^ k1) & _LOW
        c3 = a & _LOW
        k0 = (k0 + np.uint64(0x9E3779B9)) & _LOW
        k1 = (k1 + np.uint64(0xBB67AE85)) & _LOW
    out[0], out[1], out[2], out[3] = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@njit(cache=True, nogil=True)
def start_stream(seed: int, stream: int, state: Words) -> None:
    """Prepare the state (12 words: counter 4, key 2, output 4, position 1, spare 1) of a stream."""
    state[0] = np.uint32(0)
    state[1] = np.uint32(0)
    state[2] = np.uint32(stream & 0xFFFFFFFF)
    state[3] = np.uint32(stream >> 32 & 0xFFFFFFFF)
    state[4] = np.uint32(seed & 0xFFFFFFFF)
    state[5] = np.uint32(seed >> 32 & 0xFFFFFFFF)
    state[10] = np.uint32(4)


@njit(cache=True, nogil=True)
def next_word(state: Words) -> np.uint32:
    """The next 32 random bits of a stream."""
    at = state[10]
    if at == 4:
        philox(state[0:4], state[4:6], state[6:10])
        state[0] += np.uint32(1)
        if state[0] == 0:
            state[1] += np.uint32(1)
        at = np.uint32(0)
    state[10] = at + np.uint32(1)
    return np.uint32(state[6 + at])


@njit(cache=True, nogil=True)
def next_uniform(state: Words) -> float:
    """A uniform double in (0, 1), 53 bits, never 0 or 1."""
    high = np.int64(next_word(state) >> np.uint32(5))
    low = np.int64(next_word(state) >> np.uint32(6))
    return (high * 67108864.0 + low + 0.5) / 9007199254740992.0


@njit(cache=True, nogil=True)
def next_below(state: Words, n: int) -> int:
    """A uniform whole number in 0..n-1, exact (Lemire 2019), n < 2^32."""
    bound = np.uint64(n)
    product = np.uint64(next_word(state)) * bound
    low = product & _LOW
    if low < bound:
        limit = (np.uint64(4294967296) - bound) % bound
        while low < limit:
            product = np.uint64(next_word(state)) * bound
            low = product & _LOW
    return int(np.int64(product >> _HALF))


@njit(cache=True, nogil=True)
def resample(seed: int, replicate: int, owner: Ints, y: Floats) -> None:
    """Draw as many people with replacement as there are; ``owner`` holds each person's history, y the new counts."""
    state = np.empty(12, dtype=np.uint32)
    start_stream(seed, replicate, state)
    y[:] = 0.0
    n = owner.shape[0]
    for _ in range(n):
        y[owner[next_below(state, n)]] += 1.0


def uniforms(seed: int, stream: int, count: int) -> Floats:
    """The first ``count`` uniform doubles in (0, 1) of a stream; shape (count,).

    Example:
        >>> bool((uniforms(1, 2, 5) == uniforms(1, 2, 5)).all())
        True
    """
    state = np.empty(12, dtype=np.uint32)
    start_stream(seed, stream, state)
    return np.array([next_uniform(state) for _ in range(count)])
