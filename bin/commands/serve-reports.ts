import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { openApp } from '../../functions/api/app.ts';
import type { ApiPorts } from '../../functions/api/ports.ts';
import { PROBLEM_TYPE } from '../../functions/api/route.ts';
import {
  composeLocal,
  composeLocalApi,
  openDelivery,
  openLake,
  openToken,
} from '../../functions/app/compose.local.ts';
import { type Log, openLog } from '../../functions/observability/log.ts';
import type { LakePlace } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { addPages } from '../../functions/web/app.ts';
import { DEFAULT_OUTBOX, explainPort } from '../options.ts';
import { EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import type { ServeTask } from './serve.ts';

const HOST = '127.0.0.1';

/** Serves the API and the pages to this machine alone, until it is interrupted. */
export async function serveReports(
  { settings, unset, isNamed, port }: ServeTask,
  terminal: Terminal,
): Promise<ExitCode> {
  const composed = composeLocal(settings, {
    ...(await openDelivery(settings, { send: false, outbox: DEFAULT_OUTBOX })),
    lake: await openLake(settings.lake),
    token: await openToken(settings.access.token),
    log: openServeLog(terminal),
  });
  const { ports: all, launcher } = composeLocalApi(composed);
  const ports = unset.length === 0 ? all : withoutRuns(all, isNamed);
  const app = openApp(ports);
  addPages(app, ports);
  const server = createAdaptorServer({ fetch: localOnly(app, unset) });
  try {
    await listen(server, port);
  } catch (error) {
    const says = `${port} ${explainPort(error)}`;
    return refuse(terminal, [{ of: '--port', says }]);
  }
  // Who reads the address may interrupt at once.
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  terminal.out(describeServer(server, settings.lake, unset));
  await interrupted;
  // A second interrupt ends the process at once. A killed run can go on later.
  terminal.err('chat-report: stopping when all current work is done\n');
  server.close();
  await once(server, 'close');
  await launcher.idle();
  return EXIT.done;
}

/** Where no run can start, unfinished requests must not start one either. */
function withoutRuns(ports: ApiPorts, isNamed: boolean): ApiPorts {
  return {
    ...ports,
    launcher: { start: () => Promise.resolve('started') },
    account: { ...ports.account, name: isNamed ? ports.account.name : '' },
  };
}

/** A person who watches sees errors and the ends of runs. Otherwise the log is the usual one. */
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

function describeServer(server: ServerType, lake: LakePlace, unset: readonly string[]): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  const runs =
    unset.length === 0 ? '' : `They can be read. To ask for new ones, set ${unset.join(' and ')}.\n`;
  return (
    `The reports in ${'folder' in lake ? lake.folder : lake.uri} are at\n\n  http://${HOST}:${port}/\n\n` +
    `${runs}Interrupt to stop (Ctrl+C).\n`
  );
}

/** The names of this machine, with or without a port. */
const OWN_HOST = /^(localhost|127\.0\.0\.1)(:\d+)?$/i;

/**
 * Serves the app to programs of this machine alone. The app asks for no signature. So a web page of another site must not
 * reach it through the browser: neither by a name that points to this machine, nor by sending a form.
 *
 * @param unset the settings that a run needs and that are missing; with any, reports can only be read
 */
function localOnly(
  app: Pick<Hono, 'fetch'>,
  unset: readonly string[],
): (request: Request) => Promise<Response> {
  return async (request) => refuseRequest(request, unset) ?? (await app.fetch(request));
}

/** @returns null for a request that may pass */
function refuseRequest(request: Request, unset: readonly string[]): Response | null {
  const host = request.headers.get('host') ?? '';
  if (!OWN_HOST.test(host)) {
    return toRefusal(421, 'Misdirected Request', 'This is served to localhost alone.');
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const origin = request.headers.get('origin');
  if (origin !== null && URL.parse(origin)?.host !== host) {
    return toRefusal(403, 'Forbidden', 'This is not taken from a web page of another site.');
  }
  if (unset.length === 0) return null;
  return toRefusal(503, 'Service Unavailable', `No run can be started: ${unset.join(' and ')} not set.`);
}

function toRefusal(status: number, title: string, detail: string): Response {
  const body = { type: 'about:blank', title, status, detail };
  return new Response(toJsonText(body), {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' },
  });
}
