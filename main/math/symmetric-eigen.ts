import { type Matrix, symmetricEigen } from './matrix.ts'

/** Eigenvalues of a symmetric matrix, in rising order. @throws RangeError where it is not square. */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  if (a.columns !== a.rows) throw new RangeError(`${a.rows} × ${a.columns} is not square`)
  return symmetricEigen(a).values.sort()
}
