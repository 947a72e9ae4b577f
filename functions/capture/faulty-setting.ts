import type { ChannelCompleteness, Completeness, FaultySetting } from './completeness.ts';
import { BannedError, isUnreachable, RefusedError, TokenMissingError, TokenRefusedError } from './errors.ts';

/**
 * Which setting has to be looked at first, where a channel could not be read because of one: as it is, every other
 * channel and day would fail for it too.
 */
export function settingAtFault({
  reason,
  setting,
}: Pick<ChannelCompleteness, 'reason' | 'setting'>): FaultySetting | null {
  // Records from before the setting was written down have the reason alone.
  return setting ?? (reason === 'token-refused' ? 'CARESOFT_TOKEN' : null);
}

/** A channel that shows that no other channel and no other day can be read either, as things are; null where none does. */
export function findFaultOfAll({ channels }: Completeness): ChannelCompleteness | null {
  const isOfAll = ({ reason, holdsForAll }: ChannelCompleteness): boolean =>
    reason === 'banned' || holdsForAll === true;
  return Object.values(channels).find(isOfAll) ?? null;
}

/** Whether the failure holds for all else that is asked of the account. */
export function isFaultOfAll(error: unknown): boolean {
  if (error instanceof RefusedError) return error.isOfAccount;
  const isOfToken = error instanceof TokenRefusedError || error instanceof TokenMissingError;
  return isOfToken || error instanceof BannedError || isUnreachable(error);
}

/** @param hasAnswered CareSoft gave chats before: its address is right */
export function settingBehind(error: unknown, hasAnswered: boolean): FaultySetting | null {
  if (error instanceof TokenRefusedError || error instanceof TokenMissingError) return 'CARESOFT_TOKEN';
  if (error instanceof RefusedError && error.isOfAccount) {
    // The account is known, and does not let the token in.
    if (error.message.startsWith('HTTP 403')) return 'CARESOFT_TOKEN';
    return hasAnswered ? null : 'CARESOFT_BASE_URL';
  }
  return isUnreachable(error) && !hasAnswered ? 'CARESOFT_BASE_URL' : null;
}
