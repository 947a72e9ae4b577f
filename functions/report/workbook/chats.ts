import type { Chat } from '../../chat/chat.ts';
import { isErased } from '../../chat/erased-customer.ts';
import { landingPageKey } from '../../chat/landing-page.ts';
import { maskEmail, maskName, maskPage, maskPhone } from '../../measure/mask.ts';
import { TIMES } from '../../measure/measures.ts';
import type { Summary } from '../../measure/summary.ts';
import type { Voice } from '../voice.ts';
import { nameByKey } from './names.ts';
import type { PickedChats } from './pick-chats.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

/** One row a chat. Contacts are as in the rest of the report: masked, unless it has them in full. */
export function chatsSheet({ chats, holds }: PickedChats, summary: Summary, voice: Voice): TableSheet {
  const { words } = voice;
  const { sheets } = words.workbook;
  return {
    name: holds === 'all' ? sheets.chats : sheets.missedChats,
    ...tableOf(
      [...chatColumns(voice), ...contactColumns(summary, voice), ...workColumns(summary, voice)],
      chats,
    ),
  };
}

function chatColumns({ words }: Voice): SheetColumn<Chat>[] {
  const say = words.workbook;
  return [
    { title: say.startedAt, kind: 'moment', width: 20, of: ({ startedAt }) => startedAt.wallSeconds },
    { title: words.channel, kind: 'text', width: 12, of: ({ channel }) => words.channels[channel] },
    { title: say.status, kind: 'text', width: 13, of: ({ status }) => say.statuses[status] },
  ];
}

function contactColumns({ contacts }: Summary, { words }: Voice): SheetColumn<Chat>[] {
  const say = words.workbook;
  const isMasked = contacts === 'masked';
  /** What raw was found to say of somebody who was erased is said nowhere. */
  const column = (title: string, width: number, of: Of, mask: (text: string) => string) => ({
    title,
    kind: 'text' as const,
    width,
    of: (chat: Chat) => {
      const text = isErased(chat.customerId) ? null : of(chat);
      return text !== null && isMasked ? mask(text) : text;
    },
  });
  return [
    column(words.customer, 26, ({ customerName }) => customerName, maskName),
    column(say.phone, 16, ({ customerPhone }) => customerPhone, maskPhone),
    column(say.email, 26, ({ customerEmail }) => customerEmail, maskEmail),
    // Without its query, which is where sites put what they know of a visitor.
    column(
      words.dimensions.byLandingPage.one,
      36,
      ({ landingPage }) => landingPageKey(landingPage),
      maskPage,
    ),
  ];
}

type Of = (chat: Chat) => string | null;

function workColumns(summary: Summary, { words }: Voice): SheetColumn<Chat>[] {
  const say = words.workbook;
  const { byAgent, byGroup, byService } = words.dimensions;
  const agentName = nameByKey(summary.byAgent, byAgent.none);
  const serviceName = nameByKey(summary.byService, byService.none);
  const seconds = (title: string, of: SheetColumn<Chat>['of']) =>
    ({ title, kind: 'seconds', width: 11, of }) as const;
  return [
    { title: byAgent.one, kind: 'text', width: 24, of: ({ agentEmail }) => agentName(agentEmail) },
    { title: byGroup.one, kind: 'text', width: 22, of: ({ groupName }) => groupName ?? byGroup.none },
    { title: byService.one, kind: 'text', width: 24, of: ({ serviceId }) => serviceName(serviceId) },
    seconds(say.wait, (chat) => TIMES.waitSeconds.of(chat) ?? TIMES.abandonWaitSeconds.of(chat)),
    seconds(say.handle, TIMES.handleSeconds.of),
    seconds(say.duration, TIMES.durationSeconds.of),
    { title: say.ticket, kind: 'text', width: 14, of: ({ ticketNo }) => ticketNo },
    { title: say.conversationId, kind: 'text', width: 28, of: ({ conversationId }) => conversationId },
  ];
}
