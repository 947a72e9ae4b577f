import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { toMime } from '../functions/deliver/mime.ts';
import { readMailbox, splitMailboxes } from '../functions/mailbox.ts';
import type { Mailbox, Message } from '../functions/report/message.ts';
import { oneLine } from '../functions/report/plain-text.ts';
import { anyCharacter, fc } from './property.ts';

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
        const wire = await toMime({ ...MESSAGE, to });
        expect(Buffer.from(wire).toString('latin1')).toMatch(/^[\t\r\n -~]*$/);
        const mail = await PostalMime.parse(wire);
        expect(mail.to).toEqual([{ name: to.name ?? '', address }]);
        expect(mail.headers.map(({ key }) => key)).toEqual(HEADERS);
      }),
    );
  });

  test('is told of, whatever stands in its place', () => {
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

  test.each(['"', '(', '\\', 'a ', 'a.', '"a', '<', '@', 'a@', '(a', '"\\', '\u0301'])(
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
