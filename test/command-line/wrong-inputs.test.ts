import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';

const RIGHT = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/shop', CARESOFT_TOKEN: 'never-shown-1' };

/** The lines of the list of problems, by the name that each begins with. */
function linesOf(err: string): [string, string][] {
  return [...err.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(([, of = '', says = '']) => [of, says]);
}

async function expectOneLine(
  [of, mend]: readonly [of: string | RegExp, mend: RegExp],
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
) {
  const { code, out, err } = await call(args, settings);
  const said = linesOf(err).filter(([name]) => (of instanceof RegExp ? of.test(name) : name === of));
  expect(said).toEqual([[expect.any(String), expect.stringMatching(mend)]]);
  expect(err).not.toMatch(/\n\s+at |never-shown/);
  return { code, out };
}

describe('a wrong setting is told in one sentence that names it and the mend', () => {
  test.each([
    // A shell would fill these in, and a program makes a folder of that name.
    ['LAKE_URI', '~/lake', /write the whole path/],
    ['LAKE_URI', '$HOME/lake', /write the whole path/],
    ['LAKE_URI', 's3:/bucket/shop', /s3:\/\/bucket\/prefix/],
    ['LAKE_URI', 'arn:aws:s3:::bucket', /s3:\/\/bucket\/prefix/],
    ['LAKE_URI', 'file:///data/lake', /it is a folder/],
    ['LAKE_URI', 'out/la\nke', /line break/],
    ['CARESOFT_BASE_URL', 'shop', /write https:\/\/api\.caresoft\.vn\/shop$/],
    ['CARESOFT_BASE_URL', 'api.caresoft.vn/shop/', /write https:\/\/api\.caresoft\.vn\/shop$/],
    ['CARESOFT_BASE_URL', 'http://api.caresoft.vn/shop', /write https:\/\/api\.caresoft\.vn\/shop$/],
    ['CARESOFT_BASE_URL', 'https://web.caresoft.vn/shop', /write https:\/\/api\.caresoft\.vn\/shop$/],
    ['CARESOFT_BASE_URL', 'https://caresoft.vn', /write https:\/\/api\.caresoft\.vn\/<domain>$/],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/a,https://api.caresoft.vn/b', /of one account/],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/sh op', /holds a blank/],
    ['CARESOFT_TOKEN', 'Bearer never-shown-2', /only what follows/],
    ['CARESOFT_TOKEN', 'Authorization:never-shown-2', /the token alone/],
    ['CARESOFT_TOKEN', 'https://never-shown-2', /is an address/],
    ['CARESOFT_TOKEN', 'never-shown-2@shop.vn', /is a mail address/],
    ['CARESOFT_TOKEN', 'arn:aws:secretsmanager:never-shown-2', /CARESOFT_TOKEN_SECRET takes/],
    ['CARESOFT_TOKEN', 'never-shown\u200B', /character that no token has/],
    ['CARESOFT_TOKEN_SECRET', 'a name', /neither the name nor the ARN/],
    ['CARESOFT_REQUESTS_PER_SECOND', '1.5', /from 1 to 15/],
    ['CARESOFT_CLOCK', 'UTC+7', /local or utc/],
    ['CARESOFT_GROUPS', 'Bán hàng', /chat-report init finds them by name/],
    ['CARESOFT_SERVICES', '1;2', /commas between/],
    ['CHANNELS', 'zalo messenger', /commas between/],
    ['TIME_ZONE', 'GMT+7', /write Asia\/Ho_Chi_Minh/],
    ['CONTACTS', 'none', /masked or full/],
    ['SERVICE_LEVEL_SECONDS', '60s', /whole number/],
    ['BUSINESS_HOURS', 'T2-T7 8h-21h', /Mon-Sat.*08:00-21:00/],
    ['REPLY_HOURS', 'messenger:24', /messenger=24/],
    ['TARGET_MISSED_RATE', '0,08', /write 8%/],
    ['TARGET_SERVICE_LEVEL', '100', /from 1 to 99/],
    ['MAIL_TO', 'a@shop.vn b@shop.vn', /no comma between/],
    ['MAIL_FROM', 'mailto:a@shop.vn', /leave it out/],
    ['LOCALE', 'vi_VN.UTF-8', /vi or en/],
    ['LOOK_BACK', '3,1', /not larger than the number before/],
    ['FOLLOW_UP_DAYS', '40', /from 1 to 31/],
    ['EVENT_BUS', 'my bus', /name nor the ARN/],
    ['TICKET_URL', `https://web.vn/t/$\{ticket_id}`, /has a \$ before/],
    ['TICKET_URL', 'https://web.vn/ticket/{id}', /lacks \{ticket_id\} or \{ticket_no\}/],
    ['PAGES_URL', 'https://reports.shop.vn/days/2026-11-20', /leave out \/days/],
    ['VIEW_URL', 'https://api.shop.vn/view/x', /leave out \/view/],
    ['LAKE_URI', 's3://Bucket/shop', /name of a bucket, in small letters/],
    ['CARESOFT_TOKEN', 'CARESOFT_TOKEN=never-shown-2', /only what follows/],
    // The list of settings calls these the defaults.
    ['CARESOFT_GROUPS', 'all', /leave it out, and all count/],
    ['BUSINESS_HOURS', 'always', /leave it out/],
    ['MAIL_TO', ';', /write an address, or leave it out/],
    ['MAIL_CONFIGURATION_SET', 'a b', /up to 64 letters/],
    ['WEBHOOK_URLS', 'https://a.vn/never-shown https://b.vn/h', /commas between/],
    ['WEBHOOK_KEY', 'whsec_never-shown', /24 to 64 bytes in base64/],
    ['ACCOUNT', 'Cửa Hàng Đỏ', /write cua-hang-do$/],
  ])('%s=%s', async (name, value, mend) => {
    const { code, out } = await expectOneLine([name, mend], ['check'], {
      ...(name === 'CARESOFT_TOKEN_SECRET' ? { CARESOFT_BASE_URL: RIGHT.CARESOFT_BASE_URL } : RIGHT),
      ...(name === 'WEBHOOK_URLS' && { WEBHOOK_KEY: `whsec_${'A'.repeat(44)}` }),
      ...(name === 'WEBHOOK_KEY' && { WEBHOOK_URLS: 'https://a.vn/h' }),
      ...(name === 'VIEW_URL' && { VIEW_KEY: 'A'.repeat(44) }),
      [name]: value,
    });
    expect([code, out]).toEqual([2, '']);
  });

  test.each([
    ['WEBHOOK_KEY', `whsec_${'A'.repeat(44)}`, /signs nothing: WEBHOOK_URLS is not set/],
    ['VIEW_KEY_SECRET', 'shop/view-key', /signs nothing: VIEW_URL is not set/],
    ['CARESOFT_DOMAIN', 'shop', /write CARESOFT_BASE_URL/],
    ['MAIL_CC', 'a@shop.vn', /is no setting; those that are nearest: MAIL_FROM, MAIL_TO/],
  ])('%s is told of, and stops nothing', async (name, value, says) => {
    const { code } = await expectOneLine([name, says], ['check', '--settings-only'], {
      ...RIGHT,
      [name]: value,
    });
    expect(code).toBe(0);
  });
});

describe('a wrong line of a settings file is told with its place', () => {
  test.each([
    ['an unknown name', 'SALES_TEAM=7', /^SALES_TEAM \(.*:1\)$/, /chat-report settings lists them/],
    ['a slip', 'MAILTO=a@shop.vn', /^MAILTO \(.*:1\)$/, /write MAIL_TO/],
    ['a name in small letters', 'locale=en', /^locale \(.*:1\)$/, /write LOCALE/],
    ['a line of yaml', 'LOCALE: en', /^a line \(.*:1\)$/, /NAME=value/],
    ['a set of a Windows shell', 'set LOCALE=en', /^a line \(.*:1\)$/, /NAME=value/],
    ['a key alone', 'never-shown/2aB3cD4eF==', /^a line \(.*:1\)$/, /NAME=value/],
    ['an invisible character in a value', 'LOCALE=en\u200B', /^LOCALE \(.*:1\)$/, /is "en‹U\+200B›"/],
    ['one in a name', 'LOC\u200BALE=en', /^LOC‹U\+200B›ALE \(.*:1\)$/, /write LOCALE/],
    ['a token alone', 'never-shown-2', /^a line \(.*:1\)$/, /NAME=value/],
    ['a name twice', 'LOCALE=en\nLOCALE=vi', /^LOCALE \(.*:2\)$/, /in lines 1 and 2/],
    ['a comment after a value', 'LOCALE=en # English', /^LOCALE \(.*:1\)$/, /line of its own/],
    ['half a quote', 'LOCALE="en', /^LOCALE \(.*:1\)$/, /quote at one end/],
    ['a placeholder', 'TICKET_URL=https://<shop>/{ticket_id}', /^TICKET_URL \(.*:1\)$/, /placeholder/],
  ])('%s', async (_title, text, of, mend) => {
    const path = join(await temporaryFolder(), 'a.env');
    await writeFile(path, text, { mode: 0o600 });
    const { code, out } = await expectOneLine([of, mend], ['check', '--settings', path], RIGHT);
    expect([code, out]).toEqual([2, '']);
  });

  test('one that is no text, one that is a folder, and one that is not there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'picture'), Buffer.from([0x89, 0x50, 0xff, 0x00]));
    for (const [name, mend] of [
      ['picture', /save it as UTF-8/],
      ['', /name the file in it/],
      ['none.env', /which is not there; chat-report init/],
    ] as const) {
      const args = ['run', '--settings', join(folder, name)];
      expect(await expectOneLine(['--settings', mend], args, RIGHT)).toEqual({ code: 2, out: '' });
    }
  });
});

