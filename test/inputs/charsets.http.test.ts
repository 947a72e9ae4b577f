import { describe, expect, test } from 'vitest';
import { missedRow, pageOf, serveRaw } from './raw-server.ts';
import { readChats, readRaw } from './read-capture.ts';
import { openCase, type RunningCase } from './run-case.ts';

const RUN = ['run', '--day', '2026-11-20', '--json'];
const NAME = 'Khách é à ú';

const rawPage = async (opened: RunningCase) => (await readRaw(opened, 'messenger'))[0] ?? Buffer.alloc(0);

test('a body in ISO-8859-1 that says so is read as it is meant, by each command', async () => {
  const opened = await openCase('32');
  const { code, out } = await opened.run('--json');
  const summary = JSON.parse(out);
  expect(code).toBe(0);
  expect(summary.callbacks[0].customer.name).toBe(NAME);
  expect(summary.byGroup.map(({ key }: { key: string }) => key)).toEqual(['Hà Thành']);
  expect((await rawPage(opened)).includes(Buffer.from(NAME, 'latin1'))).toBe(true);
  const names = async () => (await readChats(opened, 'messenger')).map((row) => row.customer_name);
  expect(await names()).toContain(NAME);

  expect((await opened.call(['rebuild', '--day', '2026-11-20'])).code).toBe(0);
  expect(await names()).toContain(NAME);
  // What is left of the page is in UTF-8 then, and read so.
  const erased = await opened.call(['erase', '--phone', '0912345678']);
  expect([erased.code, (await rawPage(opened)).toString()]).toEqual([0, expect.stringContaining('Nhà 1')]);
  expect((await rawPage(opened)).toString()).not.toContain('0912345678');
  const again = await opened.run('--json');
  const { totals, callbacks, byGroup } = JSON.parse(again.out);
  expect([again.code, totals.chats, callbacks, byGroup[0].key]).toEqual([0, 2, [], 'Hà Thành']);
  const refreshed = await opened.run('--json', '--refresh');
  expect([refreshed.code, JSON.parse(refreshed.out).byGroup[0].key]).toEqual([0, 'Hà Thành']);
});

describe('is read', () => {
  const utf16le = (text: string) => Buffer.from(text, 'utf16le');
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const bom = (text: string) => `\ufeff${text}`;
  test.each([
    ['windows-1258', 'windows-1258', NAME, (text: string) => Buffer.from(text, 'latin1')],
    ['a quoted name in capitals', '"Windows-1252"', NAME, (text: string) => Buffer.from(text, 'latin1')],
    ['UTF-16', 'utf-16le', 'Nguyễn Thị Ánh', utf16le],
    [
      'UTF-16 by its mark, against what is told',
      'utf-8',
      'Nguyễn Thị Ánh',
      (text: string) => utf16be(bom(text)),
    ],
    ['UTF-8 by its mark', 'iso-8859-1', 'Nguyễn Thị Ánh', (text: string) => Buffer.from(bom(text))],
    ['a quoted name without its end', '"utf-8', 'Nguyễn Thị Ánh', (text: string) => Buffer.from(text)],
    ['a header that came twice', 'utf-8, text/json', 'Nguyễn Thị Ánh', (text: string) => Buffer.from(text)],
    ['"UTF8"', 'UTF8', 'Nguyễn Thị Ánh', (text: string) => Buffer.from(text)],
    [
      'UTF-8 of which something else is told',
      'iso-8859-1',
      'Nguyễn Thị Ánh',
      (text: string) => Buffer.from(text),
    ],
  ])('%s', async (_title, charset, name, encode) => {
    const page = pageOf([missedRow('B-1', `"cus_name":"${name}"`), missedRow('B-2')]);
    const { settings } = await serveRaw((asked) => ({
      headers: { 'content-type': `application/json; charset=${charset}` },
      body: [encode(page(asked))],
    }));
    const opened = await openCase('32');
    const { code, out } = await opened.call(RUN, settings);
    const names = JSON.parse(out).callbacks.map(
      ({ customer }: { customer: { name: string } }) => customer.name,
    );
    expect([code, names]).toEqual([0, expect.arrayContaining([name])]);
    expect(await rawPage(opened)).toEqual(encode(page(new URLSearchParams('page=1&count=500'))));
    expect((await opened.call(['rebuild', '--day', '2026-11-20'], settings)).out).toContain('2 chats');
  });
});

describe('is refused by name, in a notice and without a figure,', () => {
  test.each([
    [
      'a charset that is not known',
      'x-tcvn-5712',
      Buffer.from(NAME),
      'the day: answered in the charset "x-tcvn-5712", which is not read',
    ],
    [
      'one whose letters hold quotation marks',
      'gbk',
      Buffer.from(NAME),
      'the day: answered in the charset "gbk", which is not read',
    ],
    [
      'ISO-8859-1 that says nothing',
      null,
      Buffer.from(NAME, 'latin1'),
      'the day: answered what is no text in utf-8',
    ],
    [
      'ISO-8859-1 that says ASCII',
      'us-ascii',
      Buffer.from(NAME, 'latin1'),
      'the day: answered what is no text in utf-8',
    ],
    [
      'half of a pair in UTF-16',
      'utf-16le',
      Buffer.from([0x3d, 0xd8]),
      'the day: answered what is no text in utf-16le',
    ],
  ])('%s', async (_title, charset, name, says) => {
    const { settings } = await serveRaw(() => ({
      headers: { 'content-type': `application/json${charset === null ? '' : `;charset=${charset}`}` },
      body: ['{"code":"ok","numFound":1,"chats":[{"cus_name":"', name, '"}]}'],
    }));
    const opened = await openCase('32');
    const { code, out } = await opened.call(RUN, settings);
    expect([code, JSON.parse(out).completeness.channels.messenger.detail]).toEqual([3, says]);
    const [mail] = Object.values(await opened.readMails());
    expect(mail?.text?.replaceAll(/\s+/g, ' ')).toContain(says);
  });
});
