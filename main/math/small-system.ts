/**
 * Solves a small dense system by elimination with row pivoting.
 * @param matrix rows; left as it is. @throws RangeError where it is singular.
 */
export function solveSmall(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length
  const a = matrix.map((row, i) => [...row, right[i]])
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++) if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) pivot = row
    if (!(Math.abs(a[pivot][column]) > 0)) throw new RangeError('The system is singular.')
    ;[a[column], a[pivot]] = [a[pivot], a[column]]
    for (let row = column + 1; row < n; row++) {
      const factor = a[row][column] / a[column][column]
      for (let k = column; k <= n; k++) a[row][k] -= factor * a[column][k]
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let row = n - 1; row >= 0; row--) {
    let rest = a[row][n]
    for (let k = row + 1; k < n; k++) rest -= a[row][k] * x[k]
    x[row] = rest / a[row][row]
  }
  return x
}
