import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressOf, start } from '../command-line/command.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openCase } from './run-case.ts';

/** `of` and `says` of each line that is told. */
const toldIn = (err: string): Record<string, string> =>
  Object.fromEntries([...err.matchAll(/^ {2}(\S+) +(.*)$/gm)].map(([, of = '', says = '']) => [of, says]));

describe('a wish that must not be dropped in silence', () => {
  test('is told where the name of a setting is nearly right', async () => {
    const { run, input } = await openCase('35');
    const { code, out, err, asked } = await run();
    expect({ code, out, asked }).toEqual({ code: 2, out: '', asked: [] });
    const meant = {
      MAIL_T0: 'MAIL_TO',
      CHANNEL: 'CHANNELS',
      TIMEZONE: 'TIME_ZONE',
      LOOKBACK: 'LOOK_BACK',
      CONTACT: 'CONTACTS',
      BUSINESS_HOUR: 'BUSINESS_HOURS',
      SERVICE_LEVEL_SECOND: 'SERVICE_LEVEL_SECONDS',
      REPLY_HOUR: 'REPLY_HOURS',
      CARESOFT_REQUEST_PER_SECOND: 'CARESOFT_REQUESTS_PER_SECOND',
    };
    expect(Object.keys(meant)).toEqual(Object.keys(input.settings));
    const told = toldIn(err);
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(meant).toSorted());
    for (const [name, right] of Object.entries(meant))
      expect(told[name]).toMatch(new RegExp(`\\b${right}\\b`));
  });

  test('stops nothing where the name may be another program’s, and is told at each run and by check', async () => {
    const { call, input } = await openCase('37');
    const shared = { CHANNEL: 'zalo', TIMEZONE: 'Asia/Tokyo', MAIL_RECIPIENTS: 'an@example.com', GROUPS: '' };
    for (const more of [[], ['--json']]) {
      const { code, out, err } = await call(['run', '--day', input.day ?? '', ...more], shared);
      expect(code).toBe(0);
      expect(err).toMatch(/^chat-report: please look at:\n {2}CHANNEL {10}is no setting; .*CHANNELS\n/);
      expect(Object.keys(toldIn(err))).toEqual(['CHANNEL', 'TIMEZONE', 'MAIL_RECIPIENTS']);
      if (more.length > 0) expect(JSON.parse(out)).toMatchObject({ totals: { chats: 5 } });
    }
    const { out, err } = await call(['check'], shared);
    expect(err).toBe('');
    expect(out.match(/^note {2}\w+ is no setting; .*$/gm)).toEqual([
      'note  CHANNEL is no setting; where this program is meant, write CHANNELS.',
      'note  TIMEZONE is no setting; where this program is meant, write TIME_ZONE.',
      expect.stringMatching(/^note {2}MAIL_RECIPIENTS is no setting; .*\bMAIL_TO\b/),
    ]);
  });

  test.each(['run', 'check', 'rebuild', 'serve', 'erase'])('is told by %s too', async (command) => {
    const { call } = await openCase('37');
    const wrong = { LAKE_URL: 'elsewhere', LOCALES: 'en', GROUPS: '' };
    const { code, out, err, asked } = await call([command], wrong);
    expect({ code, out, asked }).toEqual({ code: 2, out: '', asked: [] });
    expect(toldIn(err)).toMatchObject({
      LOCALES: 'is no setting; where this program is meant, write LOCALE',
      LAKE_URL: 'is no setting; write LAKE_URI, or unset it',
    });
  });

  test('is told where settings are still placeholders, are quoted, or hold more than is asked for', async () => {
    const { run, runLater, cwd } = await openCase('36');
    const placeholder = 'is still the placeholder; put the value itself in its place';
    const quotes = 'has quotes around it; leave them out';
    const right = [
      { CARESOFT_TOKEN: placeholder },
      { CARESOFT_TOKEN: quotes },
      { CARESOFT_TOKEN: quotes },
      { CARESOFT_BASE_URL: placeholder },
      { CARESOFT_BASE_URL: quotes },
      { CARESOFT_BASE_URL: expect.stringMatching(/^ends after the domain; write \S+\/tai-khoan-1$/) },
    ];
    const ended = [await run()];
    // What a later run does not name is as it was, so a right token is given beside a wrong address.
    for (const place of [0, 1, 2, 3, 4]) ended.push(await runLater(place));
    for (const [place, { code, err, asked }] of ended.entries()) {
      expect({ code, asked }).toEqual({ code: 2, asked: [] });
      expect(toldIn(err)).toEqual(right[place]);
      expect(err).not.toContain('token-1');
    }
    expect(await readdir(cwd)).toEqual([]);
  });
});

