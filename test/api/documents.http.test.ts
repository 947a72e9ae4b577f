import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Report, report, type Send } from '../../docs/api-client.ts';
import { openApp } from '../../functions/api/app.ts';
import { composeLocalApi } from '../../functions/app/compose.local.ts';
import { serveLocally, type WholeRequest } from '../aws/serve-locally.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { type Ask, DAY, listen, note, posted, publish, serveApi } from './served.ts';

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
    const { ports, launcher } = composeLocalApi(machine.compose());
    const app = openApp(ports);
    // Asked for and over, so that nobody has to wait for it.
    await app.request('/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"day":"2026-11-20"}',
    });
    await launcher.idle();
    const send: Send = async (path, init) => app.request(path, init);
    const { day, totals }: Report = await report('2026-11-20', send);
    expect([day, totals.chats]).toEqual(['2026-11-20', 60]);
  });

  test('shows a client that asks anew for a day whose run failed', async () => {
    const runs: string[] = [];
    const { app, lake, clock } = await serveApi({
      launcher: {
        async start({ run }) {
          runs.push(run);
          const isFirst = new Set(runs).size === 1;
          await note(lake, run, DAY, isFirst ? 'failed' : 'reported');
          if (!isFirst) await publish(lake);
          return 'started';
        },
      },
    });
    const send: Send = async (path, init) => app.request(path, init);
    await expect(report(DAY, send)).rejects.toThrow(`there is no report of ${DAY}`);
    clock.now += 11 * 60_000;
    expect((await report(DAY, send)).day).toBe(DAY);
    expect(runs).toHaveLength(2);
  });

  test('shows a client that fetches a large report from S3, and sends no header of its own there', async () => {
    const large = JSON.stringify({ day: DAY, filler: 'x'.repeat(4_000_000) });
    const heard: WholeRequest[] = [];
    const s3 = await serveLocally((request, response) => {
      heard.push(request);
      response.end(large);
    });
    onTestFinished(() => s3.close());
    const { ask, app, lake, started } = await serveApi({ presigner: { presign: async () => s3.url } });
    await ask.http(posted({ day: DAY }));
    await note(lake, started[0]?.run ?? '', DAY, 'reported');
    await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.from(large));
    // What signs, signs with a header that S3 refuses.
    const token = { 'x-amz-security-token': 'of whoever asks' };
    const address = await listen(app);
    const send: Send = (path, init) =>
      fetch(`${address}${path}`, { ...init, headers: { ...init?.headers, ...token } });
    expect((await report(DAY, send)).day).toBe(DAY);
    expect(
      heard.map(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('x-amz'))),
    ).toEqual([[]]);
  });

  test('has a curl for every call, and each is answered', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const calls = [...guide.matchAll(/curl (?:\$SIGN )?"\$API([^"]+)"((?:\\\n|.)*)/g)].map(
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
      '/openapi.json 200',
      '/reports 202',
      '/runs/{id} 404',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21 200',
      '/reports/2026-11-21/waiting 200',
      '/reports?from=2026-11-01&to=2026-11-30 200',
      '/view/<token> 404',
      // With a token of the company's issuer, on AWS alone.
      '/jwt/reports/2026-11-21 404',
    ]);
    const patterns = Object.keys(await readPaths(ask.http)).map((path) =>
      path.replaceAll(/\{\w+\}/g, '[^/]+'),
    );
    const called = calls.map(({ path }) => path.split('?')[0] ?? '');
    expect(
      patterns.filter((pattern) => !called.some((path) => new RegExp(`^${pattern}$`).test(path))),
    ).toEqual([]);
  });

  test('has no curl that would repeat the headers of one place to another', () => {
    expect(guide).toContain('%{redirect_url}');
    for (const [shown = ''] of guide.matchAll(/```sh\n.*?```/gs))
      expect(shown).not.toMatch(/--location|\s-L\b/);
  });
});

async function readPaths(ask: Ask): Promise<object> {
  const { paths } = JSON.parse((await ask({ path: '/openapi.json' })).text) as { paths: object };
  return paths;
}
