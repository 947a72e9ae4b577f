/** By code units, so that the order is the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
