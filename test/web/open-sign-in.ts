import type { Hono } from 'hono';
import type { ApiPorts } from '../../functions/api/ports.ts';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import type { RunRequest } from '../../functions/pipeline/run-log.ts';
import { NO_LINKS } from '../../functions/report/report-input.ts';
import { openIssuer } from '../../functions/web/issuer.http.ts';
import { openSignedInPages } from '../../functions/web/sign-in.ts';
import { type Answered, NOON, VIEW_KEY } from '../api/served.ts';
import { memoryLake } from './memory-lake.ts';
import { CLIENT, type ServedIssuer } from './serve-issuer.ts';

const ORIGIN = 'https://reports.example.com';

export interface OpenSignIn {
  readonly app: Hono;
  readonly ports: ApiPorts;
  readonly issuer: ServedIssuer;
  readonly clock: { now: number };
  readonly secrets: { key: string };
  readonly logged: LogEvent[];
  readonly started: RunRequest[];
  readonly browser: Visitor;
  /** Another browser. */
  another(): Visitor;
}

/** The pages behind a sign-in, over a lake in memory. */
export function openSignIn(
  issuer: ServedIssuer,
  secret: string | null = null,
  lake = memoryLake(),
): OpenSignIn {
  const clock = { now: NOON };
  const secrets = { key: VIEW_KEY };
  const logged: LogEvent[] = [];
  const started: RunRequest[] = [];
  const ports: ApiPorts = {
    account: {
      name: 'demo',
      timeZone: 'Asia/Ho_Chi_Minh',
      channels: ['livechat', 'messenger', 'zalo'],
      locale: 'en',
      links: NO_LINKS,
    },
    lake,
    clock: { now: () => clock.now, sleep: () => Promise.resolve() },
    log: openLog((_level, entry) => logged.push(entry)),
    launcher: {
      start(request) {
        started.push(request);
        return Promise.resolve('started');
      },
    },
    presigner: null,
    share: null,
  };
  const app = openSignedInPages(ports, {
    issuer: openIssuer({
      issuer: issuer.url,
      clientId: CLIENT,
      clientSecret: secret === null ? null : () => Promise.resolve(secret),
    }),
    key: () => Promise.resolve(secrets.key),
    random: systemRandom,
  });
  const another = (): Visitor => new Visitor(app);
  return { app, ports, issuer, clock, secrets, logged, started, browser: another(), another };
}

/** A browser as far as cookies and redirects go, at the address of the API. */
class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: Hono;

  constructor(app: Hono) {
    this.#app = app;
  }

  async get(
    path: string,
    {
      headers = {},
      ...init
    }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string } = {},
  ): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { ...headers, ...(cookie !== '' && { cookie }) };
    const answer = await this.#app.request(`${ORIGIN}${path}`, { ...init, headers: sent });
    for (const text of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (/; Max-Age=0;/.test(text)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** Goes to the issuer. @returns the address that it sends the browser back to */
  async backFrom({ headers }: Answered): Promise<string> {
    const answer = await fetch(headers.get('location') ?? '', { redirect: 'manual' });
    const { pathname, search } = new URL(answer.headers.get('location') ?? '');
    return pathname + search;
  }

  /** Goes to the issuer and back. */
  async follow(sent: Answered, init: { headers?: Readonly<Record<string, string>> } = {}): Promise<Answered> {
    return await this.get(await this.backFrom(sent), init);
  }

  /** @returns the address at which the sign-in ends */
  async signIn(path: string): Promise<string | null> {
    const back = await this.follow(await this.get(path));
    return back.headers.get('location');
  }
}
