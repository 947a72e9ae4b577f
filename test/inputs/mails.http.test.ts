import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Email } from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { openCase, type RunningCase } from './run-case.ts';

const headerOf = ({ headers }: Email, name: string) => headers.find(({ key }) => key === name)?.value;

/** Wherever a mail is to say whose it is. */
const whereaboutsOf = (mail: Email) => ({
  sender: mail.from?.name,
  subject: mail.subject,
  text: mail.text?.split('\n')[0]?.trim(),
  html: /<p [^>]*>([^<]*)<\/p>\s*<h1/.exec(mail.html ?? '')?.[1],
  title: /<title>([^<]*)</.exec(mail.html ?? '')?.[1],
  list: headerOf(mail, 'list-id'),
  file: mail.attachments[0]?.filename,
});

/** Of a run of its own. In one lake it would wait, lest two runs ask twice as often. */
async function mailsOf(
  { call, cwd, input, readMails }: RunningCase,
  settings: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<Email[]> {
  await rm(join(cwd, 'out/outbox'), { recursive: true, force: true });
  const LAKE_URI = await mkdtemp(join(cwd, 'lake-'));
  await call(['run', '--day', input.day ?? '', ...options], { ...settings, LAKE_URI });
  return Object.values(await readMails());
}

describe('one manager of two accounts', () => {
  test('can tell their mails apart by sender, subject, head line and file', async () => {
    const running = await openCase('20');
    expect((await running.run()).code).toBe(0);
    const [first] = Object.values(await running.readMails()).map(whereaboutsOf);
    expect((await running.runLater(0)).code).toBe(0);
    const [second] = Object.values(await running.readMails()).map(whereaboutsOf);
    for (const [name, where] of Object.entries({ 'cua-hang-1': first, 'cua-hang-2': second })) {
      expect(Object.values(where ?? {})).toEqual(Array(7).fill(expect.stringContaining(name)));
    }
    expect(first).toEqual({
      sender: 'cua-hang-1 · Báo cáo chat',
      subject: 'Chat cua-hang-1 T6 20/11: không có chat nào',
      text: 'BÁO CÁO CHAT 20/11/2026 · cua-hang-1',
      html: 'Thứ Sáu, 20/11/2026 · cua-hang-1',
      title: 'Báo cáo chat 20/11/2026 · cua-hang-1',
      list: '<chat-report.cua-hang-1.example.com>',
      file: 'bao-cao-chat-cua-hang-1-2026-11-20.xlsx',
    });
  });

  test('can tell a mail of any kind', async () => {
    const running = await openCase('20');
    const whereabouts = async (settings: Readonly<Record<string, string>>, ...options: readonly string[]) => {
      const mails = await mailsOf(running, settings, ...options);
      expect(mails).toHaveLength(1);
      return mails.map(whereaboutsOf)[0];
    };
    const notice = await whereabouts({ CARESOFT_TOKEN: 'refused' });
    expect(notice).toMatchObject({
      sender: 'cua-hang-1 · Báo cáo chat',
      subject: 'Chat cua-hang-1 T6 20/11: chưa có báo cáo, cần người quản trị xử lý',
      text: 'CHƯA CÓ BÁO CÁO CHAT T6 20/11 · cua-hang-1',
      html: 'Thứ Sáu, 20/11/2026 · cua-hang-1',
      file: undefined,
    });
    expect(await whereabouts({}, '--channels', 'zalo')).toMatchObject({
      subject: 'Chat cua-hang-1 T6 20/11: Chỉ Zalo, không có chat nào',
      file: 'bao-cao-chat-cua-hang-1-2026-11-20-zalo.xlsx',
    });
    expect(await whereabouts({}, '--locale', 'en')).toMatchObject({
      sender: 'cua-hang-1 · Chat report',
      subject: 'Chats cua-hang-1 Fri 20 Nov: no chats',
      file: 'chat-report-cua-hang-1-2026-11-20.xlsx',
    });
    const named = await whereabouts({ MAIL_FROM: 'Báo cáo chat <report@shop.vn>' });
    expect(named).toMatchObject({
      sender: 'Báo cáo chat',
      subject: 'Chat cua-hang-1 T6 20/11: không có chat nào',
    });
    // In a list of mails the news would not be seen behind it.
    const long = 'chuoi-cua-hang-mien-nam-quan-binh-thanh1';
    expect(await whereabouts({ ACCOUNT: long })).toMatchObject({
      sender: `${long} · Báo cáo chat`,
      subject: `Chat T6 20/11: không có chat nào · ${long}`,
    });
    // CareSoft's own name for it takes no room in the subject.
    expect(await whereabouts({ ACCOUNT: '' })).toMatchObject({
      sender: 'tai-khoan-1 · Báo cáo chat',
      subject: 'Chat T6 20/11: không có chat nào',
      html: 'Thứ Sáu, 20/11/2026 · tai-khoan-1',
      file: 'bao-cao-chat-tai-khoan-1-2026-11-20.xlsx',
    });
  });
});

describe('one recipient in several spellings', () => {
  test('gets one mail, at the first of them', async () => {
    const running = await openCase('39');
    const { code, out } = await running.run();
    expect([code, out.match(/^ {2}mail .*$/gm)]).toEqual([
      0,
      [expect.stringMatching(/2026-11-20-report-an@example\.com\.eml$/)],
    ]);
    const recipientsOf = async (MAIL_TO: string) =>
      (await mailsOf(running, { MAIL_TO })).flatMap(({ to = [] }) =>
        to.map(({ name, address }) => [name, address]),
      );
    expect(await recipientsOf('an@example.com, AN@example.com')).toEqual([['', 'an@example.com']]);
    const names = 'An <an@example.com>, "Bà An" <AN@example.com>';
    expect(await recipientsOf(names)).toEqual([['An', 'an@example.com']]);
    const asInOutlook = 'AN@example.com;Bà An <an@example.com>;';
    expect(await recipientsOf(asInOutlook)).toEqual([['', 'AN@example.com']]);
    const foreign = 'an@cửahàng.vn, AN@CỬAHÀNG.vn, an@xn--cahng-tqa2694c.VN';
    expect(await recipientsOf(foreign)).toEqual([['', 'an@xn--cahng-tqa2694c.vn']]);
    const tags = 'an@example.com,an+ca1@example.com,AN+CA1@EXAMPLE.com';
    expect(await recipientsOf(tags)).toEqual([
      ['', 'an+ca1@example.com'],
      ['', 'an@example.com'],
    ]);
  });

  test('has one file, and no other recipient has it, on a disk that does not tell cases apart', async () => {
    const { call, readMails, cwd } = await openCase('39');
    const to = [
      'AN@example.com',
      'an@example.com',
      'a/n@example.com',
      'a_n@example.com',
      'A?N@example.com',
      `${'x'.repeat(64)}@${'y'.repeat(60)}.${'z'.repeat(60)}.${'a'.repeat(55)}.vn`,
      `${'x'.repeat(64)}@${'y'.repeat(60)}.${'z'.repeat(60)}.${'a'.repeat(54)}b.vn`,
    ];
    for (const MAIL_TO of [to.join(), to.toReversed().join('; ')]) {
      expect((await call(['run', '--day', '2026-11-20'], { MAIL_TO })).code).toBe(0);
    }
    const names = (await readdir(join(cwd, 'out/outbox'))).filter((name) => name.endsWith('.eml'));
    expect(names).toHaveLength(6);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(6);
    const addresses = Object.values(await readMails()).flatMap((mail) => mail.to ?? []);
    expect(new Set(addresses.map(({ address = '' }) => address.toLowerCase())).size).toBe(6);
  });
});

describe('a sender or a recipient with a name', () => {
  test('has it in the mail, in ASCII on the way', async () => {
    const { run, readMails, cwd } = await openCase('40');
    expect((await run()).code).toBe(0);
    const mails = await readMails();
    expect(Object.keys(mails)).toEqual([
      '2026-11-20-report-ca2@example.com.eml',
      '2026-11-20-report-quan-ly@example.com.eml',
    ]);
    const from = { name: 'Cửa hàng 1, Hà Nội', address: 'bao-cao@example.com' };
    expect(Object.values(mails).map((mail) => [mail.from, mail.to])).toEqual([
      [from, [{ name: '', address: 'ca2@example.com' }]],
      [from, [{ name: 'Quản lý, ca 1', address: 'quan-ly@example.com' }]],
    ]);
    for (const name of Object.keys(mails)) {
      const sourceRow = await readFile(join(cwd, 'out/outbox', name), 'latin1');
      const [head = ''] = sourceRow.split('\r\n\r\n');
      expect(head).toMatch(/^[\t\r\n\u0020-\u007e]*$/);
      expect(head).toMatch(
        /^Date: (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} \+0000$/m,
      );
      expect(head).toMatch(
        /^List-Unsubscribe:\s+<mailto:bao-cao@example\.com\?subject=unsubscribe%20[a-z0-9-]+>$/m,
      );
      expect(head).toMatch(/^X-Auto-Response-Suppress: OOF, AutoReply$/m);
      expect(head).toMatch(/^Message-ID:\s+<[^@>]+@example\.com>$/m);
    }
  });

  test('can be written in every way that the standard has', async () => {
    const running = await openCase('40');
    const forms = new Map([
      ['"Quản lý \\"ca 1\\"" <a1@example.com>', { name: 'Quản lý "ca 1"', address: 'a1@example.com' }],
      ['"C:\\\\Mail; (1) <VN>" <a2@example.com>', { name: 'C:\\Mail; (1) <VN>', address: 'a2@example.com' }],
      ['Mr. An 🍜 <a3@CửaHàng.vn>', { name: 'Mr. An 🍜', address: 'a3@xn--cahng-tqa2694c.vn' }],
      ['<a4@example.com>', { name: '', address: 'a4@example.com' }],
      ['a&b/c=d@example.com', { name: '', address: 'a&b/c=d@example.com' }],
    ]);
    const MAIL_TO = [...forms.keys()].join();
    for (const text of ['"C:\\\\Mail; (1) <VN>" <a2@example.com>', 'a&b/c=d@example.com']) {
      const mails = await mailsOf(running, { MAIL_TO, MAIL_FROM: text, MAIL_UNSUBSCRIBE: text });
      expect(new Set(mails.flatMap(({ to = [] }) => to))).toEqual(new Set(forms.values()));
      const { name = '', address = '' } = forms.get(text) ?? {};
      expect(mails[0]?.from).toEqual({ name: name || 'tai-khoan-1 · Báo cáo chat', address });
      const url = mails[0] && headerOf(mails[0], 'list-unsubscribe');
      const [, local = '', domain] = /<mailto:([^@]*)@([^?]*)\?/.exec(url ?? '') ?? [];
      expect(`${decodeURIComponent(local)}@${domain}`).toBe(address);
    }
  });

  test.each<[string, string, readonly (string | RegExp)[]]>([
    ['MAIL_FROM', '"Cửa hàng 1 <bao-cao@example.com>', ['has a quote at one end; leave it out']],
    [
      'MAIL_TO',
      'ca2@example.com, "Quản lý <ql@example.com>',
      [/^holds ""Quản lý <.*a quote is opened and not closed$/],
    ],
    ['MAIL_TO', 'a@x.vn b@x.vn', [/^holds "a@x.vn b@x.vn", .*several, with no comma between them$/]],
    ['MAIL_FROM', 'a@x.vn, b@x.vn', [/^holds "a@x.vn, b@x.vn", which is not one mail address but several$/]],
    ['MAIL_FROM', 'Cửa hàng 1, Hà Nội <a@x.vn>', [/; a name with punctuation stands in quotes/]],
    ['MAIL_TO', 'a@x.vn (An)', [/with parentheses; a name that has some stands in quotes$/]],
    [
      'MAIL_TO',
      'quản-lý@cửahàng.vn',
      [/whose part before the @ is not ASCII; SES sends to no such address$/],
    ],
    ['MAIL_FROM', 'An <a@x.vn>\r\nBcc: b@x.vn', [/^holds "An <a@x.vn> Bcc: b@x.vn", with a line break/]],
    ['MAIL_TO', `${'a'.repeat(65)}@x.vn`, [/whose part before the @ is longer than 64 characters$/]],
    ['MAIL_TO', `a@${'bcdefghi.'.repeat(29)}vn`, [/whose address is longer than 254 characters$/]],
    ['MAIL_FROM', `${'An '.repeat(40)}<a@x.vn>`, [/whose name is longer than 100 characters$/]],
    ['MAIL_FROM', '=?UTF-8?Q?An?= <a@x.vn>', [/whose name is encoded as in the source of a mail/]],
    ['MAIL_TO', 'Ca 1: a@x.vn, b@x.vn;', [/^holds "Ca 1: a@x.vn", with "Ca 1:" before the address/]],
    ['MAIL_TO', '["a@x.vn"]', [/^holds "\["a@x.vn"\]", which is no mail address/]],
    ['MAIL_UNSUBSCRIBE', 'a@x.vn\u200b', [/ that cannot be seen \(U\+200B\)$/]],
    ['MAIL_TO', 'a@, b@x.vn, c, a@', [/^holds "a@", which/, /^holds "c", which/]],
  ])('is refused before any call where %s is %s', async (name, text, says) => {
    const { call } = await openCase('40');
    const { code, err, asked } = await call(['run', '--day', '2026-11-20'], { [name]: text });
    const told = [...err.matchAll(/^ {2}(\S+) +(.*)$/gm)];
    expect([code, asked]).toEqual([2, []]);
    expect(told.map(([, of]) => of)).toEqual(says.map(() => name));
    for (const [place, right] of says.entries()) expect(told[place]?.[2]).toMatch(right);
  });
});
