import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { addDays } from '../../functions/calendar/day.ts';
import { findCaptures, readKeptPage } from '../../functions/capture/captures.ts';
import { referenceDataFiles } from '../../functions/capture/reference-data.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import type { DayOutcome } from '../../functions/pipeline/daily-run.ts';
import { digests, ReportReader } from '../../functions/pipeline/report-reader.ts';
import { ReportStore } from '../../functions/pipeline/report-store.ts';
import { OFFERS } from '../../functions/report/formats.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { referenceDataKey, reportKey } from '../../functions/storage/layout.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { recomputed } from '../pipeline/against-recomputation.ts';
import { DAY, type OneMachine } from '../pipeline/one-machine.ts';
import type { Ended } from './play-ground.ts';
import type { WatchedMail } from './watched-mail.ts';

const COUNTED = [
  'totals',
  'byChannel',
  'byHour',
  'byAgent',
  'byGroup',
  'byService',
  'byLandingPage',
  'workload',
  'callbacks',
] as const;

interface Problem {
  readonly state: 'wrong' | 'lost';
  readonly why: string;
}

/** What a run is to leave behind, and does not: the next one has to make it up. */
export function isUnmade(ended: Ended): boolean {
  if (ended.state === 'failed') return true;
  return ended.state !== 'reported' || ended.deliveries.some(({ state }) => state === 'failed');
}

/** What is in the lake, at any time, and must not be so. */
export async function faultsOfDay(machine: OneMachine, lake: Lake): Promise<Problem[]> {
  return [
    ...(await faultsOfRaw(lake)),
    ...(await faultsOfFigures(machine, lake)),
    ...(await faultsOfForms(lake)),
  ];
}

async function faultsOfRaw(lake: Lake): Promise<Problem[]> {
  const lost: string[] = [];
  for (const day of [addDays(DAY, -1), DAY]) {
    for (const channel of CHANNELS) {
      const captures = await Array.fromAsync(findCaptures(lake, day, channel));
      const pages = captures.flatMap(({ captureId, pages: all }) => all.map((page) => ({ captureId, page })));
      for (const { captureId, page } of pages) {
        await readKeptPage(lake, { day, channel, captureId }, page, DIALECT).catch((error) =>
          lost.push(String(error)),
        );
      }
    }
  }
  lost.push(...(await lostNames(lake)));
  return lost.map((why) => ({ state: 'lost', why }));
}

/** Lists of names that a manifest tells of, and that are not there. */
async function lostNames(lake: Lake): Promise<string[]> {
  const manifests = await Array.fromAsync(
    referenceDataFiles.readAll(lake, 'raw/directory/', '/manifest.json'),
  );
  const keys = manifests.flatMap(({ day, captureId, files }) =>
    (['agents', 'services'] as const)
      .filter((name) => files[name].state === 'read')
      .map((name) => referenceDataKey(day, captureId, name)),
  );
  const found = await Promise.all(keys.map((key) => readObject(lake, key)));
  return keys.filter((_, place) => found[place] === null).map((key) => `${key} is not there`);
}

async function faultsOfFigures(machine: OneMachine, lake: Lake): Promise<Problem[]> {
  const stored = await new ReportReader(lake).find({ day: DAY });
  if (stored.state === 'none') return [];
  if (stored.state === 'unreadable') return [{ state: 'wrong', why: `${stored.key} is ${stored.why}` }];
  const { summary } = stored;
  const figures = recomputed(machine, DAY);
  const { byChannel, completeness } = summary;
  // What it says of the day before is of another report; of some channels each that it has is looked at.
  const compared =
    completeness.verdict === 'proven'
      ? COUNTED.map((name) => [name, summary[name], figures[name]] as const)
      : CHANNELS.flatMap((name) =>
          byChannel[name] ? [[name, byChannel[name], figures.byChannel[name]] as const] : [],
        );
  return compared
    .filter(([, told, held]) => !isDeepStrictEqual(told, held))
    .map(([name, told, held]) => ({
      state: 'wrong',
      why: `${name} is ${JSON.stringify(told)}, and was ${JSON.stringify(held)}`,
    }));
}

/** Where a report is said to be whole, all of it is there. */
async function faultsOfForms(lake: Lake): Promise<Problem[]> {
  const reader = new ReportReader(lake);
  const digest = await digests.read(lake, { day: DAY });
  if (digest?.state !== 'current') return [];
  const missing: string[] = [];
  for (const { file } of OFFERS) {
    if ((await reader.open({ day: DAY }, file)) === null) missing.push(reportKey({ day: DAY }, file));
  }
  const summary = await reader.read({ day: DAY });
  const channels = CHANNELS.filter((channel) => summary?.completeness.channels[channel]?.captureId);
  if ((await reader.tables(DAY)).length !== channels.length) missing.push('a table of chats');
  if (!(await reader.hasMetrics(DAY))) missing.push('the table of figures');
  return missing.map((what) => ({ state: 'lost', why: `${what} is missing of a report that is current` }));
}

const KINDS = { reported: 'report', partial: 'partial', unproven: 'notice' } as const;

/** Mails that a run says were sent, and never came. */
export function faultsOfMail(
  machine: OneMachine,
  outcomes: readonly DayOutcome[],
  { sends }: WatchedMail,
): string[] {
  const { to } = machine.compose().account.mail;
  return outcomes.flatMap(({ state, day, deliveries }) => {
    const kind = KINDS[state];
    const told = deliveries.filter((delivery) => delivery.state !== 'failed');
    return told.flatMap(({ recipient }) => {
      const address = to[recipient]?.address ?? '';
      const came = sends.some(
        ({ message, taken }) =>
          taken > 0 && message.to.address === address && message.kind === kind && message.day === day,
      );
      return came ? [] : [`${address} was said to have been sent the ${kind}`];
    });
  });
}

/** Mails with other figures than those that the lake has in the end. */
export async function faultsOfContent(lake: Lake, { sends }: WatchedMail): Promise<string[]> {
  const workbook = await new ReportReader(lake).open({ day: DAY }, 'report.xlsx');
  const reports = sends.filter(
    ({ message, taken }) => taken > 0 && message.kind === 'report' && message.day === DAY,
  );
  return reports.flatMap(({ message: { attachments, to } }) =>
    workbook?.equals(attachments[0]?.content ?? Buffer.of()) ? [] : [`${to.address} got another report`],
  );
}

/** A hash of all that a run must not change where there is nothing to do. */
export async function seal(lake: Lake): Promise<string> {
  const hash = createHash('sha256');
  for (const prefix of ['raw/', 'curated/', 'reports/']) {
    for await (const key of lake.list(prefix)) hash.update(key).update((await readObject(lake, key)) ?? '');
  }
  return hash.digest('hex');
}

/** The same after all was derived once more. */
export async function deriveAgain(machine: OneMachine, lake: Lake, { completeness }: DayOutcome) {
  const { account } = machine.compose();
  const basis = { day: DAY, completeness, counting: account };
  await new ReportStore(await held(lake)).derive(basis, account.locale, { force: true });
}
