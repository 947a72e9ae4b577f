import type { CareSoft, ChatsAnswer } from '../capture/caresoft.ts';
import { LARGEST_PAGE, type PageNumber } from '../capture/chats-query.ts';
import type { Window } from '../capture/day-query.ts';
import type { Filters } from '../capture/filters.ts';
import type { Channel } from '../chat/channel.ts';
import { writeBound } from './wire-window.ts';

/** What of a channel is asked for; CHAT_TYPE has no say, for both kinds are looked at. */
export interface Asked {
  readonly channel: Channel;
  readonly window: Window;
  readonly chatType?: 'inbound' | 'outbound';
  readonly status?: 'missed';
  /** Without the groups, services and agents of the settings. */
  readonly unfiltered?: boolean;
}

/** CareSoft, asked for windows. */
export interface Probe {
  /** The first page, as large as there is, unless another is named. */
  ask(asked: Asked, page?: PageNumber): Promise<ChatsAnswer>;
  /** How many chats CareSoft counts. */
  count(asked: Asked): Promise<number>;
}

export function openProbe(caresoft: Pick<CareSoft, 'askChats'>, filters: Filters): Probe {
  const ask: Probe['ask'] = (asked, page = { page: 1, count: LARGEST_PAGE }) => {
    const { channel, window, chatType, status, unfiltered = false } = asked;
    const { groups, services, assignees } = filters;
    return caresoft.askChats(
      {
        channel,
        ...(chatType && { chatType }),
        ...(status && { status }),
        ...(!unfiltered && { groups, services, assignees }),
        startedSince: writeBound(window.since),
        startedTo: writeBound(window.to),
      },
      page,
    );
  };
  return { ask, count: async (asked) => (await ask(asked, { page: 1, count: 1 })).numFound };
}
