import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../functions/capture/captures.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { readOwnReport, readOwnWorkbook } from '../../functions/pipeline/report-parts.ts';
import type { Digest } from '../../functions/report/digest.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { held } from '../held.ts';
import { type OpenedWorkbook, openWorkbook } from '../report/open-workbook.ts';
import { DAY, type OneMachine, oneMachine } from './one-machine.ts';

const messages = messagesFor('vi');
const { sheets, conversationId } = messages.workbook;

function placeOf({ lake }: OneMachine): string {
  return join(lake, `reports/dt=${DAY}/report.xlsx`);
}

async function bytesOf(machine: OneMachine): Promise<Buffer> {
  return await readFile(placeOf(machine));
}

async function attachmentsOf(machine: OneMachine) {
  const [mail = ''] = await machine.filesOf('outbox');
  const { attachments } = await PostalMime.parse(await readFile(join(machine.outbox, mail)));
  return attachments.map(({ filename, content }) => ({
    filename,
    content: Buffer.from(content as ArrayBuffer),
  }));
}

async function digestOf({ lake }: OneMachine): Promise<Digest> {
  return JSON.parse(await readFile(join(lake, `reports/dt=${DAY}/digest.json`), 'utf8'));
}

function idsOf(workbook: OpenedWorkbook): unknown[] {
  return workbook.sheet(sheets.chats).column(conversationId).sort();
}

/** A page that is no more: whoever reads raw notices. */
async function losePage(machine: OneMachine): Promise<void> {
  const pages = (await machine.filesOf('lake')).filter((key) => key.endsWith('page-0001.json.gz'));
  await rm(join(machine.lake, pages[0] ?? ''));
}

describe('the workbook of a day', () => {
  test('has every chat of it, and lies in the lake as it comes with the mail', async () => {
    const machine = await oneMachine({ chats: 300 });
    const { summary } = await machine.report();
    const file = await bytesOf(machine);
    const opened = openWorkbook(file);
    const rows = (['livechat', 'messenger', 'zalo'] as const).flatMap(
      (channel) => machine.simulator.rows(channel, DAY) as { conversation_id: unknown }[],
    );
    expect(idsOf(opened)).toEqual(rows.map((row) => String(row.conversation_id)).sort());
    expect(opened.sheet(sheets.hours).total(messages.workbook.figures.chats)).toBe(summary?.totals.chats);
    expect(await attachmentsOf(machine)).toEqual([
      { filename: 'bao-cao-chat-demo-2026-11-20.xlsx', content: file },
    ]);
  });

  test('is not made again where nothing has changed: raw is not read for it', async () => {
    const machine = await oneMachine({ chats: 90 });
    await machine.report();
    const file = await bytesOf(machine);
    await losePage(machine);
    expect((await machine.report()).state).toBe('reported');
    expect(await bytesOf(machine)).toEqual(file);
    expect(await attachmentsOf(machine)).toMatchObject([{ content: file }]);
  });

  test('is made again where it is missing or another’s, the same to the byte', async () => {
    const machine = await oneMachine({ chats: 90 });
    await machine.report();
    const file = await bytesOf(machine);
    await rm(placeOf(machine));
    await machine.report();
    expect(await bytesOf(machine)).toEqual(file);
    await writeFile(placeOf(machine), 'not a workbook');
    const { account, ports } = machine.compose();
    await rebuildDay(DAY, account, await held(ports.lake));
    expect(await bytesOf(machine)).toEqual(file);
  });

  test('does without its chats where raw was lost after the day was counted', async () => {
    const machine = await oneMachine({ chats: 90 });
    await machine.report();
    await losePage(machine);
    await rm(placeOf(machine));
    expect((await machine.report()).state).toBe('reported');
    expect((await digestOf(machine)).workbook).toMatchObject({ listsChats: false });
    expect(openWorkbook(await bytesOf(machine)).sheets.map(({ name }) => name)).not.toContain(sheets.chats);
  });

  test('is of the report that it comes with, whatever another run has put in its place', async () => {
    const machine = await oneMachine({ chats: 90 });
    const first = await machine.report(DAY, { settings: { CONTACTS: 'masked' } });
    const file = await bytesOf(machine);
    await machine.report(DAY, { settings: { CONTACTS: 'full' } });
    expect(await bytesOf(machine)).not.toEqual(file);
    const { account, ports } = machine.compose({ CONTACTS: 'masked' });
    const basis = { day: DAY, completeness: first.completeness, counting: account };
    const input = await readOwnReport(basis, 'vi', ports.lake);
    expect(await readOwnWorkbook(input, ports.lake)).toEqual(new Uint8Array(file));
  });

  test('stays in the lake alone where it is larger than a mail may be', async () => {
    const machine = await oneMachine({ chats: 90 });
    await machine.report();
    const file = await bytesOf(machine);
    // Before its directory, where nothing is looked for.
    const directory = file.readUInt32LE(file.length - 6);
    const filler = Buffer.alloc(5_000_001 - file.length);
    const larger = Buffer.concat([file.subarray(0, directory), filler, file.subarray(directory)]);
    await writeFile(placeOf(machine), larger);
    const { workbook, ...digest } = await digestOf(machine);
    const said = { ...digest, workbook: { ...workbook, sha256: sha256(larger) } };
    await writeFile(join(machine.lake, `reports/dt=${DAY}/digest.json`), JSON.stringify(said));
    await machine.report();
    expect(await attachmentsOf(machine)).toEqual([]);
  });

  test('does not come with a notice', async () => {
    const machine = await oneMachine();
    const { state } = await machine.report(DAY, { settings: { CARESOFT_TOKEN: 'another' } });
    expect(state).toBe('unproven');
    expect(await machine.filesOf('outbox')).toHaveLength(1);
    expect(await attachmentsOf(machine)).toEqual([]);
  });
});
