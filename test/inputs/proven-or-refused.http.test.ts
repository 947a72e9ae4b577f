import { expect, onTestFinished, test, vi } from 'vitest';
import { ordersOf } from './load-case.ts';
import { readRaw } from './read-capture.ts';
import { openCase, type RunningCase } from './run-case.ts';

const REPORT = '2026-11-20-report-quan-ly@example.com.eml';
const NOTICE = '2026-11-20-notice-quan-ly@example.com.eml';

async function run(number: string, ...[otherwise]: readonly Parameters<typeof openCase>[1][]) {
  const opened = await openCase(number, otherwise);
  const { code, out, asked } = await opened.run('--json');
  return { opened, code, told: JSON.parse(out), asked };
}

/** `check` looks at yesterday. */
async function checkNextDay(opened: RunningCase) {
  vi.useFakeTimers({
    toFake: ['Date'],
    now: Date.parse('2026-11-21T02:00:00Z'),
    shouldAdvanceTime: true,
    advanceTimeDelta: 1,
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return await opened.call(['check']);
}

/** What a day that is not proven leaves behind: a notice that says why, and not one figure. */
async function expectNotice(opened: RunningCase, told: object, messages: string): Promise<void> {
  expect(Object.keys(told).toSorted()).toEqual(['completeness', 'day']);
  const mails = await opened.readMails();
  expect(Object.keys(mails)).toEqual([NOTICE]);
  const { headers = [], text = '' } = mails[NOTICE] ?? {};
  expect(headers).toContainEqual(expect.objectContaining({ key: 'x-chat-report', value: 'notice' }));
  expect(text.replaceAll(/\s+/g, ' ')).toContain(messages);
}

test('which of two rows of one chat counts hangs on what they say, and not on their order: 01', async () => {
  const summaries = [];
  for (const order of ordersOf('01')) {
    const { code, told } = await run('01', { order });
    expect([code, told.completeness.verdict]).toEqual([0, 'proven']);
    expect(told).toMatchObject({
      totals: { chats: 5, answered: 5, missed: 0, missedRate: 0 },
      completeness: { channels: { messenger: { duplicates: 1, conflicts: 1 } } },
      callbacks: [],
      byGroup: [
        { key: 'Nhóm 1', chats: 4 },
        { key: 'Nhóm 2', chats: 1 },
      ],
    });
    const { generatedAt: _, toldAt: ____, directoryId: ___, completeness, ...figures } = told;
    const { captureId: __, ...messenger } = completeness.channels.messenger;
    summaries.push({ ...figures, messenger });
  }
  expect(summaries).toHaveLength(2);
  expect(summaries[1]).toEqual(summaries[0]);
});

test('rows of one second that come in another order on each page are all counted: 02', async () => {
  const { code, told } = await run('02');
  expect([code, told.completeness.verdict]).toEqual([0, 'proven']);
  expect(told).toMatchObject({ totals: { chats: 10, answered: 8, missed: 2 } });
  expect(told.callbacks).toHaveLength(2);
});

test('a last page that is repeated for ever is not read for ever: 05', async () => {
  const { opened, code, told, asked } = await run('05');
  expect(code).toBe(3);
  expect(told.completeness.channels.messenger).toMatchObject({
    verdict: 'unproven',
    reason: 'rows-missing',
    detail: 'CareSoft counted 300000 and gave the same 20 rows again and again',
  });
  const ofMessenger = asked.filter((query) => query.get('conversation_type') === '1');
  expect(ofMessenger.length).toBeLessThanOrEqual(30);
  expect((await readRaw(opened, 'messenger')).length).toBeLessThanOrEqual(3);
  await expectNotice(opened, told, 'CareSoft báo có 300.000 dòng');
});

test('a day is read whole where no question may reach beyond 10,000 rows: 06', async () => {
  const { code, told } = await run('06');
  expect([code, told.completeness.verdict]).toEqual([0, 'proven']);
  expect(told).toMatchObject({ totals: { chats: 11_000, answered: 11_000, missed: 0 }, callbacks: [] });
});

test('channels that come with the same conversations are not counted: 07', async () => {
  const { opened, code, told } = await run('07');
  expect(code).toBe(3);
  const refused = {
    verdict: 'unproven',
    reason: 'channel-not-kept',
    detail:
      'livechat, messenger and zalo came with the same conversations: CareSoft did not tell the channels apart',
  };
  expect(told.completeness.channels).toMatchObject({ livechat: refused, messenger: refused, zalo: refused });
  await expectNotice(opened, told, 'CareSoft trả về cùng những cuộc chat cho nhiều kênh');
  const again = await opened.run('--json');
  expect([again.code, JSON.parse(again.out).completeness.channels]).toEqual([
    3,
    expect.objectContaining({ zalo: expect.objectContaining(refused) }),
  ]);
});

test('rows that a filter should have left out are not counted: 08', async () => {
  const { opened, code, told } = await run('08');
  expect(code).toBe(3);
  expect(told.completeness.channels.messenger).toMatchObject({
    verdict: 'unproven',
    reason: 'filter-not-kept',
    detail: expect.stringMatching(
      /^CARESOFT_SERVICES asks for 600002, and rows of 60000[13], 60000[13] came: CareSoft did not keep the filter$/,
    ),
  });
  await expectNotice(opened, told, 'CARESOFT_SERVICES');
  const checked = await checkNextDay(opened);
  expect([checked.code, checked.out]).toEqual([3, expect.stringContaining('SERVICES')]);
});

test('a word of status that is not known is read by what CareSoft counts under it, and told: 09', async () => {
  const { opened, code, told } = await run('09');
  expect([code, told.completeness.verdict]).toEqual([0, 'proven']);
  expect(told).toMatchObject({ totals: { chats: 6, answered: 4, missed: 2, other: 0 } });
  expect(told.callbacks).toHaveLength(2);
  const { [REPORT]: mail } = await opened.readMails();
  expect(mail?.text).toContain('LBL_CHAT_STATUS_MISSED');
  expect((await checkNextDay(opened)).out).toContain('LBL_CHAT_STATUS_MISSED');
});
