import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderWorkbook } from '../../functions/report/formats/workbook/workbook.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { at, chat } from '../metrics/chats.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE } from './fixture.ts';

const run = promisify(execFile);
const hasLibreOffice = await run('soffice', ['--version']).then(
  () => true,
  () => false,
);
const { sheets } = messagesFor('vi').workbook;

/** Comma, quotes, UTF-8, from the first row, as shown, and a file for each sheet. */
const AS_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1';

// It is not on every machine; what the file holds is tested without it too.
describe.skipIf(!hasLibreOffice)('the workbook, opened by LibreOffice', () => {
  const shown = new Map<string, string>();
  let folder = '';
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chat-report-'));
    const summary = { ...BUSY_DAY, contacts: 'full' as const };
    const chats = [
      chat({
        channel: 'zalo',
        conversationId: '12345678901234567890',
        ticketNo: '00204817',
        customerName: '=HYPERLINK("http://evil.example","click")',
        customerPhone: '+84901234567',
        startedAt: at('14:26:10'),
        waitSeconds: 31,
        durationSeconds: 90_061,
      }),
      chat({
        customerName: '#N/A',
        customerPhone: '@SUM(1)',
        ticketNo: '_x0041_\uFFFE',
        startedAt: at('15:00:00'),
      }),
    ];
    const file = await renderWorkbook({ summary, locale: 'vi', ...ALONE }, { holds: 'all', chats });
    await writeFile(join(folder, 'day.xlsx'), file);
    // With a profile of its own: two at once would be one.
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`;
    const outside = ['--headless', '--convert-to', AS_CSV, '--outdir', folder, join(folder, 'day.xlsx')];
    await run('soffice', [profile, ...outside], { timeout: 110_000 });
    for (const name of await readdir(folder)) {
      const [, sheet] = /^day-(.+)\.csv$/.exec(name.normalize()) ?? [];
      if (sheet) shown.set(sheet, await readFile(join(folder, name), 'utf8'));
    }
  });

  test('has every sheet', () => {
    const { missedChats, ...others } = sheets;
    const { byAgent, byGroup, byService } = messagesFor('vi').dimensions;
    const lists = [byAgent, byGroup, byService].map(({ sheet }) => sheet);
    expect([...shown.keys()].sort()).toEqual([...Object.values(others), ...lists].sort());
  });

  test('shows times, durations and shares as such, on the wall clock', () => {
    const [, first = ''] = shown.get(sheets.chats)?.split('\n') ?? [];
    expect(first).toMatch(/^21\/11\/2026 14:26:10,Zalo,/);
    expect(first).toContain(',0:00:31,,25:01:01,');
    expect(shown.get(sheets.overview)).toMatch(/^Tỷ lệ nhỡ,"?10[.,]3%/m);
    expect(shown.get(sheets.hours)).toMatch(/^14:00,/m);
  });

  test('shows what strangers write as the text it is, and reckons nothing', () => {
    const [, first = '', second = ''] = shown.get(sheets.chats)?.split('\n') ?? [];
    expect(first).toContain('"=HYPERLINK(""http://evil.example"",""click"")",+84901234567,');
    expect(first).toContain(',00204817,12345678901234567890');
    expect(second).toContain(',#N/A,@SUM(1),');
    expect(second).toContain(',_x0041_,');
    expect(shown.get(sheets.waiting)).toContain('"=HYPERLINK(""http://example.com"")"');
  });
});
