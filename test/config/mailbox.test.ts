import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { readMailbox, splitMailboxes } from '../../functions/config/mailbox.ts';
import { toMime } from '../../functions/delivery/mailer.ts';
import type { Mailbox, Message } from '../../functions/report/mail-message.ts';
import { oneLine } from '../../functions/report/plain-text.ts';
import { anyCharacter, fc } from '../property.ts';

const ATEXT = [..."abcXYZ019!#$%&'*+/=?^_`{|}~-"];
const atom = fc.array(fc.constantFrom(...ATEXT), { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
const address = fc
  .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.array(label, { minLength: 1, maxLength: 3 }))
  .map(([local, domain]) => `${local.join('.')}@${domain.join('.')}.vn`);
/** With more of what has a meaning in a header than chance would give. */
const name = fc
  .array(fc.oneof(anyCharacter, fc.constantFrom(...`,;:"\\()<>[]@.=?_ 'ảễỹ🍜`)), { maxLength: 50 })
  .map((all) => all.join('').trim())
  .filter((text) => !(/\p{Cc}/u.test(text) || text.includes('=?')) && text.length <= 100);

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

describe('a mailbox', () => {
  test('has any name and any address that the standard has, one by one and in a list', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, address), { minLength: 1, maxLength: 4 }), (all) => {
        const texts = all.map(([name, address]) => `${quoted(name)} <${address}>`);
        expect(splitMailboxes(texts.join(', '))).toEqual(texts);
        expect(splitMailboxes(`;${texts.join(';')},`)).toEqual(texts);
        expect(texts.map(readMailbox)).toEqual(
          all.map(([name, address]) => ({ address, name: name.replaceAll(/\s+/g, ' ') || null })),
        );
      }),
    );
  });

  test('is read from a mail by another program as it was meant', async () => {
    await fc.assert(
      fc.asyncProperty(name, address, async (name, address) => {
        const to: Mailbox = { name: oneLine(name) || null, address };
        const sourceRow = await toMime({ ...MESSAGE, to });
        expect(Buffer.from(sourceRow).toString('latin1')).toMatch(/^[\t\r\n -~]*$/);
        const mail = await PostalMime.parse(sourceRow);
        expect(mail.to).toEqual([{ name: to.name ?? '', address }]);
        expect(mail.headers.map(({ key }) => key)).toEqual(HEADERS);
      }),
    );
  });

  test.each([
    ['Bà "Sáu" An <a@x.vn>', 'Bà Sáu An'],
    ['"A,"  "\\"B\\"" C. D <a@x.vn>', 'A, "B" C. D'],
    ['“Cửa hàng 1, Hà Nội” <a@x.vn>', 'Cửa hàng 1, Hà Nội'],
    ['“Ca 1; 2”<a@x.vn>', 'Ca 1; 2'],
    ['An\tLê\t<a@x.vn>', 'An Lê'],
    ['a@x.vn <a@x.vn>', null],
    ['A@X.vn<a@x.vn>', null],
    ["'a@x.vn' <a@x.vn>", null],
    ['"a@x.vn" <a@x.vn>', null],
    ['Lê\u0301 👩‍👧 <a@x.vn>', 'Lê\u0301 👩‍👧'],
  ])('is read as it is meant: %j', (text, name) => {
    const [part = '', ...others] = splitMailboxes(`${text}, b@x.vn`);
    expect([readMailbox(part), others]).toEqual([{ address: 'a@x.vn', name }, ['b@x.vn']]);
  });

  test.each([
    ['Team: a@x.vn', 'with "Team:" before the address; leave it out'],
    ['Nhóm ca 1 : a@x.vn', 'with "Nhóm ca 1 :" before the address; leave it out'],
    ['mailto:a@x.vn', 'with "mailto:" before the address; leave it out'],
    ['a@x.vn\u200b', 'with a character in the address that cannot be seen (U+200B)'],
    ['An <\u00ada@x.vn>', 'with a character in the address that cannot be seen (U+00AD)'],
    ['a@\u202ax.vn, nhé', 'with a character in the address that cannot be seen (U+202A)'],
    ['An a@x.vn', expect.stringMatching(/^which is no mail address; .* as in An <an@example.com>$/)],
    ['Nguyễn', expect.stringMatching(/; a name with punctuation stands in quotes,/)],
    ['An <a@x.vn', expect.stringMatching(/ as in An <an@example.com>$/)],
    ['a@x@y.vn', 'which is no mail address'],
    ['a@x.vn <b@x.vn>', expect.stringMatching(/^which is not one mail address but several/)],
  ])('is not one, and what is wrong is said: %j', (text, says) => {
    const read = readMailbox(text);
    expect('says' in read && read.says.slice(`holds "${text}", `.length)).toEqual(says);
  });

  test('is told of, for each wrong text in its place', () => {
    const any = fc.array(fc.oneof(anyCharacter, fc.constantFrom(...`,;:"\\()<>[]@. \r\nab`)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(any, (characters) => {
        for (const part of splitMailboxes(characters.join(''))) {
          const read = readMailbox(part);
          if ('says' in read) expect(read.says).toMatch(/^holds "[^\r\n]*", (?:wh|with)/);
          else expect(`${read.name} ${read.address}`).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });

  test.each(['"', '“', '“”', '(', '\\', 'a ', 'a.', '"a', '<', '@', 'a@', '(a', '"\\', '\u0301'])(
    'is none that is as long as many times %j',
    (unit) => {
      const [part = '', ...others] = splitMailboxes(unit.repeat(100_000));
      expect([others, readMailbox(part)]).toEqual([
        [],
        { says: expect.stringMatching(/…", which is too long$/) },
      ]);
      const [short = ''] = splitMailboxes(unit.repeat(200));
      expect(readMailbox(short)).toEqual({ says: expect.stringMatching(/^holds /) });
    },
  );
});

const MESSAGE: Message = {
  kind: 'report',
  day: '2026-11-21',
  from: { address: 'chat-report@example.com', name: null },
  to: { address: 'manager@example.com', name: null },
  subject: 's',
  html: 'h',
  text: 't',
  date: '2026-11-21T23:00:05.000Z',
  listId: 'chat-report.demo.example.com',
  unsubscribe: 'mailto:ops@example.com?subject=off',
  attachments: [],
};
const HEADERS = [
  ...['from', 'to', 'x-chat-report', 'auto-submitted', 'x-auto-response-suppress', 'list-id'],
  ...['list-unsubscribe', 'subject', 'message-id', 'date', 'mime-version', 'content-type'],
];
