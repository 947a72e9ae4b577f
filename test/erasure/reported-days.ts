import { expect } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import type { EraseRequest } from '../../functions/erasure/erase-person.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type Files, filesIn, lakeOf } from './everything.ts';
import { DAYS, NIGHT_ROWS, PERSON, plantedRows } from './planted.ts';

export const BY = {
  customer: `id:${PERSON.id}`,
  phone: `phone:${PERSON.phone}`,
  email: `email:${PERSON.email}`,
};
export const NOW = Date.parse('2026-12-01T08:00:00Z');
export const asked = (given = BY.customer, dryRun = false): EraseRequest => ({ given, dryRun, now: NOW });

/** Two reported days, and all that is kept of them; without a lake in memory they lie in a folder. */
export async function reported(chats = 30, memory: Lake | null = memoryLake()) {
  const planted = await plantedRows(chats);
  const rows = (channel: Channel, day: string) => [
    ...planted(channel, day),
    ...NIGHT_ROWS.filter(([of, on]) => of === channel && on === day).map(([, , row]) => row),
  ];
  const machine = await oneMachine({ rows }, { CONTACTS: 'full', LOOK_BACK: 'none' }, undefined, memory);
  const summaries = new Map<string, Summary>();
  for (const day of DAYS) {
    const { summary } = await machine.report(day);
    if (summary === null) expect.unreachable();
    summaries.set(day, summary);
  }
  const lake = await held(memory ?? openFolder(machine.lake));
  const outbox = openFolder(machine.outbox);
  const ports = { lake, outbox, objectVersions: null, random: systemRandom, locale: 'vi' } as const;
  const everything = async () => [...(await filesIn(lake)), ...(await filesIn(outbox))];
  return { machine, lake, outbox, ports, summaries, everything };
}

let made: Promise<{ files: Files; mails: Files; summaries: ReadonlyMap<string, Summary> }> | null = null;

/** The same in memory, to be changed at will. */
export async function standing() {
  made ??= (async () => {
    const { lake, outbox, summaries } = await reported();
    return { files: await filesIn(lake), mails: await filesIn(outbox), summaries };
  })();
  const { files, mails, summaries } = await made;
  const [lake, outbox] = [lakeOf(files), lakeOf(mails)];
  const ports = { lake, outbox, objectVersions: null, random: systemRandom, locale: 'vi' } as const;
  const everything = async () => [...(await filesIn(lake)), ...(await filesIn(outbox))];
  return { lake, ports, files, mails, summaries, everything };
}

export async function summaryOf(lake: Lake, day: string): Promise<Summary> {
  const summary = await new ReportReader(lake).read({ day });
  if (summary === null) expect.unreachable();
  return summary;
}

/** Of a summary, what must not change. */
export function figuresOf({
  completeness,
  callbacks,
  // Of the callbacks of the day before.
  followUp,
  generatedAt,
  firstGeneratedAt,
  directoryId,
  ...rest
}: Summary) {
  // The one page whose path was their telephone number.
  const pages = rest.byLandingPage.map((page) =>
    /^x\.example\//.test(page.key ?? '') ? { ...page, key: 'x.example' } : page,
  );
  const figures = {
    ...rest,
    byLandingPage: pages.toSorted((left, right) => (`${left.key}` < `${right.key}` ? -1 : 1)),
  };
  const counts = Object.values(completeness.channels).map(({ captureId: _, ...found }) => found);
  return { figures, counts };
}
