import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { openApp } from '../../functions/api/app.ts';
import type { OnDemandPorts } from '../../functions/api/ports.ts';
import { PROBLEM_TYPE } from '../../functions/api/route.ts';
import {
  composeLocal,
  composeOnDemand,
  openDelivery,
  openLake,
  openToken,
} from '../../functions/app/compose.local.ts';
import { type Log, openLog } from '../../functions/observability/log.ts';
import type { LakePlace } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/json.ts';
import { addPages } from '../../functions/web/app.ts';
import { OUTBOX } from '../preflight.ts';
import { EXIT, type ExitCode, formatError, refuse, type Terminal } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import type { ServeTask } from './serve.ts';

/** The names under which this machine calls itself, with or without a port. */
const OWN_HOST = /^(localhost|127\.0\.0\.1)(:\d+)?$/i;

/**
 * The app, for the programs of this machine alone. It asks nobody for a signature, so a web page from elsewhere must not
 * reach it through its reader's browser: not by a name that it lets point here, and not by sending it something.
 *
 * @param unset the settings that are missing for starting a run; with any, reports can be read and not asked for
 */
function localOnly(
  app: Pick<Hono, 'fetch'>,
  unset: readonly string[],
): (request: Request) => Promise<Response> {
  return async (request) => refusalOf(request, unset) ?? (await app.fetch(request));
}

function refusalOf(request: Request, unset: readonly string[]): Response | null {
  const host = request.headers.get('host') ?? '';
  if (!OWN_HOST.test(host)) {
    return refusal(421, 'Misdirected Request', 'This is served to localhost alone.');
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const origin = request.headers.get('origin');
  if (origin !== null && URL.parse(origin)?.host !== host) {
    return refusal(403, 'Forbidden', 'This is not taken from a web page of another site.');
  }
  if (unset.length === 0) return null;
  return refusal(503, 'Service Unavailable', `No run can be started: ${unset.join(' and ')} not set.`);
}

function refusal(status: number, title: string, detail: string): Response {
  const body = { type: 'about:blank', title, status, detail };
  return new Response(toJsonText(body), {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' },
  });
}

const HOST = '127.0.0.1';

/** Serves API and pages to this machine alone, until it is interrupted. */
export async function serveReports(
  { settings, unset, isNamed, port }: ServeTask & { readonly port: number },
  terminal: Terminal,
): Promise<ExitCode> {
  const composed = composeLocal(settings, {
    ...(await openDelivery(settings, { send: false, outbox: OUTBOX })),
    lake: await openLake(settings.lake),
    token: await openToken(settings.caresoft.token),
    log: openServeLog(terminal),
  });
  const { ports: whole, launcher } = composeOnDemand(composed);
  const ports = unset.length === 0 ? whole : readingOnly(whole, isNamed);
  const app = openApp(ports);
  addPages(app, ports);
  const server = createAdaptorServer({ fetch: localOnly(app, unset) });
  try {
    await listen(server, port);
  } catch (error) {
    const says = `${port} cannot be listened on (${formatError(error)})`;
    return refuse(terminal, [{ of: '--port', says }]);
  }
  terminal.out(describe(server, settings.lake, unset));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // A second interrupt ends it at once: a run can be killed at any moment and goes on where it was.
  terminal.err('chat-report: stopping once everything that is at work is done\n');
  server.close();
  await once(server, 'close');
  await launcher.idle();
  return EXIT.done;
}

/** Where no run can be started, a request that others left unfinished is not taken up either. */
function readingOnly(ports: OnDemandPorts, isNamed: boolean): OnDemandPorts {
  return {
    ...ports,
    launcher: { start: () => Promise.resolve('started') },
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
