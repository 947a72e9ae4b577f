import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../command-line/call.ts';
import { startHonestServer } from '../inputs/honest-server.ts';
import type { ServerBehaviour } from '../inputs/load-case.ts';
import { hostileRows } from './hostile-rows.ts';

/** A lake in which each kind of file is, of chats that hold what no reader expects. */
export interface HostileLake {
  readonly lake: string;
  /** What the commands said as JSON, and `.jsonl` for what they logged. */
  readonly said: string;
  readonly close: () => Promise<void>;
}

export const LEAP_DAY = '2024-02-29';
export const DAY_AFTER = '2024-03-01';
const OF_ZALO_ALONE = '2024-03-02';
const REFUSED_DAY = '2024-03-03';

/** How CareSoft declines, with half of a pair in it. */
const REFUSAL = { status: 400, body: { code: 'errors', message: `Kh\ud83dông \ude00 ${'😀'.repeat(150)}` } };

/** Runs days that are proven, whole, of one channel, looked at again, refused; and erases a customer of them. */
export async function makeHostileLake(): Promise<HostileLake> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-report-'));
  const [lake, said] = [join(folder, 'lake'), join(folder, 'said')];
  await mkdir(said);
  const server = await startHonestServer();
  const rows = hostileRows([LEAP_DAY, DAY_AFTER, OF_ZALO_ALONE]);
  const host = (behaviour: ServerBehaviour) =>
    server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour, rows });
  const environment = {
    CARESOFT_BASE_URL: `${server.origin}/tai-khoan-1`,
    CARESOFT_TOKEN: 'token-1',
    CARESOFT_REQUESTS_PER_SECOND: '15',
    LAKE_URI: lake,
    MAIL_FROM: 'bao-cao@example.com',
    MAIL_TO: 'quan-ly@example.com',
    CONTACTS: 'full',
    BUSINESS_HOURS: 'Mon-Sat 08:00-21:00',
    // Not the last one: whatever the date is, a day that was read late is final.
    LOOK_BACK: '1,60',
  };
  const say = async (name: string, args: readonly string[], expected: number): Promise<void> => {
    const log = args[0] === 'run' ? ['--log', 'json'] : [];
    const { code, out, err } = await call(
      [...args, ...log, '--json', '--outbox', join(folder, 'outbox')],
      environment,
    );
    if (code !== expected) throw new Error(`${name} ended with ${code}: ${err}`);
    await writeFile(join(said, `${name}.json`), out);
    if (log.length > 0) await writeFile(join(said, `${name}.jsonl`), err);
  };
  host({});
  await say('run', ['run', '--day', LEAP_DAY], 0);
  await say('run-and-look-back', ['run', '--day', DAY_AFTER], 0);
  await say('run-of-zalo', ['run', '--day', OF_ZALO_ALONE, '--channels', 'zalo'], 0);
  host({ always: REFUSAL });
  await say('run-refused', ['run', '--day', REFUSED_DAY], 3);
  await say('erase', ['erase', '--customer', '200000007'], 0);
  await server.close();
  return { lake, said, close: () => rm(folder, { recursive: true, force: true }) };
}

/** The files with such a name in a folder and below, in the order of their names. */
export async function filesIn(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
