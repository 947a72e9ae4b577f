import type { Hono } from 'hono';
import { openApp } from '../../functions/api/app.ts';
import type { ApiAccount, ApiPorts } from '../../functions/api/ports.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { NO_LINKS } from '../../functions/report/report-input.ts';
import { addPages } from '../../functions/web/app.ts';
import { NOW } from './ten-weeks.ts';

export interface OpenPages {
  readonly app: Hono;
  readonly logged: LogEvent[];
  /** The page's text, as it was sent. */
  page(path: string, headers?: Readonly<Record<string, string>>): Promise<{ status: number; html: string }>;
}

/** The API and the pages over a lake, on the morning after its last day. */
export function openPages(
  lake: ApiPorts['lake'],
  { now = NOW, ...changes }: Partial<ApiAccount> & { readonly now?: number } = {},
): OpenPages {
  const logged: LogEvent[] = [];
  const ports: ApiPorts = {
    lake,
    log: openLog((_level, entry) => logged.push(entry)),
    clock: { now: () => now, sleep: async () => {} },
    account: {
      name: 'bepviet',
      timeZone: 'Asia/Ho_Chi_Minh',
      channels: ['livechat', 'messenger', 'zalo'],
      locale: 'vi',
      links: NO_LINKS,
      ...changes,
    },
    launcher: { start: async () => 'started' },
    presigner: null,
    share: null,
  };
  const app = openApp(ports);
  addPages(app, ports);
  return {
    app,
    logged,
    async page(path, headers = {}) {
      const answer = await app.request(path, { headers: { accept: 'text/html', ...headers } });
      return { status: answer.status, html: await answer.text() };
    },
  };
}
