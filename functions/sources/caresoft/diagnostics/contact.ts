import type { Clock } from '../../../calendar/clock.ts';
import { addDays, dayAt } from '../../../calendar/day.ts';
import type { Channel } from '../../../chats/channel.ts';
import type { ChatSource } from '../../source.ts';
import { DIALECT } from '../dialect.ts';
import { contactChannels } from './channels.ts';
import { DiagnosticsErrors } from './connection.ts';
import { type AccountUnderTest, type Finding, openProbe } from './probe.ts';

export interface ContactPorts {
  readonly chatSource: ChatSource;
  readonly clock: Pick<Clock, 'now'>;
}

/** What the first requests to an account bring. */
export type Contact =
  | {
      readonly isWelcome: true;
      /** The chats of yesterday. Null: the channel does not answer. */
      readonly counts: ReadonlyMap<Channel, number | null>;
    }
  | {
      readonly isWelcome: false;
      /** Why no channel answers. */
      readonly failure: Finding;
    };

/** Tries the address and the token with one request for each channel. It ends early if nothing can be reached. */
export async function contactAccount(account: AccountUnderTest, ports: ContactPorts): Promise<Contact> {
  const { chatSource, clock } = ports;
  const errors = new DiagnosticsErrors(account, clock);
  const day = addDays(dayAt(clock.now(), account.reading.zone.name), -1);
  const probe = openProbe(chatSource, account.filters);
  try {
    const { findings, samples } = await contactChannels(probe, day, account, errors);
    const failure = findings.find(({ status }) => status === 'fail');
    if (samples.length === 0 && failure !== undefined) return { isWelcome: false, failure };
    const counts = new Map(samples.map(({ request, numFound }) => [request.channel, numFound]));
    return {
      isWelcome: true,
      counts: new Map(account.channels.map((channel) => [channel, counts.get(channel) ?? null])),
    };
  } catch (error) {
    return { isWelcome: false, failure: errors.explain(error).finding };
  }
}

/** A group or a service of the account. */
export interface ListedEntry {
  /** By which a filter asks for it. */
  readonly id: string;
  /** As people read it. It may be empty. */
  readonly name: string;
}

/** The account's own list, in its order. Null: the account does not give it. An entry whose id no filter takes is left out. */
export async function listEntries(
  kind: 'groups' | 'services',
  account: AccountUnderTest,
  { chatSource, clock }: ContactPorts,
): Promise<readonly ListedEntry[] | null> {
  const errors = new DiagnosticsErrors(account, clock);
  errors.hasAnswered = true;
  try {
    const { rows } = await chatSource.names(kind);
    return rows.flatMap((row) => {
      const { id, name } = DIALECT.readListed(kind, row);
      if (id === null || !/^\d+$/.test(id)) return [];
      // A name is shown at a terminal, which obeys control characters.
      return [{ id, name: (name ?? '').replaceAll(/\p{C}+/gu, ' ').trim() }];
    });
  } catch (error) {
    // An error that is not of the account goes on.
    errors.explain(error);
    return null;
  }
}
