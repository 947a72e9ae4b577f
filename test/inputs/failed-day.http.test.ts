import { describe, expect, test } from 'vitest';
import { openCase } from './run-case.ts';

const DAY = '2026-11-20';

const oneLine = (text: string | undefined) => (text ?? '').replaceAll(/\s+/g, ' ');

describe('a day that could not be proven', () => {
  test('is made up by the next run, whose mail tells of it', async () => {
    const running = await openCase('04');
    const first = await running.run('--json');
    expect(first).toMatchObject({ code: 3 });
    expect(JSON.parse(first.out)).toMatchObject({ completeness: { verdict: 'unproven' } });
    expect(await running.readLake(`reports/dt=${DAY}/summary.json`)).toBeNull();
    const [notice] = Object.values(await running.readMails());
    expect(oneLine(notice?.text)).toContain('đọc lại');

    const second = await running.runLater(0, '--json');
    expect(second).toMatchObject({ code: 0 });
    expect(JSON.parse(second.out)).toMatchObject({ day: '2026-11-21', totals: { chats: 5 } });
    expect(await running.readLake(`reports/dt=${DAY}/summary.json`)).toMatchObject({
      completeness: { verdict: 'proven' },
      totals: { chats: 5, answered: 5, missed: 0 },
    });
    const told =
      'ĐÍNH CHÍNH SỐ LIỆU CÁC NGÀY TRƯỚC 20/11/2026: đã đọc lại được, báo cáo đã đủ; nay nhỡ 0/5 chat.';
    const mails = await running.readMails();
    expect(oneLine(mails['2026-11-21-report-quan-ly@example.com.eml']?.text)).toContain(told);
    // It is told by that mail, and has none of its own.
    expect(Object.keys(mails)).not.toContain(`${DAY}-report-quan-ly@example.com.eml`);

    expect(await running.runLater(1)).toMatchObject({ code: 0 });
    const third = await running.readMails();
    expect(oneLine(third['2026-11-22-report-quan-ly@example.com.eml']?.text)).not.toContain(
      'NGÀY TRƯỚC 20/11',
    );
  });

  test('is named among the first lines of each later mail until it is made up', async () => {
    const running = await openCase('04');
    await running.run();
    expect(await running.call(['run', '--day', '2026-11-21'])).toMatchObject({ code: 3 });
    const { text } = (await running.readMails())['2026-11-21-notice-quan-ly@example.com.eml'] ?? {};
    expect(oneLine(text)).toMatch(
      /^CHƯA CÓ BÁO CÁO CHAT T7 21\/11 .{0,400}Chưa có báo cáo ngày 20\/11; hệ thống đọc lại mỗi sáng\./,
    );
  });
});
