import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parseFault } from '../simulator/fault.ts';
import { beside, DAY, mailIn } from './beside.ts';
import { start } from './command.ts';

// Each starts the command line, and what fails is tried again.
vi.setConfig({ testTimeout: 60_000 });

describe('chat-report run', () => {
  test('ends with 3 after one call when the token is wrong, and shows it nowhere', async () => {
    const { simulator, settings, cwd } = await beside();
    const ended = await start(['run', '--day', DAY], {
      cwd,
      settings: { ...settings, CARESOFT_TOKEN: 'wrong-one' },
    }).ended;
    expect(ended.code).toBe(3);
    expect(ended.out).toContain('token-refused');
    expect(simulator.seen.requests).toBe(1);
    expect(ended.out + ended.err).not.toContain('wrong-one');
    const [notice = ''] = await mailIn(join(cwd, 'out/outbox'));
    expect(notice).toBe(`${DAY}-notice-manager@localhost.localdomain.eml`);
    expect(await readFile(join(cwd, 'out/outbox', notice), 'utf8')).not.toContain('wrong-one');
  });

  test('ends with 3 when it is locked out, and names the time', async () => {
    const { simulator, settings, cwd } = await beside({ faults: [parseFault('ban')] });
    const { code, out } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(3);
    expect(out).toMatch(/banned: locked out for 15 minutes; not to be asked before \d{4}-\d\d-\d\dT/);
    expect(simulator.seen.requests).toBe(1);
  });

  test('ends with 4 when the report stands and a mail cannot be written', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    const blocked = `${DAY}-report-b@example.com.eml`;
    await mkdir(join(cwd, 'out/outbox', blocked), { recursive: true });
    const { code, out } = await start(['run', '--day', DAY], {
      cwd,
      settings: { ...settings, MAIL_TO: 'a@example.com,b@example.com,c@example.com' },
    }).ended;
    expect(code).toBe(4);
    expect(out).toContain('NOT delivered to b@example.com');
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
    expect(JSON.parse(await readFile(join(cwd, `out/lake/reports/dt=${DAY}/summary.json`), 'utf8')).day).toBe(
      DAY,
    );
  });

  test('ends with 1 in one line, without a stack, when something unforeseen happens', async () => {
    const { settings, cwd } = await beside({ chats: 5 });
    await mkdir(join(cwd, 'out/lake'), { recursive: true });
    await writeFile(join(cwd, 'out/lake/raw'), 'a file in the place of a folder');
    const { code, out, err } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(1);
    expect(out).toMatch(/^2026-11-20 {2}FAILED: Error: E[A-Z]+:/);
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  test('does all its work, and ends as that ended, for a reader that has seen enough', async () => {
    const { settings, cwd } = await beside({ chats: 3, faults: [parseFault('num-found:+1')] });
    const child = start(['run', '--from', '2026-11-18', '--to', DAY], { cwd, settings });
    child.stdout?.once('data', () => child.stdout?.destroy());
    child.stderr?.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(3);
    expect(await mailIn(join(cwd, 'out/outbox'))).toHaveLength(3);
  });
});
