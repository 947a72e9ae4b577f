import type { Facets } from '../account/facets.ts';
import type { Bounds, ChatsRequest } from './chats-request.ts';

/** Whether the request asks for more than a channel and a window of start times. */
export function hasFilter(request: ChatsRequest): boolean {
  const { isMissed, isOutbound, ticketNo, conversationId, end } = request;
  return (
    [isMissed, isOutbound, ticketNo, conversationId, end.since, end.to].some((asked) => asked !== null) ||
    [request.assignees, request.groups, request.services, request.customers].some((ids) => ids.size > 0)
  );
}

export function matches(request: ChatsRequest, facets: Facets, isExclusive: boolean): boolean {
  return (
    equals(request.isMissed, facets.isMissed) &&
    equals(request.isOutbound, facets.isOutbound) &&
    isAmong(request.assignees, facets.assignee) &&
    isAmong(request.groups, facets.group) &&
    isAmong(request.services, facets.service) &&
    isAmong(request.customers, facets.customer) &&
    (request.ticketNo === null || request.ticketNo === String(facets.ticketNo)) &&
    (request.conversationId === null || request.conversationId === facets.conversationId) &&
    endsWithin(request.end, facets, isExclusive)
  );
}

export function isAfter(seconds: number, since: number | null, isExclusive: boolean): boolean {
  return since === null || seconds > since || (!isExclusive && seconds === since);
}

export function isBefore(seconds: number, to: number | null, isExclusive: boolean): boolean {
  return to === null || seconds < to || (!isExclusive && seconds === to);
}

/** A chat without an end is in no window of ends. */
function endsWithin(bounds: Bounds, facets: Facets, isExclusive: boolean): boolean {
  if (bounds.since === null && bounds.to === null) return true;
  const seconds = facets.endSeconds;
  return (
    seconds !== null &&
    isAfter(seconds, bounds.since, isExclusive) &&
    isBefore(seconds, bounds.to, isExclusive)
  );
}

function equals(asked: boolean | null, found: boolean | null): boolean {
  return asked === null || asked === found;
}

function isAmong(ids: ReadonlySet<string>, id: unknown): boolean {
  return ids.size === 0 || ids.has(String(id));
}
