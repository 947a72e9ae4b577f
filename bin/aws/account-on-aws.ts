import { sharedNames } from '../../lib/names.ts';
import type { DeployedAccount } from '../settings/account-file.ts';
import { explainStack, openCloudFormation, readStack, type StackStates } from './stacks.ts';

/** An account as it is deployed, and its stacks. */
export interface AccountOnAws extends DeployedAccount {
  readonly stacks: StackStates;
  /** In milliseconds since 1970. */
  readonly now: number;
  /** A command of this account as it is typed, such as `npx chat-report aws acme report --day 2026-11-20`. */
  toCommand(words: string): string;
}

/** @throws the SDK's error where AWS cannot be asked */
export async function readStacks({ account }: Pick<DeployedAccount, 'account'>): Promise<StackStates> {
  const client = openCloudFormation();
  const [state, service, analytics, shared] = await Promise.all([
    readStack(client, account.names.stack('state')),
    readStack(client, account.names.stack('service')),
    readStack(client, account.names.stack('analytics')),
    readStack(client, sharedNames(account.names.prefix).stack),
  ]);
  return { state, service, analytics, shared };
}

/** Whether what the stack holds is there. */
export function isThere({ status }: StackStates['state']): boolean {
  const wrong = explainStack({ name: '', status, problem: null }, '');
  return wrong === null || wrong.isUsable;
}

/** In milliseconds. */
export const TWO_DAYS_MS = 2 * 24 * 3_600_000;

/** Whether it was deployed first in the last two days. Before its first mornings an account has no data. */
export function isNew({ stacks, now }: Pick<AccountOnAws, 'stacks' | 'now'>): boolean {
  const { createdAt } = stacks.service;
  return createdAt !== null && now - Date.parse(createdAt) < TWO_DAYS_MS;
}
