import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { toMime } from '../../functions/delivery/mailer.ts';
import { openOutbox, outboxName } from '../../functions/delivery/outbox.fs.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const message: Message = {
  kind: 'report',
  day: '2026-11-21',
  from: { address: 'chat-report@example.com', name: null },
  to: { address: 'manager@example.com', name: null },
  subject: 'Chat 21/11/2026: nhỡ 70/681 (10,3%), gọi lại 28 khách — “Ẩm Thực Việt” 🍜',
  html: '<!doctype html><p>Tỷ lệ nhỡ: 10,3 %</p>',
  text: 'Tỷ lệ nhỡ: 10,3 %\n\nCần gọi lại: Trần Đình Trọng\n.\nFrom here on\n',
  date: '2026-11-21T23:00:05.000Z',
  listId: 'chat-report.demo.example.com',
  unsubscribe: 'mailto:ops@example.com?subject=off',
  attachments: [],
};

const FILE = {
  name: 'bao-cao-chat-2026-11-21.xlsx',
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  content: Uint8Array.from({ length: 100_000 }, (_, place) => place % 251),
};

async function sent(of: Message) {
  const sourceRow = await toMime(of);
  return [Buffer.from(sourceRow).toString('latin1'), await PostalMime.parse(sourceRow)] as const;
}

describe('a message on the wire', () => {
  test('is read by another program as it was meant', async () => {
    const mail = await PostalMime.parse(await toMime(message));
    expect(mail.subject).toBe(message.subject);
    expect(mail.html?.trim()).toBe(message.html);
    expect(mail.text?.replaceAll('\r\n', '\n').trim()).toBe(message.text.trim());
    expect(mail.from?.address).toBe(message.from.address);
    expect(mail.to?.map(({ address }) => address)).toEqual([message.to.address]);
    expect(mail.date).toBe(message.date);
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(header('x-chat-report')).toBe('report');
    expect(header('auto-submitted')).toBe('auto-generated');
  });

  test('is ASCII in lines that end with CRLF and are short enough for every server', async () => {
    const sourceRow = Buffer.from(await toMime(message)).toString('latin1');
    expect(sourceRow).toMatch(/^[\t\r\n\u0020-\u007e]*$/);
    expect(sourceRow.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...sourceRow.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
  });

  test('is the same to the byte when it is made again, and another for another recipient', async () => {
    expect(await toMime(message)).toEqual(await toMime({ ...message }));
    const other = await PostalMime.parse(
      await toMime({ ...message, to: { address: 'other@example.com', name: null } }),
    );
    expect(other.messageId).not.toBe((await PostalMime.parse(await toMime(message))).messageId);
  });

  test('carries a file as it is, under its name', async () => {
    const [sourceRow, mail] = await sent({ ...message, attachments: [FILE] });
    expect(mail.attachments).toMatchObject([
      { filename: FILE.name, mimeType: FILE.type, disposition: 'attachment' },
    ]);
    expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer)).toEqual(Buffer.from(FILE.content));
    expect([mail.html?.trim(), mail.text?.includes('gọi lại')]).toEqual([message.html, true]);
    expect(Math.max(...sourceRow.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
  });

  test('is the same with the same file, and another with another of the same length', async () => {
    const attachments = [{ ...FILE, content: FILE.content.slice() }];
    const [sourceRow, mail] = await sent({ ...message, attachments: [FILE] });
    expect((await sent({ ...message, attachments }))[0]).toBe(sourceRow);
    attachments[0]?.content.fill(7, -1);
    const [, other] = await sent({ ...message, attachments });
    const [, bare] = await sent(message);
    expect(new Set([mail, other, bare].map(({ messageId }) => messageId)).size).toBe(3);
  });

  test('reads no file and fetches nothing, whatever its text says', async () => {
    const mail = await PostalMime.parse(await toMime({ ...message, text: 'file:///etc/hostname' }));
    expect(mail.text?.trim()).toBe('file:///etc/hostname');
    expect(mail.attachments).toEqual([]);
  });
});

describe('the outbox', () => {
  test('holds one file a recipient, a day and a kind, and writes it anew in its place', async () => {
    const folder = await temporaryFolder();
    const outbox = openOutbox(folder);
    const name = await outbox.send(message);
    expect(name).toBe('2026-11-21-report-manager@example.com.eml');
    const first = await readFile(join(folder, name));
    expect(await outbox.send(message)).toBe(name);
    expect(await readFile(join(folder, name))).toEqual(first);
    expect(await outbox.send({ ...message, kind: 'notice' })).toMatch(/2026-11-21-notice-manager@/);
  });

  test('gives recipients that a file name cannot hold files of their own', () => {
    const names = ['a/b@example.com', 'a_b@example.com'].map((address) =>
      outboxName({ ...message, to: { address, name: null } }),
    );
    expect(new Set(names).size).toBe(2);
    expect(names.join()).not.toContain('/');
  });
});
