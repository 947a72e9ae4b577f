import { execFile, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { toMime } from '../../functions/delivery/mailer.ts';
import {
  composeNotice,
  composeReport,
  type Envelope,
  type Mailbox,
  type Message,
} from '../../functions/report/mail-message.ts';
import type { ReportInput } from '../../functions/report/report-input.ts';
import { BUSY_DAY, BUSY_HISTORY } from '../report/busy-day.ts';
import {
  ALONE,
  byHour,
  callback,
  EMPTY_DAY,
  ENVELOPE,
  earlier,
  figures,
  keyed,
  proven,
  summary,
  unproven,
} from '../report/fixture.ts';
import { HUGE_HISTORY, hugeDay, hugeRevised } from '../report/huge-day.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const isThere = (program: string) =>
  promisify(execFile)(program, ['--version']).then(
    () => true,
    () => false,
  );
const [hasSpamAssassin, hasPython] = await Promise.all([isThere('spamassassin'), isThere('python3')]);

/** What a program makes of a text. */
async function pipe(program: string, options: readonly string[], input: string): Promise<string> {
  // What it learns from one run is not to count in the next.
  const env = { ...process.env, HOME: await temporaryFolder() };
  const child = spawn(program, options, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(input);
  return await text(child.stdout);
}

const QUIET_DAY = summary({
  byHour: byHour({ 9: [18, 0], 14: [22, 0] }),
  byAgent: [keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 24, 0), keyed('viet@shop.vn', 'Đoàn Quốc Việt', 16, 0)],
});
/** Names with ê and without e, and customers without a name: "(không tên)". */
const ZALO_DAY = summary({
  byChannel: { zalo: figures(100, 26) },
  completeness: { verdict: 'proven', channels: { zalo: proven(100) } },
  byAgent: ['Lê Thị Kiên', 'Nguyễn Văn Thêm', 'Trần Thị Liên', 'Phạm Yên', 'Lê Hoàng Vũ'].map((name, place) =>
    keyed(`${place}@shop.vn`, name, 20 - place, 5),
  ),
  callbacks: ['Lê Thị Kiên', 'Nguyễn Thị Hiên', 'Lê Văn Tiên', null, 'Lê Minh Trí'].flatMap((name, place) =>
    [1, 2, 3].map((hour) =>
      callback(name, 1, `1${hour}:0${place}`, {
        channels: ['zalo'],
        replyBy: `2026-11-23T1${hour}:00:00+07:00`,
      }),
    ),
  ),
});
const QUIET_HISTORY = [earlier('2026-11-20', 38, 1)];
const LOOKS = { state: 'provisional', last: '2026-11-28' } as const;
const REPORTS: Readonly<Record<string, Omit<ReportInput, 'locale'>>> = {
  busy: { summary: { ...BUSY_DAY, contacts: 'full' }, ...ALONE, history: BUSY_HISTORY },
  quiet: { summary: QUIET_DAY, ...ALONE, history: QUIET_HISTORY },
  empty: { summary: EMPTY_DAY, ...ALONE },
  'unusually empty': { summary: EMPTY_DAY, ...ALONE, unusuallyEmpty: ['zalo'], history: BUSY_HISTORY },
  'provisional, with earlier days that changed': {
    summary: { ...QUIET_DAY, looks: LOOKS },
    ...ALONE,
    history: QUIET_HISTORY,
    restated: hugeRevised('Đặng Văn Lâm'),
  },
  'of a company with Zalo alone': { summary: ZALO_DAY, ...ALONE },
  'of one channel': { summary: { ...BUSY_DAY, only: ['zalo'] }, ...ALONE },
  huge: {
    ...ALONE,
    summary: hugeDay('Đặng Văn Lâm'),
    unusuallyEmpty: ['livechat', 'messenger', 'zalo'],
    history: HUGE_HISTORY,
    restated: hugeRevised('Đặng Văn Lâm'),
  },
};
const WORKBOOK = {
  name: 'bao-cao-chat-cua-hang-1-2026-11-21.xlsx',
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  content: Uint8Array.from({ length: 20_000 }, (_, place) => (place * 7) % 251),
};
const LINK = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
const DATE = '2026-11-21T23:02:00.000Z';

const MAILS = (['vi', 'en'] as const).flatMap((locale): (readonly [string, Message])[] => [
  ...Object.entries(REPORTS).map(
    ([kind, input]) =>
      [
        `${kind}, ${locale}`,
        composeReport({ ...input, locale, seenAt: Date.parse(DATE) }, ENVELOPE, LINK, [WORKBOOK]),
      ] as const,
  ),
  ...(['banned', 'token-refused', 'raw-damaged'] as const).map(
    (reason) =>
      [
        `notice of ${reason}, ${locale}`,
        composeNotice(
          { unproven: unproven(reason), locale, timeZone: 'UTC', next: null },
          { ...ENVELOPE, date: DATE },
        ),
      ] as const,
  ),
]);

describe.skipIf(!hasSpamAssassin)(
  hasSpamAssassin ? 'SpamAssassin' : 'SpamAssassin, which is not on the PATH',
  () => {
    // Its rule MIXED_ES takes words with ê for disguised ones where a mail has few with a plain e: a day of Zalo has the fewest.
    test('finds hardly a fault with any kind of mail in either language', async () => {
      const wires = MAILS.map(async ([name, message]) => {
        const sourceRow = Buffer.from(await toMime(message))
          .toString('latin1')
          .replaceAll('\r\n', '\n');
        return `From sender Sat Nov 21 23:00:12 2026\nX-Kind: ${name}\n${sourceRow.replaceAll(/^From /gm, '>From ')}\n`;
      });
      // One process for all: most of its time goes into its rules.
      const mbox = (await Promise.all(wires)).join('');
      const judged = await pipe('spamassassin', ['--local', '--mbox', '--cf=use_bayes 0'], mbox);
      const scores = [...judged.matchAll(/^X-Spam-Status: \w+, score=(-?[\d.]+)[\s\S]*?^X-Kind: (.*)$/gm)];
      const found = new Map(scores.map(([status, score, kind = '']) => [kind, { score, status }]));
      expect([...found.keys()].toSorted()).toEqual(MAILS.map(([name]) => name).toSorted());
      expect([...found].filter(([, { score }]) => Number(score) > 0.5)).toEqual([]);
    });
  },
);

const PYTHON = `
import base64, email, email.policy, json, sys
def read(text):
    mail = email.message_from_bytes(base64.b64decode(text), policy=email.policy.default)
    boxes = lambda name: [[box.display_name, box.addr_spec] for box in mail[name].addresses]
    return {
        'from': boxes('from'), 'to': boxes('to'), 'subject': mail['subject'], 'date': mail['date'].datetime.isoformat(),
        'file': [part.get_filename() for part in mail.iter_attachments()],
        'defects': [str(defect) for part in mail.walk() for defect in part.defects],
    }
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;

describe.skipIf(!hasPython)(hasPython ? 'Python' : 'Python, which is not on the PATH', () => {
  test('reads senders, recipients, subjects and dates as they were meant', async () => {
    const names = [
      'Cửa hàng 1, Hà Nội',
      'Quản lý "ca 1"',
      'C:\\Mail; (1) <VN> @ [x]',
      "O'Brien & Đỗ 🍜",
      'Báo cáo chat của chuỗi cửa hàng',
      'chuoi-cua-hang-mien-nam-quan-binh-thanh1 · Báo cáo chat',
      'Cửa hàng Lê Thị Kiên, Quận Tân Bình, Thành phố Hồ Chí Minh',
      null,
    ];
    const messages = names.map((name, place) => {
      const to: Mailbox = { address: `an+${place}@xn--cahng-tqa2694c.vn`, name };
      const envelope: Envelope = { ...ENVELOPE, from: { address: 'report@shop.vn', name }, to };
      return composeReport({ summary: BUSY_DAY, locale: 'vi', ...ALONE }, envelope, null, [WORKBOOK]);
    });
    const wires = messages.map(async (message) => Buffer.from(await toMime(message)).toString('base64'));
    const read = await pipe('python3', ['-c', PYTHON], JSON.stringify(await Promise.all(wires)));
    // Before 3.12 it has one blank more between the parts of a long name.
    expect(JSON.parse(read.replaceAll('  ', ' '))).toEqual(
      messages.map(({ from, to, subject }) => ({
        from: [[from.name, from.address]],
        to: [[to.name ?? '', to.address]],
        subject,
        date: '2026-11-21T23:00:12+00:00',
        file: [WORKBOOK.name],
        defects: [],
      })),
    );
  });
});
