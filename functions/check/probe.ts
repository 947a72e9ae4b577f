import type { Filters } from '../capture/filters.ts';
import type { FilteredStatus, Slice, Window } from '../capture/slice.ts';
import { type ChatSource, type ChatsAnswer, LARGEST_PAGE, type PageNumber } from '../capture/source.ts';
import type { Channel } from '../chat/channel.ts';

/** What of a channel is asked for; CHAT_TYPE has no say, for both kinds are looked at. */
export interface Asked {
  readonly channel: Channel;
  readonly window: Window;
  readonly chatType?: 'inbound' | 'outbound';
  readonly status?: FilteredStatus;
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

export function openProbe(source: Pick<ChatSource, 'answer' | 'count'>, filters: Filters): Probe {
  const toSlice = ({ channel, window, chatType, status, unfiltered = false }: Asked): Slice => {
    const { groups, services, assignees } = unfiltered
      ? { groups: [], services: [], assignees: [] }
      : filters;
    return {
      ...{ channel, window, filters: { chatType: chatType ?? 'all', groups, services, assignees } },
      ...(status && { status }),
    };
  };
  return {
    ask: (asked, page = { page: 1, size: LARGEST_PAGE }) => source.answer(toSlice(asked), page),
    count: (asked) => source.count(toSlice(asked)),
  };
}