function overviewOf({ sheets }: ReturnType<typeof openWorkbook>): string {
  return (sheets[0]?.rows ?? []).flatMap((cells) => cells.map(({ value }) => String(value))).join('\n');
}

/** The day as `serve` shows it. */
async function pageOf(day: string, cwd: string): Promise<string> {
  const address = await addressOf(start(['serve', '--port', '0', '--locale', 'en'], { cwd }));
  return await (await fetch(`${address}/reports/${day}`, { headers: { accept: 'text/html' } })).text();
}

describe('groups', () => {
  const expected = { filters: { groups: ['700001'] }, totals: { chats: 2, missed: 2 } };
  const isOfRows = (query: URLSearchParams) => query.get('count') === '500';
  const allAskFor = (asked: readonly URLSearchParams[], id: string) => {
    const [rows, counts] = [asked.filter(isOfRows), asked.filter((query) => !isOfRows(query))];
    expect(rows.length).toBeGreaterThan(0);
    for (const query of rows) expect(query.getAll('groups[]')).toEqual([id]);
    // Whether the groups leave anything out is counted without them.
    const without = counts.filter((query) => !query.has('groups[]'));
    expect(counts.filter((query) => query.has('groups[]')).length).toBeGreaterThan(without.length);
    for (const query of without) expect(query.has('chat_status')).toBe(false);
  };

  test('are asked for by their former name, with a word on its name of today', async () => {
    const { run } = await openCase('37');
    const { code, out, err, asked } = await run('--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject(expected);
    expect(toldIn(err).GROUPS).toMatch(/\bCARESOFT_GROUPS\b/);
    allAskFor(asked, '700001');
  });

  test('are asked for by a name that bash passes on, and the report says so in every form', async () => {
    const { cwd, server, readMails } = await openCase('37');
    const program = join(import.meta.dirname, '../../bin/main.js');
    const script = `
      export CARESOFT_BASE_URL=${server.origin}/tai-khoan-1 CARESOFT_TOKEN=token-1 LOCALE=en
      export CARESOFT_GROUPS=700001
      exec "${process.execPath}" ${program} run --day 2026-11-20 --json`;
    const bash = spawn('bash', ['-c', script], { cwd, env: { PATH: process.env.PATH } });
    onTestFinished(() => {
      bash.kill('SIGKILL');
    });
    const [out, err] = await Promise.all([text(bash.stdout), text(bash.stderr)]);
    expect(JSON.parse(out)).toMatchObject(expected);
    expect(toldIn(err)).toEqual({});
    allAskFor(server.takeAsked(), '700001');

    const [mail] = Object.values(await readMails());
    const report = (form: string) => readFile(join(cwd, `out/lake/reports/dt=2026-11-20/report.${form}`));
    const forms = {
      mail: [mail?.html, mail?.text],
      files: [String(await report('html')), String(await report('txt'))],
      workbook: overviewOf(openWorkbook(await report('xlsx'))),
      page: await pageOf('2026-11-20', cwd),
    };
    for (const form of Object.values(forms).flat()) expect(form).toMatch(/Only: groups 700001\./);
  });
});
