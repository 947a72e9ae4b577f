import type { Pace } from '../../functions/app/compose.local.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import type { Settings } from '../../functions/config/account.ts';
import { readSettings } from '../../functions/config/settings.ts';
import {
  type AccountReply,
  contactAccount,
  listEntries,
} from '../../functions/sources/caresoft/diagnostics/account.ts';
import type { ListedEntry } from '../../functions/sources/caresoft/diagnostics/filters.ts';
import { openDiagnostics, toAccountUnderTest } from '../tried-account.ts';
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
  const account = toAccountUnderTest({ ...settings, channels: CHANNELS, filters: none });
  const ports = await openDiagnostics(settings, pace);
  return {
    contact: () => contactAccount(account, ports),
    list: (kind) => listEntries(kind, account, ports),
  };
}

/** @param texts settings that are right */
export function toSettings(texts: SettingTexts): Settings {
  const read = readSettings(texts);
  if ('settings' in read) return read.settings;
  throw new Error(read.problems.map(({ of, says }) => `${of} ${says}`).join('; '));
}
