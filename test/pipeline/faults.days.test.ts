import { describe, expect, test } from 'vitest';
import { CHANNELS } from '../../functions/chats/channel.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { withPage } from '../../functions/sources/caresoft/dialect.ts';
import { type Fault, parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import type { ChatSource, Slice } from '../../functions/sources/source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { expectSame, recomputed } from './against-recomputation.ts';
import { beMorningAfter } from './mornings.ts';
import { BRISK, DAY, HURRIED, IMPATIENT, oneMachine } from './one-machine.ts';

function patienceFor(texts: readonly string[]) {
  if (texts.includes('stall:some')) return BRISK;
  return texts.some((text) => text.startsWith('dead')) ? IMPATIENT : undefined;
}

/** Of the three channels one has more rows than fit on a page, which are small but where the fault is of a full one. */
const FEW = { livechat: 10, messenger: 65, zalo: 10 };
const MANY = { ...FEW, messenger: 510 };

const faults = (...texts: readonly string[]): Fault[] => texts.map(parseFault);

function caresoftWith(texts: readonly string[]) {
  const isOfPages = texts.some((text) => /page|cap|bounds|arriving/.test(text));
  return isOfPages
    ? { chatsByChannel: MANY, faults: faults(...texts) }
    : { chatsByChannel: FEW, faults: faults('cap:30', ...texts) };
}

describe('a report is right in spite of', () => {
  test.each([
    ['a few 429s', ['throttle:some']],
    ['many 429s', ['throttle:many']],
    ['a 429 that says how long to wait', ['retry-after:1']],
    ['errors now and then', ['error:some']],
    ['connections that drop', ['drop:some']],
    ['bodies that are cut', ['cut:some']],
    ['answers that stall', ['stall:some']],
    ['a maintenance page that says 200', ['html:some']],
    ['an error that says 200', ['code-errors:some']],
    ['all of that together', ['error:some', 'drop:some', 'cut:some', 'html:some', 'code-errors:some']],
    ['pages that are shorter than asked for', ['short-pages']],
    ['a server that caps the size of a page', ['cap:37']],
    ['bounds that are exclusive', ['bounds-exclusive']],
    ['a count that stops where a page ends', ['num-found-cap:500']],
    ['rows that arrive while they are read', ['arriving:2']],
    ['names of agents that cannot be had', ['dead-agents']],
    ['names of services that cannot be had', ['dead-services']],
  ])('%s', async (_title, texts) => {
    const retryPolicy = patienceFor(texts);
    const machine = await oneMachine(caresoftWith(texts), { CONTACTS: 'full' }, retryPolicy, memoryLake());
    const outcome = await machine.report();
    const nameless = texts.includes('dead-services') ? { serviceNames: new Map<string, string>() } : {};
    expectSame(outcome, recomputed(machine, DAY, nameless));
    expect(machine.simulator.seen.bans).toBe(0);
  });
});

describe('a notice without a figure goes out in place of a report', () => {
  test.each([
    ['429s without end', 'throttle:forever', 'throttled'],
    ['a 429 that asks for more patience than there is', 'retry-after:60', 'throttled'],
    ['a ban', 'ban', 'banned'],
    ['errors without end', 'error:forever', 'unavailable'],
    ['no connection at all', 'drop:forever', 'unavailable'],
    ['bodies that are always cut', 'cut:forever', 'unavailable'],
    ['answers that always stall', 'stall:forever', 'unavailable'],
    ['a maintenance page without end', 'html:forever', 'unavailable'],
    ['an error that says 200 without end', 'code-errors:forever', 'unavailable'],
    ['rows that never stop arriving', 'arriving:forever', 'count-changed'],
    ['a count that is too high', 'num-found:+3', 'rows-missing'],
    ['a count that is too low', 'num-found:-3', 'rows-beyond-count'],
    ['times in UTC that are taken for local ones', 'utc', 'clock-contradicted'],
  ])('for %s', async (_title, text, reason) => {
    const impatient = text.startsWith('stall') ? HURRIED : IMPATIENT;
    const retryPolicy = reason === 'unavailable' ? impatient : undefined;
    const machine = await oneMachine(caresoftWith([text]), {}, retryPolicy, memoryLake());
    const outcome = await machine.report();
    if (outcome.state !== 'unproven') expect.unreachable('a report went out');
    const channels = Object.values(outcome.completeness.channels);
    expect(channels).toHaveLength(CHANNELS.length);
    expect(channels.flatMap(({ reason: said }) => said ?? [])).toContain(reason);
    expect(await machine.filesOf('lake')).not.toContainEqual(expect.stringContaining('reports/'));
    expect(await machine.filesOf('outbox')).toEqual([`${DAY}-notice-manager@example.com.eml`]);
    expect(machine.simulator.seen.callsDuringBan).toBe(0);
    if (text !== 'ban') expect(machine.simulator.seen.bans).toBe(0);
  });

  test('but not of the other channels, where one is dead', async () => {
    const machine = await oneMachine(caresoftWith(['dead:zalo']), {}, IMPATIENT, memoryLake());
    const outcome = await machine.report();
    expect(outcome).toMatchObject({
      state: 'partial',
      completeness: { verdict: 'partial', channels: { zalo: { reason: 'unavailable' } } },
    });
    expect(await machine.filesOf('outbox')).toEqual([`${DAY}-partial-manager@example.com.eml`]);
    const { totals, byChannel } = (await machine.summaryOf(DAY)) ?? expect.unreachable('no report');
    expect([totals.channels, Object.keys(byChannel)]).toEqual(Array(2).fill(['livechat', 'messenger']));
  });

  test('for a token that is wrong, after one call', async () => {
    const machine = await oneMachine({}, { CARESOFT_TOKEN: 'not-the-one' });
    const outcome = await machine.report();
    expect(outcome).toMatchObject({
      state: 'unproven',
      completeness: { channels: { livechat: { reason: 'token-refused', captureId: null } } },
    });
    expect(machine.simulator.seen.requests).toBe(1);
    expect(JSON.stringify(outcome)).not.toContain('not-the-one');
  });

  test('for a domain that does not exist, with CareSoft’s own words', async () => {
    const machine = await oneMachine();
    const outcome = await machine.report(DAY, {
      settings: { CARESOFT_BASE_URL: machine.simulator.baseUrl.replace(/\w+$/, 'nobody') },
    });
    expect(outcome).toMatchObject({
      completeness: { channels: { zalo: { reason: 'refused', detail: 'HTTP 404: Domain incorrect' } } },
    });
    // Asked too often for a domain that is wrong, CareSoft locks out.
    expect(machine.simulator.seen.requests).toBe(1);
  });

  const rowsFrom = (start: (hour: number) => string) =>
    Array.from({ length: 20 }, (_, hour) => ({ conversation_id: `c${hour}`, start_time: start(hour) }));
  const two = (number: number) => String(number).padStart(2, '0');

  test.each([
    [
      'rows from outside the time that was asked for',
      (hour: number) => `2026-11-19 ${two(hour)}:00:00`,
      'window-not-kept',
    ],
    [
      'rows whose start is written in another way',
      (hour: number) => `${DAY}T${two(hour)}:00:00`,
      'rows-not-understood',
    ],
  ])('for %s', async (_title, start, reason) => {
    const machine = await oneMachine({ rows: () => rowsFrom(start) }, { CHANNELS: 'zalo' });
    expect(await machine.report()).toMatchObject({ completeness: { channels: { zalo: { reason } } } });
  });

  test('for a row that is lost wherever two pages meet, while another comes twice', async () => {
    const machine = await oneMachine({}, { CHANNELS: 'zalo' });
    const { account, context, ports } = machine.compose();
    const rows = Array.from({ length: 600 }, (_, at) => ({
      conversation_id: `c${at}`,
      start_time: `${DAY} 10:00:00`,
    }));
    const at = Date.parse(`${DAY}T10:00:00Z`) / 1_000;
    const isOf = ({ window, status }: Slice): boolean =>
      window.since <= at && at <= window.to && status === undefined;
    const answer: ChatSource['answer'] = async (slice, { page, size }) => {
      const from = (page - 1) * size;
      const paged =
        page === 1
          ? rows.slice(0, size)
          : [...rows.slice(from - 1, from), ...rows.slice(from + 1, from + size)];
      const [numFound, given] = isOf(slice) ? [600, paged] : [0, []];
      const body = Buffer.from(JSON.stringify({ code: 'OK', numFound, chats: given }));
      const now = new Date().toISOString();
      const params = withPage(slice, { page, size }).toString();
      return { params, status: 200, body, rows: given, numFound, askedAt: now, answeredAt: now };
    };
    const count: ChatSource['count'] = async (slice) => (isOf(slice) ? 600 : 0);
    const input = { run: 'run', day: DAY, since: null, resend: false, deliver: true };
    const outcome = await dailyReport(input, context, account, {
      ...ports,
      chatSource: { ...ports.chatSource, answer, count },
    });
    expect(outcome).toMatchObject({ completeness: { channels: { zalo: { reason: 'rows-missing' } } } });
  });

  test('for a ban, and says from when CareSoft may be asked again', async () => {
    const machine = await oneMachine({ faults: faults('ban') });
    beMorningAfter(DAY);
    const before = Date.now();
    const outcome = await machine.report();
    if (outcome.state !== 'unproven') expect.unreachable();
    const { notBefore = '' } = outcome.completeness.channels.livechat ?? {};
    expect(Date.parse(notBefore) - before).toBeGreaterThanOrEqual(15 * 60_000);
    expect(Date.parse(notBefore) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    // Another run knows of it from the lake, and does not make it longer by asking.
    expect(await machine.report()).toMatchObject({
      completeness: { channels: { zalo: { reason: 'banned', notBefore } } },
    });
    expect(machine.simulator.seen.requests).toBe(1);
  });
});
