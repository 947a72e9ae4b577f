import { type Moment, openZone } from '../../functions/calendar/time-zone.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { People } from '../../functions/chats/people.ts';
import { type Aggregated, type AggregateOptions, countDay } from '../../functions/metrics/measure-day.ts';
import type { Recipe } from '../../functions/metrics/recipe.ts';
import { readWallTime } from '../../functions/sources/caresoft/fields.ts';
import { fc } from '../property.ts';

const zone = openZone('Asia/Ho_Chi_Minh');

/** A moment of the day that the tests of the figures are about. */
export function at(clock: string, day = '2026-11-21'): Moment {
  return zone.fromWall(readWallTime(`${day} ${clock}`) ?? Number.NaN);
}

/** The chats of each person. */
export function byPerson(chats: readonly Chat[]): Chat[][] {
  const people = new People();
  const nodes = chats.map((one) => people.add(one));
  const joined = people.join();
  return [...Map.groupBy(chats.keys(), (place) => joined.personOf(nodes[place] ?? -1)).values()].map(
    (places) => places.flatMap((place) => chats[place] ?? []),
  );
}

let made = 0;

/** An answered chat of which nothing is known but what is given. */
export function chat(changes: Partial<Chat> = {}): Chat {
  made += 1;
  return {
    channel: 'livechat',
    conversationId: `conversation-${made}`,
    ticketId: null,
    ticketNo: null,
    customerId: null,
    customerName: null,
    customerPhone: null,
    customerEmail: null,
    status: 'answered',
    startedAt: at('09:00:00'),
    metAt: null,
    endedAt: null,
    waitSeconds: null,
    answerSeconds: null,
    durationSeconds: null,
    agentEmail: null,
    agentName: null,
    groupName: null,
    serviceId: null,
    landingPage: null,
    ...changes,
  };
}

const RECIPE: Recipe = {
  timeZone: 'Asia/Ho_Chi_Minh',
  channels: CHANNELS,
  filters: { chatType: 'all', groups: [], services: [], assignees: [] },
  serviceLevelSeconds: 60,
  contacts: 'full',
  replyHours: { messenger: 24, zalo: 48 },
  businessHours: null,
};

const OPTIONS: Omit<AggregateOptions, 'recipe'> = {
  dayStart: at('00:00:00').epochSeconds,
  channels: CHANNELS,
  names: { agents: new Map(), services: new Map() },
  followed: null,
};

export type MeasureChanges = Partial<Recipe & typeof OPTIONS>;

export const measure = async (chats: readonly Chat[], changes: MeasureChanges = {}): Promise<Aggregated> => {
  const day = countDay({ ...OPTIONS, ...changes, recipe: { ...RECIPE, ...changes } });
  // In pages of any length.
  day.add(chats.slice(0, 3));
  day.add(chats.slice(3));
  return day.finish().aggregated;
};

const momentOfDay = fc.integer({ min: 0, max: 86_399 }).map((second): Moment => {
  const { wallSeconds, epochSeconds } = at('00:00:00');
  return { wallSeconds: wallSeconds + second, epochSeconds: epochSeconds + second };
});

/** Whoever was erased is counted, and is nobody to call. */
export const ERASED = 'erased-0123456789abcdef';

/** Any chats of the day, of few customers and agents. */
export const anyChats: fc.Arbitrary<Chat[]> = fc
  .array(
    fc.record({
      channel: fc.constantFrom('livechat', 'messenger', 'zalo'),
      status: fc.constantFrom('answered', 'missed', 'other'),
      startedAt: momentOfDay,
      metAt: fc.option(momentOfDay),
      endedAt: fc.option(momentOfDay),
      waitSeconds: fc.option(fc.integer({ min: 0, max: 200 })),
      durationSeconds: fc.option(fc.integer({ min: 0, max: 200_000 })),
      customerId: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6', ERASED)),
      customerName: fc.option(fc.constantFrom('Ánh', 'ánh\u200b', 'Bình'), { freq: 1 }),
      customerPhone: fc.option(fc.constantFrom('0900000001', '+84900000001', '0900000002', '0123456789')),
      customerEmail: fc.option(fc.constantFrom('a@example.com'), { freq: 1 }),
      agentEmail: fc.option(fc.constantFrom('a@x.vn', 'b@x.vn')),
    }),
    { maxLength: 60 },
  )
  .map((all) => all.map((changes) => chat(changes)));
