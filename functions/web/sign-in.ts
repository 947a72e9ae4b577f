import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { openReadingApi } from '../api/app.ts';
import type { ApiPorts } from '../api/ports.ts';
import { logFailure, Problem, toResponse } from '../api/route.ts';
import type { Random } from '../calendar/clock.ts';
import { readSignedToken, type SignedFor, signatureOf, signToken } from '../delivery/share-link.ts';
import { html } from '../report/formats/mail-page.ts';
import { addPages, toVisit, WEB_PAGE_HEADERS } from './app.ts';
import { plainPage, renderBarePage, type Visit } from './page.ts';
import { FAVICON_PATH, STYLESHEET } from './stylesheet.ts';

/** The pages for people with their company's login, which an issuer of OpenID Connect checks. */

const BASE = '/pages';
const SIGNED_IN = `${BASE}/signed-in`;
const SIGN_OUT = `${BASE}/sign-out`;

const SESSION_SECONDS = 8 * 3_600;
const ATTEMPT_SECONDS = 600;
/** Unfinished sign-ins of one browser, such as tabs that it opens again. API Gateway takes 10 KB of headers. */
const MOST_ATTEMPTS = 4;
/** In characters. A search is far shorter. */
const LONGEST_ADDRESS = 1_000;

/** One sign-in of one browser. */
interface SignInAttempt {
  /** The address to which the issuer sends the browser back. */
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: only the function knows it. */
  readonly verifier: string;
}

/** Says who may sign in. */
export interface Issuer {
  /** @returns the address where a person signs in @throws SignInError */
  begin(attempt: SignInAttempt): Promise<string>;
  /** Checks the address that the issuer has sent the browser to. @throws SignInError */
  finish(answer: URL, attempt: SignInAttempt): Promise<void>;
}

/** A person may not sign in, took too long, or the issuer does not do its part. The message holds no personal data. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly kind: 'refused' | 'expired' | 'failed';

  constructor(kind: SignInError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface SignInPorts {
  readonly issuer: Issuer;
  /** Reads the present view key. A new key ends all sessions. */
  readonly key: () => Promise<string>;
  readonly random: Random;
}

/** A session holds its end and nothing about a person. @param endsAt in milliseconds since 1970, rounded down to whole seconds */
export function makeSession(endsAt: number, account: string, key: string): string {
  return signToken(String(Math.floor(endsAt / 1_000)), { purpose: 'chat-report/session/1', account }, key);
}

/** Whether a session is ours and goes on. @param now in milliseconds since 1970 */
export function isSession(token: string, { account, now }: { account: string; now: number }, key: string) {
  const endsAtSeconds = readSignedToken(token, { purpose: 'chat-report/session/1', account }, key);
  return endsAtSeconds !== null && Number(endsAtSeconds) * 1_000 > now;
}

/**
 * The pages below `/pages`, and the forms of a report. Without a session it sends a browser to the issuer. A session reads
 * and never changes: other methods than GET and HEAD are refused.
 */
export function openSignedInPages(ports: ApiPorts, signIn: SignInPorts): Hono {
  const pages = openReadingApi(ports);
  addPages(pages, ports, BASE);
  const gate = new Gate(ports, signIn);
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    if (context.error) logFailure(context.error, { method: context.req.method, route: 'a page' }, ports.log);
    context.res.headers.set('x-content-type-options', 'nosniff');
  });
  app.use(async ({ req }, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return await next();
    const allow = 'GET, HEAD';
    return toResponse(new Problem(405, `A session reads alone: there are ${allow}.`, { headers: { allow } }));
  });
  app.get(SIGNED_IN, (context) => gate.finish(context));
  app.get(SIGN_OUT, (context) => gate.signOut(context));
  app.get('*', async (context) => {
    const inside = insideOf(context);
    if (inside === null) return toResponse(new Problem(404, 'There is nothing here.'));
    // They hold nothing of the account, and the pages of the sign-in itself need them.
    const isOpen = inside.pathname === STYLESHEET.path || inside.pathname === FAVICON_PATH;
    if (!(isOpen || (await gate.hasSession(context)))) return await gate.begin(context);
    const { method, headers } = context.req.raw;
    return await pages.request(inside.href, { method, headers });
  });
  app.onError((_error, context) => {
    const { brokenTitle, brokenWhy } = toVisit(context, ports, BASE).formatter.pageMessages;
    return gate.say(context, 500, { title: brokenTitle, why: brokenWhy, href: BASE });
  });
  return app;
}

