import { describe, expect, it } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import type { WaitingCustomer } from '../../functions/metrics/waiting.ts';
import { everyoneIn, toWorkList } from '../../functions/metrics/work-list.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { reportView } from '../../functions/report/report-view.ts';
import type { WorkRow, WorkSection } from '../../functions/report/view.ts';
import { anyCharacter, fc } from '../property.ts';
import { ALONE, callback, type SummaryParts, summary } from './fixture.ts';
import { LINKS, listOf, MORNING, waits } from './waiting-list.ts';

interface Given extends SummaryParts {
  readonly locale?: 'vi' | 'en';
  readonly links?: typeof LINKS;
  readonly most?: number;
}

function inputOf(
  waiting: readonly WaitingCustomer[],
  { locale = 'en', links = LINKS, ...parts }: Given = {},
) {
  const day = summary(parts);
  return { summary: day, locale, ...ALONE, seenAt: MORNING, links, waiting: listOf(day, waiting) };
}

function sectionOf(waiting: readonly WaitingCustomer[], { most, ...given }: Given = {}): WorkSection {
  return reportView(inputOf(waiting, given), most).work;
}

function rowsOf({ groups, unreachable }: WorkSection): WorkRow[] {
  return [...groups, ...(unreachable === null ? [] : [unreachable])].flatMap(({ rows }) => rows);
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const person = (name: string | null, phone: string | null = null, email: string | null = null) => ({
  customer: { key: `id:${name}`, name, phone, email },
});
const NAMES = (section: WorkSection): string[] => rowsOf(section).map(({ name }) => name);

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const anyWaiting = fc
  .array(
    fc.record({
      at: time,
      attempts: fc.integer({ min: 1, max: 4 }),
      end: fc.option(fc.tuple(fc.constantFrom('21', '22', '23'), time)),
      channel: fc.constantFrom<Channel>('livechat', 'messenger', 'zalo'),
      phone: fc.constantFrom(null, '0901 234 567'),
      hasTicket: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all.map(({ at, attempts, end, channel, phone, hasTicket }, place) =>
      waits(`Khách-${place}.`, at, {
        ...{ attempts, channels: [channel], lastChannel: channel },
        ...person(`Khách-${place}.`, phone),
        replyBy: end === null ? null : `2026-11-${end[0]}T${end[1]}:10+07:00`,
        ticketNo: hasTicket ? String(1_000 + place) : null,
      }),
    ),
  );
const DEADLINE = {
  vi: /[Hh]ạn trả lời:? \(?\d\d:\d\d(.{0,20})/g,
  en: /[Rr]eply (?:by|deadline) \(?\d\d:\d\d(.{0,20})/g,
};
const DAY_TOLD = { vi: /(hôm nay|hôm qua|mai, |ngày |T\d |CN )/, en: /(today|yesterday|tomorrow|\d Nov)/ };
const anyLocale = fc.constantFrom('vi' as const, 'en' as const);

describe('The list of who waits', () => {
  it('is in the order of work: who expires soon, then by attempts and deadline, and last whom nothing reaches', () => {
    const section = sectionOf([
      waits('page', '12:00', { ...person('page'), channels: ['livechat'], replyBy: null }),
      waits('once', '10:00', person('once', '0901 234 567')),
      waits('often', '20:00', { attempts: 3, ...person('often', '0902 234 567') }),
      waits('soon', '07:30', person('soon', '090*****67')),
      waits('over', '05:00', person('over')),
    ]);
    expect(NAMES(section)).toEqual(['soon', 'often', 'once', 'over', 'page']);
    expect(section.groups.map(({ title, isUrgent }) => [plain(title ?? ''), isUrgent])).toEqual([
      ['Expire before 9:00 today (1)', true],
      ['Next (3)', false],
    ]);
    expect(section.unreachable).toMatchObject({ title: 'LiveChat visitors who left no contact (1)' });
    expect(rowsOf(section).map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5']);
    expect(plain(section.counts?.lead ?? '')).toBe('1 expires before 9:00 today, 3 have a phone number.');
  });

  it('has no headings for three', () => {
    const section = sectionOf(['07:30', '08:00', '12:00'].map((at) => waits(at, at)));
    expect(section.groups.map(({ title }) => title)).toEqual([null, null]);
  });

  it('shows each once, in its order, as many as there is room for, and says how many more there are', () => {
    fc.assert(
      fc.property(anyWaiting, anyLocale, (waiting, locale) => {
        const input = inputOf(waiting, { locale });
        const list = toWorkList(input.summary, input.waiting);
        const reachable = [...list.soon, ...list.next];
        const shown = [...reachable.slice(0, 15), ...list.unreachable.slice(0, 3)];
        const expected = shown.map(({ customer }) => customer.name);
        const { work } = reportView(input);
        expect(NAMES(work)).toEqual(expected);
        const html = renderHtml(input).replace(/^.*<main>/s, '');
        for (const form of [html.replace(/<[^>]*>/g, ''), renderText(input)]) {
          expect(form.match(/(?<=\d\. )Khách-\d+\./g) ?? []).toEqual(expected);
        }
        expect(work.more === null).toBe(reachable.length <= 15);
        if (work.more) expect(work.more.lead).toContain(String(reachable.length - 15));
        const all = reportView(input, Number.POSITIVE_INFINITY).work;
        expect(NAMES(all)).toEqual(everyoneIn(list).map(({ customer }) => customer.name));
        expect(all.more).toBeNull();
      }),
    );
  });

  it('has one thing to tap a person in the mail', () => {
    fc.assert(
      fc.property(anyWaiting, fc.constantFrom('masked' as const, 'full' as const), (waiting, contacts) => {
        const input = inputOf(waiting, { contacts });
        const { groups } = reportView(input).work;
        for (const { action, ticket } of groups.flatMap(({ rows }) => rows)) {
          if (contacts === 'masked') expect(action?.kind ?? 'ticket').toBe('ticket');
          if (ticket !== null) expect(action).not.toBeNull();
        }
        const buttons = renderHtml(input).match(/<a class="[yz]"/g) ?? [];
        const actions = groups.flatMap(({ rows }) => rows).filter(({ action }) => action !== null);
        expect(buttons).toHaveLength(actions.length);
      }),
    );
  });

  it('leads to all of them on the page where that is known, and else to the workbook', () => {
    const many = Array.from({ length: 18 }, (_, place) => waits(`K${place}`, '12:00'));
    const { more } = sectionOf(many);
    expect(more?.link).toEqual({
      text: 'see all 18 on the report page',
      url: 'https://reports.example.com/days/2026-11-21#waiting',
    });
    const without = sectionOf(many, { links: { ticket: null, pages: null } });
    expect(without.more).toMatchObject({ link: null, tail: expect.stringContaining('workbook') });
  });

  it('tells who was answered since, and lists them no more', () => {
    const day = summary({ callbacks: [callback('An', 1, '10:00'), callback('Bình', 1, '11:00')] });
    const waiting = listOf(day, [waits('An', '10:00', { callbacks: ['id:An'] })], {
      answered: [{ key: 'id:Bình', at: '2026-11-22T05:41:00+07:00', channel: 'zalo' }],
    });
    const { work } = reportView({ summary: day, locale: 'vi', ...ALONE, seenAt: MORNING, waiting });
    expect(NAMES(work)).toEqual(['An']);
    expect(work.facts.join(' ')).toContain('Bình (05:41)');
  });

  it('tells what became of the others, and of the list of the day before', () => {
    const followUp = {
      ...{ day: '2026-11-20', generatedAt: '2026-11-20T23:00:12.000Z', customers: 9 },
      ...{ answered: 6, missedAgain: 1, silent: 2, unrecognizable: 0 },
    };
    const { facts } = sectionOf([], { recovered: 3, callbacks: [callback('An', 1, '10:00')], followUp });
    expect(facts.map(plain)).toEqual([
      '4 customers had a missed chat on Sat 21 Nov: 3 answered on the same day, 1 not.',
      '9 customers were not answered on Fri 20 Nov; on the day after: 6 answered, 1 missed again, 2 still not.',
    ]);
  });
});

describe('A row', () => {
  const row = (more: Partial<WaitingCustomer>, given: Given = {}, at = '14:26'): WorkRow | undefined =>
    rowsOf(sectionOf([waits('An', at, more)], given))[0];
  const action = (more: Partial<WaitingCustomer>, given: Given = { contacts: 'full' }) =>
    row(more, given)?.action;

  it('lets one call before writing, and write before opening the ticket', () => {
    const [phone, email] = ['+84 90 123-45.67', 'an.le+1@example.com'];
    expect(action(person('An', phone, email))).toMatchObject({ kind: 'call', url: 'tel:+84901234567' });
    expect(action(person('An', null, email))).toMatchObject({
      kind: 'mail',
      url: 'mailto:an.le+1@example.com',
    });
    expect(action(person('An'))).toMatchObject({ kind: 'ticket', url: expect.stringContaining('204817') });
    expect(action({ ...person('An'), ticketNo: null })).toBeNull();
    expect(action(person('An', phone, email), { contacts: 'masked' })).toMatchObject({ kind: 'ticket' });
    expect(row(person('An', phone, email), { contacts: 'full' })?.contacts).toEqual([email]);
  });

  it('dials nothing but a number that is shown, and writes to nothing but an address', () => {
    const odd = fc.oneof(
      fc.stringMatching(/^\+?[0-9 ().-]{5,20}$/),
      fc.string({ unit: anyCharacter, maxLength: 30 }),
      fc.string({
        unit: fc.constantFrom('a', '@', '.', '?', '&', '=', ',', '%', ' ', '0', '9', '+'),
        maxLength: 30,
      }),
      fc.constantFrom(
        'a@b.vn?cc=c@d.vn',
        'a@b.vn,c@d.vn',
        'a%0d@b.vn',
        '0901234567;ext=1',
        'a@b.vn&subject=x',
      ),
    );
    fc.assert(
      fc.property(fc.option(odd), fc.option(odd), (phone, email) => {
        const one = row(person('An', phone, email), { contacts: 'full' });
        const url = one?.action?.url ?? '';
        if (one?.action?.kind === 'call') {
          expect(url).toMatch(/^tel:\+?\d{7,15}$/);
          expect(url.replace(/\D/g, '')).toBe(phone?.replaceAll(/\D/g, ''));
        } else if (one?.action?.kind === 'mail') {
          expect(url).toMatch(/^mailto:[\w.+-]+@[\w.-]+$/);
          expect(url.slice('mailto:'.length)).toBe(email?.trim());
        } else expect(url).toBe('https://web.caresoft.vn/shop#/index?type=ticket&id=204817');
      }),
    );
  });

  it('says where there is but one way to them', () => {
    const reach = (more: Partial<WaitingCustomer>) => plain(row({ ...person('An'), ...more })?.reach ?? '');
    expect(reach({})).toBe('No number, reachable on Messenger only.');
    expect(reach({ channels: ['livechat', 'zalo'] })).toBe('No number, reachable on Zalo only.');
    const over = { replyBy: '2026-11-22T05:00:00+07:00', lastMissedAt: '2026-11-21T05:00:00+07:00' };
    expect(reach(over)).toMatch(/Human Agent.* 05:00 on 28 Nov/);
    expect(reach({ ...over, channels: ['zalo'] })).toMatch(/paid/);
    expect(row(person('An', '0901 234 567'))?.reach).toBeNull();
  });

  it('tells a miss at the clock time of its deadline once', () => {
    expect(row({ waitedSeconds: 95 })?.sentence).toMatch(/^Waited 1.min.35.s, given to no one\.$/);
    expect(plain(row({ waitedSeconds: null, replyBy: null })?.sentence ?? '')).toMatch(/^Missed at 14:26, /);
    const often = plain(row({ attempts: 3, waitedSeconds: null })?.sentence ?? '');
    expect(often).toMatch(/^Missed 3 times, first at 08:05, given to no one\.$/);
    const earlierDay = {
      firstMissedAt: '2026-11-20T14:26:10+07:00',
      lastMissedAt: '2026-11-20T14:26:10+07:00',
    };
    expect(plain(row(earlierDay)?.sentence ?? '')).toMatch(/^Missed on Fri 20 Nov, /);
  });

  it('has no deadline without its day, in any form', () => {
    fc.assert(
      fc.property(anyWaiting, anyLocale, (waiting, locale) => {
        const input = inputOf(waiting, { locale });
        const html = plain(renderHtml(input));
        const text = plain(renderText(input)).replaceAll(/\s+/g, ' ');
        const told = rowsOf(reportView(input).work).flatMap(({ deadline }) =>
          deadline === null ? [] : [plain(deadline.day), plain(deadline.text)],
        );
        const after = [
          ...html.matchAll(/line-height:23px[^>]*>\d\d:\d\d<\/b>(.{0,40})/g),
          ...text.matchAll(DEADLINE[locale]),
        ].map(([, rest = '']) => rest);
        for (const each of [...told, ...after]) expect(each).toMatch(DAY_TOLD[locale]);
      }),
    );
  });

  it('shows a name that is markup as it is', () => {
    const name = '<img src=x onerror="alert(1)"></th><b>';
    const html = renderHtml(inputOf([waits(name, '12:00', person(name))]));
    expect(html).toContain('&lt;img src=x onerror=');
    expect(html).not.toMatch(/<img/);
  });
});
