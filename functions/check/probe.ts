import { RefusedError } from '../capture/errors.ts';
import type { FilteredStatus, Slice, Window } from '../capture/slice.ts';
import { type ChatSource, type ChatsAnswer, LARGEST_PAGE, type PageNumber } from '../capture/source.ts';
import type { Channel } from '../chat/channel.ts';
import type { Filters } from '../storage/fields.ts';

/** What of a channel is asked for; CHAT_TYPE has no say, for both kinds are looked at. */
export interface ProbedWindow {
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
  ask(asked: ProbedWindow, page?: PageNumber): Promise<ChatsAnswer>;
  /** How many chats CareSoft counts. */
  count(asked: ProbedWindow): Promise<number>;
  /** The same; null where CareSoft refuses the question, with a status of HTTP or in words. */
  countUnlessRefused(asked: ProbedWindow): Promise<number | null>;
  /** As it is asked for. */
  toSlice(asked: ProbedWindow): Slice;
}

/** The same sentence of refusal twice is meant, as it is for a report. */
const REFUSED_AFTER = 2;

export function openProbe(source: Pick<ChatSource, 'answer' | 'count'>, filters: Filters): Probe {
  const toSlice = ({ channel, window, chatType, status, unfiltered = false }: ProbedWindow): Slice => {
    const { groups, services, assignees } = unfiltered
      ? { groups: [], services: [], assignees: [] }
      : filters;
    return {
      ...{ channel, window, filters: { chatType: chatType ?? 'all', groups, services, assignees } },
      ...(status && { status }),
    };
  };
  return {
    toSlice,
    ask: (asked, page = { page: 1, size: LARGEST_PAGE }) => source.answer(toSlice(asked), page),
    count: (asked) => source.count(toSlice(asked)),
    countUnlessRefused: async (asked) => {
      try {
        return await source.count(toSlice(asked), { refusedAfter: REFUSED_AFTER });
      } catch (error) {
        if (error instanceof RefusedError && !error.isOfAccount) return null;
        throw error;
      }
    },
  };
}
