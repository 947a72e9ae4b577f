import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { composeLocal } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import { addDays, type Day } from '../../functions/calendar/day.ts';
import { type Account, toAccount } from '../../functions/config/account.ts';
import { readSettings } from '../../functions/config/settings.ts';
import { openOutbox } from '../../functions/delivery/outbox.fs.ts';
import { openLog } from '../../functions/observability/log.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { fixedToken } from '../../functions/sources/caresoft/credentials.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { type Simulator, startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { type HeldLake, underLease } from '../../functions/storage/changes.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { ERASURE_LAKE, RARE_CUSTOMER } from './measured.ts';
import { DAY } from './places.ts';

/** The lakes that the stages read. Each is made once, through a real capture, and kept for later runs. */

/** A report looks back so far. */
const HISTORY_DAYS = 13;
/** Raised with each change of what a lake holds, so that no run takes an older one. */
const VERSION = 1;
/** What a stage reads: the captures of the day alone; those and the days before; or those and the day's own report. */
export type View = 'alone' | 'history' | 'reported';

/**
 * The lake of a size, which is made where there is none. It has a proven day of three channels with its report, the day
 * before with raw and report, and the reports of twelve more days.
 *
 * @param say takes a line about what goes on
 * @returns the folder of the lake
 */
export async function lakeOf(chats: number, say: (line: string) => void): Promise<string> {
  return await keep(`${chats}`, async (folder) => {
    say(`making a lake of ${chats} chats a day`);
    const simulator = await startSimulator({ chats, ...UNLIMITED });
    try {
      for (const day of [addDays(DAY, -1), DAY]) {
        await reportDay(day, folder, simulator);
        say(`captured and reported ${day}`);
        // Later days compare themselves with these. So the copies come before the day.
        if (day !== DAY) await copyReport(day, folder);
      }
    } finally {
      await simulator.close();
    }
  });
}

/** The lake in which an erasure looks for a person, who wrote on one day. @returns its folder */
export async function lakeToErase(say: (line: string) => void): Promise<string> {
  const { days, chats } = ERASURE_LAKE;
  return await keep(`erase-${days}-${chats}`, async (folder) => {
    say(`making a lake of ${days} days with ${chats} chats each`);
    const drawn = await startSimulator({ chats });
    const [first, ...others] = drawn.rows('zalo', DAY);
    await drawn.close();
    // The simulator's own customers come back on most days.
    const rows = [{ ...(first as object), ...RARE }, ...others];
    const exact = (channel: string, day: Day) => (channel === 'zalo' && day === DAY ? rows : undefined);
    const simulator = await startSimulator({ chats, ...UNLIMITED, rows: exact });
    try {
      for (let back = days - 1; back >= 0; back -= 1) await reportDay(addDays(DAY, -back), folder, simulator);
    } finally {
      await simulator.close();
    }
  });
}

/** The person whom an erasure means. */
const RARE = {
  customer_id: RARE_CUSTOMER,
  cus_name: 'Khách hiếm',
  cus_phone: '0987654321',
  cus_email: '',
};

/** What is measured is not the rate. */
const UNLIMITED = { requestsPerSecond: 1_000_000, requestsPerHour: 1_000_000_000 };

/** A lake whose making was interrupted is made again. */
async function keep(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), `chat-report-bench-${name}-v${VERSION}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await make(unfinished);
  await rename(unfinished, folder);
  return folder;
}

/** Captures and derives a day, as the command line does. @throws Error where it is not proven */
async function reportDay(day: Day, folder: string, simulator: Simulator): Promise<void> {
  const settings = settingsOf(folder, simulator.baseUrl);
  const lake = openFolder(folder);
  const { account, context, ports } = composeLocal(
    { ...settings, access: { ...settings.access, requestsPerSecond: 2_000 } },
    {
      lake,
      mailer: openOutbox(join(folder, 'outbox')),
      notifiers: [],
      token: fixedToken(simulator.token),
      log: openLog(() => {}),
    },
  );
  const unhurried = { ...ports, lease: { ...ports.lease, settleMs: 0 } };
  const coverage = await captureDay({ day, since: null }, context, account, unhurried);
  if (coverage.verdict !== 'proven') throw new Error(`${day} is not proven`);
  await rebuildDay(day, account, held(lake));
}

/** The settings of a command in a lake of the bench. */
export function settingsOf(folder: string, baseUrl = 'http://127.0.0.1:1/demo') {
  const read = readSettings({ CARESOFT_BASE_URL: baseUrl, CARESOFT_TOKEN: 'simulated', LAKE_URI: folder });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

/** The account of the lakes. Only the host differs from the one that was asked. */
export function accountOf(folder: string): Account {
  return toAccount(settingsOf(folder), DIALECT);
}

/** The lake as a run has it that holds the lease. */
export function held(lake: Lake): HeldLake {
  return underLease(lake, new AbortController().signal, 1, systemClock);
}

/** Copies summary and digest of a day to the days before it, with their dates. Other reports read nothing else of them. */
async function copyReport(day: Day, folder: string): Promise<void> {
  const lake = openFolder(folder);
  for (let back = 1; back < HISTORY_DAYS; back += 1) {
    const copy = addDays(day, -back);
    for await (const key of lake.list(`reports/dt=${day}/`)) {
      const bytes = key.endsWith('.json') ? await readObject(lake, key) : null;
      if (bytes === null) continue;
      await lake.put(key.replace(day, copy), Buffer.from(String(bytes).replaceAll(day, copy)));
    }
  }
}

/** Whether a file of the lake is in a view. */
function isIn(view: View, key: string): boolean {
  const isOfDay = key.includes(`/dt=${DAY}/`);
  if (view === 'alone') return key === 'lake.json' || (key.startsWith('raw/') && isOfDay);
  const isDerived = key.startsWith('reports/') || key.startsWith('curated/');
  return view === 'reported' || !(isOfDay && isDerived);
}

/** The lake as a view shows it. Nothing is written to it. */
export function openView(folder: string, view: View): Pick<Lake, 'get' | 'list'> {
  const lake = openFolder(folder);
  return {
    get: async (key) => (isIn(view, key) ? await lake.get(key) : null),
    async *list(prefix) {
      for await (const key of lake.list(prefix)) if (isIn(view, key)) yield key;
    },
  };
}

/**
 * A folder beside the lake with the files of a view, to be written to. The files are hard links: a write replaces one, and
 * changes none.
 */
export async function linkView(folder: string, view: View): Promise<string> {
  const scratch = `${folder}.scratch-${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const key = from.slice(folder.length + 1);
    if (!isIn(view, key)) continue;
    await mkdir(dirname(join(scratch, key)), { recursive: true });
    await link(from, join(scratch, key));
  }
  return scratch;
}
