import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import {
  composeLocal,
  composeOnDemand,
  openDelivery,
  openLake,
  openToken,
} from '../functions/compose.local.ts';
import type { LakePlace } from '../functions/lake/lake.ts';
import { errorCodeOf } from '../functions/log/error-code.ts';
import { type Log, openLog } from '../functions/log/log.ts';
import { openApp } from '../functions/on-demand/app.ts';
import { addPages } from '../functions/on-demand/pages/add-pages.ts';
import type { OnDemandPorts } from '../functions/on-demand/ports.ts';
import { type Problem, readSettings, type SettingName, type Settings } from '../functions/settings.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { localOnly } from './local-only.ts';
import { inWords, openTerminalLog, refuse, type Terminal } from './terminal.ts';

export interface ServeFlags {
  readonly port: string;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
}

const HOST = '127.0.0.1';
const OUTBOX = 'out/outbox';

/** `chat-report serve`: the API and the pages, for this machine alone, until it is interrupted. */
export async function serve(
  flags: ServeFlags,
  terminal: Terminal,
  leftOver: readonly Problem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, leftOver);
  if ('problems' in read) return refuse(terminal, read.problems);
  const { settings, unset, isNamed } = read;

  const composed = composeLocal(settings, {
    ...(await openDelivery(settings, { send: false, outbox: OUTBOX })),
    lake: await openLake(settings.lake),
    token: await openToken(settings.caresoft.token),
    log: openServeLog(terminal),
  });
  const { ports: whole, starter } = composeOnDemand(composed);
  const ports = unset.length === 0 ? whole : readingOnly(whole, isNamed);
  const app = openApp(ports);
  addPages(app, ports);
  const server = createAdaptorServer({ fetch: localOnly(app, unset) });
  try {
    await listen(server, Number(flags.port));
  } catch (error) {
    const says = `${flags.port} cannot be listened on (${inWords(error)})`;
    return refuse(terminal, [{ of: '--port', says }]);
  }
  terminal.out(describe(server, settings.lake, unset));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // A second interrupt ends it at once: a run can be killed at any moment and goes on where it was.
  terminal.err('chat-report: stopping once everything that is at work is done\n');
  server.close();
  await once(server, 'close');
  await starter.idle();
  return EXIT.done;
}

interface Task {
  readonly settings: Settings;
  /** What is not set and needed for starting a run. */
  readonly unset: readonly SettingName[];
  /** Whether anything says how the account is called. */
  readonly isNamed: boolean;
}

async function readTask(
  { port, lake, locale }: ServeFlags,
  { environment }: Terminal,
  leftOver: readonly Problem[],
): Promise<Task | { problems: Problem[] }> {
  const isSet = (name: SettingName): boolean => (environment[name] ?? '').trim() !== '';
  const isTokenSet = isSet('CARESOFT_TOKEN') || isSet('CARESOFT_TOKEN_SECRET');
  const read = readSettings({
    ...environment,
    // Nobody is asked under these: without the settings themselves, no run is started.
    ...(!isSet('CARESOFT_BASE_URL') && { CARESOFT_BASE_URL: 'http://localhost/unset' }),
    ...(!isTokenSet && { CARESOFT_TOKEN: 'unset' }),
    ...(lake !== undefined && { LAKE_URI: lake }),
    ...(locale !== undefined && { LOCALE: locale }),
  });
  const nameOf = (setting: string): string => {
    if (setting === 'LAKE_URI' && lake !== undefined) return '--lake';
    return setting === 'LOCALE' && locale !== undefined ? '--locale' : setting;
  };
  const wrong = 'problems' in read ? read.problems : await checkLake(read.settings.lake);
  const problems = [
    ...leftOver,
    ...checkPort(port),
    ...wrong.map(({ of, says }) => ({ of: nameOf(of), says })),
  ];
  if ('problems' in read || problems.length > 0) return { problems };
  const unset: SettingName[] = [];
  if (!isSet('CARESOFT_BASE_URL')) unset.push('CARESOFT_BASE_URL');
  if (!isTokenSet) unset.push('CARESOFT_TOKEN');
  return { settings: read.settings, unset, isNamed: isSet('CARESOFT_BASE_URL') || isSet('ACCOUNT') };
}

function checkPort(text: string): Problem[] {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return [];
  return [{ of: '--port', says: `is "${text}"; it is a whole number from 0 to 65535` }];
}

/** A folder that is not there yet is an empty lake. */
async function checkLake(place: LakePlace): Promise<Problem[]> {
  if (!('folder' in place)) return [];
  try {
    if ((await stat(place.folder)).isDirectory()) return [];
    return [{ of: 'LAKE_URI', says: `is "${place.folder}", which is no folder` }];
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    return [{ of: 'LAKE_URI', says: `is "${place.folder}", which cannot be read (${errorCodeOf(error)})` }];
  }
}

/** Where no run can be started, a request that others left unfinished is not taken up either. */
function readingOnly(ports: OnDemandPorts, isNamed: boolean): OnDemandPorts {
  return {
    ...ports,
    starter: { start: () => Promise.resolve('started') },
    account: { ...ports.account, name: isNamed ? ports.account.name : '' },
  };
}

/** For a person who watches, what goes wrong and how runs end; otherwise as everywhere. */
function openServeLog(terminal: Terminal): Log {
  if (!terminal.isWatched) return openTerminalLog(terminal).log;
  return openLog((level, entry) => {
    if (level === 'info' && entry.event !== 'run-ended') return;
    const problem = 'problem' in entry ? [entry.problem] : [];
    const state = 'state' in entry ? [entry.state] : [];
    terminal.err(`${[entry.day, entry.event, ...state, ...problem].filter(Boolean).join(' ')}\n`);
  });
}

async function listen(server: ServerType, port: number): Promise<void> {
  server.listen(port, HOST);
  await once(server, 'listening');
}

function describe(server: ServerType, lake: LakePlace, unset: readonly string[]): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  const runs =
    unset.length === 0 ? '' : `They can be read; for asking for new ones set ${unset.join(' and ')}.\n`;
  return (
    `The reports in ${'folder' in lake ? lake.folder : lake.uri} are at\n\n  http://${HOST}:${port}/\n\n` +
    `${runs}Interrupt to stop (Ctrl+C).\n`
  );
}
