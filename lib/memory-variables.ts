/**
 * The variables by which a function on AWS keeps within its memory.
 *
 * Lambda gives Node's heap nine tenths of the memory, unless `NODE_OPTIONS` says otherwise. Packed pages, columns of numbers
 * and Node's own code lie beside the heap. So Node would let garbage lie until Lambda ends the function. Likewise the C
 * library keeps freed buffers of some hundred kilobytes, unless it is told from which size on to give them back.
 *
 * @param memoryMegabytes of the function, a multiple of 64
 */
export function memoryVariables(memoryMegabytes: number): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--max-old-space-size=${Math.floor(0.44 * memoryMegabytes)} --max-semi-space-size=${memoryMegabytes / 64}`,
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '131072',
    MALLOC_TRIM_THRESHOLD_: '131072',
  };
}
