import type { Chat } from '../../functions/chat/chat.ts';
import { readWallTime } from '../../functions/time/wall-time.ts';
import { type Moment, openZone } from '../../functions/time/zone.ts';

const zone = openZone('Asia/Ho_Chi_Minh');

/** A moment of the day that the tests of the figures are about. */
export function at(clock: string, day = '2026-11-21'): Moment {
  return zone.fromWall(readWallTime(`${day} ${clock}`) ?? Number.NaN);
}

let made = 0;

/** An answered chat of which nothing is known but what is given. */
export function chat(changes: Partial<Chat> = {}): Chat {
  made += 1;
  return {
    channel: 'livechat',
    conversationId: `conversation-${made}`,
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
