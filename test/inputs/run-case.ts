import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { onTestFinished, vi } from 'vitest';
import { call as callHere } from '../command-line/call.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type HonestServer, startHonestServer } from './honest-server.ts';
import {
  type Case,
  changeRows,
  type LaterRun,
  loadCase,
  type ServerBehaviour,
  toWireRows,
} from './load-case.ts';

const ACCOUNT = 'tai-khoan-1';
const TOKEN = 'token-1';

/** What a run came to, as its user sees it. */
interface EndedRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The queries to `/chats`. */
  readonly asked: readonly URLSearchParams[];
}

/** A case at work: its server, its folder, and the command line in it. */
export interface RunningCase {
  readonly input: Case;
  readonly server: HonestServer;
  /** Where `out/lake` and `out/outbox` are; a run with another lake has `another/lake` and `another/outbox`. */
  readonly cwd: string;
  /** Calls the command line by the case's settings, in this process. */
  readonly call: (args: readonly string[], settings?: Readonly<Record<string, string>>) => Promise<EndedRun>;
  /** The case's first run. */
  readonly run: (...more: readonly string[]) => Promise<EndedRun>;
  /** A later run of the case, counted from 0: what it changes stays changed. */
  readonly runLater: (index: number, ...more: readonly string[]) => Promise<EndedRun>;
  /** An object of the last run's lake, parsed; null where there is none. */
  readonly readLake: (key: string) => Promise<unknown>;
  /** The mails of the last run's outbox by their file names, read by another program's parser. */
  readonly readMails: () => Promise<Record<string, Email>>;
}

/**
 * Starts a case's server and lays out its folder.
 *
 * @param number such as `21`
 * @param otherwise what the server does otherwise than the case says
 */
export async function openCase(number: string, otherwise: ServerBehaviour = {}): Promise<RunningCase> {
  const loaded = loadCase(number);
  const input = { ...loaded, server: { ...loaded.server, ...otherwise } };
  const server = await startHonestServer();
  onTestFinished(() => server.close());
  const cwd = await temporaryFolder();
  let settings = withServer(input.settings, server);
  const changes: NonNullable<LaterRun['change']>[] = [];
  let held: Pick<Case, 'rows' | 'server'> = input;
  host(server, settings, input);
  await layOut(cwd, input);
  if (input.now !== undefined) setClock(input.now);

  let place = join(cwd, 'out');
  const call: RunningCase['call'] = async (args, more = {}) => {
    const takesOutbox = ['run', 'erase'].includes(args[0] ?? '') && !args.includes('--outbox');
    const outbox = takesOutbox ? ['--outbox', join(place, 'outbox')] : [];
    const ended = await callHere([...args, ...outbox], {
      LAKE_URI: join(place, 'lake'),
      ...settings,
      ...named(more, server),
    });
    return { ...ended, asked: server.takeAsked() };
  };
  const readLake = async (key: string): Promise<unknown> => {
    const text = await readFile(join(place, 'lake', key), 'utf8').catch(() => null);
    return text === null ? null : JSON.parse(text);
  };
  return {
    input,
    server,
    cwd,
    call,
    readLake,
    run: (...more) => call(['run', ...daysOf(input), ...more]),
    async runLater(index, ...more) {
      const later: LaterRun = input.then?.[index] ?? {};
      if (later.run?.lake === 'another') place = join(cwd, 'another');
      settings = { ...settings, ...withServer(later.settings ?? {}, server) };
      if (later.change) changes.push(later.change);
      held = { rows: later.rows ?? held.rows, server: later.server ?? held.server };
      host(server, settings, held, changes);
      return await call(['run', ...daysOf({ ...input, ...later.run }), ...more]);
    },
    readMails: () => readMails(join(place, 'outbox')),
  };
}

/** The clock goes on from here until the test is over: what waits for it would wait for ever if it stood still. */
function setClock(now: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now), shouldAdvanceTime: true, advanceTimeDelta: 1 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

function daysOf({ day = '', arguments: more = [] }: Pick<Case, 'day' | 'arguments'>): string[] {
  return [...(more.includes('--from') ? [] : ['--day', day]), ...more];
}

function withServer(settings: Readonly<Record<string, string>>, server: HonestServer) {
  const usual = {
    CARESOFT_BASE_URL: `{server}/${ACCOUNT}`,
    CARESOFT_TOKEN: TOKEN,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    MAIL_FROM: 'bao-cao@example.com',
    MAIL_TO: 'quan-ly@example.com',
  };
  return named({ ...usual, ...settings }, server);
}

/** The server is called by its address. */
function named(settings: Readonly<Record<string, string>>, { origin }: HonestServer) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, text]) => [name, text.replaceAll('{server}', origin)]),
  );
}

/** The account that the settings name holds the case's rows. */
function host(
  server: HonestServer,
  { CARESOFT_BASE_URL: address = '' }: Readonly<Record<string, string>>,
  { rows, server: behaviour }: { readonly rows: Case['rows']; readonly server: ServerBehaviour },
  changes: readonly NonNullable<LaterRun['change']>[] = [],
): void {
  const [, domain = ACCOUNT] = /^http:\/\/[^/]+\/([\w-]+)$/.exec(address) ?? [];
  server.host({ domain, token: TOKEN, behaviour, rows: changeRows(toWireRows(rows), changes) });
}

async function layOut(cwd: string, { lake = {} }: Case): Promise<void> {
  for (const [key, content] of Object.entries(lake)) {
    const path = join(cwd, 'out/lake', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

async function readMails(outbox: string): Promise<Record<string, Email>> {
  const names = await readdir(outbox).catch(() => []);
  const mails = names
    .filter((name) => name.endsWith('.eml'))
    .toSorted()
    .map(async (name) => [name, await PostalMime.parse(await readFile(join(outbox, name)))] as const);
  return Object.fromEntries(await Promise.all(mails));
}
