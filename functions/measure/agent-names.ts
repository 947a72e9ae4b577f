import { canonicalText } from '../chat/canonical-text.ts';
import type { Chat } from '../chat/chat.ts';
import { compareStart } from './callbacks.ts';
import type { CallbackAgent } from './summary.ts';

/** What agents are called: each what the latest chat that names them calls them; else as the directory has them. */
export class AgentNames {
  readonly #listed: ReadonlyMap<string, string>;
  /** By their e-mails as they are told apart. */
  readonly #latest = new Map<string, Chat>();
  /** The same by each spelling, so that it is read once. */
  readonly #canonical = new Map<string, string>();

  /** @param directory by e-mail in lower case */
  constructor(directory: ReadonlyMap<string, string>) {
    this.#listed = new Map([...directory].map(([email, name]) => [canonicalText(email), name]));
  }

  add(chat: Chat): void {
    if (chat.agentEmail === null || chat.agentName === null) return;
    const agent = this.#canonicalOf(chat.agentEmail);
    const known = this.#latest.get(agent);
    if (!known || compareStart(chat, known) > 0) this.#latest.set(agent, chat);
  }

  /** Once every chat was added. @param canonical the e-mail as agents are told apart by it */
  nameOf(canonical: string): string | null {
    return this.#latest.get(canonical)?.agentName ?? this.#listed.get(canonical) ?? null;
  }

  /** Whom a chat was given to, once every chat was added. */
  agentOf({ agentEmail }: Pick<Chat, 'agentEmail'>): CallbackAgent | null {
    const canonical = agentEmail === null ? '' : this.#canonicalOf(agentEmail);
    return agentEmail === null || canonical === ''
      ? null
      : { email: agentEmail, name: this.nameOf(canonical) };
  }

  #canonicalOf(email: string): string {
    const known = this.#canonical.get(email);
    if (known !== undefined) return known;
    const canonical = canonicalText(email);
    this.#canonical.set(email, canonical);
    return canonical;
  }
}
