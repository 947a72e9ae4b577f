import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Report, report, type Send } from '../../docs/api-client.ts';
import { composeOnDemand } from '../../functions/compose.local.ts';
import { openApp } from '../../functions/on-demand/app.ts';
import { oneMachine } from '../workflow/one-machine.ts';
import { publish, serveApi } from './served.ts';

const docs = join(import.meta.dirname, '../../docs');
const guide = readFileSync(join(docs, 'api.md'), 'utf8');

describe('the guide to the API', () => {
  test('shows the client that is beside it', () => {
    const client = readFileSync(join(docs, 'api-client.ts'), 'utf8');
    const [, shown = ''] = /```ts\n(.*?)```/s.exec(guide) ?? [];
    expect(shown.split('\n').length).toBeGreaterThan(10);
    expect(client).toContain(shown);
  });

  test('shows a client that gets a report', async () => {
    const machine = await oneMachine({ chats: 60 });
    const { ports, starter } = composeOnDemand(machine.compose());
    const app = openApp(ports);
    // Asked for and over, so that nobody has to wait for it.
    await app.request('/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'report-2026-11-20' },
      body: '{"day":"2026-11-20"}',
    });
    await starter.idle();
    const send: Send = async (path, init) => app.request(path, init);
    const { day, totals }: Report = await report('2026-11-20', send);
    expect([day, totals.chats]).toEqual(['2026-11-20', 60]);
  });

  test('has a curl for every call, and each is answered', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const calls = [...guide.matchAll(/curl \$SIGN "\$API([^"]+)"((?:\\\n|.)*)/g)].map(
      ([, path = '', rest = '']) => {
        const headers = Object.fromEntries(
          [...rest.matchAll(/--header '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [
            name,
            value,
          ]),
        );
        const body = /--data '([^']+)'/.exec(rest)?.[1];
        return { path, headers, ...(body && { method: 'POST', body }) };
      },
    );
    const statuses: string[] = [];
    for (const call of calls) {
      const { status, text } = await ask.http(call);
      statuses.push(`${call.path.replace(/k[0-9a-f]{24}/, '{id}')} ${status}`);
      if (status === 202) expect(JSON.parse(text).id).toMatch(/^k[0-9a-f]{24}$/);
    }
    expect(statuses).toEqual([
      '/reports 202',
      '/runs/{id} 404',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports?from=2026-11-01&to=2026-11-30 200',
    ]);
  });

  test('has no curl that would repeat the headers of one place to another', () => {
    expect(guide).toContain('%{redirect_url}');
    for (const [shown = ''] of guide.matchAll(/```sh\n.*?```/gs))
      expect(shown).not.toMatch(/--location|\s-L\b/);
  });

  test('speaks of every route there is', async () => {
    const { ask } = await serveApi();
    const { paths } = JSON.parse((await ask.http({ path: '/openapi.json' })).text) as { paths: object };
    for (const path of Object.keys(paths)) expect(guide).toContain(path.replace(/\{(id|day)\}/, ''));
  });
});