describe('a wrong word of the command line is told in one sentence', () => {
  test.each([
    [['run', '--day', '20/11/2026'], '--day', /write 2026-11-20$/],
    [['run', '--day', '2026-11-2'], '--day', /write 2026-11-02$/],
    [['run', '--day', '20261120'], '--day', /write 2026-11-20$/],
    [['run', '--day', 'today'], '--day', /not yet over/],
    [['run', '--day', '2026-11-20', '--day', '2026-11-21'], '--day', /is given 2 times; give it once/],
    [['run', '--lake=a', '--lake', 'b'], '--lake', /is given 2 times/],
    [['run', '--dya', '2026-11-20'], '--dya', /write --day$/],
    [['run', '-day'], '-day', /write --day$/],
    [['run', '—resend'], '—resend', /write --resend$/],
    [['run', '--json=true'], '--json', /takes no value/],
    [['run', '2026-11-20'], '2026-11-20', /write --day 2026-11-20$/],
    [['run', '--token=never-shown'], '--token', /is no option of this command/],
    [['init', '--token', 'never-shown'], '--token', /write --token-file$/],
    // The word is a person's, so the message does not repeat it.
    [['erase', '0901234567'], '‹number›', /write its option before it$/],
    [['erase', '--phone0901234567'], '--phone‹number›', /is no option of this command/],
    [['run', '--lake', '--quiet'], '--lake', /lacks its value, because --quiet follows it/],
    [['run', '--outbox', '--lake=a'], '--outbox', /lacks its value, because --lake=a follows it/],
    [['run', '--outbox', '~/mails'], '--outbox', /write the whole path/],
    [['run', '--outbox', 's3://bucket/mails'], '--outbox', /which is no folder/],
    [['run', '--send', '--outbox', 'mails'], '--outbox', /leave one out/],
    [['run', '--quiet', '--verbose'], '--quiet, --verbose', /give one of them/],
    [['run', '--log', 'xml'], '--log', /plain or json/],
    [['check', '--account', 'unknown'], '--account', /does not have; it has demo$/],
    [['check', '--settings-only', '--send'], '--send', /leave one out$/],
    [['check', '--account', 'demo', '--settings', 'a.env'], '--account, --settings', /give one of them/],
    [['serve', '--port', 'http'], '--port', /from 0 to 65535/],
    [['erase', '--phone', '0901234567', '--email', 'a@shop.vn'], /^--customer, --phone/, /exactly one/],
    [['rebuild', '--from', '2026-11-20'], '--from, --to', /go together/],
    [['simulate', '--seed', '-1'], '--seed', /from 0 to/],
  ] as const)('%j', async (args, of, mend) => {
    const { code, out } = await expectOneLine([of, mend], args, RIGHT);
    expect([code, out]).toEqual([2, '']);
  });

  test('the value of an unknown option is told with it, and no option is offered that the command lacks', async () => {
    const { err } = await call(['check', '--day', '2026-11-20'], RIGHT);
    expect(linesOf(err)).toEqual([['--day', 'is no option of this command; see --help']]);
    const { err: ofWord } = await call(['check', '2026-11-20'], RIGHT);
    expect(linesOf(ofWord)).toEqual([['2026-11-20', expect.stringMatching(/too many; leave it out/)]]);
  });
});

