import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openCase, type RunningCase } from './run-case.ts';

const DAY = '2026-11-19';

/** What lies in the lake of reports and tables, by key. */
async function derived({ cwd }: RunningCase): Promise<Record<string, Buffer>> {
  const lake = openFolder(join(cwd, 'out/lake'));
  const keys = [
    ...(await Array.fromAsync(lake.list('reports/'))),
    ...(await Array.fromAsync(lake.list('curated/'))),
  ];
  const files = keys.map(async (key) => [key, await readFile(join(cwd, 'out/lake', key))] as const);
  return Object.fromEntries(await Promise.all(files));
}

describe('a day that was asked for with one channel', () => {
  test('is not taken for the whole by the next day', async () => {
    const running = await openCase('22');
    const first = await running.run('--json');
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.out)).toMatchObject({
      only: ['zalo'],
      totals: { chats: 1, missed: 1 },
      completeness: { channels: { zalo: { verdict: 'proven' } } },
    });
    expect(Object.keys(await derived(running))).toEqual(
      ['digest.json', 'report.html', 'report.txt', 'report.xlsx', 'summary.json'].map(
        (form) => `reports/dt=${DAY}/channels=zalo/${form}`,
      ),
    );
    const second = await running.runLater(0, '--json');
    expect(second).toMatchObject({ code: 0 });
    const next = JSON.parse(second.out);
    expect(next).toMatchObject({ totals: { chats: 5, answered: 5 }, followUp: null });
    expect(next).not.toHaveProperty('only');
  });

  test('says so in each of its forms and in its mail', async () => {
    const running = await openCase('22');
    const { out } = await running.run();
    expect(out).toContain(`${DAY}  zalo only, proven: 1`);
    const { [`${DAY}-report-zalo-quan-ly@example.com.eml`]: mail, ...others } = await running.readMails();
    expect(others).toEqual({});
    expect(mail?.subject).toBe('Chat T5 19/11: Chỉ Zalo, nhỡ 1/1; 1 khách chưa được trả lời');
    expect(mail?.text).toContain('Chỉ Zalo: Nhỡ chat duy nhất');
    expect(mail?.html).toContain('Chỉ Zalo: Nhỡ chat duy nhất');
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual([
      `bao-cao-chat-tai-khoan-1-${DAY}-zalo.xlsx`,
    ]);
    const files = await derived(running);
    const beside = `reports/dt=${DAY}/channels=zalo`;
    for (const form of ['html', 'txt']) {
      expect(String(files[`${beside}/report.${form}`])).toContain('Chỉ Zalo: Nhỡ chat duy nhất');
      expect(String(files[`${beside}/report.${form}`])).toContain('Báo cáo này chỉ có Zalo');
    }
    const { overview } = openedOverview(await openWorkbook(files[`${beside}/report.xlsx`] ?? Buffer.of()));
    expect(overview).toContain('Báo cáo chat 19/11/2026 · Chỉ Zalo');
    expect(overview).toContain('Chỉ Zalo: Nhỡ chat duy nhất');
  });

  test('leaves the report of all channels as it is, and is mailed beside it', async () => {
    const running = await openCase('22');
    expect(await running.call(['run', '--day', DAY])).toMatchObject({ code: 0 });
    const before = await derived(running);
    expect(await running.run('--look-back', '1')).toMatchObject({ code: 0, asked: [] });
    expect(await derived(running)).toMatchObject(before);
    expect(Object.keys(await running.readMails())).toEqual([
      `${DAY}-report-quan-ly@example.com.eml`,
      `${DAY}-report-zalo-quan-ly@example.com.eml`,
    ]);
  });

  test('and with all of them at the same moment makes two reports, each of which is what its run told', async () => {
    const running = await openCase('22');
    const call = (more: readonly string[]) =>
      running.call(['run', '--day', DAY, '--json', '--locale', 'en', ...more], { LOOK_BACK: '1,2' });
    const [some, all, others] = await Promise.all([
      call(['--channels', 'zalo']),
      call([]),
      call(['--channels', 'messenger,livechat']),
    ]);
    expect([some.code, all.code, others.code]).toEqual([0, 0, 0]);
    const files = await derived(running);
    for (const [{ out }, folder, chats] of [
      [some, 'channels=zalo/', 'The one chat was missed'],
      [all, '', '4 of 10'],
      [others, 'channels=livechat-messenger/', '3 of 9'],
    ] as const) {
      const form = (name: string) => files[`reports/dt=${DAY}/${folder}${name}`] ?? Buffer.of();
      expect(JSON.parse(String(form('summary.json')))).toEqual(JSON.parse(out));
      for (const name of ['report.html', 'report.txt']) expect(String(form(name))).toContain(chats);
      const { totals } = JSON.parse(out);
      const { figures } = openedOverview(await openWorkbook(form('report.xlsx')));
      expect(figures).toMatchObject({ Chats: totals.chats, Missed: totals.missed });
    }
  });

  test('and cannot be proven is told of as what it is', async () => {
    const running = await openCase('22');
    const ended = await running.call(['run', '--day', DAY, '--channels', 'zalo', '--locale', 'en'], {
      CARESOFT_TOKEN: 'token-2',
    });
    expect(ended).toMatchObject({ code: 3 });
    const { [`${DAY}-notice-zalo-quan-ly@example.com.eml`]: notice } = await running.readMails();
    expect(notice?.subject).toContain('Zalo only, no report yet');
    expect(notice?.text).toContain(`chat-report run --day ${DAY} --channels zalo`);
  });
});

function openedOverview({ sheets }: Awaited<ReturnType<typeof openWorkbook>>) {
  const rows = (sheets[0]?.rows ?? []).map((cells) => cells.map(({ value }) => value));
  return {
    overview: rows.flat().map(String).join('\n'),
    figures: Object.fromEntries(rows.map(([name, value]) => [String(name), value])),
  };
}
