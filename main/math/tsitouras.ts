/**
 * The explicit Runge-Kutta pair of Tsitouras (2011), order 5 with an embedded order 4, seven stages, the last of which is the first of
 * the next step. Row i of `rows` are the weights of the stages before stage i + 2; the last row is the step itself.
 */
export const tsitouras = {
  nodes: [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
  rows: [
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
  ],
  /** Order 5 minus order 4, for each stage. */
  errors: [
    -0.001780011052225777, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552, -0.45808210592918697,
    0.015151515151515152,
  ],
  /** How far along the negative axis its region of stability reaches. */
  stability: 3.5068,
} as const
