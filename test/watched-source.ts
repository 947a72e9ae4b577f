import { writeBound } from '../functions/sources/caresoft/dialect.ts';
import type { ChatSource, Slice } from '../functions/sources/source.ts';

/** CareSoft, but the test is told of each slice before it is asked for, and may fail in its place. */
export function watchedSource(
  source: ChatSource,
  onSlice: (slice: Slice) => Promise<void> | void,
): ChatSource {
  return {
    get hasAnswered() {
      return source.hasAnswered === true;
    },
    names: (...asked) => source.names(...asked),
    async count(slice, options) {
      await onSlice(slice);
      return await source.count(slice, options);
    },
    async answer(slice, page, options) {
      await onSlice(slice);
      return await source.answer(slice, page, options);
    },
  };
}

/** The day that a slice is of, by the clock that it is asked in: before it there is a second of margin. */
export function dayOfSlice({ window }: Slice): string {
  return writeBound(window.since + 1).slice(0, 10);
}
