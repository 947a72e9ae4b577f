import type { LogContext, LogEvent } from '../functions/observability/log.ts';

/** The run of a day that has begun and has not ended. */
export interface RunAtWork {
  readonly run: string;
  readonly day: string;
  /** What lies in the lake of each channel that was read in it. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly numFound: number }>;
}

/** Follows a process by what it logs, for what is to be said where it is interrupted. */
export class RunProgress {
  #atWork: { run: string; day: string; kept: Map<string, { rows: number; numFound: number }> } | null = null;

  see(entry: LogContext & LogEvent): void {
    switch (entry.event) {
      case 'run-started':
        this.#atWork = { run: entry.run ?? '', day: entry.day ?? '', kept: new Map() };
        return;
      case 'page-kept':
        this.#atWork?.kept.set(entry.channel, { rows: entry.rows, numFound: entry.numFound });
        return;
      case 'run-ended':
        this.#atWork = null;
        return;
      default:
    }
  }

  get atWork(): RunAtWork | null {
    return this.#atWork;
  }
}

/** What is kept of a range that was interrupted, and how it is gone on with. */
export function describeInterruption(
  atWork: RunAtWork | null,
  {
    reported,
    days,
    refresh,
  }: { readonly reported: number; readonly days: number; readonly refresh: boolean },
): string {
  const kept = [...(atWork?.kept ?? [])].map(
    ([channel, { rows, numFound }]) => `${rows} of ${numFound} chats of ${channel}`,
  );
  const what = kept.length === 0 ? 'nothing was read yet' : `${kept.join(', ')} are kept`;
  const begun = atWork === null ? '' : ` Of ${atWork.day} ${what}.`;
  // With it, what was read before it was started does not count.
  const next = refresh ? 'Without --refresh the same command' : 'The same command';
  return `interrupted. ${reported} of ${days} ${days === 1 ? 'day' : 'days'} reported.${begun} ${next} goes on from there.`;
}
