import type { Hono } from 'hono';
import { type LogEvent, openLog } from '../../../functions/log/log.ts';
import { openApp } from '../../../functions/on-demand/app.ts';
import { addPages } from '../../../functions/on-demand/pages/add-pages.ts';
import type { OnDemandAccount, OnDemandPorts } from '../../../functions/on-demand/ports.ts';
import { NO_LINKS } from '../../../functions/report/reader-links.ts';
import { NOW } from './ten-weeks.ts';

export interface OpenPages {
  readonly app: Hono;
  readonly logged: LogEvent[];
  /** The page's text, as it was sent. */
  page(path: string, headers?: Readonly<Record<string, string>>): Promise<{ status: number; html: string }>;
}

/** The API and the pages over a lake, on the morning after its last day. */
export function openPages(
  lake: OnDemandPorts['lake'],
  { now = NOW, ...changes }: Partial<OnDemandAccount> & { readonly now?: number } = {},
): OpenPages {
  const logged: LogEvent[] = [];
  const ports: OnDemandPorts = {
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
    starter: { start: async () => 'started' },
    presigner: null,
    views: null,
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
