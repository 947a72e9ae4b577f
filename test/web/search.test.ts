import { describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../functions/calendar/day.ts';
import { publicKey } from '../../functions/chats/customer-identity.ts';
import { maskSummary } from '../../functions/metrics/masking.ts';
import type { Callback, Summary } from '../../functions/metrics/summary.ts';
import type { Waiting } from '../../functions/metrics/waiting.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { readSearchQuery, searchDays } from '../../functions/web/pages/search.ts';
import { fc } from '../property.ts';
import { callback, summary } from '../report/fixture.ts';
import { type MemoryLake, memoryLake } from './memory-lake.ts';
import { openPages } from './open-pages.ts';
import { NEWEST, writeSummary } from './ten-weeks.ts';

const PHONE = '0987654321';
const EMAIL = 'Lan.Nguyen@example.com';

interface Who {
  readonly name: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly key?: string;
  readonly ticketNo?: string | null;
}

function missed({ name, phone = null, email = null, key, ticketNo = null }: Who, place = 0): Callback {
  return callback(name, 1, '14:26', {
    customer: { key: key ?? `id:${place + 1}`, name, phone, email },
    ticketNo,
  });
}

function dayOf(people: readonly Who[], more: Partial<Summary> = {}): Summary {
  return summary({ day: NEWEST, contacts: 'full', callbacks: people.map(missed), ...more });
}

function lakeOf(...days: readonly Summary[]): MemoryLake {
  const lake = memoryLake();
  for (const day of days) writeSummary(lake, day);
  return lake;
}

/** What is read of the page, without the markup and without what was typed. */
function said(html: string): string {
  const [, main = ''] = /<main id="content">(.*)<\/main>/s.exec(html) ?? [];
  return main
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ');
}

async function search(lake: MemoryLake, query: Readonly<Record<string, string>>): Promise<string> {
  const { status, html } = await openPages(lake).page(`/search?${new URLSearchParams(query)}`);
  expect(status).toBe(200);
  return html;
}

async function names(lake: MemoryLake, q: string): Promise<string[]> {
  const html = await search(lake, { q });
  return [...html.matchAll(/<li><b>(.*?)<\/b>/g)].map(([, name = '']) => name);
}

describe('The search for a customer', () => {
  const LAN: Who = { name: 'Nguyễn Thị Đặng Lan', phone: PHONE, email: EMAIL, ticketNo: '204817' };
  const AN: Who = { name: 'Trần An', phone: '0912345678', ticketNo: '99' };

  test.each([
    ['nguyen thi dang lan'],
    ['Lan Nguyễn'],
    ['ĐẶNG'],
    ['đang'],
    ['  lan  '],
    ['204817'],
    ['#204817'],
    [PHONE],
    ['+84 98 765 4321'],
    ['+84 (0)987.654.321'],
    ['0084987654321'],
    ['987-654-321'],
    ['０９８７６５４３２１'],
    ['lan.nguyen@EXAMPLE.com'],
    ['lan.nguyen@'],
  ])('finds her by %s, and no one else', async (q) => {
    expect(await names(lakeOf(dayOf([LAN, AN])), q)).toEqual([LAN.name]);
  });

  test('says when and where they were missed, and leads to the list of that day', async () => {
    const html = await search(lakeOf(dayOf([LAN, AN])), { q: 'lan', lang: 'en' });
    expect(html).toContain(`<a href="/days/${NEWEST}?lang=en#waiting">Saturday, 21 Nov 2026</a>`);
    expect(html).toContain(`<a href="tel:${PHONE}">${PHONE}</a>`);
    expect(said(html)).toMatch(
      /Nguyễn Thị Đặng Lan 0987654321 .* Messenger · missed at 14:26 · ticket #204817/,
    );
    expect(said(html)).toContain('1 result in 1 report (21 Nov 2026 – 21 Nov 2026).');
  });

  test('opens a ticket where the account says how', async () => {
    const links = { ticket: 'https://web.caresoft.vn/ticket/{ticket_id}', pages: null };
    const day = dayOf([LAN]);
    const { html } = await openPages(lakeOf(day), { links }).page('/search?q=lan&lang=en');
    const [{ ticketId = null } = {}] = day.callbacks;
    expect(html).toContain(`<a href="https://web.caresoft.vn/ticket/${ticketId}">ticket #204817</a>`);
    expect(await search(lakeOf(day), { q: 'lan' })).not.toContain('web.caresoft.vn');
  });

  test('finds a number that stands in a name', async () => {
    const lake = lakeOf(dayOf([{ name: 'Shop Hoa 0987 654 321' }, AN]));
    expect(await names(lake, '+84987654321')).toEqual(['Shop Hoa 0987 654 321']);
  });

  test('tells what became of them, as far as the list of that day knows', async () => {
    const day = dayOf([LAN, AN, { name: 'Lan Anh' }]);
    const lake = lakeOf(day);
    const old = missed({ name: 'Lan Cũ', phone: '0909090909', key: 'id:77' });
    writeWaiting(lake, day, {
      waiting: [
        { ...missed(AN, 1), callbacks: ['id:2'] },
        { ...old, lastMissedAt: '2026-11-20T20:00:00+07:00', callbacks: [] },
      ],
      answered: [{ key: 'id:1', at: '2026-11-22T05:10:00+07:00', channel: 'zalo' }],
    });
    const text = said(await search(lake, { q: 'an', lang: 'en' }));
    expect(text).toMatch(/Đặng Lan .* Answered at 05:10, 22 Nov \(Zalo\)\. Trần An/);
    expect(text).toMatch(/Trần An .* Not answered up to 05:30, 22 Nov\. Lan Anh/);
    expect(text).toMatch(/Lan Anh Messenger · missed at 14:26 Lan Cũ/);
    expect(text).toMatch(/Lan Cũ 0909090909 Messenger · missed at 20:00, 20 Nov Not answered up to/);
  });

  test('asks for a letter more where one alone was typed, and for fewer where there are too many', async () => {
    const lake = lakeOf(dayOf([LAN]));
    for (const q of ['a', '-', '@', '?!*'])
      expect(said(await search(lake, { q }))).toContain('Hãy gõ ít nhất 2 chữ cái hoặc chữ số.');
    expect(said(await search(lake, { q: 'a'.repeat(101) }))).toContain('dài quá 100 ký tự');
    expect(lake.reads).toEqual([]);
  });

  test('is a form without a query, and says so of an empty lake', async () => {
    const html = await search(memoryLake(), {});
    expect(html).toMatch(/<form class="ask" method="get" action="\/search" role="search">/);
    expect(said(await search(memoryLake(), { q: 'lan' }))).toContain('Chưa có báo cáo nào để tìm.');
  });

  test('has a box on every page, which keeps the language that was chosen', async () => {
    const { page, app } = openPages(lakeOf(dayOf([LAN])));
    for (const path of ['/', '/trends', `/days/${NEWEST}`, '/nowhere']) {
      const { html } = await page(`${path}?lang=en`);
      expect(html.match(/role="search"><input type="hidden" name="lang" value="en">/g)).toHaveLength(1);
    }
    const policy = (await app.request('/search')).headers.get('content-security-policy');
    expect(policy).toContain("form-action 'self'");
  });

  test('goes on where it stopped, until all days are searched', async () => {
    const days = Array.from({ length: 210 }, (_, back) => addDays(NEWEST, -back));
    const lake = lakeOf(...days.map((day) => summary({ day })));
    const oldest = days.at(-1) ?? NEWEST;
    writeSummary(lake, dayOf([LAN], { day: oldest }));
    const seen: Day[] = [];
    for (let path: string | undefined = '/search?q=lan&lang=en'; path !== undefined; ) {
      const before: number = lake.reads.length;
      const { html } = await openPages(lake).page(path);
      const read = lake.reads.slice(before).filter((key) => key.endsWith('summary.json'));
      expect(read.length).toBeLessThanOrEqual(92);
      seen.push(...read.map((key) => key.slice('reports/dt='.length, 'reports/dt=2026-11-21'.length)));
      const next: string | undefined = /rel="next" href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
      if (next === undefined) expect(html).toContain(`/days/${oldest}?lang=en#waiting`);
      path = next;
    }
    expect(seen.toSorted()).toEqual(days.toSorted());
  });

  test('does not stop at a pause of months', async () => {
    const lake = lakeOf(summary({ day: NEWEST }), dayOf([LAN], { day: '2025-01-05' }));
    const html = await search(lake, { q: 'lan', lang: 'en' });
    expect(html).toMatch(/rel="next" href="\/search\?q=lan&amp;before=2026-08-22&amp;lang=en"/);
    expect(await search(lake, { q: 'lan', before: '2026-08-22' })).toContain('/days/2025-01-05#waiting');
  });

  test('ends a page early where very many are meant, and leaves none of them out', async () => {
    const crowd = Array.from({ length: 150 }, (_, place): Who => ({ name: `Lan ${place}` }));
    const days = [0, 1, 2].map((back) => dayOf(crowd, { day: addDays(NEWEST, -back) }));
    const html = await search(lakeOf(...days), { q: 'lan', lang: 'en' });
    expect(said(html)).toContain('300 results in 2 reports');
    expect(said(html)).toContain('See 100 more customers of this day');
    expect(html).toContain(`before=${addDays(NEWEST, -1)}&amp;lang=en`);
  });

  test('names the days whose report cannot be read', async () => {
    const lake = lakeOf(dayOf([LAN]));
    lake.write('reports/dt=2026-11-20/summary.json', '{"schema":');
    expect(said(await search(lake, { q: 'lan', lang: 'en' }))).toContain('cannot be read: 20 Nov 2026');
  });

  test('writes nothing of what was typed into a log', async () => {
    const lake = { ...lakeOf(dayOf([LAN])), get: () => Promise.reject(new Error('the disk is gone')) };
    const { page, logged } = openPages(lake);
    const { status, html } = await page(`/search?q=${PHONE}`);
    expect(status).toBe(500);
    expect(html).not.toContain('the disk is gone');
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(PHONE);
  });

  describe('where the report masks contacts', () => {
    const masked = lakeOf(
      maskSummary(dayOf([LAN, AN, { name: 'Bé', phone: PHONE, key: publicKey(`phone:${PHONE}`) }])),
    );

    test('finds by a whole number who is called by its hash, and who may have it by what is shown', async () => {
      const html = await search(masked, { q: '+84 987 654 321', lang: 'en' });
      const [, first = '', second = '', ...others] = html.split('<ul>').at(-1)?.split('<li>') ?? [];
      expect(others).toEqual([]);
      expect(first).toMatch(/Lan<\/b> <span class="tag">may be this customer/);
      expect(second).toMatch(/^<b>Bé<\/b>\s*<span class="contact">098\*{5}21/);
      expect(html).not.toContain('tel:');
    });

    test('shows no more than the report, whatever is asked for', async () => {
      for (const q of [PHONE, EMAIL, '204817', 'lan', '098*****21']) {
        const text = said(await search(masked, { q }));
        expect(text).toMatch(/Lan.*098\*{5}21/);
        expect(text).not.toContain(PHONE);
        expect(text.toLowerCase()).not.toContain('lan.nguyen');
      }
    });

    test('finds no one by a part of what is masked', async () => {
      for (const q of ['7654', '98765', '0987654322', 'nguyen@example.com', 'n.nguyen@'])
        expect(await names(masked, q)).toEqual([]);
    });
  });
});

function writeWaiting(
  lake: MemoryLake,
  { day, contacts }: Summary,
  of: Pick<Waiting, 'waiting' | 'answered'>,
): void {
  lake.write(`reports/dt=${day}/waiting.json`, {
    schema: 'chat-report/waiting/1',
    day,
    timeZone: 'Asia/Ho_Chi_Minh',
    asOf: '2026-11-22T05:30:00+07:00',
    followUpDays: 3,
    contacts,
    businessHours: null,
    replyHours: { messenger: 24, zalo: 48 },
    captures: [],
    open: { captures: [], failed: [] },
    ...of,
  });
}

const part = fc.constantFrom(
  'Nguyễn',
  'Đỗ',
  'Thị',
  'Ánh',
  'Lý',
  'Quỳnh Như',
  'An',
  'Ân',
  'Lê',
  'Ưu',
  'Ёлка',
  'ΟΔΟΣ',
  '🌸',
);
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
const phone = fc
  .tuple(fc.constantFrom('3', '5', '7', '8', '9'), fc.stringMatching(/^\d{8}$/))
  .map(([first, rest]) => `0${first}${rest}`);
const email = fc
  .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom('shop.vn', 'gmail.com'))
  .map((parts) => parts.join('@'));
