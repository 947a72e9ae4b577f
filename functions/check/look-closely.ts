import type { Clock } from '../time/clock.ts';
import { checkBounds } from './check-bounds.ts';
import { checkClock } from './check-clock.ts';
import { checkCount } from './check-count.ts';
import { checkMissed } from './check-missed.ts';
import { checkOrder } from './check-order.ts';
import { checkPages } from './check-pages.ts';
import { checkRows } from './check-rows.ts';
import { type Finding, note } from './finding.ts';
import { judgeWindow } from './judge-window.ts';
import { lookNarrowly } from './narrow-look.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { CheckSubject } from './subject.ts';
import type { Troubles } from './troubles.ts';

export interface Evidence {
  /** The channel with the most chats. */
  readonly busiest: Sample;
  /** Of every channel that had chats. */
  readonly all: readonly Sample[];
}

/** How CareSoft answers, seen on chats that are there. */
export async function* lookClosely(
  probe: Probe,
  { busiest, all }: Evidence,
  subject: CheckSubject,
  { troubles, clock }: { readonly troubles: Troubles; readonly clock: Pick<Clock, 'now'> },
): AsyncGenerator<Finding> {
  /** One look that CareSoft does not answer leaves the others as they are. */
  const attempt = <Seen>(id: string, whatever: string, look: () => Promise<Seen>) =>
    troubles.attempt<Seen | Finding>(look, ({ finding }) =>
      note(id, `${whatever} could not be found out: ${finding.says}`, 'check again later'),
    );

  yield await attempt('clock', 'The clock', () => checkClock(probe, { busiest, all }, subject, clock.now()));
  const narrow = await attempt('window', 'How windows are heeded', () =>
    lookNarrowly(probe, busiest, subject),
  );
  yield 'status' in narrow ? narrow : judgeWindow(busiest.chats, narrow);
  yield await attempt('bounds', 'Whether bounds are included', () => checkBounds(probe, busiest, subject));
  yield checkOrder(busiest);
  const pages = await attempt('pages', 'The size of pages', () => checkPages(probe, busiest));
  yield 'status' in pages ? pages : pages.finding;
  yield await attempt('count', 'Whether the count is right', () =>
    checkCount(probe, busiest, {
      narrow: 'status' in narrow ? null : narrow,
      rowsPerPage: 'status' in pages ? null : pages.rowsPerPage,
    }),
  );
  yield await attempt('missed', 'What a missed chat lacks', () => checkMissed(probe, all, busiest));
  yield* checkRows(all, subject.reading);
}
