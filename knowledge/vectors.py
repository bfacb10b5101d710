"""Unit vectors, and how near they are to each other."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def cosines(vectors: Matrix, others: Matrix) -> Matrix:
    """The product of two matrices of unit vectors, or of one and a vector."""
    # BLAS reads in whole blocks, and may warn of what happens to lie beside these values.
    with np.errstate(all="ignore"):
        near: Matrix = vectors @ others
    return near