const asTyped = (number: string) => number;
const spelled = fc.constantFrom(
  asTyped,
  (number: string) => `+84${number.slice(1)}`,
  (number: string) => `${number.slice(0, 4)} ${number.slice(4, 7)} ${number.slice(7)}`,
  (number: string) => `0084-${number.slice(1)}`,
);
const person = fc
  .record({
    name: fc.option(name, { freq: 8 }),
    phone: fc.option(fc.tuple(phone, spelled), { freq: 3 }),
    email: fc.option(email),
    ticket: fc.option(fc.integer({ min: 10, max: 999_999 })),
    hasId: fc.boolean(),
  })
  .filter((one) => [one.name, one.phone, one.email].some((value) => value !== null));
const someDays = fc.array(fc.record({ people: fc.array(person, { maxLength: 5 }), isMasked: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});

type DataSubject = typeof person extends fc.Arbitrary<infer One> ? One : never;

function keyFor({ hasId, phone, email }: DataSubject, place: number): string {
  if (hasId || (phone === null && email === null)) return `id:${place}`;
  return publicKey(phone === null ? `email:${email}` : `phone:${phone[0]}`);
}

/** By what each of them is looked for, and found whatever the report masks. */
function queriesOf({ name, phone, email, ticket }: DataSubject, isMasked: boolean, cut: number): string[] {
  const letters = [...(name ?? '')];
  const from = letters.length === 0 ? 0 : cut % letters.length;
  const some = letters.slice(Math.min(from, Math.max(0, letters.length - 4))).join('');
  const bare = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').replace('Đ', 'd');
  const isMeant = (text: string) => (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= 2;
  return [
    ...[name ?? '', some, bare(some), some.toLowerCase()].filter(isMeant),
    ...(phone === null ? [] : [phone[0], `+84 ${phone[0].slice(1)}`]),
    ...(email === null ? [] : [email, email.toUpperCase()]),
    ...(email === null || isMasked ? [] : [email.slice(0, email.indexOf('.'))].filter(isMeant)),
    ...(ticket === null ? [] : [String(ticket)]),
  ];
}

function toCallbacks(people: readonly DataSubject[]): Callback[] {
  return people.map((one, place) =>
    missed({
      name: one.name,
      phone: one.phone?.[1](one.phone[0]) ?? null,
      email: one.email,
      key: keyFor(one, place),
      ticketNo: one.ticket === null ? null : String(one.ticket),
    }),
  );
}

/** Under whom each of them is found. */
async function find(lake: MemoryLake, query: string) {
  const sought = readSearchQuery(query);
  if (typeof sought === 'string') throw new Error(`${query} is ${sought}`);
  return (await searchDays(new ReportReader(lake), sought, addDays(NEWEST, 1))).hits;
}

describe('Of any days', () => {
  test('everyone whom a report names is found, and nothing but what a report says is told', async () => {
    await fc.assert(
      fc.asyncProperty(someDays, fc.nat(), async (days, cut) => {
        const stored = days.map(({ people, isMasked }, back) => {
          const whole = dayOf([], { day: addDays(NEWEST, -back), callbacks: toCallbacks(people) });
          return { people, isMasked, report: isMasked ? maskSummary(whole) : whole };
        });
        const lake = lakeOf(...stored.map(({ report }) => report));
        const told = stored.flatMap(({ report: { day, callbacks } }) =>
          callbacks.map(({ customer }) => ({ day, customer })),
        );
        const cases = stored.flatMap(({ people, isMasked, report }) =>
          people.flatMap((one, place) => {
            const own = { day: report.day, customer: report.callbacks[place]?.customer };
            return queriesOf(one, isMasked, cut).map((query) => ({ query, own }));
          }),
        );
        for (const { query, own } of cases) {
          const found = (await find(lake, query)).map(({ day, customer }) => ({ day, customer }));
          expect(found).toContainEqual(own);
          for (const hit of found) expect(told).toContainEqual(hit);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('no one is found who has nothing of what is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { maxLength: 6 }),
        phone,
        fc.boolean(),
        async (people, asked, isMasked) => {
          const others = people
            .filter((one) => one.phone?.[0] !== asked)
            .map((one): DataSubject => ({ ...one, phone: one.phone && [one.phone[0], asTyped] }));
          const whole = dayOf([], { callbacks: toCallbacks(others) });
          const lake = lakeOf(isMasked ? maskSummary(whole) : whole);
          const hits = await find(lake, asked);
          const fits = ({ phone }: DataSubject) =>
            phone?.[0].slice(0, 3) === asked.slice(0, 3) && phone[0].slice(-2) === asked.slice(-2);
          expect(hits.length).toBe(isMasked ? others.filter(fits).length : 0);
          expect(hits.every(({ match }) => match === 'may-be')).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