/** The address of the page as the pages know it; null for an address that is none of theirs. */
function insideOf({ req }: Context): URL | null {
  const url = new URL(req.url);
  if (url.pathname !== BASE && !url.pathname.startsWith(`${BASE}/`)) return null;
  url.pathname = url.pathname.slice(BASE.length) || '/';
  return url;
}

interface Saying {
  readonly title: string;
  readonly why: string;
  /** Where to sign in. */
  readonly href: string;
}

/** Lets people in and out. */
class Gate {
  readonly #ports: ApiPorts;
  readonly #signIn: SignInPorts;

  constructor(ports: ApiPorts, signIn: SignInPorts) {
    this.#ports = ports;
    this.#signIn = signIn;
  }

  async hasSession(context: Context): Promise<boolean> {
    const token = getCookie(context, cookieName(context, 'session'));
    if (token === undefined) return false;
    const { account, clock } = this.#ports;
    return isSession(token, { account: account.name, now: clock.now() }, await this.#signIn.key());
  }

  /** Sends the browser to the issuer, and notes in a cookie of ten minutes which page it wants. */
  async begin(context: Context): Promise<Response> {
    const { pathname, search } = new URL(context.req.url);
    const wanted = pathname.length + search.length > LONGEST_ADDRESS ? BASE : pathname + search;
    return await this.#orSay(context, { wanted, trouble: 502 }, async () => {
      const state = this.#signIn.random.hex(16);
      const key = await this.#signIn.key();
      const href = await this.#signIn.issuer.begin(this.#attempt(context, state, key));
      this.#forgetOldest(context);
      const endsAt = Math.floor(this.#ports.clock.now() / 1_000) + ATTEMPT_SECONDS;
      const token = signToken(`${endsAt} ${wanted}`, this.#attemptPurpose(state), key);
      putCookie(context, attemptCookie(context, state), token, ATTEMPT_SECONDS);
      // A page lets its forms lead to our own pages alone, and browsers hold that for redirects too. So a page leads on.
      if (context.req.header('sec-fetch-site') === 'same-origin') {
        const { sessionOver: title, sessionOverWhy: why } = this.#messages(context);
        return this.say(context, 200, { title, why, href }, { leadsOn: true });
      }
      context.header('Cache-Control', 'no-store');
      return context.redirect(href);
    });
  }

  /** The issuer has sent the browser back. */
  async finish(context: Context): Promise<Response> {
    const answer = new URL(context.req.url);
    const state = answer.searchParams.get('state') ?? '';
    const key = await this.#signIn.key();
    const wanted = this.#wantedBy(context, state, key);
    // A reader who goes back in the browser has signed in already.
    if (wanted === null && (await this.hasSession(context))) return context.redirect(BASE);
    // The answer comes by the browser, which can send anything. A status of 5xx would call a person at night for it.
    return await this.#orSay(context, { wanted: wanted ?? BASE, trouble: 400 }, async () => {
      if (wanted === null) throw new SignInError('expired', 'the sign-in is none that this browser began');
      putCookie(context, attemptCookie(context, state), '', 0);
      await this.#signIn.issuer.finish(answer, this.#attempt(context, state, key));
      const { account, clock } = this.#ports;
      const session = makeSession(clock.now() + SESSION_SECONDS * 1_000, account.name, key);
      putCookie(context, cookieName(context, 'session'), session, SESSION_SECONDS);
      context.header('Cache-Control', 'no-store');
      return context.redirect(wanted);
    });
  }

  /** Ends the session in this browser. What the issuer itself remembers goes on. */
  signOut(context: Context): Response {
    const { signedOut: title, signedOutWhy: why } = this.#messages(context);
    putCookie(context, cookieName(context, 'session'), '', 0);
    // Another person may use this browser next.
    context.header('Clear-Site-Data', '"cache"');
    return this.say(context, 200, { title, why, href: BASE });
  }

  /** A page that shows no report. */
  say(
    context: Context,
    status: 200 | 400 | 403 | 500 | 502,
    { title, why, href }: Saying,
    { leadsOn = false }: { readonly leadsOn?: boolean } = {},
  ): Response {
    const visit = this.#visit(context);
    const { signIn } = visit.formatter.pageMessages;
    const body = plainPage(title, [why, html`<a href="${href}">${signIn.again}</a>`]);
    const page = renderBarePage({ title, body, leadsTo: leadsOn ? href : null }, visit);
    return context.html(page, status, {
      ...WEB_PAGE_HEADERS,
      'Content-Language': visit.formatter.locale,
      'Cache-Control': 'no-store',
    });
  }

  /** @param trouble the status where the issuer does not do its part */
  async #orSay(
    context: Context,
    { wanted, trouble }: { readonly wanted: string; readonly trouble: 400 | 502 },
    answer: () => Promise<Response>,
  ): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const { kind, message } = error;
      this.#ports.log({ event: 'sign-in-failed', kind, problem: message });
      const { refused, refusedWhy, expired, expiredWhy, failed, failedWhy } = this.#messages(context);
      switch (kind) {
        case 'refused':
          return this.say(context, 403, { title: refused, why: refusedWhy, href: wanted });
        case 'expired':
          return this.say(context, 400, { title: expired, why: expiredWhy, href: wanted });
        case 'failed':
          return this.say(context, trouble, { title: failed, why: failedWhy, href: wanted });
      }
    }
  }

  /** The page that a sign-in of this browser was begun for; null where there is none, or where it is too old. */
  #wantedBy(context: Context, state: string, key: string): string | null {
    if (!STATE.test(state)) return null;
    const token = getCookie(context, attemptCookie(context, state)) ?? '';
    const text = readSignedToken(token, this.#attemptPurpose(state), key) ?? '';
    const [, endsAtSeconds = '', wanted = ''] = /^(\d+) (.+)$/.exec(text) ?? [];
    return Number(endsAtSeconds) * 1_000 > this.#ports.clock.now() ? wanted : null;
  }

  /** Nonce and verifier follow from the state by the key. So no cookie holds them. */
  #attempt(context: Context, state: string, key: string): SignInAttempt {
    const account = this.#ports.account.name;
    return {
      redirectUri: new URL(SIGNED_IN, context.req.url).href,
      state,
      nonce: signatureOf(state, { purpose: 'chat-report/sign-in-nonce/1', account }, key),
      verifier: signatureOf(state, { purpose: 'chat-report/sign-in-verifier/1', account }, key),
    };
  }

  #attemptPurpose(state: string): SignedFor {
    return { purpose: `chat-report/sign-in-${state}/1`, account: this.#ports.account.name };
  }

  /** Browsers send older cookies first. */
  #forgetOldest(context: Context): void {
    const prefix = attemptCookie(context, '');
    const names = Object.keys(getCookie(context)).filter((name) => name.startsWith(prefix));
    for (const name of names.slice(0, Math.max(0, names.length - MOST_ATTEMPTS + 1))) {
      putCookie(context, name, '', 0);
    }
  }

  #visit(context: Context): Visit {
    return toVisit(context, this.#ports, BASE);
  }

  #messages(context: Context) {
    return this.#visit(context).formatter.pageMessages.signIn;
  }
}

const STATE = /^[0-9a-f]{32}$/;

function isSecure({ req }: Context): boolean {
  return new URL(req.url).protocol === 'https:';
}

/** Browsers take a cookie with this prefix from its own host alone, and only over https. */
function cookieName(context: Context, name: string): string {
  return isSecure(context) ? `__Host-${name}` : name;
}

function attemptCookie(context: Context, state: string): string {
  return cookieName(context, `sign-in-${state}`);
}

/** @param seconds 0 takes the cookie away */
function putCookie(context: Context, name: string, value: string, seconds: number): void {
  const secure = isSecure(context);
  setCookie(context, name, value, { path: '/', httpOnly: true, secure, sameSite: 'Lax', maxAge: seconds });
}
