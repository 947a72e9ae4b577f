import { openToken, type Pace } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import type { Settings } from '../../functions/config/account.ts';
import { readSettings } from '../../functions/config/settings.ts';
import { openChatSource } from '../../functions/sources/caresoft/client.http.ts';
import {
  type AccountReply,
  checkAccount,
  contactAccount,
  type ListedEntry,
  listEntries,
} from '../../functions/sources/caresoft/diagnostics/account.ts';
import {
  type AccountUnderTest,
  CHECK_RETRY_POLICY,
  type Finding,
} from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { RateLimiter } from '../../functions/sources/caresoft/rate-limiter.ts';
import type { SettingTexts } from './task.ts';

/** An account that is tried, before its settings are known. */
export interface TriedAccount {
  /** One request for each channel there is. */
  contact(): Promise<AccountReply>;
  /** Null: the account does not give the list. */
  list(kind: 'groups' | 'services'): Promise<readonly ListedEntry[] | null>;
}

/** @param texts settings that are right; filters and channels among them do not count */
export async function openAccount(texts: SettingTexts, pace: Pace | undefined): Promise<TriedAccount> {
  const settings = toSettings(texts);
  const none = { chatType: 'all', groups: [], services: [], assignees: [] } as const;
  const account = toAccount({ ...settings, channels: CHANNELS, filters: none });
  const ports = await openPorts(settings, pace);
  return {
    contact: () => contactAccount(account, ports),
    list: (kind) => listEntries(kind, account, ports),
  };
}

/** Tries settings that are right, as `check` does. */
export async function* tryAccount(texts: SettingTexts, pace: Pace | undefined): AsyncGenerator<Finding> {
  const settings = toSettings(texts);
  yield* checkAccount(toAccount(settings), await openPorts(settings, pace));
}

function toSettings(texts: SettingTexts): Settings {
  const read = readSettings(texts);
  if ('settings' in read) return read.settings;
  throw new Error(read.problems.map(({ of, says }) => `${of} ${says}`).join('; '));
}

function toAccount({
  source: baseUrl,
  channels,
  filters,
  timeZone,
  clock,
}: Pick<Settings, 'source' | 'channels' | 'filters' | 'timeZone' | 'clock'>): AccountUnderTest {
  return { baseUrl, channels, filters, reading: { dialect: DIALECT, zone: openZone(timeZone), clock } };
}

async function openPorts({ source: baseUrl, access }: Settings, pace: Pace | undefined) {
  const { requestsPerSecond } = { ...access, ...pace };
  const retryPolicy = CHECK_RETRY_POLICY;
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock: systemClock, retryPolicy });
  const token = await openToken(access.token);
  return { chatSource: openChatSource({ baseUrl, token, rateLimiter, retryPolicy }), clock: systemClock };
}
