/**
 * How much of a function's memory Node's heap may take, as `NODE_OPTIONS`.
 *
 * Lambda's own limit is nine tenths, unless these options are set. Packed pages, columns of numbers and the code of Node lie
 * beside the heap, so Node would let garbage lie until Lambda ends the function. The young half is larger than Node's
 * own at first, because nearly all of a page is garbage when the next one comes.
 *
 * @param memoryMegabytes of the function, at least 128
 */
export function heapOptions(memoryMegabytes: number): string {
  return `--max-old-space-size=${Math.floor(0.55 * memoryMegabytes)} --max-semi-space-size=16`;
}