describe('a wrong place is told in one sentence', () => {
  test.each([
    ['run', '--lake', /which is a file.*name a folder$/],
    ['run', '--outbox', /which is a file.*name a folder$/],
    ['status', '--lake', /cannot be read .*look at how it is written/],
  ] as const)('%s %s names a file', async (command, option, mend) => {
    const path = join(await temporaryFolder(), 'a-file');
    await writeFile(path, '');
    const place = option === '--outbox' ? [] : ['--outbox', await temporaryFolder()];
    const args = command === 'run' ? [command, option, path, ...place] : [command, option, path];
    expect(await expectOneLine([option, mend], args, RIGHT)).toEqual({ code: 2, out: '' });
  });

  test('a path that is too long', async () => {
    const args = ['run', '--lake', 'a'.repeat(300)];
    expect(await expectOneLine(['--lake', /shorter path$/], args, RIGHT)).toEqual({ code: 2, out: '' });
  });

  // The superuser may write everywhere.
  test.skipIf(process.getuid?.() === 0)('a lake that can only be read is enough to look at', async () => {
    const lake = join(await temporaryFolder(), 'lake');
    await mkdir(join(lake, 'raw'), { recursive: true });
    await chmod(lake, 0o500);
    const { err } = await call(['status', '--lake', lake], {});
    expect(err).not.toMatch(/written to/);
  });
});
